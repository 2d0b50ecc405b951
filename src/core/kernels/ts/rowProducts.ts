import { mostOthers, type RowProducts } from "../vectors.js";

// eslint-disable-next-line require-yield -- nothing to lay out
export function* rowProducts(rows: Float32Array, _m: number, d: number): Generator<void, RowProducts, void> {
  const row = new Float64Array(d);
  const others = new Int32Array(mostOthers);
  const products = new Float64Array(mostOthers);
  return {
    row,
    others,
    products,
    multiply(count) {
      for (let n = 0; n < count; n++) products[n] = product(row, rows, others[n] * d, d);
    },
  };
}

/** Four sums, of every fourth product each, as the lanes of WebAssembly have them. */
function product(row: Float64Array, rows: Float32Array, at: number, d: number): number {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  const whole = d - (d % 4);
  for (let c = 0; c < whole; c += 4) {
    s0 += row[c] * rows[at + c];
    s1 += row[c + 1] * rows[at + c + 1];
    s2 += row[c + 2] * rows[at + c + 2];
    s3 += row[c + 3] * rows[at + c + 3];
  }
  if (whole < d) s0 += row[whole] * rows[at + whole];
  if (whole + 1 < d) s1 += row[whole + 1] * rows[at + whole + 1];
  if (whole + 2 < d) s2 += row[whole + 2] * rows[at + whole + 2];
  return s0 + s1 + (s2 + s3);
}
