import * as fc from "../../support/fastCheck.js";
import { afterEach, describe, expect, test } from "vitest";
import { kernels, useKernels } from "../../../src/core/kernels/current.js";
import { covariancesLength } from "../../../src/core/mixture/covariance.js";
import { evaluator } from "../../../src/core/mixture/evaluate.js";
import { factor } from "../../../src/core/mixture/factor.js";
import { newStatistics, productsSize, type Statistics } from "../../../src/core/mixture/statistics.js";
import { emPass, sliceRows } from "../../../src/core/mixture/pass.js";
import { maximise } from "../../../src/core/mixture/mStep.js";
import type { CovarianceType } from "../../../src/core/mixture/params.js";
import { seededRandom } from "../../../src/core/math/random.js";
import type { Mixture } from "../../../src/core/mixture/trace.js";
import { everyKernels } from "../kernels/implementations.js";
import { finish } from "./helpers.js";

type Shape = { readonly N: number; readonly D: number; readonly K: number; readonly type: CovarianceType; readonly seed: number; readonly spread: number };

const shapes: fc.Arbitrary<Shape> = fc.record({
  N: fc.integer({ min: 1, max: 400 }),
  D: fc.integer({ min: 1, max: 6 }),
  K: fc.integer({ min: 1, max: 5 }),
  type: fc.constantFrom("full", "tied", "diag", "spherical"),
  seed: fc.nat(),
  // The far ones have densities that vanish in floating point.
  spread: fc.constantFrom(1, 5, 1000),
});

function make({ N, D, K, type, seed, spread }: Shape): { columns: Float64Array[]; mixture: Mixture; centres: Float64Array } {
  const random = seededRandom(seed);
  const columns = Array.from({ length: D }, () => Float64Array.from({ length: N }, () => (random() - 0.5) * spread));
  const covariances = new Float64Array(covariancesLength(type, K, D));
  if (type === "diag" || type === "spherical") covariances.forEach((_, i) => (covariances[i] = 0.1 + random()));
  else {
    for (let at = 0; at < covariances.length; at += D * D) {
      const root = Array.from({ length: D * D }, () => random() - 0.5);
      for (let a = 0; a < D; a++) for (let b = 0; b < D; b++) for (let p = 0; p < D; p++) covariances[at + a * D + b] += root[a * D + p] * root[b * D + p] + (a === b ? 0.1 : 0);
    }
  }
  const weights = Float64Array.from({ length: K }, () => 0.1 + random());
  const total = weights.reduce((sum, w) => sum + w, 0);
  const means = Float64Array.from({ length: K * D }, () => (random() - 0.5) * spread);
  const centres = means.map((m) => m + random());
  return { columns, centres, mixture: { K, D, covarianceType: type, weights: weights.map((w) => w / total), means, covariances } };
}

/** The same sums, point by point, from the evaluator. */
function plainly(columns: readonly Float64Array[], N: number, mixture: Mixture, centres: Float64Array): Statistics {
  const { K, D, covarianceType: type } = mixture;
  const out = newStatistics(type, K, D);
  const size = productsSize(type, D);
  const evaluate = evaluator(mixture);
  const r = new Float64Array(K);
  for (let i = 0; i < N; i++) {
    const x = Float64Array.from(columns, (column) => column[i]);
    out.logLikelihood[0] += evaluate.responsibilities(x, 0, r);
    for (let k = 0; k < K; k++) {
      const d = x.map((v, a) => v - centres[k * D + a]);
      out.counts[k] += r[k];
      for (let a = 0; a < D; a++) {
        out.sums[k * D + a] += r[k] * d[a];
        if (size !== D * D || D === 1) out.products[k * size + a] += r[k] * d[a] * d[a];
        else for (let b = 0; b <= a; b++) out.products[k * size + a * D + b] += r[k] * d[a] * d[b];
      }
    }
  }
  return out;
}

function passOf({ N, D, K, type }: Shape, columns: readonly Float64Array[], mixture: Mixture, centres: Float64Array): Statistics {
  const out = newStatistics(type, K, D);
  finish(emPass(columns, N, type, factor(mixture, "widen"), centres, out));
  return out;
}

describe("a pass of EM", () => {
  test("sums what the densities say, for every shape", () => {
    fc.assert(
      fc.property(shapes, (shape) => {
        const { N, D, K, type, spread } = shape;
        const { columns, mixture, centres } = make(shape);
        const got = passOf(shape, columns, mixture, centres);
        const want = plainly(columns, N, mixture, centres);
        const close = (a: number, b: number, size: number) => expect(Math.abs(a - b)).toBeLessThanOrEqual(1e-9 * size);
        close(got.logLikelihood[0], want.logLikelihood[0], Math.max(1, Math.abs(want.logLikelihood[0])));
        for (let k = 0; k < K; k++) close(got.counts[k], want.counts[k], N);
        got.sums.forEach((v, i) => close(v, want.sums[i], N * spread));
        const size = productsSize(type, D);
        const isRead = (i: number) => size !== D * D || i % D <= Math.floor((i % size) / D);
        got.products.forEach((v, i) => isRead(i) && close(v, want.products[i], N * spread * spread));
      }),
      { numRuns: 300 },
    );
  });

  test("is the same to the last bit however it is sliced", () => {
    const shape: Shape = { N: 5000, D: 3, K: 2, type: "full", seed: 5, spread: 5 };
    const { columns, mixture, centres } = make(shape);
    const whole = passOf(shape, columns, mixture, centres);
    const longer: Shape = { ...shape, N: 3 * sliceRows(2, 3) + 17 };
    const many = make(longer);
    const passes = [0, 1].map(() => passOf(longer, many.columns, many.mixture, many.centres));
    expect(passes[0]).toEqual(passes[1]);
    expect(passOf(shape, columns, mixture, centres)).toEqual(whole);
  });

  test("gives way often: no slice is more than a few million operations", () => {
    for (const [K, D] of [[1, 1], [3, 1], [8, 2], [30, 50]]) {
      expect(sliceRows(K, D) % 128).toBe(0);
      expect(sliceRows(K, D) * K * (10 + D * D)).toBeLessThan(1.2e7);
    }
  });
});

describe("eight iterations", () => {
  const chosen = kernels();
  afterEach(() => useKernels(chosen));

  test.each<Shape>([
    { N: 3001, D: 1, K: 3, type: "full", seed: 1, spread: 5 },
    { N: 3001, D: 2, K: 4, type: "full", seed: 2, spread: 5 },
    { N: 3001, D: 7, K: 3, type: "tied", seed: 3, spread: 5 },
    { N: 3001, D: 6, K: 4, type: "diag", seed: 4, spread: 5 },
    { N: 3001, D: 3, K: 3, type: "spherical", seed: 5, spread: 5 },
  ])("of $type, D $D lead every implementation to the same mixture, at the origin and far from it", (shape) => {
    const { K, D, type } = shape;
    for (const away of [0, 1e6]) {
      const { columns, mixture: start } = make(shape);
      for (const values of [...columns, start.means]) values.forEach((v, i) => (values[i] = v + away));
      const ends = everyKernels.map((each) => {
        useKernels(each);
        let mixture = start;
        for (let i = 0; i < 8; i++) mixture = maximise(passOf(shape, columns, mixture, mixture.means), mixture.means, type, K, D, 1e-6);
        return mixture;
      });
      expect(ends[0].means).not.toEqual(start.means);
      // Far away a mean has ten digits behind the point, and so have the differences from it; sums that are not centred would have none.
      const tolerance = away === 0 ? 1e-13 : 1e-9;
      const parts = (each: Mixture) => [...each.weights, ...each.means, ...each.covariances];
      for (const end of ends) parts(end).forEach((v, i) => expect(Math.abs(v - parts(ends[0])[i])).toBeLessThan(tolerance));
    }
  });
});
