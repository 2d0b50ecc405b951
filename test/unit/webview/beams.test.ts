import { describe, expect, test } from "vitest";
import { columnsIn, fittingSize, layoutOf, placeAt, sizes, spotOf } from "../../../src/webview/decoding/beamsLayout.js";
import { BeamsModel, penalised, type BeamCandidate, type BeamsPart } from "../../../src/webview/decoding/beamsModel.js";

const candidate = (parent: number, token: number, logProbability: number, sum: number, fate: BeamCandidate["fate"]): BeamCandidate => ({ parent, token, logProbability, sum, fate });

/**
 * Two beams. Step 1: a and b go on. Step 2: b + end is the best and ends, a + end comes third and is dropped, two go on below it.
 * Step 3: drawn out of order; both that are left end.
 */
const part: BeamsPart = {
  kind: "beams", width: 2, groups: 1, lengthPenalty: 1, finish: "eos", milliseconds: 1,
  steps: [
    [{ candidates: [candidate(0, 1, -0.5, -0.5, "running"), candidate(0, 2, -1, -1, "running"), candidate(0, 3, -2, -2, "pruned")], running: Int32Array.of(0, 1) }],
    [{ candidates: [candidate(1, 9, -0.2, -1.2, "finished"), candidate(0, 4, -0.9, -1.4, "running"), candidate(0, 9, -1, -1.5, "dropped"), candidate(1, 5, -0.7, -1.7, "running"), candidate(0, 6, -3, -3.5, "pruned")], running: Int32Array.of(1, 3) }],
    [{ candidates: [candidate(1, 9, -2, -3.7, "finished"), candidate(0, 9, -1, -2.4, "finished")], running: Int32Array.of() }],
  ],
  finished: [
    { group: 0, text: "b", ids: Int32Array.of(2, 9), sum: -1.2, length: 2, score: -0.6, path: Int32Array.of(1, 0), returned: true },
    { group: 0, text: "a4", ids: Int32Array.of(1, 4, 9), sum: -2.4, length: 3, score: -0.8, path: Int32Array.of(0, 1, 1), returned: false },
  ],
};
const model = new BeamsModel(part);
const at = (step: number, index: number) => ({ step, group: 0, index });

describe("the model of a beam search", () => {
  test("ranks by sum, also what was drawn in another order", () => {
    expect([0, 1].map((index) => model.rank(at(2, index)))).toEqual([1, 0]);
    expect([0, 1].map((rank) => model.indexOf(2, 0, rank))).toEqual([1, 0]);
  });

  test("cuts behind the last that goes on, so that an ended beam moves the rule", () => {
    expect([0, 1, 2].map((step) => model.kept(step, 0))).toEqual([2, 4, 2]);
  });

  test("follows beams back and forth", () => {
    expect(model.parent(at(2, 0))).toEqual(at(1, 3));
    expect(model.path(at(2, 0)).map(({ index }) => index)).toEqual([1, 3, 0]);
    expect(model.children(at(0, 0)).map(({ index }) => index)).toEqual([1, 2, 4]);
    expect(model.children(at(1, 0))).toEqual([]);
    expect(model.parent(at(0, 2))).toBeNull();
    // The log-probabilities along a path sum to its sum.
    for (const place of [at(2, 0), at(2, 1), at(1, 2)]) {
      expect(model.path(place).reduce((sum, each) => sum + model.at(each)!.logProbability, 0)).toBeCloseTo(model.at(place)!.sum, 12);
    }
  });

  test("knows the finished texts by their paths", () => {
    expect(model.finishedPath(1)).toEqual([at(0, 0), at(1, 1), at(2, 1)]);
    expect(model.finishedAt(at(1, 0))).toBe(0);
    expect(model.finishedAt(at(2, 0))).toBe(-1);
    for (const { sum, length, score } of part.finished) expect(penalised(sum, length, 1)).toBeCloseTo(score, 12);
    expect(penalised(-8, 4, 0.5)).toBe(-4);
  });
});

describe("the layout of lanes", () => {
  test("finds every candidate where it is drawn, at every size", () => {
    sizes.forEach((_, level) => {
      const layout = layoutOf(model, level, 80, 700);
      part.steps.forEach(([{ candidates }], step) => candidates.forEach((_, index) => {
        const { x, y } = spotOf(layout, model, at(step, index));
        expect(placeAt(layout, model, x + layout.size.width / 2, y)).toEqual(at(step, index));
        expect(x + layout.size.width).toBeLessThanOrEqual(layout.width);
        expect(y).toBeLessThan(layout.height);
      }));
      expect(placeAt(layout, model, 5, 30)).toBeNull();
      expect(placeAt(layout, model, 100, 5)).toBeNull();
    });
  });

  test("puts columns closer where all of them fit then", () => {
    const layout = layoutOf(model, 0, 80, 460);
    expect(layout.width).toBeLessThanOrEqual(460);
    expect(layout.size.column).toBeLessThan(sizes[0].column);
    expect(layoutOf(model, 0, 80, 300).size.column).toBe(sizes[0].column);
  });

  test("takes the largest size that is not too high", () => {
    expect(fittingSize(model, 700)).toBe(0);
    const high: BeamsPart = { ...part, steps: Array.from({ length: 100 }, () => [{ candidates: Array.from({ length: 40 }, (_, i) => candidate(0, i, -i, -i, i < 20 ? "running" : "pruned")), running: Int32Array.from({ length: 20 }, (_, i) => i) }]), finished: [] };
    const level = fittingSize(new BeamsModel(high), 700);
    expect(sizes[level].text).toBe("none");
  });

  test("draws only the columns of the window, and one on each side", () => {
    const layout = layoutOf(model, 0, 80, 300);
    expect(columnsIn(layout, 100, 80 + 10 * layout.size.column, 80 + 13 * layout.size.column)).toEqual([9, 14]);
    expect(columnsIn(layout, 3, 0, 5000)).toEqual([0, 2]);
  });
});
