import { modelShape, parameterCount, type ConfigValues, type ModelShape } from "../models/shape/index.js";

export type KnownShape = { readonly id: string; readonly name: string; readonly shape: ModelShape };

const llama = (width: number, layers: number, heads: number, inner: number, more: ConfigValues = {}): ConfigValues => ({
  model_type: "llama", architectures: ["LlamaForCausalLM"], hidden_size: width, num_hidden_layers: layers, num_attention_heads: heads, intermediate_size: inner, vocab_size: 32000, max_position_embeddings: 4096, ...more,
});
const gpt2 = (width: number, layers: number, heads: number): ConfigValues => ({ model_type: "gpt2", architectures: ["GPT2LMHeadModel"], n_embd: width, n_layer: layers, n_head: heads, n_positions: 1024, vocab_size: 50257 });
const bert = (width: number, layers: number, heads: number): ConfigValues => ({ model_type: "bert", architectures: ["BertModel"], hidden_size: width, num_hidden_layers: layers, num_attention_heads: heads, intermediate_size: 4 * width });
const llama3 = { num_key_value_heads: 8, vocab_size: 128256, max_position_embeddings: 131072 };

/** Published models by their config.json, as far as it tells their sizes. Source: the files of these names at Hugging Face. */
const configs: readonly (readonly [id: string, name: string, config: ConfigValues])[] = [
  ["gpt2", "GPT-2", gpt2(768, 12, 12)],
  ["gpt2-medium", "GPT-2 medium", gpt2(1024, 24, 16)],
  ["gpt2-large", "GPT-2 large", gpt2(1280, 36, 20)],
  ["gpt2-xl", "GPT-2 XL", gpt2(1600, 48, 25)],
  ["bert-base-uncased", "BERT base", bert(768, 12, 12)],
  ["bert-large-uncased", "BERT large", bert(1024, 24, 16)],
  ["Llama-2-7b", "Llama 2 7B", llama(4096, 32, 32, 11008)],
  ["Llama-2-13b", "Llama 2 13B", llama(5120, 40, 40, 13824)],
  ["Llama-2-70b", "Llama 2 70B", llama(8192, 80, 64, 28672, { num_key_value_heads: 8 })],
  ["Llama-3.1-8B", "Llama 3.1 8B", llama(4096, 32, 32, 14336, llama3)],
  ["Llama-3.1-70B", "Llama 3.1 70B", llama(8192, 80, 64, 28672, llama3)],
  [
    "Mistral-7B-v0.1", "Mistral 7B",
    { model_type: "mistral", architectures: ["MistralForCausalLM"], hidden_size: 4096, num_hidden_layers: 32, num_attention_heads: 32, num_key_value_heads: 8, intermediate_size: 14336, vocab_size: 32000, max_position_embeddings: 32768, sliding_window: 4096 },
  ],
  [
    "Qwen2.5-7B", "Qwen2.5 7B",
    { model_type: "qwen2", architectures: ["Qwen2ForCausalLM"], hidden_size: 3584, num_hidden_layers: 28, num_attention_heads: 28, num_key_value_heads: 4, intermediate_size: 18944, vocab_size: 152064, max_position_embeddings: 131072, tie_word_embeddings: false },
  ],
];

let known: readonly KnownShape[] | undefined;

/** Published models whose cost can be asked for, the smallest of each family first. */
export function knownShapes(): readonly KnownShape[] {
  known ??= configs.flatMap(([id, name, config]) => {
    const found = modelShape(config);
    return found.kind === "shape" ? [{ id, name, shape: found.shape }] : [];
  });
  return known;
}

/** Ids, names and sizes, to choose from. */
export function offeredShapes(): { readonly id: string; readonly name: string; readonly parameters: number }[] {
  return knownShapes().map(({ id, name, shape }) => ({ id, name, parameters: parameterCount(shape) }));
}
