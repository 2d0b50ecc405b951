import { kernels } from "../kernels/current.js";
import { rowOf, type Data } from "./data.js";

/** Few rows at a time, so that the loop over them is soon compiled. */
const blockRows = 1024;

/**
 * Lowers each row's squared distance `nearest` to its nearest chosen row by the choice of one more. Distances are the same to the
 * last bit by all implementations of the kernels, and so is what is drawn by them.
 * @returns the sum of the distances
 */
export type Chooser = (chosen: number, nearest: Float64Array, out: Float64Array) => number;

/** Holds the room for one row after another. */
export function chooser(data: Data): Chooser {
  const { columns, N, D } = data;
  const { em } = kernels();
  const labels = new Int32Array(N);
  const distances = new Float64Array(N);
  return (chosen, nearest, out) => {
    const centre = new Float64Array(D);
    rowOf(data, chosen, centre);
    em.nearest(columns, 0, N, centre, labels, distances);
    let potential = 0;
    for (let from = 0; from < N; from += blockRows) potential = takeNearer(distances, from, Math.min(N, from + blockRows), nearest, out, potential);
    return potential;
  };
}

/** @returns the sum so far and that of the rows */
function takeNearer(distances: Float64Array, from: number, to: number, nearest: Float64Array, out: Float64Array, sum: number): number {
  for (let i = from; i < to; i++) {
    const before = nearest[i];
    const now = distances[i];
    out[i] = before < now ? before : now;
    sum += out[i];
  }
  return sum;
}

/** The row at which the running sum of weights passes `uniform` (in [0, 1)) of their total. */
export function pickByWeight(weights: Float64Array, total: number, uniform: number): number {
  const target = uniform * total;
  let sum = 0;
  let last = 0;
  for (let i = 0; i < weights.length; i++) {
    if (weights[i] === 0) continue;
    sum += weights[i];
    last = i;
    if (sum > target) return i;
  }
  return last;
}

/**
 * Greedy k-means++ (Arthur and Vassilvitskii 2007; scikit-learn's default): each next centre is the best of 2 + ⌊ln K⌋ rows
 * drawn with probability proportional to the squared distance from the centres so far. Yields once a candidate.
 * @returns indices of K rows; the same row may come twice only when fewer than K rows differ
 */
export function* plusPlus(data: Data, K: number, random: () => number): Generator<void, number[], void> {
  const { N } = data;
  const trials = 2 + Math.floor(Math.log(K));
  const chosen = [Math.floor(random() * N)];
  let nearest: Float64Array = new Float64Array(N).fill(Infinity);
  const choose = chooser(data);
  let potential = choose(chosen[0], nearest, nearest);
  let spare: Float64Array = new Float64Array(N);
  let best: Float64Array = new Float64Array(N);
  while (chosen.length < K) {
    let least = Infinity;
    let winner = Math.floor(random() * N);
    for (let trial = 0; trial < trials && potential > 0; trial++) {
      const candidate = pickByWeight(nearest, potential, random());
      const result = choose(candidate, nearest, spare);
      if (result < least) {
        least = result;
        winner = candidate;
        [best, spare] = [spare, best];
      }
      yield;
    }
    chosen.push(winner);
    if (least < Infinity) {
      [nearest, best] = [best, nearest];
      potential = least;
    }
  }
  return chosen;
}
