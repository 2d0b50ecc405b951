import type { Progress } from "../../contract/index.js";
import type { VectorReply } from "../trace.js";
import { choosePoints } from "./choose.js";
import { directionsOf, nearestDirections, type Directions } from "./directions.js";
import type { MapParams, MapPoints } from "./points.js";

/** What was prepared last for some values, since a pointer on its way over a map asks many times. */
const prepared = new WeakMap<MapPoints["values"], { readonly key: string; readonly directions: Directions }>();

/**
 * The k points of a layout that are nearest (cosine, exact) in the original space to one of them, itself left out. Needs no
 * layout: which points are laid out follows from the parameters.
 * @param point place in the layout's `names`
 */
export function* nearestOnMap(
  points: MapPoints,
  params: Pick<MapParams, "projection" | "map_rows">,
  point: number,
  k: number,
  now: () => number,
): Generator<Progress, VectorReply, void> {
  const key = `${points.n} ${points.d} ${params.projection} ${params.map_rows}`;
  let held = prepared.get(points.values);
  if (held?.key !== key) {
    const { indices } = yield* choosePoints(points, params);
    held = { key, directions: yield* directionsOf(points, indices) };
    prepared.set(points.values, held);
  }
  const begun = now();
  const found = yield* nearestDirections(held.directions, point, k);
  return {
    kind: "nearest",
    point,
    indices: Int32Array.from(found, ({ index }) => index),
    cosines: Float64Array.from(found, ({ score }) => score),
    searched: held.directions.m,
    milliseconds: now() - begun,
  };
}
