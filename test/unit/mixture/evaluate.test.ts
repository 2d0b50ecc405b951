import * as fc from "../../support/fastCheck.js";
import { describe, expect, test } from "vitest";
import {
  covarianceOf, ellipseOf, evaluator, interpolate, marginal, mixtureAt, positionOf, positionsOf, project, responsibilitiesOf,
  shapesStep, sharesStep, sharesStepBefore, stepsOf, varianceOf,
} from "../../../src/core/mixture/evaluate.js";
import { cholesky } from "../../../src/core/math/cholesky.js";
import type { Mixture } from "../../../src/core/mixture/trace.js";
import { articleMeans, articleRows, traceOf } from "./helpers.js";

const types = ["full", "tied", "diag", "spherical"] as const;
const entry = fc.double({ min: -3, max: 3, noNaN: true });

/** Zero without a sign. */
const unsigned = (v: number) => v + 0;

/** Any mixture of K components in D columns. */
const anyMixture: fc.Arbitrary<Mixture> = fc
  .record({ K: fc.integer({ min: 1, max: 4 }), D: fc.integer({ min: 1, max: 4 }), covarianceType: fc.constantFrom(...types) })
  .chain(({ K, D, covarianceType }) =>
    fc
      .record({
        weights: fc.array(fc.double({ min: 0.05, max: 1, noNaN: true }), { minLength: K, maxLength: K }),
        means: fc.array(entry, { minLength: K * D, maxLength: K * D }),
        roots: fc.array(entry, { minLength: K * D * D, maxLength: K * D * D }),
      })
      .map(({ weights, means, roots }) => {
        const matrix = (k: number) => {
          const out = new Float64Array(D * D);
          for (let a = 0; a < D; a++) for (let b = 0; b < D; b++) for (let p = 0; p < D; p++) out[a * D + b] += roots[(k * D + a) * D + p] * roots[(k * D + b) * D + p] + (a === b ? 0.2 : 0);
          return Array.from(out);
        };
        const covariances = {
          full: () => Array.from({ length: K }, (_, k) => matrix(k)).flat(),
          tied: () => matrix(0),
          diag: () => Array.from({ length: K * D }, (_, i) => roots[i] ** 2 + 0.2),
          spherical: () => Array.from({ length: K }, (_, k) => roots[k] ** 2 + 0.2),
        }[covarianceType]();
        const total = weights.reduce((sum, w) => sum + w, 0);
        return { K, D, covarianceType, weights: Float64Array.from(weights, (w) => w / total), means: Float64Array.from(means), covariances: Float64Array.from(covariances) };
      }),
  );

/** The density by its textbook formula, with the determinant and the inverse by cofactors, for one or two columns. */
function density(mixture: Mixture, k: number, x: readonly number[]): number {
  const d = x.map((v, i) => v - mixture.means[k * mixture.D + i]);
  const s = covarianceOf(mixture, k);
  if (mixture.D === 1) return Math.exp((-d[0] * d[0]) / (2 * s[0])) / Math.sqrt(2 * Math.PI * s[0]);
  const det = s[0] * s[3] - s[1] * s[2];
  const form = (s[3] * d[0] * d[0] - (s[1] + s[2]) * d[0] * d[1] + s[0] * d[1] * d[1]) / det;
  return Math.exp(-form / 2) / (2 * Math.PI * Math.sqrt(det));
}

describe("evaluator", () => {
  test("agrees with the textbook density and Bayes's rule", () => {
    fc.assert(
      fc.property(anyMixture.filter(({ D }) => D <= 2), fc.array(entry, { minLength: 2, maxLength: 2 }), (mixture, point) => {
        const x = point.slice(0, mixture.D);
        const joint = Array.from({ length: mixture.K }, (_, k) => mixture.weights[k] * density(mixture, k, x));
        const p = joint.reduce((sum, v) => sum + v, 0);
        const out = new Float64Array(mixture.K);
        const evaluate = evaluator(mixture);
        fc.pre(p > 1e-200);
        expect(evaluate.logJoint(Float64Array.from([9, ...x]), 1, out)).toBeCloseTo(Math.log(p), 8);
        joint.forEach((v, k) => expect(out[k]).toBeCloseTo(Math.log(v), 8));
        expect(evaluate.responsibilities(Float64Array.from(x), 0, out)).toBeCloseTo(Math.log(p), 8);
        joint.forEach((v, k) => expect(out[k]).toBeCloseTo(v / p, 10));
      }),
    );
  });

  test("gives shares that sum to 1, however far the point", () => {
    fc.assert(
      fc.property(anyMixture, fc.double({ min: -1e200, max: 1e200, noNaN: true }), (mixture, far) => {
        const out = responsibilitiesOf(mixture, new Float64Array(mixture.D).fill(far), 1);
        expect(out.every((r) => r >= 0 && r <= 1)).toBe(true);
        expect(out.reduce((sum, r) => sum + r, 0)).toBeCloseTo(1, 9);
      }),
    );
  });

  test("gives a point beyond all densities to the nearest mean", () => {
    const mixture: Mixture = {
      K: 2, D: 1, covarianceType: "full", weights: Float64Array.of(0.9, 0.1), means: Float64Array.of(-5, 5), covariances: Float64Array.of(1e-310, 1e-310),
    };
    expect(Array.from(responsibilitiesOf(mixture, Float64Array.of(6, -6), 2))).toEqual([0, 1, 1, 0]);
  });

  test.each([
    ["zero", [0, 0, 0, 0]],
    ["flat", [1, 1, 1, 1]],
    ["not a number", [NaN, NaN, NaN, NaN]],
  ])("does not throw on a covariance that is %s", (_, covariances) => {
    const mixture: Mixture = {
      K: 1, D: 2, covarianceType: "full", weights: Float64Array.of(1), means: Float64Array.of(3, 3), covariances: Float64Array.from(covariances),
    };
    const out = new Float64Array(1);
    expect(evaluator(mixture).logJoint(Float64Array.of(3, 3), 0, out)).toBeGreaterThan(0);
    expect(evaluator(mixture).responsibilities(Float64Array.of(3, 4), 0, out)).toBeLessThan(0);
    expect(out[0]).toBe(1);
  });
});

describe("interpolate", () => {
  test("keeps weights summing to 1 and covariances positive definite, and is exact at its ends", () => {
    const pair = fc.tuple(anyMixture, anyMixture).filter(([a, b]) => a.K === b.K && a.D === b.D && a.covarianceType === b.covarianceType);
    fc.assert(
      fc.property(pair, fc.double({ min: 0, max: 1, noNaN: true }), ([a, b], t) => {
        const between = interpolate(a, b, t);
        expect(between.weights.reduce((sum, w) => sum + w, 0)).toBeCloseTo(1, 12);
        for (let k = 0; k < a.K; k++) expect(cholesky(covarianceOf(between, k), a.D, new Float64Array(a.D * a.D))).toBe(-1);
        expect(Array.from(interpolate(a, b, 0).means, unsigned)).toEqual(Array.from(a.means, unsigned));
        expect(interpolate(a, b, 1).covariances).toEqual(b.covariances);
      }),
      { numRuns: 50 },
    );
  });
});

describe("project and marginal", () => {
  test("a projection on unit axes is the marginal", () => {
    fc.assert(
      fc.property(anyMixture.filter(({ D }) => D >= 2), (mixture) => {
        const { D } = mixture;
        const axes = new Float64Array(2 * D);
        axes[D - 1] = 1;
        axes[D] = 1;
        const projected = project(mixture, axes, new Float64Array(D));
        const chosen = marginal(mixture, [D - 1, 0]);
        expect(projected).toMatchObject({ K: mixture.K, D: 2, covarianceType: "full" });
        expect(Array.from(projected.means, unsigned)).toEqual(Array.from(chosen.means, unsigned));
        projected.covariances.forEach((v, i) => expect(v).toBeCloseTo(chosen.covariances[i], 12));
      }),
    );
  });

  test("subtracts the origin and rotates", () => {
    const mixture: Mixture = {
      K: 1, D: 2, covarianceType: "diag", weights: Float64Array.of(1), means: Float64Array.of(3, 5), covariances: Float64Array.of(4, 1),
    };
    const h = Math.SQRT1_2;
    const { means, covariances } = project(mixture, Float64Array.of(h, h, -h, h), Float64Array.of(1, 1));
    [6 * h, 2 * h].forEach((v, i) => expect(means[i]).toBeCloseTo(v, 12));
    [2.5, -1.5, -1.5, 2.5].forEach((v, i) => expect(covariances[i]).toBeCloseTo(v, 12));
  });

  test("varianceOf is the diagonal of covarianceOf", () => {
    fc.assert(
      fc.property(anyMixture, (mixture) => {
        for (let k = 0; k < mixture.K; k++) for (let d = 0; d < mixture.D; d++) expect(varianceOf(mixture, k, d)).toBe(covarianceOf(mixture, k)[d * mixture.D + d]);
      }),
    );
  });
});

describe("ellipseOf", () => {
  test("its half-axes and angle rebuild the covariance", () => {
    fc.assert(
      fc.property(anyMixture.filter(({ D }) => D === 2), (mixture) => {
        for (let k = 0; k < mixture.K; k++) {
          const { cx, cy, rx, ry, angle } = ellipseOf(mixture, k);
          const [a, b, , c] = covarianceOf(mixture, k);
          const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
          expect([cx, cy]).toEqual(Array.from(mixture.means.subarray(2 * k, 2 * k + 2)));
          expect(rx).toBeGreaterThanOrEqual(ry * (1 - 1e-12));
          expect(rx * rx * cos * cos + ry * ry * sin * sin).toBeCloseTo(a, 8);
          expect((rx * rx - ry * ry) * cos * sin).toBeCloseTo(b, 8);
          expect(rx * rx * sin * sin + ry * ry * cos * cos).toBeCloseTo(c, 8);
        }
      }),
    );
  });

  test("of a circle and of an upright ellipse", () => {
    const of = (covariances: number[]) =>
      ellipseOf({ K: 1, D: 2, covarianceType: "diag", weights: Float64Array.of(1), means: Float64Array.of(0, 0), covariances: Float64Array.from(covariances) }, 0);
    expect(of([4, 4])).toEqual({ cx: 0, cy: 0, rx: 2, ry: 2, angle: 0 });
    expect(of([1, 9])).toMatchObject({ rx: 3, ry: 1, angle: Math.PI / 2 });
  });
});

describe("positions of the player", () => {
  test("alternate: E recolours under the shapes' own step, M moves them on", () => {
    expect(positionsOf(3)).toBe(5);
    expect([0, 1, 2, 3, 4].map((p) => [shapesStep(p, 3), sharesStep(p, 3)])).toEqual([[0, -1], [0, 0], [1, 0], [1, 1], [2, 2]]);
    expect([positionOf(1), positionOf(1, "E")]).toEqual([2, 3]);
  });

  test("between them, shapes move after E and shares change before it", () => {
    expect(shapesStep(1.25, 3)).toBe(0.25);
    expect(shapesStep(0.75, 3)).toBe(0);
    expect([sharesStepBefore(0.5, 3), sharesStep(0.5, 3)]).toEqual([-1, 0]);
    expect([sharesStepBefore(1.5, 3), sharesStep(1.5, 3)]).toEqual([0, 0]);
    expect([sharesStepBefore(3.5, 3), sharesStep(3.5, 3)]).toEqual([1, 2]);
  });

  test("a lone step shows the shares under it, and positions outside are the ends", () => {
    expect([positionsOf(1), shapesStep(0, 1), sharesStep(0, 1)]).toEqual([1, 0, 0]);
    expect([shapesStep(99, 3), sharesStep(99, 3), shapesStep(-5, 3), sharesStep(-5, 3)]).toEqual([2, 2, 0, -1]);
  });
});

describe("mixtureAt", () => {
  const trace = traceOf(articleRows, { init_params: "given", means_init: articleMeans, stop_rule: "parameters", tol: 1e-6, reg_covar: 0 });

  test("views the trace at whole steps and interpolates between", () => {
    expect(stepsOf(trace.fits[0])).toBe(13);
    expect(Array.from(mixtureAt(trace, 0, 0).means)).toEqual(articleMeans.flat());
    const [a, b, middle] = [1, 2, 1.5].map((s) => mixtureAt(trace, 0, s).means[0]);
    expect(middle).toBeCloseTo((a + b) / 2, 12);
    expect(mixtureAt(trace, 0, 99).means).toEqual(mixtureAt(trace, 0, 12).means);
  });
});
