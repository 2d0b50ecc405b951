import { describe, expect, test } from "vitest";
import { format } from "../../../src/core/contract/index.js";
import { covarianceOf, mixtureAt } from "../../../src/core/mixture/evaluate.js";
import type { MixtureParams } from "../../../src/core/mixture/params.js";
import { outcomeOf, traceOf, twoGroups } from "./helpers.js";

const types = ["full", "tied", "diag", "spherical"] as const;

describe("collapse", () => {
  const bell = twoGroups(80, 1).map(([v]) => [v]);

  test("onto repeated values is seen, and does not win", () => {
    const rows = [...bell, ...Array.from({ length: 12 }, () => [2.5])];
    const trace = traceOf(rows, { n_components: 3, n_init: 12 });
    const ranked = trace.fits.map((fit, i) => ({ i, collapsed: fit.collapsed.includes(1), value: fit.logLikelihood[fit.iterations] }));
    const collapsed = ranked.filter((each) => each.collapsed);
    expect(collapsed.length).toBeGreaterThan(0);
    for (const { i } of collapsed) {
      const mixture = mixtureAt(trace, i, trace.fits[i].kept.length - 1);
      const k = trace.fits[i].collapsed.indexOf(1);
      expect(covarianceOf(mixture, k)[0]).toBeLessThan(2.1e-6);
    }
    const sound = ranked.filter((each) => !each.collapsed);
    if (sound.length > 0) expect(trace.best).toBe(sound.reduce((a, b) => (b.value > a.value ? b : a)).i);
  });

  test("onto a lone outlier is seen; well spread components are not accused", () => {
    const trace = traceOf([...twoGroups(80, 2), [500, 500]], { n_components: 3, n_init: 5 });
    const fit = trace.fits.find((each) => each.collapsed.includes(1))!;
    expect(fit.counts.slice(-3)[fit.collapsed.indexOf(1)]).toBeLessThan(3);
    for (const covariance_type of types) expect(Array.from(traceOf(twoGroups(80, 2), { covariance_type }).fits[0].collapsed)).toEqual([0, 0]);
  });

  describe.each(types)("beside an outlier 1e12 away (%s)", (covariance_type) => {
    /** [K] marks of the best fit, by whether the component is the outlier's. */
    const marks = (rows: readonly number[][], K: number, params: Partial<MixtureParams> = {}) => {
      const trace = traceOf(rows, { n_components: K, n_init: 5, covariance_type, reg_covar: 1e-2, ...params });
      const fit = trace.fits[trace.best];
      expect(fit.ended).toBe("converged");
      const last = mixtureAt(trace, trace.best, fit.kept.length - 1);
      return Array.from(fit.collapsed, (mark, k) => ({ mark, mean: Math.round(last.means[k * last.D]), far: last.means[k * last.D] > 1e11 }));
    };

    test.each([[1e12, 1e12], [1e12, 3], [1e12, -1e12]])("at %d, %d the components near by keep their width; its own has none", (...far) => {
      for (const D of [1, 2]) {
        const found = marks([...twoGroups(80, D), far.slice(0, D)], 3);
        expect(found.filter((each) => each.far).map(({ mark }) => mark)).toEqual([1]);
        expect(found.filter((each) => !each.far).map(({ mark }) => mark)).toEqual([0, 0]);
      }
    });

    test("a component on equal rows is still found", () => {
      if (covariance_type === "tied") return; // the groups share one width
      const rows = [...twoGroups(80, 2), ...Array.from({ length: 20 }, () => [40, -40]), [1e12, 1e12]];
      const found = marks(rows, 3, { reg_covar: 1e-2, n_init: 20 });
      expect(found.find(({ mean }) => mean === 40)).toMatchObject({ mark: 1 });
      expect(found.filter(({ far, mean }) => !far && mean !== 40).map(({ mark }) => mark)).toEqual([0]);
    });
  });

  test("within a plane, far from the origin, is seen in any units", () => {
    // Component B's rows are on a line; those of A are not.
    const rows = twoGroups(80, 2).map(([a, b], i) => (i % 2 ? [a + 100, 2 * a + 100] : [a, b]));
    for (const unit of [1e-2, 1, 1e3]) {
      const trace = traceOf(rows.map((row) => row.map((v) => v * unit)), { reg_covar: 1e-6 * unit * unit });
      expect(Array.from(trace.fits[0].collapsed)).toEqual([0, 1]);
    }
  });

  test("constant and repeated columns are no collapse: the data themselves have no spread there", () => {
    const rows = twoGroups(100, 2).map(([a, b]) => [a, b, 7, 2 * a]);
    expect(Array.from(traceOf(rows, {}).fits[0].collapsed)).toEqual([0, 0]);
  });

  test("at reg_covar 0 ends the fit with the steps before it, and a sentence with a remedy", () => {
    const rows = [...Array.from({ length: 10 }, () => [1.5, 1.5]), ...twoGroups(20, 2).map((row) => row.map((v) => v + 50))];
    const outcome = outcomeOf(rows, { init_params: "given", means_init: [[1.4, 1.5], [50, 50]], reg_covar: 0 });
    if (!outcome.ok) throw new Error("no trace");
    const [fit] = outcome.trace.fits;
    expect(fit).toMatchObject({ ended: "failed", converged: false });
    expect(fit.logLikelihood.every(Number.isFinite)).toBe(true);
    expect(format(fit.failure!)).toMatch(/^Component A has lost its spread in iteration 1: .*raise reg_covar/);
    const [first] = outcome.problems;
    expect(first.severity).toBe("error");
    expect(first.fixes!.map(({ params }) => Object.keys(params)[0])).toEqual(["reg_covar", "n_components"]);
    const mended = outcomeOf(rows, { ...first.fixes![0].params, init_params: "given", means_init: [[1.4, 1.5], [50, 50]] });
    expect(mended.ok && mended.trace.fits[0].ended).toBe("converged");
  });
});
