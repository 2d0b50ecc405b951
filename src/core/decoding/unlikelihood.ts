import { logSumExp } from "../math/logSumExp.js";
import { softmax } from "../math/softmax.js";
import { repeatMask } from "./metrics.js";

export type TokenUnlikelihood = {
  /** Per place, the tokens that should become less likely: those before, without the one that stands there; ascending. */
  readonly candidates: readonly (readonly number[])[];
  /** [T] −log p of the token that stands there. */
  readonly likelihood: Float64Array;
  /** [T] −Σ log(1 − p(c)) over the candidates. */
  readonly unlikelihood: Float64Array;
  /** Σ over places of likelihood + α · unlikelihood. */
  readonly loss: number;
  /** [T, V] of the loss with respect to the logits. */
  readonly gradient: Float64Array;
};

/** What a place adds to the token-level loss. */
export type TokenTerms = {
  readonly likelihood: number;
  readonly unlikelihood: number;
  readonly candidates: readonly number[];
  /** Σ p(c) / (1 − p(c)) over the candidates: what all other tokens gain by. */
  readonly pull: number;
};

/**
 * One place of token-level unlikelihood training (Welleck et al. 2020, "Neural Text Generation with Unlikelihood Training").
 * With p = softmax(z): ∂(−log(1 − p_c)) / ∂z_i = p_c / (1 − p_c) · (δ_ci − p_i).
 * @param row [V] logits that predict the token
 * @param before the tokens before it
 * @param p [V] takes the probabilities
 * @param slope [V] takes the gradient of likelihood + α · unlikelihood with respect to the logits
 */
export function tokenTerms(row: Float32Array | Float64Array, target: number, before: ReadonlySet<number>, alpha: number, p: Float64Array, slope: Float64Array): TokenTerms {
  softmax(row, p);
  slope.set(p);
  slope[target]--;
  const candidates = [...before].filter((token) => token !== target).sort((a, b) => a - b);
  let unlikelihood = 0;
  let pull = 0;
  for (const c of candidates) {
    const rest = restOf(p, c);
    unlikelihood -= Math.log(rest);
    const ratio = p[c] / rest;
    slope[c] += alpha * ratio;
    pull += ratio;
  }
  for (let i = 0; i < p.length; i++) slope[i] -= alpha * pull * p[i];
  return { likelihood: logSumExp(row) - row[target], unlikelihood, candidates, pull };
}

/**
 * Token-level unlikelihood training of a text.
 * @param logits [T, V] that predict the token at each place
 */
export function tokenUnlikelihood(logits: Float32Array | Float64Array, targets: ArrayLike<number>, alpha: number): TokenUnlikelihood {
  const places = targets.length;
  const size = places === 0 ? 0 : logits.length / places;
  const likelihood = new Float64Array(places);
  const unlikelihood = new Float64Array(places);
  const gradient = new Float64Array(logits.length);
  const p = new Float64Array(size);
  const seen = new Set<number>();
  const candidates: (readonly number[])[] = [];
  let loss = 0;
  for (let t = 0; t < places; t++) {
    const terms = tokenTerms(logits.subarray(t * size, (t + 1) * size), targets[t], seen, alpha, p, gradient.subarray(t * size, (t + 1) * size));
    likelihood[t] = terms.likelihood;
    unlikelihood[t] = terms.unlikelihood;
    loss += likelihood[t] + alpha * unlikelihood[t];
    candidates.push(terms.candidates);
    seen.add(targets[t]);
  }
  return { candidates, likelihood, unlikelihood, loss, gradient };
}

export type SequenceUnlikelihood = {
  /** [T] 1 where a token lies in an n-gram that occurred earlier. */
  readonly mask: Uint8Array;
  /** −Σ over the masked places of log(1 − p). */
  readonly loss: number;
  /** [T, V] of the loss with respect to the logits. */
  readonly gradient: Float64Array;
};

/** Sequence-level unlikelihood (Welleck et al. 2020): the tokens of repeated n-grams of a generated text become less likely. */
export function sequenceUnlikelihood(logits: Float32Array | Float64Array, sequence: ArrayLike<number>, n: number): SequenceUnlikelihood {
  const size = sequence.length === 0 ? 0 : logits.length / sequence.length;
  const mask = repeatMask(sequence, n);
  const gradient = new Float64Array(logits.length);
  const p = new Float64Array(size);
  let loss = 0;
  for (let t = 0; t < sequence.length; t++) {
    if (mask[t] === 0) continue;
    loss += sequenceTerm(logits.subarray(t * size, (t + 1) * size), sequence[t], p, gradient.subarray(t * size, (t + 1) * size));
  }
  return { mask, loss, gradient };
}

/**
 * What a token of a repeated n-gram adds to the sequence-level loss: −log(1 − p).
 * @param p [V] takes the probabilities
 * @param slope [V] takes the gradient with respect to the logits
 */
export function sequenceTerm(row: Float32Array | Float64Array, token: number, p: Float64Array, slope: Float64Array): number {
  softmax(row, p);
  const rest = restOf(p, token);
  const ratio = p[token] / rest;
  for (let i = 0; i < p.length; i++) slope[i] = ratio * ((i === token ? 1 : 0) - p[i]);
  return -Math.log(rest);
}

/** 1 − p(c), as the sum of the others where the difference would cancel. */
function restOf(p: Float64Array, c: number): number {
  if (p[c] < 0.5) return 1 - p[c];
  let sum = 0;
  for (let i = 0; i < p.length; i++) if (i !== c) sum += p[i];
  return sum;
}
