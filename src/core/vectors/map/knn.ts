import { msg, type Message, type Progress } from "../../contract/index.js";
import { grouped } from "../../text/numberText.js";
import { exactNeighbours } from "./exactKnn.js";
import { distanceOf, joinNeighbours, plantTree } from "./forest.js";
import { Heaps } from "./heaps.js";

/** The k nearest of each of m points, nearest first, itself left out. */
export type Knn = {
  readonly m: number;
  readonly k: number;
  readonly indices: Int32Array; // [m, k]
  readonly distances: Float32Array; // [m, k] Euclidean, of the rows of length 1
  /** False where the neighbours were looked for among likely ones only. */
  readonly exact: boolean;
};

/** Multiplications between two yields: a few milliseconds. */
const STEP = 1 << 22;
/**
 * Multiplications up to which every pair is compared: some twenty seconds of one thread in WebAssembly. Looking for many neighbours among
 * likely ones takes longer.
 */
export const exactWork = 1.3e11;

/** Rows of neighbours sorted between two yields. */
const SORTED = 1000;

const TREES = 12;
const ROUNDS = 4;

/**
 * The k nearest neighbours of unit rows: by all pairs, or, where those are too many, by a forest of random projection trees
 * (Dasgupta and Freund 2008) whose leaves are compared pair by pair, then by trying neighbours' neighbours (Dong, Moses
 * and Li 2011). Yields every few milliseconds.
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
  if (0.5 * m * m * d <= work) return { m, k, ...(yield* exactNeighbours(units, m, d, k)), exact: true };
  const heaps = new Heaps(m, k);
  for (let tree = 0; tree < TREES; tree++) {
    const message = msg("Looking for neighbours: tree {0} of {1}", tree + 1, TREES);
    const planting = plantTree(units, m, d, Math.max(50, k), random, STEP);
    let planted = planting.next();
    for (; !planted.done; planted = planting.next()) yield progress((tree / TREES) * 0.6, message);
    const leaves = planted.value;
    let done = 0;
    for (const leaf of leaves) {
      compareLeaf(units, d, leaf, heaps);
      if ((done += leaf.length * leaf.length * d) > STEP) {
        done = 0;
        yield progress((tree / TREES) * 0.6, message);
      }
    }
  }
  for (let round = 0; round < ROUNDS; round++) {
    const message = msg("Looking for neighbours among neighbours' neighbours: round {0} of {1}", round + 1, ROUNDS);
    for (const part of joinNeighbours(units, d, heaps, STEP)) yield progress(0.6 + (0.4 * (round + part)) / ROUNDS, message);
  }
  for (let i = 0; i < m; i++) {
    heaps.sort(i);
    if (i % SORTED === SORTED - 1) yield progress(1, msg("Neighbours of {0} of {1} points", grouped(i + 1), grouped(m)));
  }
  return { m, k, indices: heaps.indices, distances: heaps.distances, exact: false };
}

function progress(fraction: number, message: Message): Progress {
  return { fraction, message };
}

function product(units: Float32Array, d: number, i: number, j: number): number {
  let sum = 0;
  for (let a = i * d, b = j * d, end = a + d; a < end; a++, b++) sum += units[a] * units[b];
  return sum;
}

function compareLeaf(units: Float32Array, d: number, leaf: Int32Array, heaps: Heaps): void {
  for (let x = 0; x < leaf.length; x++) {
    for (let y = x + 1; y < leaf.length; y++) {
      const distance = distanceOf(product(units, d, leaf[x], leaf[y]));
      if (distance < heaps.bound(leaf[x])) heaps.offerNew(leaf[x], leaf[y], distance);
      if (distance < heaps.bound(leaf[y])) heaps.offerNew(leaf[y], leaf[x], distance);
    }
  }
}
