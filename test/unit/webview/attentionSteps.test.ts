import { describe, expect, test } from "vitest";
import { givenSteps, mapSteps } from "../../../src/core/attention/partStepsGiven.js";
import { attentionParams, type AttentionParams } from "../../../src/core/attention/params.js";
import type { GivenArrays } from "../../../src/core/attention/subject.js";
import type { AttentionTrace, StepsPart } from "../../../src/core/attention/trace.js";
import { defaultsOf } from "../../../src/core/contract/index.js";
import { stepsCsv, stepsJson } from "../../../src/webview/attention/stepsFiles.js";
import { outputFormula, similarityFormula, softmaxFormula, temperedFormula } from "../../../src/webview/attention/stepsFormula.js";
import { rowsInSight, stepsLayout } from "../../../src/webview/attention/stepsLayout.js";
import { matricesOf } from "../../../src/webview/attention/stepsMatrix.js";
import { colourLimit, editedPlaces, largestTerms, niceLimit, StepsModel, withEdit } from "../../../src/webview/attention/stepsModel.js";

type Matrices = Extract<GivenArrays, { kind: "matrices" }>;
const matrix = (name: string, rows: number, columns: number, values: readonly number[]) => ({ name, rows, columns, values: Float32Array.from(values) });
const defaults = defaultsOf(attentionParams) as AttentionParams;
/** Two queries of two numbers, three keys, values of one number. */
const given: Matrices = {
  kind: "matrices", causal: false, tokens: undefined,
  query: [matrix("Q", 2, 2, [1, 0, 2, -1])], key: [matrix("K", 3, 2, [1, 1, 0, 4, 3, -2])], value: [matrix("V", 3, 1, [10, 20, -5])],
  mask: Float64Array.from([0, 0, 0, 0, -Infinity, 0.5]),
};
function modelOf(params: Partial<AttentionParams> = {}, arrays: Matrices = given): StepsModel {
  const made = givenSteps(arrays, { ...defaults, ...params });
  if (!made.ok) throw new Error("refused");
  return new StepsModel({ tokens: { pieces: ["a", "b", "c"] }, source: { kind: "matrices" } } as unknown as AttentionTrace, made.part);
}
/** What a formula says, without TeX's commands. */
const plain = (lines: readonly string[]): string => lines.join(" ; ").replace(/\{-\}/g, "-").replace(/\\class\{result\}\{([^}]*)\}/g, "$1");

describe("the model of the three steps", () => {
  test("knows products, limits and what was masked", () => {
    const model = modelOf();
    expect([model.n, model.masked, model.complete, model.changed]).toEqual([3, 1, true, false]);
    expect(Array.from(model.part.similarity)).toEqual([1, -4, 8]);
    expect(model.product(1)).toEqual(Float64Array.of(0));
    expect(model.product(2)[0]).toBeCloseTo(-5 * model.part.weights[2], 12);
    expect(model.strongest).toBe(2);
    expect(model.limits).toEqual({ query: 2, key: 4, value: 20, product: 5 });
    expect(model.sum).toBeCloseTo(1, 12);
    expect(model.contributions(0).map(({ row }) => row)).toEqual([2, 0]);
  });

  test("has a scale for weights that are all small, and digits to tell them apart", () => {
    const n = 2000;
    const many: Matrices = { ...given, mask: undefined, query: [matrix("Q", 1, 1, [0])], key: [matrix("K", n, 1, new Array<number>(n).fill(1))], value: [matrix("V", n, 1, new Array<number>(n).fill(1))] };
    const model = modelOf({}, many);
    expect([model.top, model.decimals]).toEqual([5e-4, 5]);
  });

  test("shows that the query or the temperature was changed", () => {
    expect(modelOf({ softmax_temperature: 2 }).changed).toBe(true);
    expect(modelOf({ query_edit: "0:0.5" }).changed).toBe(true);
    expect(Array.from(modelOf({ query_edit: "0:0.5" }).part.query)).toEqual([0.5, -1]);
  });

  test("edits the query place by place", () => {
    expect(withEdit("", 3, 1.5)).toBe("3:1.5");
    expect(withEdit("3:1.5 0:2", 3, -0.25)).toBe("0:2 3:-0.25");
    expect(withEdit("3:1.5 13:2", 3, null)).toBe("13:2");
    expect(withEdit("3:1.5 3:4", 3, 1 / 3)).toBe("3:0.333333");
    expect(withEdit("13:2", 1, 0.5)).toBe("13:2 1:0.5");
    expect([...editedPlaces("3:1.5  0:2 nonsense")]).toEqual([3, 0]);
  });

  test("ends colours at round numbers, and not at the few that are far beyond", () => {
    expect([0, 0.7, 1, 1.2, 3, 4.5, 7, 9, 43].map(niceLimit)).toEqual([1, 0.8, 1, 2, 4, 5, 8, 10, 50]);
    const values = Float64Array.from({ length: 400 }, (_, i) => (i === 0 ? 100 : Math.sin(i)));
    expect(colourLimit(values)).toBe(5);
    expect(colourLimit(Float64Array.of(1, NaN, -3))).toBe(4);
    expect(largestTerms([1, 0, -5, 2], [1, 9, 1, -2], 2)).toEqual([2, 3]);
  });
});

describe("its formulas", () => {
  test("fill in the numbers of a row", () => {
    const model = modelOf();
    expect(plain(similarityFormula(model, 0, 3))).toContain("= 2.00 \\cdot 1.00 + (-1.00) \\cdot 1.00 = 1.000");
    expect(plain(similarityFormula(model, 0, 3))).toContain("\\frac{1.000}{1.414} = 0.707");
    // The bias of one's own mask is added.
    expect(plain(similarityFormula(model, 2, 3))).toContain("= 5.657 + 0.500 = 6.157");
    const weight = Math.exp(8 / Math.SQRT2 + 0.5) / (Math.exp(8 / Math.SQRT2 + 0.5) + Math.exp(1 / Math.SQRT2));
    expect(plain(softmaxFormula(model, 2, 3))).toContain(`\\frac{e^{6.157}}{e^{0.707} + e^{6.157}}`);
    expect(plain(softmaxFormula(model, 2, 3)).endsWith(`= ${weight.toFixed(3)}`)).toBe(true);
    expect(plain(outputFormula(model, 0, 3)).endsWith(`= ${(-5 * weight + 10 * (1 - weight)).toFixed(3)}`)).toBe(true);
  });

  test("say of a masked key that its weight is nothing", () => {
    expect(plain(similarityFormula(modelOf(), 1, 3))).toContain("\\to -\\infty");
    expect(plain(softmaxFormula(modelOf(), 1, 3))).toBe("w_{2} = 0.000");
  });

  test("take the largest score off where its power is no number for people", () => {
    const huge = modelOf({ query_scale: 4 }, { ...given, key: [matrix("K", 3, 2, [100, 100, 0, 400, 300, -200])] });
    const said = plain(softmaxFormula(huge, 2, 3));
    expect(said).toContain("-m");
    expect(said).not.toMatch(/infty|NaN/);
  });

  test("of weights alone tell what the temperature makes of them", () => {
    const maps = mapSteps({ kind: "maps", layers: 1, heads: 1, rows: 1, columns: 2, weights: Float32Array.of(0.2, 0.8), tokens: undefined }, { ...defaults, softmax_temperature: 0.5 });
    if (!maps.ok) throw new Error("refused");
    const model = new StepsModel({} as AttentionTrace, maps.part);
    expect(model.complete).toBe(false);
    // 0.2² / (0.2² + 0.8²).
    expect(plain(temperedFormula(model, 0))).toContain(`w_{1} = ${(0.04 / 0.68).toFixed(4)}`);
  });
});

describe("its layout", () => {
  test.each([260, 300, 480, 619, 620, 736, 1000])("keeps columns apart and within %i px", (width) => {
    const layout = stepsLayout(width, 90, true);
    const { key, similarity, scaled, weight, value, product, name } = layout;
    expect(layout.width).toBeLessThanOrEqual(width);
    const line = layout.twoLines ? [[name, similarity, scaled, weight], [key, value, product]] : [[name, key, similarity, scaled, weight, value, product]];
    for (const columns of line) {
      columns.forEach((column, i) => {
        if (i > 0) expect(column!.x).toBeGreaterThanOrEqual(columns[i - 1]!.x + columns[i - 1]!.width);
        expect(column!.width).toBeGreaterThan(15);
      });
    }
    expect(weight.x + weight.width + 40).toBeLessThanOrEqual(width);
  });

  test("draws the rows in sight alone", () => {
    expect(rowsInSight(0, 576, 24, 13)).toEqual([0, 13]);
    expect(rowsInSight(24_010, 576, 24, 5000)).toEqual([1000, 1025]);
    expect(rowsInSight(1e9, 576, 24, 5000)).toEqual([5000, 5000]);
  });
});

describe("its files", () => {
  test("hold every key and all matrices", () => {
    const model = modelOf();
    const lines = stepsCsv(model).trim().split(/\r?\n/);
    expect(lines[0]).toBe("place,token,masked,similarity,scaled,bias,weight,own_weight,k0,k1,v0,wv0");
    expect(lines[2].startsWith("1,b,1,-4,")).toBe(true);
    const json = JSON.parse(stepsJson(model)) as { weights: number[]; matrices: { name: string; shape: number[] }[] };
    expect(json.weights).toEqual(Array.from(model.part.weights));
    expect(json.matrices.map(({ name, shape }) => [name, shape])).toEqual([["Q", [2, 2]], ["K", [3, 2]], ["V", [3, 1]]]);
  });

  test("have the shapes of all matrices, the masked scores among them", () => {
    const shown = matricesOf(modelOf());
    expect(shown.map(({ name, rows, columns }) => `${name} ${rows}×${columns}`)).toEqual(["Q 2×2", "K 3×2", "V 3×1", "q 1×2", "q Kᵀ 1×3", "scores 1×3", "weights 1×3", "output 1×1"]);
    expect(shown.find(({ name }) => name === "scores")!.values[1]).toBe(-Infinity);
  });

  test("of a head without numbers are no lies", () => {
    const part = { ...modelOf().part, weights: Float64Array.of(NaN, NaN, NaN) } as StepsPart;
    const model = new StepsModel({ tokens: { pieces: [] } } as unknown as AttentionTrace, part);
    expect((JSON.parse(stepsJson(model)) as { weights: (number | null)[] }).weights).toEqual([null, null, null]);
  });
});
