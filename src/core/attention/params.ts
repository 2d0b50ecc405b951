import { msg, type ParamsOf } from "../contract/index.js";

/** What may be changed. Pooling has Flair's names, the rest those of transformers' configurations and tokenizers. */
export const attentionParams = {
  tab: {
    kind: "choice", default: "map", hidden: true, label: "tab", help: msg("What to compute: each tab has its own."),
    options: [
      { value: "map", label: msg("Attention map") },
      { value: "steps", label: msg("Three steps") },
      { value: "sequence", label: msg("Sequence to sequence") },
      { value: "position", label: msg("Position") },
      { value: "cost", label: msg("Cost") },
      { value: "layers", label: msg("Layers and pooling") },
      { value: "inside", label: msg("Inside") },
    ],
  },
  text: { kind: "text", default: "", maxLength: 200000, hidden: true, label: "text", help: msg("The text that the model reads; empty means the selection.") },
  text_pair: { kind: "text", default: "", maxLength: 200000, label: "text_pair", help: msg("A second text, as BERT's second segment."), advanced: true },
  source: {
    kind: "choice", default: "auto", label: "source", help: msg("Where the attention comes from."),
    options: [
      { value: "auto", label: msg("auto: the selected arrays, else the model") },
      { value: "model", label: msg("model: the built-in one, or a folder of your own") },
      { value: "given", label: msg("given: arrays of your own") },
    ],
  },
  max_length: { kind: "int", min: 0, max: 100000, default: 0, label: "max_length", help: msg("Encoders: pads the text to so many tokens, which the mask then hides; 0 pads nothing."), advanced: true },
  layer: { kind: "int", min: -1, max: 1000, default: -1, hidden: true, label: "layer", help: msg("The layer that is shown, from 0; −1 is the last.") },
  head: { kind: "int", min: 0, max: 1000, default: 0, hidden: true, label: "head", help: msg("The head that is shown, from 0.") },
  reduce: {
    kind: "choice", default: "head", label: "reduce", help: msg("One head's attention, or what several make together."),
    options: [
      { value: "head", label: msg("head: one head as it is") },
      { value: "heads", label: msg("heads: the mean over a layer's heads") },
      { value: "layers", label: msg("layers: the mean over all heads of all layers") },
      { value: "rollout", label: msg("rollout: attention followed through the layers up to this one") },
    ],
  },
  token: { kind: "int", min: -1, max: 10000000, default: -1, hidden: true, label: "token", help: msg("The token that looks, from 0; −1 is the last.") },
  softmax_temperature: {
    kind: "number", min: 0.05, max: 20, default: 1, scale: "log", label: "softmax temperature",
    help: msg("Divides the scaled similarities before the softmax: below 1 the strongest takes more, above 1 all become alike."),
  },
  query_scale: { kind: "number", min: -4, max: 4, default: 1, label: "query scale", help: msg("Multiplies the query: 0 makes all keys alike, a negative value prefers what it avoided.") },
  query_edit: { kind: "text", default: "", maxLength: 100000, hidden: true, label: "query edit", help: msg("Numbers of the query changed by hand, as place:value, parted by blanks.") },
  sequence_task: {
    kind: "choice", default: "dates", label: "task", help: msg("What the small encoder-decoder was trained for."),
    options: [
      { value: "dates", label: msg("dates: written as 2021-03-03") },
      { value: "reversal", label: msg("reversal: a word backwards") },
    ],
  },
  sequence_text: { kind: "text", default: "", maxLength: 1000, label: "input", help: msg("What the encoder-decoder reads; empty means the sample.") },
  score: {
    kind: "choice", default: "general", label: "score", help: msg("How decoder and encoder states are compared: by the sample’s network, or states of your own."),
    options: [
      { value: "dot", label: msg("dot: their inner product") },
      { value: "general", label: msg("general: with a matrix between them") },
      { value: "concat", label: msg("concat: Bahdanau's small network") },
    ],
  },
  hidden_size: { kind: "int", min: 2, max: 8192, default: 64, label: "hidden_size", help: msg("Position: numbers of a position's vector, or of a rotated head.") },
  position: { kind: "int", min: 0, max: 1000000, default: 12, label: "position", help: msg("Position: the place whose code and rotation are shown.") },
  max_position_embeddings: { kind: "int", min: 2, max: 1000000, default: 2048, label: "max_position_embeddings", help: msg("Position: the length that a model was trained for.") },
  target_length: { kind: "int", min: 2, max: 10000000, default: 16384, label: "target length", help: msg("Position: the length that it is stretched to.") },
  rope_theta: { kind: "number", min: 2, max: 100000000, default: 10000, scale: "log", label: "rope_theta", help: msg("Position: the base of the wavelengths.") },
  num_attention_heads: { kind: "int", min: 1, max: 256, default: 8, label: "num_attention_heads", help: msg("Position: heads among which ALiBi divides its slopes.") },
  shape: { kind: "text", default: "", maxLength: 200, hidden: true, label: "shape", help: msg("Cost: the known model whose cost is counted; empty means the config.json or model in use.") },
  sequence_length: { kind: "int", min: 1, max: 10000000, default: 2048, scale: "log", label: "sequence length", help: msg("Cost: tokens of a text.") },
  batch_size: { kind: "int", min: 1, max: 4096, default: 1, label: "batch_size", help: msg("Cost: texts at a time.") },
  dtype: {
    kind: "choice", default: "float16", label: "dtype", help: msg("Cost: what a number takes."),
    options: [
      { value: "float32", label: msg("float32: 4 bytes") },
      { value: "float16", label: msg("float16 or bfloat16: 2 bytes") },
      { value: "int8", label: msg("int8: 1 byte") },
      { value: "int4", label: msg("int4: half a byte") },
    ],
  },
  word: { kind: "int", min: -1, max: 100000, default: -1, hidden: true, label: "word", help: msg("Layers: the word that is looked at, from 0; −1 is the longest that several sentences share, else the last.") },
  sentences: { kind: "text", default: "", maxLength: 20000, label: "sentences", help: msg("Layers: sentences whose words are compared, one a line; empty means the text's own lines.") },
  layers: { kind: "text", default: "-1", maxLength: 200, label: "layers", help: msg("Layers that make up a word's vector: “-1”, “-1,-2,-3,-4” or “all”.") },
  layer_mean: { kind: "boolean", default: false, label: "layer_mean", help: msg("Takes the mean over the layers instead of putting them side by side.") },
  subtoken_pooling: {
    kind: "choice", default: "first", label: "subtoken_pooling", help: msg("How a word of several tokens becomes one vector."),
    options: [
      { value: "first", label: msg("first: the first token's") },
      { value: "last", label: msg("last: the last token's") },
      { value: "first_last", label: msg("first_last: both side by side") },
      { value: "mean", label: msg("mean: the mean of all") },
    ],
  },
  document_pooling: {
    kind: "choice", default: "mean", label: "document pooling", help: msg("How the words of a text become one vector."),
    options: [
      { value: "mean", label: msg("mean: of all words") },
      { value: "max", label: msg("max: the largest of each number") },
      { value: "min", label: msg("min: the smallest of each number") },
      { value: "cls", label: msg("cls: BERT's first token [CLS]; a causal model's last") },
    ],
  },
  listed: { kind: "int", min: 3, max: 50, default: 5, label: "tokens listed", help: msg("Inside: how many guesses are named after each layer."), advanced: true },
  repeat_length: { kind: "int", min: 4, max: 256, default: 24, label: "repeat length", help: msg("Inside: how many random tokens are repeated to tell what a head does."), advanced: true },
  max_new_tokens: { kind: "int", min: 0, max: 200, default: 24, label: "max_new_tokens", help: msg("Inside: how far the text goes on greedily, to see what pulls towards repetition.") },
  random_state: { kind: "int", min: 0, max: 4294967295, default: 0, label: "seed", help: msg("The seed of random tokens. The same seed gives the same tokens."), advanced: true },
} as const;

export type AttentionParams = ParamsOf<typeof attentionParams>;
export type AttentionTab = AttentionParams["tab"];
