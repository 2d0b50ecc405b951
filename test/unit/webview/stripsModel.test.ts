import * as fc from "../../support/fastCheck.js";
import { describe, expect, test } from "vitest";
import type { Evaluated } from "../../../src/core/vectors/trace.js";
import { numbersPerCell, strongest } from "../../../src/webview/marks/signStrip.js";
import {
  agreement, chosenRows, cosinesTo, decimalsOf, dimensionOrder, fittedScale, spelledOut, windowOf, zoomed, type StripRow,
} from "../../../src/webview/vectors/stripsModel.js";

const strip = (label: string, values: readonly number[]): StripRow => ({ key: label, label, values, row: -1 });

/** weights[t] times parts[t], summed. */
function evaluated(weights: readonly number[], parts: readonly (readonly number[])[]): Evaluated {
  const d = parts[0].length;
  const values = Float64Array.from({ length: d }, (_, j) => weights.reduce((sum, w, t) => sum + w * parts[t][j], 0));
  return {
    text: "", terms: weights.map((weight, t) => ({ name: `t${t}`, weight, at: "rows", index: t })), values, norm: Math.hypot(...values),
    parts: Float64Array.from(parts.flat()), cosines: Float64Array.from(weights, () => 0), reading: null,
  };
}

describe("rows", () => {
  test("are the first eight until some are chosen, and again when none of the chosen is left", () => {
    const names = Array.from("abcdefghij");
    expect(chosenRows(names, null)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(chosenRows(names, ["j", "gone", "a"])).toEqual([9, 0]);
    expect(chosenRows(names, ["gone"])).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(chosenRows(names, [])).toEqual([]);
  });

  test("have cosines, undefined with a vector of zeros", () => {
    const [same, right, none] = cosinesTo([3, 4], [strip("a", [6, 8]), strip("b", [-4, 3]), strip("c", [0, 0])]);
    expect(same).toBeCloseTo(1, 15);
    expect(right).toBeCloseTo(0, 15);
    expect(none).toBeNaN();
  });
});

describe("the dimensions", () => {
  const rows = [strip("a", [1, 5, 3]), strip("b", [4, 5, 1])];
  test("are sorted by value, spread and difference, equal ones as given", () => {
    expect(dimensionOrder(rows, 3, { by: "given", a: "", b: "" })).toBeNull();
    expect(Array.from(dimensionOrder(rows, 3, { by: "value", a: "b", b: "" })!)).toEqual([1, 0, 2]);
    expect(Array.from(dimensionOrder(rows, 3, { by: "spread", a: "", b: "" })!)).toEqual([0, 2, 1]);
    expect(Array.from(dimensionOrder(rows, 3, { by: "difference", a: "a", b: "b" })!)).toEqual([0, 2, 1]);
    expect(Array.from(dimensionOrder([strip("a", [2, 2, 2])], 3, { by: "value", a: "a", b: "" })!)).toEqual([0, 1, 2]);
  });

  test("agree most where the sum is farthest from zero", () => {
    expect(agreement([strip("a", [1, -4, 2]), strip("b", [1, -1, 2])], 3)).toBe(1);
  });
});

describe("a number spelled out", () => {
  test("has each term's number with its sign and factor", () => {
    expect(spelledOut(evaluated([1, -1, 1], [[-2.32], [-2.25], [-2]]), 0, 2)).toBe("(\u22122.32) \u2212 (\u22122.25) + (\u22122.00) = \u22122.07");
    expect(spelledOut(evaluated([-0.5, 2], [[4], [1]]), 0, 1)).toBe("\u22120.5 \u00d7 (4.0) + 2 \u00d7 (1.0) = 0.0");
  });

  test("does not claim that rounded numbers add up where they do not", () => {
    expect(spelledOut(evaluated([1, 1], [[0.334], [0.334]]), 0, 2)).toBe("(0.33) + (0.33) \u2248 0.67");
  });

  test("is not given for what is no sum of its terms", () => {
    const sum = evaluated([1, 1], [[1], [1]]);
    expect(spelledOut({ ...sum, values: Float64Array.of(1.5) }, 0, 2)).toBeUndefined();
  });
});

describe("scales and windows", () => {
  test("a fitted scale is round and holds every number", () => {
    expect(fittedScale([strip("a", [0.0123])])).toBe(0.013);
    expect(fittedScale([strip("a", [-3])])).toBe(3);
    expect(fittedScale([strip("a", [0])])).toBe(1);
    fc.assert(fc.property(fc.double({ min: 1e-12, max: 1e12, noNaN: true }), (v) => {
      const scale = fittedScale([strip("a", [-v])]);
      expect(scale).toBeGreaterThanOrEqual(v * (1 - 1e-9));
      expect(scale).toBeLessThanOrEqual(v * 1.11);
    }));
    expect([2.32, 0.5, 45, 0.002].map(decimalsOf)).toEqual([2, 3, 1, 5]);
  });

  test("a window stays within the dimensions and keeps its place under the cursor", () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 20000 }), fc.nat(20000), fc.nat(20000), fc.nat(20000), fc.constantFrom(0.5, 2), (d, from, to, about, factor) => {
      const start = windowOf({ d, from: Math.min(from, to), to: Math.max(from, to) }, d);
      const place = Math.min(d - 1, Math.max(start.from, Math.min(start.to - 1, about)));
      const next = zoomed(start, place, factor);
      expect(next.from).toBeGreaterThanOrEqual(0);
      expect(next.to).toBeLessThanOrEqual(d);
      expect(next.from).toBeLessThanOrEqual(place);
      expect(next.to).toBeGreaterThan(place);
    }));
    expect(windowOf({ d: 50, from: 2, to: 9 }, 100)).toEqual({ d: 100, from: 0, to: 100 });
  });

  test("cells are a pixel wide at least, and show the strongest of their numbers", () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 100000 }), fc.double({ min: 1, max: 2000, noNaN: true }), (count, width) => {
      const per = numbersPerCell(count, width);
      expect(Math.ceil(count / per)).toBeLessThanOrEqual(Math.max(1, Math.floor(width)));
      if (per > 1) expect(Math.ceil(count / (per - 1))).toBeGreaterThan(Math.floor(width));
    }));
    expect(strongest([1, -5, 4, 5], null, 0, 4)).toBe(1);
    expect(strongest([1, -5, 4, 5], [2, 0], 0, 2)).toBe(0);
  });
});
