import path from "node:path";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { modelShape, parameterCount, parameterGroups, parameterParts, type ConfigValues } from "../../../../src/core/models/shape/index.js";
import { builtIn, fixtures, tensorsOf } from "../folders.js";
import { bert, gpt2, llama, mistral, shapeOf } from "./support.js";

const llama3 = { model_type: "llama", vocab_size: 128256, hidden_size: 4096, intermediate_size: 14336, num_hidden_layers: 32, num_attention_heads: 32, num_key_value_heads: 8 };
const llama321 = { ...llama3, hidden_size: 2048, intermediate_size: 8192, num_hidden_layers: 16, head_dim: 64, tie_word_embeddings: true };
const qwen = { model_type: "qwen2", vocab_size: 152064, hidden_size: 3584, intermediate_size: 18944, num_hidden_layers: 28, num_attention_heads: 28, num_key_value_heads: 4 };
const qwenSmall = { model_type: "qwen2", vocab_size: 151936, hidden_size: 896, intermediate_size: 4864, num_hidden_layers: 24, num_attention_heads: 14, num_key_value_heads: 2, tie_word_embeddings: true };
const qwen3 = { model_type: "qwen3", vocab_size: 151936, hidden_size: 1024, intermediate_size: 3072, num_hidden_layers: 28, num_attention_heads: 16, num_key_value_heads: 8, head_dim: 128, tie_word_embeddings: true };
const roberta = { model_type: "roberta", vocab_size: 50265, max_position_embeddings: 514, type_vocab_size: 1, pad_token_id: 1 };
const bertBase = { model_type: "bert", vocab_size: 30522 };
const bertLarge = { ...bertBase, hidden_size: 1024, num_hidden_layers: 24, num_attention_heads: 16, intermediate_size: 4096 };

describe("parameters", () => {
  test.each([
    ["tiny-gpt2", path.join(fixtures, "tiny-gpt2")],
    ["tiny-bert", path.join(fixtures, "tiny-bert")],
    ["tiny-llama", path.join(fixtures, "tiny-llama")],
    ["the built-in model", builtIn],
  ])("are as many as the numbers in the weight file of %s", (_name, folder) => {
    const config = JSON.parse(readFileSync(path.join(folder, "config.json"), "utf8")) as ConfigValues;
    const stored = [...tensorsOf(path.join(folder, "model.safetensors")).values()].map(({ entry }) => entry.shape.reduce((a, b) => a * b, 1));
    expect(parameterCount(shapeOf(config))).toBe(stored.reduce((a, b) => a + b, 0));
  });

  // As published on the models' pages and printed by num_parameters() of transformers.
  test.each<[string, ConfigValues, number]>([
    ["gpt2-medium", { model_type: "gpt2", n_embd: 1024, n_layer: 24, n_head: 16 }, 354_823_168],
    ["gpt2-large", { model_type: "gpt2", n_embd: 1280, n_layer: 36, n_head: 20 }, 774_030_080],
    ["gpt2-xl", { model_type: "gpt2", n_embd: 1600, n_layer: 48, n_head: 25 }, 1_557_611_200],
    ["BertModel base", bertBase, 109_482_240],
    ["BertModel large", bertLarge, 335_141_888],
    ["BertForMaskedLM base", { ...bertBase, architectures: ["BertForMaskedLM"] }, 109_514_298],
    ["BertForPreTraining base", { ...bertBase, architectures: ["BertForPreTraining"] }, 110_106_428],
    ["BertForSequenceClassification base", { ...bertBase, architectures: ["BertForSequenceClassification"] }, 109_483_778],
    ["RobertaModel base", roberta, 124_645_632],
    ["RobertaForMaskedLM base", { ...roberta, architectures: ["RobertaForMaskedLM"] }, 124_697_433],
    ["Llama 3 8B", llama3, 8_030_261_248],
    ["Llama 3.2 1B", llama321, 1_235_814_400],
    ["Llama 2 13B", { model_type: "llama", vocab_size: 32000, hidden_size: 5120, intermediate_size: 13824, num_hidden_layers: 40, num_attention_heads: 40 }, 13_015_864_320],
    ["Llama 2 70B", { model_type: "llama", vocab_size: 32000, hidden_size: 8192, intermediate_size: 28672, num_hidden_layers: 80, num_attention_heads: 64, num_key_value_heads: 8 }, 68_976_648_192],
    ["TinyLlama 1.1B", { model_type: "llama", vocab_size: 32000, hidden_size: 2048, intermediate_size: 5632, num_hidden_layers: 22, num_attention_heads: 32, num_key_value_heads: 4 }, 1_100_048_384],
    ["Qwen2.5 7B", qwen, 7_615_616_512],
    ["Qwen2 0.5B", qwenSmall, 494_032_768],
    ["Qwen3 0.6B", qwen3, 596_049_920],
  ])("are as published: %s", (_name, values, count) => {
    expect(parameterCount(shapeOf(values))).toBe(count);
  });

  test("of the samples are as published", () => {
    expect([gpt2, llama, mistral].map(parameterCount)).toEqual([124_439_808, 6_738_415_616, 7_241_732_096]);
    expect(parameterCount({ ...bert, head: "pooler" })).toBe(109_482_240);
  });

  test("stand by part: Q, K, V and O of GPT-2 with their biases", () => {
    const parts = new Map(parameterParts(gpt2).map((part) => [part.id, part]));
    for (const id of ["query", "key", "value", "output"] as const) expect(parts.get(id)!.count).toBe(12 * (768 * 768 + 768));
    expect(parts.get("up")!.count + parts.get("down")!.count).toBe(12 * (2 * 768 * 3072 + 3072 + 768));
    expect(parts.has("head")).toBe(false);
    const groups = Object.values(parameterGroups(gpt2));
    expect(groups.reduce((a, b) => a + b, 0)).toBe(124_439_808);
  });

  test("count a head that is untied, biases that are stated, and classes", () => {
    const base = { model_type: "gpt2", vocab_size: 50257 };
    expect(parameterCount(shapeOf({ ...base, tie_word_embeddings: false })) - 124_439_808).toBe(50257 * 768);
    // BERT's untied decoder has a bias of its own besides.
    const masked = { ...bertBase, architectures: ["BertForMaskedLM"] };
    expect(parameterCount(shapeOf({ ...masked, tie_word_embeddings: false })) - 109_514_298).toBe(30522 * 768 + 30522);
    const tiny = { model_type: "llama", hidden_size: 32, num_hidden_layers: 2, num_attention_heads: 4, num_key_value_heads: 2, intermediate_size: 96, vocab_size: 64 };
    const plain = parameterCount(shapeOf(tiny));
    expect(parameterCount(shapeOf({ ...tiny, attention_bias: true })) - plain).toBe(2 * (32 + 16 + 16 + 32));
    expect(parameterCount(shapeOf({ ...tiny, mlp_bias: true })) - plain).toBe(2 * (96 + 96 + 32));
    const classes = { ...tiny, architectures: ["LlamaForSequenceClassification"], id2label: { "0": "a", "1": "b", "2": "c" } };
    expect(parameterCount(shapeOf(classes)) - plain).toBe(3 * 32 - 64 * 32);
  });
});

describe("what a config.json is", () => {
  test.each<[string, ConfigValues]>([
    ["a tsconfig", { compilerOptions: { strict: true } }],
    ["a package", { name: "config", version: "1.0.0" }],
    ["a tokenizer's", { model_type: "gpt2", tokenizer_class: "GPT2Tokenizer" }],
    ["nothing", {}],
  ])("%s is none", (_name, values) => {
    expect(modelShape(values).kind).toBe("none");
  });

  test("another architecture is named, a class without model_type is known, and so is null", () => {
    expect(modelShape({ model_type: "mamba", hidden_size: 768 })).toEqual({ kind: "unknown", modelType: "mamba" });
    expect(modelShape({ architectures: ["FalconForCausalLM"], hidden_size: 768 })).toEqual({ kind: "unknown", modelType: "FalconForCausalLM" });
    expect(shapeOf({ architectures: ["Qwen2ForCausalLM"], hidden_size: 896 }).name).toBe("Qwen2");
    expect(shapeOf({ model_type: "mistral", hidden_size: 4096 }).kvHeads).toBe(8);
    expect(shapeOf({ model_type: "mistral", hidden_size: 4096, num_key_value_heads: null }).kvHeads).toBe(32);
    expect(shapeOf({ model_type: "gpt2", n_embd: 512, n_head: 8, n_inner: null }).inner).toBe(2048);
    expect(shapeOf({ model_type: "roberta", max_position_embeddings: 514 })).toMatchObject({ positions: 514, context: 512 });
  });

  test("knows a window that is in force, and one that is not", () => {
    expect(mistral.window).toEqual({ size: 4096, layers: 32 });
    expect(shapeOf({ ...qwen, sliding_window: 131072, use_sliding_window: false }).window).toBeUndefined();
    expect(shapeOf({ ...qwen, sliding_window: 4096, use_sliding_window: true, max_window_layers: 21 }).window).toEqual({ size: 4096, layers: 7 });
    expect(shapeOf({ model_type: "mistral", hidden_size: 4096, sliding_window: null }).window).toBeUndefined();
  });

  test.each<[string, ConfigValues]>([
    ["heads that do not divide", { model_type: "gpt2", n_embd: 768, n_head: 10 }],
    ["a negative size", { model_type: "gpt2", n_embd: 768, n_layer: -12 }],
    ["a broken size", { model_type: "bert", hidden_size: 76.8 }],
    ["groups that do not divide", { model_type: "llama", num_attention_heads: 32, num_key_value_heads: 5 }],
    ["a text", { model_type: "gpt2", n_embd: "768" }],
    ["a size beyond any model", { model_type: "gpt2", n_embd: 1e12 }],
  ])("%s fit no model", (_name, values) => {
    expect(modelShape(values).kind).toBe("unfit");
  });
});
