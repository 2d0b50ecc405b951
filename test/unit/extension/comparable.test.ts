import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { numericLiterals } from "../../../src/core/formats/numericLiterals.js";
import { firstWordLine, vectorCount, wordListCount } from "../../../src/extension/editor/comparable.js";
import { wordQuery } from "../../../src/extension/vectors/wordQuery.js";

const sample = (file: string) => readFileSync(path.join(import.meta.dirname, "../../../samples", file), "utf8");
const vectorsIn = (text: string, languageId: string) => numericLiterals(text, languageId).map((each) => vectorCount(text, each));

describe("the vectors of a literal", () => {
  test("are lists of one length, in a list or under keys", () => {
    expect(vectorsIn('{"a": [1, 2, 3], "b": [4, 5, 6.5], "c": [-7, .8, 9e-3], "d": [1, 2]}', "json")).toEqual([3]);
    expect(vectorsIn('{"a": [1, 2], "b": [3, 4], "c": [5, 6], "d": [7, 8]}', "json")).toEqual([4]);
    expect(vectorsIn("x = np.array([[1, 2, 3], [4, 5, 6], [7, 8, 9]])", "python")).toEqual([3]);
  });

  test("are no points of a plane, no single list and no ragged ones", () => {
    expect(vectorsIn("x = [[1, 2], [3, 4], [5, 6], [7, 8]]", "python")).toEqual([0]);
    expect(vectorsIn("x = [1, 2, 3, 4, 5, 6, 7, 8, 9]", "python")).toEqual([0]);
    expect(vectorsIn("x = [[1, 2, 3, 4], [5, 6, 7], [8, 9]]", "python")).toEqual([0]);
  });

  test("are rows with a label and eight numbers or more, a header left out", () => {
    const row = (label: string, separator: string) => [label, ...Array.from({ length: 9 }, (_, i) => `${i - 4}.25`)].join(separator);
    expect(vectorsIn(`${row("king", " ")}\n${row("queen", " ")}\n\n${row("New York", " ")}\n`, "plaintext")).toEqual([3]);
    expect(vectorsIn(`word,${"abcdefghi".split("").join(",")}\n${row("king", ",")}\n${row("queen", ",")}\n`, "csv")).toEqual([2]);
    expect(vectorsIn(sample("wine.csv"), "csv")).toEqual([0]);
    expect(vectorsIn(sample("iris.csv"), "csv")).toEqual([0]);
  });
});

describe("a list of words", () => {
  test("has one a line or between commas, each counted once, with comments", () => {
    expect(wordListCount("# royals\nking\nqueen\nking\n\n// others\nman, woman; don't\n“well-known”\n")).toBe(6);
    expect(wordListCount("秃 头 小 苏\n")).toBe(4);
    expect(firstWordLine("\n\n# royals\nking\n")).toBe(2);
  });

  test("is not prose, code, numbers, or next to nothing", () => {
    for (const text of ["The king met the queen.\nThey spoke\nof many things\n", "buy milk\ncall home\nread mail\n", "a = 1\nb\nc\n", "1\n2\n3\n", "king\nqueen\n", "", "# nothing\n", sample("README.md")]) {
      expect(wordListCount(text), text.slice(0, 20)).toBe(0);
    }
  });
});

test("a word is asked for in quotes where it would be read as an expression", () => {
  expect(["king", "don't", "New York", 'say "hi"', "well-known", "小苏", "2nd"].map(wordQuery)).toEqual([
    "king", '"don\'t"', '"New York"', '"say \\"hi\\""', '"well-known"', "小苏", '"2nd"',
  ]);
});
