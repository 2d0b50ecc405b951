import * as fc from "../../support/fastCheck.js";
import { describe, expect, it } from "vitest";
import type { Progress } from "../../../src/core/contract/index.js";
import { averageLinkage } from "../../../src/core/vectors/cluster.js";
import { cosineNeighbours } from "../../../src/core/vectors/neighbours.js";
import { between, cosine, norm, prepareRows, ranks } from "../../../src/core/vectors/similarity.js";
import { similarityMatrix } from "../../../src/core/vectors/similarityMatrix.js";
import { editDistance, VectorStore } from "../../../src/core/vectors/store.js";
import { TopK } from "../../../src/core/vectors/topK.js";

/** Runs a generator to its end. */
function finish<T>(generator: Generator<Progress, T, void>): T {
  for (;;) {
    const step = generator.next();
    if (step.done) return step.value;
  }
}

/** No subnormal entries: scaling those rounds them away, and the direction with them. */
const entry = fc.double({ min: -1e3, max: 1e3, noNaN: true }).map((v) => (Math.abs(v) < 1e-200 ? 0 : v));
const vector = (d: number): fc.Arbitrary<number[]> => fc.array(entry, { minLength: d, maxLength: d });
const pair = fc.integer({ min: 1, max: 12 }).chain((d) => fc.tuple(vector(d), vector(d)));

describe("cosine", () => {
  it("is 14 / √221 for the article's A and B", () => {
    expect(cosine([2, 3], [1, 4])).toBeCloseTo(14 / Math.sqrt(221), 14);
  });

  it("is 1 for a vector and itself", () => {
    const vector = fc.array(fc.double({ min: -1e200, max: 1e200, noNaN: true }), { minLength: 1, maxLength: 40 });
    fc.assert(fc.property(vector, (a) => a.every((v) => v === 0) || cosine(a, a) === 1));
  });

  it("is undefined where a vector has no direction", () => {
    expect(cosine([0, 0], [1, 4])).toBeNaN();
  });

  it("is symmetric, in [−1, 1] and does not change with length", () => {
    fc.assert(
      fc.property(pair, fc.double({ min: 1e-3, max: 1e3, noNaN: true }), ([a, b], factor) => {
        const value = cosine(a, b);
        if (Number.isNaN(value)) return norm(a) === 0 || norm(b) === 0;
        const scaled = cosine(a.map((v) => v * factor), b);
        return value === cosine(b, a) && Math.abs(value) <= 1 && Math.abs(scaled - value) < 1e-9;
      }),
    );
  });
});

describe("correlations", () => {
  it("shares the ranks of ties", () => {
    expect([...ranks([10, 20, 10, 5])]).toEqual([2.5, 4, 2.5, 1]);
  });

  it("finds Pearson 1 for a line and Spearman 1 for any rising curve", () => {
    const rows = { n: 2, d: 4, values: Float64Array.from([1, 2, 3, 4, 2, 4, 6, 8]) };
    expect(between(prepareRows(rows, "pearson").values, 4, "pearson", 0, 1)).toBeCloseTo(1, 14);
    const curve = { n: 2, d: 4, values: Float64Array.from([1, 2, 3, 4, 1, 10, 100, 1000]) };
    expect(between(prepareRows(curve, "pearson").values, 4, "pearson", 0, 1)).toBeLessThan(0.9);
    expect(between(prepareRows(curve, "spearman").values, 4, "spearman", 0, 1)).toBeCloseTo(1, 14);
  });

  it("names constant rows, whose correlation is undefined", () => {
    const rows = { n: 2, d: 3, values: Float64Array.from([0.1, 0.1, 0.1, 1, 2, 3]) };
    expect(prepareRows(rows, "pearson").undefinedRows).toEqual([0]);
    expect(prepareRows(rows, "cosine").undefinedRows).toEqual([]);
  });
});

describe("similarityMatrix", () => {
  it("agrees with pair by pair at sizes around its blocks", () => {
    for (const n of [1, 31, 32, 33, 70]) {
      const values = Float64Array.from({ length: n * 5 }, (_, i) => Math.sin(i * 1.7) * 3);
      const matrix = finish(similarityMatrix({ n, d: 5, values }, "cosine"));
      const prepared = prepareRows({ n, d: 5, values }, "cosine").values;
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < n; j++) expect(matrix.values[i * n + j]).toBeCloseTo(between(prepared, 5, "cosine", i, j), 6);
      }
    }
  });
});

describe("cosineNeighbours", () => {
  it("finds what a full sort finds, whatever the order and the ties", () => {
    const scores = fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(scores, fc.integer({ min: 1, max: 12 }), (values, k) => {
        const top = new TopK(k);
        values.forEach((score, index) => top.offer(index, score));
        const sorted = values.map((score, index) => ({ index, score })).sort((a, b) => b.score - a.score || a.index - b.index);
        expect(top.sorted()).toEqual(sorted.slice(0, k));
      }),
    );
  });

  it("leaves excluded rows and rows without direction out", () => {
    const store = new VectorStore(["a", "b", "zero", "c"], Float32Array.from([1, 0, 0.9, 0.1, 0, 0, 0, 1]), 2);
    const found = finish(cosineNeighbours(store, [2, 0], 10, new Set([0])));
    expect(found.map(({ index }) => store.words[index])).toEqual(["b", "c"]);
  });

  it("has no neighbours for a zero query", () => {
    const store = new VectorStore(["a"], Float32Array.from([1, 0]), 2);
    expect(finish(cosineNeighbours(store, [0, 0], 3))).toEqual([]);
  });
});

describe("VectorStore", () => {
  const store = new VectorStore(["king", "kings", "ring", "queen", "king"], new Float32Array(10), 2);

  it("finds the first of words that stand twice", () => {
    expect(store.indexOf("king")).toBe(0);
    expect(store.indexOf("King")).toBeUndefined();
  });

  it("offers near spellings, nearest and most frequent first", () => {
    expect(store.nearestSpellings("kingg")).toEqual(["king", "kings", "ring"]);
    expect(store.nearestSpellings("xyz")).toEqual([]);
  });

  it("counts edits", () => {
    expect(editDistance("kitten", "sitting")).toBe(3);
    expect(editDistance("", "abc")).toBe(3);
    expect(editDistance("abcdef", "uvwxyz", 2)).toBe(3);
  });
});

describe("averageLinkage", () => {
  it("joins two pairs, then the pairs at the mean of the four distances", () => {
    const x = [0, 1, 10, 12];
    const distances = Float32Array.from(x.flatMap((a) => x.map((b) => Math.abs(a - b))));
    const { merges, order } = finish(averageLinkage(distances, 4));
    expect(merges).toEqual([
      { left: 0, right: 1, height: 1, size: 2 },
      { left: 2, right: 3, height: 2, size: 2 },
      { left: 4, right: 5, height: 10.5, size: 4 },
    ]);
    expect([...order]).toEqual([0, 1, 2, 3]);
  });

  it("gives every row one place and heights that rise", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 25 }), (x) => {
        const distances = Float32Array.from(x.flatMap((a) => x.map((b) => Math.abs(a - b))));
        const { merges, order } = finish(averageLinkage(distances, x.length));
        expect([...order].sort((a, b) => a - b)).toEqual(x.map((_, i) => i));
        for (let m = 1; m < merges.length; m++) expect(merges[m].height).toBeGreaterThanOrEqual(merges[m - 1].height);
      }),
    );
  });
});
