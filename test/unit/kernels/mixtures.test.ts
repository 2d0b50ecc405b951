import { afterEach, describe, expect, test } from "vitest";
import { kernels, useKernels } from "../../../src/core/kernels/current.js";
import { typescript } from "../../../src/core/kernels/typescript.js";
import { seededRandom } from "../../../src/core/math/random.js";
import type { MixtureParams } from "../../../src/core/mixture/params.js";
import type { MixtureTrace } from "../../../src/core/mixture/trace.js";
import { outcomeOf } from "../mixture/helpers.js";
import { everyKernels } from "./implementations.js";

const inUse = kernels();
afterEach(() => useKernels(inUse));

/** What becomes of a number of groups, by its column; the first column may be constant, and the last row far away. */
const kinds: Readonly<Record<string, (v: number, d: number, last: boolean) => number>> = {
  groups: (v) => v,
  "whole numbers": (v) => Math.round(v),
  tenths: (v) => Math.round(v) / 10,
  "a constant column": (v, d) => (d === 0 ? 3.3 : v),
  "tiny numbers": (v) => v * 1e-130,
  "numbers below what is normal": (v) => v * 1e-310,
  "huge numbers": (v) => v * 1e148,
  "columns of very different sizes": (v, d) => v * 10 ** (((d * 7) % 5) - 2),
  "a row far away": (v, _, last) => (last ? 300 * v : v),
};

type Drawn = { readonly rows: number[][]; readonly params: Partial<MixtureParams>; readonly shape: string };

/** Any shape: few rows and many, up to some more than kernels take at a time, with more components than rows among them. */
function draw(random: () => number, kind: (v: number, d: number, last: boolean) => number): Drawn {
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)];
  const N = random() < 0.2 ? pick([255, 257, 511, 513, 4095, 4097, 4105]) : 1 + Math.floor(130 * random());
  const [D, K] = [1 + Math.floor(20 * random() ** 2), 1 + Math.floor(12 * random())];
  const centres = Array.from({ length: K * D }, () => 20 * random() - 10);
  const rows = Array.from({ length: N }, (_, i) => Array.from({ length: D }, (_, d) => kind(centres[(i % K) * D + d] + 2 * random() - 1, d, i === N - 1)));
  const params: Partial<MixtureParams> = {
    n_components: K,
    covariance_type: pick(["full", "tied", "diag", "spherical"]),
    init_params: pick(["k-means++", "kmeans", "random_from_data"]),
    reg_covar: pick([0, 1e-6, 1e-3]),
    max_iter: 3,
    tol: 0,
    random_state: Math.floor(1e6 * random()),
  };
  return { rows, params, shape: `N ${N}, D ${D}, ${JSON.stringify(params)}` };
}

/** The largest differences of two traces, beside the number of rows, the columns' sizes and their variances. */
function differences(got: MixtureTrace, want: MixtureTrace): Record<string, number> {
  const { N, D, stats } = want;
  const [a, b] = [got.fits[0], want.fits[0]];
  const size = stats.max.map((v, d) => Math.max(Math.abs(v), Math.abs(stats.min[d])));
  const variance = Math.max(...stats.std) ** 2 + want.regCovar;
  const worst = (x: Float64Array, y: Float64Array, scale: (i: number) => number) =>
    x.reduce((most, v, i) => Math.max(most, Object.is(v, y[i]) ? 0 : Math.abs(v - y[i]) / scale(i)), 0);
  return {
    weights: worst(a.weights, b.weights, () => 1),
    counts: worst(a.counts, b.counts, () => N),
    means: worst(a.means, b.means, (i) => size[i % D]),
    covariances: worst(a.covariances, b.covariances, () => variance),
    logLikelihood: worst(a.logLikelihood, b.logLikelihood, (i) => Math.max(N, Math.abs(b.logLikelihood[i]))),
  };
}

describe.each(everyKernels.filter(({ implementation }) => implementation !== "typescript"))("a mixture by $implementation", (own) => {
  test.each(Object.entries(kinds))("is TypeScript's, of %s", (_, kind) => {
    const random = seededRandom(11);
    for (let round = 0; round < 40; round++) {
      const { rows, params, shape } = draw(random, kind);
      const [got, want] = [own, typescript].map((each) => {
        useKernels(each);
        return outcomeOf(rows, params);
      });
      expect(got.ok, shape).toBe(want.ok);
      if (!got.ok || !want.ok) continue;
      expect(got.trace.fits[0], shape).toMatchObject({ ended: want.trace.fits[0].ended, iterations: want.trace.fits[0].iterations });
      // Three iterations make more of the rounding of sums where a component has few rows.
      for (const [part, difference] of Object.entries(differences(got.trace, want.trace))) expect(difference, `${part}, ${shape}`).toBeLessThan(1e-8);
    }
  });
});
