import { expNegative } from "../math/exp.js";

/** A distribution over the vocabulary: what a stage of decoding receives and what it hands on. */
export type Distribution = {
  /** [V] logits, or log-probabilities; −Infinity where a token was removed. */
  readonly scores: Float64Array;
  /** [V] softmax of the scores; zeros when no token is left. */
  readonly probabilities: Float64Array;
  /** The highest score; −Infinity when no token is left. */
  largest: number;
  /** log Σ exp(scores). */
  logNormaliser: number;
  /** In nats. */
  entropy: number;
  /** Tokens that are not removed. */
  kept: number;
  /** Scores that are NaN or +Infinity, which have no softmax; probabilities are zeros then. */
  invalid: number;
};

/** An empty distribution over `size` tokens, to be measured. */
export function newDistribution(size: number): Distribution {
  return {
    scores: new Float64Array(size),
    probabilities: new Float64Array(size),
    largest: -Infinity, logNormaliser: -Infinity, entropy: 0, kept: 0, invalid: 0,
  };
}

/** Fills everything from the scores. H = log Σ eᵢ − Σ eᵢ xᵢ / Σ eᵢ with xᵢ counted from the largest, which never cancels badly. */
export function measure(distribution: Distribution): void {
  const { scores, probabilities } = distribution;
  const size = scores.length;
  let largest = -Infinity;
  let kept = 0;
  let invalid = 0;
  for (let i = 0; i < size; i++) {
    const score = scores[i];
    if (score > largest) largest = score;
    if (score !== -Infinity) kept++;
    if (score !== score || score === Infinity) invalid++;
  }
  distribution.largest = largest;
  distribution.kept = kept;
  distribution.invalid = invalid;
  if (kept === 0 || invalid > 0) {
    probabilities.fill(0);
    distribution.logNormaliser = invalid > 0 ? NaN : -Infinity;
    distribution.entropy = invalid > 0 ? NaN : 0;
    return;
  }
  let sum = 0;
  let weighted = 0;
  for (let i = 0; i < size; i++) {
    const x = scores[i] - largest;
    if (x > -708) {
      const e = expNegative(x);
      probabilities[i] = e;
      sum += e;
      weighted += e * x;
    } else probabilities[i] = 0;
  }
  const scale = 1 / sum;
  for (let i = 0; i < size; i++) probabilities[i] *= scale;
  const logSum = Math.log(sum);
  distribution.logNormaliser = largest + logSum;
  distribution.entropy = Math.max(0, logSum - weighted * scale);
}

/**
 * The same for scores that are those of `before` with some removed: what is left is scaled, which needs no exponentials.
 * @returns what was left of the mass
 */
export function measureFiltered(before: Distribution, after: Distribution): number {
  const { scores, probabilities } = after;
  const size = scores.length;
  let largest = -Infinity;
  let kept = 0;
  let mass = 0;
  for (let i = 0; i < size; i++) {
    const score = scores[i];
    if (score === -Infinity) continue;
    kept++;
    mass += before.probabilities[i];
    if (score > largest) largest = score;
  }
  // Of little mass the digits are few: count anew.
  if (before.invalid > 0 || kept === 0 || !(mass > 1e-3)) {
    measure(after);
    return kept === 0 ? 0 : mass;
  }
  const scale = kept === before.kept ? 1 : 1 / mass;
  let weighted = 0;
  for (let i = 0; i < size; i++) {
    if (scores[i] === -Infinity || before.probabilities[i] === 0) probabilities[i] = 0;
    else {
      const p = before.probabilities[i] * scale;
      probabilities[i] = p;
      weighted += p * (scores[i] - largest);
    }
  }
  const logMass = -Math.log(scale);
  after.largest = largest;
  after.kept = kept;
  after.invalid = 0;
  after.logNormaliser = before.logNormaliser + logMass;
  after.entropy = kept === before.kept ? before.entropy : Math.max(0, after.logNormaliser - largest - weighted);
  return kept === before.kept ? 1 : mass;
}

/** The distribution of logits, in buffers of its own. */
export function distributionOf(scores: ArrayLike<number>): Distribution {
  const distribution = newDistribution(scores.length);
  distribution.scores.set(scores);
  measure(distribution);
  return distribution;
}

/** The token of the highest score, the first among equals; −1 when none is left. */
export function argmax(scores: ArrayLike<number>): number {
  let best = -1;
  let most = -Infinity;
  for (let i = 0; i < scores.length; i++) {
    if (scores[i] > most) {
      most = scores[i];
      best = i;
    }
  }
  return best;
}
