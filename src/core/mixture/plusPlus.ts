import { isShared, roomOf } from "../kernels/crew.js";
import { kernels } from "../kernels/current.js";
import { inPieces, type Task } from "../kernels/pieces.js";
import { through } from "../steps.js";
import type { Data } from "./data.js";

/** Rows whose distances are summed together, and those of a piece. They are the same everywhere, and so is what is drawn. */
const blockRows = 1024;
const pieceRows = 2 * blockRows;

/** A rough count of the numbers that the candidates of one centre take, from which helpers are asked: about a millisecond. */
const leastNumbers = 1e6;

/** How far rows are from the nearest of those chosen. */
export type Nearness = {
  readonly distances: Float64Array; // [N] squared
  readonly sums: Float64Array; // [blocks] of the distances of each block of rows
};

export function potentialOf({ sums }: Nearness): number {
  return sums.reduce((total, sum) => total + sum, 0);
}

type CandidatesInput = {
  readonly columns: readonly Float64Array[]; // D of [N]
  readonly N: number;
  readonly candidates: readonly number[]; // rows
  readonly before: Float64Array; // [N] squared distances to the nearest of the rows chosen so far
  readonly distances: Float64Array; // [candidates, N] the same, had each of the candidates been chosen too
  readonly sums: Float64Array; // [candidates, blocks]
};

/** A piece is some rows' distances for one candidate. */
export const candidatesTask: Task<CandidatesInput> = {
  name: "candidates of k-means++",
  open({ columns, N, candidates, before, distances, sums }) {
    const { em } = kernels();
    const pieces = Math.ceil(N / pieceRows);
    const blocks = Math.ceil(N / blockRows);
    const centres = candidates.map((row) => Float64Array.from(columns, (x) => x[row]));
    const [labels, own] = [new Int32Array(pieceRows), new Float64Array(pieceRows)];
    return (piece) => {
      const candidate = Math.floor(piece / pieces);
      const from = (piece % pieces) * pieceRows;
      const rows = Math.min(N - from, pieceRows);
      em.nearest(columns.map((x) => x.subarray(from, from + rows)), 0, rows, centres[candidate], labels, own);
      for (let at = from; at < from + rows; at += blockRows) {
        const end = Math.min(from + rows, at + blockRows);
        sums[candidate * blocks + at / blockRows] = takeNearer(own, from, before, at, end, distances, candidate * N);
      }
      return []; // in one step
    };
  },
};

/** The lesser of two distances for rows from … to − 1. `distances` begin with row `first`, `out` at `offset`. @returns their sum */
function takeNearer(
  distances: Float64Array,
  first: number,
  before: Float64Array,
  from: number,
  to: number,
  out: Float64Array,
  offset: number,
): number {
  let sum = 0;
  for (let i = from; i < to; i++) {
    const now = distances[i - first];
    const least = before[i] < now ? before[i] : now;
    out[offset + i] = least;
    sum += least;
  }
  return sum;
}

/** Where the candidates of one centre after another leave their distances. */
export type Held = { distances?: Float64Array };

/**
 * The nearness of all rows had each of the candidates been chosen too, the same to the last bit by all implementations of the kernels and
 * however many threads share the work: helpers take part where `before` and the columns are shared. Yields every few milliseconds.
 * @param before [N] squared distances to the nearest of the rows chosen so far, Infinity where there is none
 * @param held what the calls about one array `before` share; a call overwrites the distances of the one before it
 */
export function* nearnessOf(data: Data, candidates: readonly number[], before: Float64Array, held: Held): Generator<void, Nearness[], void> {
  const { columns, N } = data;
  const blocks = Math.ceil(N / blockRows);
  const length = candidates.length * N;
  const helped = [before, ...columns].every(isShared);
  const distances = held.distances && held.distances.length >= length ? held.distances : new Float64Array(roomOf(8 * length, helped));
  const sums = new Float64Array(roomOf(8 * candidates.length * blocks, helped));
  held.distances = undefined;
  const reached = helped && [distances, sums].every(isShared);
  const steps = inPieces(candidatesTask, { columns, N, candidates, before, distances, sums }, candidates.length * Math.ceil(N / pieceRows), reached);
  if (yield* through(steps, () => undefined)) held.distances = distances;
  return candidates.map((_, i) => ({ distances: distances.subarray(i * N, (i + 1) * N), sums: sums.subarray(i * blocks, (i + 1) * blocks) }));
}

/** The row at which the running sum of distances passes `uniform` (in [0, 1)) of their total, which is above 0. */
export function pickByDistance(nearness: Nearness, uniform: number): number {
  const { distances, sums } = nearness;
  const target = uniform * potentialOf(nearness);
  let block = 0;
  let before = 0;
  for (let b = 0, sum = 0; b < sums.length && !(sum > target); sum += sums[b++]) if (sums[b] > 0) [block, before] = [b, sum];
  let picked = 0;
  for (let i = block * blockRows, sum = 0; i < Math.min(distances.length, (block + 1) * blockRows) && !(before + sum > target); i++) {
    if (distances[i] > 0) picked = i;
    sum += distances[i];
  }
  return picked;
}

/**
 * Greedy k-means++ (Arthur and Vassilvitskii 2007; scikit-learn's default): each next centre is the best of 2 + ⌊ln K⌋ rows
 * drawn with probability proportional to the squared distance from the centres so far. Yields every few milliseconds.
 * @returns indices of K rows; the same row may come twice only when fewer than K rows differ
 */
export function* plusPlus(data: Data, K: number, random: () => number): Generator<void, number[], void> {
  const { columns, N, D } = data;
  const trials = 2 + Math.floor(Math.log(K));
  const chosen = [Math.floor(random() * N)];
  const helped = trials * N * (D + 4) >= leastNumbers && columns.every(isShared);
  const nearest = new Float64Array(roomOf(8 * N, helped)).fill(Infinity);
  const held: Held = {};
  let [best] = yield* nearnessOf(data, chosen, nearest, held);
  while (chosen.length < K) {
    const anyRow = Math.floor(random() * N);
    if (potentialOf(best) === 0) {
      chosen.push(anyRow);
      continue;
    }
    nearest.set(best.distances);
    const candidates = Array.from({ length: trials }, () => pickByDistance(best, random()));
    const found = yield* nearnessOf(data, candidates, nearest, held);
    const winner = leastOf(found.map(potentialOf));
    chosen.push(candidates[winner]);
    best = found[winner];
  }
  return chosen;
}

/** The place of the first of the least numbers. */
function leastOf(values: readonly number[]): number {
  return values.reduce((least, value, i) => (value < values[least] ? i : least), 0);
}
