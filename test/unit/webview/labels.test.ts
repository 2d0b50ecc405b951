import { scaleLinear } from "d3";
import * as fc from "../../support/fastCheck.js";
import { describe, expect, it } from "vitest";
import { tickFormat, tickValues } from "../../../src/webview/marks/axis.js";
import { freeHeight, overlap, placeLabels, placesAround } from "../../../src/webview/marks/labels.js";

describe("labels", () => {
  const bounds = { x: 0, y: 0, width: 400, height: 300 };

  it("stand at their first place when it is free", () => {
    const [box] = placeLabels([{ width: 50, height: 16, places: [[10, 20], [100, 20]] }], [], bounds);
    expect(box).toEqual({ x: 10, y: 20, width: 50, height: 16 });
  });

  it("give way to an obstacle and to each other", () => {
    const places: [number, number][] = [[10, 20], [100, 20], [200, 20]];
    const label = { width: 50, height: 16, places };
    const [first, second] = placeLabels([label, label], [{ x: 0, y: 0, width: 70, height: 60 }], bounds);
    expect([first.x, second.x]).toEqual([100, 200]);
  });

  it("stay in bounds and never overlap where there is room", () => {
    fc.assert(fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 400 }), fc.integer({ min: 0, max: 300 })), { minLength: 1, maxLength: 3 }), (points) => {
      const boxes = placeLabels(points.map(([x, y]) => ({ width: 40, height: 14, places: placesAround(x, y, 40, 14) })), [], bounds);
      expect(boxes).toHaveLength(points.length);
      for (const box of boxes) {
        expect(box.x).toBeGreaterThanOrEqual(0);
        expect(box.x + box.width).toBeLessThanOrEqual(400);
        expect(box.y + box.height).toBeLessThanOrEqual(300);
      }
      for (let i = 0; i < boxes.length; i++) for (let j = 0; j < i; j++) expect(overlap(boxes[i], boxes[j])).toBe(0);
    }));
  });
});

describe("axes", () => {
  it("write all ticks with the decimals that their step needs", () => {
    expect([0.1, 0.2, 0.3].map(tickFormat([0.1, 0.2, 0.3]))).toEqual(["0.1", "0.2", "0.3"]);
    expect([-2, 0, 2].map(tickFormat([-2, 0, 2]))).toEqual(["−2", "0", "2"]);
    expect([0, 0.25].map(tickFormat([0, 0.25]))).toEqual(["0.00", "0.25"]);
    expect([1e-9, 2e-9].map(tickFormat([1e-9, 2e-9]))).toEqual(["1e−9", "2e−9"]);
    expect([0, 5e8].map(tickFormat([0, 5e8]))).toEqual(["0", "5e8"]);
  });

  it("keep given ticks inside the scale, whichever way it runs", () => {
    const scale = scaleLinear().domain([0, 1]).range([100, 0]);
    expect(tickValues(scale, [-1, 0, 0.5, 1, 2])).toEqual([0, 0.5, 1]);
  });
});

it("a text takes the first height at which it meets none of the others", () => {
  const value = { x: 90, y: 2, width: 34, height: 16 };
  expect(freeHeight([7, 23, 39], { x: 106, width: 230, height: 14 }, [value])).toBe(23);
  expect(freeHeight([7, 23, 39], { x: 130, width: 230, height: 14 }, [value])).toBe(7);
  expect(freeHeight([7], { x: 106, width: 230, height: 14 }, [value])).toBeUndefined();
});
