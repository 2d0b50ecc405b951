/** How a family's layers are built; the others differ in sizes, biases and names alone. */
export type FamilyId = "gpt2" | "bert" | "llama";

/** The sizes that a configuration states. */
export type SizeId = "width" | "layers" | "heads" | "kvHeads" | "headSize" | "inner" | "vocabulary" | "context" | "segments";

/** What transformers knows of one `model_type`. */
export type Family = {
  readonly id: FamilyId;
  readonly modelType: string;
  /** As people write it. */
  readonly name: string;
  /** The beginning of its classes' names. */
  readonly prefix: string;
  /** The names of each size, the usual one first; a size without names is not stated by this family. */
  readonly names: Readonly<Partial<Record<SizeId, readonly string[]>>>;
  /** transformers' own values where nothing is stated; a size without one follows from others. */
  readonly defaults: Readonly<Partial<Record<SizeId, number>>>;
  readonly activation: string;
  readonly tied: boolean;
  /** Whether the matrices of queries, keys and values, of the output and of the MLP have biases; `stated`: where the configuration says so. */
  readonly biases: { readonly attention: boolean | "stated"; readonly output: boolean | "stated"; readonly mlp: boolean | "stated" };
  /** Whether each head's queries and keys are normed (Qwen3). */
  readonly headNorms: boolean;
  /** `always`: as stated; `asked`: only with use_sliding_window, and from max_window_layers on. */
  readonly window: "never" | "always" | "asked";
  readonly pad: number | undefined;
};

const gpt2Names = {
  width: ["n_embd", "hidden_size"],
  layers: ["n_layer", "num_hidden_layers"],
  heads: ["n_head", "num_attention_heads"],
  inner: ["n_inner"],
  vocabulary: ["vocab_size"],
  context: ["n_positions", "max_position_embeddings", "n_ctx"],
};
const bertNames = {
  width: ["hidden_size"],
  layers: ["num_hidden_layers"],
  heads: ["num_attention_heads"],
  inner: ["intermediate_size"],
  vocabulary: ["vocab_size"],
  context: ["max_position_embeddings"],
  segments: ["type_vocab_size"],
};
const llamaNames = {
  width: ["hidden_size"],
  layers: ["num_hidden_layers"],
  heads: ["num_attention_heads"],
  kvHeads: ["num_key_value_heads"],
  headSize: ["head_dim"],
  inner: ["intermediate_size"],
  vocabulary: ["vocab_size"],
  context: ["max_position_embeddings"],
};
const bertDefaults = { width: 768, layers: 12, heads: 12, inner: 3072, vocabulary: 30522, context: 512, segments: 2 };
const llamaDefaults = { width: 4096, layers: 32, heads: 32, inner: 11008, vocabulary: 32000, context: 2048 };
const all = { attention: true, output: true, mlp: true } as const;
const qwenDefaults = { ...llamaDefaults, kvHeads: 32, inner: 22016, vocabulary: 151936, context: 32768 };

/** Source of names and defaults: transformers 5.18, `models/<name>/configuration_<name>.py`. */
export const families: readonly Family[] = [
  {
    id: "bert", modelType: "bert", name: "BERT", prefix: "Bert", names: bertNames, defaults: bertDefaults,
    activation: "gelu", tied: true, biases: all, headNorms: false, window: "never", pad: 0,
  },
  {
    id: "bert", modelType: "roberta", name: "RoBERTa", prefix: "Roberta", names: bertNames, defaults: { ...bertDefaults, vocabulary: 50265 },
    activation: "gelu", tied: true, biases: all, headNorms: false, window: "never", pad: 1,
  },
  {
    id: "gpt2", modelType: "gpt2", name: "GPT-2", prefix: "GPT2", names: gpt2Names,
    defaults: { width: 768, layers: 12, heads: 12, vocabulary: 50257, context: 1024 },
    activation: "gelu_new", tied: true, biases: all, headNorms: false, window: "never", pad: undefined,
  },
  {
    id: "llama", modelType: "llama", name: "Llama", prefix: "Llama", names: llamaNames, defaults: llamaDefaults,
    activation: "silu", tied: false, biases: { attention: "stated", output: "stated", mlp: "stated" }, headNorms: false, window: "never", pad: undefined,
  },
  {
    id: "llama", modelType: "mistral", name: "Mistral", prefix: "Mistral", names: llamaNames,
    defaults: { ...llamaDefaults, kvHeads: 8, inner: 14336, context: 131072 },
    activation: "silu", tied: false, biases: { attention: false, output: false, mlp: false }, headNorms: false, window: "always", pad: undefined,
  },
  {
    id: "llama", modelType: "qwen2", name: "Qwen2", prefix: "Qwen2", names: llamaNames, defaults: qwenDefaults,
    activation: "silu", tied: false, biases: { attention: true, output: false, mlp: false }, headNorms: false, window: "asked", pad: undefined,
  },
  {
    id: "llama", modelType: "qwen3", name: "Qwen3", prefix: "Qwen3", names: llamaNames, defaults: { ...qwenDefaults, headSize: 128 },
    activation: "silu", tied: false, biases: { attention: "stated", output: "stated", mlp: false }, headNorms: true, window: "asked", pad: undefined,
  },
];

/** "BERT, RoBERTa, GPT-2, …", for the sentence about one that is not among them. */
export const familyNames: string = families.map(({ name }) => name).join(", ");

const heads = "Model|LMHeadModel|DoubleHeadsModel|For[A-Z]\\w*";

/** The family that a configuration names by model_type or, without it, by its class; undefined when it is another. */
export function familyOf(modelType: unknown, architecture: unknown): Family | undefined {
  if (typeof modelType === "string") return families.find((each) => each.modelType === modelType);
  if (typeof architecture !== "string") return undefined;
  return families.find(({ prefix }) => new RegExp(`^${prefix}(?:${heads})$`).test(architecture));
}
