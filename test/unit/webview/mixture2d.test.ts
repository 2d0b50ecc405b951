import { readFileSync } from "node:fs";
import * as fc from "../../support/fastCheck.js";
import { describe, expect, it } from "vitest";
import { format, msg, type Bundle } from "../../../src/core/contract/message.js";
import type { Fit, Mixture, MixtureTrace, Sweep } from "../../../src/core/mixture/trace.js";
import { following } from "../../../src/webview/controls/playerText.js";
import { spansOf } from "../../../src/webview/mixture/lasso.js";
import { inPixels, moveInPlane, pairPlane, pairsOf, separations, type Plane } from "../../../src/webview/mixture/projection.js";
import { curveOf, decimalsOfRange, figureSentence, groupsOf, rangeOf, spread } from "../../../src/webview/mixture/restartsModel.js";
import { pointIndex } from "../../../src/webview/mixture/scatterIndex.js";
import { placeAll } from "../../../src/webview/mixture/scatterLabels.js";
import { bestByK, crossesSentence } from "../../../src/webview/mixture/sweep.js";
import { overlap } from "../../../src/webview/marks/labels.js";

const coordinate = fc.double({ min: -20, max: 220, noNaN: true });
const cloud = fc.array(fc.tuple(coordinate, coordinate), { minLength: 1, maxLength: 200 });
const indexOf = (points: readonly (readonly [number, number])[]) =>
  pointIndex({ x: Float64Array.from(points, (p) => p[0]), y: Float64Array.from(points, (p) => p[1]) }, 200, 200);

describe("the points' index", () => {
  it("finds the nearest point within reach, as a look at all of them does", () => {
    fc.assert(fc.property(cloud, coordinate, coordinate, fc.double({ min: 1, max: 60, noNaN: true }), (points, x, y, reach) => {
      const distances = points.map((p) => (p[0] - x) ** 2 + (p[1] - y) ** 2);
      const least = Math.min(...distances);
      const found = indexOf(points).nearest(x, y, reach);
      if (least >= reach * reach) expect(found).toBeNull();
      else expect(distances[found ?? -1]).toBe(least);
    }));
  });

  it("catches exactly the points inside a polygon", () => {
    const square = [[30, 40], [120, 40], [120, 160], [30, 160]] as const;
    fc.assert(fc.property(cloud, (points) => {
      const inside = points.flatMap(([x, y], i) => (x > 30 && x < 120 && y > 40 && y < 160 ? [i] : []));
      const edge = points.some(([x, y]) => [30, 120].includes(x) || [40, 160].includes(y));
      fc.pre(!edge);
      expect(Array.from(indexOf(points).inside(square))).toEqual(inside);
    }));
  });

  it("catches the points of a horseshoe but not those in its opening", () => {
    const horseshoe = [[0, 0], [100, 0], [100, 100], [60, 100], [60, 40], [40, 40], [40, 100], [0, 100]] as const;
    expect(Array.from(indexOf([[20, 80], [50, 80], [80, 80], [50, 20]]).inside(horseshoe))).toEqual([0, 2, 3]);
  });

  it("walks to the neighbour in a direction, and nowhere past the last", () => {
    const index = indexOf([[10, 100], [60, 104], [65, 190], [150, 96]]);
    expect(index.toward(0, 1, 0)).toBe(1);
    expect(index.toward(1, 1, 0)).toBe(3);
    expect(index.toward(1, 0, 1)).toBe(2);
    expect(index.toward(3, 1, 0)).toBeNull();
  });

  it("counts points that lie on each other", () => {
    const index = indexOf([[10, 10], [10, 10], [10.5, 10], [10, 10]]);
    expect([0, 1, 2, 3].map((i) => index.stack(i))).toEqual([3, 3, 1, 3]);
  });
});

describe("planes", () => {
  const mixture: Mixture = {
    K: 1, D: 3, covarianceType: "full", weights: Float64Array.of(1), means: Float64Array.of(2, 5, -1),
    covariances: Float64Array.of(4, 1, 0, 1, 9, 2, 0, 2, 1),
  };

  it("lists every pair once", () => {
    expect(pairsOf(3)).toEqual([[0, 1], [0, 2], [1, 2]]);
    expect(pairsOf(50)).toHaveLength(1225);
  });

  it("rates columns by how far they part the components", () => {
    const two = {
      K: 2, D: 3, covarianceType: "diag", weights: Float64Array.of(0.5, 0.5), means: Float64Array.of(0, 0, 1, 4, 2, 1),
      covariances: Float64Array.of(1, 4, 1, 3, 4, 1),
    } as const;
    expect(Array.from(separations(two))).toEqual([2, 0.25, 0]);
  });

  it("lays a mixture out in pixels, with y upwards", () => {
    const plane = pairPlane({ D: 3, columns: ["a", "b", "c"] } as unknown as MixtureTrace, [0, 2]);
    const { means, covariances } = inPixels(mixture, plane, { x: [100, 10], y: [300, -20] });
    expect(Array.from(means)).toEqual([120, 320]);
    expect(Array.from(covariances, (v) => v + 0)).toEqual([400, 0, 0, 400]);
  });

  it("lays a mixture out along principal axes as it lays out its points", () => {
    const [c, s] = [Math.cos(0.7), Math.sin(0.7)];
    const plane: Plane = {
      id: "pca", pair: null, labels: ["1", "2"], origin: Float64Array.of(1, 2, 3), axes: Float64Array.of(c, s, 0, -s, c, 0),
    };
    const { means } = inPixels(mixture, plane, { x: [50, 3], y: [90, -4] });
    expect(means[0]).toBeCloseTo(50 + 3 * (c * 1 + s * 3), 10);
    expect(means[1]).toBeCloseTo(90 - 4 * (-s * 1 + c * 3), 10);
    const moved = moveInPlane(mixture.means, plane, 2, 0);
    expect(moved[0]).toBeCloseTo(2 + 2 * c, 12);
    expect(moved[1]).toBeCloseTo(5 + 2 * s, 12);
    expect(moved[2]).toBe(-1);
  });
});

describe("labels", () => {
  it("stand inside, apart from each other and from what is taken", () => {
    const bounds = { x: 0, y: 0, width: 400, height: 400 };
    const taken = [{ x: 190, y: 190, width: 20, height: 20 }];
    const outline = (x: number, y: number) => ({ x, y, rx: 30, ry: 20, angle: 0.5 });
    const labels = [[200, 200], [210, 205], [195, 190], [60, 60]].map(([x, y]) => ({ outline: outline(x, y), width: 90, height: 30 }));
    const boxes = placeAll(labels, { bounds, crowd: () => 0, taken });
    for (const [i, box] of boxes.entries()) {
      if (!box) throw new Error(`label ${i} has no place`);
      expect(box.x >= 0 && box.y >= 0 && box.x + box.width <= 400 && box.y + box.height <= 400).toBe(true);
      for (const other of [...taken, ...boxes.slice(0, i)]) expect(other && overlap(box, other)).toBe(0);
    }
  });

  it("are left out where nothing fits", () => {
    const room = { bounds: { x: 0, y: 0, width: 50, height: 50 }, crowd: () => 0, taken: [] };
    expect(placeAll([{ outline: { x: 25, y: 25, rx: 4, ry: 4, angle: 0 }, width: 90, height: 20 }], room)).toEqual([null]);
  });
});

describe("the lasso's spans", () => {
  const trace = (M: number): MixtureTrace => ({
    lines: Int32Array.from({ length: M }, (_, i) => i + 2),
    spans: Int32Array.from({ length: 2 * M }, (_, j) => (j >> 1) * 10 + (j % 2) * 8),
  }) as unknown as MixtureTrace;

  it("are one a row", () => {
    expect(spansOf(trace(9), Int32Array.of(1, 2, 5))).toEqual([{ start: 10, end: 18 }, { start: 20, end: 28 }, { start: 50, end: 58 }]);
  });

  it("join rows on successive lines when there are thousands", () => {
    const rows = Int32Array.from({ length: 3000 }, (_, i) => (i < 1000 ? i : i + 10));
    expect(spansOf(trace(4000), rows)).toEqual([{ start: 0, end: 9998 }, { start: 10100, end: 30098 }]);
  });

  it("are none without text", () => {
    expect(spansOf({ lines: Int32Array.of(1, 2), spans: null } as unknown as MixtureTrace, Int32Array.of(0, 1))).toEqual([]);
  });
});

describe("BIC over K", () => {
  const sweep: Sweep = {
    k: Int32Array.of(1, 2, 2, 3, 3), aic: Float64Array.of(9, 8, 7, 6, 1), bic: Float64Array.of(10, 6, 7, 8, 2),
    logLikelihood: new Float64Array(5), collapsed: Uint8Array.of(0, 0, 0, 0, 1), bestBic: 1, bestAic: 3,
  };

  it("takes the least that counts for each K", () => {
    expect(bestByK(sweep, "bic")).toEqual([{ k: 1, value: 10 }, { k: 2, value: 6 }, { k: 3, value: 8 }]);
    expect(bestByK({ ...sweep, collapsed: Uint8Array.of(0, 0, 0, 1, 1) }, "aic")[2]).toEqual({ k: 3, value: NaN });
  });

  it("says what the crosses mean", () => {
    expect(crossesSentence(sweep, "bic")?.args).toEqual([3, "2"]);
    expect(crossesSentence({ ...sweep, bic: Float64Array.of(10, 6, 7, 8, 20) }, "bic")?.args).toEqual([]);
    expect(crossesSentence({ ...sweep, collapsed: new Uint8Array(5) }, "bic")).toBeNull();
    expect(crossesSentence({ ...sweep, collapsed: new Uint8Array(5).fill(1), bestBic: -1 }, "bic")?.text).toContain("reg_covar");
  });
});

it("the player's detail follows its place by the language's own comma", () => {
  const bundle = JSON.parse(readFileSync("l10n/bundle.l10n.zh-cn.json", "utf8")) as Bundle;
  expect(format(following(msg("converged")))).toBe(", converged");
  expect(format(following(msg("converged")), bundle)).toBe("，已收敛");
});

describe("restarts", () => {
  const fit = (...logLikelihood: number[]): Fit =>
    ({ logLikelihood: Float64Array.from(logLikelihood), iterations: logLikelihood.length - 1, collapsed: new Uint8Array(2), fell: new Int32Array(0) }) as unknown as Fit;

  it("are told in a sentence, also one alone", () => {
    expect(format(figureSentence([fit(-50, -20)], 0))).toBe("Log-likelihood of one start over its iterations; it ends at −20.000.");
    expect(format(figureSentence([fit(-50, -20), fit(-60, -31)], 1))).toBe(
      "Log-likelihood of 2 starts over their iterations; start 2 is shown and ends at −31.000.",
    );
  });

  it("are grouped by where they end, the best first", () => {
    const groups = groupsOf([fit(-50, -20.02), fit(-60, -31), fit(-55, -40, -19.98), fit(-90, NaN)]);
    expect(groups).toEqual([{ value: -19.98, fits: [0, 2] }, { value: -31, fits: [1] }]);
  });

  it("keep their ends apart in the range, and a single start its climb", () => {
    const [low, high] = rangeOf([fit(-9000, -25, -20), fit(-8000, -40, -30)]);
    expect(high).toBe(-20);
    expect(low).toBeLessThan(-30);
    expect((high - -30) / (high - low)).toBeGreaterThan(0.25);
    const [alone] = rangeOf([fit(-100, -30, -21, -20)]);
    expect(alone).toBeLessThan(-20);
    expect(rangeOf([fit(NaN)])).toEqual([-1, 0]);
    const [, top] = rangeOf([fit(-40, -30), { ...fit(-12, -35, -34), fell: Int32Array.of(1) }]);
    expect(top).toBe(-12);
  });

  it("have decimals that tell the floor of the figure from the ends", () => {
    expect(decimalsOfRange(-1030, -1000)).toBe(1);
    expect(decimalsOfRange(-72.3714, -72.3503)).toBe(3);
    expect(decimalsOfRange(-20, -20)).toBe(1);
  });

  it("keep both ends of a curve of thousands of iterations, cut at the floor", () => {
    const long = fit(...Array.from({ length: 10001 }, (_, i) => -1e6 / (i + 1)));
    const curve = curveOf(long, -500);
    expect(curve.length).toBeLessThan(310);
    expect(curve[0]).toEqual([0, -500]);
    expect(curve[curve.length - 1]).toEqual([10000, -1e6 / 10001]);
    expect(curve.every(([, v], i) => i === 0 || v >= curve[i - 1][1])).toBe(true);
  });

  it("spread labels without crossing the bottom", () => {
    expect(spread([10, 12, 90], 15, 100)).toEqual([10, 25, 90]);
    expect(spread([90, 95, 98], 15, 100)).toEqual([70, 85, 100]);
  });
});
