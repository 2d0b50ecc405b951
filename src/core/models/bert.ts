import { msg, type Progress } from "../contract/index.js";
import { layerNorm } from "../math/layerNorm.js";
import { kernels } from "../kernels/current.js";
import type { Matrix } from "../kernels/matrix.js";
import type { NoteWeights } from "../kernels/transformer.js";
import { activationOf } from "./activation.js";
import { rowsFrom, type Anatomy, type Dense } from "./anatomy.js";
import type { Recorder } from "./languageModel.js";
import type { ModelConfig } from "./modelConfig.js";
import { eachRow, toVocabulary } from "./transformer.js";
import type { Weights } from "./weights.js";

/** Tokens whose attention is computed between two pauses. */
const SOME = 64;

/** A text for an encoder: ids, and for each token its segment (0 or 1) and whether others may attend to it. */
export type EncoderInput = {
  readonly ids: readonly number[];
  readonly segments?: readonly number[];
  readonly mask?: readonly (0 | 1)[];
};

/** A model that reads a text in both directions at once. */
export interface Encoder {
  readonly vocabularySize: number;
  readonly contextLength: number;
  readonly hiddenSize: number;
  readonly layers: number;
  readonly heads: number;
  readonly anatomy: Anatomy;
  /** Logits [V] of the masked-word head for a token's last state [d]; undefined where the model has none. */
  readonly guess: ((state: Float32Array, logits: Float32Array) => Generator<Progress, void, void>) | undefined;
  /**
   * Reads a text and returns its last states [T, d]. The recorder gets layer 0 behind the embedding's norm, each layer's states,
   * attention to all T tokens, and logits of the masked-word head where the model has one.
   * @throws RangeError for an id outside the vocabulary, a text longer than the context, or one that is masked as a whole
   */
  encode(input: EncoderInput, recorder?: Recorder): Generator<Progress, Float32Array, void>;
}

type Norm = { readonly weight: Float32Array; readonly bias: Float32Array };
type Layer = { readonly query: Dense; readonly key: Dense; readonly value: Dense; readonly output: Dense; readonly norm1: Norm; readonly up: Dense; readonly down: Dense; readonly norm2: Norm };
type Head = { readonly dense: Dense; readonly norm: Norm; /* [V, d] */ readonly words: Matrix; readonly bias: Float32Array };

/**
 * BERT (Devlin et al. 2019): learned positions and segments, attention in both directions, norms behind attention and MLP.
 * Reference: transformers, `modeling_bert.py`.
 */
export function* loadBert(config: ModelConfig, weights: Weights): Generator<Progress, Encoder, void> {
  const d = config.int("hidden_size");
  const heads = config.int("num_attention_heads");
  const layerCount = config.int("num_hidden_layers");
  const inner = config.int("intermediate_size");
  const contextLength = config.int("max_position_embeddings");
  const vocabularySize = config.int("vocab_size");
  const segmentCount = config.int("type_vocab_size", 2);
  const epsilon = config.number("layer_norm_eps", 1e-12);
  const act = activationOf(config.activation("hidden_act", "gelu"))!;
  const size = config.headSize(d, heads);
  config.only("position_embedding_type", "absolute");
  const prefix = weights.has("bert.embeddings.word_embeddings.weight") ? "bert." : "";

  function* norm(name: string): Generator<Progress, Norm, void> {
    // Files that were converted from TensorFlow's, as bert-base-uncased's, name them otherwise.
    const [weight, bias] = weights.has(`${name}.gamma`) ? ["gamma", "beta"] : ["weight", "bias"];
    return { weight: yield* weights.vector(`${name}.${weight}`, d), bias: yield* weights.vector(`${name}.${bias}`, d) };
  }
  function* dense(name: string, out: number, input: number): Generator<Progress, Dense, void> {
    return { weight: yield* weights.matrix(`${name}.weight`, out, input), bias: yield* weights.vector(`${name}.bias`, out) };
  }
  const words = yield* weights.matrix(`${prefix}embeddings.word_embeddings.weight`, vocabularySize, d);
  const positions = yield* weights.values(`${prefix}embeddings.position_embeddings.weight`, contextLength, d);
  const segments = yield* weights.values(`${prefix}embeddings.token_type_embeddings.weight`, segmentCount, d);
  const first = yield* norm(`${prefix}embeddings.LayerNorm`);
  const layers: Layer[] = [];
  for (let i = 0; i < layerCount; i++) {
    const at = `${prefix}encoder.layer.${i}`;
    layers.push({
      query: yield* dense(`${at}.attention.self.query`, d, d),
      key: yield* dense(`${at}.attention.self.key`, d, d),
      value: yield* dense(`${at}.attention.self.value`, d, d),
      output: yield* dense(`${at}.attention.output.dense`, d, d),
      norm1: yield* norm(`${at}.attention.output.LayerNorm`),
      up: yield* dense(`${at}.intermediate.dense`, inner, d),
      down: yield* dense(`${at}.output.dense`, d, inner),
      norm2: yield* norm(`${at}.output.LayerNorm`),
    });
  }
  const guess = "cls.predictions.transform";
  const decoder = "cls.predictions.decoder";
  const own = !config.flag("tie_word_embeddings", true) && weights.has(`${decoder}.weight`);
  const head: Head | undefined = weights.has(`${guess}.dense.weight`)
    ? {
        dense: yield* dense(`${guess}.dense`, d, d),
        norm: yield* norm(`${guess}.LayerNorm`),
        words: own ? yield* weights.matrix(`${decoder}.weight`, vocabularySize, d) : words,
        bias: yield* weights.vector(own && weights.has(`${decoder}.bias`) ? `${decoder}.bias` : "cls.predictions.bias", vocabularySize),
      }
    : undefined;

  function embed({ ids, segments: kinds }: EncoderInput): Float32Array {
    const x = new Float32Array(ids.length * d);
    ids.forEach((id, t) => {
      const kind = kinds?.[t] ?? 0;
      if (!(id >= 0 && id < vocabularySize)) throw new RangeError(`no token ${id} in a vocabulary of ${vocabularySize}`);
      if (!(kind >= 0 && kind < segmentCount)) throw new RangeError(`no segment ${kind} among ${segmentCount}`);
      words.row(id, x, t * d);
      for (let j = 0; j < d; j++) x[t * d + j] += positions[t * d + j] + segments[kind * d + j];
    });
    layerNorm(x, ids.length, d, first.weight, first.bias, epsilon, x);
    return x;
  }

  /** A linear layer on all rows, in short steps. */
  function* spread(x: Float32Array, n: number, { weight, bias }: Dense): Generator<Progress, Float32Array, void> {
    const { rows: out, columns: input } = weight;
    const result = new Float32Array(n * out);
    const rows = Math.max(4, 4 * Math.floor((4 * kernels().matrix.step) / (4 * input * out)));
    for (let t = 0; t < n; t += rows) {
      const end = Math.min(n, t + rows);
      weight.times(x.subarray(t * input, end * input), end - t, bias, result.subarray(t * out, end * out));
      yield { fraction: end / n, message: msg("Reading the text with the model") };
    }
    return result;
  }

  /** The attention part of a layer, added to `x`. Masked tokens are left out, so that nobody attends to them. */
  function* attend(index: number, x: Float32Array, n: number, open: readonly number[], { attention, projections, added: note }: Recorder): Generator<Progress, void, void> {
    const { query, key, value, output } = layers[index];
    const queries = yield* spread(x, n, query);
    const keys = yield* spread(x, n, key);
    const values = yield* spread(x, n, value);
    if (projections) eachRow(queries, n, d, (t, row) => projections(index, t, row, keys.subarray(t * d, (t + 1) * d), values.subarray(t * d, (t + 1) * d)));
    const mixed = new Float32Array(n * d);
    const seen = { keys: [openRows(keys, open, d)], values: [openRows(values, open, d)], count: open.length, more: 0 } as const;
    for (let from = 0; from < n; from += SOME) {
      const some = Math.min(SOME, n - from);
      const what = { ...seen, queries: queries.subarray(from * d), stride: d, n: some, heads, kvHeads: heads, size, scale: 1 / Math.sqrt(size) };
      const noteOpen: NoteWeights = (h, t, found) => {
        const all = new Float64Array(n);
        open.forEach((key, place) => (all[key] = found[place]));
        attention!(index, h, from + t, all);
      };
      kernels().transformer.attend(what, mixed.subarray(from * d), attention && noteOpen);
      yield { fraction: (from + some) / n, message: msg("Reading the text with the model") };
    }
    const added = yield* spread(mixed, n, output);
    if (note) eachRow(added, n, d, (t, row) => note(index, "attention", t, row));
    for (let i = 0; i < x.length; i++) x[i] += added[i];
  }

  function* expand(index: number, x: Float32Array, n: number, { added: note }: Recorder): Generator<Progress, void, void> {
    const { up, down } = layers[index];
    const wide = yield* spread(x, n, up);
    act(wide, wide.length);
    const added = yield* spread(wide, n, down);
    if (note) eachRow(added, n, d, (t, row) => note(index, "mlp", t, row));
    for (let i = 0; i < x.length; i++) x[i] += added[i];
  }

  function* predict({ dense: { weight, bias }, norm: { weight: gain, bias: shift }, words: matrix, bias: offset }: Head, last: Float32Array, logits: Float32Array): Generator<Progress, void, void> {
    const state = new Float32Array(d);
    weight.times(last, 1, bias, state);
    act(state, d);
    layerNorm(state, 1, d, gain, shift, epsilon, state);
    yield* toVocabulary(state, matrix, offset, logits);
  }

  const anatomy: Anatomy = {
    layers: layerCount, heads, kvHeads: heads, headSize: size, centred: true, epsilon, positions, scale: () => 1 / Math.sqrt(size),
    attention(index) {
      const { query, key, value, output } = layers[index];
      return { query: rowsFrom(query), key: rowsFrom(key), value: rowsFrom(value), output };
    },
    attentionInput: (_index, states) => states,
  };

  return {
    vocabularySize, contextLength, hiddenSize: d, layers: layerCount, heads, anatomy,
    guess: head && ((state, logits) => predict(head, state, logits)),
    *encode(input, recorder = {}) {
      const n = input.ids.length;
      if (n > contextLength) throw new RangeError(`${n} tokens for a context of ${contextLength}`);
      const open = input.ids.map((_, t) => t).filter((t) => (input.mask?.[t] ?? 1) === 1);
      if (open.length === 0) throw new RangeError("no token to attend to");
      const x = embed(input);
      const record = (layer: number) => {
        if (recorder.hidden) eachRow(x, n, d, (t, row) => recorder.hidden!(layer, t, row));
      };
      const note = (layer: number, at: "attention" | "mlp") => {
        if (recorder.normInput) eachRow(x, n, d, (t, row) => recorder.normInput!(layer, at, t, row));
      };
      record(0);
      for (let layer = 0; layer < layerCount; layer++) {
        const { norm1, norm2 } = layers[layer];
        yield* attend(layer, x, n, open, recorder);
        note(layer, "attention");
        layerNorm(x, n, d, norm1.weight, norm1.bias, epsilon, x);
        yield* expand(layer, x, n, recorder);
        note(layer, "mlp");
        layerNorm(x, n, d, norm2.weight, norm2.bias, epsilon, x);
        record(layer + 1);
        yield { fraction: (layer + 1) / layerCount, message: msg("Reading the text with the model") };
      }
      for (let t = 0; head && recorder.logits && t < n; t++) {
        const logits = new Float32Array(vocabularySize);
        yield* predict(head, x.slice(t * d, (t + 1) * d), logits);
        recorder.logits(t, logits);
        yield { fraction: (t + 1) / n, message: msg("Reading the text with the model") };
      }
      return x;
    },
  };
}

/** Some rows of [n, d], side by side. */
function openRows(x: Float32Array, open: readonly number[], d: number): Float32Array {
  const rows = new Float32Array(open.length * d);
  open.forEach((t, place) => rows.set(x.subarray(t * d, (t + 1) * d), place * d));
  return rows;
}
