import * as fc from "../../support/fastCheck.js";
import { describe, expect, it } from "vitest";
import { heatmapOf } from "../../../src/core/vectors/heatmap.js";
import { valueBetween } from "../../../src/core/vectors/derive.js";
import { metrics, type Metric } from "../../../src/core/vectors/similarity.js";
import { Tree } from "../../../src/webview/vectors/dendrogram.js";
import { histogramOf, Matrix, NO_LEVEL, orderOf, placesOf } from "../../../src/webview/vectors/heatmapMatrix.js";
import { topPairs } from "../../../src/webview/vectors/heatmapPairs.js";
import { cellText } from "../../../src/webview/vectors/heatmapText.js";
import { cellAt, clamped, fitted, labelled, panned, showing, zoomed } from "../../../src/webview/marks/viewport.js";
import { Pyramid, TILE } from "../../../src/webview/vectors/tiles.js";

/** Rows of integers, the same at every call (a linear congruential generator). */
function rowsOf(n: number, d: number, seed = 7) {
  let state = seed;
  const values = Float64Array.from({ length: n * d }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 24) - 128;
  });
  return { n, d, values };
}

function partOf(rows: ReturnType<typeof rowsOf>, metric: Metric = "cosine") {
  const work = heatmapOf(rows, metric);
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}

describe("the levels of a heatmap", () => {
  it("stand for the values of their pairs", () => {
    const rows = rowsOf(30, 4);
    for (const metric of metrics) {
      const part = partOf(rows, metric);
      const matrix = new Matrix(part, rows.n);
      for (let i = 0; i < rows.n; i++) {
        expect(matrix.level(i, i)).toBe(NO_LEVEL);
        for (let j = 0; j < i; j++) {
          expect(matrix.level(i, j)).toBe(matrix.level(j, i));
          expect(Math.abs(matrix.valueOf(matrix.level(i, j)) - valueBetween(rows, metric, i, j))).toBeLessThan(1e-4 * (part.high - part.low));
        }
      }
    }
  });

  it("are counted once a pair", () => {
    const rows = rowsOf(12, 3);
    const counts = histogramOf(new Matrix(partOf(rows), rows.n), rows.n);
    expect(counts.reduce((a, b) => a + b)).toBe((12 * 11) / 2);
  });

  it("come in the order of the names, numbers by size, and back", () => {
    const part = partOf(rowsOf(4, 2));
    const order = orderOf("name", part, ["row 10", "b", "row 9", "a"]);
    expect(Array.from(order)).toEqual([3, 1, 2, 0]);
    expect(Array.from(placesOf(order))).toEqual([3, 1, 2, 0]);
    expect(Array.from(orderOf("given", part, ["d", "c", "b", "a"]))).toEqual([0, 1, 2, 3]);
  });
});

describe("tiles", () => {
  const n = 700;
  const rows = rowsOf(n, 3);
  const part = partOf(rows);
  const order = part.clustered;
  const level = (row: number, column: number): number => new Matrix(part, n).level(order[row], order[column]);
  const never = () => false;

  it("hold the mean level of the cells under each pixel, and of the mirrored tile the mirrored ones", () => {
    const pyramid = new Pyramid({ n, cells: part.cells, order });
    expect(pyramid.top).toBe(2);
    const matrix = new Matrix(part, n);
    for (const [l, x, y] of [[0, 0, 0], [0, 2, 1], [0, 1, 2], [1, 1, 0], [2, 0, 0]] as const) {
      pyramid.want([[l, x, y]]);
      expect(pyramid.work(never)).toBe(true);
      expect(pyramid.busy).toBe(false);
      const { levels } = pyramid.tile(l, x, y)!;
      const size = 2 ** l;
      for (const [px, py] of [[0, 0], [5, 9], [100, 37], [37, 100], [174, 174], [255, 255]]) {
        const [left, top] = [(x * TILE + px) * size, (y * TILE + py) * size];
        const under: number[] = [];
        for (let r = top; r < Math.min(n, top + size); r++) {
          for (let c = left; c < Math.min(n, left + size); c++) {
            const each = matrix.level(order[r], order[c]);
            if (each !== NO_LEVEL) under.push(each);
          }
        }
        expect(levels[py * TILE + px]).toBe(under.length === 0 ? NO_LEVEL : Math.round(under.reduce((a, b) => a + b) / under.length));
      }
    }
    expect(level(0, 1)).toBe(level(1, 0));
  });

  it("are made in slices, and what is no longer wanted is left", () => {
    const pyramid = new Pyramid({ n, cells: part.cells, order });
    pyramid.want([[0, 0, 0], [0, 1, 1]]);
    expect(pyramid.work(() => true)).toBe(false);
    expect(pyramid.tile(0, 0, 0)).toBeUndefined();
    expect(pyramid.busy).toBe(true);
    pyramid.want([[0, 2, 2]]);
    pyramid.work(never);
    expect(pyramid.tile(0, 2, 2)).toBeDefined();
    expect(pyramid.tile(0, 0, 0)).toBeUndefined();
  });

  it("have a rough picture of all from the start", () => {
    const { rough } = new Pyramid({ n, cells: part.cells, order });
    expect(rough).toBeDefined();
    expect(rough!.levels[3 * TILE + 10]).toBe(level(12, 40));
    expect(new Pyramid({ n: 4, cells: partOf(rowsOf(4, 2)).cells, order: Int32Array.of(0, 1, 2, 3) }).rough).toBeUndefined();
  });
});

describe("the viewport", () => {
  const side = 400;
  const views = fc.record({ n: fc.integer({ min: 2, max: 5000 }), x: fc.double({ min: -50, max: 5050, noNaN: true }), y: fc.double({ min: -50, max: 5050, noNaN: true }), cell: fc.double({ min: 0.01, max: 200, noNaN: true }) });

  it("has no blank edge, whatever is asked for", () => {
    fc.assert(fc.property(views, ({ n, ...wanted }) => {
      const { x, y, cell } = clamped(wanted, n, side);
      expect(Math.min(x, y)).toBeGreaterThanOrEqual(0);
      expect((Math.max(x, y) + side / cell) / n).toBeLessThanOrEqual(1 + 1e-9);
    }));
  });

  it("keeps the cell under the pointer when it zooms in", () => {
    fc.assert(fc.property(views, fc.double({ min: 1, max: 8, noNaN: true }), fc.integer({ min: 0, max: 399 }), fc.integer({ min: 0, max: 399 }), ({ n, ...wanted }, factor, px, py) => {
      const before = clamped(wanted, n, side);
      const after = zoomed(before, factor, px, py, n, side);
      expect(after.x + px / after.cell).toBeCloseTo(before.x + px / before.cell, 6);
      expect(after.y + py / after.cell).toBeCloseTo(before.y + py / before.cell, 6);
    }));
  });

  it("goes back to all, pans by pixels and shows a cell that was out of sight", () => {
    const near = zoomed(fitted(100, side), 5, 0, 0, 100, side);
    expect(near).toEqual({ x: 0, y: 0, cell: 20 });
    expect(panned(near, -40, -20, 100, side)).toEqual({ x: 2, y: 1, cell: 20 });
    expect(showing(near, 50, 3, 100, side)).toEqual({ x: 31, y: 0, cell: 20 });
    expect(clamped({ ...near, cell: 1 }, 100, side)).toEqual(fitted(100, side));
    expect(cellAt(near, 45, 19, 100)).toEqual([2, 0]);
    expect(cellAt(fitted(3, 400), 400, 0, 3)).toBeNull();
  });
});

describe("names at the edge", () => {
  it("thin out to round steps, and what is pointed at is always named", () => {
    expect(labelled(0, 9, 20, 14, [])).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(labelled(0, 9, 5, 14, [])).toEqual([0, 5]);
    expect(labelled(0, 9, 5, 14, [6])).toEqual([0, 6]);
    expect(labelled(0, 9, 5, 14, [6, 7])).toEqual([0, 6]);
    expect(labelled(100, 130, 2, 14, [])).toEqual([100, 110, 120, 130]);
  });
});

describe("the most alike pairs", () => {
  const rows = rowsOf(40, 3, 11);
  const all = (metric: Metric) => {
    const pairs = [];
    for (let a = 0; a < rows.n; a++) for (let b = a + 1; b < rows.n; b++) pairs.push({ a, b, value: valueBetween(rows, metric, a, b) });
    const sign = metric === "euclidean" || metric === "manhattan" ? -1 : 1;
    return pairs.sort((p, q) => sign * (q.value - p.value) || p.a - q.a || p.b - q.b);
  };

  it("are those of a search through all", () => {
    for (const metric of metrics) {
      const { pairs, total } = topPairs(new Matrix(partOf(rows, metric), rows.n), null, null, 10, (a, b) => valueBetween(rows, metric, a, b));
      expect(total).toBe(780);
      expect(pairs.map(({ value }) => value)).toEqual(all(metric).slice(0, 10).map(({ value }) => value));
    }
  });

  it("can be those of some rows with some others, each once", () => {
    const matrix = new Matrix(partOf(rows), rows.n);
    const exact = (a: number, b: number) => valueBetween(rows, "cosine", a, b);
    const names = (first: number[] | null, second: number[] | null, most = 1000) =>
      topPairs(matrix, first, second, most, exact).pairs.map(({ a, b }) => [a, b].sort((p, q) => p - q).join(" "));
    expect(names([3], null)).toHaveLength(39);
    expect(names([3, 4], [3, 4])).toEqual(["3 4"]);
    expect(new Set(names([1, 2, 3], [2, 3, 9])).size).toBe(names([1, 2, 3], [2, 3, 9]).length);
    expect(names([1, 2, 3], [2, 3, 9]).sort()).toEqual(["1 2", "1 3", "1 9", "2 3", "2 9", "3 9"]);
    expect(names([], null)).toEqual([]);
  });
});

describe("the tree", () => {
  it("joins neighbours of the clustered order, and knows the rows of each branch", () => {
    const rows = rowsOf(20, 3, 5);
    const part = partOf(rows);
    const tree = new Tree(part, rows.n);
    expect(tree.merges).toBe(19);
    expect(tree.rowsOf(18)).toEqual(Array.from(part.clustered));
    for (let m = 0; m < tree.merges; m++) {
      const [a, b] = [part.left[m], part.right[m]];
      expect(tree.parentOf(a)).toBe(m);
      expect(tree.last[rows.n + m] - tree.first[rows.n + m] + 1).toBe(
        tree.last[a] - tree.first[a] + 1 + tree.last[b] - tree.first[b] + 1);
    }
    expect(tree.highest).toBeCloseTo(Math.max(...part.height), 6);
  });
});

describe("a number in a cell", () => {
  /** What fits a cell whose characters are 6.2 px wide. */
  const characters = (cell: number) => (text: string) => text.length * 6.2 <= cell - 4;

  it("has as many decimals as there is room for", () => {
    expect(cellText(0.7508, characters(24), true)).toBe(".75");
    expect(cellText(0.7508, characters(40), true)).toBe("0.751");
    expect(cellText(-0.1234, characters(34), true)).toBe("\u2212.12");
    expect(cellText(0.9996, characters(29), true)).toBe("1.00");
    expect(cellText(1234.4, characters(30), false)).toBe("1234");
    expect(cellText(12345.6, characters(44), false)).toBe("12,346");
    expect(cellText(31.4159, characters(30), false)).toBe("31.4");
    expect(cellText(123456, characters(24), false)).toBeUndefined();
    // A minus may be wider than a digit.
    const wide = (text: string) => Array.from(text).reduce((width, letter) => width + (letter === "\u2212" ? 9.2 : letter === "." ? 3.5 : 7), 0) <= 37;
    expect([cellText(0.1484, wide, true), cellText(-0.1484, wide, true)]).toEqual(["0.148", "\u22120.15"]);
  });
});
