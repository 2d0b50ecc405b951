import * as fc from "../../support/fastCheck.js";
import { describe, expect, it } from "vitest";
import { derive } from "../../../src/core/vectors/derive.js";
import { metrics } from "../../../src/core/vectors/similarity.js";

const a = [1, 2, 3, 4];
const b = [2, 1, 5, 0];

describe("the derivation of a metric", () => {
  it("of a cosine has the product and both lengths", () => {
    const got = derive(a, b, "cosine", 2);
    expect(got).toMatchObject({ metric: "cosine", d: 4, pairs: Float64Array.of(1, 2, 2, 1), dot: 19, normA: Math.sqrt(30), normB: Math.sqrt(30) });
    expect("value" in got && got.value).toBeCloseTo(19 / 30, 15);
  });

  it("of a dot product and of the distances has the sums", () => {
    expect(derive(a, b, "dot", 4)).toMatchObject({ value: 19 });
    expect(derive(a, b, "euclidean", 4)).toMatchObject({ squares: 22, value: Math.sqrt(22) });
    expect(derive(a, b, "manhattan", 4)).toMatchObject({ value: 8 });
  });

  it("of Pearson's correlation has the means, and the centred product and lengths", () => {
    const got = derive(a, b, "pearson", 1);
    expect(got).toMatchObject({ meanA: 2.5, meanB: 2, pairs: Float64Array.of(-1.5, 0), dot: -1, normA: Math.sqrt(5), normB: Math.sqrt(14) });
    expect("value" in got && got.value).toBeCloseTo(-1 / Math.sqrt(70), 15);
  });

  it("of Spearman's correlation has the ranks, and without ties the short formula holds", () => {
    const got = derive(a, b, "spearman", 4);
    expect(got).toMatchObject({ pairs: Float64Array.of(1, 3, 2, 2, 3, 4, 4, 1), squares: 14, ties: false });
    expect("value" in got && got.value).toBeCloseTo(1 - (6 * 14) / (4 * 15), 15);
  });

  it("of Spearman's correlation lets ties share their mean rank", () => {
    const got = derive([1, 1, 2], [3, 5, 4], "spearman", 3);
    expect(got).toMatchObject({ pairs: Float64Array.of(1.5, 1, 1.5, 3, 3, 2), ties: true });
    expect("value" in got && got.value).toBeCloseTo(0, 15);
  });

  it("says whose fault it is that there is none", () => {
    expect(derive([0, 0], [1, 2], "cosine", 2)).toEqual({ metric: "cosine", d: 2, undefinedRows: ["a"] });
    expect(derive([1, 2], [3, 3], "pearson", 2)).toEqual({ metric: "pearson", d: 2, undefinedRows: ["b"] });
    expect(derive([4, 4], [3, 3], "spearman", 2)).toEqual({ metric: "spearman", d: 2, undefinedRows: ["a", "b"] });
    expect(derive([0, 0], [0, 0], "euclidean", 2)).toMatchObject({ value: 0 });
  });

  it("gives numbers in between that make up the value", () => {
    const vectors = fc.integer({ min: 2, max: 12 }).chain((d) => {
      const vector = fc.array(fc.integer({ min: -1000, max: 1000 }).map((v) => v / 8), { minLength: d, maxLength: d });
      return fc.tuple(vector, vector);
    });
    fc.assert(fc.property(vectors, fc.constantFrom(...metrics), ([x, y], metric) => {
      const got = derive(x, y, metric, 3);
      if ("undefinedRows" in got) return;
      const made = "dot" in got ? got.dot / got.normA / got.normB
        : got.metric === "euclidean" ? Math.sqrt(got.squares)
        : x.reduce((sum, v, j) => sum + (got.metric === "dot" ? v * y[j] : Math.abs(v - y[j])), 0);
      expect(Math.abs(made - got.value)).toBeLessThanOrEqual(1e-12 * Math.max(1, Math.abs(got.value)));
    }));
  });
});
