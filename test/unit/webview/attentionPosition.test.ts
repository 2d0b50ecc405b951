import { describe, expect, it } from "vitest";
import type { PositionPart } from "../../../src/core/attention/trace.js";
import { lengthText } from "../../../src/webview/attention/costCharts.js";
import { drawnPairs, pairTex } from "../../../src/webview/attention/positionClocks.js";
import { codesOf, codeTex } from "../../../src/webview/attention/positionCodes.js";
import { positionPython } from "../../../src/webview/attention/positionFiles.js";
import { nearest, spreadValues } from "../../../src/webview/attention/rangeLine.js";
import { run, textSource } from "../attention/readingSupport.js";

function partOf(patch: Parameters<typeof run>[1] = {}): PositionPart {
  const outcome = run(textSource("Text."), { tab: "position", ...patch });
  if (!outcome.ok) throw new Error("It was refused.");
  return outcome.trace.position!;
}

describe("sliders over listed values", () => {
  it("have every small number, their end, and ever wider steps", () => {
    const values = spreadValues(16383);
    expect(values.slice(0, 8)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(values.at(-1)).toBe(16383);
    expect(values.every((value, i) => i === 0 || value > values[i - 1])).toBe(true);
    expect(spreadValues(0)).toEqual([0]);
  });

  it("find the nearest value", () => {
    expect([-5, 0, 2, 3, 8, 99].map((value) => nearest([0, 2, 4, 10], value))).toEqual([0, 0, 1, 1, 3, 3]);
    expect(nearest([5], 8)).toBe(0);
  });
});

describe("clock faces", () => {
  it("go from the fastest pair to the slowest, as many as there is room for", () => {
    expect(drawnPairs(32, 300)).toEqual([0, 6, 12, 19, 25, 31]);
    expect(drawnPairs(32, 736)).toHaveLength(8);
    expect(drawnPairs(2, 736)).toEqual([0, 1]);
    expect(drawnPairs(1, 300)).toEqual([0]);
  });

  it("tell a pair's speed and angle with their numbers", () => {
    const [speed, angle] = pairTex(partOf({ position: 12, hidden_size: 64 }), 16);
    // 10000^(−2·16/64) is a hundredth.
    expect(speed).toBe("\\theta_{16} = 10000^{-2 \\cdot 16 / 64} = 0.01");
    expect(angle).toContain("12 \\cdot 0.01 = \\class{result}{0.12}");
  });
});

describe("the heatmap of codes", () => {
  it("tells a cell's formula with its numbers", () => {
    const part = partOf({ position: 5, hidden_size: 4 });
    const codes = codesOf(part, "sinusoidal", 0);
    // cos(5 / 100) = 0.9988
    expect(codeTex(part, codes, 5, 3, 0).join(" ")).toBe("PE(5,\\,3) = \\cos\\!\\left(\\frac{5}{10000^{2/4}}\\right) = \\cos(0.05) = \\class{result}{0.9988}");
    const biases = codesOf(part, "alibi", 1);
    expect(codeTex(part, biases, 9, 4, 1).join(" ")).toContain("-0.25 \\cdot (9 - 4) = \\class{result}{{-}1.250}");
    expect(codeTex(part, biases, 3, 4, 1).join(" ")).toContain("\\infty");
  });

  it("falls back to sinusoids where nothing is learned, and bounds the colours of what is", () => {
    const part = partOf();
    const learned = codesOf(part, "learned", 0);
    expect([learned.rows, learned.columns]).toEqual([64, 128]);
    const squares = Array.from(learned.values).reduce((sum, value) => sum + value * value, 0);
    expect(learned.limit / (3 * Math.sqrt(squares / (64 * 128)))).toBeCloseTo(1, 1);
    expect(codesOf({ ...part, learned: null }, "learned", 0).view).toBe("sinusoidal");
  });
});

it("writes Python that holds Lumen's numbers against its own", () => {
  const program = positionPython(partOf({ position: 10000, num_attention_heads: 12 }));
  expect(program).toContain("size, base, position, trained, target, heads = 64, 10000, 10000, 2048, 16384, 12");
  expect(program).toContain("np.testing.assert_allclose(position / factor, 1250)");
});

it("names lengths as people do", () => {
  expect([1, 512, 1024, 65536, 2 ** 20].map(lengthText)).toEqual(["1", "512", "1k", "64k", "1M"]);
});
