import { describe, expect, test } from "vitest";
import { statesSequence } from "../../../src/core/attention/partSequenceStates.js";
import type { AttentionTrace, SequencePart } from "../../../src/core/attention/trace.js";
import { sequenceFormula } from "../../../src/webview/attention/sequenceFormula.js";
import { sequenceLayout } from "../../../src/webview/attention/sequenceLayout.js";
import { SequenceModel } from "../../../src/webview/attention/sequenceModel.js";
import { alignmentCsv } from "../../../src/webview/attention/sequenceTable.js";
import { translated } from "../models/seq2seqFolder.js";

const matrix = (name: string, rows: number, columns: number, values: readonly number[]) => ({ name, rows, columns, values: Float32Array.from(values) });
const trace = {} as AttentionTrace;

function ownPart(): SequencePart {
  const made = statesSequence({ kind: "states", encoder: matrix("encoder", 3, 2, [1, 0, 0, 1, 1, 1]), decoder: matrix("decoder", 2, 2, [2, 0, 0, 3]), general: undefined, concat: undefined, input: ["x", "y", "z"], output: ["u", "w"] }, "dot");
  if (!made.ok) throw new Error("refused");
  return made.part;
}

describe("an output", () => {
  const fixed = translated("dates", "fixed", "2 november 1987");
  const run = { ...ownPart().attentive, output: fixed.output, ended: fixed.ended };
  const model = new SequenceModel(trace, { ...ownPart(), expected: "1987-11-02" });

  test("is marked where it is not what is right", () => {
    const { characters, short, right } = model.written(run);
    expect(characters.map(({ text, right: each }) => (each ? text : `(${text})`)).join("")).toBe("1987-11-(2)(0)");
    expect([short, right]).toEqual([0, false]);
    expect(model.isRight(run, 7)).toBe(true);
    expect(model.isRight(run, 8)).toBe(false);
    // The end comes where it should.
    expect(model.isRight(run, 10)).toBe(true);
  });

  test("that is too short lacks what is missing; one without a rule is neither right nor wrong", () => {
    expect(model.written({ ...run, output: [..."1987", "</s>"] })).toMatchObject({ short: 6, right: false });
    expect(model.isRight({ ...run, output: [..."1987", "</s>"] }, 4)).toBe(false);
    expect(new SequenceModel(trace, ownPart()).written(run)).toMatchObject({ short: 0, right: null });
  });
});

describe("the formula", () => {
  test("has the score, the weight and the context of a cell", () => {
    const model = new SequenceModel(trace, ownPart());
    const said = sequenceFormula(model, 0, 2, 3).join(" ; ");
    expect(said).toContain("s_{1} \\cdot h_{3}");
    expect(said).toContain("2.00 \\cdot 1.00 + 0.00 \\cdot 1.00 = \\class{result}{2.000}");
    const weight = Math.exp(2) / (2 * Math.exp(2) + 1);
    expect(said).toContain(`\\class{result}{${weight.toFixed(3)}}`);
    // The largest number of the context is its first, which the two strong inputs share.
    expect(said).toContain(`c_{1,1} = ${weight.toFixed(3)} \\cdot 1.00 + ${weight.toFixed(3)} \\cdot 1.00`);
  });

  test("of the concat score has its tanh", () => {
    const concat = { ...ownPart(), score: "concat" as const, compared: { size: 1, decoder: Float64Array.of(0.5, 1), encoder: Float64Array.of(0, 0.5, 1), v: Float64Array.of(-2) } };
    expect(sequenceFormula(new SequenceModel(trace, concat), 0, 1, 3).join(" ")).toContain("({-}2.00) \\tanh(1.00)");
  });
});

describe("the layout", () => {
  test.each([[280, 15, 11, true], [360, 60, 64, true], [619, 15, 11, true], [620, 15, 11, true], [1092, 15, 11, true], [736, 6, 4, false], [736, 400, 300, false]])("at %i px with %i inputs and %i steps stays within it", (width, inputs, steps, fixed) => {
    const layout = sequenceLayout(width, inputs, steps, fixed ? steps + 1 : 0, 30, 14, fixed);
    const { strips, total } = layout;
    const columns = fixed ? 2 : 1;
    expect(total.width).toBeLessThanOrEqual(width + 0.01);
    expect(strips.x + columns * strips.width + (columns - 1) * strips.gap).toBeLessThanOrEqual(width + 0.01);
    expect(strips.width).toBeGreaterThan(40);
    expect(layout.beside).toBe(width >= 620);
    // Side by side, both have the same rows; one below the other, they do not touch.
    if (layout.beside) expect([strips.y, strips.rowHeight]).toEqual([layout.top, layout.cellHeight]);
    else expect(strips.y).toBeGreaterThan(layout.height + 30);
  });
});

test("the alignment's file has a column for each input's weight and score", () => {
  const lines = alignmentCsv(new SequenceModel(trace, ownPart())).trim().split(/\r?\n/);
  expect(lines[0]).toBe("step,output,weight x,weight y,weight z,score x,score y,score z");
  expect(lines[1].endsWith(",2,0,2")).toBe(true);
  expect(lines).toHaveLength(3);
});
