import * as fc from "../../support/fastCheck.js";
import { describe, expect, it } from "vitest";
import { seededRandom } from "../../../src/core/math/random.js";
import type { MapPart } from "../../../src/core/vectors/trace.js";
import { Choice } from "../../../src/webview/vectors/map/choice.js";
import { findNames } from "../../../src/webview/vectors/map/find.js";
import { Grid } from "../../../src/webview/vectors/map/grid.js";
import { Layouts } from "../../../src/webview/vectors/map/positions.js";
import { extentOf, fitted, panned, placeAt, showing, toX, toY, zoomed } from "../../../src/webview/vectors/map/viewport.js";

function scattered(m: number, seed: number): Float32Array {
  const random = seededRandom(seed);
  return Float32Array.from({ length: 2 * m }, (_, at) => (at % 2 ? 3 : 40) * (random() - 0.5) ** 3);
}

function mapOf(changes: Partial<MapPart>): MapPart {
  const m = changes.m ?? 2;
  return {
    projection: "umap", points: "rows", m, total: m, cut: null, names: Array.from({ length: m }, (_, i) => `w${i}`),
    indices: Int32Array.from({ length: m }, (_, i) => i), rows: Int32Array.from({ length: m }, (_, i) => i),
    positions: new Float32Array(2 * m), iterations: Int32Array.of(0), loss: new Float64Array(0), lossAt: new Int32Array(0),
    explained: new Float64Array(0), finished: true, milliseconds: 0, leftOut: 0, trust: null, ...changes,
  };
}

describe("the grid of a map's points", () => {
  it("finds the nearest point, as a search through all would", () => {
    for (const m of [1, 7, 900]) {
      const positions = scattered(m, m);
      const grid = new Grid(positions, extentOf(positions));
      const random = seededRandom(m + 1);
      for (let n = 0; n < 200; n++) {
        const [x, y] = [8 * (random() - 0.5), random() - 0.5];
        const reach = n % 3 === 0 ? Infinity : random();
        const all = Array.from({ length: m }, (_, i) => ({ i, d: Math.hypot(positions[2 * i] - x, positions[2 * i + 1] - y) })).sort((a, b) => a.d - b.d || a.i - b.i);
        expect(grid.nearest(x, y, reach)).toBe(all[0].d < reach ? all[0].i : null);
      }
    }
  });

  it("finds the points inside a polygon, and those that lie on one another", () => {
    const positions = scattered(500, 3);
    for (let i = 0; i < 5; i++) positions.copyWithin(2 * (100 + i), 0, 2);
    const grid = new Grid(positions, extentOf(positions));
    const inside = grid.inside([[-1, -0.2], [1, -0.2], [1, 0.2], [-1, 0.2]]);
    const expected = Array.from({ length: 500 }, (_, i) => i).filter((i) => Math.abs(positions[2 * i]) < 1 && Math.abs(positions[2 * i + 1]) < Math.fround(0.2));
    expect([...inside]).toEqual(expected);
    expect(grid.stack(0)).toBe(6);
    expect(grid.stack(200)).toBe(1);
  });

  it("walks to the next point in a direction, and to every point in the end", () => {
    const positions = Float32Array.of(0, 0, 1, 0, 2, 0.1, 0, 1);
    const grid = new Grid(positions, extentOf(positions));
    expect([grid.toward(0, 1, 0), grid.toward(1, 1, 0), grid.toward(2, 1, 0), grid.toward(0, 0, 1), grid.toward(0, 0, -1)]).toEqual([1, 2, null, 3, null]);
  });

  it("bears points that are all at one place", () => {
    const grid = new Grid(new Float32Array(20), extentOf(new Float32Array(20)));
    expect(grid.nearest(0, 0, 1)).toBe(0);
    expect(grid.stack(3)).toBe(10);
  });
});

describe("the viewport of a map", () => {
  const all = fitted([-3, 5, 0, 2], 400, 300);

  it("shows all points, with equal units both ways", () => {
    for (const [x, y] of [[-3, 0], [5, 0], [-3, 2], [5, 2]]) {
      expect(toX(all, x)).toBeGreaterThanOrEqual(20);
      expect(toX(all, x)).toBeLessThanOrEqual(380);
      expect(toY(all, y)).toBeGreaterThanOrEqual(20);
      expect(toY(all, y)).toBeLessThanOrEqual(280);
    }
    expect(toX(all, 1) - toX(all, 0)).toBeCloseTo(toY(all, 0) - toY(all, 1), 9);
  });

  it("zooms about the pointer as long as the edge is not reached, and back to all", () => {
    fc.assert(fc.property(fc.double({ min: 150, max: 250, noNaN: true }), fc.double({ min: 100, max: 200, noNaN: true }), fc.double({ min: 1.5, max: 30, noNaN: true }), (px, py, factor) => {
      const before = placeAt(all, px, py);
      const near = zoomed(all, factor, px, py, all);
      const after = placeAt(near, px, py);
      expect(after[0]).toBeCloseTo(before[0], 9);
      expect(after[1]).toBeCloseTo(before[1], 9);
      const back = zoomed(near, 1e-6, px, py, all);
      expect([back.x, back.y, back.scale]).toEqual([all.x, all.y, all.scale]);
    }));
  });

  it("never leaves the points, and shows a place that is asked for", () => {
    const near = zoomed(all, 10, 200, 150, all);
    const far = panned(near, -1e9, 1e9, all);
    expect(far.x + 200 / far.scale).toBeCloseTo(all.x + 200 / all.scale, 9);
    const shown = showing(near, 4.5, 0.1, all);
    expect(toX(shown, 4.5)).toBeLessThanOrEqual(400 - 40 + 1e-6);
    expect(toY(shown, 0.1)).toBeLessThanOrEqual(300);
  });
});

describe("finding a point", () => {
  it("takes the name itself first, then beginnings, then parts", () => {
    const names = ["queens", "Queen", "queen", "drama queen", "king"];
    expect(findNames(names, "queen")).toEqual([2, 1, 0, 3]);
    expect(findNames(names, " KING ")).toEqual([4]);
    expect(findNames(names, "  ")).toEqual([]);
    expect(findNames(names, "nobody")).toEqual([]);
  });
});

describe("the layouts of a map", () => {
  it("are those of the steps, and lie between two of them in play", () => {
    const map = mapOf({ positions: Float32Array.of(0, 0, 2, 2, 4, 0, 2, 6), iterations: Int32Array.of(0, 5) });
    const layouts = new Layouts();
    expect([...layouts.at(map, 0)]).toEqual([0, 0, 2, 2]);
    expect([...layouts.at(map, 0.25)]).toEqual([1, 0, 2, 3]);
    expect([...layouts.at(map, 1)]).toEqual([4, 0, 2, 6]);
    // The last layout fills the plot in the end; an earlier one that is wider is not cut.
    expect(layouts.extent).toEqual([2, 4, 0, 6]);
    layouts.at(map, 0);
    expect(layouts.extent).toEqual([0, 4, 0, 6]);
  });
});

describe("what is chosen on a map", () => {
  it("stays by name when another map comes, and is let go where the name is gone", () => {
    const choice = new Choice();
    choice.adopt(mapOf({ m: 3 }));
    [choice.pointed, choice.held] = [1, 2];
    choice.circle([[0, 0]], Int32Array.of(0, 2));
    expect([...choice.mask!]).toEqual([1, 0, 1]);
    expect(choice.adopt(mapOf({ m: 3, names: ["w2", "other", "w0"] }))).toBe(false);
    expect([choice.pointed, choice.held, choice.mask, choice.lasso]).toEqual([null, 0, null, null]);
    expect(choice.adopt(mapOf({ m: 3, projection: "pca", names: ["w2", "other", "w0"] }))).toBe(true);
  });
});
