import { msg, type Progress } from "../contract/index.js";
import { kernels } from "../kernels/current.js";
import { rolePlaces, roleScores } from "./headRoles.js";
import { inRows } from "./inSlices.js";
import type { MapSource } from "./partMapSource.js";
import type { MapPart } from "./trace.js";

/** Side of a thumbnail at most, and bytes of all thumbnails. */
const SIDE = 64;
const BYTES = 2 ** 22;

/** What is known of every head. */
export type Summary = Pick<MapPart, "side" | "thumbnails" | "entropy" | "previous" | "first" | "self" | "same">;

const summaries = new WeakMap<object, Summary>();

/** All heads, one after the other; the same maps are looked through once. Progress shows what is known so far. */
export function* summarize(source: MapSource): Generator<Progress<Summary>, Summary, void> {
  const known = summaries.get(source.identity);
  if (known) return known;
  const { layers, heads, rows, columns, ids, causal, visible } = source;
  const total = layers * heads;
  const n = Math.max(rows, columns);
  const side = Math.max(1, Math.min(n, SIDE, Math.floor(Math.sqrt(BYTES / total))));
  const empty = () => new Float64Array(total).fill(NaN);
  const summary = { side, thumbnails: new Uint8Array(total * side * side), entropy: empty(), previous: empty(), first: empty(), self: empty(), same: empty() };
  const places = ids && rolePlaces(ids, causal, visible);
  const block = Int32Array.from({ length: n }, (_, i) => Math.floor((i * side) / n));
  const entropies = new Float64Array(rows);
  for (let index = 0; index < total; index++) {
    const drawing = { fraction: index / total, message: msg("Drawing head {0} of {1}", index + 1, total) };
    const map = yield* source.map(Math.floor(index / heads), index % heads);
    yield drawing;
    const largest = new Float32Array(side * side);
    yield* inRows(rows, columns, drawing, (from, to) => {
      shrink(map, columns, block, from, to, side, largest);
      kernels().transformer.entropies(map.subarray(from * columns), columns, entropies.subarray(from, to));
    });
    for (let i = 0; i < largest.length; i++) summary.thumbnails[index * side * side + i] = Math.round(255 * Math.min(1, largest[i]));
    summary.entropy[index] = meanVisible(entropies, visible);
    if (places) {
      const scores = roleScores(map, places);
      for (const role of ["previous", "first", "self", "same"] as const) summary[role][index] = scores[role];
    }
    yield { ...drawing, trace: () => summary };
  }
  summaries.set(source.identity, summary);
  return summary;
}

/** The largest weight of each block of the square that the map lies in, of rows from `first` to before `end`. */
function shrink(map: Float32Array, columns: number, block: Int32Array, first: number, end: number, side: number, largest: Float32Array): void {
  for (let i = first; i < end; i++) {
    for (let j = 0; j < columns; j++) {
      const weight = map[i * columns + j];
      const at = block[i] * side + block[j];
      if (weight > largest[at]) largest[at] = weight;
    }
  }
}

function meanVisible(values: Float64Array, visible: Uint8Array): number {
  let [sum, count] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    if (visible[i] === 0) continue;
    sum += values[i];
    count++;
  }
  return count > 0 ? sum / count : NaN;
}
