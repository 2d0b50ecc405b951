import { kernels } from "../kernels/current.js";

/** Points for seeding: row-major, [n, D]. */
export type Points = { readonly x: Float64Array; readonly n: number; readonly D: number };

export type KMeansState = {
  readonly centres: Float64Array; // [K, D]
  readonly labels: Int32Array; // [n]
  readonly inertia: number; // Σ squared distance to the assigned centre
  readonly iterations: number;
  readonly converged: boolean;
};

const operationsBetweenYields = 4_000_000;

function squaredDistance(x: Float64Array, i: number, centres: Float64Array, k: number, D: number): number {
  let sum = 0;
  for (let d = 0; d < D; d++) {
    const difference = x[i * D + d] - centres[k * D + d];
    sum += difference * difference;
  }
  return sum;
}

/**
 * Lloyd's k-means from given centres, stopping as scikit-learn does: labels unchanged, or the squared moves of all centres
 * summing to at most `tol` times the mean variance of the columns. A cluster that loses all points moves to the point
 * farthest from its centre. Yields every few milliseconds.
 * @param start [K, D]; not changed
 */
export function* kMeans(points: Points, start: Float64Array, maxIter: number, tol: number): Generator<void, KMeansState, void> {
  const { n, D } = points;
  const K = start.length / D;
  const columns = columnsOf(points);
  const threshold = tol * meanVariance(columns, n);
  let centres: Float64Array = start.slice();
  let labels = new Int32Array(n).fill(-1);
  let iterations = 0;
  let unchanged = false;
  let settled = false;
  while (iterations < maxIter && !unchanged && !settled) {
    const next = yield* assignNearest(columns, n, centres);
    const moved = means(points, next.labels, next.distances, K);
    unchanged = next.labels.every((label, i) => label === labels[i]);
    labels = next.labels;
    iterations++;
    let shift = 0;
    for (let i = 0; i < moved.length; i++) shift += (moved[i] - centres[i]) ** 2;
    centres = moved;
    settled = shift <= threshold;
  }
  const final = yield* assignNearest(columns, n, centres);
  if (!unchanged) labels = final.labels;
  let inertia = 0;
  for (let i = 0; i < n; i++) inertia += squaredDistance(points.x, i, centres, labels[i], D);
  return { centres, labels, inertia, iterations, converged: unchanged || settled };
}

function columnsOf({ x, n, D }: Points): Float64Array[] {
  return Array.from({ length: D }, (_, d) => {
    const column = new Float64Array(n);
    for (let i = 0; i < n; i++) column[i] = x[i * D + d];
    return column;
  });
}

function* assignNearest(columns: readonly Float64Array[], n: number, centres: Float64Array) {
  const { em } = kernels();
  const labels = new Int32Array(n);
  const distances = new Float64Array(n);
  const slice = Math.ceil(operationsBetweenYields / centres.length);
  for (let from = 0; from < n; from += slice) {
    if (from > 0) yield;
    em.nearest(columns, from, Math.min(n, from + slice), centres, labels, distances);
  }
  return { labels, distances };
}

function means({ x, n, D }: Points, labels: Int32Array, distances: Float64Array, K: number): Float64Array {
  const sums = new Float64Array(K * D);
  const counts = new Float64Array(K);
  const add = (i: number, k: number, sign: number) => {
    counts[k] += sign;
    for (let d = 0; d < D; d++) sums[k * D + d] += sign * x[i * D + d];
  };
  for (let i = 0; i < n; i++) add(i, labels[i], 1);
  const empty = Array.from(counts.keys()).filter((k) => counts[k] === 0);
  if (empty.length > 0) {
    const farthest = Array.from(distances.keys()).sort((i, j) => distances[j] - distances[i]);
    empty.forEach((k, rank) => {
      add(farthest[rank], labels[farthest[rank]], -1);
      add(farthest[rank], k, 1);
    });
  }
  return sums.map((sum, i) => sum / counts[Math.floor(i / D)]);
}

function meanVariance(columns: readonly Float64Array[], n: number): number {
  let total = 0;
  for (const x of columns) {
    let mean = 0;
    for (let i = 0; i < n; i++) mean += x[i];
    mean /= n;
    let sum = 0;
    for (let i = 0; i < n; i++) sum += (x[i] - mean) ** 2;
    total += sum / n;
  }
  return total / columns.length;
}
