import { through } from "../steps.js";
import { eigenSymmetric } from "../math/eigen.js";
import { quantiles } from "../math/quantile.js";
import { seededRandom } from "../math/random.js";
import { rowOf, type Data } from "./data.js";
import { sharedAssignment } from "./emPieces.js";
import { cellCount } from "./histogram.js";
import { newStatistics } from "./statistics.js";
import type { ColumnStats, MixtureTrace } from "./trace.js";

const rowsBetweenYields = 262144;

/** Least and greatest number of each column. */
export type Range = { readonly min: Float64Array; readonly max: Float64Array };

export function* rangeOf({ columns, N, D }: Data): Generator<void, Range, void> {
  const min = new Float64Array(D).fill(Infinity);
  const max = new Float64Array(D).fill(-Infinity);
  for (let d = 0; d < D; d++) {
    const x = columns[d];
    for (let start = 0; start < N; start += rowsBetweenYields) {
      const end = Math.min(N, start + rowsBetweenYields);
      let low = min[d];
      let high = max[d];
      for (let i = start; i < end; i++) {
        if (x[i] < low) low = x[i];
        if (x[i] > high) high = x[i];
      }
      min[d] = low;
      max[d] = high;
      yield;
    }
  }
  return { min, max };
}

export type Moments = { readonly stats: ColumnStats; readonly covariance: Float64Array };

/**
 * Statistics of the columns and their covariance matrix [D, D], divided by N: that of one cluster of all rows. Helpers take part where
 * the columns are shared and many. Yields every few milliseconds.
 */
export function* momentsOf(data: Data, { min, max }: Range): Generator<void, Moments, void> {
  const { columns, N, D } = data;
  const mean = yield* meansOf(data, min);
  const sums = newStatistics("full", 1, D);
  yield* through(sharedAssignment(columns, N, "full", mean, sums), () => undefined);
  const covariance = new Float64Array(D * D);
  for (let a = 0; a < D; a++) for (let b = 0; b <= a; b++) covariance[a * D + b] = covariance[b * D + a] = sums.products[a * D + b] / N;
  const q25 = new Float64Array(D);
  const q75 = new Float64Array(D);
  for (let d = 0; d < D; d++) [q25[d], q75[d]] = yield* quantiles(columns[d].subarray(0, N), min[d], max[d], [0.25, 0.75]);
  const std = mean.map((_, d) => (min[d] === max[d] ? 0 : Math.sqrt(covariance[d * D + d])));
  return { stats: { min, max, mean, std, q25, q75 }, covariance };
}

/** Means, as offsets from the least number, so that a constant column has exactly its value. */
function* meansOf({ columns, N, D }: Data, min: Float64Array): Generator<void, Float64Array, void> {
  const mean = new Float64Array(D);
  for (let d = 0; d < D; d++) {
    let total = 0;
    for (let start = 0; start < N; start += rowsBetweenYields) {
      const end = Math.min(N, start + rowsBetweenYields);
      let sum = 0;
      for (let i = start; i < end; i++) sum += columns[d][i] - min[d];
      total += sum;
      yield;
    }
    mean[d] = min[d] + total / N;
  }
  return mean;
}

/** The two directions of greatest variance, and their shares of all variance; null up to two columns. */
export function principalAxes({ stats, covariance }: Moments, D: number): MixtureTrace["pca"] {
  if (D <= 2) return null;
  const { values, vectors } = eigenSymmetric(covariance, D);
  const total = values.reduce((sum, v) => sum + Math.max(0, v), 0);
  return { mean: stats.mean.slice(), axes: vectors.slice(0, 2 * D), explained: values.slice(0, 2).map((v) => (total > 0 ? Math.max(0, v) / total : 0)) };
}

/**
 * Rows drawn: all, or one at random of each of `limit` equal stretches, the same every time. Equal steps would show one
 * group alone where groups take turns. [M] positions among the N rows, in order.
 */
export function sampleRows(N: number, limit: number): Int32Array {
  const M = Math.min(N, limit);
  const random = seededRandom(0);
  return Int32Array.from({ length: M }, (_, i) => {
    const [from, to] = [Math.floor((i * N) / M), Math.floor(((i + 1) * N) / M)];
    return from + Math.floor(random() * (to - from));
  });
}

/** The drawn rows, row-major [M, D]. */
export function pointsOf(data: Data, rows: Int32Array): Float64Array {
  const points = new Float64Array(rows.length * data.D);
  rows.forEach((row, i) => rowOf(data, row, points, i * data.D));
  return points;
}

/** Counts of a column in `cellCount` equal cells from its least to its greatest number. */
export function* cellsOf(x: Float64Array, N: number, min: number, max: number): Generator<void, Float64Array, void> {
  const cells = new Float64Array(cellCount);
  const scale = cellCount / (max - min);
  for (let start = 0; start < N; start += rowsBetweenYields) {
    const end = Math.min(N, start + rowsBetweenYields);
    for (let i = start; i < end; i++) cells[Math.min(cellCount - 1, Math.floor((x[i] - min) * scale))]++;
    yield;
  }
  return cells;
}
