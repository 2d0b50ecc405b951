import { msg, type Parsed, type Progress } from "../contract/index.js";
import { inSlices } from "./inSlices.js";
import { MapMemory } from "./mapMemory.js";
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
  map(layer: number, head: number): Generator<Progress, Float32Array, void>;
  /** Columns that a row may attend to at all. */
  seen(row: number): number;
};

/** The maps of a model's reading, of Q and K of one's own, or attention of one's own. */
export function* mapSource(subject: Subject): Generator<Progress, Parsed<MapSource>, void> {
  const { given } = subject;
  if (given) return ofGiven(given);
  const parsed = yield* subject.reading();
  if (!parsed.ok) return parsed;
  const { layers, heads, causal, weights, map, tokens: { ids, visible } } = parsed.input;
  const open = visible.reduce((sum, each) => sum + each, 0);
  const n = ids.length;
  const source: MapSource = { identity: weights, layers, heads, rows: n, columns: n, causal, ids, visible, map, seen: (row) => (causal ? row + 1 : open) };
  return { ok: true, input: source, problems: [] };
}

type Matrices = Extract<GivenArrays, { kind: "matrices" }>;

/** Multiplications between two pauses. */
const STEP = 2 ** 22;
const NONE = new Float32Array(0);
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
  const { causal = false } = given;
  const lead = Math.max(0, columns - rows);
  return {
    identity: given, layers, heads, rows, columns, causal,
    ids: rows === columns ? nameIds(rows, tokens) : undefined,
    visible: new Uint8Array(rows).fill(1),
    // eslint-disable-next-line require-yield -- others have to be made
    *map(layer, head) {
      return weights.subarray((layer * heads + head) * cells, (layer * heads + head + 1) * cells);
    },
    seen: (row) => (causal ? Math.min(columns, row + lead + 1) : columns),
  };
}

function ofMatrices(given: Matrices): MapSource {
  const { query, key, tokens } = given;
  const [rows, columns] = [query[0].rows, key[0].rows];
  const memory = new MapMemory(rows * columns);
  function* made(head: number): Generator<Progress, Float32Array, void> {
    const { values, columns: size } = query[head];
    const shared = key[Math.floor((head * key.length) / query.length)].values;
    const map = new Float32Array(rows * columns);
    const progress = { fraction: head / query.length, message: msg("Computing head {0} of {1}", head + 1, query.length) };
    const shape = { queries: 1, keys: columns, size, valueSize: 0 };
    yield* inSlices(rows, Math.max(1, Math.floor(STEP / (columns * size))), progress, (from, to) => {
      for (let row = from; row < to; row++) {
        const own = values.subarray(row * size, (row + 1) * size);
        map.set(scaledDotProduct(own, shared, NONE, shape, { mask: maskRow(given, row) }).weights, row * columns);
      }
    });
    return map;
  }
  const seen = (row: number) => {
    let count = columns;
    for (const bias of maskRow(given, row) ?? []) if (bias === -Infinity) count--;
    return count;
  };
  return {
    identity: given, layers: 1, heads: query.length, rows, columns, causal: given.causal,
    ids: rows === columns ? nameIds(rows, tokens) : undefined,
    visible: new Uint8Array(rows).fill(1),
    map: (_layer, head) => memory.take(head, () => made(head)),
    seen,
  };
}

/** What is added to the scaled similarities of a query of one's own; undefined where nothing is. */
export function maskRow({ key, causal, mask }: Matrices, row: number): Float64Array | undefined {
  if (!causal && !mask) return undefined;
  const columns = key[0].rows;
  const biases = mask ? mask.slice(row * columns, (row + 1) * columns) : new Float64Array(columns);
  return causal ? biases.fill(-Infinity, row + 1) : biases;
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
