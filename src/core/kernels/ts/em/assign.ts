import type { EmStatistics } from "../../em.js";

/** Rows from … to − 1, each to its nearest centre. */
export function assign(columns: readonly Float64Array[], from: number, to: number, centres: Float64Array, out: EmStatistics): void {
  const D = columns.length;
  const K = centres.length / D;
  const size = out.products.length / K;
  const matrix = size === D * D;
  const difference = new Float64Array(D);
  for (let i = from; i < to; i++) {
    let nearest = 0;
    let least = Infinity;
    for (let k = 0; k < K; k++) {
      let distance = 0;
      for (let d = 0; d < D; d++) {
        const v = columns[d][i] - centres[k * D + d];
        distance += v * v;
      }
      if (distance < least) {
        least = distance;
        nearest = k;
      }
    }
    out.counts[nearest]++;
    for (let a = 0; a < D; a++) {
      const da = (difference[a] = columns[a][i] - centres[nearest * D + a]);
      out.sums[nearest * D + a] += da;
      if (!matrix) out.products[nearest * size + a] += da * da;
      else for (let b = 0; b <= a; b++) out.products[nearest * size + a * D + b] += da * difference[b];
    }
  }
}
