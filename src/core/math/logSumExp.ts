import { kernels } from "../kernels/current.js";
import { typescript } from "../kernels/typescript.js";

/**
 * log Σ exp(xᵢ) of `values[from … from + n)`, with the largest taken out so that nothing overflows; −Infinity when all are,
 * NaN when one is.
 */
export function logSumExp(values: ArrayLike<number>, n = values.length, from = 0): number {
  const { logits } = kernels();
  return (n < logits.leastRow ? typescript.logits : logits).logSumExp(values, n, from);
}
