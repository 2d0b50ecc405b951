import { expNegative } from "../../../math/exp.js";
import type { EmModel, EmStatistics } from "../../em.js";
import { normaliseBlock } from "./normalise.js";
import { blockRows, newScratch } from "./scratch.js";

/** Both steps over rows from … to − 1 of any number of columns, with diagonal roots [K, D] and products [K, D]. */
export function emDiagonal(columns: readonly Float64Array[], from: number, to: number, model: EmModel, out: EmStatistics): void {
  const { K, D, means, centres, roots, offsets } = model;
  const { shares, totals, exponents } = newScratch(K, D);
  for (let start = from; start < to; start += blockRows) {
    const n = Math.min(blockRows, to - start);
    totals.fill(0, 0, n);
    for (let k = 0; k < K; k++) {
      const base = k * blockRows;
      exponents.fill(offsets[k], 0, n);
      for (let d = 0; d < D; d++) addSquares(columns[d], start, n, means[k * D + d], roots[k * D + d], exponents);
      for (let i = 0; i < n; i++) {
        const p = expNegative(exponents[i]);
        shares[base + i] = p;
        totals[i] += p;
      }
    }
    out.logLikelihood[0] += normaliseBlock(n, model, shares, totals, (k, i) => {
      let exponent = offsets[k];
      for (let d = 0; d < D; d++) {
        const y = (columns[d][start + i] - means[k * D + d]) * roots[k * D + d];
        exponent -= y * y;
      }
      return exponent;
    });
    for (let k = 0; k < K; k++) {
      const base = k * blockRows;
      let count = 0;
      for (let i = 0; i < n; i++) {
        const r = shares[base + i] * totals[i];
        exponents[i] = r;
        count += r;
      }
      out.counts[k] += count;
      for (let d = 0; d < D; d++) addMoments(columns[d], start, n, centres[k * D + d], exponents, k * D + d, out);
    }
  }
}

function addSquares(x: Float64Array, start: number, n: number, mean: number, root: number, exponents: Float64Array): void {
  for (let i = 0; i < n; i++) {
    const y = (x[start + i] - mean) * root;
    exponents[i] -= y * y;
  }
}

function addMoments(x: Float64Array, start: number, n: number, centre: number, r: Float64Array, at: number, out: EmStatistics): void {
  let sum = 0;
  let product = 0;
  for (let i = 0; i < n; i++) {
    const d = x[start + i] - centre;
    const rd = r[i] * d;
    sum += rd;
    product += rd * d;
  }
  out.sums[at] += sum;
  out.products[at] += product;
}
