import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { finishRun } from "../../../src/core/decoding/strategies/events.js";
import { generate } from "../../../src/core/decoding/strategies/generate.js";
import { gelu, geluTanh, sigmoid, silu } from "../../../src/core/math/activations.js";
import { linear } from "../../../src/core/math/linear.js";
import { logSumExp } from "../../../src/core/math/logSumExp.js";
import { seededRandom } from "../../../src/core/math/random.js";
import { feedAll } from "../../../src/core/models/languageModel.js";
import { ModelConfig } from "../../../src/core/models/modelConfig.js";
import { rotaryFrequencies, rotate } from "../../../src/core/models/rotary.js";
import { filesOf } from "../../oracle/models.js";
import { builtIn, fixtures, folder, loaded } from "./folders.js";

type Expected = {
  readonly tokenizer: readonly { readonly text: string; readonly ids: number[] }[];
  readonly prompts: readonly {
    readonly text: string; readonly ids: number[]; readonly tokens: string[]; readonly logsumexp: number;
    readonly top20: readonly { readonly id: number; readonly logit: number }[];
    readonly greedy_ids: number[]; readonly greedy_text: string;
  }[];
  readonly attention: { readonly text: string; readonly ids: number[]; readonly layers: Record<string, number[][][]> };
};

const expected = JSON.parse(readFileSync(path.join(fixtures, "tiny-gpt2-built-in/expected.json"), "utf8")) as Expected;
const tiny = loaded(filesOf(builtIn));
const tokenizer = tiny.tokenizer!;

describe("the built-in GPT-2", () => {
  test("is what its description says", () => {
    expect(tiny).toMatchObject({ family: "gpt2", layers: 4, parameters: 1_088_256, eos: [2047], bos: 2047 });
    expect(tiny.model).toMatchObject({ vocabularySize: 2048, contextLength: 256, hiddenSize: 128 });
    expect(tokenizer.size).toBe(2048);
  });

  test.each(expected.tokenizer)("cuts $text as the tokenizer's makers do", ({ text, ids }) => {
    expect(tokenizer.encode(text)).toEqual(ids);
    expect(tokenizer.decode(ids)).toBe(text);
  });

  test.each(expected.prompts)("continues $text", ({ text, ids, tokens, top20, logsumexp, greedy_ids: greedy, greedy_text: greedyText }) => {
    expect(tokenizer.encode(text)).toEqual(ids);
    expect(ids.map((id) => tokenizer.text(id))).toEqual(tokens);
    const state = tiny.model.start();
    feedAll(state, ids);
    const order = Array.from(state.logits.keys()).sort((a, b) => state.logits[b] - state.logits[a]);
    expect(order.slice(0, 20)).toEqual(top20.map(({ id }) => id));
    for (const { id, logit } of top20) expect(Math.abs(state.logits[id] - logit)).toBeLessThan(1e-4);
    expect(Math.abs(logSumExp(state.logits) - logsumexp)).toBeLessThan(1e-4);
    const { sequence } = finishRun(generate(tiny.model, ids, { max_new_tokens: greedy.length }), () => 0).result;
    expect(sequence.slice(ids.length)).toEqual(greedy);
    expect(tokenizer.decode(sequence.slice(ids.length))).toBe(greedyText);
  });

  test("attends as expected", () => {
    const { text, ids, layers } = expected.attention;
    expect(tokenizer.encode(text)).toEqual(ids);
    let worst = 0;
    let seen = 0;
    feedAll(tiny.model.start(), ids, {
      attention(layer, head, position, weights) {
        const rows = layers[String(layer)];
        if (!rows) return;
        seen++;
        weights.forEach((weight, key) => (worst = Math.max(worst, Math.abs(weight - rows[head][position][key]))));
      },
    });
    expect(seen).toBe(Object.keys(layers).length * 4 * ids.length);
    expect(worst).toBeLessThan(1e-4);
  });
});

describe.each(["tiny-gpt2", "tiny-llama"])("%s", (name) => {
  const { model } = loaded(folder(name));
  const ids = Array.from({ length: 30 }, (_, i) => (7 * i + 3) % model.vocabularySize);
  const whole = model.start();
  feedAll(whole, ids);

  test("reads a text in pieces as it reads it at once", () => {
    for (const pieces of [[1, 29], [16, 14], [15, 1, 1, 13], Array.from({ length: 30 }, () => 1)]) {
      const state = model.start();
      let at = 0;
      for (const piece of pieces) feedAll(state, ids.slice(at, (at += piece)));
      expect(state.length).toBe(30);
      state.logits.forEach((v, i) => expect(v).toBeCloseTo(whole.logits[i], 5));
      state.hidden.forEach((v, i) => expect(v).toBeCloseTo(whole.hidden[i], 5));
    }
  });

  test.each([1, 15, 16, 17, 29])("forks at %i tokens into texts that do not touch each other", (at) => {
    const trunk = model.start();
    feedAll(trunk, ids.slice(0, at));
    const left = trunk.fork();
    const right = trunk.fork();
    // In turns, so that a page that two of them share would be overwritten before it is read again.
    for (let i = at; i < 30; i++) {
      feedAll(right, [ids[i]]);
      feedAll(left, [1]);
      feedAll(trunk, [5]);
    }
    right.logits.forEach((v, i) => expect(v).toBeCloseTo(whole.logits[i], 5));
  });

  test("gives the logits of every place when asked", () => {
    const seen: number[] = [];
    const state = model.start();
    feedAll(state, ids.slice(0, 5));
    feedAll(state, ids.slice(5, 20), {
      logits(position, values) {
        const alone = model.start();
        feedAll(alone, ids.slice(0, position + 1));
        values.forEach((v, i) => expect(v).toBeCloseTo(alone.logits[i], 5));
        seen.push(position);
      },
    });
    expect(seen).toEqual(Array.from({ length: 15 }, (_, i) => i + 5));
  });

  test("refuses ids that it does not have and texts longer than its context", () => {
    expect(() => feedAll(model.start(), [model.vocabularySize])).toThrow(RangeError);
    expect(() => feedAll(model.start(), [-1])).toThrow(RangeError);
    const full = model.start();
    const ones = new Int32Array(model.contextLength).fill(1);
    feedAll(full, ones);
    expect(full.length).toBe(model.contextLength);
    expect(() => feedAll(full, [1])).toThrow("context");
  });
});

describe("kernels", () => {
  const random = seededRandom(3);
  const draw = (n: number) => Float32Array.from({ length: n }, () => 2 * random() - 1);

  test.each([[1, 1, 1], [1, 7, 5], [2, 8, 4], [3, 5, 9], [5, 16, 11]])("a linear layer of %i rows, %i in, %i out is a product", (n, k, m) => {
    const [x, w, bias] = [draw(n * k), draw(m * k), draw(m)];
    const out = new Float32Array(n * m);
    linear(x, n, k, w, m, bias, out);
    for (let t = 0; t < n; t++) {
      for (let r = 0; r < m; r++) {
        let sum = bias[r];
        for (let j = 0; j < k; j++) sum += w[r * k + j] * x[t * k + j];
        expect(out[t * m + r]).toBeCloseTo(sum, 6);
      }
    }
    const part = new Float32Array(n * m).fill(9);
    linear(x, n, k, w, m, undefined, part, 1, m);
    for (let t = 0; t < n; t++) expect(part[t * m]).toBe(9);
  });

  test("activations have their known values", () => {
    // Φ(1) = 0.841344746068543, Φ(−1) = 1 − that; tanh form at 1 from its definition.
    expect(gelu(1)).toBeCloseTo(0.841344746068543, 6);
    expect(gelu(-1)).toBeCloseTo(-0.158655253931457, 6);
    expect(gelu(0)).toBeCloseTo(0, 7);
    expect(geluTanh(1)).toBeCloseTo(0.5 * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * 1.044715)), 12);
    expect(geluTanh(-3)).toBeCloseTo(-1.5 * (1 + Math.tanh(-Math.sqrt(2 / Math.PI) * (3 + 0.044715 * 27))), 12);
    expect(silu(2)).toBeCloseTo(2 / (1 + Math.exp(-2)), 12);
    expect([sigmoid(-1000), sigmoid(1000), silu(-1000)]).toEqual([0, 1, -0]);
  });

  test("rotary frequencies: plain, linear, and Llama 3's, which changes slow ones only", () => {
    const frequencies = (scaling: object | undefined) => rotaryFrequencies(new ModelConfig({ rope_theta: 10000, rope_scaling: scaling ?? null }, "config.json"), 64);
    const plain = frequencies(undefined);
    expect(plain[0]).toBe(1);
    expect(plain[16]).toBeCloseTo(0.01, 12);
    expect(Array.from(frequencies({ type: "linear", factor: 4 }))).toEqual(Array.from(plain, (f) => f / 4));
    const llama3 = frequencies({ rope_type: "llama3", factor: 8, low_freq_factor: 1, high_freq_factor: 4, original_max_position_embeddings: 8192 });
    llama3.forEach((f, i) => {
      const wavelength = (2 * Math.PI) / plain[i];
      if (wavelength < 8192 / 4) expect(f).toBe(plain[i]);
      else if (wavelength > 8192) expect(f).toBeCloseTo(plain[i] / 8, 15);
      else expect(f > plain[i] / 8 && f < plain[i]).toBe(true);
    });
    expect(rotaryFrequencies(new ModelConfig({ rope_parameters: { rope_theta: 100, rope_type: "default" } }, "config.json"), 4)[1]).toBeCloseTo(0.1, 12);
  });

  test("of both names of rotary parameters, rope_scaling holds with all that is in it, as in transformers", () => {
    const second = (values: Record<string, unknown>) => rotaryFrequencies(new ModelConfig(values, "config.json"), 4)[1];
    const newer = { rope_type: "linear", factor: 2, rope_theta: 100 };
    expect(second({ rope_parameters: newer })).toBeCloseTo(0.05, 12);
    expect(second({ rope_parameters: newer, rope_scaling: { type: "linear", factor: 4 } })).toBeCloseTo(0.01 / 4, 12);
    expect(second({ rope_parameters: newer, rope_scaling: { type: "linear", factor: 4 }, rope_theta: 400 })).toBeCloseTo(0.05 / 4, 12);
    for (const nothing of [null, {}]) expect(second({ rope_parameters: newer, rope_scaling: nothing })).toBeCloseTo(0.05, 12);
  });

  test("rotation keeps lengths, and products depend on the distance only", () => {
    const frequencies = Float64Array.of(1, 0.1, 0.01);
    const [q, k] = [draw(6), draw(6)];
    const product = (a: number, b: number) => {
      const [x, y] = [q.slice(), k.slice()];
      rotate(x, 0, 1, 6, a, frequencies);
      rotate(y, 0, 1, 6, b, frequencies);
      return x.reduce((sum, v, i) => sum + v * y[i], 0);
    };
    expect(product(7, 3)).toBeCloseTo(product(104, 100), 5);
    expect(product(0, 0)).toBeCloseTo(q.reduce((sum, v, i) => sum + v * k[i], 0), 6);
  });
});
