import { LEVELS, UNDEFINED } from "../../core/vectors/heatmap.js";
import type { HeatmapPart } from "../../core/vectors/trace.js";

/** A cell that has no value: the metric is undefined there, or it is on the diagonal, which says nothing. */
export const NO_LEVEL = UNDEFINED;

export type Order = "given" | "name" | "clustered";

/** The levels of a heatmap by rows, and what they stand for. */
export class Matrix {
  /** Where row i's cell (i, j) is, less j. */
  readonly #bases: Float64Array;
  readonly #undefined: Set<number>;

  constructor(readonly part: HeatmapPart, readonly n: number) {
    this.#bases = Float64Array.from({ length: n }, (_, i) => i * n - (i * (i + 1)) / 2);
    this.#undefined = new Set(part.undefinedRows);
  }

  /** The level of a pair of rows, NO_LEVEL on the diagonal. */
  level(i: number, j: number): number {
    if (i === j) return NO_LEVEL;
    return this.part.cells[i < j ? this.#bases[i] + j : this.#bases[j] + i];
  }

  /** Whether a pair has no value for the metric. */
  isUndefined(i: number, j: number): boolean {
    return this.#undefined.has(i) || this.#undefined.has(j);
  }

  valueOf(level: number): number {
    const { low, high } = this.part;
    return level === NO_LEVEL ? NaN : low + (level / LEVELS) * (high - low);
  }

  /** The level of a value, rounded; outside of the range the nearest one. */
  levelOf(value: number): number {
    const { low, high } = this.part;
    return high > low ? Math.max(0, Math.min(LEVELS, Math.round(((value - low) / (high - low)) * LEVELS))) : 0;
  }
}

/** Rows in the order of the screen: place → row. */
export function orderOf(order: Order, part: HeatmapPart, names: readonly string[]): Int32Array {
  if (order === "clustered") return part.clustered;
  const given = Int32Array.from({ length: names.length }, (_, i) => i);
  if (order === "given") return given;
  const { compare } = new Intl.Collator(undefined, { numeric: true });
  return given.sort((a, b) => compare(names[a], names[b]) || a - b);
}

/** Row → place on the screen. */
export function placesOf(order: Int32Array): Int32Array {
  const places = new Int32Array(order.length);
  for (let place = 0; place < order.length; place++) places[order[place]] = place;
  return places;
}

/** How many pairs of different rows stand at each level; the last entry counts those without one. */
export function histogramOf({ part: { cells } }: Matrix, n: number): Uint32Array {
  const counts = new Uint32Array(NO_LEVEL + 1);
  for (let i = 0, at = 0; i < n; i++) {
    at++; // the diagonal
    for (let j = i + 1; j < n; j++) counts[cells[at++]]++;
  }
  return counts;
}
