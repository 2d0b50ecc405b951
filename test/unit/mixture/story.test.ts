import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { format, type Bundle } from "../../../src/core/contract/message.js";
import { numberWord } from "../../../src/core/mixture/numberWord.js";
import { standApart, story, wholePercents, type Story } from "../../../src/core/mixture/story.js";
import type { Fit, MixtureTrace } from "../../../src/core/mixture/trace.js";

/** Steps of weights, means and variances of K components in D = 1 … columns, spherical. */
type Step = { readonly w: readonly number[]; readonly m: readonly (readonly number[])[]; readonly v: readonly number[] };

function traceOf(points: readonly (readonly number[])[], steps: readonly Step[], more: Partial<MixtureTrace> = {}, fit: Partial<Fit> = {}): MixtureTrace {
  const D = points[0].length;
  const K = steps[0].w.length;
  const N = points.length;
  const S = steps.length;
  const column = (d: number): number[] => points.map((point) => point[d]);
  const std = (d: number): number => {
    const mean = column(d).reduce((a, b) => a + b) / N;
    return Math.sqrt(column(d).reduce((sum, v) => sum + (v - mean) ** 2, 0) / N);
  };
  const each = (f: (d: number) => number): Float64Array => Float64Array.from({ length: D }, (_, d) => f(d));
  return {
    N, D, K, covarianceType: "spherical", regCovar: 0, tol: 1e-6, maxIter: 100, stopRule: "parameters",
    columns: Array.from({ length: D }, (_, d) => `x${d}`), available: [], format: "csv", total: N, skipped: [],
    stats: {
      min: each((d) => Math.min(...column(d))), max: each((d) => Math.max(...column(d))), mean: each((d) => column(d).reduce((a, b) => a + b) / N),
      std: each(std), q25: each(() => 0), q75: each(() => 0),
    },
    points: Float64Array.from(points.flat()),
    lines: Int32Array.from(points, (_, i) => i + 2),
    spans: Int32Array.from(points.flatMap((_, i) => [10 * i, 10 * i + 5])),
    index: Int32Array.from(points, (_, i) => i),
    cells: null,
    fits: [{
      seed: 0, iterations: S - 1, converged: true, ended: "converged", kept: Int32Array.from(steps, (_, s) => s),
      weights: Float64Array.from(steps.flatMap((step) => [...step.w])), means: Float64Array.from(steps.flatMap((step) => step.m.flat())),
      covariances: Float64Array.from(steps.flatMap((step) => [...step.v])), counts: new Float64Array(S * K).fill(N / K),
      logLikelihood: Float64Array.from(steps, (_, s) => s), change: new Float64Array(S), fell: new Int32Array(0), collapsed: new Uint8Array(K), aic: 0, bic: 0,
      ...fit,
    }],
    best: 0, sweep: null, sweepSkipped: null, start: "fresh", pca: null, publishedStop: null,
    ...more,
  };
}

function say({ title, lede }: Story, bundle: Bundle = {}): string {
  return [format(title, bundle), " | ", ...lede.map((piece) => (piece.kind === "component" ? String.fromCharCode(65 + piece.index) : format(piece.text, bundle)))].join("");
}

// Two bells as the article's program leaves them after one iteration; 2.26975462 is the number its reader sees torn.
const published: Step = { w: [0.49414197, 0.50585803], m: [[0.1163709], [4.94665325]], v: [1.10985417 ** 2, 0.91259302 ** 2] };
const start: Step = { w: [0.5, 0.5], m: [[-0.8877857476301128], [5.729090562177537]], v: [1, 1] };
const numbers = [-1, -0.5, 0, 0.2, 0.4, 0.6, 1, -0.2, 0.1, 2.26975462, 4, 4.4, 4.6, 4.8, 5, 5.1, 5.3, 5.5, 5.8, 6].map((v) => [v]);

describe("the story of a mixture", () => {
  const trace = traceOf(numbers, [start, published, published]);

  it("names the torn number and its shares, as the article's numbers give them", () => {
    expect(say(story({ trace, fitIndex: 0, position: 3 }))).toBe(
      "Two bells share 20 numbers | Each number asks which bell made it. Nearly all are certain; line 11, caught between, goes 90% to A and 10% to B.",
    );
  });

  it("links the torn number to its row", () => {
    const link = story({ trace, fitIndex: 0, position: 3 }).lede.find((piece) => piece.kind === "link");
    expect(link).toMatchObject({ span: { start: 90, end: 95 } });
  });

  it("tells the start without shares", () => {
    expect(say(story({ trace, fitIndex: 0, position: 0 }))).toBe(
      "Two bells share 20 numbers | The start: no number belongs to a bell yet. A stands at −0.89 and B at 5.73.",
    );
  });

  it("tells of the farthest move in the M half-step: A went from −0.888 to 0.116", () => {
    expect(say(story({ trace, fitIndex: 0, position: 2 }))).toContain("Each bell moves to the mean of its share: A farthest, by 1.00. ");
  });

  it("tells the end in words to twelve, and in digits above", () => {
    expect(say(story({ trace, fitIndex: 0, position: 4 }))).toContain("After two iterations nothing moves any more. ");
    const long = traceOf(numbers, [start, published], {}, { iterations: 13 });
    expect(say(story({ trace: long, fitIndex: 0, position: 2 }))).toContain("After 13 iterations nothing moves any more. ");
    expect(format(numberWord(12, true))).toBe("Twelve");
    expect(format(numberWord(1200))).toBe("1,200");
  });

  it("follows the row that the reader holds", () => {
    expect(say(story({ trace, fitIndex: 0, position: 3, point: 0 }))).toMatch(/Nearly all are certain; line 2 goes wholly to A\.$/);
  });

  it("never moves past either end, and rounds a fraction down", () => {
    expect(story({ trace, fitIndex: 0, position: 99 })).toEqual(story({ trace, fitIndex: 0, position: 4 }));
    expect(story({ trace, fitIndex: 0, position: -1 })).toEqual(story({ trace, fitIndex: 0, position: 0 }));
    expect(story({ trace, fitIndex: 0, position: 3.7 })).toEqual(story({ trace, fitIndex: 0, position: 3 }));
  });

  it("uses the shares it is given", () => {
    const shares = new Float64Array(40).fill(0.5);
    expect(say(story({ trace, fitIndex: 0, position: 3, shares }))).toContain("Hardly any is certain; line 2, caught between, goes 50% to A and 50% to B.");
  });
});

describe("in Chinese", () => {
  const chinese = JSON.parse(readFileSync("l10n/bundle.l10n.zh-cn.json", "utf8")) as Bundle;

  it("blanks stand between the words and the percentage of the last number in doubt", () => {
    const trace = traceOf(numbers, [start, published, published]);
    const told = (b: number) => say(story({ trace, fitIndex: 0, position: 3, shares: Float64Array.from({ length: 40 }, (_, i) => (i % 2 ? b : 1 - b)) }), chinese);
    expect(told(0.0004)).toMatch(/也有 99\.96% 归于 A。$/);
    expect(told(0)).toMatch(/也完全归于 A。$/);
    expect(told(0.5)).toMatch(/夹在中间，有 50% 归于 A，50% 归于 B。$/);
  });
});

describe("special ends", () => {
  const steps = [start, published];

  it("says that the reader stopped it", () => {
    const trace = traceOf(numbers, steps, {}, { ended: "stopped", converged: false });
    expect(say(story({ trace, fitIndex: 0, position: 2 }))).toContain("You stopped it at iteration 1. ");
  });

  it("leaves what max_iter did to the run's remark, and does not claim that nothing moves", () => {
    const trace = traceOf(numbers, steps, {}, { ended: "max_iter", converged: false });
    expect(say(story({ trace, fitIndex: 0, position: 2 }))).not.toMatch(/nothing moves|converged/);
  });

  it("says that a warm start was short", () => {
    expect(say(story({ trace: traceOf(numbers, steps, { start: "warm" }), fitIndex: 0, position: 2 }))).toContain("From the last fit it took one iteration. ");
    expect(say(story({ trace: traceOf(numbers, steps, { start: "warm" }), fitIndex: 0, position: 0 }))).toContain("It starts where the last fit ended");
  });

  it("says that a component collapsed, at the end only", () => {
    const trace = traceOf(numbers, steps, {}, { collapsed: Uint8Array.of(0, 1), counts: Float64Array.of(NaN, NaN, 18, 2) });
    expect(say(story({ trace, fitIndex: 0, position: 2 }))).toMatch(/^One component has collapsed \| B sits on 2\.0 of 20 rows with no width of its own: .*reg_covar/);
    expect(say(story({ trace, fitIndex: 0, position: 1 }))).toMatch(/^Two bells share/);
  });

  it("names the row that a collapsed component sits on alone", () => {
    const far: Step = { w: [0.95, 0.05], m: [[2], [900]], v: [4, 1e-6] };
    const trace = traceOf([...numbers.slice(1), [900]], [far, far], {}, { collapsed: Uint8Array.of(0, 1), counts: Float64Array.of(NaN, NaN, 19, 1) });
    const told = story({ trace, fitIndex: 0, position: 2 });
    expect(say(told)).toBe("One component has collapsed | B sits on line 21 alone: one row has no width, so its likelihood says nothing. Unless that row is a mistake, try fewer components or another start.");
    expect(told.lede.find((piece) => piece.kind === "link")?.span).toEqual({ start: 190, end: 195 });
  });

  it("does not say that a component without rows enough has no width, where it has one", () => {
    const halves: Step = { w: [0.5, 0.5], m: [[1.4], [1.6]], v: [0.23, 0.23] };
    const two = traceOf([[1], [2]], [halves, halves], {}, { collapsed: Uint8Array.of(1, 1), counts: Float64Array.of(NaN, NaN, 1, 1) });
    expect(say(story({ trace: two, fitIndex: 0, position: 2 }))).toMatch(/\| A holds 1\.0 of 2 rows, and fewer than two have no width, so/);
    const plane: Step = { w: [0.5, 0.5], m: [[0, 0, 0], [9, 9, 9]], v: [1, 1] };
    const flat = traceOf([[0, 0, 0], [1, 0, 0], [0, 1, 0], [9, 9, 9], [8, 9, 9]], [plane, plane], { covarianceType: "full" }, {
      collapsed: Uint8Array.of(1, 0), counts: Float64Array.of(NaN, NaN, 3, 2), covariances: Float64Array.from([0, 0].flatMap(() => [1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0, 0, 1, 0, 0, 0, 1])),
    });
    expect(say(story({ trace: flat, fitIndex: 0, position: 2 }))).toContain("A holds 3.0 of 5 rows, fewer than the 4 that a full covariance of 3 columns needs, so");
  });

  it("says at which iteration the likelihood fell, and what did it", () => {
    const trace = traceOf(numbers, [start, published, published], { regCovar: 0.5 }, { fell: Int32Array.of(1) });
    expect(say(story({ trace, fitIndex: 0, position: 2 }))).toBe(
      "The log-likelihood fell at iteration 1 | EM never does this with exact arithmetic: reg_covar 0.5 is changing the model.",
    );
    expect(say(story({ trace, fitIndex: 0, position: 4 }))).toMatch(/^Two bells share/);
  });

  it("tells a failure with its reason", () => {
    const trace = traceOf(numbers, steps, {}, { ended: "failed", failure: { text: "Singular.", args: [] } });
    expect(say(story({ trace, fitIndex: 0, position: 2 }))).toBe("The fit broke off after iteration 1 | Singular.");
  });

  it("names no end while it runs", () => {
    const trace = traceOf(numbers, steps, {}, { ended: "stopped" });
    expect(say(story({ trace, fitIndex: 0, position: 2, running: true }))).toMatch(/^Two bells are finding their places \| (?!You)/);
  });

  it("says which K the BIC would choose, when it is another", () => {
    const sweep = {
      k: Int32Array.of(1, 2, 3), aic: new Float64Array(3), bic: Float64Array.of(3, 2, 1), logLikelihood: new Float64Array(3),
      collapsed: new Uint8Array(3), bestBic: 2, bestAic: 2,
    };
    expect(say(story({ trace: traceOf(numbers, steps, { sweep }), fitIndex: 0, position: 2 }))).toMatch(/ BIC would choose K = 3\.$/);
    const own = { ...sweep, bestBic: 1 };
    expect(say(story({ trace: traceOf(numbers, steps, { sweep: own }), fitIndex: 0, position: 2 }))).not.toContain("BIC");
  });
});

describe("several columns and other K", () => {
  const cloud = (x: number, y: number): number[][] => [[x, y], [x + 1, y], [x, y + 1], [x - 1, y], [x, y - 1]];
  const points = [...cloud(0, 0), ...cloud(2.5, 0), ...cloud(100, 100)];
  const step: Step = { w: [1 / 3, 1 / 3, 1 / 3], m: [[0, 0], [2.5, 0], [100, 100]], v: [1, 1, 1] };

  it("tells how many groups stand apart", () => {
    expect(say(story({ trace: traceOf(points, [step, step]), fitIndex: 0, position: 1 }))).toMatch(/^One group stands apart; two overlap \| Each point asks which group made it\. /);
  });

  it("has a sentence for one component, for many, and for one row of doubt", () => {
    const one: Step = { w: [1], m: [[2]], v: [4] };
    expect(say(story({ trace: traceOf(numbers, [one, one]), fitIndex: 0, position: 1 }))).toBe(
      "One bell holds 20 numbers | There is only one bell, so every number belongs to it.",
    );
    const K = 30;
    const many: Step = { w: Array(K).fill(1 / K), m: Array.from({ length: K }, (_, k) => [k]), v: Array(K).fill(1) };
    const told = say(story({ trace: traceOf(numbers, [many, many]), fitIndex: 0, position: 1 }));
    expect(told).toMatch(/^30 bells share 20 numbers \| /);
    expect(told).toMatch(/ and \d+% to others\.$/);
    const apart: Step = { w: [0.5, 0.5], m: [[0], [1000]], v: [1, 1] };
    expect(say(story({ trace: traceOf([[0], [1], [999], [1000]], [apart, apart]), fitIndex: 0, position: 1 }))).toMatch(/Every number is certain; even line \d, the least so, goes wholly to [AB]\.$/);
  });

  it("names rows, not lines, where the source is no text", () => {
    const told = story({ trace: traceOf(numbers, [start, published], { spans: null, format: "numpy" }), fitIndex: 0, position: 1 });
    expect(told.lede.some((piece) => piece.kind === "link")).toBe(false);
    expect(say(told)).toMatch(/row \d+/);
    // A large CSV is read without spans, but its rows have lines.
    expect(say(story({ trace: traceOf(numbers, [start, published], { spans: null }), fitIndex: 0, position: 1 }))).toMatch(/line \d+/);
  });
});

describe("parts of the story", () => {
  it("counts a component as apart while under 2% of its points are shared", () => {
    const K = 2;
    const rows = (r: number, n: number): number[] => Array.from({ length: n }, () => [r, 1 - r]).flat();
    expect(standApart(Float64Array.from([...rows(1, 100), ...rows(0, 100)]), K)).toEqual([0, 1]);
    expect(standApart(Float64Array.from([...rows(0.97, 100), ...rows(0, 400)]), K)).toEqual([1]);
    expect(standApart(Float64Array.from(rows(1, 50)), K)).toEqual([0]);
  });

  it("rounds percentages so that they sum to 100", () => {
    expect(wholePercents([1 / 3, 1 / 3, 1 / 3])).toEqual([34, 33, 33]);
    expect(wholePercents([0.9003, 0.0997])).toEqual([90, 10]);
    expect(wholePercents([0.5, 0.125, 0.375])).toEqual([50, 13, 37]);
    expect(wholePercents([1, 0])).toEqual([100, 0]);
  });
});
