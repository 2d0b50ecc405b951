import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { format, type Env, type Outcome, type Progress } from "../../../src/core/contract/index.js";
import { readFormulas } from "../../../src/core/expressions/formulas.js";
import { seededRandom } from "../../../src/core/math/random.js";
import { mixtureAt } from "../../../src/core/mixture/evaluate.js";
import { mixture } from "../../../src/core/mixture/explainer.js";
import type { MixtureParams } from "../../../src/core/mixture/params.js";
import type { Mixture, MixtureTrace } from "../../../src/core/mixture/trace.js";
import { explainers, type ExplainerId, type TraceOf } from "../../../src/core/registry.js";
import { csv, defaults, explain, must, textOf } from "./explainerSupport.js";
import { articleRows, finish, iris, quietly, tableOf, twoGroups } from "./helpers.js";

beforeAll(readFormulas);

describe("the mixture as an explainer", () => {
  test("is registered, and names a sample that it can read", async () => {
    const id: ExplainerId = "mixture";
    expect(await explainers[id]()).toBe(mixture);
    const trace: TraceOf<"mixture"> = must(explain(readFileSync(new URL("../../../samples/em1d.csv", import.meta.url), "utf8")));
    expect(trace).toMatchObject({ N: 100, D: 1, K: 2, columns: ["x"], total: 100, skipped: [] });
  });

  test("points from every drawn row to its line and its place in the text", () => {
    const text = "a,b\n1,2\n3,\n5,6\n7,9\n0,1\n2,8\n";
    const outcome = explain(text);
    const trace = must(outcome);
    expect(trace).toMatchObject({ N: 5, D: 2, total: 6, columns: ["a", "b"] });
    expect(Array.from(trace.lines)).toEqual([2, 4, 5, 6, 7]);
    expect(Array.from(trace.index)).toEqual([0, 1, 2, 3, 4]);
    expect(trace.skipped.map(({ count, lines }) => [count, Array.from(lines)])).toEqual([[1, [3]]]);
    const slices = Array.from(trace.lines, (_, i) => text.slice(trace.spans![2 * i], trace.spans![2 * i + 1]));
    slices.forEach((slice, i) => expect(slice).toBe(`${trace.points[2 * i]},${trace.points[2 * i + 1]}`));
    expect(trace.available.map(({ name, numbers }) => [name, numbers])).toEqual([["a", 6], ["b", 5]]);
    expect(outcome.problems.length).toBeGreaterThan(0);
  });

  test("fits chosen and computed columns", () => {
    const trace = must(explain(csv(iris, "sl,sw,pl,pw"), { columns: ["pl", "ratio"], computed: [{ name: "ratio", expression: "pl / pw" }] }));
    expect(trace.columns).toEqual(["pl", "ratio"]);
    expect(trace.points[1]).toBeCloseTo(iris[0][2] / iris[0][3], 12);
    expect(trace.available.map(({ name }) => name)).toEqual(["sl", "sw", "pl", "pw"]);
  });

  test("describes the columns: quartiles as numpy's, principal axes of iris", () => {
    const trace = must(explain(csv(articleRows, "x")));
    // numpy.percentile(x, [25, 75]), x.std(), x.mean() with numpy 1.24.2
    expect(trace.stats.q25[0]).toBeCloseTo(0.1522214620629067, 12);
    expect(trace.stats.q75[0]).toBeCloseTo(5.053000382404541, 12);
    expect(trace.stats.std[0]).toBeCloseTo(2.6195553697759215, 12);
    expect(trace.stats.mean[0]).toBeCloseTo(2.559808015534485, 12);
    expect(trace.pca).toBeNull();
    const { pca } = must(explain(csv(iris, "a,b,c,d"), { n_components: 3 }));
    // numpy.linalg.eigh(numpy.cov(X.T, bias=True)), up to sign
    [0.92461872, 0.05306648].forEach((v, i) => expect(pca!.explained[i]).toBeCloseTo(v, 8));
    const axes = [0.3613865917853685, -0.08452251406456868, 0.856670605949835, 0.3582891971515505, 0.6565887712868423, 0.7301614347850265, -0.17337266279585783, -0.07548101991746214];
    axes.forEach((v, i) => expect(pca!.axes[i]).toBeCloseTo(v, 8));
  });

  test("draws an even sample of many rows, and fits all", () => {
    const rows = twoGroups(1000, 2);
    const trace = must(explain(csv(rows, "a,b"), { draw_limit: 100 }));
    expect(trace).toMatchObject({ N: 1000, total: 1000 });
    expect(trace.points.length).toBe(200);
    expect(Array.from(trace.index, (row) => Math.floor(row / 10))).toEqual(Array.from({ length: 100 }, (_, i) => i)); // one of each ten
    expect(Array.from(trace.index, (row) => rows[row]).flat()).toEqual(Array.from(trace.points));
    const all = must(explain(csv(rows, "a,b")));
    expect(trace.fits[0].logLikelihood).toEqual(all.fits[0].logLikelihood);
  });

  test("draws every group where rows of the groups take turns", () => {
    const rows = Array.from({ length: 3000 }, (_, i) => [10 * (i % 3) + (i % 7) / 7]);
    const { points } = must(explain(csv(rows, "a"), { draw_limit: 500 }));
    for (const group of [0, 10, 20]) expect(points.filter((x) => Math.abs(x - group) < 2).length).toBeGreaterThan(100);
  });
});

describe("a run is watched, stopped and continued", () => {
  const text = csv(twoGroups(3000, 3), "a,b,c");
  const params = { tol: 0, max_iter: 40, n_components: 3 };

  function* stepsOf(patch: Partial<MixtureParams>, env: Partial<Env>): Generator<Progress<MixtureTrace>, Outcome<MixtureTrace>, void> {
    const parsed = finish(mixture.parse(textOf(text)));
    if (!parsed.ok) return parsed;
    return yield* mixture.run(parsed.input, { ...defaults, ...params, ...patch }, { ...quietly, ...env });
  }

  test("every iteration is reported with a trace that can be drawn, in buffers of its own", () => {
    const whole = must(finish(stepsOf({}, {})));
    const running = stepsOf({}, {});
    const seen = new Map<number, MixtureTrace>();
    for (let step = running.next(); !step.done; step = running.next()) {
      const found = /^iteration (\d+), log-likelihood −?[\d.,]+$/.exec(format(step.value.message));
      if (!found) continue;
      const trace = step.value.trace!();
      expect(trace.points).toEqual(whole.points);
      // The worker hands buffers over: later traces must not need them.
      structuredClone(trace, { transfer: [trace.points.buffer, trace.fits[0].means.buffer] as ArrayBuffer[] });
      seen.set(Number(found[1]), step.value.trace!());
    }
    expect([...seen.keys()]).toEqual(Array.from({ length: 41 }, (_, i) => i));
    const early = seen.get(7)!;
    expect(early.fits[0]).toMatchObject({ iterations: 7, ended: "stopped", converged: false });
    expect(early.fits[0].means).toEqual(whole.fits[0].means.slice(0, 8 * 9));
    expect(early.sweep).toBeNull();
  });

  test("stopping keeps what is known; continuing goes on from there to the same end", () => {
    let stop = false;
    const running = stepsOf({}, { stopping: () => stop });
    let step = running.next();
    for (; !step.done; step = running.next()) if (format(step.value.message).startsWith("iteration 12,")) stop = true;
    const part = must(step.value);
    expect(part.fits[0]).toMatchObject({ ended: "stopped", converged: false });
    expect(part.fits[0].iterations).toBeGreaterThanOrEqual(12);
    expect(part.fits[0].iterations).toBeLessThan(14);
    const whole = must(finish(stepsOf({}, {})));
    const rest = must(finish(stepsOf({ max_iter: 40 - part.fits[0].iterations }, { carried: mixture.carry!(part) })));
    expect(rest.start).toBe("continued");
    expect(rest.fits[0].logLikelihood.at(-1)).toBe(whole.fits[0].logLikelihood.at(-1));
  });

  test("stopping among restarts or in the comparison of K keeps the fits made", () => {
    for (const [at, done] of [["start 3 of 9,", 0], ["comparing K", 0.4]] as const) {
      let stop = false;
      const running = stepsOf({ max_iter: 5, n_init: 9, sweep_max: 6 }, { stopping: () => stop });
      let step = running.next();
      for (; !step.done; step = running.next()) if (format(step.value.message).startsWith(at) && step.value.fraction >= done) stop = true;
      expect(stop).toBe(true);
      const trace = must(step.value);
      expect(trace.fits.length).toBe(at.startsWith("start") ? 3 : 9);
      expect(trace.sweep).toBeNull();
      expect(format(trace.sweepSkipped!)).toContain("stopped");
    }
  });

  test("a warm start begins where the last run ended, with its letters", () => {
    const first = must(finish(stepsOf({ tol: 1e-6, max_iter: 200 }, {})));
    const carried = mixture.carry!(first);
    const again = must(finish(stepsOf({ tol: 1e-6, max_iter: 200 }, { carried })));
    expect(again.start).toBe("warm");
    expect(again.fits.length).toBe(1);
    expect(mixtureAt(again, 0, 0).means).toEqual(mixtureAt(first, 0, first.fits[0].kept.length - 1).means);
    expect(again.fits[0].iterations).toBeLessThan(first.fits[0].iterations);
  });

  test("letters follow the means through a fresh fit with another seed, shape or K", () => {
    const first = must(finish(stepsOf({ n_components: 2, tol: 1e-3 }, {})));
    const means = first.fits[0].means.slice(-6);
    const carry = mixture.carry!(first) as Mixture;
    // The same mixture with its components exchanged.
    const exchanged = { ...carry, means: Float64Array.of(...carry.means.slice(3), ...carry.means.slice(0, 3)), weights: carry.weights.toReversed() };
    for (const patch of [{ covariance_type: "diag" as const }, { covariance_type: "spherical" as const, random_state: 5 }]) {
      const next = must(finish(stepsOf({ n_components: 2, tol: 1e-3, ...patch }, { carried: exchanged })));
      expect(next.start).toBe("fresh");
      const expected = [...means.slice(3), ...means.slice(0, 3)];
      next.fits[0].means.slice(-6).forEach((v, i) => expect(Math.abs(v - expected[i])).toBeLessThan(0.5));
    }
    const three = must(finish(stepsOf({ n_components: 3, tol: 1e-3 }, { carried: exchanged })));
    const distance = (from: number, to: number) => Math.hypot(...[0, 1, 2].map((d) => three.fits[0].means.slice(-9)[3 * from + d] - exchanged.means[3 * to + d]));
    expect(distance(0, 0) + distance(1, 1)).toBeLessThan(distance(1, 0) + distance(0, 1));
  });

  test("a carry of other columns, another shape or plain nonsense is left alone", () => {
    const good = mixture.carry!(must(finish(stepsOf({}, {})))) as Record<string, unknown>;
    const odd = [null, 7, "x", {}, { ...good, columns: ["a", "b", "z"] }, { ...good, K: 4 }, { ...good, means: Float64Array.of(NaN) }];
    const fresh = must(finish(stepsOf({ max_iter: 3 }, {})));
    for (const carried of odd) expect(must(finish(stepsOf({ max_iter: 3 }, { carried })))).toEqual(fresh);
  });
});

describe("the comparison of K", () => {
  test("finds two groups by the least BIC, and reuses the fits it has", () => {
    const trace = must(explain(csv(articleRows, "x"), { sweep_max: 6, n_init: 5 }));
    const sweep = trace.sweep!;
    expect(Array.from(sweep.k)).toEqual([1, ...[2, 3, 4, 5, 6].flatMap((k) => Array<number>(5).fill(k))]);
    expect(sweep.k[sweep.bestBic]).toBe(2);
    const alone = must(explain(csv(articleRows, "x"), { sweep_max: 6, n_init: 1 })).sweep!;
    expect(alone).toEqual(sweep);
    trace.fits.forEach((fit, r) => expect(sweep.bic[1 + r]).toBe(fit.bic));
    const counted = Array.from(sweep.k.keys()).filter((i) => !sweep.collapsed[i]);
    expect(sweep.bic[sweep.bestBic]).toBe(Math.min(...counted.map((i) => sweep.bic[i])));
    expect(sweep.aic[sweep.bestAic]).toBe(Math.min(...counted.map((i) => sweep.aic[i])));
    // K = 1 in closed form: the normal distribution's own likelihood.
    const variance = trace.stats.std[0] ** 2 + 1e-6;
    expect(sweep.logLikelihood[0]).toBeCloseTo(-50 * (Math.log(2 * Math.PI * variance) + trace.stats.std[0] ** 2 / variance), 8);
  });

  test("does not count collapsed fits, and stops at the rows that differ", () => {
    const rows = [...Array.from({ length: 30 }, (_, i) => [i % 3]), [10]];
    const sweep = must(explain(csv(rows, "x"), { sweep_max: 6, n_components: 1 })).sweep!;
    expect(Math.max(...sweep.k)).toBe(4);
    expect(Array.from(sweep.k.keys()).filter((i) => sweep.k[i] === 4).every((i) => sweep.collapsed[i])).toBe(true);
    expect(sweep.bic[sweep.k.indexOf(4)]).toBeLessThan(sweep.bic[sweep.bestBic]);
  });

  test("is left out where it would take long, unless it is asked for", () => {
    const random = seededRandom(1);
    const rows = Array.from({ length: 6000 }, () => Array.from({ length: 20 }, () => random()));
    const text = csv(rows, rows[0].map((_, d) => `c${d}`).join(","));
    const skipped = must(explain(text, { sweep_max: 6, max_iter: 2 }));
    expect(skipped.sweep).toBeNull();
    expect(format(skipped.sweepSkipped!)).toBe("K = 1 … 6 was not compared by itself, since it would take a while with 6,000 rows.");
    expect(must(explain(text, { sweep_max: 2, sweep_n_init: 1, max_iter: 2, sweep_always: true })).sweep!.k.length).toBe(2);
    expect(must(explain(text, { sweep_max: 0, max_iter: 2 }))).toMatchObject({ sweep: null, sweepSkipped: null });
  });
});

describe("write", () => {
  test("streams the responsibilities of all rows under the mixture that is seen", () => {
    const table = tableOf(twoGroups(9000, 2));
    const params = { ...defaults, draw_limit: 100 };
    const trace = must(finish(mixture.run(table, params, quietly)));
    const at = structuredClone(mixtureAt(trace, 0, trace.fits[0].kept.length - 1));
    const pieces = [...mixture.write!("responsibilities", table, params, at, quietly)];
    expect(pieces.filter((piece) => piece.length > 0).length).toBeGreaterThan(0);
    const lines = pieces.join("").split("\n");
    expect(lines[0]).toBe("line,c0,c1,r_A,r_B,component");
    expect(lines.length).toBe(9002);
    const cells = lines[1 + 3999].split(",");
    expect(cells.slice(0, 3).map(Number)).toEqual([table.lines![3999], table.columns[0].values[3999], table.columns[1].values[3999]]);
    expect(Number(cells[3]) + Number(cells[4])).toBeCloseTo(1, 12);
    expect(cells[5]).toBe(Number(cells[3]) > 0.5 ? "A" : "B");
  });

  test("writes nothing for what is not a mixture of these columns", () => {
    const table = tableOf(twoGroups(20, 2));
    for (const at of [undefined, {}, { K: 2, D: 3 }]) expect([...mixture.write!("responsibilities", table, defaults, at, quietly)].join("")).toBe("");
  });
});
