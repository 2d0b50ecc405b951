import type { Progress } from "../../contract/index.js";
import { cosineNeighbours } from "../neighbours.js";
import type { VectorReply } from "../trace.js";
import { choosePoints } from "./choose.js";
import { directionsOf } from "./directions.js";
import type { MapParams, MapPoints } from "./points.js";

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
  const { indices } = yield* choosePoints(points, params);
  const searched = yield* directionsOf(points, indices);
  const begun = now();
  const found = yield* cosineNeighbours(searched, searched.row(point), k, new Set([point]));
  return {
    kind: "nearest",
    point,
    indices: Int32Array.from(found, ({ index }) => index),
    cosines: Float64Array.from(found, ({ score }) => score),
    searched: indices.length,
    milliseconds: now() - begun,
  };
}
