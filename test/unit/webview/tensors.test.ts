import * as fc from "../../support/fastCheck.js";
import { describe, expect, test } from "vitest";
import { format } from "../../../src/core/contract/index.js";
import type { TensorInfo } from "../../../src/core/protocol.js";
import { brief, cellAt, census, indexText } from "../../../src/webview/tensors/cells.js";
import { limitOf, startPlane, startScale, withAxis } from "../../../src/webview/tensors/places.js";
import { pythonText } from "../../../src/webview/tensors/python.js";
import { countSentence, storageSentence } from "../../../src/webview/tensors/sentences.js";
import { cellSizes, clampCorner, covers, digitsZoom, firstZoom, showCell, shownCells, visible, wanted, zoomAt } from "../../../src/webview/tensors/viewport.js";

const extents = fc.record({ rows: fc.integer({ min: 1, max: 1e9 }), cols: fc.integer({ min: 1, max: 1e9 }), width: fc.integer({ min: 24, max: 2000 }), height: fc.integer({ min: 60, max: 900 }) });
const corners = fc.record({ row: fc.double({ min: -1e9, max: 2e9, noNaN: true }), col: fc.double({ min: -1e9, max: 2e9, noNaN: true }), zoom: fc.integer({ min: -2, max: 12 }) });

function info(shape: readonly number[], dtype: TensorInfo["dtype"] = "float32"): TensorInfo {
  const size = shape.reduce((a, b) => a * b, 1);
  return { name: "x", dtype, descr: "<f4", shape, order: "C", littleEndian: true, size, bytes: 4 * size };
}

describe("the window", () => {
  test("always lies within the array, and what is asked for covers what is seen", () => {
    fc.assert(fc.property(extents, corners, (extent, any) => {
      const corner = clampCorner(extent, any);
      for (const window of [visible(extent, corner), wanted(extent, corner)]) {
        expect(window.rowStart).toBeGreaterThanOrEqual(0);
        expect(window.rowStart + window.rowCount).toBeLessThanOrEqual(extent.rows);
        expect(window.colStart + window.colCount).toBeLessThanOrEqual(extent.cols);
        expect(window.rowCount * window.colCount).toBeGreaterThan(0);
      }
      expect(covers(wanted(extent, corner), visible(extent, corner))).toBe(true);
      expect(clampCorner(extent, corner)).toEqual(corner);
    }));
  });

  test("moves just as far as a cell needs to be in sight", () => {
    fc.assert(fc.property(extents, corners, fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), (extent, any, share) => {
      const corner = clampCorner(extent, any);
      const [row, col] = [Math.floor(share * extent.rows), Math.floor(share * extent.cols)];
      const next = showCell(extent, corner, row, col);
      const shown = shownCells(extent, next.zoom);
      expect(row >= next.row && row < next.row + shown.rows && col >= next.col && col < next.col + shown.cols).toBe(true);
      expect(showCell(extent, next, row, col)).toEqual(next);
    }));
  });

  test("zooms about the cell under the pointer", () => {
    const extent = { rows: 1e6, cols: 1e6, width: 600, height: 400 };
    const corner = { row: 5000, col: 7000, zoom: 3 };
    const next = zoomAt(extent, corner, 2, 301, 200);
    const before = { row: 5000 + Math.floor(200 / cellSizes[3].h), col: 7000 + Math.floor(301 / cellSizes[3].w) };
    expect({ row: next.row + Math.floor(200 / cellSizes[5].h), col: next.col + Math.floor(301 / cellSizes[5].w) }).toEqual(before);
    expect(zoomAt(extent, { ...corner, zoom: digitsZoom }, 1, 0, 0).zoom).toBe(digitsZoom);
  });

  test("begins with cells that show all columns where that is possible", () => {
    const room = { width: 800, height: 500 };
    expect(firstZoom({ rows: 7, cols: 12, ...room })).toBe(digitsZoom);
    expect(firstZoom({ rows: 1e6, cols: 2, ...room })).toBe(digitsZoom);
    expect(cellSizes[firstZoom({ rows: 10_000, cols: 100, ...room })].w).toBe(8);
    expect(cellSizes[firstZoom({ rows: 1e6, cols: 1e6, ...room })].w).toBe(6);
    expect(cellSizes[firstZoom({ rows: 90, cols: 190, ...room })].w).toBe(4);
    expect(cellSizes[firstZoom({ rows: 1, cols: 1e6, ...room })].h).toBe(24);
  });
});

describe("cells", () => {
  const answer = { kind: "window", window: { rowStart: 10, rowCount: 2, colStart: 5, colCount: 3 }, values: Float32Array.of(0.1, NaN, -Infinity, -5, 2, 1e-9) } as const;

  test("are found by their place in the array", () => {
    expect(cellAt(answer, { dtype: "float32" }, 10, 5)).toEqual({ value: Math.fround(0.1), text: "0.1", all: "0.100000001490116119384765625" });
    expect(cellAt(answer, { dtype: "float32" }, 10, 6)?.text).toBe("NaN");
    expect(cellAt(answer, { dtype: "float32" }, 10, 7)?.text).toBe("−∞");
    expect(cellAt(answer, { dtype: "float32" }, 11, 5)?.text).toBe("−5.0");
    expect(cellAt(answer, { dtype: "float32" }, 9, 5)).toBeUndefined();
    expect(cellAt(answer, { dtype: "float32" }, 10, 8)).toBeUndefined();
    const halves = { high: Int32Array.of(-1), low: Uint32Array.of(5) };
    expect(cellAt({ kind: "window", window: { rowStart: 0, rowCount: 1, colStart: 0, colCount: 1 }, values: Float64Array.of(-4294967291), halves }, { dtype: "int64" }, 0, 0)?.text).toBe("−4294967291");
  });

  test("out of the ordinary are counted in sight only", () => {
    expect(census(answer, answer.window)).toEqual({ nan: 1, infinite: 1, largest: 5 });
    expect(census(answer, { rowStart: 11, rowCount: 5, colStart: 6, colCount: 5 })).toEqual({ nan: 0, infinite: 0, largest: 2 });
  });

  test("print short", () => {
    expect([0.12345, -1234.5, 1e-9, -1.234e-12, NaN, -Infinity, 0].map(brief)).toEqual(["0.123", "−1230", "1e−9", "−1.2e−12", "NaN", "−∞", "0"]);
  });

  test("have an index for every axis", () => {
    expect(indexText(info([3, 4, 5]), { rowAxis: 2, colAxis: 0, index: [9, 2, 9] }, 4, 1)).toBe("1, 2, 4");
    expect(indexText(info([]), { rowAxis: -1, colAxis: -1, index: [] }, 0, 0)).toBe("");
  });
});

describe("where the reader was", () => {
  const place = { tensor: "x", rowAxis: 0, colAxis: 2, index: [0, 3, 0], row: 1, col: 1, zoom: 2, scale: 5, table: false, filter: "" } as const;

  test("is taken up where the array still has it", () => {
    expect(startPlane(info([3, 4, 5]), place)).toEqual({ rowAxis: 0, colAxis: 2, index: [0, 3, 0] });
    expect(startPlane(info([3, 2, 5]), place)).toEqual({ rowAxis: 1, colAxis: 2, index: [0, 0, 0] });
    expect(startPlane(info([3]), place)).toEqual({ rowAxis: -1, colAxis: 0, index: [0] });
    expect(startScale(info([3, 4, 5]), place)).toBe(5);
    expect(startScale(info([3], "uint8"), undefined)).toBe("array");
    expect(startScale(info([3], "float16"), undefined)).toBe("setting");
  });

  test("sets where the colours end", () => {
    expect([limitOf("setting", 2, 9, 30), limitOf("window", 2, 9, 30), limitOf("array", 2, 9, 30), limitOf("array", 2, 9, undefined), limitOf(0.5, 2, 9, 30), limitOf("window", 2, 0, 30), limitOf("array", 2, 9, NaN)]).toEqual([2, 9, 30, 9, 0.5, 2, 2]);
  });

  test("keeps two different axes", () => {
    const plane = { rowAxis: 0, colAxis: 1, index: [0, 0, 0] };
    expect(withAxis(plane, "rowAxis", 2)).toMatchObject({ rowAxis: 2, colAxis: 1 });
    expect(withAxis(plane, "rowAxis", 1)).toMatchObject({ rowAxis: 1, colAxis: 0 });
  });
});

describe("sentences", () => {
  test("say how and how much", () => {
    const big = { ...info([3, 4]), littleEndian: false, order: "F" as const };
    expect(format(storageSentence({ format: "npy", size: 176 }, big))).toBe("float32 (<f4), 4 bytes each, big-endian, column-major (Fortran order: the first index runs fastest); 48 B of the file’s 176 B.");
    expect(format(storageSentence({ format: "npz", size: 90 }, info([5])))).toBe("float32 (<f4), 4 bytes each, little-endian; 20 B of numbers in a file of 90 B.");
    const statistics = { count: 10, finite: 8, nan: 1, positiveInfinity: 1, negativeInfinity: 0, zeros: 0, min: -1.5, max: 2, mean: 0.25, std: 1, histogram: null };
    expect(format(countSentence(statistics, { dtype: "float32" }))).toBe("They lie between −1.5 and 2, 0.25 on average. Left out of that: 1 NaN, 1 infinite.");
    expect(format(countSentence({ ...statistics, finite: 0, nan: 10, positiveInfinity: 0, mean: NaN }, { dtype: "float32" }))).toBe("All of them are NaN.");
    expect(format(countSentence({ ...statistics, count: 6, finite: 6, nan: 0, positiveInfinity: 0, zeros: 4, min: 0, max: 1 }, { dtype: "bool" }))).toBe("True: 2, False: 4.");
  });

  test("and programs read the same window", () => {
    const plane = { rowAxis: 2, colAxis: 0, index: [0, 1, 0] };
    const window = { rowStart: 1, rowCount: 2, colStart: 0, colCount: 3 };
    expect(pythonText("a b.npy", { format: "npy", tensors: [info([3, 4, 5])] }, info([3, 4, 5]), plane, window)).toBe('import numpy as np\n\nx = np.load("a b.npy", mmap_mode="r")\nprint(x.shape, x.dtype)\nprint(x[0:3, 1, 1:3].T)\n');
    expect(pythonText("m.safetensors", { format: "safetensors", tensors: [] }, info([2, 2], "bfloat16"), { rowAxis: 0, colAxis: 1, index: [0, 0] }, window)).toContain('framework="pt"');
  });
});
