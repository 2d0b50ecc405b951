import { expNegative } from "../../../math/exp.js";
import type { EmModel, EmStatistics } from "../../em.js";
import { normaliseBlock } from "./normalise.js";
import { blockRows, newScratch } from "./scratch.js";

/** Both steps over rows from … to − 1 of one column: adds to the statistics under the model's responsibilities. */
export function em1(columns: readonly Float64Array[], from: number, to: number, model: EmModel, out: EmStatistics): void {
  const x = columns[0];
  const { K, D, means, centres, roots, offsets } = model;
  const { shares, totals } = newScratch(K, D);
  for (let start = from; start < to; start += blockRows) {
    const n = Math.min(blockRows, to - start);
    totals.fill(0, 0, n);
    for (let k = 0; k < K; k++) {
      const mean = means[k];
      const root = roots[k];
      const offset = offsets[k];
      const base = k * blockRows;
      for (let i = 0; i < n; i++) {
        const y = (x[start + i] - mean) * root;
        const p = expNegative(offset - y * y);
        shares[base + i] = p;
        totals[i] += p;
      }
    }
    out.logLikelihood[0] += normaliseBlock(n, model, shares, totals, (k, i) => {
      const y = (x[start + i] - means[k]) * roots[k];
      return offsets[k] - y * y;
    });
    for (let k = 0; k < K; k++) {
      const centre = centres[k];
      const base = k * blockRows;
      let count = 0;
      let sum = 0;
      let product = 0;
      for (let i = 0; i < n; i++) {
        const r = shares[base + i] * totals[i];
        const d = x[start + i] - centre;
        const rd = r * d;
        count += r;
        sum += rd;
        product += rd * d;
      }
      out.counts[k] += count;
      out.sums[k] += sum;
      out.products[k] += product;
    }
  }
}
