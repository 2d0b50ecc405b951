import type { Data } from "./data.js";

/** Rows whose distances are held at a time. */
const blockRows = 1024;

/** Lowers each row's squared distance to its nearest chosen row by the choice of row `chosen`. @returns their sum */
export function choosePoint({ columns, N, D }: Data, chosen: number, nearest: Float64Array, out = nearest): number {
  const distances = new Float64Array(Math.min(N, blockRows));
  let potential = 0;
  for (let from = 0; from < N; from += blockRows) {
    const to = Math.min(N, from + blockRows);
    distances.fill(0);
    let d = 0;
    for (; d + 1 < D; d += 2) addSquaresOfTwo(columns[d], columns[d + 1], chosen, from, to, distances);
    if (d < D) addSquares(columns[d], chosen, from, to, distances);
    potential = takeNearer(distances, from, to, nearest, out, potential);
  }
  return potential;
}

/** Two columns at a time take half the stores, which are most of the work; the sums are the same. */
function addSquaresOfTwo(x: Float64Array, y: Float64Array, chosen: number, from: number, to: number, out: Float64Array): void {
  const centreX = x[chosen];
  const centreY = y[chosen];
  for (let i = from; i < to; i++) {
    const a = x[i] - centreX;
    const b = y[i] - centreY;
    out[i - from] = out[i - from] + a * a + b * b;
  }
}

function addSquares(x: Float64Array, chosen: number, from: number, to: number, out: Float64Array): void {
  const centre = x[chosen];
  for (let i = from; i < to; i++) {
    const a = x[i] - centre;
    out[i - from] += a * a;
  }
}

/** @returns the sum so far and that of the rows */
function takeNearer(distances: Float64Array, from: number, to: number, nearest: Float64Array, out: Float64Array, sum: number): number {
  for (let i = from; i < to; i++) {
    const before = nearest[i];
    const now = distances[i - from];
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
  let potential = choosePoint(data, chosen[0], nearest);
  let spare: Float64Array = new Float64Array(N);
  let best: Float64Array = new Float64Array(N);
  while (chosen.length < K) {
    let least = Infinity;
    let winner = Math.floor(random() * N);
    for (let trial = 0; trial < trials && potential > 0; trial++) {
      const candidate = pickByWeight(nearest, potential, random());
      const result = choosePoint(data, candidate, nearest, spare);
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
