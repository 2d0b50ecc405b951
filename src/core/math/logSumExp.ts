import { expNegative } from "./exp.js";

/**
 * log Σ exp(xᵢ) of `values[from … from + n)`, with the largest taken out so that nothing overflows; −Infinity when all are,
 * NaN when one is.
 */
export function logSumExp(values: ArrayLike<number>, n = values.length, from = 0): number {
  let most = -Infinity;
  for (let i = from; i < from + n; i++) {
    const v = values[i];
    if (v > most) most = v;
    else if (v !== v) return NaN;
  }
  if (most === -Infinity || most === Infinity) return most;
  let sum = 0;
  for (let i = from; i < from + n; i++) sum += expNegative(values[i] - most);
  return most + Math.log(sum);
}
