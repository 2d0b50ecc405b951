import { kernels } from "../kernels/current.js";
import { typescript } from "../kernels/typescript.js";

/**
 * Writes exp(xᵢ) / Σ exp(xⱼ) of `values[from … from + n)` to the same places of `out`, which may be `values` itself. All
 * −Infinity gives zeros.
 */
export function softmax(values: ArrayLike<number>, out: Float32Array | Float64Array, n = values.length, from = 0): void {
  const { logits } = kernels();
  (n < logits.leastRow ? typescript.logits : logits).softmax(values, out, n, from);
}
