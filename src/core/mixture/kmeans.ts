import { isShared, roomOf } from "../kernels/crew.js";
import { kernels } from "../kernels/current.js";
import { inPieces, type Task } from "../kernels/pieces.js";
import { through } from "../steps.js";
import type { Data } from "./data.js";

export type KMeansState = {
  readonly centres: Float64Array; // [K, D]
  readonly labels: Int32Array; // [N]
  readonly inertia: number; // Σ squared distance to the assigned centre
  readonly iterations: number;
  readonly converged: boolean;
};

/** Rows of a piece. They are the same everywhere, and so are the sums. */
const pieceRows = 2048;

/** A rough count of the numbers of an iteration from which helpers are asked: about a millisecond. */
const leastNumbers = 1.5e6;

type Assignment = {
  readonly labels: Int32Array; // [N] the nearest centre
  readonly distances: Float64Array; // [N] squared
  readonly sums: Float64Array; // [pieces, K, D + 1] rows of a centre, and the sums of their numbers
};

type LloydInput = Assignment & {
  readonly columns: readonly Float64Array[]; // D of [N]
  readonly N: number;
  readonly centres: Float64Array; // [K, D]
};

/** The assignment of Lloyd's iterations, and what the next centres are made of. */
export const lloydTask: Task<LloydInput> = {
  name: "lloyd",
  open({ columns, N, centres, labels, distances, sums }) {
    const { em } = kernels();
    const width = columns.length + 1;
    const own = new Float64Array((centres.length / columns.length) * width);
    return (piece) => {
      const from = piece * pieceRows;
      const to = Math.min(N, from + pieceRows);
      em.nearest(columns, from, to, centres, labels, distances);
      own.fill(0);
      for (let i = from; i < to; i++) own[labels[i] * width]++;
      columns.forEach((x, d) => addByLabel(x, labels, from, to, width, d + 1, own));
      sums.set(own, piece * own.length);
      return []; // in one step
    };
  },
};

/** Adds numbers of rows from … to − 1 to sums[label, at]. */
function addByLabel(x: Float64Array, labels: Int32Array, from: number, to: number, width: number, at: number, sums: Float64Array): void {
  for (let i = from; i < to; i++) sums[labels[i] * width + at] += x[i];
}

/**
 * Lloyd's k-means from given centres, stopping as scikit-learn does: labels unchanged, or the squared moves of all centres
 * summing to at most `tol` times the mean variance of the columns. A cluster that loses all rows moves to the row
 * farthest from its centre. The same to the last bit by all implementations of the kernels and however many threads share the work:
 * helpers take part where the columns are shared and an iteration is long. Yields every few milliseconds.
 * @param start [K, D]; not changed
 */
export function* kMeans(data: Data, start: Float64Array, maxIter: number, tol: number): Generator<void, KMeansState, void> {
  const { columns, N, D } = data;
  const K = start.length / D;
  const helped = N * D * (K + 4) >= leastNumbers && columns.every(isShared);
  const threshold = tol * meanVariance(data);
  let held: Assignment | undefined;
  let centres: Float64Array = start.slice();
  let labels = new Int32Array(N).fill(-1);
  let iterations = 0;
  let unchanged = false;
  let settled = false;

  function* assign(): Generator<void, Assignment, void> {
    const assignment = held ?? roomFor(N, K, D, helped);
    held = undefined;
    const reached = helped && Object.values(assignment).every(isShared);
    const steps = inPieces(lloydTask, { columns, N, centres, ...assignment }, Math.ceil(N / pieceRows), reached);
    if (yield* through(steps, () => undefined)) held = assignment;
    return assignment;
  }

  while (iterations < maxIter && !unchanged && !settled) {
    const next = yield* assign();
    const moved = meansOf(data, next, K);
    unchanged = next.labels.every((label, i) => label === labels[i]);
    labels = next.labels.slice();
    iterations++;
    let shift = 0;
    for (let i = 0; i < moved.length; i++) shift += (moved[i] - centres[i]) ** 2;
    centres = moved;
    settled = shift <= threshold;
  }
  const final = yield* assign();
  let inertia = 0;
  for (let i = 0; i < N; i++) inertia += final.distances[i];
  return { centres, labels: final.labels.slice(), inertia, iterations, converged: unchanged || settled };
}

function roomFor(N: number, K: number, D: number, shared: boolean): Assignment {
  const pieces = Math.ceil(N / pieceRows);
  return {
    labels: new Int32Array(roomOf(4 * N, shared)),
    distances: new Float64Array(roomOf(8 * N, shared)),
    sums: new Float64Array(roomOf(8 * pieces * K * (D + 1), shared)),
  };
}

/** Pieces' sums together, in their order. */
function totalsOf(sums: Float64Array, size: number): Float64Array {
  const totals = new Float64Array(size);
  for (let at = 0; at < sums.length; at += size) for (let i = 0; i < size; i++) totals[i] += sums[at + i];
  return totals;
}

/** The means of each centre's rows; the mean of all where a centre loses its only row to an empty one, as in scikit-learn 1.2. */
function meansOf({ columns, D }: Data, { labels, distances, sums }: Assignment, K: number): Float64Array {
  const width = D + 1;
  const totals = totalsOf(sums, K * width);
  const add = (i: number, k: number, sign: number) => {
    totals[k * width] += sign;
    for (let d = 0; d < D; d++) totals[k * width + 1 + d] += sign * columns[d][i];
  };
  const empty = Array.from({ length: K }, (_, k) => k).filter((k) => totals[k * width] === 0);
  if (empty.length > 0) {
    const farthest = Array.from(distances.keys()).sort((i, j) => distances[j] - distances[i]);
    empty.forEach((k, rank) => {
      add(farthest[rank], labels[farthest[rank]], -1);
      add(farthest[rank], k, 1);
    });
  }
  return Float64Array.from({ length: K * D }, (_, i) => {
    const [k, d] = [Math.floor(i / D), i % D];
    const rows = totals[k * width];
    return rows > 0 ? totals[k * width + 1 + d] / rows : meanOf(columns[d]);
  });
}

function meanOf(x: Float64Array): number {
  let sum = 0;
  for (const v of x) sum += v;
  return sum / x.length;
}

function meanVariance({ columns, N, D }: Data): number {
  let total = 0;
  for (const x of columns) {
    const mean = meanOf(x);
    let sum = 0;
    for (let i = 0; i < N; i++) sum += (x[i] - mean) ** 2;
    total += sum / N;
  }
  return total / D;
}
