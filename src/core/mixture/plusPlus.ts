import type { Points } from "./kmeans.js";

/** Lowers each point's squared distance to its nearest chosen point by the choice of point `chosen`. @returns their sum */
export function choosePoint(points: Points, chosen: number, nearest: Float64Array, out = nearest): number {
  const { x, n, D } = points;
  const centre = x.slice(chosen * D, (chosen + 1) * D);
  let potential = 0;
  for (let i = 0, at = 0; i < n; i++) {
    let distance = 0;
    for (let d = 0; d < D; d++) {
      const difference = x[at++] - centre[d];
      distance += difference * difference;
    }
    out[i] = Math.min(nearest[i], distance);
    potential += out[i];
  }
  return potential;
}

/** The point at which the running sum of weights passes `uniform` (in [0, 1)) of their total. */
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
 * Greedy k-means++ (Arthur and Vassilvitskii 2007; scikit-learn's default): each next centre is the best of 2 + ⌊ln K⌋ points
 * drawn with probability proportional to the squared distance from the centres so far. Yields once a candidate.
 * @returns indices of K points; the same point may come twice only when fewer than K points differ
 */
export function* plusPlus(points: Points, K: number, random: () => number): Generator<void, number[], void> {
  const { n } = points;
  const trials = 2 + Math.floor(Math.log(K));
  const chosen = [Math.floor(random() * n)];
  let nearest: Float64Array = new Float64Array(n).fill(Infinity);
  let potential = choosePoint(points, chosen[0], nearest);
  let spare: Float64Array = new Float64Array(n);
  let best: Float64Array = new Float64Array(n);
  while (chosen.length < K) {
    let least = Infinity;
    let winner = Math.floor(random() * n);
    for (let trial = 0; trial < trials && potential > 0; trial++) {
      const candidate = pickByWeight(nearest, potential, random());
      const result = choosePoint(points, candidate, nearest, spare);
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
