import { msg, type Message } from "../../contract/index.js";
import { byteText } from "../../text/byteText.js";
import { grouped } from "../../text/numberText.js";
import { cacheBytes } from "./cache.js";
import { costModel } from "./costModel.js";
import type { ConfigValues, ModelShape } from "./modelShape.js";
import { parameterCount, parameterParts, sumOf, type ParameterPart } from "./parameters.js";
import { eachPart, shareText } from "./shapeTable.js";

/** What a name of a config.json means, and what its value makes of this model. */
export type KeyText = (shape: ModelShape, value: unknown, values: ConfigValues) => readonly Message[];

const all = (shape: ModelShape, test: (part: ParameterPart) => boolean) => sumOf(parameterParts(shape).filter(test));
const share = (shape: ModelShape, count: number) => shareText(count, parameterCount(shape));

const width: KeyText = (shape) => {
  const { vocabulary, width: d } = shape;
  return [
    msg("The width d of the model: the numbers that stand for a token between the layers (the residual stream)."),
    msg("The token embedding has {0} × {1} = {2} parameters, {3} of all.", grouped(vocabulary), grouped(d), grouped(vocabulary * d), share(shape, vocabulary * d)),
  ];
};

const layers: KeyText = (shape) => {
  const inLayers = all(shape, ({ id, group }) => group === "attention" || group === "mlp" || id === "norms" || id === "headNorms");
  return [
    msg("Layers, one behind the other; each is attention and an MLP."),
    msg("{0} parameters in each, {1} in all {2}: {3} of the model.", grouped(inLayers / shape.layers), grouped(inLayers), grouped(shape.layers), share(shape, inLayers)),
  ];
};

const heads: KeyText = (shape) => {
  const count = all(shape, ({ group }) => group === "attention");
  return [
    msg("Heads of attention in each layer, {0} numbers each.", grouped(shape.headSize)),
    msg("In each layer {0} = {1} parameters, in all {2} layers {3}: {4} of the model.", eachPart(shape, { query: "Q", key: "K", value: "V", output: "O" }), grouped(count / shape.layers), grouped(shape.layers), grouped(count), share(shape, count)),
  ];
};

const kvHeads: KeyText = (shape) => {
  const { heads: queries, kvHeads: groups } = shape;
  const what =
    groups === queries
      ? msg("Heads of keys and values: one for each query head (multi-head attention).")
      : groups === 1
        ? msg("One head of keys and values for all {0} query heads (multi-query attention).", grouped(queries))
        : msg("Heads of keys and values; each is shared by {0} query heads (grouped-query attention).", grouped(queries / groups));
  const own = cacheOf(shape, 1);
  if (groups === queries) return [what, msg("The KV cache takes {0} a token in F16.", own)];
  return [what, msg("The KV cache takes {0} a token in F16; with one for each query head it would take {1}.", own, cacheOf({ ...shape, kvHeads: queries }, 1))];
};

function cacheOf(shape: ModelShape, length: number): string {
  return byteText(cacheBytes(costModel(shape, "own"), { length }));
}

const headSize: KeyText = ({ heads: count, headSize: size, width: d }) => [
  msg("Numbers of each head: {0} heads × {1} make queries of {2}; the model is {3} wide.", grouped(count), grouped(size), grouped(count * size), grouped(d)),
];

const inner: KeyText = (shape, value) => {
  const { width: d, inner: f, gated } = shape;
  const count = all(shape, ({ group }) => group === "mlp");
  const where = [grouped(count / shape.layers), grouped(count), grouped(shape.layers), share(shape, count)] as const;
  return [
    value === null ? msg("The width inside the MLP. It is not set, so it is 4 × {0} = {1}.", grouped(d), grouped(f)) : msg("The width inside the MLP, {0} times the model's.", String(Number((f / d).toFixed(2)))),
    gated
      ? msg("Three matrices of {0} × {1} (gate, up and down): {2} parameters in each layer, {3} in all {4}: {5} of the model.", grouped(d), grouped(f), ...where)
      : msg("Two matrices of {0} × {1} (up and down): {2} parameters in each layer, {3} in all {4}: {5} of the model.", grouped(d), grouped(f), ...where),
  ];
};

const vocabulary: KeyText = (shape) => {
  const { vocabulary: v, width: d, head, tied } = shape;
  const sentences = [msg("The tokens that the model knows, a row of the embedding each: {0} × {1} = {2} parameters, {3} of all.", grouped(v), grouped(d), grouped(v * d), share(shape, v * d))];
  if (head !== "language" && head !== "pretraining") return sentences;
  return [...sentences, tied ? msg("The head that scores tokens uses the same matrix (tied).") : msg("The head that scores tokens has as many again.")];
};

const context: KeyText = (shape) => {
  const { positions, width: d, context: length, causal, window, layers: count, kvHeads: groups, headSize: size } = shape;
  const sentences = [
    positions > 0
      ? msg("The longest text in tokens, with a learned vector for each position: {0} × {1} = {2} parameters.", grouped(positions), grouped(d), grouped(positions * d))
      : msg("The longest text in tokens. Rotary positions have no parameters."),
  ];
  if (positions > length) sentences.push(msg("Positions begin behind the padding's id, so that {0} tokens fit.", grouped(length)));
  if (!causal) sentences.push(msg("There is no KV cache: the model reads both ways at once."));
  else if (window) sentences.push(msg("KV cache of so many tokens: {0} in F16; {1} of {2} layers keep the last {3} only.", cacheOf(shape, length), grouped(window.layers), grouped(count), grouped(window.size)));
  else sentences.push(msg("KV cache of so many tokens: {0} in F16 (2 × {1} layers × {2} heads × {3} numbers × {4} tokens × 2 bytes).", cacheOf(shape, length), grouped(count), grouped(groups), grouped(size), grouped(length)));
  return sentences;
};

const segments: KeyText = ({ segments: kinds, width: d }) => [msg("Kinds of tokens, such as those of a first and a second sentence, a vector each: {0} × {1} = {2} parameters.", grouped(kinds), grouped(d), grouped(kinds * d))];

const tied: KeyText = (shape) => {
  const { vocabulary: v, width: d, head } = shape;
  if (head !== "language" && head !== "pretraining") return [msg("Whether a head that scores tokens uses the token embedding. {0} has no such head.", shape.architecture)];
  const [rows, columns, count] = [grouped(v), grouped(d), grouped(v * d)];
  return [shape.tied ? msg("The head that scores tokens is the token embedding itself, which saves {0} × {1} = {2} parameters.", rows, columns, count) : msg("The head that scores tokens has a matrix of its own: {0} × {1} = {2} parameters, {3} of all.", rows, columns, count, share(shape, v * d))];
};

const bias: KeyText = (shape) => {
  const sum = (group: ParameterPart["group"]) => sumOf(parameterParts(shape).filter((each) => each.group === group).map(({ times, vectors }) => ({ count: times * vectors })));
  return [msg("Whether the matrices have biases. Here they have {0} in attention and {1} in the MLPs.", grouped(sum("attention")), grouped(sum("mlp")))];
};

const norm: KeyText = (shape) => [msg("A small number that keeps a norm from dividing by zero. The norms have {0} parameters, {1} of all.", grouped(all(shape, ({ group }) => group === "norms")), share(shape, all(shape, ({ group }) => group === "norms")))];

const window: KeyText = (shape, value) => {
  const { window: own, layers: count, context: length } = shape;
  if (!own) return [value === null ? msg("No window: each token sees all before it.") : msg("How far back a token sees, but not in force here: each token sees all before it.")];
  return [msg("A token sees the last {0} only, in {1} of {2} layers. So the KV cache of {3} tokens takes {4} in F16 instead of {5}.", grouped(own.size), grouped(own.layers), grouped(count), grouped(length), cacheOf(shape, length), cacheOf({ ...shape, window: undefined }, length))];
};

const cache: KeyText = (shape) => [shape.causal ? msg("Whether keys and values are kept while a text is written: {0} a token in F16, {1} for {2} tokens.", cacheOf(shape, 1), cacheOf(shape, shape.context), grouped(shape.context)) : msg("There is no KV cache: the model reads both ways at once.")];

/** Names of sizes and of what they cost. */
export const sizeTexts: ReadonlyMap<string, KeyText> = new Map([
  ...["hidden_size", "n_embd"].map((name) => [name, width] as const),
  ...["num_hidden_layers", "n_layer"].map((name) => [name, layers] as const),
  ...["num_attention_heads", "n_head"].map((name) => [name, heads] as const),
  ["num_key_value_heads", kvHeads] as const,
  ["head_dim", headSize] as const,
  ...["intermediate_size", "n_inner"].map((name) => [name, inner] as const),
  ["vocab_size", vocabulary] as const,
  ...["max_position_embeddings", "n_positions", "n_ctx"].map((name) => [name, context] as const),
  ["type_vocab_size", segments] as const,
  ["tie_word_embeddings", tied] as const,
  ...["attention_bias", "mlp_bias"].map((name) => [name, bias] as const),
  ...["rms_norm_eps", "layer_norm_eps", "layer_norm_epsilon"].map((name) => [name, norm] as const),
  ...["sliding_window", "use_sliding_window", "max_window_layers"].map((name) => [name, window] as const),
  ["use_cache", cache] as const,
]);
