import { msg, type Progress } from "../contract/index.js";
import { through } from "../steps.js";
import { grouped } from "../text/numberText.js";
import { averageLinkage, type Dendrogram } from "./cluster.js";
import { between, prepareRows, type Metric, type Rows } from "./similarity.js";
import { similarityMatrix } from "./similarityMatrix.js";
import type { HeatmapPart, Pair } from "./trace.js";

/** Levels of a cell; the one above the last is undefined. */
export const LEVELS = 65534;
export const UNDEFINED = 65535;
/** Rows between two yields. */
const SLICE = 64;

/** Whether a metric grows with the difference. */
export function isDistance(metric: Metric): boolean {
  return metric === "euclidean" || metric === "manhattan";
}

/** Where cell (i, j) is in a triangle of n rows. */
export function cellAt(n: number, i: number, j: number): number {
  const [a, b] = i <= j ? [i, j] : [j, i];
  return a * n - (a * (a - 1)) / 2 + b - a;
}

/** The value that a cell stands for; NaN where undefined. Within (high − low) / 131068 of the exact one. */
export function cellValue({ cells, low, high }: Pick<HeatmapPart, "cells" | "low" | "high">, cell: number): number {
  return cells[cell] === UNDEFINED ? NaN : low + (cells[cell] / LEVELS) * (high - low);
}

/**
 * All pairs of rows, and their order by average linkage. The one [n, n] array that it needs becomes the distances of the
 * clustering, so that 5,000 rows take 100 MB at the most.
 */
export function* heatmapOf(rows: Rows, metric: Metric): Generator<Progress<HeatmapPart>, HeatmapPart, void> {
  const { n } = rows;
  const { values, undefinedRows } = yield* through(similarityMatrix(rows, metric), ({ fraction, message }) => ({ fraction: fraction * 0.6, message }));
  const undefinedRow = new Uint8Array(n);
  for (const i of undefinedRows) undefinedRow[i] = 1;
  const scale = yield* scaleOf(values, undefinedRow, n, metric);
  const cells = yield* quantise(values, undefinedRow, n, scale);
  const found = { metric, cells, low: scale.low, high: scale.high, undefinedRows, closest: exactly(rows, metric, scale.most), farthest: exactly(rows, metric, scale.least) };
  const none = { clustered: Int32Array.from({ length: n }, (_, i) => i), left: new Int32Array(0), right: new Int32Array(0), height: new Float32Array(0) };
  const trace = (): HeatmapPart => ({ ...found, ...none });
  yield { fraction: 0.7, message: msg("Grouping rows"), trace };
  const defined = Int32Array.from(none.clustered.filter((i) => undefinedRow[i] === 0));
  yield* toDistances(values, defined, n, metric, scale.high);
  const grouping = averageLinkage(values, defined.length);
  let grouped = grouping.next();
  for (; !grouped.done; grouped = grouping.next()) yield { fraction: 0.7 + 0.3 * grouped.value.fraction, message: grouped.value.message, trace };
  return { ...found, ...inRows(grouped.value, defined, undefinedRows, n) };
}

type Scale = { readonly low: number; readonly high: number; readonly most: readonly [number, number] | null; readonly least: readonly [number, number] | null };

/** The range of the defined cells, and the pairs of different rows that are closest and farthest. */
function* scaleOf(values: Float32Array, undefinedRow: Uint8Array, n: number, metric: Metric): Generator<Progress<HeatmapPart>, Scale, void> {
  let low = Infinity;
  let high = -Infinity;
  let top = -Infinity;
  let bottom = Infinity;
  const pairs = { high: [-1, -1] as [number, number], low: [-1, -1] as [number, number] };
  for (let i = 0; i < n; i++) {
    if (i % SLICE === 0) yield { fraction: 0.6 + (0.05 * i) / n, message: msg("Row {0} of {1}", grouped(i + 1), grouped(n)) };
    if (undefinedRow[i]) continue;
    for (let j = i; j < n; j++) {
      const v = values[i * n + j];
      // Products beyond single precision are infinite; they are told by their cells.
      if (undefinedRow[j] || v - v !== 0) continue;
      if (v < low) low = v;
      if (v > high) high = v;
      if (j === i) continue;
      if (v > top) {
        top = v;
        pairs.high = [i, j];
      }
      if (v < bottom) {
        bottom = v;
        pairs.low = [i, j];
      }
    }
  }
  const [most, least] = isDistance(metric) ? [pairs.low, pairs.high] : [pairs.high, pairs.low];
  const none = top === -Infinity;
  return low > high ? { low: 0, high: 0, most: null, least: null } : { low, high, most: none ? null : most, least: none ? null : least };
}

function* quantise(values: Float32Array, undefinedRow: Uint8Array, n: number, { low, high }: Scale): Generator<Progress<HeatmapPart>, Uint16Array, void> {
  const cells = new Uint16Array((n * (n + 1)) / 2).fill(UNDEFINED);
  const factor = high > low ? LEVELS / (high - low) : 0;
  for (let i = 0, at = 0; i < n; i++) {
    if (i % SLICE === 0) yield { fraction: 0.65 + (0.05 * i) / n, message: msg("Row {0} of {1}", grouped(i + 1), grouped(n)) };
    if (undefinedRow[i]) {
      at += n - i;
      continue;
    }
    for (let j = i; j < n; j++, at++) {
      const v = values[i * n + j];
      if (!undefinedRow[j] && v - v === 0) cells[at] = Math.round((v - low) * factor);
    }
  }
  return cells;
}

/** Turns the values of the defined rows into distances, moved together to [m, m] at the front. */
function* toDistances(values: Float32Array, defined: Int32Array, n: number, metric: Metric, high: number): Generator<Progress<HeatmapPart>, void, void> {
  const m = defined.length;
  const distance = isDistance(metric);
  const from = metric === "dot" ? high : 1;
  for (let r = 0; r < m; r++) {
    if (r % SLICE === 0) yield { fraction: 0.7, message: msg("Grouping rows") };
    for (let c = 0; c < m; c++) {
      const v = values[defined[r] * n + defined[c]];
      const away = distance ? v : from - v;
      values[r * m + c] = away - away === 0 ? Math.max(0, away) : 3e38;
    }
  }
}

function inRows({ merges, order }: Dendrogram, defined: Int32Array, undefinedRows: readonly number[], n: number): Pick<HeatmapPart, "clustered" | "left" | "right" | "height"> {
  const m = defined.length;
  const name = (cluster: number): number => (cluster < m ? defined[cluster] : cluster - m + n);
  return {
    clustered: Int32Array.from([...Array.from(order, (i) => defined[i]), ...undefinedRows]),
    left: Int32Array.from(merges, ({ left }) => name(left)),
    right: Int32Array.from(merges, ({ right }) => name(right)),
    height: Float32Array.from(merges, ({ height }) => height),
  };
}

/** A pair with its value in double precision. */
function exactly({ d, values }: Rows, metric: Metric, pair: readonly [number, number] | null): Pair | null {
  if (!pair) return null;
  const two = new Float64Array(2 * d);
  for (const [r, i] of pair.entries()) two.set(values.subarray(i * d, (i + 1) * d), r * d);
  const { values: prepared } = prepareRows({ n: 2, d, values: two }, metric);
  return { a: pair[0], b: pair[1], value: between(prepared, d, metric, 0, 1) };
}
