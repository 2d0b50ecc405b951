import { expNegative } from "./exp.js";

/**
 * Writes exp(xᵢ) / Σ exp(xⱼ) of `values[from … from + n)` to the same places of `out`, which may be `values` itself. All
 * −Infinity gives zeros.
 */
export function softmax(values: ArrayLike<number>, out: Float32Array | Float64Array, n = values.length, from = 0): void {
  let most = -Infinity;
  for (let i = from; i < from + n; i++) if (values[i] > most) most = values[i];
  if (most === -Infinity) {
    out.fill(0, from, from + n);
    return;
  }
  let sum = 0;
  for (let i = from; i < from + n; i++) sum += out[i] = expNegative(values[i] - most);
  const scale = 1 / sum;
  for (let i = from; i < from + n; i++) out[i] *= scale;
}
