import { expNegative } from "../../../math/exp.js";
import type { EmModel, EmStatistics } from "../../em.js";
import { normaliseBlock } from "./normalise.js";
import { blockRows, newScratch } from "./scratch.js";

/** Shares at or below it leave no trace in sums of doubles, beside the 2e-15 that the M-step adds to every count. */
const negligible = 1e-30;

/**
 * Both steps over rows from … to − 1 of three columns or more, with full matrices. A block's differences are laid out by
 * column in `rows`; both the roots and the products work on tiles that stay in registers.
 */
export function emFull(columns: readonly Float64Array[], from: number, to: number, model: EmModel, out: EmStatistics): void {
  const { K, D, means, centres, roots, offsets } = model;
  const { shares, totals, rows, exponents, chosen } = newScratch(K, D);
  for (let start = from; start < to; start += blockRows) {
    const n = Math.min(blockRows, to - start);
    totals.fill(0, 0, n);
    for (let k = 0; k < K; k++) {
      differences(columns, start, n, means, k * D, D, rows);
      exponents.fill(offsets[k], 0, n);
      subtractSquares(rows, n, D, roots, k * D * D, exponents);
      const base = k * blockRows;
      for (let i = 0; i < n; i++) {
        const p = expNegative(exponents[i]);
        shares[base + i] = p;
        totals[i] += p;
      }
    }
    out.logLikelihood[0] += normaliseBlock(n, model, shares, totals, (k, i) => {
      let exponent = offsets[k];
      for (let a = 0; a < D; a++) {
        let y = 0;
        for (let b = 0; b <= a; b++) y += roots[(k * D + a) * D + b] * (columns[b][start + i] - means[k * D + b]);
        exponent -= y * y;
      }
      return exponent;
    });
    for (let k = 0; k < K; k++) {
      const base = k * blockRows;
      let count = 0;
      let m = 0;
      for (let i = 0; i < n; i++) {
        const r = shares[base + i] * totals[i];
        count += r;
        chosen[m] = start + i;
        exponents[m] = Math.sqrt(r);
        if (r > negligible) m++;
      }
      out.counts[k] += count;
      weighted(columns, chosen, m, centres, k * D, D, exponents, rows, out.sums);
      addProducts(rows, m, D, k * D * D, out.products);
    }
  }
}

/** rows[d, i] = columns[d][start + i] − centres[at + d] */
function differences(columns: readonly Float64Array[], start: number, n: number, centres: Float64Array, at: number, D: number, rows: Float64Array): void {
  for (let d = 0; d < D; d++) {
    const x = columns[d];
    const centre = centres[at + d];
    const base = d * blockRows;
    for (let i = 0; i < n; i++) rows[base + i] = x[start + i] - centre;
  }
}

/** exponents[i] −= Σ_a y_a², y = roots · rows[·, i]: two rows of the roots by four points at a time. */
function subtractSquares(rows: Float64Array, n: number, D: number, roots: Float64Array, at: number, exponents: Float64Array): void {
  const even = D - (D % 2);
  for (let a = 0; a < even; a += 2) {
    const first = at + a * D;
    const second = first + D;
    for (let i = 0; i < n; i += 4) {
      let y00 = 0, y01 = 0, y02 = 0, y03 = 0;
      let y10 = 0, y11 = 0, y12 = 0, y13 = 0;
      for (let b = 0, o = i; b < a + 2; b++, o += blockRows) {
        const d0 = rows[o], d1 = rows[o + 1], d2 = rows[o + 2], d3 = rows[o + 3];
        const r0 = roots[first + b];
        const r1 = roots[second + b];
        y00 += r0 * d0;
        y01 += r0 * d1;
        y02 += r0 * d2;
        y03 += r0 * d3;
        y10 += r1 * d0;
        y11 += r1 * d1;
        y12 += r1 * d2;
        y13 += r1 * d3;
      }
      exponents[i] -= y00 * y00 + y10 * y10;
      exponents[i + 1] -= y01 * y01 + y11 * y11;
      exponents[i + 2] -= y02 * y02 + y12 * y12;
      exponents[i + 3] -= y03 * y03 + y13 * y13;
    }
  }
  if (even === D) return;
  for (let i = 0; i < n; i++) {
    let y = 0;
    for (let b = 0, o = i; b < D; b++, o += blockRows) y += roots[at + even * D + b] * rows[o];
    exponents[i] -= y * y;
  }
}

/** rows[d, j] = √r d of the j-th chosen row, so that their products are Σ r d dᵀ; adds Σ r d to the sums. */
function weighted(
  columns: readonly Float64Array[],
  chosen: Int32Array,
  m: number,
  centres: Float64Array,
  at: number,
  D: number,
  rootShares: Float64Array,
  rows: Float64Array,
  sums: Float64Array,
): void {
  for (let d = 0; d < D; d++) {
    const x = columns[d];
    const centre = centres[at + d];
    const base = d * blockRows;
    let sum = 0;
    for (let j = 0; j < m; j++) {
      const value = (x[chosen[j]] - centre) * rootShares[j];
      rows[base + j] = value;
      sum += value * rootShares[j];
    }
    sums[at + d] += sum;
  }
}

/** products += rows rowsᵀ in tiles of two by two; only the lower triangle is meant to be read. */
function addProducts(rows: Float64Array, n: number, D: number, at: number, products: Float64Array): void {
  for (let a = 0; a < D; a += 2) {
    const a0 = a * blockRows;
    const a1 = a0 + blockRows; // past the last column this is a row of zeros
    for (let b = 0; b <= a; b += 2) {
      const b0 = b * blockRows;
      const b1 = b0 + blockRows;
      let p00 = 0, p01 = 0, p10 = 0, p11 = 0;
      for (let i = 0; i < n; i++) {
        const u0 = rows[a0 + i], u1 = rows[a1 + i];
        const v0 = rows[b0 + i], v1 = rows[b1 + i];
        p00 += u0 * v0;
        p01 += u0 * v1;
        p10 += u1 * v0;
        p11 += u1 * v1;
      }
      const o = at + a * D + b;
      products[o] += p00;
      if (b + 1 < D) products[o + 1] += p01;
      if (a + 1 === D) continue;
      products[o + D] += p10;
      products[o + D + 1] += p11;
    }
  }
}
