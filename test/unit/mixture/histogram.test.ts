import * as fc from "../../support/fastCheck.js";
import { describe, expect, test } from "vitest";
import { binCount, cellCount, histogram, histogramOfCells } from "../../../src/core/mixture/histogram.js";
import { articleRows, traceOf } from "./helpers.js";

const values = articleRows.flat();
const { stats } = traceOf(articleRows);

describe("binCount", () => {
  // len(numpy.histogram_bin_edges(x, rule)) − 1, numpy 1.24.2, x the article's 100 numbers
  test.each([["auto", 8], ["sturges", 8], ["fd", 5], ["scott", 5], ["sqrt", 10]] as const)("by %s is numpy's", (rule, count) => {
    expect(binCount(rule, stats, values.length)).toBe(count);
  });

  test("takes a number as it is, and gives one bin where nothing spreads", () => {
    expect(binCount(30, stats, 100)).toBe(30);
    const flat = traceOf([[1, 0], [1, 5], [1, 7]], { n_components: 1 }).stats;
    expect(binCount("auto", flat, 3)).toBe(1);
    expect(binCount("sqrt", flat, 3, 1)).toBe(2);
  });

  test("stays sensible where one point is very far away", () => {
    const far = traceOf([...Array.from({ length: 100 }, (_, i) => [i / 1000]), [1e9]], { n_components: 1 }).stats;
    expect(binCount("fd", far, 101)).toBe(10000);
  });
});

describe("histogram", () => {
  // numpy.histogram, numpy 1.24.2
  test("counts as numpy does", () => {
    const range = [Math.min(...values), Math.max(...values)] as const;
    expect(Array.from(histogram(values, 7, ...range))).toEqual([7, 18, 19, 6, 11, 28, 11]);
    expect(Array.from(histogram(values, 30, ...range))).toEqual([
      1, 1, 2, 2, 2, 4, 3, 7, 5, 6, 4, 3, 5, 1, 2, 2, 0, 0, 2, 1, 4, 7, 7, 2, 9, 7, 3, 5, 1, 2,
    ]);
    expect(Array.from(histogram([1, 2, 2.5, 3, 4, 5], 4, 1, 5))).toEqual([1, 2, 1, 2]);
    expect(Array.from(histogram([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7], 7, 0, 0.7))).toEqual([0, 1, 1, 1, 1, 1, 2]);
  });

  test("puts equal numbers into the middle and leaves outsiders out", () => {
    expect(Array.from(histogram([3, 3, 3], 3, 3, 3))).toEqual([0, 3, 0]);
    expect(Array.from(histogram([-1, 0, 1, 2, NaN], 2, 0, 1))).toEqual([1, 1]);
  });

  test("loses nothing", () => {
    const data = fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(data, fc.integer({ min: 1, max: 99 }), (numbers, count) => {
        const counts = histogram(numbers, count, Math.min(...numbers), Math.max(...numbers));
        expect(counts.reduce((sum, v) => sum + v, 0)).toBe(numbers.length);
      }),
    );
  });
});

describe("histogramOfCells", () => {
  test("sums whole cells where the count divides theirs, and keeps the total otherwise", () => {
    const cells = new Float64Array(cellCount).map((_, i) => (i * 7919) % 5);
    const total = cells.reduce((sum, v) => sum + v, 0);
    for (const count of [1, 2, 7, 12, 30, 13, 50, 1000]) {
      const counts = histogramOfCells(cells, count);
      expect(counts.length).toBe(count);
      expect(counts.reduce((sum, v) => sum + v, 0)).toBeCloseTo(total, 6);
    }
    const width = cellCount / 12;
    expect(histogramOfCells(cells, 12)[3]).toBe(cells.slice(3 * width, 4 * width).reduce((sum, v) => sum + v, 0));
  });

  test("is what a sampled trace draws: the histogram of all rows", () => {
    const rows = Array.from({ length: 5000 }, (_, i) => [Math.sin(i) * 10]);
    const trace = traceOf(rows, { draw_limit: 100, n_components: 2 });
    expect(trace.lines.length).toBe(100);
    const direct = histogram(rows.flat(), 30, trace.stats.min[0], trace.stats.max[0]);
    expect(Array.from(histogramOfCells(trace.cells!, 30))).toEqual(Array.from(direct));
    expect(traceOf(rows, { n_components: 2 }).cells).toBeNull();
  });
});
