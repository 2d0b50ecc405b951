import { describe, expect, test } from "vitest";
import type { AttentionParams } from "../../../src/core/attention/params.js";
import type { InsidePart } from "../../../src/core/attention/trace.js";
import { feedAll } from "../../../src/core/models/languageModel.js";
import type { LoadedModel } from "../../../src/core/models/loadModel.js";
import { folder } from "../models/folders.js";
import { inductionFiles } from "./inductionModel.js";
import { farthest, opened, readingOf, textSource, tiny, traceOf, type AnyModel } from "./readingSupport.js";

const gpt2 = opened(folder("tiny-gpt2"));
const llama = opened(folder("tiny-llama"));
const bert = opened(folder("tiny-bert"));
const circuit = opened(inductionFiles());
const IDS = "7 3 9 4 7 3";
const inside = (text: string, patch: Partial<AttentionParams> = {}, loaded: AnyModel = tiny): InsidePart => traceOf(textSource(text), { tab: "inside", ...patch }, loaded).inside!;

function logitsOf(loaded: AnyModel, ids: readonly number[]): Float64Array {
  const state = (loaded as LoadedModel).model.start();
  feedAll(state, ids);
  return Float64Array.from(state.logits);
}
function softmaxOf(logits: Float64Array): number[] {
  const powers = Array.from(logits, (value) => Math.exp(value - Math.max(...logits)));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / sum);
}

describe("the logit lens", () => {
  const text = "Once upon a time there was";
  const ids = tiny.tokenizer!.encode(text);

  test("says behind the last layer what the model says", () => {
    const lens = inside(text).lens!;
    expect([lens.listed, lens.from, lens.count, lens.ids.length]).toEqual([5, 0, ids.length, 5 * ids.length * 5]);
    for (const t of [0, 2, ids.length - 1]) {
      const chances = softmaxOf(logitsOf(tiny, ids.slice(0, t + 1)));
      const order = chances.map((_, id) => id).sort((a, b) => chances[b] - chances[a]);
      const at = 4 * lens.count + t;
      expect(Array.from(lens.ids.subarray(5 * at, 5 * at + 5))).toEqual(order.slice(0, 5));
      expect(farthest(lens.probability.subarray(5 * at, 5 * at + 5), order.slice(0, 5).map((id) => chances[id]))).toBeLessThan(1e-5);
      expect(lens.entropy[at]).toBeCloseTo(-chances.reduce((sum, p) => sum + (p > 0 ? p * Math.log2(p) : 0), 0), 3);
      const next = ids[t + 1] ?? -1;
      expect([lens.target[t], lens.rank[at]]).toEqual([next, next < 0 ? 0 : order.indexOf(next) + 1]);
      if (next >= 0) expect(lens.chance[at]).toBeCloseTo(chances[next], 5);
      else expect(lens.chance[at]).toBeNaN();
    }
  });

  test("names every token that it shows, and hands nothing over that the next run needs", () => {
    const first = inside(text);
    const named = new Map(first.names);
    for (const id of [...first.lens!.ids, ...first.pulls!.ids]) expect(named.get(id)).toBeTypeOf("string");
    const kept = first.lens!.ids.slice();
    for (const array of [first.lens!.ids, first.pulls!.heads, first.roles.here.scores.self, first.stream]) array.fill(99);
    const second = inside(text);
    expect(Array.from(second.lens!.ids)).toEqual(Array.from(kept));
    expect(second.pulls!.heads.every((pull) => Math.abs(pull) < 90)).toBe(true);
    expect(second.roles.here.scores.self.every((share) => share <= 1.000001)).toBe(true);
    expect(second.stream[0]).toBeLessThan(90);
  });

  test("of BERT guesses the token in the place itself, or there is none", () => {
    const part = inside("5 9 11 3", { max_length: 6 }, bert);
    expect(part.pulls).toBeNull();
    const reading = readingOf(bert, [5, 9, 11, 3], undefined, undefined);
    expect(part.lens === null).toBe(reading.unembed === undefined);
    if (part.lens) expect(Array.from(part.lens.target)).toEqual([5, 9, 11, 3]);
    expect(part.stream).toHaveLength((reading.layers + 1) * 4);
    expect(part.norms.map(({ at }) => at)).not.toContain("last");
    expect(part.norms.every(({ deviation }) => deviation.length === 4)).toBe(true);
  });
});

test("lengths and norms are those of the stream", () => {
  const part = inside(IDS, {}, gpt2);
  const reading = readingOf(gpt2, IDS.split(" ").map(Number));
  const length = (rows: Float32Array, t: number) => Math.hypot(...rows.subarray(t * reading.hiddenSize, (t + 1) * reading.hiddenSize));
  expect(part.stream[6 * reading.layers + 4]).toBeCloseTo(length(reading.states(reading.layers), 4), 5);
  expect(part.attention[6 + 2]).toBeCloseTo(length(reading.added(1, "attention"), 2), 5);
  expect(part.mlp[3]).toBeCloseTo(length(reading.added(0, "mlp"), 3), 5);
  expect(part.norms.map(({ layer, at }) => `${layer} ${at}`)).toEqual([...Array.from({ length: reading.layers }, (_, l) => [`${l} attention`, `${l} mlp`]).flat(), `${reading.layers} last`]);
  const row = reading.states(0).subarray(0, reading.hiddenSize);
  expect(part.norms[0].mean[0]).toBeCloseTo(row.reduce((a, b) => a + b, 0) / row.length, 5);
});

describe("pulls", () => {
  test.each([["GPT-2", gpt2, IDS], ["Llama", llama, IDS], ["the built-in model", tiny, "The cat sat. The cat sat. The"], ["the circuit", circuit, IDS]])("of %s add up to the logit, less the mean", (_, loaded, text) => {
    const pulls = inside(text, { max_new_tokens: 5 }, loaded).pulls!;
    const ids = loaded.tokenizer ? loaded.tokenizer.encode(text) : text.split(" ").map(Number);
    expect(pulls.before).toBe(ids.length);
    pulls.ids.forEach((id, s) => {
      const logits = logitsOf(loaded, [...ids, ...pulls.ids.subarray(0, s)]);
      expect(id).toBe(logits.indexOf(Math.max(...logits)));
      const centred = logits[id] - logits.reduce((a, b) => a + b, 0) / logits.length;
      expect(pulls.logit[s]).toBeCloseTo(centred, 3);
      expect(pulls.probability[s]).toBeCloseTo(softmaxOf(logits)[id], 4);
      const per = pulls.heads.length / pulls.ids.length;
      const layers = pulls.mlp.length / pulls.ids.length;
      const sum = [...pulls.heads.subarray(s * per, (s + 1) * per), ...pulls.mlp.subarray(s * layers, (s + 1) * layers)].reduce((a, b) => a + b, pulls.embedding[s] + pulls.bias[s]);
      expect(Math.abs(sum - centred)).toBeLessThan(1e-3 * Math.max(1, Math.abs(centred)));
    });
  });

  test("mark the tokens that end a repeated n-gram", () => {
    const { ids, repeated } = inside("1 2 3 4 5 1 2", { max_new_tokens: 8 }, circuit).pulls!;
    expect(Array.from(ids)).toEqual([3, 4, 5, 1, 2, 3, 4, 5]);
    expect(Array.from(repeated)).toEqual([0, 1, 1, 1, 1, 1, 1, 1]);
  });

  test("of no new tokens are empty, and stop where the model's context does", () => {
    expect(inside(IDS, { max_new_tokens: 0 }, circuit).pulls!.ids).toHaveLength(0);
    const outcome = traceOf(textSource(Array.from({ length: 61 }, (_, i) => i % 7).join(" ")), { tab: "inside", max_new_tokens: 20 }, circuit);
    expect(outcome.inside!.pulls!.ids).toHaveLength(3);
  });
});

describe("heads", () => {
  test("of a hand-built induction circuit are named by what they do", () => {
    const { roles, pulls } = inside(IDS, {}, circuit);
    expect([roles.repeatLength, roles.threshold]).toEqual([24, 0.3]);
    const random = roles.named.filter(({ where }) => where === "random");
    expect(random.map(({ layer, head, role }) => [layer, head, role])).toEqual([[0, 0, "previous"], [1, 0, "induction"]]);
    expect(random[0].score).toBeCloseTo(1, 6);
    expect(random[1].score).toBeGreaterThan(0.95);
    expect(pulls!.induction).toEqual([[1, 0]]);
    // Heads that attend evenly score what even heads do.
    expect(roles.random!.scores.induction[3]).toBeCloseTo(roles.random!.even.induction, 6);
  });

  test("of the circuit: its induction head alone pulls towards the repeated token, which it looks at", () => {
    const { pulls } = inside(IDS, { max_new_tokens: 6 }, circuit);
    expect(Array.from(pulls!.ids)).toEqual([9, 4, 7, 3, 9, 4]);
    for (let s = 0; s < 6; s++) {
      const heads = Array.from(pulls!.heads.subarray(4 * s, 4 * s + 4));
      expect(heads[2]).toBeGreaterThan(1);
      for (const other of [0, 1, 3]) expect(Math.abs(heads[other])).toBeLessThan(1e-6);
      expect(pulls!.looks[4 * s + 2]).toBeGreaterThan(0.45);
    }
  });

  test("of the built-in model: none is an induction head", () => {
    const { roles, pulls } = inside("The river rose because the snow melted too fast.");
    expect(Math.max(...roles.random!.scores.induction)).toBeLessThan(0.1);
    expect(pulls!.induction).toEqual([]);
    expect(roles.named.length).toBeGreaterThan(0);
  });

  test("are told apart by other random tokens with another seed", () => {
    const scores = (random_state: number) => inside(IDS, { random_state }, gpt2).roles.random!.scores.previous;
    expect(farthest(scores(1), scores(1))).toBe(0);
    expect(farthest(scores(1), scores(2))).toBeGreaterThan(0);
  });
});
