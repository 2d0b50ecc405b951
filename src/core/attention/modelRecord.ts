import type { Progress } from "../contract/index.js";
import type { Anatomy } from "../models/anatomy.js";
import type { ModelState, Recorder } from "../models/languageModel.js";
import type { LoadedEncoder, LoadedModel } from "../models/loadModel.js";
import type { Tokens } from "./trace.js";

/** [T, 2] mean and deviation. */
type Statistics = Float64Array;

/** What a forward pass leaves to be looked into: by layer, [T, …] each. Maps are made from queries and keys. */
export type Recorded = {
  readonly anatomy: Anatomy;
  readonly hiddenSize: number;
  readonly queries: readonly Float32Array[]; // [T, heads · size]
  readonly keys: readonly Float32Array[]; // [T, kvHeads · size]
  readonly values: readonly Float32Array[];
  /** [T, d]; one more than layers. */
  readonly states: readonly Float32Array[];
  readonly added: { readonly attention: readonly Float32Array[]; readonly mlp: readonly Float32Array[] };
  readonly norms: { readonly attention: readonly Statistics[]; readonly mlp: readonly Statistics[]; /* one, or none */ readonly last: readonly Statistics[] };
  /** The text as a decoder remembers it. */
  readonly state: ModelState | undefined;
  readonly bytes: number;
};

/** Reads tokens and keeps what the pass shows. */
export function* record(loaded: LoadedModel | LoadedEncoder, tokens: Tokens): Generator<Progress, Recorded, void> {
  const encoder = "encoder" in loaded ? loaded.encoder : undefined;
  const anatomy = encoder?.anatomy ?? (loaded as LoadedModel).model.anatomy!;
  const { hiddenSize } = encoder ?? (loaded as LoadedModel).model;
  const { layers, heads, kvHeads, headSize, centred, epsilon } = anatomy;
  const n = tokens.ids.length;
  let bytes = 0;
  const make = (count: number, width: number) => Array.from({ length: count }, () => new Float32Array(n * width)).map((list) => ((bytes += list.byteLength), list));
  const recorded = {
    anatomy, hiddenSize,
    queries: make(layers, heads * headSize),
    keys: make(layers, kvHeads * headSize),
    values: make(layers, kvHeads * headSize),
    states: make(layers + 1, hiddenSize),
    added: { attention: make(layers, hiddenSize), mlp: make(layers, hiddenSize) },
    norms: { attention: pairs(layers, n), mlp: pairs(layers, n), last: encoder ? [] : pairs(1, n) },
  };
  const recorder: Recorder = {
    hidden(layer, t, values) {
      // What stands behind the final norm is made from what stands before it.
      if (encoder || layer < layers) recorded.states[layer].set(values, t * hiddenSize);
    },
    projections(layer, t, query, key, value) {
      recorded.queries[layer].set(query, t * query.length);
      recorded.keys[layer].set(key, t * key.length);
      recorded.values[layer].set(value, t * value.length);
    },
    added: (layer, by, t, values) => recorded.added[by][layer].set(values, t * hiddenSize),
    normInput(layer, at, t, values) {
      if (at === "last") recorded.states[layer].set(values, t * hiddenSize);
      const to = recorded.norms[at][at === "last" ? 0 : layer];
      let [mean, variance] = [0, 0];
      if (centred) for (let j = 0; j < hiddenSize; j++) mean += values[j] / hiddenSize;
      for (let j = 0; j < hiddenSize; j++) variance += (values[j] - mean) ** 2 / hiddenSize;
      to[2 * t] = mean;
      to[2 * t + 1] = Math.sqrt(variance + epsilon);
    },
  };
  if (encoder) {
    const mask = Array.from(tokens.visible, (visible) => (visible === 1 ? 1 : 0));
    yield* encoder.encode({ ids: Array.from(tokens.ids), segments: Array.from(tokens.segments), mask }, recorder);
    return { ...recorded, state: undefined, bytes };
  }
  const state = (loaded as LoadedModel).model.start();
  yield* state.feed(tokens.ids, recorder);
  // The state remembers keys and values once more.
  return { ...recorded, state, bytes: bytes + 8 * layers * n * kvHeads * headSize };
}

function pairs(count: number, n: number): Statistics[] {
  return Array.from({ length: count }, () => new Float64Array(2 * n));
}
