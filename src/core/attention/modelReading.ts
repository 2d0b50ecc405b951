import { msg, type Progress } from "../contract/index.js";
import { kernels } from "../kernels/current.js";
import { keyHeadOf } from "../models/anatomy.js";
import type { LoadedEncoder, LoadedModel } from "../models/loadModel.js";
import { inSlices } from "./inSlices.js";
import { MapMemory, REMEMBERED } from "./mapMemory.js";
import { headMatrices, projectHead, statistics } from "./modelParts.js";
import { encoderReadout, modelReadout } from "./modelReadout.js";
import { record, type Recorded } from "./modelRecord.js";
import { vocabularyOf } from "./modelVocabulary.js";
import type { Reading } from "./reading.js";
import type { Tokens } from "./trace.js";

type Loaded = LoadedModel | LoadedEncoder;
type Kept = { readonly key: string; readonly reading: Reading; readonly bytes: number };

/** Readings of a model that are remembered: two, and more as long as they are small. */
const KEPT = 2;
const KEPT_BYTES = 2 ** 27;
/** Multiplications between two pauses. */
const STEP = 2 ** 23;

const memories = new WeakMap<object, Kept[]>();
const marks = new WeakMap<object, number>();
let marked = 0;

/** A number for each model read: a folder may hold another one of the same size later. */
export function weightsMark(loaded: Loaded): number {
  const model = modelOf(loaded);
  const known = marks.get(model) ?? ++marked;
  marks.set(model, known);
  return known;
}

/** Reads tokens with a model, or takes the reading that it made of them before. */
export function* readTokens(loaded: Loaded, tokens: Tokens): Generator<Progress, Reading, void> {
  const model = modelOf(loaded);
  let memory = memories.get(model);
  if (!memory) memories.set(model, (memory = []));
  const key = [tokens.ids, tokens.segments, tokens.visible].map((list) => list.join(" ")).join("\n");
  const known = memory.findIndex((kept) => kept.key === key);
  // A trace's arrays are handed over to the view with it: what is kept has its own.
  const kept = (): Tokens => ({ ...tokens, ids: tokens.ids.slice(), visible: tokens.visible.slice(), segments: tokens.segments.slice() });
  const found = known >= 0 ? memory.splice(known, 1)[0] : { key, ...(yield* readAnew(loaded, kept())) };
  memory.unshift(found);
  let bytes = 0;
  const few = memory.filter((kept, i) => (bytes += kept.bytes) <= KEPT_BYTES || i < KEPT);
  memory.splice(0, memory.length, ...few);
  // The same ids may stand elsewhere in the document by now.
  return { ...found.reading, tokens };
}

function modelOf(loaded: Loaded): object {
  return "encoder" in loaded ? loaded.encoder : loaded.model;
}

function* readAnew(loaded: Loaded, tokens: Tokens): Generator<Progress, { readonly reading: Reading; readonly bytes: number }, void> {
  const recorded = yield* record(loaded, tokens);
  const { layers, heads } = recorded.anatomy;
  // What will be remembered of its maps, and of their means, is counted from the beginning.
  const maps = Math.min(REMEMBERED, layers * heads * tokens.ids.length ** 2) + Math.min(REMEMBERED, layers * tokens.ids.length ** 2);
  return { reading: readingOf(loaded, tokens, recorded), bytes: recorded.bytes + 4 * maps };
}

function readingOf(loaded: Loaded, tokens: Tokens, recorded: Recorded): Reading {
  const { anatomy, hiddenSize } = recorded;
  const { layers, heads, kvHeads, headSize } = anatomy;
  const n = tokens.ids.length;
  const encoder = "encoder" in loaded;
  const memory = new MapMemory(n * n);

  function columns(values: Float32Array, of: number, index: number): Float32Array {
    const out = new Float32Array(n * headSize);
    for (let t = 0; t < n; t++) out.set(values.subarray((t * of + index) * headSize, (t * of + index + 1) * headSize), t * headSize);
    return out;
  }
  const rowsOf = (values: Float32Array, open: Int32Array): Float32Array => {
    if (open.length === n) return values;
    const out = new Float32Array(open.length * headSize);
    open.forEach((t, i) => out.set(values.subarray(t * headSize, (t + 1) * headSize), i * headSize));
    return out;
  };
  const queries = (layer: number, head: number) => columns(recorded.queries[layer], heads, head);
  const keys = (layer: number, head: number) => columns(recorded.keys[layer], kvHeads, keyHeadOf(head, anatomy));
  const values = (layer: number, head: number) => columns(recorded.values[layer], kvHeads, keyHeadOf(head, anatomy));

  /** From queries and keys with the arithmetic of the forward pass, so that nothing has to be kept for it. */
  function* mapOf(layer: number, head: number): Generator<Progress, Float32Array, void> {
    const out = new Float32Array(n * n);
    const open = encoder ? Int32Array.from(tokens.visible.keys()).filter((t) => tokens.visible[t] === 1) : Int32Array.from(tokens.visible.keys());
    const [q, k] = [queries(layer, head), rowsOf(keys(layer, head), open)];
    const progress = { fraction: (layer * heads + head) / (layers * heads), message: msg("Computing head {0} of {1}", layer * heads + head + 1, layers * heads) };
    yield* inSlices(n, Math.max(1, Math.floor(STEP / (n * headSize))), progress, (from, to) => {
      const seen = encoder ? ({ count: open.length, more: 0 } as const) : ({ count: from + 1, more: 1 } as const);
      const what = { ...seen, queries: q.subarray(from * headSize), stride: headSize, n: to - from, heads: 1, kvHeads: 1, size: headSize, scale: anatomy.scale(layer), keys: [k], values: undefined };
      kernels().transformer.attend(what, out, (_head, t, found) => {
        for (let i = 0; i < found.length; i++) out[(from + t) * n + open[i]] = found[i];
      });
    });
    return out;
  }

  const map = (layer: number, head: number) => memory.take(layer * heads + head, () => mapOf(layer, head));
  function weights(layer: number, head: number): Float32Array {
    for (const steps = map(layer, head); ; ) {
      const next = steps.next();
      if (next.done) return next.value;
    }
  }

  const states = (layer: number) => recorded.states[layer];
  return {
    tokens, layers, heads, kvHeads, headSize, hiddenSize, causal: !encoder, strange: strangePlace(recorded.states, hiddenSize),
    scale: (layer) => anatomy.scale(layer),
    queries, keys, values, weights, map, states,
    inputs: (layer) => anatomy.attentionInput(layer, states(layer), n),
    matrices: (layer, head) => headMatrices(anatomy, layer, head, hiddenSize),
    hiddenStates: (layer) => (encoder || layer < layers ? states(layer) : normed(loaded, states(layer), n, hiddenSize)),
    added: (layer, by) => recorded.added[by][layer],
    project: (layer, head, output) => projectHead(anatomy, layer, head, output, hiddenSize),
    projectionBias: (layer) => anatomy.attention(layer).output.bias?.slice() ?? new Float32Array(hiddenSize),
    norm: (layer, at) => statistics(recorded.norms[at][at === "last" ? 0 : layer]),
    positions: anatomy.positions && { rows: anatomy.positions.length / hiddenSize, values: anatomy.positions },
    ...(encoder ? encoderReadout(loaded) : modelReadout(loaded, tokens.ids, recorded.state!)),
    again: (ids) => readTokens(loaded, plainTokens(loaded, ids)),
    vocabulary: vocabularyOf(loaded),
  };
}

/** What is no number stays so in all layers behind. */
function strangePlace(states: readonly Float32Array[], d: number): Reading["strange"] {
  const first = (state: Float32Array) => state.findIndex((value) => !Number.isFinite(value));
  if (first(states[states.length - 1]) < 0) return undefined;
  const layer = states.findIndex((state) => first(state) >= 0);
  return { layer, token: Math.floor(first(states[layer]) / d) };
}

function normed(loaded: Loaded, states: Float32Array, n: number, d: number): Float32Array {
  const out = new Float32Array(n * d);
  const anatomy = (loaded as LoadedModel).model.anatomy!;
  for (let t = 0; t < n; t++) out.set(anatomy.norm(states.slice(t * d, (t + 1) * d)), t * d);
  return out;
}

/** Ids as tokens that stand nowhere. */
function plainTokens({ tokenizer }: Loaded, ids: readonly number[]): Tokens {
  const pieces = ids.map((id) => tokenizer?.text(id) ?? ` ${id}`);
  return { text: pieces.join(""), ids: Int32Array.from(ids), pieces, spans: null, visible: new Uint8Array(ids.length).fill(1), segments: new Uint8Array(ids.length), cut: 0 };
}

