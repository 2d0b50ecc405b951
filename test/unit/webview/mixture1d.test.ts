import * as fc from "../../support/fastCheck.js";
import { describe, expect, it } from "vitest";
import { value, plain } from "../../../src/webview/mixture/formulasTex.js";
import type { Fit } from "../../../src/core/mixture/trace.js";
import { heightScale, likelihoodDecimals, positionOfIteration, thinned } from "../../../src/webview/mixture/likelihoodScale.js";
import { Skyline } from "../../../src/webview/mixture/oneDLabels.js";
import { decimalsFor, gridOf, lowerBound, paddedRange } from "../../../src/webview/mixture/oneDModel.js";
import { barsOfShares } from "../../../src/webview/mixture/viewColours.js";
import { layoutOf } from "../../../src/webview/mixture/viewLayout.js";

describe("the ruler's heights", () => {
  const values = Float64Array.of(-251.497, -209.736, -209.584, -209.568, -209.5665, -209.5665);

  it.each(["even", "stretched"] as const)("%s runs from 0 to 1 and keeps the order", (kind) => {
    const { height } = heightScale(values, kind);
    expect(height(values[0])).toBeCloseTo(0, 12);
    expect(height(values[5])).toBeCloseTo(1, 12);
    for (let i = 1; i < 5; i++) expect(height(values[i])).toBeGreaterThan(height(values[i - 1]));
  });

  it("stretched shows the late gains and leaves the first step the largest", () => {
    const { height } = heightScale(values, "stretched");
    const gains = [1, 2, 3, 4].map((i) => height(values[i]) - height(values[i - 1]));
    expect(gains[0]).toBeGreaterThan(0.6);
    // A gain of 0.152 in 41.9 would be a third of a pixel on an even scale of 84.
    expect(gains[1]).toBeGreaterThan(0.1);
  });

  it("a flat curve has a height", () => {
    expect(heightScale(Float64Array.of(-3, -3), "stretched").height(-3)).toBe(1);
    // Below what the numbers beside it can show, no slope is drawn, up or down.
    const rounded = heightScale(Float64Array.of(-10.5444992, -10.5444992 - 4e-10), "even");
    expect([rounded.height(-10.5444992), rounded.height(-10.5444992 - 4e-10)]).toEqual([1, 1]);
    const real = heightScale(Float64Array.of(-10.54450, -10.54449), "even");
    expect([real.height(-10.54450), real.height(-10.54449)]).toEqual([0, 1]);
  });

  it("has decimals that tell its end from its start", () => {
    const decimals = (...logLikelihood: number[]) => likelihoodDecimals({ logLikelihood: Float64Array.from(logLikelihood) } as Fit);
    expect(decimals(-235.9, -209.57)).toBe(3);
    expect(decimals(-421.3652, -421.3648)).toBe(5);
    expect(decimals(-3, -3)).toBe(3);
    expect(decimals(-421.3648502, -421.3648492)).toBe(6);
    expect(decimals(-3, -3 + 1e-12)).toBe(3);
  });
});

describe("positions and thinning", () => {
  it("an iteration's position lies between the kept steps around it", () => {
    expect([0, 1, 2, 3].map((i) => positionOfIteration(Int32Array.of(0, 1, 2, 3), i))).toEqual([0, 2, 4, 6]);
    expect([0, 2, 4, 7, 10].map((i) => positionOfIteration(Int32Array.of(0, 4, 10), i))).toEqual([0, 1, 2, 3, 4]);
  });

  it("thinning never hides a fall, nor the ends", () =>
    fc.assert(fc.property(fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 2, maxLength: 300 }), fc.integer({ min: 1, max: 40 }), (list, width) => {
      const values = Float64Array.from(list);
      const points = thinned(values, (i) => (i * width) / (values.length - 1), (v) => v);
      const ys = points.filter((_, i) => i % 2 === 1);
      expect(Math.min(...ys)).toBe(Math.min(...values));
      expect(Math.max(...ys)).toBe(Math.max(...values));
      expect([ys[0], ys[ys.length - 1]]).toEqual([values[0], values[values.length - 1]]);
      expect(points.length).toBeLessThanOrEqual(8 * (width + 1));
      for (let i = 2; i < points.length; i += 2) expect(points[i]).toBeGreaterThan(points[i - 2]);
    })));
});

describe("labels", () => {
  it("cover neither each other nor what stands beneath them", () =>
    fc.assert(fc.property(
      fc.array(fc.record({ x: fc.integer({ min: 40, max: 600 }), y: fc.integer({ min: 100, max: 260 }), width: fc.integer({ min: 10, max: 120 }) }), { minLength: 1, maxLength: 12 }),
      (marks) => {
        const sky = new Skyline(640, 262);
        for (const { x, y } of marks) sky.raise(x - 20, x + 20, y);
        const boxes = marks.map(({ x, width }) => sky.place(x, width, 15, [34, 640], 0)).filter((box) => box !== null);
        for (const box of boxes) {
          expect(box.x0).toBeGreaterThanOrEqual(34);
          expect(box.x1).toBeLessThanOrEqual(640);
          expect(box.y1).toBeLessThan(sky.top(box.x0, box.x1));
          for (const other of boxes) {
            const apart = box === other || box.x1 <= other.x0 || other.x1 <= box.x0 || box.y1 <= other.y0 || other.y1 <= box.y0;
            expect(apart).toBe(true);
          }
        }
      },
    )));
});

describe("numbers", () => {
  it("are written with the digits their size needs", () => {
    expect([0.0547, -3.25, 0].map((v) => value(v, 4))).toEqual(["0.0547", "{-}3.2500", "0.0000"]);
    expect(value(1.55e-163, 3)).toBe("1.55{\\times}10^{-163}");
    expect(value(-2.5e9, 2)).toBe("{-}2.50{\\times}10^{9}");
    expect([0, 0.5, 1e-6, 2.5e-4].map(plain)).toEqual(["0", "0.5", "10^{-6}", "2.5{\\times}10^{-4}"]);
    expect([1, 2.6, 1e-3, 1e6, 0].map((spread) => decimalsFor(spread, 4))).toEqual([4, 4, 7, 0, 4]);
  });

  it("find their place among sorted values", () => {
    const sorted = Float64Array.of(1, 2, 2, 5);
    expect([0, 1, 2, 3, 5, 6].map((v) => lowerBound(sorted, v))).toEqual([0, 0, 1, 3, 3, 4]);
  });
});

describe("axes", () => {
  it("pad the data, and one value alone", () => {
    expect(paddedRange(0, 100)).toEqual([expect.closeTo(-7, 12), expect.closeTo(107, 12)]);
    expect(paddedRange(5, 5)).toEqual([2.5, 7.5]);
    expect(paddedRange(0, 0)).toEqual([-0.5, 0.5]);
  });

  it("have a grid fine enough for a needle", () => {
    const needle = { K: 1, D: 1, covarianceType: "full" as const, weights: Float64Array.of(1), means: Float64Array.of(3), covariances: Float64Array.of(1e-10) };
    const grid = gridOf([0, 10], 100, needle);
    expect(grid).toContain(3);
    expect(grid.filter((x) => Math.abs(x - 3) < 4e-5).length).toBeGreaterThan(20);
    for (let i = 1; i < grid.length; i++) expect(grid[i]).toBeGreaterThanOrEqual(grid[i - 1]);
  });
});

describe("row colours", () => {
  it("take the two largest shares in tenths, and one bar for equal rows", () => {
    const { bars, group } = barsOfShares(Float64Array.of(1, 0, 0, 0.9, 0.1, 0, 0.05, 0.55, 0.4, 0.999, 0.001, 0, 0.9, 0.1, 0), 3);
    expect(Array.from(group)).toEqual([0, 1, 2, 0, 1]);
    expect(bars[0]).toEqual([{ k: 0, share: 1 }]);
    expect(bars[1].map(({ k, share }) => [k, share])).toEqual([[0, 0.9], [1, expect.closeTo(0.1, 12)]]);
    // 0.55 and 0.4 of 0.95: six tenths and four.
    expect(bars[2].map(({ k, share }) => [k, share])).toEqual([[1, 0.6], [2, 0.4]]);
  });

  it("need few pictures for any shares", () =>
    fc.assert(fc.property(fc.array(fc.double({ min: 0.001, max: 1, noNaN: true }), { minLength: 40, maxLength: 400 }), (list) => {
      const K = 4;
      const rows = Math.floor(list.length / K);
      const shares = Float64Array.from(list.slice(0, rows * K));
      for (let i = 0; i < rows; i++) {
        const sum = shares.subarray(i * K, (i + 1) * K).reduce((a, b) => a + b);
        for (let k = 0; k < K; k++) shares[i * K + k] /= sum;
      }
      const { bars } = barsOfShares(shares, K);
      expect(bars.length).toBeLessThanOrEqual(K + K * (K - 1) * 5);
      for (const bar of bars) expect(bar.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12);
    })));
});

describe("the columns of the view", () => {
  it("follow the design's widths", () => {
    expect(layoutOf(300, 1)).toMatchObject({ kind: "narrow", main: 300, margin: 0, side: 300, beside: false });
    expect(layoutOf(500, 2)).toMatchObject({ kind: "column", main: 500, margin: 0, side: 238 });
    expect(layoutOf(704, 1)).toMatchObject({ main: 704, margin: 0, formula: 384, beside: true });
    expect(layoutOf(704, 4)).toMatchObject({ kind: "margin", main: 468, margin: 212 });
    expect(layoutOf(1400, 4)).toMatchObject({ kind: "wide", main: 640, margin: 736 });
  });

  it("never sum to more than the panel", () =>
    fc.assert(fc.property(fc.integer({ min: 240, max: 3000 }), fc.integer({ min: 1, max: 5 }), (width, D) => {
      const { main, margin, formula, table, beside } = layoutOf(width, D);
      expect(main + (margin > 0 ? margin + 24 : 0)).toBeLessThanOrEqual(width);
      if (beside) expect(formula + table + 24).toBeLessThanOrEqual(width);
      expect(main).toBeLessThanOrEqual(width > 900 ? 640 : width);
    })));
});
