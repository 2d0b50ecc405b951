import type { MapPart, VectorsTrace } from "../trace.js";

/** How many numbers each point of a map has: words of the store need not be as long as the source's vectors. */
export function mapDimensions({ d, store }: VectorsTrace, { points }: MapPart): number {
  return points === "store" && store ? store.dimensions : d;
}
