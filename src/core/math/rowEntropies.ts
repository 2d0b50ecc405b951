import type { Reals } from "./affine.js";

/**
 * The entropy in bits of each row, −Σ w log₂ w: 0 where all goes to one key, log₂ N where it is spread evenly.
 * @param weights [out.length, columns]
 */
export function rowEntropies(weights: Reals, columns: number, out: Float64Array): void {
  for (let r = 0; r < out.length; r++) {
    let sum = 0;
    for (let i = r * columns; i < (r + 1) * columns; i++) if (weights[i] !== 0) sum += weights[i] * Math.log2(weights[i]);
    // A single 1 gives 0, not −0.
    out[r] = 0 - sum;
  }
}
