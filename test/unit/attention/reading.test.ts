import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import type { Reading } from "../../../src/core/attention/reading.js";
import { feedAll, type Recorder } from "../../../src/core/models/languageModel.js";
import type { LoadedEncoder, LoadedModel } from "../../../src/core/models/loadModel.js";
import { finish } from "../../oracle/kmeans.js";
import { fixtures, folder } from "../models/folders.js";
import { farthest, opened, readingOf, tiny, tokensOf } from "./readingSupport.js";
import { readTokens } from "../../../src/core/attention/modelReading.js";

const gpt2 = opened(folder("tiny-gpt2")) as LoadedModel;
const llama = opened(folder("tiny-llama")) as LoadedModel;
const bert = opened(folder("tiny-bert")) as LoadedEncoder;
const ids = Array.from({ length: 20 }, (_, i) => (7 * i + 3) % 60);
const segments = ids.map((_, i) => (i < 9 ? 0 : 1));
const visible = ids.map((_, i) => (i < 17 ? 1 : 0));

const all = (reading: Reading) => Array.from({ length: reading.layers * reading.heads }, (_, i) => [Math.floor(i / reading.heads), i % reading.heads] as const);
const rowsOf = (matrix: Float32Array, t: number, width: number) => matrix.subarray(t * width, (t + 1) * width);

/** What the recorder of a forward pass shows of the same text. */
function recorded(record: (recorder: Recorder) => void) {
  const [maps, hidden, logits, norms] = [new Map<string, Float64Array>(), new Map<string, Float64Array>(), new Map<number, Float64Array>(), new Map<string, Float64Array>()];
  record({
    attention: (layer, head, position, weights) => maps.set(`${layer} ${head} ${position}`, Float64Array.from(weights)),
    hidden: (layer, position, values) => hidden.set(`${layer} ${position}`, Float64Array.from(values)),
    logits: (position, values) => logits.set(position, Float64Array.from(values)),
    normInput: (layer, at, position, values) => norms.set(`${layer} ${at} ${position}`, Float64Array.from(values)),
  });
  return { maps, hidden, logits, norms };
}

const decoders: [string, LoadedModel, number[]][] = [["GPT-2", gpt2, ids], ["Llama", llama, ids], ["the built-in model", tiny, tiny.tokenizer!.encode("Once upon a time there was a little girl who once")]];
const cases: [string, Reading, ReturnType<typeof recorded>][] = [
  ...decoders.map(([name, loaded, tokens]): [string, Reading, ReturnType<typeof recorded>] => [name, readingOf(loaded, tokens), recorded((recorder) => feedAll(loaded.model.start(), tokens, recorder))]),
  ["BERT with two segments and padding", readingOf(bert, ids, segments, visible), recorded((recorder) => void finish(bert.encoder.encode({ ids, segments, mask: visible as (0 | 1)[] }, recorder)))],
];

describe.each(cases)("%s", (name, reading, { maps, hidden, logits, norms }) => {
  const n = reading.tokens.ids.length;
  const { hiddenSize: d, headSize: size } = reading;

  test("has the maps of the forward pass, made from queries and keys", () => {
    for (const [layer, head] of all(reading)) {
      const map = reading.weights(layer, head);
      for (let t = 0; t < n; t++) {
        const expected = maps.get(`${layer} ${head} ${t}`)!;
        expect(farthest(map.subarray(t * n, t * n + expected.length), expected)).toBeLessThan(1e-6);
        if (reading.causal) expect(map.subarray(t * n + t + 1, (t + 1) * n).every((weight) => weight === 0)).toBe(true);
      }
    }
  });

  test("has softmax(q·k scale) for its maps, computed plainly", () => {
    for (const [layer, head] of all(reading)) {
      const [q, k, map] = [reading.queries(layer, head), reading.keys(layer, head), reading.weights(layer, head)];
      for (let t = 0; t < n; t++) {
        const open = Array.from({ length: n }, (_, j) => j).filter((j) => (reading.causal ? j <= t : reading.tokens.visible[j] === 1));
        const powers = open.map((j) => Math.exp(rowsOf(q, t, size).reduce((sum, value, i) => sum + value * k[j * size + i], 0) / Math.sqrt(size)));
        const sum = powers.reduce((a, b) => a + b, 0);
        open.forEach((j, i) => expect(map[t * n + j]).toBeCloseTo(powers[i] / sum, 5));
      }
    }
  });

  test("has the hidden states that transformers shows", () => {
    for (let layer = 0; layer <= reading.layers; layer++) {
      const states = reading.hiddenStates(layer);
      for (let t = 0; t < n; t++) expect(farthest(rowsOf(states, t, d), hidden.get(`${layer} ${t}`)!)).toBeLessThan(1e-5);
    }
  });

  test("adds up: the heads' projections and the bias are what attention adds", () => {
    for (let layer = 0; layer < reading.layers; layer++) {
      const added = reading.added(layer, "attention");
      for (const t of [0, 5, n - 1]) {
        const sum = Float64Array.from(reading.projectionBias(layer));
        for (let head = 0; head < reading.heads; head++) {
          const [map, values] = [reading.weights(layer, head), reading.values(layer, head)];
          const output = Float32Array.from({ length: size }, (_, i) => Array.from({ length: n }, (__, j) => map[t * n + j] * values[j * size + i]).reduce((a, b) => a + b, 0));
          reading.project(layer, head, output).forEach((value, j) => (sum[j] += value));
        }
        expect(farthest(sum, rowsOf(added, t, d))).toBeLessThan(2e-5);
      }
    }
  });

  test("has matrices that make its values, and the projection", () => {
    for (const [layer, head] of all(reading)) {
      const { value, output, biases } = reading.matrices(layer, head);
      const inputs = reading.inputs(layer);
      const made = Array.from({ length: size }, (_, i) => rowsOf(inputs, 4, d).reduce((sum, x, j) => sum + x * value[j * size + i], biases.value?.[i] ?? 0));
      const own = rowsOf(reading.values(layer, head), 4, size);
      expect(farthest(made, own)).toBeLessThan(1e-5);
      const projected = Array.from({ length: d }, (_, j) => own.reduce((sum, x, i) => sum + x * output[i * d + j], 0));
      expect(farthest(projected, reading.project(layer, head, own))).toBeLessThan(1e-5);
    }
  });

  test("tells what its norms take out", () => {
    const { mean, deviation } = reading.norm(1, "attention");
    expect(mean).toHaveLength(n);
    const row = Array.from(rowsOf(reading.states(1), 3, d), (value, j) => (reading.causal ? value : value + reading.added(1, "attention")[3 * d + j]));
    const average = row.reduce((a, b) => a + b, 0) / d;
    const centre = name === "Llama" ? 0 : average;
    expect(mean[3]).toBeCloseTo(centre, 5);
    expect(deviation[3]).toBeCloseTo(Math.sqrt(row.reduce((sum, value) => sum + (value - centre) ** 2, 0) / d), 4);
    expect(reading.norm(0, "last").deviation).toHaveLength(reading.causal ? n : 0);
    for (const at of ["attention", "mlp", ...(reading.causal ? (["last"] as const) : [])] as const) {
      const input = norms.get(`${at === "last" ? reading.layers : 1} ${at} 6`)!;
      const middle = name === "Llama" ? 0 : input.reduce((a, b) => a + b, 0) / d;
      expect(reading.norm(1, at).deviation[6]).toBeCloseTo(Math.sqrt(input.reduce((sum, value) => sum + (value - middle) ** 2, 0) / d), 4);
    }
  });

  test("reads a state of the stream as the model does", () => {
    const found = new Float32Array(logits.get(0)!.length);
    for (const t of [0, 7]) {
      finish(reading.unembed!(rowsOf(reading.states(reading.layers), t, d).slice(), found));
      expect(farthest(found, logits.get(t)!)).toBeLessThan(1e-4);
    }
  });
});

describe.each(decoders)("%s, which goes on", (_, loaded, tokens) => {
  const reading = readingOf(loaded, tokens);
  const n = tokens.length;
  const { hiddenSize: d, layers } = reading;

  test("has a stream that is the embedding and all that was added", () => {
    for (const t of [0, n - 1]) {
      const sum = Float64Array.from(rowsOf(reading.states(0), t, d));
      for (let layer = 0; layer < layers; layer++) for (const by of ["attention", "mlp"] as const) rowsOf(reading.added(layer, by), t, d).forEach((value, j) => (sum[j] += value));
      expect(farthest(sum, rowsOf(reading.states(layers), t, d))).toBeLessThan(1e-4);
    }
  });

  test("has logits that are the sum of the pulls of all its parts", () => {
    const state = loaded.model.start();
    feedAll(state, tokens);
    const mean = Array.from(state.logits).reduce((a, b) => a + b, 0) / state.logits.length;
    const t = n - 1;
    for (const token of [0, 3, 17, 40]) {
      const { vector, constant } = finish(reading.direction!(token));
      const deviation = reading.norm(0, "last").deviation[t];
      const pull = (part: ArrayLike<number>) => Array.from(part).reduce((sum, value, j) => sum + value * vector[j], 0) / deviation;
      let sum = constant + pull(rowsOf(reading.states(0), t, d));
      for (let layer = 0; layer < layers; layer++) {
        sum += pull(rowsOf(reading.added(layer, "mlp"), t, d)) + pull(reading.projectionBias(layer));
        for (let head = 0; head < reading.heads; head++) {
          const [map, values, size] = [reading.weights(layer, head), reading.values(layer, head), reading.headSize];
          const output = Float32Array.from({ length: size }, (__, i) => Array.from({ length: n }, (___, j) => map[t * n + j] * values[j * size + i]).reduce((a, b) => a + b, 0));
          sum += pull(reading.project(layer, head, output));
        }
      }
      const logit = state.logits[token] - mean;
      expect(Math.abs(sum - logit)).toBeLessThan(1e-3 * Math.max(0.1, Math.abs(logit)));
    }
  });

  test("goes on as the model does, until the text ends", () => {
    const grown = Array.from(finish(reading.goOn!(6)));
    const text = [...tokens];
    for (const next of grown) {
      const state = loaded.model.start();
      feedAll(state, text);
      expect(next).toBe(Array.from(state.logits).indexOf(Math.max(...state.logits)));
      text.push(next);
    }
    expect(grown.length === 6 || loaded.eos.includes(grown[grown.length - 1])).toBe(true);
  });
});

describe("readings", () => {
  test("agree with what transformers computed for the built-in model", () => {
    const { attention } = JSON.parse(readFileSync(path.join(fixtures, "tiny-gpt2-built-in/expected.json"), "utf8")) as { attention: { ids: number[]; layers: Record<string, number[][][]> } };
    const reading = readingOf(tiny, attention.ids);
    for (const [layer, heads] of Object.entries(attention.layers)) {
      heads.forEach((rows, head) => expect(farthest(reading.weights(Number(layer), head), rows.flat())).toBeLessThan(1e-4));
    }
  });

  test("are made once for a text, and again for another one", () => {
    const steps = (list: number[]) => {
      const running = readTokens(tiny, tokensOf(list));
      let count = 0;
      while (!running.next().done) count++;
      return count;
    };
    const text = Array.from({ length: 100 }, (_, i) => (13 * i) % 500);
    const first = steps(text);
    expect(steps(text)).toBe(0);
    expect(first).toBeGreaterThan(0);
    expect(steps(text.toReversed())).toBeGreaterThan(0);
  });

  test("keep nothing that is handed over with a trace", () => {
    const other = ids.map((id) => (id + 5) % 60);
    for (const [loaded, parts] of [[gpt2, []], [bert, [segments, visible]]] as const) {
      const tokens = tokensOf(other, ...parts);
      const { layers, heads } = finish(readTokens(loaded, tokens));
      structuredClone(tokens, { transfer: [tokens.ids.buffer, tokens.visible.buffer, tokens.segments.buffer] as ArrayBuffer[] });
      const again = readingOf(loaded, other, ...parts);
      expect(again.weights(layers - 1, heads - 1).subarray(0, other.length).reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 5);
    }
  });

  test("read other tokens with the same model", () => {
    const other = finish(readingOf(bert, ids, segments, visible).again([5, 6, 7]));
    expect(Array.from(other.tokens.ids)).toEqual([5, 6, 7]);
    expect(farthest(other.weights(0, 0), readingOf(bert, [5, 6, 7]).weights(0, 0))).toBe(0);
  });

  test("of an encoder see no padding, and no text that goes on", () => {
    const reading = readingOf(bert, ids, segments, visible);
    for (const [layer, head] of all(reading)) {
      const map = reading.weights(layer, head);
      map.forEach((weight, i) => visible[i % ids.length] === 0 && expect(weight).toBe(0));
    }
    expect([reading.causal, reading.goOn, reading.direction]).toEqual([false, undefined, undefined]);
  });
});
