import * as fc from "../../support/fastCheck.js";
import { describe, expect, test } from "vitest";
import { additiveScores, align, attentionalState, concatScores, dotScores, generalScores } from "../../../src/core/math/alignment.js";
import { alibiBias, alibiSlopes } from "../../../src/core/attention/alibi.js";
import { linearAttention, recurrentAttention } from "../../../src/core/attention/linearAttention.js";
import { booleanMask, causalMask, combineMasks, emptyRows, paddingMask } from "../../../src/core/attention/mask.js";
import { attendHeads, joinHeads, multiHead, splitHeads } from "../../../src/core/attention/multiHead.js";
import { scaledDotProduct } from "../../../src/core/attention/scaledDotProduct.js";
import { apart, heads, numbers } from "./support.js";

const no = -Infinity;

describe("scaled dot-product attention", () => {
  test("keeps every stage, by hand", () => {
    const shape = { queries: 1, keys: 2, size: 4, valueSize: 2 };
    const steps = scaledDotProduct(Float64Array.of(1, 0, 2, 0), Float64Array.of(1, 1, 1, 1, 0, 5, 0, 5), Float64Array.of(1, 0, 0, 1), shape);
    const weight = 1 / (1 + Math.exp(-1.5));
    expect(steps.scale).toBe(0.5);
    expect(Array.from(steps.similarity)).toEqual([3, 0]);
    expect(Array.from(steps.scaled)).toEqual([1.5, 0]);
    expect(steps.masked).toBe(steps.scaled);
    expect(apart(steps.weights, [weight, 1 - weight])).toBeLessThan(1e-15);
    expect(apart(steps.output, [weight, 1 - weight])).toBeLessThan(1e-15);
  });

  test("rows of weights sum to 1, and outputs lie among the values", () => {
    fc.assert(
      fc.property(heads(), fc.double({ min: 0.05, max: 20, noNaN: true }), ({ shape, q, k, v }, temperature) => {
        const { weights, output } = scaledDotProduct(q, k, v, shape, { temperature });
        for (let i = 0; i < shape.queries; i++) {
          const row = weights.slice(i * shape.keys, (i + 1) * shape.keys);
          expect(Math.abs(row.reduce((sum, weight) => sum + weight, 0) - 1)).toBeLessThan(1e-12);
          expect(Math.min(...row)).toBeGreaterThanOrEqual(0);
        }
        expect(Math.max(...output)).toBeLessThanOrEqual(Math.max(...v) + 1e-12);
        expect(Math.min(...output)).toBeGreaterThanOrEqual(Math.min(...v) - 1e-12);
      }),
    );
  });

  test("causal maps are lower triangular, and what is hidden changes nothing", () => {
    fc.assert(
      fc.property(heads(true), ({ shape, q, k, v }) => {
        const mask = causalMask(shape.queries, shape.keys);
        const { weights, output } = scaledDotProduct(q, k, v, shape, { mask });
        for (let i = 0; i < shape.queries; i++) for (let j = i + 1; j < shape.keys; j++) expect(weights[i * shape.keys + j]).toBe(0);
        const other = v.slice();
        for (let c = (shape.keys - 1) * shape.valueSize; c < other.length; c++) other[c] = 1e6;
        const again = scaledDotProduct(q, k, other, shape, { mask }).output;
        const kept = (shape.queries - 1) * shape.valueSize;
        expect(Array.from(again.slice(0, kept))).toEqual(Array.from(output.slice(0, kept)));
      }),
    );
  });

  test("does not care about the order of keys and values, as long as both move together", () => {
    fc.assert(
      fc.property(
        heads().chain((head) => fc.tuple(fc.constant(head), fc.shuffledSubarray([...Array(head.shape.keys).keys()], { minLength: head.shape.keys }))),
        ([{ shape, q, k, v }, order]) => {
          const moved = (x: Float64Array, size: number) => Float64Array.from(order.flatMap((j) => Array.from(x.slice(j * size, (j + 1) * size))));
          const one = scaledDotProduct(q, k, v, shape);
          const two = scaledDotProduct(q, moved(k, shape.size), moved(v, shape.valueSize), shape);
          expect(apart(one.output, two.output)).toBeLessThan(1e-12);
          for (let i = 0; i < shape.queries; i++) {
            order.forEach((j, place) => expect(Math.abs(two.weights[i * shape.keys + place] - one.weights[i * shape.keys + j])).toBeLessThan(1e-12));
          }
        },
      ),
    );
  });

  test("a low temperature leaves the strongest key, a high one makes all alike; none is not above 0", () => {
    const shape = { queries: 1, keys: 3, size: 1, valueSize: 1 };
    const run = (temperature: number) => scaledDotProduct(Float64Array.of(1), Float64Array.of(1, 2, 0), Float64Array.of(0, 1, 0), shape, { temperature }).weights;
    expect(apart(run(0.01), [0, 1, 0])).toBeLessThan(1e-12);
    expect(apart(run(1e9), [1 / 3, 1 / 3, 1 / 3])).toBeLessThan(1e-8);
    expect(() => run(0)).toThrow(RangeError);
    expect(() => run(NaN)).toThrow(RangeError);
  });

  test("a query without keys, and one with NaN, have NaN for weights as torch has it; the others are as before", () => {
    const shape = { queries: 2, keys: 2, size: 1, valueSize: 1 };
    const mask = Float64Array.of(no, no, 0, no);
    const { weights, output, masked } = scaledDotProduct(Float64Array.of(1, 2), Float64Array.of(1, 1), Float64Array.of(5, 7), shape, { mask });
    expect(Array.from(masked)).toEqual([no, no, 2, no]);
    expect(Array.from(weights)).toEqual([NaN, NaN, 1, 0]);
    expect(Array.from(output)).toEqual([NaN, 5]);
    expect(emptyRows(mask, 2, 2)).toEqual([0]);
    const spoilt = scaledDotProduct(Float64Array.of(1, NaN), Float64Array.of(1, 1), Float64Array.of(5, 7), shape);
    expect(Array.from(spoilt.weights)).toEqual([0.5, 0.5, NaN, NaN]);
    expect(() => scaledDotProduct(Float64Array.of(1), Float64Array.of(1), Float64Array.of(1), shape)).toThrow(RangeError);
  });
});

describe("masks", () => {
  test("are 0 where a query may look", () => {
    expect(Array.from(causalMask(2, 3))).toEqual([0, no, no, 0, 0, no]);
    expect(Array.from(causalMask(2, 3, 1))).toEqual([0, 0, no, 0, 0, 0]);
    expect(Array.from(paddingMask(2, [true, false]))).toEqual([0, no, 0, no]);
    expect(Array.from(booleanMask(1, 3, [1, 0, 1]))).toEqual([0, no, 0]);
  });

  test("combine: hidden stays hidden, biases add up", () => {
    expect(combineMasks(undefined, undefined)).toBeUndefined();
    expect(Array.from(combineMasks(Float64Array.of(1, no, Infinity), undefined, Float64Array.of(2, 5, no))!)).toEqual([3, no, no]);
  });
});

describe("several heads", () => {
  test("share keys and values by groups, one group being multi-query attention", () => {
    fc.assert(
      fc.property(fc.constantFrom([4, 2], [4, 1], [6, 3], [3, 3]), fc.integer(), ([count, kvHeads], seed) => {
        const shape = { queries: 2, keys: 3, size: 2, valueSize: 2 };
        const value = (i: number) => Math.sin(i * 12.9898 + (seed % 1000));
        const q = Float64Array.from({ length: count * 4 }, (_, i) => value(i));
        const k = Float64Array.from({ length: kvHeads * 6 }, (_, i) => value(i + 100));
        const v = Float64Array.from({ length: kvHeads * 6 }, (_, i) => value(i + 200));
        const found = attendHeads(q, k, v, { ...shape, heads: count, kvHeads });
        found.forEach(({ output }, h) => {
          const g = Math.floor(h / (count / kvHeads));
          const alone = scaledDotProduct(q.slice(h * 4, h * 4 + 4), k.slice(g * 6, g * 6 + 6), v.slice(g * 6, g * 6 + 6), shape);
          expect(Array.from(output)).toEqual(Array.from(alone.output));
        });
      }),
    );
    expect(() => attendHeads(new Float64Array(9), new Float64Array(9), new Float64Array(9), { queries: 1, keys: 1, size: 1, valueSize: 1, heads: 3, kvHeads: 2 })).toThrow(RangeError);
  });

  test("split and join are each other's inverse", () => {
    fc.assert(
      fc.property(numbers(24), (x) => {
        const split = splitHeads(x, 3, 4);
        expect(Array.from(split.slice(0, 4))).toEqual([x[0], x[1], x[8], x[9]]);
        expect(Array.from(joinHeads([0, 1, 2, 3].map((h) => split.slice(h * 6, h * 6 + 6)), 3))).toEqual(Array.from(x));
      }),
    );
  });

  test("project with fewer heads of keys than of queries", () => {
    const weight = (rows: number, columns: number, shift: number) => Float64Array.from({ length: rows * columns }, (_, i) => Math.cos(i + shift));
    const weights = { query: { weight: weight(4, 4, 1) }, key: { weight: weight(2, 4, 2) }, value: { weight: weight(2, 4, 3) }, output: { weight: weight(4, 4, 4), bias: Float64Array.of(1, 2, 3, 4) } };
    const x = weight(3, 4, 5);
    const grouped = multiHead(x, x, { queries: 3, keys: 3, width: 4, heads: 2, kvHeads: 1 }, weights);
    const twice = (each: { weight: Float64Array }) => ({ weight: Float64Array.from([...each.weight, ...each.weight]) });
    const full = multiHead(x, x, { queries: 3, keys: 3, width: 4, heads: 2 }, { ...weights, key: twice(weights.key), value: twice(weights.value) });
    expect(apart(grouped.output, full.output)).toBeLessThan(1e-12);
    expect(grouped.keys.length).toBe(6);
    expect(() => multiHead(x, x, { queries: 3, keys: 3, width: 4, heads: 3 }, weights)).toThrow(RangeError);
  });
});

describe("ALiBi", () => {
  test("has the slopes of the paper, and for other counts those of the authors' code", () => {
    expect(Array.from(alibiSlopes(8))).toEqual([1 / 2, 1 / 4, 1 / 8, 1 / 16, 1 / 32, 1 / 64, 1 / 128, 1 / 256]);
    expect(Array.from(alibiSlopes(1))).toEqual([2 ** -8]);
    expect(Array.from(alibiSlopes(3))).toEqual([2 ** -4, 2 ** -8, 2 ** -2]);
    expect(apart(alibiSlopes(12).slice(8), [2 ** -0.5, 2 ** -1.5, 2 ** -2.5, 2 ** -3.5])).toBeLessThan(1e-15);
    expect(alibiSlopes(1000)).toHaveLength(1000);
  });

  test("takes slope × distance off", () => {
    expect(Array.from(alibiBias(0.5, 2, 2))).toEqual([0, no, -0.5, 0]);
    expect(Array.from(alibiBias(0.5, 1, 3, { offset: 2 }))).toEqual([-1, -0.5, 0]);
    expect(Array.from(alibiBias(1, 2, 2, { causal: false }))).toEqual([0, -1, -1, 0]);
  });
});

describe("linear attention", () => {
  test("gives the same in both orders, and weights that sum to 1", () => {
    fc.assert(
      fc.property(heads(true), fc.boolean(), ({ shape, q, k, v }, causal) => {
        const full = linearAttention(q, k, v, shape, causal);
        const recurrent = recurrentAttention(q, k, v, shape, causal);
        expect(apart(full.output, recurrent.output)).toBeLessThan(1e-10);
        for (let i = 0; i < shape.queries; i++) {
          const row = full.weights.slice(i * shape.keys, (i + 1) * shape.keys);
          expect(Math.abs(row.reduce((sum, weight) => sum + weight, 0) - 1)).toBeLessThan(1e-12);
          if (causal) expect(row.slice(i + 1).every((weight) => weight === 0)).toBe(true);
        }
      }),
    );
  });

  test("has a state of one size however many keys were read", () => {
    const { states, norms } = recurrentAttention(new Float64Array(2), Float64Array.of(0, 0, 0, 0), Float64Array.of(1, 2), { queries: 1, keys: 2, size: 2, valueSize: 1 }, false);
    expect(Array.from(states)).toEqual([1, 1, 3, 3]);
    expect(Array.from(norms)).toEqual([1, 1, 2, 2]);
  });
});

describe("alignment of a decoder", () => {
  const states = { decoder: Float64Array.of(1, 2), steps: 1, decoderSize: 2, encoder: Float64Array.of(1, 0, 0, 1, 1, 1), inputs: 3, encoderSize: 2 };

  test("scores by dot, general and concat", () => {
    expect(Array.from(dotScores(states))).toEqual([1, 2, 3]);
    expect(Array.from(generalScores(states, Float64Array.of(0, 1, 10, 0)))).toEqual([20, 1, 21]);
    const joined = concatScores(states, Float64Array.of(1, 0, 0, 2), Float64Array.of(3));
    expect(apart(joined, [3 * Math.tanh(1), 3 * Math.tanh(3), 3 * Math.tanh(3)])).toBeLessThan(1e-15);
    const apartMatrices = additiveScores(states, { query: Float64Array.of(1, 0), key: Float64Array.of(0, 2), v: Float64Array.of(3) });
    expect(Array.from(apartMatrices)).toEqual(Array.from(joined));
    expect(() => dotScores({ ...states, decoderSize: 1 })).toThrow(RangeError);
  });

  test("weighs what is open, and adds the context to the state", () => {
    const { weights, context, scores } = align(states, Float64Array.of(0, 5, 0), [1, 0, 1]);
    expect(Array.from(scores)).toEqual([0, no, 0]);
    expect(Array.from(weights)).toEqual([0.5, 0, 0.5]);
    expect(Array.from(context)).toEqual([1, 0.5]);
    const state = attentionalState(states, context, Float64Array.of(1, 0, 0, 0, 0, 0, 0, 1));
    expect(Array.from(state)).toEqual([Math.tanh(1), Math.tanh(2)]);
  });
});
