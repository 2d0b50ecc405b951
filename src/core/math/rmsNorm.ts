import type { Reals } from "./affine.js";

/** Root-mean-square normalisation of rows [n, d] (Zhang and Sennrich 2019): x / √(mean of x² + ε) · weight. `out` may be `x`. */
export function rmsNorm(x: Reals, n: number, d: number, weight: Reals, epsilon: number, out: Reals): void {
  for (let t = 0; t < n; t++) {
    const at = t * d;
    let squares = 0;
    for (let j = 0; j < d; j++) squares += x[at + j] ** 2;
    const scale = 1 / Math.sqrt(squares / d + epsilon);
    for (let j = 0; j < d; j++) out[at + j] = x[at + j] * scale * weight[j];
  }
}
