import { expNegative } from "../../../math/exp.js";
import type { EmModel, EmStatistics } from "../../em.js";
import { normaliseBlock } from "./normalise.js";
import { blockRows, newScratch } from "./scratch.js";

/** Both steps over rows from … to − 1 of two columns; roots and products are full matrices. */
export function em2(columns: readonly Float64Array[], from: number, to: number, model: EmModel, out: EmStatistics): void {
  const u = columns[0];
  const v = columns[1];
  const { K, D, means, centres, roots, offsets } = model;
  const { shares, totals } = newScratch(K, D);
  for (let start = from; start < to; start += blockRows) {
    const n = Math.min(blockRows, to - start);
    totals.fill(0, 0, n);
    for (let k = 0; k < K; k++) {
      const m0 = means[2 * k];
      const m1 = means[2 * k + 1];
      const r00 = roots[4 * k];
      const r10 = roots[4 * k + 2];
      const r11 = roots[4 * k + 3];
      const offset = offsets[k];
      const base = k * blockRows;
      for (let i = 0; i < n; i++) {
        const d0 = u[start + i] - m0;
        const y0 = d0 * r00;
        const y1 = d0 * r10 + (v[start + i] - m1) * r11;
        const p = expNegative(offset - y0 * y0 - y1 * y1);
        shares[base + i] = p;
        totals[i] += p;
      }
    }
    out.logLikelihood[0] += normaliseBlock(n, model, shares, totals, (k, i) => {
      const d0 = u[start + i] - means[2 * k];
      const y0 = d0 * roots[4 * k];
      const y1 = d0 * roots[4 * k + 2] + (v[start + i] - means[2 * k + 1]) * roots[4 * k + 3];
      return offsets[k] - y0 * y0 - y1 * y1;
    });
    for (let k = 0; k < K; k++) {
      const c0 = centres[2 * k];
      const c1 = centres[2 * k + 1];
      const base = k * blockRows;
      let count = 0;
      let sum0 = 0;
      let sum1 = 0;
      let product00 = 0;
      let product10 = 0;
      let product11 = 0;
      for (let i = 0; i < n; i++) {
        const r = shares[base + i] * totals[i];
        const d0 = u[start + i] - c0;
        const d1 = v[start + i] - c1;
        const rd0 = r * d0;
        const rd1 = r * d1;
        count += r;
        sum0 += rd0;
        sum1 += rd1;
        product00 += rd0 * d0;
        product10 += rd1 * d0;
        product11 += rd1 * d1;
      }
      out.counts[k] += count;
      out.sums[2 * k] += sum0;
      out.sums[2 * k + 1] += sum1;
      out.products[4 * k] += product00;
      out.products[4 * k + 2] += product10;
      out.products[4 * k + 3] += product11;
    }
  }
}
