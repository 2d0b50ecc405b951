import { msg, type Parsed, type Progress } from "../contract/index.js";
import { rowEntropies } from "./maps.js";
import { combineMasks, causalMask } from "./mask.js";
import { scaledDotProduct } from "./scaledDotProduct.js";
import type { GivenArrays, Subject } from "./subject.js";
import type { Tokens } from "./trace.js";

/** Attention of all heads, wherever it comes from. */
export type MapSource = {
  /** The same object for the same maps, in every run. */
  readonly identity: object;
  readonly layers: number;
  readonly heads: number;
  readonly rows: number;
  readonly columns: number;
  readonly causal: boolean;
  /** Numbers of the tokens, equal for equal ones; undefined where rows and columns are not the same tokens. */
  readonly ids: Int32Array | undefined;
  /** [rows] 0 for padding. */
  readonly visible: Uint8Array;
  /** [rows, columns] weights of a head; not to be changed. */
  map(layer: number, head: number): Float32Array;
  /** Columns that a row may attend to at all. */
  seen(row: number): number;
};

/** The maps of a model's reading, of Q and K of one's own, or attention of one's own. */
export function* mapSource(subject: Subject): Generator<Progress, Parsed<MapSource>, void> {
  const { given } = subject;
  if (given) return ofGiven(given);
  const parsed = yield* subject.reading();
  if (!parsed.ok) return parsed;
  const { layers, heads, causal, weights, tokens: { ids, visible } } = parsed.input;
  const open = visible.reduce((sum, each) => sum + each, 0);
  const n = ids.length;
  const source: MapSource = { identity: weights, layers, heads, rows: n, columns: n, causal, ids, visible, map: weights, seen: (row) => (causal ? row + 1 : open) };
  return { ok: true, input: source, problems: [] };
}

const made = new WeakMap<object, MapSource>();

function ofGiven(given: GivenArrays): Parsed<MapSource> {
  if (given.kind === "states") {
    const message = msg("These are states of an encoder and a decoder. How the decoder looks at the encoder is shown under Sequence to sequence.");
    return { ok: false, problems: [{ severity: "error", title: msg("No attention map"), message, fixes: [{ label: msg("Show Sequence to sequence"), params: { tab: "sequence" } }] }] };
  }
  let source = made.get(given);
  if (!source) made.set(given, (source = given.kind === "maps" ? ofMaps(given) : ofMatrices(given)));
  return { ok: true, input: source, problems: [] };
}

function ofMaps(given: Extract<GivenArrays, { kind: "maps" }>): MapSource {
  const { layers, heads, rows, columns, weights, tokens } = given;
  const cells = rows * columns;
  const causal = causalMaps(given);
  const lead = Math.max(0, columns - rows);
  return {
    identity: given, layers, heads, rows, columns, causal,
    ids: rows === columns ? nameIds(rows, tokens) : undefined,
    visible: new Uint8Array(rows).fill(1),
    map: (layer, head) => weights.subarray((layer * heads + head) * cells, (layer * heads + head + 1) * cells),
    seen: (row) => (causal ? Math.min(columns, row + lead + 1) : columns),
  };
}

function ofMatrices(given: Extract<GivenArrays, { kind: "matrices" }>): MapSource {
  const { query, key, tokens } = given;
  const [rows, columns] = [query[0].rows, key[0].rows];
  const mask = maskOf(given);
  const maps = query.map(({ values, columns: size }, head) => {
    const shared = Math.floor((head * key.length) / query.length);
    return Float32Array.from(scaledDotProduct(values, key[shared].values, new Float32Array(0), { queries: rows, keys: columns, size, valueSize: 0 }, { mask }).weights);
  });
  const seen = (row: number) => (mask ? mask.subarray(row * columns, (row + 1) * columns).filter((bias) => bias !== -Infinity).length : columns);
  return {
    identity: given, layers: 1, heads: query.length, rows, columns, causal: given.causal,
    ids: rows === columns ? nameIds(rows, tokens) : undefined,
    visible: new Uint8Array(rows).fill(1),
    map: (_layer, head) => maps[head],
    seen,
  };
}

/** What is added to the scaled similarities of matrices of one's own. */
export function maskOf({ query, key, causal, mask }: Extract<GivenArrays, { kind: "matrices" }>): Float64Array | undefined {
  return combineMasks(causal ? causalMask(query[0].rows, key[0].rows) : undefined, mask);
}

/** Whether no head of attention of one's own looks ahead, and there is something to look ahead to. */
export function causalMaps({ layers, heads, rows, columns, weights }: Extract<GivenArrays, { kind: "maps" }>): boolean {
  const lead = Math.max(0, columns - rows);
  if (rows < 2) return false;
  for (let i = 0; i < layers * heads * rows; i++) {
    const from = i * columns;
    for (let j = from + (i % rows) + lead + 1; j < from + columns; j++) if (weights[j] !== 0) return false;
  }
  return true;
}

/** Numbers of tokens, equal for equal names; without names all are different. */
export function nameIds(count: number, names: Tokens["pieces"] | undefined): Int32Array {
  const known = new Map<string, number>();
  return Int32Array.from({ length: count }, (_, i) => {
    const name = names?.[i];
    if (name === undefined) return i;
    if (!known.has(name)) known.set(name, i);
    return known.get(name)!;
  });
}

/** Entropies of rows in bits; NaN counts for nothing. */
export function entropiesOf(map: Float32Array, rows: number, columns: number): Float64Array {
  return rowEntropies(map.some(Number.isNaN) ? map.map((weight) => (Number.isNaN(weight) ? 0 : weight)) : map, rows, columns);
}
