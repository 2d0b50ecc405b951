import type { EmModel } from "../../em.js";
import { blockRows } from "./scratch.js";

/** Below this, a row's sum of densities is taken again from their logarithms. */
const tooSmall = 1e-150;

/**
 * Second part of the E-step of a block, common to all kernels. On entry `shares[k, i]` is p_k(x_i) / e^top and `totals[i]`
 * their sum; on return `shares[k, i] · totals[i]` is the responsibility. Most rows need no maximum, since every density is
 * at most e^top; rows far from all components, whose densities vanish, are redone with log-sum-exp.
 * @returns Σ log p(x_i)
 */
export function normaliseBlock(
  n: number,
  model: EmModel,
  shares: Float64Array,
  totals: Float64Array,
  exponent: (k: number, i: number) => number,
): number {
  let log = n * model.top;
  // The product of sums needs one logarithm for many rows.
  let product = 1;
  for (let i = 0; i < n; i++) {
    let total = totals[i];
    if (total < tooSmall) {
      log += farRow(i, model.K, shares, totals, exponent);
      total = totals[i];
    }
    product *= total;
    if (product < tooSmall || product > 1e250) {
      log += Math.log(product);
      product = 1;
    }
    totals[i] = 1 / total;
  }
  return log + Math.log(product);
}

/** Redoes row i with the largest exponent taken out, and returns that; −Infinity where even the logarithms overflow. */
function farRow(
  i: number,
  K: number,
  shares: Float64Array,
  totals: Float64Array,
  exponent: (k: number, i: number) => number,
): number {
  let max = -Infinity;
  for (let k = 0; k < K; k++) max = Math.max(max, exponent(k, i));
  let total = 0;
  for (let k = 0; k < K; k++) {
    const share = max === -Infinity ? 0 : Math.exp(exponent(k, i) - max);
    shares[k * blockRows + i] = share;
    total += share;
  }
  totals[i] = total || 1;
  return max;
}
