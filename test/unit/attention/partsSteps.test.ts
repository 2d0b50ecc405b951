import { describe, expect, test } from "vitest";
import { attentionPython } from "../../../src/core/attention/python.js";
import { attentionStory } from "../../../src/core/attention/story.js";
import type { AttentionParams } from "../../../src/core/attention/params.js";
import type { StepsPart } from "../../../src/core/attention/trace.js";
import { format } from "../../../src/core/contract/index.js";
import { folder } from "../models/folders.js";
import { farthest, opened, readingOf, run, said, textSource, tiny, traceOf, type AnyModel } from "./readingSupport.js";

const TEXT = "The old king looked out at the snow and the old king slept.";
const stepsOf = (patch: Partial<AttentionParams> = {}, source = textSource(TEXT), loaded: AnyModel = tiny): StepsPart => traceOf(source, { ...patch, tab: "steps" }, loaded).steps!;
const row = (values: ArrayLike<number>, i: number, size: number) => Array.from({ length: size }, (_, j) => values[i * size + j]);
const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);

/** The three steps once more, from the part's own query, keys and values. */
function again({ query, keys, values, size, valueSize, masked, scale, temperature, bias }: StepsPart) {
  const similarity = Array.from(masked, (_, i) => sum(row(keys, i, size).map((k, j) => k * query[j])));
  const powers = similarity.map((s, i) => (masked[i] === 1 ? 0 : Math.exp((s * scale + (bias?.[i] ?? 0)) / temperature)));
  const weights = powers.map((power) => power / sum(powers));
  return { similarity, weights, output: Array.from({ length: valueSize }, (_, j) => sum(weights.map((w, i) => w * values[i * valueSize + j]))) };
}

describe("the three steps of a model", () => {
  const ids = tiny.tokenizer!.encode(TEXT);
  const reading = readingOf(tiny, ids);
  const n = ids.length;

  test.each([[0, 0, 3], [2, 1, n - 1], [3, 3, 0]])("come to the map's own weights: layer %i, head %i, token %i", (layer, head, token) => {
    const part = stepsOf({ layer, head, token });
    expect(part).toMatchObject({ layer, head, token, size: 32, valueSize: 32, temperature: 1, bias: null });
    const own = reading.weights(layer, head).subarray(token * n, (token + 1) * n);
    expect(farthest(part.weights, own)).toBeLessThan(1e-6);
    expect(farthest(part.ownWeights, own)).toBeLessThan(1e-6);
    expect(part.scale).toBeCloseTo(1 / Math.sqrt(32), 12);
    expect(Array.from(part.masked)).toEqual(ids.map((_, i) => (i > token ? 1 : 0)));
    const { similarity, weights, output } = again(part);
    for (const [found, wanted] of [[part.similarity, similarity], [part.weights, weights], [part.output, output]] as const) expect(farthest(found, wanted)).toBeLessThan(1e-9);
    expect(farthest(part.scaled, similarity.map((s) => s * part.scale))).toBeLessThan(1e-9);
  });

  test("end in what attention adds to the stream", () => {
    const { heads, token, layer, head, output } = stepsOf({ layer: 1, head: 2, token: 6 });
    expect(farthest(heads!.projected, reading.added(layer, "attention").subarray(token * 128, (token + 1) * 128))).toBeLessThan(1e-5);
    expect(farthest(heads!.outputs.subarray(head * 32, (head + 1) * 32), output)).toBeLessThan(1e-6);
    expect(farthest(heads!.share, reading.project(layer, head, Float32Array.from(output)))).toBe(0);
    expect(heads!.bias).toBe(true);
  });

  test("follow the temperature, the query's scale and its edits", () => {
    const own = stepsOf({ layer: 1 });
    for (const patch of [{ softmax_temperature: 0.5 }, { softmax_temperature: 3 }, { query_scale: -2 }, { query_scale: 0 }, { query_edit: "3:1.5 31:−2" }, { query_scale: 2, query_edit: "0:0.25" }]) {
      const part = stepsOf({ layer: 1, ...patch });
      const { weights, output } = again(part);
      expect(farthest(part.weights, weights)).toBeLessThan(1e-9);
      expect(farthest(part.output, output)).toBeLessThan(1e-9);
      expect(farthest(part.ownWeights, own.weights)).toBe(0);
      expect(farthest(part.ownQuery, own.query)).toBe(0);
    }
    expect(stepsOf({ query_scale: 2, query_edit: "0:0.25" }).query[0]).toBe(0.25);
    expect(stepsOf({ query_edit: "31:−2" }).query[31]).toBe(-2);
    const even = stepsOf({ query_scale: 0, token: 4 });
    expect(Array.from(even.weights).slice(0, 5)).toEqual([0.2, 0.2, 0.2, 0.2, 0.2]);
    // The other heads keep their own outputs.
    const [a, b] = [stepsOf({ head: 1 }), stepsOf({ head: 1, query_scale: 3 })];
    expect(farthest(a.heads!.outputs.subarray(0, 32), b.heads!.outputs.subarray(0, 32))).toBe(0);
    expect(farthest(a.heads!.projected, b.heads!.projected)).toBeGreaterThan(1e-3);
  });

  test("leave out edits that do not fit, and say which", () => {
    const outcome = run(textSource(TEXT), { tab: "steps", query_edit: "32:1 x:2 1:1e99 0:7" });
    expect(outcome.ok && outcome.trace.steps!.query[0]).toBe(7);
    expect(said(outcome.problems)).toMatch(/“32:1”.*“x:2”.*“1:1e99”.*place from 0 to 31/s);
  });

  test("come with the matrices that make them", () => {
    const { matrices } = stepsOf({ layer: 2, head: 1 });
    const named = new Map(matrices!.map((each) => [each.name, each]));
    expect(matrices!.map(({ name, rows, columns }) => `${name} ${rows} ${columns}`)).toEqual([
      `Q ${n} 32`, `K ${n} 32`, `V ${n} 32`, `X ${n} 128`, "W_Q 128 32", "W_K 128 32", "W_V 128 32", "b_Q 1 32", "b_K 1 32", "b_V 1 32", "W_O 32 128",
    ]);
    const [x, w, b, q] = ["X", "W_Q", "b_Q", "Q"].map((name) => named.get(name)!.values);
    for (const t of [0, 7]) for (const j of [0, 31]) expect(q[t * 32 + j]).toBeCloseTo(b[j] + sum(row(x, t, 128).map((value, i) => value * w[i * 32 + j])), 4);
  });

  test("tell what happened", () => {
    const told = (patch: Partial<AttentionParams>) => {
      const trace = traceOf(textSource(TEXT), { ...patch, tab: "steps" });
      const { title, lede } = attentionStory(trace, "steps", { token: 0, step: 0 });
      return [format(title), lede.map((piece) => format(piece.text)).join("")];
    };
    expect(told({ layer: 0, head: 1, token: 8 })[0]).toBe("How “ow” gets its output, in three steps");
    expect(told({ layer: 0, head: 1, token: 8 })[1]).toMatch(/^Layer 1, head 2\. Its query fits .* with q·k = −?[\d.]+; times 0\.1768 that is −?[\d.]+, and the softmax makes 0\.\d{3} of it\.$/);
    expect(told({ softmax_temperature: 0.5 })[1]).toMatch(/Without the softmax temperature of 0\.5 it has 0\.\d{3}\.$/);
    expect(told({ query_scale: 2 })[1]).toMatch(/With the model's own query it has 0\.\d{3}\.$/);
  });
});

describe.each([["tiny-llama", 2], ["tiny-bert", 4]])("the three steps of %s", (name, kvHeads) => {
  test("come to its weights, with keys that are shared where they are", () => {
    const loaded = opened(folder(name));
    const reading = readingOf(loaded, [5, 9, 11, 3, 7]);
    expect(reading.kvHeads).toBe(kvHeads);
    for (const head of [0, 1, 3]) {
      const part = stepsOf({ layer: 1, head, token: 3 }, textSource("5 9 11 3 7"), loaded);
      expect(farthest(part.weights, reading.weights(1, head).subarray(15, 20))).toBeLessThan(1e-6);
      expect(farthest(part.heads!.projected, reading.added(1, "attention").subarray(96, 128))).toBeLessThan(1e-5);
      expect(part.keys).toEqual(reading.keys(1, kvHeads === 2 ? (head < 2 ? 0 : 3) : head));
    }
  });
});

describe("the three steps of one's own", () => {
  const own = "Q = [[1, 0], [0, 1], [1, 1]]\nK = [[1, 2], [3, 1]]\nV = [[1, 0, 2], [0, 1, 1]]\n";

  test("matrices of any size", () => {
    const part = stepsOf({ token: 2 }, textSource(own, own));
    expect(part).toMatchObject({ size: 2, valueSize: 3, token: 2, heads: null });
    expect(Array.from(part.similarity)).toEqual([3, 4]);
    const a = 1 / (1 + Math.exp(1 / Math.SQRT2));
    expect(farthest(part.weights, [a, 1 - a])).toBeLessThan(1e-12);
    expect(farthest(part.output, [a, 1 - a, 2 * a + (1 - a)])).toBeLessThan(1e-12);
    expect(part.matrices!.map(({ name, rows, columns }) => `${name} ${rows} ${columns}`)).toEqual(["Q 3 2", "K 2 2", "V 2 3"]);
  });

  test("in several heads, side by side", () => {
    const heads = "Q = [[[1, 0]], [[0, 2]]]\nK = [[[1, 2]], [[3, 1]]]\nV = [[[7]], [[9]]]\n";
    const part = stepsOf({ head: 1 }, textSource(heads, heads));
    expect(Array.from(part.heads!.outputs)).toEqual([7, 9]);
    expect(part.heads!.projected).toHaveLength(0);
    expect(Array.from(part.similarity)).toEqual([2]);
  });

  test("that do not multiply are refused with both shapes", () => {
    const wrong = own.replace("[[1, 2], [3, 1]]", "[[1, 2, 3], [3, 1, 4]]");
    const outcome = run(textSource(wrong, wrong), { tab: "steps" });
    expect(outcome.ok).toBe(false);
    expect(said(outcome.problems)).toMatch(/Q \(3, 2\) and K \(2, 3\) do not multiply/);
  });

  test("maps, of which the weights are known alone", () => {
    const outcome = run(textSource("attention = [[1, 0], [0.2, 0.8]]", undefined, "python", "a.py"), { tab: "steps", softmax_temperature: 0.5 });
    const part = outcome.ok ? outcome.trace.steps! : undefined!;
    expect([part.size, part.matrices, part.heads]).toEqual([0, null, null]);
    expect(farthest(part.ownWeights, [0.2, 0.8])).toBeLessThan(1e-7);
    // Half the temperature squares the weights.
    expect(farthest(part.weights, [0.04 / 0.68, 0.64 / 0.68])).toBeLessThan(1e-7);
    expect(said(outcome.problems)).toMatch(/only the weights are known/);
  });
});

describe("Copy as Python", () => {
  test("reads the same ids with the same model and compares", () => {
    const trace = traceOf(textSource(TEXT), { layer: 1, head: 2 });
    const program = attentionPython(trace, "map", 5);
    expect(program).toContain('folder = "media/models/tiny-gpt2"');
    expect(program).toContain(`ids = torch.tensor([[${Array.from(trace.tokens.ids).join(", ")}]])`);
    expect(program).toContain('attn_implementation="eager"');
    expect(program).toContain("attention = output.attentions[1][0, 2]");
    expect(program).toContain("row = attention[5]");
    expect(attentionPython(traceOf(textSource(TEXT), { tab: "steps", softmax_temperature: 0.5 }), "steps", 0)).toMatch(/softmax\(scaled \/ 0\.5, -1\)/);
  });

  test("of one's own arrays needs numpy alone", () => {
    const own = "Q = [[1, 0]]\nK = [[1, 2]]\nV = [[7]]\n";
    const program = attentionPython(traceOf(textSource(own, own), { tab: "steps" }), "steps", 0);
    expect(program).toMatch(/^import numpy as np\n/);
    expect(program).not.toContain("torch");
  });
});
