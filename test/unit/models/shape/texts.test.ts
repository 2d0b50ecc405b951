import * as fc from "../../../support/fastCheck.js";
import { describe, expect, test } from "vitest";
import { format } from "../../../../src/core/contract/index.js";
import { applyEdits } from "../../../../src/core/decoding/config/index.js";
import { keySentences, lintModel, modelShape, readModelFile, shapeHeadline, shapeTable, type ModelShape } from "../../../../src/core/models/shape/index.js";
import { byteText, flopText } from "../../../../src/core/text/byteText.js";
import { bert, gpt2, llama, mistral, sample, shapeOf } from "./support.js";

const headline = (shape: ModelShape) => format(shapeHeadline({ kind: "shape", shape })!);

function said(name: string, values: Record<string, unknown>, inRope = false): string {
  const shape = shapeOf(values);
  const section = (values.rope_scaling ?? {}) as Record<string, unknown>;
  return (keySentences(name, shape, inRope ? section[name] : values[name], values, inRope) ?? []).map((each) => format(each)).join(" ");
}

describe("sizes in words", () => {
  test("have three digits and powers of ten", () => {
    expect([0, 7, 999, 1000, 248_879_616, 13_476_831_232, 999_600].map(byteText)).toEqual(["0 B", "7 B", "999 B", "1.00 kB", "249 MB", "13.5 GB", "1.00 MB"]);
    expect(flopText(284_812_800)).toBe("285 MFLOPs");
  });

  test("stand above the file", () => {
    expect(headline(gpt2)).toBe("GPT-2 · 12 layers × 12 heads × 768 · 124,439,808 parameters · 249 MB in F16");
    expect(headline(mistral)).toBe("Mistral · 32 layers × 32 heads (8 for keys and values) × 4,096 · 7,241,732,096 parameters · 14.5 GB in F16");
    expect(format(shapeHeadline(modelShape({ model_type: "mamba", d_model: 768 }))!)).toMatch(/^mamba · parameters not counted: Lumen knows BERT, .*Qwen3$/);
    expect(format(shapeHeadline(modelShape({ model_type: "gpt2", n_embd: 768, n_head: 7 }))!)).toBe("GPT-2 · the sizes do not fit together");
    expect(shapeHeadline({ kind: "none" })).toBeUndefined();
  });

  test("make a table of the parts, whose sum is the whole, and of the memory", () => {
    for (const shape of [gpt2, bert, llama, mistral]) {
      const { parameters, all } = shapeTable(shape);
      const [whole, ...counts] = [all, ...parameters.map(([, count]) => count)].map((count) => Number(count.replaceAll(",", "")));
      expect(counts.reduce((a, b) => a + b, 0)).toBe(whole);
    }
    const { parameters, memory, notes } = shapeTable(gpt2);
    expect(parameters.map(([label, count, share]) => `${format(label)} | ${count} | ${share}`)).toEqual([
      "embedding, 50,257 × 768 | 38,597,376 | 31.0%",
      "positions, 1,024 × 768 | 786,432 | 0.63%",
      "attention, 12 × 2,362,368 | 28,348,416 | 22.8%",
      "MLP, 12 × 4,722,432 | 56,669,184 | 45.5%",
      "norms | 38,400 | 0.031%",
      "head, tied to the embedding | 0 | 0%",
    ]);
    expect(memory.map(([label, size]) => `${format(label)}: ${size}`)).toEqual([
      "weights in F32: 498 MB",
      "weights in F16 or BF16: 249 MB",
      "weights in INT8: 124 MB",
      "weights in INT4: 62.2 MB",
      "KV cache of 1,024 tokens, F16: 37.7 MB",
      "full fine-tuning: 1.99 GB",
      "LoRA of rank 8: 254 MB",
    ]);
    const text = notes.map((each) => format(each)).join(" ");
    expect(text).toContain("In each layer: attention Q 590,592 + K 590,592 + V 590,592 + O 590,592; MLP up 2,362,368 + down 2,360,064.");
    expect(text).toContain("INT8 and INT4: 1.94 MB more for scales");
    expect(text).toContain("LoRA of rank 8 on c_attn trains 294,912 parameters, 0.24% of all");
    expect(text).toContain("16 to 20 GB a billion parameters, says 1.99 GB to 2.49 GB.");
    expect(text).toContain("1 MB is 10⁶ bytes");
    expect(shapeTable(bert).notes.map((each) => format(each)).join(" ")).toContain("109,482,240");
  });
});

describe("a name's hover", () => {
  const values = JSON.parse(sample("mistral-7b")) as Record<string, unknown>;

  test.each([
    ["num_key_value_heads", "each is shared by 4 query heads (grouped-query attention). The KV cache takes 131 kB a token in F16; with one for each query head it would take 524 kB."],
    ["sliding_window", "A token sees the last 4,096 only, in 32 of 32 layers. So the KV cache of 32,768 tokens takes 537 MB in F16 instead of 4.29 GB."],
    ["intermediate_size", "3.5 times the model's. Three matrices of 4,096 × 14,336"],
    ["rope_theta", "the 64 pairs of a head turn by θ^(−2i/128) a token, the fastest once in 6.28 tokens, the slowest once in 54,410."],
    ["torch_dtype", "7,241,732,096 parameters × 2 bytes = 14.5 GB."],
    ["tie_word_embeddings", "a matrix of its own: 32,000 × 4,096 = 131,072,000 parameters, 1.8% of all."],
    ["num_hidden_layers", "218,112,000 parameters in each, 6,979,584,000 in all 32: 96.4% of the model."],
    ["eos_token_id", "Ids go from 0 to 31,999."],
  ])("says of %s what it makes of the model", (name, sentence) => {
    expect(said(name, values)).toContain(sentence);
  });

  test("follows the value: one head, no window, a scaling", () => {
    expect(said("num_key_value_heads", { ...values, num_key_value_heads: 1 })).toContain("One head of keys and values for all 32 query heads (multi-query attention).");
    expect(said("sliding_window", { ...values, sliding_window: null })).toBe("No window: each token sees all before it.");
    const linear = { ...values, rope_scaling: { rope_type: "linear", factor: 8, original_max_position_embeddings: 2048 } };
    expect(said("rope_scaling", linear)).toBe("Linear interpolation: positions are divided by 8, so that a text 8 times as long turns no further than before. 2,048 tokens of training × 8 = 16,384 tokens.");
    expect(said("factor", linear, true)).toBe(said("rope_scaling", linear));
    for (const length of [1e300, -2048, 0]) {
      const wrong = { ...linear.rope_scaling, factor: 1e300, original_max_position_embeddings: length };
      expect(said("rope_scaling", { ...values, rope_scaling: wrong }), `of ${length} tokens`).not.toContain("tokens of training");
    }
    expect(keySentences("factor", mistral, 1, values)).toBeUndefined();
    expect(said("n_inner", { model_type: "gpt2", n_embd: 768, n_inner: null })).toContain("It is not set, so it is 4 × 768 = 3,072.");
  });

  test("is there for every name of the samples", () => {
    for (const name of ["gpt2", "bert-base", "llama-2-7b", "mistral-7b"]) {
      const own = JSON.parse(sample(name)) as Record<string, unknown>;
      const silent = Object.keys(own).filter((key) => said(key, own) === "");
      expect(silent).toEqual(["architectures", "model_type"]);
    }
  });
});

describe("whatever a file holds", () => {
  const names = [...new Set(["gpt2", "bert-base", "llama-2-7b", "mistral-7b", "slips"].flatMap((name) => Object.keys(JSON.parse(sample(name)) as object)))];
  const more = [...names, "head_dim", "n_inner", "rope_parameters", "layer_types", "max_window_layers", "use_sliding_window", "id2label", "mlp_bias", "rope_type", "type", "factor", "__proto__", "constructor"];
  const small = fc.oneof(fc.integer({ min: -3, max: 70 }), fc.constantFrom(0.5, 1e300, -0, 64, 128, 768, 32000, "linear", "yarn", "silu", "64", null, true));
  const rope = fc.dictionary(fc.constantFrom("rope_type", "type", "factor", "original_max_position_embeddings", "low_freq_factor", "high_freq_factor", "short_factor", "rope_theta"), fc.oneof(small, fc.constantFrom("llama3", "dynamic", "longrope", [1, 2])));
  const value = fc.oneof({ weight: 5, arbitrary: small }, { weight: 2, arbitrary: rope }, { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) });
  const config = fc.tuple(fc.constantFrom("gpt2", "bert", "roberta", "llama", "mistral", "qwen2", "qwen3", "mamba", 7), fc.dictionary(fc.constantFrom(...more), value));

  function isJson(text: string): boolean {
    try {
      JSON.parse(text);
      return true;
    } catch {
      return false;
    }
  }

  function everything(text: string): void {
    const file = readModelFile(text, "json", "config.json");
    if (!file) return;
    const problems = lintModel(text, file);
    for (const { span, edits } of problems) {
      // What could be read can be read when it is mended.
      if (isJson(text)) for (const fix of edits) expect(isJson(applyEdits(text, fix.edits)), `${format(fix.label)} in ${text}`).toBe(true);
      for (const each of [span, ...edits.flatMap((fix) => fix.edits.map((edit) => edit.span))]) {
        if (each) expect(each.start >= 0 && each.start <= each.end && each.end <= text.length).toBe(true);
      }
    }
    const result = modelShape(file.values);
    const sentences = [shapeHeadline(result), ...problems.map(({ message }) => message)];
    if (result.kind === "shape") {
      const { parameters, memory, notes } = shapeTable(result.shape);
      sentences.push(...notes);
      expect(JSON.stringify([parameters, memory])).not.toMatch(/NaN|Infinity|undefined/);
      for (const name of more) sentences.push(...(keySentences(name, result.shape, file.values[name], file.values) ?? []), ...(keySentences(name, result.shape, 3, file.values, true) ?? []));
    }
    for (const each of sentences) if (each) expect(format(each).replace(/(?:not|knows no activation|of the kind|says) ["\w.{}[\]+-]+/g, "")).not.toMatch(/NaN|Infinity|undefined|\[object/);
  }

  test("it is read without an exception, and no sentence says NaN", () => {
    fc.assert(fc.property(config, ([modelType, values]) => everything(JSON.stringify({ ...values, model_type: modelType, vocab_size: values.vocab_size ?? 100 }, undefined, 1))), { numRuns: 1500, seed: 4 });
  });

  test("half typed, cut anywhere, or with a character that was not meant", () => {
    const text = sample("slips");
    for (let at = 0; at <= text.length; at += 3) everything(text.slice(0, at));
    fc.assert(fc.property(fc.nat(text.length), fc.constantFrom('"', "{", "}", ",", ":", "[", "]", "\\", "-", "\n"), (at, mark) => everything(text.slice(0, at) + mark + text.slice(at))), { numRuns: 300, seed: 4 });
  });
});
