import { affine, mix, type Reals } from "../math/affine.js";
import { softmaxRows } from "../math/softmaxRows.js";
import type { Mask } from "./mask.js";

/** Sizes of one head: T queries of size d, N keys of size d, N values of size v. */
export type HeadShape = { readonly queries: number; readonly keys: number; readonly size: number; readonly valueSize: number };

export type HeadOptions = {
  /** What similarities are multiplied by; 1 / √d unless given. */
  readonly scale?: number;
  /** Divides the masked similarities before the softmax; above 0. */
  readonly temperature?: number;
  /** [queries, keys] added to the scaled similarities. */
  readonly mask?: Mask;
};

/** Every stage of one head. Matrices are [queries, keys] but for the output, [queries, valueSize]. */
export type HeadSteps = {
  readonly scale: number;
  /** q · k. */
  readonly similarity: Float64Array;
  readonly scaled: Float64Array;
  /** With the mask added; the same array as `scaled` without one. */
  readonly masked: Float64Array;
  readonly weights: Float64Array;
  readonly output: Float64Array;
};

/**
 * Scaled dot-product attention (Vaswani et al. 2017, equation 1): softmax((q kᵀ scale + mask) / temperature) v. A query without
 * any key has no softmax: its weights and output are NaN, as torch's softmax has it (`emptyRows` tells which they are).
 * @param q [queries, size]
 * @param k [keys, size]
 * @param v [keys, valueSize]
 * @throws RangeError for a temperature that is not above 0, or arrays shorter than the shape says
 */
export function scaledDotProduct(q: Reals, k: Reals, v: Reals, shape: HeadShape, options: HeadOptions = {}): HeadSteps {
  const { queries, keys, size, valueSize } = shape;
  const { scale = 1 / Math.sqrt(size), temperature = 1, mask } = options;
  if (!(temperature > 0)) throw new RangeError(`a temperature of ${temperature}`);
  if (q.length < queries * size || k.length < keys * size || v.length < keys * valueSize || (mask && mask.length < queries * keys)) {
    throw new RangeError("an array is shorter than its shape");
  }
  const similarity = affine(q, queries, size, k, keys);
  const scaled = similarity.map((value) => value * scale);
  const masked = mask ? scaled.map((value, i) => (mask[i] === -Infinity ? -Infinity : value + mask[i])) : scaled;
  const weights = softmaxRows(masked, queries, keys, temperature);
  return { scale, similarity, scaled, masked, weights, output: mix(weights, queries, keys, v, valueSize) };
}
