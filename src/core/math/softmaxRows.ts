import type { Reals } from "./affine.js";
import { softmax } from "./softmax.js";

/** The softmax of each row of a matrix [rows, columns]; a row that has none (nothing above −Infinity, or NaN in it) is NaN. */
export function softmaxRows(values: Reals, rows: number, columns: number, temperature = 1): Float64Array {
  const out = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    let most = -Infinity;
    for (let j = i * columns; j < (i + 1) * columns; j++) {
      out[j] = values[j] / temperature;
      // Math.max keeps NaN, which must not pass for a weight of 0.
      most = Math.max(most, out[j]);
    }
    if (Number.isFinite(most)) softmax(out, out, columns, i * columns);
    else out.fill(NaN, i * columns, (i + 1) * columns);
  }
  return out;
}
