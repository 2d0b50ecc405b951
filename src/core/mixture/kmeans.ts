import { kernels } from "../kernels/current.js";
import type { Data } from "./data.js";

export type KMeansState = {
  readonly centres: Float64Array; // [K, D]
  readonly labels: Int32Array; // [N]
  readonly inertia: number; // Σ squared distance to the assigned centre
  readonly iterations: number;
  readonly converged: boolean;
};

const operationsBetweenYields = 4_000_000;

function squaredDistance({ columns, D }: Data, i: number, centres: Float64Array, k: number): number {
  let sum = 0;
  for (let d = 0; d < D; d++) {
    const difference = columns[d][i] - centres[k * D + d];
    sum += difference * difference;
  }
  return sum;
}

/**
 * Lloyd's k-means from given centres, stopping as scikit-learn does: labels unchanged, or the squared moves of all centres
 * summing to at most `tol` times the mean variance of the columns. A cluster that loses all rows moves to the row
 * farthest from its centre. Yields every few milliseconds.
 * @param start [K, D]; not changed
 */
export function* kMeans(data: Data, start: Float64Array, maxIter: number, tol: number): Generator<void, KMeansState, void> {
  const { N, D } = data;
  const K = start.length / D;
  const threshold = tol * meanVariance(data);
  let centres: Float64Array = start.slice();
  let labels = new Int32Array(N).fill(-1);
  let iterations = 0;
  let unchanged = false;
  let settled = false;
  while (iterations < maxIter && !unchanged && !settled) {
    const next = yield* assignNearest(data, centres);
    const moved = meansOf(data, next.labels, next.distances, K);
    unchanged = next.labels.every((label, i) => label === labels[i]);
    labels = next.labels;
    iterations++;
    let shift = 0;
    for (let i = 0; i < moved.length; i++) shift += (moved[i] - centres[i]) ** 2;
    centres = moved;
    settled = shift <= threshold;
  }
  const final = yield* assignNearest(data, centres);
  if (!unchanged) labels = final.labels;
  let inertia = 0;
  for (let i = 0; i < N; i++) inertia += squaredDistance(data, i, centres, labels[i]);
  return { centres, labels, inertia, iterations, converged: unchanged || settled };
}

function* assignNearest({ columns, N }: Data, centres: Float64Array) {
  const { em } = kernels();
  const labels = new Int32Array(N);
  const distances = new Float64Array(N);
  const slice = Math.ceil(operationsBetweenYields / centres.length);
  for (let from = 0; from < N; from += slice) {
    if (from > 0) yield;
    em.nearest(columns, from, Math.min(N, from + slice), centres, labels, distances);
  }
  return { labels, distances };
}

function meansOf({ columns, N, D }: Data, labels: Int32Array, distances: Float64Array, K: number): Float64Array {
  const sums = new Float64Array(K * D);
  const counts = new Float64Array(K);
  for (let i = 0; i < N; i++) counts[labels[i]]++;
  columns.forEach((x, d) => addByLabel(x, labels, D, d, sums));
  const add = (i: number, k: number, sign: number) => {
    counts[k] += sign;
    for (let d = 0; d < D; d++) sums[k * D + d] += sign * columns[d][i];
  };
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

/** Adds a column's numbers to sums[label, d]. */
function addByLabel(x: Float64Array, labels: Int32Array, D: number, d: number, sums: Float64Array): void {
  for (let i = 0; i < labels.length; i++) sums[labels[i] * D + d] += x[i];
}

function meanVariance({ columns, N, D }: Data): number {
  let total = 0;
  for (const x of columns) {
    let mean = 0;
    for (let i = 0; i < N; i++) mean += x[i];
    mean /= N;
    let sum = 0;
    for (let i = 0; i < N; i++) sum += (x[i] - mean) ** 2;
    total += sum / N;
  }
  return total / D;
}
