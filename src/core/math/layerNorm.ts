import type { Reals } from "./affine.js";

/** Layer normalisation of rows [n, d] (Ba, Kiros and Hinton 2016): (x − mean) / √(variance + ε) · weight + bias. `out` may be `x`. */
export function layerNorm(x: Reals, n: number, d: number, weight: Reals, bias: Reals, epsilon: number, out: Reals): void {
  for (let t = 0; t < n; t++) {
    const at = t * d;
    let mean = 0;
    for (let j = 0; j < d; j++) mean += x[at + j];
    mean /= d;
    let variance = 0;
    for (let j = 0; j < d; j++) variance += (x[at + j] - mean) ** 2;
    const scale = 1 / Math.sqrt(variance / d + epsilon);
    for (let j = 0; j < d; j++) out[at + j] = (x[at + j] - mean) * scale * weight[j] + bias[j];
  }
}
