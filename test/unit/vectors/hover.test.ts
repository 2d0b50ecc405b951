import * as fc from "../../support/fastCheck.js";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { documentVectors } from "../../../src/core/vectors/document/documentVectors.js";
import { compare, figuresOf, vectorHover, wordHover, type PinnedVector, type VectorHover } from "../../../src/core/vectors/hover.js";
import { VectorStore } from "../../../src/core/vectors/store.js";
import { wordAt } from "../../../src/core/vectors/wordAt.js";

function finish<T>(steps: Generator<unknown, T, void>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

const options = { theme: "dark", scale: 2 } as const;

function hoverOn(text: string, at: string, pinned?: PinnedVector, languageId = "json"): VectorHover {
  const hover = vectorHover(finish(documentVectors(text, languageId)), text.indexOf(at), pinned, options);
  expect(hover).toBeDefined();
  return hover!;
}

const sample = (file: string) => readFileSync(new URL(`../../../samples/${file}`, import.meta.url), "utf8");
const published = (hover: VectorHover) => hover.similar.map(({ name, cosine }) => [name, Number(cosine.toFixed(2))]);

describe("a vector's hover", () => {
  test("gives the published similarities of persons, and leaves out the other lengths", () => {
    const text = sample("personality.json");
    const two = hoverOn(text, "-0.4, 0.8]");
    expect(published(two)).toEqual([["Person 1", 0.87], ["Person 2", -0.21]]);
    expect(two).toMatchObject({ name: "Jay", line: 3, compared: 2, otherLengths: { count: 3, lines: [8, 9, 10] } });
    expect(text.slice(two.span.start, two.span.end)).toBe("[-0.4, 0.8]");
    const five = hoverOn(text, "0.8, 0.5");
    expect(published(five)).toEqual([["Person 1", 0.66], ["Person 2", -0.37]]);
  });

  test("has figures that numpy has too", () => {
    // np.linalg.norm, mean, min and max of the 50 numbers of "king".
    const { figures, name } = hoverOn(sample("king.txt"), "0.68607", undefined, "plaintext");
    expect(name).toBe("king");
    expect(figures.length).toBe(50);
    const numbers = sample("king.txt").trim().split(" ").slice(1).map(Number);
    expect(figures.norm).toBeCloseTo(Math.hypot(...numbers), 12);
    expect(figures.mean).toBeCloseTo(numbers.reduce((sum, v) => sum + v) / 50, 12);
    expect([figures.min, figures.max]).toEqual([-2.223, 1.9927]);
  });

  test("multiplies out the smallest cosine", () => {
    const text = sample("cosine.json");
    const { values } = hoverOn(text, "2, 3");
    expect(hoverOn(text, "1, 4", { name: "A", values }).pinned).toEqual({
      kind: "cosine",
      name: "A",
      dot: 14,
      norms: [Math.sqrt(17), Math.sqrt(13)],
      cosine: expect.closeTo(14 / Math.sqrt(13 * 17), 14),
      terms: [[1, 2], [4, 3]],
    });
    expect(hoverOn(text, "2, 3", { name: "A", values }).pinned).toEqual({ kind: "same", name: "A" });
  });

  test("says what has no direction, and counts it", () => {
    const text = '{"a": [1, 2],\n"zero": [0, 0],\n"gap": [1, null],\n"b": [2, 1],\n"long": [1, 2, 3]}';
    expect(hoverOn(text, "1, 2")).toMatchObject({ compared: 1, undirected: { count: 2, lines: [2, 3] }, otherLengths: { count: 1, lines: [5] } });
    const zero = hoverOn(text, "0, 0", { name: "a", values: Float64Array.of(1, 2) });
    expect(zero.figures.norm).toBe(0);
    expect(zero.similar).toEqual([]);
    expect(zero.pinned).toMatchObject({ kind: "cosine", dot: 0, cosine: NaN });
    const gap = hoverOn(text, "1, null", { name: "a", values: Float64Array.of(1, 2) });
    expect(gap.figures).toEqual({ length: 2, norm: NaN, mean: 1, min: 1, max: 1, notFinite: 1 });
    expect(gap.pinned).toMatchObject({ cosine: NaN });
    expect(hoverOn(text, "1, 2, 3", { name: "a", values: Float64Array.of(1, 2) }).pinned).toEqual({ kind: "length", name: "a", length: 2 });
  });

  test("names at most five of all that are similar, best first, and at most five lines", () => {
    const text = `{\n${Array.from({ length: 20 }, (_, i) => `"v${i}": [1, ${i}]`).join(",\n")},\n${Array.from({ length: 9 }, (_, i) => `"w${i}": [1, 2, ${i}]`).join(",\n")}}`;
    const { similar, compared, otherLengths } = hoverOn(text, "1, 19");
    expect(similar.map(({ name }) => name)).toEqual(["v18", "v17", "v16", "v15", "v14"]);
    expect(compared).toBe(19);
    expect(otherLengths).toEqual({ count: 9, lines: [22, 23, 24, 25, 26], more: true });
  });

  test("is none where there is no vector", () => {
    expect(vectorHover(finish(documentVectors('{"a": [1, 2], "b": 3}', "json")), 15, undefined, options)).toBeUndefined();
    expect(vectorHover(finish(documentVectors("", "json")), 0, undefined, options)).toBeUndefined();
  });

  test("keeps the cosine of very large and very small numbers", () => {
    const text = '{"a": [1e200, 2e200], "b": [2e-200, 1e-200]}';
    expect(hoverOn(text, "1e200").similar[0].cosine).toBeCloseTo(0.8, 12);
  });
});

const finite = fc.double({ min: -1e6, max: 1e6, noNaN: true });
const pair = fc.integer({ min: 1, max: 12 }).chain((d) => fc.tuple(fc.float64Array({ min: -1e6, max: 1e6, noNaN: true, minLength: d, maxLength: d }), fc.float64Array({ min: -1e6, max: 1e6, noNaN: true, minLength: d, maxLength: d })));
const cosineOf = (a: Float64Array, b: Float64Array) => {
  const found = compare(a, "a", { name: "b", values: b });
  return found.kind === "cosine" ? found.cosine : NaN;
};

describe("the cosine with the pinned vector", () => {
  test("is the same the other way round, within [−1, 1], and undefined only without a direction", () => {
    fc.assert(
      fc.property(pair, ([a, b]) => {
        const cosine = cosineOf(a, b);
        expect(cosine).toBe(cosineOf(b, a));
        const directed = figuresOf(a).norm > 0 && figuresOf(b).norm > 0;
        expect(Number.isNaN(cosine)).toBe(!directed);
        if (directed) expect(Math.abs(cosine)).toBeLessThanOrEqual(1);
      }),
    );
  });

  test("does not depend on lengths", () => {
    fc.assert(
      fc.property(pair, fc.double({ min: 1e-3, max: 1e3, noNaN: true }), ([a, b], scale) => {
        const cosine = cosineOf(a, b);
        if (figuresOf(a).norm < 1e-100 || Number.isNaN(cosine)) return;
        expect(cosineOf(a.map((v) => v * scale), b)).toBeCloseTo(cosine, 9);
        expect(cosineOf(a.map((v) => -v), b)).toBeCloseTo(-cosine, 12);
      }),
    );
  });

  test.each([
    ["whose sum overflows", [-3.447056726071779e307, -1.4529874622551378e308, 0], -1.4529874622551378e308 / 3 - 3.447056726071779e307 / 3],
    ["beside one that is not finite", [Number.MAX_VALUE, NaN, Number.MAX_VALUE], Number.MAX_VALUE],
    ["all the largest", Array<number>(11).fill(Number.MAX_VALUE), Number.MAX_VALUE],
    ["all the least", Array<number>(11).fill(-Number.MAX_VALUE), -Number.MAX_VALUE],
    ["of the smallest", Array<number>(7).fill(Number.MIN_VALUE), Number.MIN_VALUE],
  ])("has the mean of numbers %s", (_, values, mean) => {
    const { mean: found } = figuresOf(Float64Array.from(values));
    expect(Math.abs(found / mean - 1)).toBeLessThanOrEqual(1e-14);
  });

  test("has figures of any numbers without an error", () => {
    fc.assert(
      fc.property(fc.float64Array({ maxLength: 20 }), fc.array(finite, { maxLength: 3 }), (values, more) => {
        const { min, max, mean, notFinite, length } = figuresOf(Float64Array.of(...values, ...more));
        expect(Number.isNaN(mean)).toBe(notFinite === length);
        if (notFinite === length) return;
        expect(min).toBeLessThanOrEqual(max);
        expect(mean).toBeGreaterThanOrEqual(min - 1e-9 * Math.abs(min));
        expect(mean).toBeLessThanOrEqual(max + 1e-9 * Math.abs(max));
      }),
    );
  });
});

describe("a word's hover", () => {
  const store = new VectorStore(
    ["king", "queen", "well-known", "known", "Paris", "zero", "北京", "京"],
    Float32Array.of(1, 0, 0.9, 0.1, 0, 1, 1, 1, -1, 0, 0, 0, 2, 0.1, 1, 3),
    2,
  );

  test("has the nearest of all words but itself, best first", () => {
    const hover = finish(wordHover(store, 0, { name: "queen", values: Float64Array.of(0.9, 0.1) }, options));
    expect(hover.neighbours.map(({ word }) => word)).toEqual(["北京", "queen", "known", "京", "well-known", "Paris"]);
    expect(hover.neighbours[1].cosine).toBeCloseTo(0.9 / Math.hypot(0.9, 0.1), 6);
    expect(hover).toMatchObject({ name: "king", store: { words: 8, dimensions: 2 }, pinned: { kind: "cosine", dot: 0.9 } });
  });

  test("of a word without direction has no neighbours", () => {
    expect(finish(wordHover(store, 5, undefined, options)).neighbours).toEqual([]);
  });

  test.each<[string, number, string | undefined]>([
    ["king", 1, "king"],
    ["King", 0, "king"],
    ["KING'S", 6, "king"],
    ["paris", 2, undefined],
    ["Paris", 2, "Paris"],
    ["well-known", 7, "well-known"],
    ["un-known", 5, "known"],
    ["un-known", 1, undefined],
    ["我在北京住", 2, "北京"],
    ["我在北京住", 3, "北京"],
    ["我在北京住", 5, undefined],
    ["东京", 1, "京"],
    ["constructor", 1, undefined],
    ["", 0, undefined],
  ])("of %s at %i is found as %s", (text, at, expected) => {
    const index = wordAt(store, { text, at });
    expect(index === undefined ? undefined : store.words[index]).toBe(expected);
  });
});
