import * as fc from "../../support/fastCheck.js";
import { describe, expect, test } from "vitest";
import { assign } from "../../../src/core/math/assignment.js";
import { cholesky, invertLower } from "../../../src/core/math/cholesky.js";
import { eigenSymmetric } from "../../../src/core/math/eigen.js";
import { expNegative } from "../../../src/core/math/exp.js";
import { quantiles } from "../../../src/core/math/quantile.js";
import { seededRandom } from "../../../src/core/math/random.js";
import { finish } from "../mixture/helpers.js";

const entry = fc.double({ min: -3, max: 3, noNaN: true });

/** A symmetric positive definite matrix: B Bᵀ + I. */
const definite = fc.integer({ min: 1, max: 6 }).chain((n) =>
  fc.array(entry, { minLength: n * n, maxLength: n * n }).map((b) => {
    const a = new Float64Array(n * n);
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) for (let p = 0; p < n; p++) a[i * n + j] += b[i * n + p] * b[j * n + p];
    for (let i = 0; i < n; i++) a[i * n + i] += 1;
    return { n, a };
  }),
);

function product(n: number, x: (i: number, p: number) => number, y: (p: number, j: number) => number): Float64Array {
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) for (let p = 0; p < n; p++) out[i * n + j] += x(i, p) * y(p, j);
  return out;
}

function expectClose(got: ArrayLike<number>, want: ArrayLike<number>, tolerance: number): void {
  expect(got.length).toBe(want.length);
  for (let i = 0; i < want.length; i++) expect(Math.abs(got[i] - want[i])).toBeLessThanOrEqual(tolerance);
}

describe("expNegative", () => {
  test("is within two units in the last place of Math.exp", () => {
    fc.assert(
      fc.property(fc.double({ min: -700, max: 0, noNaN: true }), (x) => {
        expect(Math.abs(expNegative(x) / Math.exp(x) - 1)).toBeLessThanOrEqual(2 * Number.EPSILON);
      }),
      { numRuns: 2000 },
    );
  });

  test("is exact at its ends", () => {
    expect(expNegative(0)).toBe(1);
    expect(expNegative(-0)).toBe(1);
    expect(expNegative(-800)).toBe(0);
    expect(expNegative(-Infinity)).toBe(0);
    expect(expNegative(-707.9)).toBeGreaterThan(0);
  });
});

describe("cholesky", () => {
  test("gives a lower factor whose square is the matrix, and its inverse", () => {
    fc.assert(
      fc.property(definite, ({ n, a }) => {
        const l = new Float64Array(n * n);
        expect(cholesky(a, n, l)).toBe(-1);
        const inverse = new Float64Array(n * n);
        invertLower(l, n, inverse);
        const size = Math.max(...a);
        expectClose(product(n, (i, p) => l[i * n + p], (p, j) => l[j * n + p]), a, 1e-13 * size * n);
        const identity = new Float64Array(n * n).map((_, i) => (i % (n + 1) === 0 ? 1 : 0));
        expectClose(product(n, (i, p) => l[i * n + p], (p, j) => inverse[p * n + j]), identity, 1e-12 * size);
      }),
    );
  });

  test.each([
    ["zero", [0, 0, 0, 0], 0],
    ["rank one", [1, 2, 2, 4], 1],
    ["rank one up to rounding", [1, 1 / 3, 1 / 3, 1 / 9], 1],
    ["indefinite", [1, 2, 2, 1], 1],
    ["not a number", [NaN, 0, 0, 1], 0],
    ["infinite", [1, 0, 0, Infinity], 1],
  ])("refuses a matrix that is %s at its bad pivot", (_, a, pivot) => {
    expect(cholesky(Float64Array.from(a), 2, new Float64Array(4))).toBe(pivot);
  });
});

describe("eigenSymmetric", () => {
  test("gives orthonormal vectors in falling order that rebuild the matrix", () => {
    fc.assert(
      fc.property(definite, ({ n, a }) => {
        const { values, vectors } = eigenSymmetric(a, n);
        const size = Math.max(...a);
        for (let i = 1; i < n; i++) expect(values[i]).toBeLessThanOrEqual(values[i - 1]);
        expectClose(product(n, (i, p) => vectors[p * n + i] * values[p], (p, j) => vectors[p * n + j]), a, 1e-12 * size);
        const identity = new Float64Array(n * n).map((_, i) => (i % (n + 1) === 0 ? 1 : 0));
        expectClose(product(n, (i, p) => vectors[i * n + p], (p, j) => vectors[j * n + p]), identity, 1e-12);
      }),
    );
  });

  test("knows a matrix that is solved by hand, and points vectors to their larger part", () => {
    const { values, vectors } = eigenSymmetric(Float64Array.of(2, -1, -1, 2), 2);
    expectClose(values, [3, 1], 1e-15);
    expectClose(vectors, [Math.SQRT1_2, -Math.SQRT1_2, Math.SQRT1_2, Math.SQRT1_2].map(Math.abs).map((v, i) => (Math.sign(vectors[i]) || 1) * v), 1e-15);
    expect(vectors[0] * vectors[1]).toBeLessThan(0);
    expect(vectors[2] * vectors[3]).toBeGreaterThan(0);
  });

  test("handles numbers of very different size", () => {
    const { values } = eigenSymmetric(Float64Array.of(1e200, 0, 0, 1e-200), 2);
    expect(Array.from(values)).toEqual([1e200, 1e-200]);
  });
});

describe("assign", () => {
  test("is as cheap as the best of all permutations", () => {
    const permutations = (items: readonly number[]): number[][] =>
      items.length === 0 ? [[]] : items.flatMap((item, i) => permutations(items.toSpliced(i, 1)).map((rest) => [item, ...rest]));
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }).chain((n) => fc.array(fc.double({ min: 0, max: 100, noNaN: true }), { minLength: n * n, maxLength: n * n })),
        (cost) => {
          const n = Math.sqrt(cost.length);
          const total = (order: ArrayLike<number>) => Array.from(order).reduce((sum, column, row) => sum + cost[row * n + column], 0);
          const found = assign(Float64Array.from(cost), n);
          expect(new Set(found).size).toBe(n);
          const best = Math.min(...permutations(Array.from({ length: n }, (_, i) => i)).map(total));
          expect(total(found)).toBeLessThanOrEqual(best + 1e-9);
        },
      ),
    );
  });
});

describe("quantiles", () => {
  const byDefinition = (values: readonly number[], fraction: number) => {
    const sorted = values.toSorted((a, b) => a - b);
    const position = fraction * (sorted.length - 1);
    const below = Math.floor(position);
    const above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (sorted[above] - sorted[below]) * (position - below);
  };

  test("interpolate between sorted neighbours", () => {
    const value = fc.oneof(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.integer({ min: -3, max: 3 }).map((v) => v + 0));
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 60 }), fc.double({ min: 0, max: 1, noNaN: true }), (values, fraction) => {
        const [got] = finish(quantiles(Float64Array.from(values), Math.min(...values), Math.max(...values), [fraction]));
        expect(got).toBeCloseTo(byDefinition(values, fraction), 6);
      }),
    );
  });

  test("of many values, crowded into one cell, ties and an outlier included", () => {
    const random = seededRandom(3);
    const values = Array.from({ length: 300_000 }, (_, i) => (i === 77 ? 1e9 : i % 3 === 0 ? 0.5 : random()));
    const got = finish(quantiles(Float64Array.from(values), 0, 1e9, [0.25, 0.5, 0.75]));
    expect(got).toEqual([0.25, 0.5, 0.75].map((fraction) => byDefinition(values, fraction)));
  });

  test("of many values that spread, between two cells and at both ends", () => {
    const random = seededRandom(4);
    const values = Array.from({ length: 100_000 }, () => Math.floor(random() * 1e5) + random() * random());
    const fractions = [0, 1e-5, 0.25, 0.3333, 0.75, 1];
    const got = finish(quantiles(Float64Array.from(values), -10, 2e5, fractions));
    expect(got).toEqual(fractions.map((fraction) => byDefinition(values, fraction)));
  });
});

describe("seededRandom", () => {
  test("repeats itself for a seed and differs between neighbouring seeds", () => {
    const take = (seed: number) => Array.from({ length: 5 }, seededRandom(seed));
    expect(take(7)).toEqual(take(7));
    expect(take(7)).not.toEqual(take(8));
  });

  test("is uniform: mean, variance and each tenth within five standard errors", () => {
    const n = 100_000;
    const random = seededRandom(123);
    const values = Array.from({ length: n }, () => random());
    expect(values.every((v) => v >= 0 && v < 1)).toBe(true);
    const mean = values.reduce((sum, v) => sum + v, 0) / n;
    expect(Math.abs(mean - 0.5)).toBeLessThan(5 * Math.sqrt(1 / 12 / n));
    for (let tenth = 0; tenth < 10; tenth++) {
      const count = values.filter((v) => Math.floor(v * 10) === tenth).length;
      expect(Math.abs(count - n / 10)).toBeLessThan(5 * Math.sqrt(n * 0.09));
    }
  });
});
