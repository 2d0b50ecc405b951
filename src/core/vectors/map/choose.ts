import { msg, type Message, type Progress } from "../../contract/index.js";
import { grouped } from "../../text/numberText.js";
import type { MapParams, MapPoints } from "./points.js";

/** An iteration goes through all points and all pairs of neighbours: above these it takes a tenth of a second and more, and a map minutes. */
export const mostPoints = { pca: 1_000_000, tsne: 50_000, umap: 100_000 } as const;

/** Which points are laid out. */
export type Chosen = {
  readonly indices: Int32Array; // [m] places in the points
  /** Points passed over: those with numbers that are not finite and, where only directions count, those without one. */
  readonly leftOut: number;
  /** Why there are fewer than could be. */
  readonly cut: Message | null;
};

/** Numbers looked at between two yields. */
const STEP = 1 << 21;

/** The first points that can be laid out, as many as the parameters and the method allow. */
export function* choosePoints(points: MapPoints, params: Pick<MapParams, "projection" | "map_rows">): Generator<Progress, Chosen, void> {
  const { n, d, values } = points;
  const most = Math.min(params.map_rows, mostPoints[params.projection]);
  const directed = params.projection !== "pca";
  const indices = new Int32Array(Math.min(n, most));
  const block = Math.ceil(STEP / Math.max(1, d));
  let m = 0;
  let leftOut = 0;
  let usable = 0;
  for (let start = 0; start < n; start += block) {
    const end = Math.min(n, start + block);
    for (let i = start; i < end; i++) {
      if (!isUsable(values, i * d, d, directed)) leftOut++;
      else if (usable++ < most) indices[m++] = i;
    }
    yield { fraction: NaN, message: msg("Looking at {0} of {1} vectors", grouped(end), grouped(n)) };
  }
  return { indices: indices.slice(0, m), leftOut, cut: usable > m ? reasonOf(params, m, usable) : null };
}

function isUsable(values: ArrayLike<number>, at: number, d: number, directed: boolean): boolean {
  let largest = 0;
  for (let j = 0; j < d; j++) {
    const size = Math.abs(values[at + j]);
    if (!(size < Number.POSITIVE_INFINITY)) return false;
    if (size > largest) largest = size;
  }
  return largest > 0 || !directed;
}

function reasonOf({ projection, map_rows }: Pick<MapParams, "projection" | "map_rows">, m: number, usable: number): Message {
  if (m === map_rows) return msg("The first {0} of {1} vectors are on the map, as the parameter “points laid out” says.", grouped(m), grouped(usable));
  return projection === "tsne"
    ? msg("The first {0} of {1} vectors are on the map: more would make t-SNE's iterations too slow to watch.", grouped(m), grouped(usable))
    : msg("The first {0} of {1} vectors are on the map: more would make UMAP's iterations too slow to watch.", grouped(m), grouped(usable));
}
