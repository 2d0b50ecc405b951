import { msg, type Message, type Problem, type Progress, type WordVectors } from "../contract/index.js";
import { collectionOf, type Collection } from "./collection.js";
import type { VectorInput } from "./input.js";
import { lookupNotes, type Lookup } from "./lookup.js";
import type { VectorParams } from "./params.js";
import { norm } from "./similarity.js";
import { VectorStore } from "./store.js";
import { uniqueNames } from "./chooseVectors.js";
import type { VectorsTrace } from "./trace.js";

/** The rows that a panel compares, and all that may be searched. */
export type RowSet = Pick<VectorsTrace, "origin" | "n" | "d" | "names" | "norms" | "spans" | "lines" | "total" | "notes" | "stated"> & {
  readonly values: Float32Array | Float64Array; // [n, d]
  /** All rows of the source. */
  readonly whole: Collection;
  /** [n] where each row is in `whole`; null where row i is i. */
  readonly places: Int32Array | null;
  /** [whole.n] where each is in the store; null unless they were looked up there. */
  readonly inStore: Int32Array | null;
  /** The row that was asked about. */
  readonly focus: number | null;
  readonly warnings: readonly Problem[];
};

/** Numbers that a trace may hold: 64 MB in single precision. */
const MOST_VALUES = 16e6;

/** How many rows of d numbers a run takes. */
export function rowLimit({ tab, points, rows, map_rows }: VectorParams, d: number): number {
  const wanted = tab === "map" && points === "rows" ? Math.max(rows, map_rows) : rows;
  return tab === "map" ? wanted : Math.max(2, Math.min(wanted, Math.floor(MOST_VALUES / Math.max(1, d))));
}

/** The rows of a source that are vectors. */
export function* vectorRows(input: Extract<VectorInput, { kind: "vectors" | "file" }>, params: VectorParams): Generator<Progress, RowSet, void> {
  return input.kind === "vectors" ? textRows(input, params) : yield* fileRows(input.store, input.notes, params);
}

function textRows({ vectors, focus, inEditor, notes, stated }: Extract<VectorInput, { kind: "vectors" }>, params: VectorParams): RowSet {
  const { d, norms, names, values, spans, lines } = vectors;
  const n = Math.min(vectors.n, rowLimit(params, d));
  const cut = cutNote(n, vectors.n, params, d);
  return {
    origin: "vectors",
    n,
    d,
    names: names.slice(0, n),
    values: n === vectors.n ? values : values.subarray(0, n * d),
    norms: norms.slice(0, n),
    spans: inEditor ? spans.slice(0, 2 * n) : null,
    lines: lines.slice(0, n),
    total: vectors.n,
    stated: stated.filter(({ a, b }) => a < n && b < n),
    whole: collectionOf(vectors),
    places: null,
    inStore: null,
    focus: focus !== null && focus < n ? focus : null,
    ...sorted([...notes, ...(cut ? [cut] : []), ...zeroNote(norms.subarray(0, n), names, lines, spans)]),
  };
}

/** Problems by what is to be done with them: warnings stand under the headline, notes at the number of rows. */
function sorted(problems: readonly Problem[]): { readonly notes: readonly Problem[]; readonly warnings: readonly Problem[] } {
  const warns = ({ severity }: Problem): boolean => severity !== "info";
  return { notes: problems.filter((problem) => !warns(problem)), warnings: problems.filter(warns) };
}

function cutNote(n: number, total: number, params: VectorParams, d: number): Problem | undefined {
  if (n >= total || params.tab === "map") return undefined;
  const roomier = Math.min(5000, total, Math.max(2, Math.floor(MOST_VALUES / d)));
  const fixes = roomier > n ? [{ label: msg("Compare {0}", roomier), params: { rows: roomier } }] : [];
  return { severity: "info", message: msg("The first {0} of {1} vectors are compared with one another; neighbours are looked for among all.", n, total), fixes };
}

function zeroNote(norms: Float64Array, names: readonly string[], lines?: ArrayLike<number>, spans?: ArrayLike<number>): Problem[] {
  const zeros: number[] = [];
  for (let i = 0; i < norms.length; i++) if (norms[i] === 0) zeros.push(i);
  if (zeros.length === 0) return [];
  const [i] = zeros;
  const message: Message = zeros.length === 1
    ? msg("{0} is a zero vector: it has no direction, so its cosines are undefined.", names[i])
    : msg("{0} vectors are zero ({1}): they have no direction, so their cosines are undefined.", zeros.length, listed(zeros.map((k) => names[k])));
  return [{ severity: "warning", message, ...(lines ? { line: lines[i] } : {}), ...(spans ? { span: { start: spans[2 * i], end: spans[2 * i + 1] } } : {}) }];
}

function listed(names: readonly string[]): string {
  return names.slice(0, 5).join(", ") + (names.length > 5 ? " …" : "");
}

/** Rows looked at between two yields. */
const SLICE = 10_000;

function* fileRows(store: VectorStore, notes: readonly Problem[], params: VectorParams): Generator<Progress, RowSet, void> {
  const { d, values } = store;
  const limit = Math.min(store.n, rowLimit(params, d));
  const kept: number[] = [];
  let i = 0;
  for (; i < store.n && kept.length < limit; i++) {
    if (allFinite(values, i * d, (i + 1) * d)) kept.push(i);
    if (i % SLICE === 0) yield { fraction: NaN, message: msg("Reading rows") };
  }
  const n = kept.length;
  const contiguous = i === n;
  const own = n === store.n ? values : contiguous ? values.subarray(0, n * d) : new Float32Array(n * d);
  if (!contiguous) for (const [r, place] of kept.entries()) own.set(store.row(place), r * d);
  const norms = Float64Array.from({ length: n }, (_, r) => norm(own, d, r * d));
  const names = uniqueNames(kept.map((place) => store.word(place)), kept.map((place) => place + 1));
  const left = i - n;
  const cut = i < store.n ? cutNote(n, store.n, params, d) : undefined;
  const problems: Problem[] = [
    ...notes,
    ...(left > 0 ? [{ severity: "warning", message: left === 1 ? msg("One row with NaN or infinite numbers was left out.") : msg("{0} rows with NaN or infinite numbers were left out.", left) } as const] : []),
    ...(cut ? [cut] : []),
    ...zeroNote(norms, names),
  ];
  return {
    origin: "file", n, d, names, values: own, norms, spans: null, lines: null, total: store.n, stated: [], whole: store,
    places: contiguous ? null : Int32Array.from(kept), inStore: null, focus: null, ...sorted(problems),
  };
}

/** Places of rows by the names that the trace gives them, where the collection has others. */
export function calledRows({ names, whole, places }: RowSet): ReadonlyMap<string, number> {
  const called = new Map<string, number>();
  for (const [row, name] of names.entries()) {
    const place = places?.[row] ?? row;
    if (whole.word(place) !== name) called.set(name, place);
  }
  return called;
}

function allFinite(values: Float32Array | Float64Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (values[i] - values[i] !== 0) return false;
  return true;
}

/** The words of a text that a store has, with their vectors. */
export function* wordRows(lookup: Lookup, store: WordVectors, inEditor: boolean, params: VectorParams): Generator<Progress, RowSet, void> {
  const { d } = store;
  const problems = yield* lookupNotes(lookup, store, inEditor);
  const finite = lookup.found.filter(({ index }) => allFinite(store.values, index * d, (index + 1) * d));
  if (finite.length < lookup.found.length) {
    problems.push({ severity: "warning", message: msg("{0} words have vectors with NaN or infinite numbers and were left out.", lookup.found.length - finite.length) });
  }
  const packed = new Float32Array(finite.length * d);
  for (const [r, { index }] of finite.entries()) packed.set(store.row(index), r * d);
  const whole = new VectorStore(finite.map(({ name }) => name), packed, d);
  const n = Math.min(finite.length, rowLimit(params, d));
  const rows = finite.slice(0, n);
  const norms = Float64Array.from({ length: n }, (_, r) => norm(packed, d, r * d));
  const lines = Int32Array.from(rows, ({ line }) => line);
  const spans = Int32Array.from(rows.flatMap(({ start, end }) => [start, end]));
  const cut = cutNote(n, finite.length, params, d);
  return {
    origin: "words", n, d, names: rows.map(({ name }) => name), values: n === finite.length ? packed : packed.subarray(0, n * d), norms,
    spans: inEditor ? spans : null, lines, total: finite.length, stated: [], whole, places: null,
    inStore: Int32Array.from(finite, ({ index }) => index), focus: null,
    ...sorted([...problems, ...(cut ? [cut] : []), ...zeroNote(norms, whole.words, lines, inEditor ? spans : undefined)]),
  };
}
