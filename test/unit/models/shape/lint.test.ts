import { describe, expect, test } from "vitest";
import { format } from "../../../../src/core/contract/index.js";
import { applyEdits } from "../../../../src/core/decoding/config/index.js";
import { lintModel, readModelFile, type ShapeProblem } from "../../../../src/core/models/shape/index.js";
import { sample } from "./support.js";

const llama = { model_type: "llama", vocab_size: 32000, hidden_size: 2048, num_hidden_layers: 22, num_attention_heads: 32, num_key_value_heads: 4, intermediate_size: 5632, max_position_embeddings: 2048 };
const scaled = (rope: object, change: object = {}) => ({ ...llama, ...change, rope_scaling: rope });
const llama3 = { rope_type: "llama3", factor: 8, low_freq_factor: 1, high_freq_factor: 4, original_max_position_embeddings: 8192 };

function problemsOf(text: string): readonly ShapeProblem[] {
  const file = readModelFile(text, "json", "config.json");
  return file ? lintModel(text, file) : [];
}

const written = (values: object) => JSON.stringify(values, undefined, 2);
const labels = ({ edits }: ShapeProblem) => edits.map(({ label }) => format(label));

/** [what, config, rule, severity, a part of the sentence, the names of the fixes] */
const cases: readonly (readonly [string, object, string, string, string, readonly string[]])[] = [
  ["a negative size", { ...llama, num_hidden_layers: -22 }, "size", "error", "num_hidden_layers must be a whole number of at least 1, not -22.", ["Set num_hidden_layers to 22"]],
  ["no layer", { ...llama, num_hidden_layers: 0 }, "size", "error", "not 0", ["Set num_hidden_layers to 32"]],
  ["a size in quotes", { ...llama, hidden_size: "2048" }, "size", "error", 'not "2048"', ["Set hidden_size to 2048"]],
  ["a broken size", { ...llama, intermediate_size: 5632.5 }, "size", "error", "not 5632.5", ["Set intermediate_size to 11008"]],
  ["a size that is an object", { ...llama, hidden_size: {} }, "size", "error", "hidden_size must be", ["Set hidden_size to 4096"]],
  ["a digit too many", { ...llama, vocab_size: 3200000000 }, "size", "error", "more than any model has", []],
  ["heads that do not divide", { ...llama, num_attention_heads: 30, num_key_value_heads: 2 }, "heads", "error", "hidden_size (2048) must be a multiple of num_attention_heads (30)", ["Set num_attention_heads to 32", "Set num_attention_heads to 16"]],
  ["GPT-2's heads", { model_type: "gpt2", n_embd: 768, n_head: 10 }, "heads", "error", "n_embd (768) must be a multiple of n_head (10)", ["Set n_head to 12", "Set n_head to 8"]],
  ["heads beside head_dim", { ...llama, hidden_size: 2050, head_dim: 64 }, "heads", "warning", "since version 5", ["Set num_attention_heads to 25", "Set num_attention_heads to 41"]],
  ["an odd head", { ...llama, hidden_size: 2080, num_attention_heads: 32 }, "heads", "error", "Heads of 65 numbers can't be rotated", ["Set num_attention_heads to 40", "Set num_attention_heads to 20"]],
  ["an odd head_dim", { ...llama, head_dim: 63 }, "heads", "error", "Heads of 63 numbers", ["Set head_dim to 64"]],
  ["uneven groups", { ...llama, num_key_value_heads: 5 }, "kv-heads", "error", "num_key_value_heads (5) must divide num_attention_heads (32)", ["Set num_key_value_heads to 4", "Set num_key_value_heads to 8"]],
  ["more groups than heads", { ...llama, num_key_value_heads: 64 }, "kv-heads", "error", "must divide", ["Set num_key_value_heads to 32", "Set num_key_value_heads to 16"]],
  ["padding outside", { ...llama, pad_token_id: 32000 }, "token-id", "error", "pad_token_id is 32000, but the ids of 32000 tokens go from 0 to 31999.", ["Remove pad_token_id", "Set vocab_size to 32001"]],
  ["padding from the end", { ...llama, pad_token_id: -1 }, "token-id", "warning", "pad_token_id is −1", ["Remove pad_token_id"]],
  ["an end outside", { ...llama, eos_token_id: [2, 40000] }, "token-id", "warning", "eos_token_id is 40000", ["Remove eos_token_id", "Set vocab_size to 40001"]],
  ["an id in quotes", { ...llama, bos_token_id: "1" }, "token-id", "error", "must be a whole number", ["Remove bos_token_id"]],
  ["an activation with a slip", { ...llama, hidden_act: "sliu" }, "activation", "error", 'no activation "sliu". silu is', ['Set hidden_act to "silu"']],
  ["an activation from elsewhere", { model_type: "gpt2", n_embd: 768, activation_function: "geglu_swoosh" }, "activation", "error", "gelu_new", ['Set activation_function to "gelu_new"']],
  ["a name with a slip", { ...llama, num_attention_heads: undefined, num_atention_heads: 32 }, "unknown-name", "warning", "It takes num_attention_heads as 32, its default.", ["Change to num_attention_heads"]],
  ["scaling of learned positions", { model_type: "bert", hidden_size: 768, rope_scaling: { type: "linear", factor: 2.0 } }, "rope-idle", "warning", "BERT has learned positions", ["Remove rope_scaling"]],
  ["a kind with a slip", scaled({ rope_type: "linaer", factor: 2.5 }), "rope-type", "error", 'of the kind "linaer"', ['Set rope_type to "linear"']],
  ["an older name of a kind", scaled({ type: "su", long_factor: [], short_factor: [] }), "rope-type", "error", 'of the kind "su"', ['Set type to "longrope"']],
  ["a kind that nobody knows", scaled({ rope_type: "spiral", factor: 2.5 }), "rope-type", "error", "It knows: default, linear, dynamic, yarn, longrope, llama3.", []],
  ["both names of the kind", scaled({ type: "linear", rope_type: "linear", factor: 2.5 }), "rope-names", "info", "One is enough", ["Remove type"]],
  ["two kinds", scaled({ type: "dynamic", rope_type: "linear", factor: 2.5 }), "rope-names", "warning", 'rope_type says "linear", and type, its old name, says "dynamic"', ["Remove type", 'Set rope_type to "dynamic"']],
  ["a missing factor", scaled({ rope_type: "linear" }), "rope-value", "error", "of the kind linear need factor.", ["Set factor to 2.0"]],
  ["a factor below 1", scaled({ rope_type: "linear", factor: 0.25 }), "rope-value", "warning", "A factor of 0.25 would make texts shorter", ["Set factor to 4.0"]],
  ["a factor in quotes", scaled({ rope_type: "linear", factor: "4" }), "rope-value", "error", "factor must be a number", ["Set factor to 4.0"]],
  ["a whole factor", scaled({ rope_type: "dynamic", factor: 2 }), "rope-value", "info", "Write 2.0.", ["Set factor to 2.0"]],
  ["a slip in rope_parameters beside an empty rope_scaling", { ...llama, rope_scaling: {}, rope_parameters: { rope_type: "linaer", factor: 2.5 } }, "rope-type", "error", 'of the kind "linaer"', ['Set rope_type to "linear"']],
  ["a scaling that is a text", { ...llama, rope_scaling: "linear" }, "rope-value", "error", "rope_scaling must be an object", ["Set rope_scaling to null"]],
  ["a list of the wrong length", scaled({ rope_type: "longrope", factor: 4.0, short_factor: [1, 1], long_factor: Array(32).fill(2) }), "rope-value", "error", "short_factor has 2 numbers, but a head has 32 pairs.", []],
  ["bounds in the wrong order", scaled({ ...llama3, low_freq_factor: 2, high_freq_factor: 1 }, { max_position_embeddings: 131072 }), "rope-value", "error", "high_freq_factor (1) must be above low_freq_factor (2)", ["Set high_freq_factor to 4.0"]],
  ["Llama 3 without bounds", scaled({ ...llama3, low_freq_factor: undefined }, { max_position_embeddings: 131072 }), "rope-value", "error", "of the kind llama3 need low_freq_factor", ["Set low_freq_factor to 1.0"]],
  ["linear scaling with the old context", scaled({ rope_type: "linear", factor: 4.5, original_max_position_embeddings: 2048 }), "rope-context", "warning", "The scaling reaches 2048 × 4.5 = 9216 tokens, but max_position_embeddings is still 2048", ["Set max_position_embeddings to 9216", "Remove rope_scaling"]],
  ["yarn with another ratio", scaled({ rope_type: "yarn", factor: 4.5, original_max_position_embeddings: 2048 }, { max_position_embeddings: 5120 }), "rope-context", "warning", "max_position_embeddings is 5120, but 2048 tokens of training × 4.5 are 9216.", ["Set max_position_embeddings to 9216", "Set factor to 2.5"]],
  ["dynamic scaling that begins too late", scaled({ rope_type: "dynamic", factor: 4.5, original_max_position_embeddings: 2048 }, { max_position_embeddings: 8192 }), "rope-context", "warning", "begins beyond max_position_embeddings (8192), which should be the length of training, 2048", ["Set max_position_embeddings to 2048"]],
  ["Llama 3 without room", scaled(llama3, { max_position_embeddings: 8192 }), "rope-context", "warning", "max_position_embeddings (8192) must be above original_max_position_embeddings (8192)", ["Set max_position_embeddings to 65536", "Remove rope_scaling"]],
];

describe("a model's configuration is checked", () => {
  test.each(cases)("%s", (_what, values, code, severity, sentence, fixes) => {
    const text = written(values);
    const problems = problemsOf(text);
    expect(problems.map((each) => each.code)).toContain(code);
    const problem = problems.find((each) => each.code === code && format(each.message).includes(sentence));
    expect(problem, problems.map(({ message }) => format(message)).join(" ")).toBeDefined();
    expect(problem!.severity).toBe(severity);
    expect(problem!.span!.end).toBeGreaterThan(problem!.span!.start);
    expect(labels(problem!)).toEqual(fixes);
    for (const { edits } of problem!.edits) {
      const mended = applyEdits(text, edits);
      expect(() => void JSON.parse(mended)).not.toThrow();
      expect(problemsOf(mended).some((each) => each.code === code && format(each.message) === format(problem!.message))).toBe(false);
    }
  });

  test.each(["gpt2", "bert-base", "llama-2-7b", "mistral-7b"])("and nothing is found in %s", (name) => {
    expect(problemsOf(sample(name))).toEqual([]);
  });

  test.each<[string, object]>([
    ["Llama 3.1", scaled(llama3, { max_position_embeddings: 131072 })],
    ["Llama 3.2's head_dim", { ...llama, hidden_size: 3072, num_attention_heads: 24, num_key_value_heads: 8, head_dim: 128 }],
    ["Qwen3, whose heads are wider than the model", { model_type: "qwen3", hidden_size: 1024, num_attention_heads: 16, num_key_value_heads: 8, vocab_size: 151936 }],
    ["yarn that fits", scaled({ rope_type: "yarn", factor: 4.0001, original_max_position_embeddings: 2048 }, { max_position_embeddings: 8192 })],
    ["the newer rope_parameters", { ...llama, rope_parameters: { rope_type: "default", rope_theta: 10000.0 } }],
    ["the newer rope_parameters beside an empty rope_scaling", { ...llama, rope_scaling: {}, rope_parameters: { rope_type: "linear", factor: 2.5 } }],
    ["names of other settings", { ...llama, num_attention_sinks: 4, pretraining_tp: 1, hidden_size_per_layer: 3 }],
    ["another architecture", { model_type: "mamba", hidden_size: 7, num_attention_heads: 3 }],
    ["no model", { num_attention_heads: 3, hidden_size: 7 }],
  ])("and nothing in %s", (_name, values) => {
    expect(problemsOf(written(values)).map(({ message }) => format(message))).toEqual([]);
  });

  test("the sample with slips has seven, and none when each first fix was taken", () => {
    let text = sample("slips");
    expect(problemsOf(text).map(({ code }) => code)).toEqual(["size", "heads", "kv-heads", "activation", "rope-context", "rope-names", "token-id"]);
    for (let left = 7; left > 0; left--) {
      const [problem] = problemsOf(text);
      text = applyEdits(text, problem.edits[0].edits);
      expect(problemsOf(text).length).toBe(left - 1);
    }
    expect(JSON.parse(text)).toMatchObject({ num_hidden_layers: 22, num_attention_heads: 32, num_key_value_heads: 8, max_position_embeddings: 8192, rope_scaling: { rope_type: "linear", factor: 4 } });
  });

  test("only in files of its name, in JSON, and not while they are typed", () => {
    const text = sample("slips");
    for (const [language, name] of [["json", "tsconfig.json"], ["json", "package.json"], ["json", "generation_config.json"], ["json", "tokenizer_config.json"], ["python", "config.json"], ["json", "myconfig.json"]]) {
      expect(readModelFile(text, language, name), name).toBeUndefined();
    }
    expect(problemsOf(text.replace("4096", '"a'))).not.toEqual([]);
    expect(problemsOf(text.slice(0, -4))).toEqual([]);
  });
});
