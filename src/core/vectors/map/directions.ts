import { msg, type Message, type Progress } from "../../contract/index.js";
import { grouped } from "../../text/numberText.js";
import { boundedCosines } from "../boundedCosines.js";
import { boundedSearch } from "../boundedSearch.js";
import { dotRows } from "../dotRows.js";
import { norm } from "../similarity.js";
import { TopK, type Neighbour } from "../topK.js";
import type { MapPoints } from "./points.js";

/** Points as directions: the cosine of i and j is their product over both lengths. */
export type Directions = {
  readonly m: number;
  readonly d: number;
  readonly values: Float32Array; // [m, d]
  readonly norms: Float64Array; // [m] zero where there is no direction
};

/** Numbers touched between two yields. */
const STEP = 1 << 21;

/**
 * The chosen points in single precision. Those of a store are not copied as long as none before them was passed over; doubles
 * are scaled to length 1, lest they leave single precision's range.
 */
export function* directionsOf({ d, values }: MapPoints, indices: Int32Array): Generator<Progress, Directions, void> {
  const m = indices.length;
  const shared = values instanceof Float32Array && (m === 0 || indices[m - 1] === m - 1);
  const own = shared ? values.subarray(0, m * d) : new Float32Array(m * d);
  const norms = new Float64Array(m);
  const block = Math.ceil(STEP / Math.max(1, d));
  for (let start = 0; start < m; start += block) {
    const end = Math.min(m, start + block);
    for (let i = start; i < end; i++) {
      const from = indices[i] * d;
      const length = norm(values, d, from);
      norms[i] = shared ? length : length > 0 ? 1 : 0;
      if (!shared && length > 0) for (let j = 0; j < d; j++) own[i * d + j] = values[from + j] / length;
    }
    yield { fraction: NaN, message: msg("Measuring {0} of {1} vectors", grouped(end), grouped(m)) };
  }
  return { m, d, values: own, norms };
}

/** The same, every row of length 1 (or zero), in memory of its own where need be. */
export function* unitRows({ m, d, values, norms }: Directions): Generator<Progress, Float32Array, void> {
  if (norms.every((length) => length === 1 || length === 0)) return values;
  const units = new Float32Array(m * d);
  const block = Math.ceil(STEP / Math.max(1, d));
  for (let start = 0; start < m; start += block) {
    const end = Math.min(m, start + block);
    for (let i = start; i < end; i++) if (norms[i] > 0) for (let j = i * d; j < (i + 1) * d; j++) units[j] = values[j] / norms[i];
    yield { fraction: NaN, message: msg("Scaling {0} of {1} vectors to length 1", grouped(end), grouped(m)) };
  }
  return units;
}

/** Points compared with one another between two yields. */
const CHUNK = 20_000;

/** The k points of the greatest cosine with one of them, itself left out: exact, best first; none where it has no direction. */
export function* nearestDirections({ m, d, values, norms }: Directions, point: number, k: number): Generator<Progress, Neighbour[], void> {
  if (!(norms[point] > 0)) return [];
  const query = values.slice(point * d, (point + 1) * d).map((value) => value / norms[point]);
  const clipped = (score: number): number => Math.max(-1, Math.min(1, score));
  const message = (end: number): Message => msg("{0} of {1} points compared", grouped(end), grouped(m));
  const bounded = yield* boundedCosines(values, m, d, query, (row) => norms[row]);
  if (bounded) {
    const exact = (row: number): number => clipped(bounded.exact(row));
    return (yield* boundedSearch({ ...bounded, exact }, { k, excluded: new Set([point]), ranks: false, now: () => 0, message })).found;
  }
  const scores = new Float32Array(Math.min(CHUNK, m));
  const top = new TopK(k);
  for (let start = 0; start < m; start += CHUNK) {
    const end = Math.min(m, start + CHUNK);
    dotRows(values, d, start, end, query, scores);
    for (let i = start; i < end; i++) {
      const score = scores[i - start] / norms[i];
      if (score > top.threshold && i !== point) top.offer(i, clipped(score));
    }
    yield { fraction: end / m, message: message(end) };
  }
  return top.sorted();
}
