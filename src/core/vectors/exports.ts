import { csvLine } from "../text/csvLine.js";
import { cellAt, cellValue } from "./heatmap.js";
import { between, prepareRows, type Metric, type Rows } from "./similarity.js";
import type { HeatmapPart, VectorsTrace } from "./trace.js";

/** Rows and columns that a CSV written by the view has at the most; larger ones are written row by row to a file. */
export const MOST_CSV_ROWS = 1000;

/** One line of the similarity CSV a step: the names, then each row's values in full precision; undefined ones are empty. */
export function* similarityLines(rows: Rows, names: readonly string[], metric: Metric, order?: ArrayLike<number>): Generator<string, void, void> {
  const { n, d } = rows;
  const { values, undefinedRows } = prepareRows(rows, metric);
  const blank = new Uint8Array(n);
  for (const i of undefinedRows) blank[i] = 1;
  const places = order && isOrder(order, n) ? Array.from(order) : Array.from({ length: n }, (_, i) => i);
  yield csvLine([metric, ...places.map((i) => names[i])]);
  for (const i of places) {
    yield csvLine([names[i], ...places.map((j) => {
      const value = blank[i] || blank[j] ? NaN : between(values, d, metric, i, j);
      return Number.isFinite(value) ? value : "";
    })]);
  }
}

function isOrder(order: ArrayLike<number>, n: number): boolean {
  if (order.length !== n) return false;
  const seen = new Uint8Array(n);
  for (let i = 0; i < n; i++) {
    if (!(Number.isInteger(order[i]) && order[i] >= 0 && order[i] < n) || seen[order[i]]) return false;
    seen[order[i]] = 1;
  }
  return true;
}

/** The similarities of all rows, exact, in the order given. */
export function similarityCsv(trace: VectorsTrace & { readonly values: NonNullable<VectorsTrace["values"]> }, metric: Metric, order?: ArrayLike<number>): string {
  return [...similarityLines(trace, trace.names, metric, order)].join("");
}

/** The joinings of the clustering, as scipy's `linkage` lists them: left, right, height, and how many rows they hold. */
export function linkageCsv({ n, names }: VectorsTrace, part: HeatmapPart): string {
  const sizes = new Map<number, number>();
  const nameOf = (cluster: number): string => (cluster < n ? names[cluster] : `#${cluster - n + 1}`);
  const lines = Array.from(part.left, (left, m) => {
    const right = part.right[m];
    const size = (sizes.get(left) ?? 1) + (sizes.get(right) ?? 1);
    sizes.set(n + m, size);
    return csvLine([`#${m + 1}`, nameOf(left), nameOf(right), part.height[m], size]);
  });
  return csvLine(["cluster", "left", "right", "height", "size"]) + lines.join("");
}

/** Names, vectors' lengths and the similarities of up to 1,000 rows; of more rows, without the similarities. */
export function heatmapJson(trace: VectorsTrace, part: HeatmapPart): string {
  const { n, d, names, norms, origin, store } = trace;
  const value = (i: number, j: number): number | null => {
    const v = cellValue(part, cellAt(n, i, j));
    return Number.isNaN(v) ? null : Number(v.toPrecision(5));
  };
  const small = n <= MOST_CSV_ROWS;
  const pair = (found: HeatmapPart["closest"]): object | null => found && { a: names[found.a], b: names[found.b], value: found.value };
  const content = {
    metric: part.metric,
    rows: n,
    dimensions: d,
    origin,
    store: store && { name: store.name || "built-in", words: store.words, dimensions: store.dimensions },
    names,
    norms: Array.from(norms),
    closest: pair(part.closest),
    farthest: pair(part.farthest),
    undefined: part.undefinedRows.map((i) => names[i]),
    clustered: Array.from(part.clustered, (i) => names[i]),
    ...(small ? { similarities: names.map((_, i) => names.map((__, j) => value(i, j))) } : {}),
  };
  return `${JSON.stringify(content, null, 1)}\n`;
}
