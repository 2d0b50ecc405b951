import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { VectorHover, WordHover } from "../../../src/core/protocol.js";
import { figuresOf } from "../../../src/core/vectors/hover.js";
import { stripOf } from "../../../src/core/vectors/strip.js";
import { hoverMarkdown, type HoverLinks } from "../../../src/extension/editor/hoverMarkdown.js";
import { maybeVector, runAt } from "../../../src/extension/editor/hoverPlace.js";

const links: HoverLinks = { line: (line) => `command:line${line}`, pin: "command:pin", unpin: "command:unpin", copy: "command:copy", compare: "command:compare", choose: "command:choose" };
const none = { count: 0, lines: [], more: false };

function vector(numbers: number[], more: Partial<VectorHover> = {}): VectorHover {
  const values = Float64Array.from(numbers);
  return {
    kind: "vector", name: "king", line: 2, values, figures: figuresOf(values), strip: stripOf(values, { theme: "dark", scale: 2 }), pinned: null,
    span: { start: 0, end: 1 }, similar: [], compared: 0, otherLengths: none, undirected: none, ...more,
  };
}

const text = (answer: Parameters<typeof hoverMarkdown>[0]) => hoverMarkdown(answer, undefined, links)!.replaceAll("&emsp;", "");

describe("the text of a hover", () => {
  test("begins with the name, the figures, then the picture", () => {
    const blocks = text(vector([3, -4, 0.5])).split("\n\n");
    expect(blocks[0]).toMatch(/^\*\*king\*\*, 3 numbers.*\[Pin this vector\]\(command:pin\)/);
    expect(blocks[1]).toBe("| norm | mean | min | max |\n| --: | --: | --: | --: |\n| 5.025 | \u22120.167 | \u22124 | 3 |");
    expect(blocks[2]).toMatch(/^!\[king as a strip .*\]\(data:image\/svg\+xml;base64,[\w+/=]+\|width=452,height=44\) {2}\n/);
    expect(blocks[2]).toContain("beyond ±2 (2 of them)");
  });

  test("groups the digits of all large figures alike", () => {
    // (447659 + 1856.5) / 2 and the root of the sum of their squares.
    expect(text(vector([447659, 1856.5]))).toContain("| 447,662.8 | 224,757.8 | 1856.500 | 447,659 |");
  });

  test("links to the comparison where there is something to compare with", () => {
    expect(text(vector([1, 2], { compared: 1 }))).toContain("[Compare](command:compare)");
    expect(text(vector([1, 2]))).not.toContain("command:compare");
  });

  test("lists similar vectors with their lines, and counts what it leaves out", () => {
    const similar = [{ name: "queen", line: 3, cosine: 0.75081 }, { name: "", line: 12, cosine: -0.00001 }];
    const shown = text(vector([1, 2], { similar, compared: 7, otherLengths: { count: 2, lines: [10, 11], more: false }, undirected: { count: 9, lines: [1, 2, 3, 4, 5], more: true } }));
    expect(shown).toContain("| queen | 0.7508 | [3](command:line3) |\n| line 12 | 0.0000 | [12](command:line12) |");
    expect(shown).toContain("2 of 7 vectors of this length");
    expect(shown).toContain("other lengths left out: 2 (lines [10](command:line10), [11](command:line11))");
    expect(shown).toContain("left out, being zero or not finite: 9 (lines [1](command:line1), [2](command:line2), [3](command:line3), [4](command:line4), [5](command:line5), …)");
    const one = text(vector([1, NaN], { otherLengths: { count: 1, lines: [4], more: false }, undirected: { count: 1, lines: [6], more: false } }));
    expect(one).toContain("One of its numbers is missing, NaN or infinite");
    expect(one).toContain("One vector of another length left out (line [4](command:line4))");
    expect(one).toContain("One vector without direction left out, being zero or not finite (line [6](command:line6))");
  });

  test("fills the numbers into the cosine with the pinned vector", () => {
    const cosine = 14 / Math.sqrt(13 * 17);
    const pinned = { kind: "cosine", name: "A", dot: 14, norms: [Math.sqrt(17), Math.sqrt(13)], cosine, terms: [[1, 2], [4, 3]] } as const;
    const shown = text(vector([1, 4], { pinned }));
    expect(shown).toContain("A·B = 1 × 2 + 4 × 3 = 14");
    expect(shown).toContain("With pinned **A**: cosine = A·B / (‖A‖ ‖B‖) = 14 / (4.123 × 3.606) = **0.9417**");
    expect(shown).toContain("[Unpin A](command:unpin)");
    expect(text(vector([1, 4], { pinned: { kind: "same", name: "king" } }))).not.toContain("command:pin)");
    expect(text(vector([1, 4], { pinned: { kind: "length", name: "A", length: 50 } }))).toContain("has 50 numbers, these are 2");
    expect(text(vector([0, 0], { pinned: { ...pinned, dot: 0, cosine: NaN } }))).toContain("cosine is undefined");
  });

  test("says what has no direction, never NaN", () => {
    const zero = text(vector([0, 0]));
    expect(zero).toContain("All of its numbers are 0");
    const gap = text(vector([NaN, Infinity, 1]));
    expect(gap).toContain("2 of its numbers are missing, NaN or infinite");
    for (const each of [zero, gap]) expect(each.replace("missing, NaN or", "")).not.toMatch(/NaN|undefined\)|Infinity/);
  });

  test("shows the nearest words of a store", () => {
    const { name, values, figures, strip, pinned } = vector([1, 2]);
    const word: WordHover = { kind: "word", name, values, figures, strip, pinned, store: { words: 10_000, dimensions: 2 }, neighbours: [{ word: "prince", cosine: 0.7682 }] };
    expect(text(word)).toContain("**king**, 2 numbers, one of 10,000 words");
    expect(text(word)).toContain("| nearest of all 10,000 words | cosine |\n| :-- | --: |\n| prince | 0.7682 |");
  });

  test("keeps names from being Markdown, HTML, links or more than a line", () => {
    const name = "a|b\n](command:evil) <img src=x> **c** `d` $(e)";
    const shown = text(vector([1, 2], { name, similar: [{ name, line: 1, cosine: 1 }], compared: 1, pinned: { kind: "length", name, length: 3 } }));
    expect(shown.replace(/\\./g, "")).not.toMatch(/command:evil\)|<img|\*\*c|`d/);
    expect(shown).toContain("a\\|b");
    expect(text(vector([1, 2], { name: "x".repeat(500) }))).not.toContain("x".repeat(61));
  });

  test("is nothing for nothing, and a sentence for a store that can't be read", () => {
    expect(hoverMarkdown({ kind: "nothing" }, undefined, links)).toBeUndefined();
    expect(hoverMarkdown({ kind: "unknown", word: "x", words: 1, spellings: [] }, undefined, links)).toBeUndefined();
    const problem = { severity: "error", message: { text: "{0} is cut off.", args: ["a*b.vec"] } } as const;
    expect(text({ kind: "problem", problems: [problem] })).toBe("a\\*b\\.vec is cut off\\.\n\n[Use other word vectors](command:choose)");
  });

  test("is Chinese in Chinese", () => {
    const bundle = JSON.parse(readFileSync(new URL("../../../l10n/bundle.l10n.zh-cn.json", import.meta.url), "utf8")) as Record<string, string>;
    const shown = hoverMarkdown(vector([1, 2], { similar: [{ name: "queen", line: 3, cosine: 1 }], compared: 1 }), bundle, links)!;
    expect(shown.replace(/&emsp;|data:[^)]*|command:\w+|NumPy|king|queen|\([a-z ]+\)/g, "")).not.toMatch(/[a-z]{3,}/);
  });
});

describe("the place of a hover", () => {
  test.each<[string, string | undefined, number]>([
    ["the |king is", "king", 0],
    ["the ki|ng is", "king", 2],
    ["the king| is", "king", 4],
    ["the king |.", undefined, 0],
    ["don't| go", "don't", 5],
    ["well-kno|wn", "well-known", 8],
    ["我在北|京。", "我在北京", 3],
    ["in 20|19", undefined, 0],
    ["|", undefined, 0],
    [`${"a ".repeat(500)}ki|ng`, "king", 2],
  ])("%s has the word %s", (marked, word, at) => {
    const character = marked.indexOf("|");
    const run = runAt(marked.replace("|", ""), character);
    expect(run).toEqual(word === undefined ? undefined : { text: word, at });
  });

  test.each([
    '  "ki|ng": [0.1, 0.2],', '  "king": [0.|1, 0.2],', '  "ki|ng": [', "ki|ng = np.array([1, 2])", "ki|ng: list[float] = [1, 2]", "ki|ng 0.1 0.2",
    "king,0.1|,0.2", "[1, na|n, 3]", "new yo|rk 0.1 0.2", "| ki|ng | 0.1 |".slice(2), "    |1.5,", "[|1, 2]",
  ])("%s may be a vector", (marked) => {
    const character = marked.indexOf("|");
    expect(maybeVector(marked.replace("|", ""), character)).toBe(true);
  });

  test.each(["im|port numpy as np", "def ki|ng(self):", "The king| was here.", "# Ti|tle", "|", "return va|lue", "const na|me = other;"])("%s is not looked at", (marked) => {
    const character = marked.indexOf("|");
    expect(maybeVector(marked.replace("|", ""), character)).toBe(false);
  });
});
