import * as fc from "../../support/fastCheck.js";
import { describe, expect, test } from "vitest";
import { eigenSymmetric } from "../../../src/core/math/eigen.js";
import { eigenSymmetricStepwise } from "../../../src/core/math/eigenStepwise.js";
import { seededRandom } from "../../../src/core/math/random.js";
import { finish } from "../mixture/helpers.js";

/** The largest entry of A − V' diag(values) V and of V V' − I. */
function errors(a: Float64Array, n: number, { values, vectors }: { values: Float64Array; vectors: Float64Array }): { rebuilt: number; skew: number } {
  let rebuilt = 0;
  let skew = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      let product = 0;
      for (let p = 0; p < n; p++) {
        sum += vectors[p * n + i] * values[p] * vectors[p * n + j];
        product += vectors[i * n + p] * vectors[j * n + p];
      }
      rebuilt = Math.max(rebuilt, Math.abs(sum - a[i * n + j]));
      skew = Math.max(skew, Math.abs(product - (i === j ? 1 : 0)));
    }
  }
  return { rebuilt, skew };
}

function symmetric(n: number, entry: (i: number, j: number) => number): Float64Array {
  const a = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) a[i * n + j] = a[j * n + i] = entry(i, j);
  return a;
}

const check = (a: Float64Array, n: number): { values: Float64Array; vectors: Float64Array } => {
  const found = finish(eigenSymmetricStepwise(a.slice(), n));
  const size = a.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const { rebuilt, skew } = errors(a, n, found);
  // Near zero doubles are MIN_VALUE apart: the rounding of the values and of the 2n products of a sum comes to n of these.
  expect(rebuilt).toBeLessThanOrEqual(1e-13 * n * size + n * Number.MIN_VALUE);
  expect(skew).toBeLessThanOrEqual(1e-13 * n);
  for (let i = 1; i < n; i++) expect(found.values[i]).toBeLessThanOrEqual(found.values[i - 1]);
  return found;
};

describe("eigenSymmetricStepwise", () => {
  test("gives orthonormal vectors in falling order that rebuild the matrix, and the values of Jacobi's method", () => {
    const entry = fc.oneof(fc.double({ min: -3, max: 3, noNaN: true }), fc.constantFrom(0, 1, 1e-160, 1e-9));
    const matrix = fc.integer({ min: 1, max: 9 }).chain((n) =>
      fc.array(entry, { minLength: n * n, maxLength: n * n }).map((b) => ({ n, a: symmetric(n, (i, j) => b[i * n + j]) })),
    );
    fc.assert(
      fc.property(matrix, ({ n, a }) => {
        const { values } = check(a, n);
        const other = eigenSymmetric(a, n).values;
        for (let i = 0; i < n; i++) expect(Math.abs(values[i] - other[i])).toBeLessThanOrEqual(1e-13 * n * 4);
      }),
    );
  });

  test("knows the eigenvalues of the second difference, 2 − 2 cos(iπ / (n + 1))", () => {
    const n = 60;
    const { values } = check(symmetric(n, (i, j) => (i === j ? 2 : i - j === 1 ? -1 : 0)), n);
    for (let i = 0; i < n; i++) expect(values[i]).toBeCloseTo(2 - 2 * Math.cos(((n - i) * Math.PI) / (n + 1)), 12);
  });

  test.each([
    ["zeros", () => 0],
    ["equal values", (i: number, j: number) => (i === j ? 3 : 0)],
    ["rank one", (i: number, j: number) => (i + 1) * (j + 1)],
    ["tiny numbers", (i: number, j: number) => 1e-300 / (1 + i + j)],
    ["the smallest numbers", (i: number, j: number) => ((i * j) % 4) * Number.MIN_VALUE],
    ["huge numbers", (i: number, j: number) => 1e300 / (1 + i + j)],
    ["an indefinite matrix", (i: number, j: number) => Math.sin(7 * i + 3 * j)],
  ])("handles %s", (_, entry) => {
    check(symmetric(40, entry), 40);
  });

  test("points every vector to its largest part", () => {
    const { vectors } = finish(eigenSymmetricStepwise(Float64Array.of(2, 1, 0, 1, 2, 0, 0, 0, 5), 3));
    expect(Array.from(vectors, (v) => Math.round(v * 1e12) / 1e12)).toEqual([0, 0, 1, ...[1, 1, 0, 1, -1, 0].map((v, i) => (i > 2 && vectors[6] < 0 ? -v : v) * 0.707106781187)]);
  });

  test("ends on numbers that are not finite", () => {
    const a = symmetric(30, (i, j) => (i === 7 && j === 3 ? Number.NaN : i - j));
    expect(finish(eigenSymmetricStepwise(a, 30)).values).toHaveLength(30);
  });

  test("yields often, with a share that rises", () => {
    const n = 200;
    const random = seededRandom(5);
    const shares = Array.from(eigenSymmetricStepwise(symmetric(n, () => random() - 0.5), n));
    expect(shares.length).toBeGreaterThan(8);
    for (const [i, share] of shares.entries()) expect(share >= (shares[i - 1] ?? 0) && share <= 1).toBe(true);
  });
});
