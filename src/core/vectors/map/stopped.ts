import type { Course } from "./course.js";
import type { MapParams, MapPoints } from "./points.js";

export type Stopped = { readonly course: Course; /** That it has taken so far. */ readonly milliseconds: number };

/**
 * The course that was stopped last, to go on with where the same layout is asked for next, and what it is of. One, and until another layout
 * is asked for, since it may hold hundreds of megabytes.
 */
let stopped: (Stopped & { readonly key: string; readonly store: WeakRef<MapPoints["values"]> | undefined }) | undefined;

/** Leaves a course to go on with. @param key equal for equal rows of a source */
export function leaveStopped(left: Stopped, points: MapPoints, params: MapParams, key: string): void {
  stopped = { ...left, key: keyOf(points, params, key), store: points.kind === "store" ? new WeakRef(points.values) : undefined };
}

/** The course that was stopped last where it is of these points and parameters. It is left no more. */
export function takeStopped(points: MapPoints, params: MapParams, key: string): Stopped | undefined {
  const found = stopped;
  stopped = undefined;
  if (found?.key !== keyOf(points, params, key)) return undefined;
  // The rows may be made anew for each run; those of a store are told by themselves.
  return found.store?.deref() === (points.kind === "store" ? points.values : undefined) ? found : undefined;
}

function keyOf(
  { kind }: MapPoints,
  { projection, map_rows, perplexity, n_neighbors, min_dist, max_iter, random_state }: MapParams,
  key: string,
): string {
  return [kind, projection, map_rows, perplexity, n_neighbors, min_dist, max_iter, random_state, key].join(" ");
}
