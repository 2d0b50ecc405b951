import type { VectorParams } from "../params.js";
import type { VectorsTrace } from "../trace.js";

/** What may be laid out: the source's rows, or the words of a store. */
export type MapPoints = {
  readonly kind: "rows" | "store";
  readonly n: number;
  readonly d: number;
  readonly values: Float32Array | Float64Array; // [n, d]
  readonly names: readonly string[]; // [n] never empty
  /** A point's row of the trace, or −1 for a word of the store that the source does not have. */
  rowOf(point: number): number;
};

/** The parameters that a layout depends on. */
export type MapParams = Pick<
  VectorParams,
  "projection" | "map_rows" | "perplexity" | "n_neighbors" | "min_dist" | "max_iter" | "random_state"
>;

/** The rows of a source as points. */
export function rowPoints(rows: Pick<VectorsTrace, "n" | "d" | "names"> & { readonly values: Float32Array | Float64Array }): MapPoints {
  return { kind: "rows", n: rows.n, d: rows.d, values: rows.values, names: rows.names, rowOf: (point) => point };
}

/** The words of a store as points, those marked that bear the name of a row of the source; of rows of one name the first. */
export function storePoints(
  store: { readonly n: number; readonly d: number; readonly words: readonly string[]; readonly values: Float32Array },
  names: readonly string[],
): MapPoints {
  const { n, d, words, values } = store;
  let rows: ReadonlyMap<string, number> | undefined;
  // Only layouts need them, not questions about one.
  const rowOf = (point: number) => (rows ??= rowsByName(names)).get(words[point]) ?? -1;
  return { kind: "store", n, d, values, names: words, rowOf };
}

function rowsByName(names: readonly string[]): ReadonlyMap<string, number> {
  const rows = new Map<string, number>();
  for (let i = names.length - 1; i >= 0; i--) rows.set(names[i], i);
  return rows;
}
