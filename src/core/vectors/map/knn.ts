import type { Progress } from "../../contract/index.js";
import { exactNeighbours } from "./exactKnn.js";
import { likelyNeighbours } from "./likelyKnn.js";

/** The k nearest of each of m points, nearest first, itself left out. */
export type Knn = {
  readonly m: number;
  readonly k: number;
  readonly indices: Int32Array; // [m, k]
  readonly distances: Float32Array; // [m, k] Euclidean, of the rows of length 1
  /** False where the neighbours were looked for among likely ones only. */
  readonly exact: boolean;
};

/**
 * Multiplications up to which every pair is compared: some ten seconds of one thread in WebAssembly. Looking among likely ones takes half of that
 * there, and misses some.
 */
export const exactWork = 1.3e11;

/**
 * The k nearest neighbours of unit rows: by all pairs, or, where those are too many, among likely ones. Yields every few milliseconds.
 * @param units [m, d] rows of length 1
 * @param k below m
 * @param work pairs times dimensions up to which all pairs are compared
 */
export function* nearestNeighbours(
  units: Float32Array,
  m: number,
  d: number,
  k: number,
  random: () => number,
  work = exactWork,
): Generator<Progress, Knn, void> {
  const exact = 0.5 * m * m * d <= work;
  return { m, k, ...(yield* exact ? exactNeighbours(units, m, d, k) : likelyNeighbours(units, m, d, k, random)), exact };
}
