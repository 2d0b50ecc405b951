import { msg, type Progress } from "../../contract/index.js";
import { through } from "../../steps.js";
import { grouped } from "../../text/numberText.js";
import type { MapPart } from "../trace.js";
import { nearestDirections, type Directions } from "./directions.js";
import { Heaps } from "./heaps.js";

const NEAREST = 10;
/** Multiplications spent: a second or so. */
const WORK = 1e9;
const MOST = 1000;
const LEAST = 25;

/**
 * Of a point's ten nearest in the original space (cosine), the share that is among its ten nearest on the map, averaged over
 * points taken at equal steps: all of them up to a thousand, fewer where there are very many. Points without direction do
 * not count. Null where ten would be half of all.
 * @param positions [m, 2]
 */
export function* trustOf(directions: Directions, positions: Float32Array): Generator<Progress, MapPart["trust"], void> {
  const { m, d, norms } = directions;
  const k = NEAREST;
  if (m <= 2 * k) return null;
  const sample = Math.min(m, MOST, Math.max(LEAST, Math.floor(WORK / (m * d))));
  let kept = 0;
  let counted = 0;
  for (let s = 0; s < sample; s++) {
    const point = Math.floor((s * m) / sample);
    if (!(norms[point] > 0)) continue;
    const near = new Set(nearestPlaces(positions, point, k));
    const message = msg("Checking the neighbours of {0} of {1} points", grouped(s + 1), grouped(sample));
    const found = yield* through(nearestDirections(directions, point, k), () => ({ fraction: s / sample, message }));
    for (const { index } of found) if (near.has(index)) kept++;
    counted++;
  }
  return counted === 0 ? null : { k, sample: counted, share: kept / (k * counted) };
}

/** The k points nearest to one on the map, itself left out, in no order. */
export function nearestPlaces(positions: Float32Array, point: number, k: number): Int32Array {
  const heap = new Heaps(1, k);
  const x = positions[2 * point];
  const y = positions[2 * point + 1];
  for (let i = 0; i < positions.length / 2; i++) {
    const distance = (positions[2 * i] - x) ** 2 + (positions[2 * i + 1] - y) ** 2;
    if (distance < heap.bound(0) && i !== point) heap.offer(0, i, distance);
  }
  return heap.indices;
}
