import * as fc from "../../support/fastCheck.js";
import { describe, expect, test } from "vitest";
import { defaultsOf, format } from "../../../src/core/contract/index.js";
import { eigenSymmetric } from "../../../src/core/math/eigen.js";
import { seededRandom } from "../../../src/core/math/random.js";
import { covarianceOf, mixtureAt, responsibilitiesOf } from "../../../src/core/mixture/evaluate.js";
import { mixtureParams, type MixtureParams } from "../../../src/core/mixture/params.js";
import { Recorder } from "../../../src/core/mixture/recorder.js";
import { runMixture } from "../../../src/core/mixture/run.js";
import type { MixtureTrace } from "../../../src/core/mixture/trace.js";
import { articleMeans, articleRows, finish, iris, matrixOf, outcomeOf, quietly, tableOf, traceOf, twoGroups } from "./helpers.js";

const types = ["full", "tied", "diag", "spherical"] as const;

/** Rows around a few centres, and how to fit them. */
const problem = fc
  .record({
    N: fc.integer({ min: 20, max: 120 }),
    D: fc.integer({ min: 1, max: 4 }),
    K: fc.integer({ min: 1, max: 4 }),
    seed: fc.nat(),
    covariance_type: fc.constantFrom(...types),
    init_params: fc.constantFrom("k-means++", "kmeans", "random_from_data"),
  })
  .map(({ N, D, K, seed, covariance_type, init_params }) => {
    const random = seededRandom(seed);
    const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    const centres = Array.from({ length: 3 }, () => Array.from({ length: D }, () => 4 * normal()));
    const rows = Array.from({ length: N }, () => centres[Math.floor(random() * 3)].map((c) => c + normal()));
    const params = { n_components: K, covariance_type, init_params, random_state: seed % 1000, max_iter: 60, tol: 0 } as const;
    return { rows, params };
  });

function finalOf(trace: MixtureTrace) {
  return mixtureAt(trace, trace.best, trace.fits[trace.best].kept.length - 1);
}

describe("the log-likelihood", () => {
  test("never falls at reg_covar 0", () => {
    fc.assert(
      fc.property(problem, ({ rows, params }) => {
        const outcome = outcomeOf(rows, { ...params, reg_covar: 0 });
        if (!outcome.ok) return; // a singular start has no steps
        for (const { logLikelihood } of outcome.trace.fits) {
          for (let i = 1; i < logLikelihood.length; i++) {
            // Close to a collapse onto a plane, the rounding of the covariance decides.
            const mixture = mixtureAt(outcome.trace, 0, i);
            const flat = Array.from({ length: mixture.K }, (_, k) => eigenSymmetric(covarianceOf(mixture, k), mixture.D).values);
            if (flat.some((values) => values[values.length - 1] < 1e-9 * Math.max(1, values[0]))) break;
            expect(outcome.trace.fits[0].fell.includes(i)).toBe(false);
            expect(logLikelihood[i] - logLikelihood[i - 1]).toBeGreaterThanOrEqual(-1e-10 * Math.max(rows.length, Math.abs(logLikelihood[i])));
          }
        }
      }),
      { numRuns: 150 },
    );
  });

  test("falls by no more than reg_covar costs, where there is one", () => {
    // The M-step's S + ρI instead of its maximum S costs at most n/2 Σ_j [log(1 + ρ/λ_j) − ρ/(λ_j + ρ)], λ the eigenvalues of S.
    fc.assert(
      fc.property(problem, fc.constantFrom(1e-6, 1e-2, 1), ({ rows, params }, reg_covar) => {
        const trace = traceOf(rows, { ...params, reg_covar });
        const { K, D, fits } = trace;
        const [{ logLikelihood, counts }] = fits;
        for (let i = 1; i < logLikelihood.length; i++) {
          const mixture = mixtureAt(trace, 0, i);
          let cost = 1e-10 * Math.max(rows.length, Math.abs(logLikelihood[i]));
          for (let k = 0; k < K; k++) {
            for (const widened of eigenSymmetric(covarianceOf(mixture, k), D).values) {
              const share = Math.min(1, reg_covar / widened); // ρ / (λ + ρ)
              cost += (counts[i * K + k] / 2) * (-Math.log(Math.max(1 - share, 1e-300)) - share);
            }
          }
          expect(logLikelihood[i] - logLikelihood[i - 1]).toBeGreaterThanOrEqual(-cost);
        }
      }),
      { numRuns: 150 },
    );
  });

  test("its falls are recorded", () => {
    // A wide floor under narrow groups: the first M-step must widen what fits better narrow.
    const rows = twoGroups(60, 1).map(([v]) => [v / 10]);
    const narrow = traceOf(rows, { reg_covar: 0, tol: 0, max_iter: 30 });
    const env = { carried: { ...finalOf(narrow), columns: ["c0"], unfinished: false, collapsed: false } };
    const { fits } = traceOf(rows, { reg_covar: 1, tol: 0, max_iter: 5 }, env);
    expect(fits[0].fell[0]).toBe(1);
    expect(fits[0].logLikelihood[1]).toBeLessThan(fits[0].logLikelihood[0]);
  });
});

describe("a fit", () => {
  test("permuting the points permutes the responsibilities", () => {
    fc.assert(
      fc.property(problem, fc.nat(), ({ rows, params }, seed) => {
        const random = seededRandom(seed);
        const order = rows.map((_, i) => ({ i, key: random() })).sort((a, b) => a.key - b.key).map(({ i }) => i);
        const K = params.n_components;
        const means_init = rows.slice(0, K);
        const sharesOf = (data: readonly number[][]) => {
          const trace = traceOf(data, { ...params, init_params: "given", means_init, max_iter: 10 });
          return responsibilitiesOf(finalOf(trace), trace.points, data.length);
        };
        const shares = sharesOf(rows);
        const permuted = sharesOf(order.map((i) => rows[i]));
        order.forEach((from, to) => {
          for (let k = 0; k < K; k++) expect(permuted[to * K + k]).toBeCloseTo(shares[from * K + k], 5);
        });
      }),
      { numRuns: 60 },
    );
  });

  test("the same seed gives the same trace, and a restart can be had by its own seed", () => {
    const params = { n_components: 3, n_init: 4, random_state: 11, sweep_max: 4 };
    const trace = traceOf(iris, params);
    expect(traceOf(iris, params)).toEqual(trace);
    expect(traceOf(iris, { ...params, random_state: 12 }).fits[0].means).not.toEqual(trace.fits[0].means);
    const third = traceOf(iris, { n_components: 3, random_state: trace.fits[2].seed }).fits[0];
    expect(third.logLikelihood).toEqual(trace.fits[2].logLikelihood);
  });

  test("the article's program: its published numbers after one iteration, convergence after twelve", () => {
    const trace = traceOf(articleRows, {
      init_params: "given", means_init: articleMeans, stop_rule: "as-published", tol: 1e-6, reg_covar: 0,
    });
    expect(trace.publishedStop).toBe(1);
    const [fit] = trace.fits;
    const at = (s: number) => {
      const { means, covariances, weights } = mixtureAt(trace, 0, s);
      return [...means, ...covariances.map(Math.sqrt), ...weights];
    };
    expect(at(0)).toEqual([...articleMeans.flat(), 1, 1, 0.5, 0.5]);
    const published = [0.1163709, 4.94665325, 1.10985417, 0.91259302, 0.49414197, 0.50585803];
    at(1).forEach((v, i) => expect(Math.abs(v - published[i])).toBeLessThan(6e-9));
    expect(fit).toMatchObject({ iterations: 12, converged: true, ended: "converged" });
    const truth = [0.15634981, 4.98149737, 1.14955496, 0.87159803, 0.50188918, 0.49811082];
    at(12).forEach((v, i) => expect(Math.abs(v - truth[i])).toBeLessThan(6e-9));
    expect(traceOf(articleRows, { stop_rule: "parameters" }).publishedStop).toBeNull();
  });

  test("measures its stop rules where scikit-learn does", () => {
    const [{ logLikelihood, change, iterations, counts, kept }] = traceOf(articleRows, { tol: 1e-3 }).fits;
    expect(change[0]).toBeNaN();
    expect(change[1]).toBe(Infinity);
    for (let i = 2; i <= iterations; i++) expect(change[i]).toBeCloseTo((logLikelihood[i - 1] - logLikelihood[i - 2]) / 100, 12);
    expect(Math.abs(change[iterations])).toBeLessThan(1e-3);
    expect(kept.length).toBe(iterations + 1);
    expect(Array.from(counts.slice(0, 2))).toEqual([NaN, NaN]);
    expect(counts[2] + counts[3]).toBeCloseTo(100, 9);
  });

  test("ends at max_iter, and says that it had not converged", () => {
    const outcome = outcomeOf(iris, { n_components: 3, max_iter: 2 });
    expect(outcome.ok && outcome.trace.fits[0]).toMatchObject({ ended: "max_iter", converged: false, iterations: 2 });
    expect(outcome.problems.map((p) => [p.severity, p.fixes?.[0].params])).toEqual([["warning", { max_iter: 20 }]]);
  });

  test("does not lose digits where a mean moves very far", () => {
    // One point far away from 40 others; its component starts on the way.
    const rows = [...twoGroups(40, 2), [1e6, -1e6]];
    const carried = {
      K: 2, D: 2, covarianceType: "full", columns: ["c0", "c1"], unfinished: false, collapsed: false,
      weights: Float64Array.of(0.5, 0.5), means: Float64Array.of(0, 0, 5000, -5000), covariances: Float64Array.of(1, 0, 0, 1, 1, 0, 0, 1),
    };
    const trace = traceOf(rows, { max_iter: 1 }, { carried });
    const first = finalOf(trace);
    [1e6, -1e6].forEach((v, d) => expect(first.means[2 + d]).toBeCloseTo(v, 6));
    expect(covarianceOf(first, 1)[0]).toBeCloseTo(1e-6, 12);
    expect(covarianceOf(first, 1)[3]).toBeCloseTo(1e-6, 12);
    expect(Array.from(trace.fits[0].collapsed)).toEqual([0, 1]);
  });

  test("keeps an offset of a billion apart from a spread of one", () => {
    const rows = twoGroups(200, 2);
    const moved = rows.map((row) => row.map((v) => v + 1e9));
    const of = (data: readonly number[][]) => finalOf(traceOf(data, { random_state: 1 }));
    const [near, far] = [of(rows), of(moved)];
    near.covariances.forEach((v, i) => expect(far.covariances[i]).toBeCloseTo(v, 4));
  });
});

describe("the steps kept", () => {
  const mixture = (v: number) => ({ K: 1, D: 1, covarianceType: "full" as const, weights: Float64Array.of(1), means: Float64Array.of(v), covariances: Float64Array.of(1) });

  test("are all, within the budget; beyond it every m-th, the first and the last", () => {
    for (const [steps, bytes, every] of [[10, 1e6, 1], [100, 32 * 20, 8], [101, 32 * 20, 8], [3, 0, 4]] as const) {
      const recorder = new Recorder("full", 1, 1, bytes);
      for (let i = 0; i < steps; i++) recorder.add(i, mixture(i), Float64Array.of(i));
      const { kept, means } = recorder.snapshot();
      expect(recorder.every).toBe(every);
      expect(Array.from(kept)).toEqual([...new Set([...Array.from({ length: steps }, (_, i) => i).filter((i) => i % every === 0), steps - 1])]);
      expect(Array.from(means)).toEqual(Array.from(kept));
    }
  });

  test("are the same whatever pictures are asked for meanwhile", () => {
    const table = tableOf(twoGroups(70_000, 2)); // whose passes have several steps
    const params = { ...defaultsOf(mixtureParams), n_components: 8, max_iter: 2, sweep_max: 0 };
    const running = runMixture(table, matrixOf(table), params, quietly);
    let ofTheStart = 0;
    for (;;) {
      const step = running.next();
      if (step.done) {
        expect(step.value).toEqual(finish(runMixture(table, matrixOf(table), params, quietly)));
        break;
      }
      const fit = step.value.trace?.().fits[0];
      if (fit && Number.isNaN(fit.logLikelihood[0])) ofTheStart++;
    }
    expect(ofTheStart).toBeGreaterThan(0);
  });

  test("of a real fit stay within 16 MB, and it is said", () => {
    const params: Partial<MixtureParams> = { n_components: 10, covariance_type: "full", tol: 0, max_iter: 2000, n_init: 2 };
    const rows = twoGroups(60, 12);
    const outcome = outcomeOf(rows, { ...params, reg_covar: 0.5 });
    if (!outcome.ok) throw new Error("no trace");
    let bytes = 0;
    for (const fit of outcome.trace.fits) {
      bytes += fit.weights.byteLength + fit.means.byteLength + fit.covariances.byteLength + fit.counts.byteLength;
      expect(fit.logLikelihood.length).toBe(2001);
      expect(fit.kept[fit.kept.length - 1]).toBe(2000);
      expect(fit.kept[1]).toBeGreaterThan(1);
    }
    expect(bytes).toBeLessThan(16e6);
    expect(bytes).toBeGreaterThan(4e6);
    expect(outcome.problems.map(({ message }) => format(message)).filter((text) => /^Every \d+th iteration/.test(text))).toHaveLength(1);
  });
});
