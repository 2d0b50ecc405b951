import * as fc from "../../support/fastCheck.js";
import { describe, expect, test } from "vitest";
import { seededRandom } from "../../../src/core/math/random.js";
import { pca, type Pca } from "../../../src/core/vectors/pca.js";
import { finish } from "../mixture/helpers.js";

/** Rows with a mean far from 0 and columns of different spread. */
function randomRows(n: number, d: number, seed = n + d): Float64Array {
  const random = seededRandom(seed);
  return Float64Array.from({ length: n * d }, (_, i) => (random() + random() + random() - 1.5) * (1 + (i % d)) + 5);
}

/** What a decomposition of all components must satisfy: unit rows at right angles, projections that rebuild the rows. */
function rebuilt({ mean, components, projections }: Pca, n: number, d: number, k: number): Float64Array {
  const rows = new Float64Array(n * d);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < d; j++) {
      rows[i * d + j] = mean[j];
      for (let c = 0; c < k; c++) rows[i * d + j] += projections[i * k + c] * components[c * d + j];
    }
  }
  return rows;
}

describe("pca", () => {
  test("knows points on a line: one component holds all variance", () => {
    const found = finish(pca({ n: 3, d: 2, values: Float32Array.of(0, 0, 3, 4, 6, 8) }, 2));
    expect(Array.from(found.mean)).toEqual([3, 4]);
    expect(Array.from(found.components.slice(0, 2)).map((v) => Math.round(v * 1e12) / 1e12)).toEqual([0.6, 0.8]);
    expect(found.explainedVariance[0]).toBeCloseTo(25, 12);
    expect(found.explainedVarianceRatio[0]).toBeCloseTo(1, 12);
    expect(found.explainedVariance[1]).toBeCloseTo(0, 12);
    expect(Array.from(found.projections).filter((_, i) => i % 2 === 0).map((v) => Math.round(v * 1e12) / 1e12)).toEqual([-5, 0, 5]);
  });

  test.each([[40, 7], [7, 40], [23, 23], [1, 3], [6, 1]])("rebuilds %i rows of %i numbers from all components", (n, d) => {
    const values = randomRows(n, d);
    const k = Math.min(n, d);
    const found = finish(pca({ n, d, values }, k));
    const again = rebuilt(found, n, d, k);
    for (let i = 0; i < values.length; i++) expect(Math.abs(again[i] - values[i])).toBeLessThan(1e-10);
    expect(found.explainedVarianceRatio.reduce((sum, ratio) => sum + ratio, 0)).toBeCloseTo(n === 1 ? 0 : 1, 10);
    for (let c = 1; c < k; c++) expect(found.singularValues[c]).toBeLessThanOrEqual(found.singularValues[c - 1]);
  });

  test("comes to the same from the covariance and from the Gram matrix", () => {
    fc.assert(
      fc.property(fc.integer({ min: 3, max: 12 }), fc.integer(), (n, seed) => {
        // As many columns as rows go by the covariance; a column of zeros more goes by the Gram matrix.
        const values = randomRows(n, n, seed);
        const wider = new Float64Array(n * (n + 1));
        for (let i = 0; i < n; i++) wider.set(values.subarray(i * n, (i + 1) * n), i * (n + 1));
        const one = finish(pca({ n, d: n, values }, 2));
        const other = finish(pca({ n, d: n + 1, values: wider }, 2));
        for (let c = 0; c < 2; c++) expect(other.singularValues[c]).toBeCloseTo(one.singularValues[c], 8);
        fc.pre(one.singularValues[0] > 1.05 * one.singularValues[1]);
        const sign = Math.sign(one.projections[0] * other.projections[0]);
        for (let i = 0; i < n; i++) expect(other.projections[2 * i]).toBeCloseTo(sign * one.projections[2 * i], 6);
      }),
      { numRuns: 50 },
    );
  });

  test("gives no direction where there is none", () => {
    const { explainedVarianceRatio, projections } = finish(pca({ n: 3, d: 4, values: new Float32Array(12).fill(2) }, 2));
    expect(Array.from(explainedVarianceRatio)).toEqual([0, 0]);
    expect(Array.from(projections).every((value) => value === 0)).toBe(true);
  });

  test("yields often, with a fraction that rises to 1 at most", () => {
    for (const [n, d] of [[30_000, 40], [300, 4000]]) {
      const values = new Float32Array(n * d).map((_, i) => Math.sin(i * 0.37) * (i % d));
      const fractions = Array.from(pca({ n, d, values }, 2), ({ fraction }) => fraction);
      expect(fractions.length).toBeGreaterThan(10);
      for (const [i, fraction] of fractions.entries()) expect(fraction >= (fractions[i - 1] ?? 0) && fraction <= 1).toBe(true);
    }
  });

  test.each([0, 3, 1.5])("refuses %d components of 2 columns", (k) => {
    expect(() => finish(pca({ n: 5, d: 2, values: new Float32Array(10) }, k))).toThrow(RangeError);
  });
});
