import { familyOf, type Family, type FamilyId, type SizeId } from "./families.js";
import { headOf, type HeadKind } from "./heads.js";

/** A config.json as plain values; what is half typed is undefined. */
export type ConfigValues = Readonly<Record<string, unknown>>;

/** The sizes of a transformer, from which all its costs follow. */
export type ModelShape = {
  readonly family: FamilyId;
  readonly modelType: string;
  readonly name: string;
  /** The class in transformers, as stated or as assumed. */
  readonly architecture: string;
  readonly head: HeadKind;
  readonly layers: number;
  /** d: numbers a token has between layers. */
  readonly width: number;
  /** Query heads. */
  readonly heads: number;
  /** Heads of keys and values; fewer than `heads` is grouped-query attention, 1 is multi-query attention. */
  readonly kvHeads: number;
  /** Numbers of each head; heads × headSize need not be the width. */
  readonly headSize: number;
  /** The width inside the MLP. */
  readonly inner: number;
  /** Whether the MLP has a third matrix that gates the first (Shazeer 2020). */
  readonly gated: boolean;
  readonly vocabulary: number;
  /** Rows of the learned table of positions; 0: positions are rotary and have no parameters. */
  readonly positions: number;
  /** The longest text in tokens. */
  readonly context: number;
  /** Rows of the table of token types; 0: none. */
  readonly segments: number;
  readonly biases: { readonly attention: boolean; readonly output: boolean; readonly mlp: boolean };
  readonly norm: "layer" | "rms";
  readonly headNorms: boolean;
  /** Whether the language head is the token embedding itself. */
  readonly tied: boolean;
  /** Whether a token sees only those before it. */
  readonly causal: boolean;
  /** Layers in which a token sees only so many before it. */
  readonly window: { readonly size: number; readonly layers: number } | undefined;
  /** Classes of a classifying head. */
  readonly labels: number;
  /** Names of sizes that the configuration leaves to transformers' defaults. */
  readonly assumed: readonly string[];
};

export type ShapeResult =
  | { readonly kind: "shape"; readonly shape: ModelShape }
  /** A model's configuration whose sizes can't be; the lints say why. */
  | { readonly kind: "unfit"; readonly family: Family }
  /** A model's configuration of an architecture that is not among `families`. */
  | { readonly kind: "unknown"; readonly modelType: string }
  /** Something else. */
  | { readonly kind: "none" };

/** Names by which a file is told to be a model's configuration. */
const telling = [
  "hidden_size", "n_embd", "d_model", "dim", "num_hidden_layers", "n_layer", "n_layers", "num_layers", "num_attention_heads", "n_head", "n_heads",
  "intermediate_size", "n_inner", "d_ff", "vocab_size", "max_position_embeddings", "n_positions",
];
/** Larger sizes than any model's: products stay exact below this. */
export const LARGEST_SIZE = 1e7;

/**
 * The shape of the model that a config.json describes, with transformers' defaults for what it leaves out. Never throws.
 * Source: transformers 5.18, `configuration_*.py` and `modeling_*.py` of the families.
 */
export function modelShape(values: ConfigValues): ShapeResult {
  const { model_type: modelType, architectures } = values;
  const architecture: unknown = Array.isArray(architectures) ? architectures[0] : undefined;
  const isNamed = typeof modelType === "string" || typeof architecture === "string";
  if (!isNamed || !telling.some((name) => name in values)) return { kind: "none" };
  const family = familyOf(modelType, architecture);
  if (!family) return { kind: "unknown", modelType: typeof modelType === "string" ? modelType : String(architecture) };
  const shape = shapeOf(values, family, typeof architecture === "string" ? architecture : undefined);
  return shape ? { kind: "shape", shape } : { kind: "unfit", family };
}

/** The name under which a configuration states a size, if it does; null counts as not stated. */
export function statedName(values: ConfigValues, family: Family, size: SizeId): string | undefined {
  return family.names[size]?.find((name) => values[name] !== undefined && values[name] !== null);
}

/** Whether a value can be a size. */
export function isSize(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= LARGEST_SIZE;
}

/** A size as stated or by default; undefined where it is neither, NaN where what is stated can be none. */
export function sizeOf(values: ConfigValues, family: Family, size: SizeId): number | undefined {
  const name = statedName(values, family, size);
  if (name !== undefined) return isSize(values[name]) ? (values[name] as number) : NaN;
  const usual = family.names[size]?.[0];
  // null takes the default's place where it is written, as in Python.
  return usual !== undefined && values[usual] === null && (size === "kvHeads" || size === "headSize") ? undefined : family.defaults[size];
}

function shapeOf(values: ConfigValues, family: Family, stated: string | undefined): ModelShape | undefined {
  const size = (id: SizeId) => sizeOf(values, family, id);
  const width = size("width")!;
  const heads = size("heads")!;
  const headSize = size("headSize") ?? width / heads;
  const kvHeads = size("kvHeads") ?? heads;
  const inner = size("inner") ?? 4 * width;
  const layers = size("layers")!;
  const vocabulary = size("vocabulary")!;
  const rows = size("context")!;
  const segments = family.id === "bert" ? size("segments")! : 0;
  const sizes = [width, heads, headSize, kvHeads, inner, layers, vocabulary, rows];
  if (!sizes.every(isSize) || !(segments === 0 || isSize(segments)) || heads % kvHeads !== 0) return undefined;
  if (family.id === "llama" && headSize % 2 !== 0) return undefined;

  // RoBERTa counts positions from behind the padding's id.
  const pad = typeof values.pad_token_id === "number" ? values.pad_token_id : family.pad ?? 0;
  const context = family.modelType === "roberta" ? rows - pad - 1 : rows;
  const architecture = stated ?? `${family.prefix}${family.id === "bert" ? "Model" : family.id === "gpt2" ? "LMHeadModel" : "ForCausalLM"}`;
  const flag = (says: boolean | "stated", name: string) => (says === "stated" ? values[name] === true : says);
  const shape: ModelShape = {
    family: family.id,
    modelType: family.modelType,
    name: family.name,
    architecture,
    head: headOf(family, architecture),
    layers, width, heads, kvHeads, headSize, inner, vocabulary, segments,
    gated: family.id === "llama",
    positions: family.id === "llama" ? 0 : rows,
    context: Math.max(1, context),
    biases: {
      attention: flag(family.biases.attention, "attention_bias"),
      output: flag(family.biases.output, "attention_bias"),
      mlp: flag(family.biases.mlp, "mlp_bias"),
    },
    norm: family.id === "llama" ? "rms" : "layer",
    headNorms: family.headNorms,
    tied: typeof values.tie_word_embeddings === "boolean" ? values.tie_word_embeddings : family.tied,
    causal: family.id !== "bert",
    window: windowOf(values, family, layers),
    labels: labelsOf(values),
    assumed: assumedOf(values, family),
  };
  return shape;
}

function assumedOf(values: ConfigValues, family: Family): string[] {
  const ids = Object.keys(family.defaults) as SizeId[];
  return ids.filter((id) => statedName(values, family, id) === undefined && sizeOf(values, family, id) !== undefined).map((id) => family.names[id]![0]);
}

function windowOf(values: ConfigValues, family: Family, layers: number): ModelShape["window"] {
  if (family.window === "never") return undefined;
  const asked = family.window === "asked";
  if (asked && values.use_sliding_window !== true) return undefined;
  const size = values.sliding_window === undefined ? 4096 : values.sliding_window;
  if (!isSize(size)) return undefined;
  if (!asked) return { size, layers };
  const types = values.layer_types;
  const first = values.max_window_layers === undefined ? 28 : values.max_window_layers;
  const count = Array.isArray(types) ? types.filter((each) => each === "sliding_attention").length : typeof first === "number" ? layers - Math.max(0, Math.floor(first)) : 0;
  return count > 0 ? { size, layers: Math.min(layers, count) } : undefined;
}

/** As transformers: id2label tells the number of classes, else num_labels, else 2. */
function labelsOf(values: ConfigValues): number {
  const { id2label, num_labels: count } = values;
  if (typeof id2label === "object" && id2label !== null && !Array.isArray(id2label)) return Math.max(1, Object.keys(id2label).length);
  return isSize(count) ? count : 2;
}
