import { softmax } from "./softmax.js";

/** Products of two vectors of `size` numbers from offsets; two sums run side by side. */
export function dotAt(a: Float32Array, aAt: number, b: Float32Array, bAt: number, size: number): number {
  let even = 0;
  let odd = 0;
  let j = 0;
  for (; j + 1 < size; j += 2) {
    even += a[aAt + j] * b[bAt + j];
    odd += a[aAt + j + 1] * b[bAt + j + 1];
  }
  if (j < size) even += a[aAt + j] * b[bAt + j];
  return even + odd;
}

/**
 * Weights of one query over the first `count` keys, or over those that `open` names: softmax(q kᵀ scale).
 * @param keys [N, size]
 * @param out the weights, in the keys' order
 */
export function attentionRow(
  query: Float32Array,
  queryAt: number,
  keys: Float32Array,
  size: number,
  open: Int32Array | undefined,
  count: number,
  scale: number,
  out: Float64Array,
): void {
  for (let i = 0; i < count; i++) out[i] = dotAt(query, queryAt, keys, (open ? open[i] : i) * size, size) * scale;
  softmax(out, out, count);
}
