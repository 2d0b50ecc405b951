import { kernels } from "../kernels/current.js";
import { typescript } from "../kernels/typescript.js";
import type { Left, Vocabulary } from "../kernels/vocabulary.js";
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
  /** [V] the first `listed` are the tokens that are left, ascending, so that a stage behind a cut need not look at all. */
  readonly members: Int32Array;
  /** −1 where the tokens are not listed, since most are left. */
  listed: number;
};

/** Arrays of a vocabulary that a distribution takes. */
export const ARRAYS = { reals: 2, integers: 1 } as const;

/** An empty distribution in arrays of zeros, to be measured. */
export function newDistribution(scores: Float64Array, probabilities: Float64Array, members: Int32Array): Distribution {
  return { scores, probabilities, largest: -Infinity, logNormaliser: -Infinity, entropy: 0, kept: 0, invalid: 0, members, listed: -1 };
}

/** The arrays for a vocabulary and the functions on them, as the kernels in use have them. */
export function openVocabulary(size: number, reals: number, integers: number): Vocabulary {
  const { logits } = kernels();
  return (size < logits.leastVocabulary ? typescript.logits : logits).vocabulary(size, reals, integers);
}

/** How many tokens a stage has to look at: `members[m]` for each m where they are listed, else m itself. */
export function sizeOf({ scores, listed }: Distribution): number {
  return listed < 0 ? scores.length : listed;
}

/** Makes a distribution without any token of one that may hold an earlier run's. */
export function blank(distribution: Distribution): void {
  const { scores, probabilities, members, listed } = distribution;
  if (listed < 0) {
    scores.fill(-Infinity);
    probabilities.fill(0);
  } else {
    for (let m = 0; m < listed; m++) {
      scores[members[m]] = -Infinity;
      probabilities[members[m]] = 0;
    }
  }
  distribution.listed = 0;
}

/** Fills everything from the scores. H = log Σ eᵢ − Σ eᵢ xᵢ / Σ eᵢ with xᵢ counted from the largest, which never cancels badly. */
export function measure(distribution: Distribution, vocabulary: Vocabulary): void {
  const { scores, probabilities } = distribution;
  const { largest, sum, weighted, kept, invalid } = vocabulary.exponentials(scores, probabilities);
  distribution.listed = -1;
  distribution.largest = largest;
  distribution.kept = kept;
  distribution.invalid = invalid;
  if (kept === 0 || invalid > 0) {
    probabilities.fill(0);
    distribution.logNormaliser = invalid > 0 ? NaN : -Infinity;
    distribution.entropy = invalid > 0 ? NaN : 0;
    return;
  }
  const scale = 1 / sum;
  vocabulary.scale(probabilities, scale, probabilities);
  const logSum = Math.log(sum);
  distribution.logNormaliser = largest + logSum;
  distribution.entropy = Math.max(0, logSum - weighted * scale);
}

/**
 * The same for scores that are those of `before` with some removed: what is left is scaled, which needs no exponentials. Where
 * `before` lists its tokens, only these are looked at, and `after` must be blank but for the scores.
 * @returns what was left of the mass
 */
export function measureFiltered(before: Distribution, after: Distribution, vocabulary: Vocabulary): number {
  const { scores, probabilities, members } = after;
  const { probabilities: masses } = before;
  const all = before.listed < 0;
  // Where an earlier run left probabilities.
  const old = after.listed;
  if (all && old >= 0) for (let m = 0; m < old; m++) probabilities[members[m]] = 0;
  const { kept, mass, largest } = all ? vocabulary.leftOf(scores, masses, members) : leftOfListed(before, scores, members);
  // Of little mass the digits are few: count anew.
  if (before.invalid > 0 || kept === 0 || !(mass > 1e-3)) {
    measure(after, vocabulary);
    return kept === 0 ? 0 : mass;
  }
  after.listed = all && 2 * kept > scores.length ? -1 : kept;
  if (all && old < 0) probabilities.fill(0);
  const scale = kept === before.kept ? 1 : 1 / mass;
  const weighted = vocabulary.share(scores, masses, scale, largest, probabilities, members, kept);
  const logMass = -Math.log(scale);
  after.largest = largest;
  after.kept = kept;
  after.invalid = 0;
  after.logNormaliser = before.logNormaliser + logMass;
  after.entropy = kept === before.kept ? before.entropy : Math.max(0, after.logNormaliser - largest - weighted);
  return kept === before.kept ? 1 : mass;
}

/** `leftOf` of the tokens that `before` lists. */
function leftOfListed({ probabilities: masses, members: from, listed }: Distribution, scores: Float64Array, members: Int32Array): Left {
  let [kept, mass, largest] = [0, 0, -Infinity];
  for (let m = 0; m < listed; m++) {
    const i = from[m];
    const score = scores[i];
    if (score === -Infinity) continue;
    members[kept++] = i;
    mass += masses[i];
    if (score > largest) largest = score;
  }
  return { kept, mass, largest };
}

/**
 * The same for scores that are those of `before` but for the first `count` of `changed`: the sums are corrected by these, and the
 * rest is scaled. Where that would cost digits or time, nothing is measured.
 * @returns what was left of the mass; −1 where nothing was measured
 */
export function measureChanged(before: Distribution, after: Distribution, changed: Int32Array, count: number, vocabulary: Vocabulary): number {
  const { scores, probabilities } = after;
  const { largest: base, logNormaliser } = before;
  const size = scores.length;
  if (before.invalid > 0 || before.kept === 0 || 8 * count > size) return -1;
  let [kept, left, largest, fallen] = [before.kept, 1, base, false];
  // Σ p and Σ p x, x counted from the largest before.
  let [sum, weighted] = [1, logNormaliser - before.entropy - base];
  for (let c = 0; c < count; c++) {
    const i = changed[c];
    const [p, from, to] = [before.probabilities[i], before.scores[i], scores[i]];
    if (from === -Infinity && to === -Infinity) continue;
    // Also where it is NaN.
    if (from === -Infinity || !(to <= logNormaliser)) return -1;
    if (from === base && to < base) fallen = true;
    if (to > largest) largest = to;
    sum -= p;
    weighted -= p * (from - base);
    if (to === -Infinity) {
      kept--;
      left -= p;
      continue;
    }
    const weight = expNegative(to - logNormaliser);
    sum += weight;
    weighted += weight * (to - base);
  }
  if (!(left > 0.1 && sum > 0.1)) return -1;
  const scale = 1 / sum;
  vocabulary.scale(before.probabilities, scale, probabilities);
  for (let c = 0; c < count; c++) probabilities[changed[c]] = expNegative(scores[changed[c]] - logNormaliser) * scale;
  if (fallen) largest = vocabulary.largestOf(scores);
  const logSum = Math.log(sum);
  after.listed = -1;
  after.largest = largest;
  after.kept = kept;
  after.invalid = 0;
  after.logNormaliser = logNormaliser + logSum;
  after.entropy = kept === 1 ? 0 : Math.max(0, after.logNormaliser - base - weighted * scale);
  return kept === before.kept ? 1 : left;
}

/** The distribution of logits, in buffers of its own. */
export function distributionOf(scores: ArrayLike<number>): Distribution {
  const vocabulary = openVocabulary(scores.length, ARRAYS.reals, ARRAYS.integers);
  const distribution = newDistribution(vocabulary.reals[0], vocabulary.reals[1], vocabulary.integers[0]);
  distribution.scores.set(scores);
  measure(distribution, vocabulary);
  return distribution;
}

/** The token of the highest score, the first among equals; −1 when none is left. */
export function highest({ scores, largest }: Distribution): number {
  return largest === -Infinity ? -1 : scores.indexOf(largest);
}

/** The same of scores that were not measured. */
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
