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

/**
 * Token-level unlikelihood training (Welleck et al. 2020, "Neural Text Generation with Unlikelihood Training").
 * With p = softmax(z): ∂(−log(1 − p_c)) / ∂z_i = p_c / (1 − p_c) · (δ_ci − p_i).
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
  const candidates: number[][] = [];
  let loss = 0;
  for (let t = 0; t < places; t++) {
    const row = logits.subarray(t * size, (t + 1) * size);
    const slope = gradient.subarray(t * size, (t + 1) * size);
    softmax(row, p);
    likelihood[t] = logSumExp(row) - row[targets[t]];
    slope.set(p);
    slope[targets[t]]--;
    const chosen = [...seen].filter((token) => token !== targets[t]).sort((a, b) => a - b);
    let pull = 0;
    for (const c of chosen) {
      const rest = restOf(p, c);
      unlikelihood[t] -= Math.log(rest);
      const ratio = p[c] / rest;
      slope[c] += alpha * ratio;
      pull += ratio;
    }
    for (let i = 0; i < size; i++) slope[i] -= alpha * pull * p[i];
    loss += likelihood[t] + alpha * unlikelihood[t];
    candidates.push(chosen);
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
    softmax(logits.subarray(t * size, (t + 1) * size), p);
    const c = sequence[t];
    const rest = restOf(p, c);
    loss -= Math.log(rest);
    const ratio = p[c] / rest;
    for (let i = 0; i < size; i++) gradient[t * size + i] = ratio * ((i === c ? 1 : 0) - p[i]);
  }
  return { mask, loss, gradient };
}

/** 1 − p(c), as the sum of the others where the difference would cancel. */
function restOf(p: Float64Array, c: number): number {
  if (p[c] < 0.5) return 1 - p[c];
  let sum = 0;
  for (let i = 0; i < p.length; i++) if (i !== c) sum += p[i];
  return sum;
}
