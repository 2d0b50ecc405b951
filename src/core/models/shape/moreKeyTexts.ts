import { msg, type Message } from "../../contract/index.js";
import { byteText } from "../../text/byteText.js";
import { decimal, grouped } from "../../text/numberText.js";
import { sizeTexts, type KeyText } from "./keyTexts.js";
import type { ConfigValues, ModelShape } from "./modelShape.js";
import { parameterCount } from "./parameters.js";
import { ropeReach, ropeSection, ropeSentence } from "./ropeRules.js";

const theta: KeyText = ({ positions, headSize }, value) => {
  if (positions > 0) return [msg("The base of rotary positions. This model has learned ones, so it does nothing.")];
  const base = typeof value === "number" && value > 0 ? value : 10000;
  const slowest = 2 * Math.PI * base ** ((headSize - 2) / headSize);
  return [msg("The base θ of the rotary positions: the {0} pairs of a head turn by θ^(−2i/{1}) a token, the fastest once in 6.28 tokens, the slowest once in {2}.", grouped(headSize / 2), grouped(headSize), decimal(slowest, slowest < 100 ? 2 : 0))];
};

const scaling: KeyText = ({ positions }, value, values) => {
  if (positions > 0) return [msg("Changes rotary positions. This model has learned ones, so it does nothing.")];
  const section = ropeSection(values);
  if (!section) return [value === null ? msg("Rotary positions as they are, without scaling.") : msg("How rotary positions are changed for longer texts.")];
  const reach = ropeReach(section);
  return [ropeSentence(section), ...(reach ? [reach] : [])];
};

const bytesOfType: Readonly<Record<string, number>> = { float64: 8, float32: 4, float: 4, float16: 2, half: 2, bfloat16: 2, float8_e4m3fn: 1, float8_e5m2: 1, int8: 1 };

const dtype: KeyText = (shape, value) => {
  const bytes = typeof value === "string" ? bytesOfType[value] : undefined;
  const count = parameterCount(shape);
  if (bytes === undefined) return [msg("The type in which the weights were saved.")];
  return [msg("The type in which the weights were saved: {0} parameters × {1} = {2}.", grouped(count), bytes === 1 ? msg("1 byte") : msg("{0} bytes", bytes), byteText(count * bytes))];
};

const activation: KeyText = ({ gated, inner, layers }) => [
  gated
    ? msg("The function inside the MLP. It shapes the gate, which multiplies the {0} numbers beside it, in {1} layers. It has no parameters.", grouped(inner), grouped(layers))
    : msg("The function inside the MLP, on {0} numbers in {1} layers. It has no parameters.", grouped(inner), grouped(layers)),
];

const dropout: KeyText = () => [msg("The share of numbers that training sets to zero at random. It has no parameters and does nothing when the model is used.")];

const tokenId: KeyText = ({ vocabulary }) => [msg("The id of a token with a special meaning. Ids go from 0 to {0}.", grouped(vocabulary - 1))];

const labels: KeyText = (shape) =>
  shape.head === "sequence" || shape.head === "tokens" || (shape.head === "question" && shape.family === "bert")
    ? [msg("The classes of the head: {0}, a row of {1} parameters each.", grouped(shape.labels), grouped(shape.width))]
    : [msg("The classes of a classifying head. {0} has no such head.", shape.architecture)];

const initial: KeyText = () => [msg("The standard deviation of the weights before training. It does nothing to a trained model.")];

const others: ReadonlyMap<string, KeyText> = new Map([
  ["rope_theta", theta] as const,
  ...["rope_scaling", "rope_parameters"].map((name) => [name, scaling] as const),
  ...["torch_dtype", "dtype"].map((name) => [name, dtype] as const),
  ...["hidden_act", "activation_function"].map((name) => [name, activation] as const),
  ...["attention_dropout", "attention_probs_dropout_prob", "hidden_dropout_prob", "attn_pdrop", "embd_pdrop", "resid_pdrop", "classifier_dropout"].map((name) => [name, dropout] as const),
  ...["pad_token_id", "bos_token_id", "eos_token_id"].map((name) => [name, tokenId] as const),
  ...["id2label", "label2id", "num_labels"].map((name) => [name, labels] as const),
  ["initializer_range", initial] as const,
]);

/** Names within rope_scaling and rope_parameters. */
const ropeTexts: ReadonlyMap<string, KeyText> = new Map([
  ...["rope_type", "type"].map((name) => [name, scaling] as const),
  ["factor", scaling] as const,
  ["original_max_position_embeddings", scaling] as const,
  ["rope_theta", theta] as const,
  ...["low_freq_factor", "high_freq_factor"].map((name) => [name, bounds] as const),
]);

function bounds(_shape: ModelShape, _value: unknown, values: ConfigValues): readonly Message[] {
  const { low_freq_factor: low, high_freq_factor: high, original_max_position_embeddings: length } = ropeSection(values) ?? {};
  if (typeof low !== "number" || typeof high !== "number" || typeof length !== "number") return [msg("The bounds between pairs that turn slowly and fast, in turns within the length of training.")];
  return [msg("Pairs that turn less than {0} times in {1} tokens are slowed down, those that turn more than {2} times are not.", low, grouped(length), high)];
}

/**
 * What a name of a model's config.json means and what it makes of this model, in sentences; undefined for names that are not known.
 * @param inRope whether the name stands within rope_scaling or rope_parameters
 */
export function keySentences(name: string, shape: ModelShape, value: unknown, values: ConfigValues, inRope = false): readonly Message[] | undefined {
  const text = inRope ? ropeTexts.get(name) : (sizeTexts.get(name) ?? others.get(name));
  return text?.(shape, value, values);
}
