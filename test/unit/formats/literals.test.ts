import { describe, expect, it } from "vitest";
import { columns, file, parse, sentences, sliced, table, text } from "./helpers.js";

const json = (content: string) => text(content, [], "json", "data.json");
const python = (content: string) => text(content, [], "python", "data.py");
const nan = NaN;

describe("JSON", () => {
  it("reads a list", () => {
    expect(columns(json("[1, 2.5, -3e2, null]"))).toEqual({ value: [1, 2.5, -300, nan] });
    expect(sliced(json("[1, 2.5, -3e2, null]"))).toEqual({ value: ["1", "2.5", "-3e2", "null"] });
  });

  it("reads lists as rows, with names in the first", () => {
    expect(columns(json("[[1, 2],\n [3, 4]]"))).toEqual({ "column 1": [1, 3], "column 2": [2, 4] });
    expect(columns(json('[["x", "y"], [1, 2], [3, 4]]'))).toEqual({ x: [1, 3], y: [2, 4] });
    expect([...table(json("[[1, 2],\n [3, 4]]")).lines!]).toEqual([1, 2]);
  });

  it("reads objects as rows", () => {
    const source = json('[{"x": 1, "y": "a"},\n {"y": "b", "x": 2, "z": 5},\n {"x": null}]');
    expect(columns(source)).toEqual({ x: [1, 2, nan], y: [nan, nan, nan], z: [nan, 5, nan] });
    expect(table(source).columns.map(({ numeric }) => numeric)).toEqual([true, false, true]);
    expect(sliced(source).y).toEqual(["a", "b", ""]);
  });

  it("warns of rows with more cells than the others", () => {
    expect(columns(json("[[1, 2],\n [3, 4, 5],\n [6, 7]]"))).toEqual({ "column 1": [1, 3, 6], "column 2": [2, 4, 7] });
    expect(sentences(json("[[1, 2],\n [3, 4, 5],\n [6, 7]]"))).toEqual([
      "warning: Line 2 has more cells (3) than there are columns (2); those behind were left out.",
    ]);
  });

  it("names nested entries by their path", () => {
    expect(columns(json('[{"p": {"x": 1}, "v": [2, 3]}, {"p": {"x": 4}, "v": [5, 6]}]'))).toEqual({ "p.x": [1, 4], "v[0]": [2, 5], "v[1]": [3, 6] });
  });

  it("reads an object of lists as columns", () => {
    expect(columns(json('{"x": [1, 2], "y": [3, 4], "unit": "cm"}'))).toEqual({ x: [1, 2], y: [3, 4] });
    expect(sentences(json('{"x": [1, 2, 3], "y": [4, 5]}'))).toEqual([
      "warning: “y” has 2 values, but “x” has 3: rows without a partner are left out.",
    ]);
  });

  it("reads pandas' orientations", () => {
    const expected = { a: [1, 2], b: [3, 4] };
    expect(columns(json('{"a": {"0": 1, "1": 2}, "b": {"0": 3, "1": 4}}'))).toEqual(expected);
    expect(columns(json('{"0": {"a": 1, "b": 3}, "1": {"a": 2, "b": 4}}'))).toEqual(expected);
    expect(columns(json('{"columns": ["a", "b"], "index": [0, 1], "data": [[1, 3], [2, 4]]}'))).toEqual(expected);
  });

  it("reads one record a line", () => {
    expect(columns(text('{"a": 1}\n{"a": 2}\n', [], "jsonl", "x.jsonl"))).toEqual({ a: [1, 2] });
    expect(columns(file("x.jsonl", '{"a": 1, "b": 5}\r\n{"a": 2}\r\n\r\n{"b": 7}'))).toEqual({ a: [1, 2, nan], b: [5, nan, 7] });
    expect(columns(file("x.jsonl", "[1, 2]\n[3, 4]"))).toEqual({ "column 1": [1, 3], "column 2": [2, 4] });
    expect([...table(file("x.jsonl", "[1, 2]\n\n[3, 4]")).lines!]).toEqual([1, 3]);
  });

  it("finds the data in a document", () => {
    expect(columns(json('{"meta": {"n": 2}, "rows": [[1, 2], [3, 4]]}'))).toEqual({ "column 1": [1, 3], "column 2": [2, 4] });
  });

  it.each([
    ["[1, 2", 1, "[", "this [ is never closed. Add the missing ]."],
    ['{"a": [1, 2}', 1, "}", "} closes the [ of line 1. Write ] here"],
    ["[1,\n 2,\n , 3]", 3, ",", "a value is missing between two commas"],
    ['{"a": }', 1, "a", "“a” has no value"],
    ['{"a": [1, 2],\n "b"}', 2, "b", "“b” stands without a name and colon"],
    ['["a, 1]', 1, '"', "the quote that opens here is never closed"],
    ["[1, 2;", 1, "[", "this [ is never closed"],
    ["1, 2]", 1, "]", "nothing is open that this ] could close"],
  ])("says where %j is half typed", (content, line, at, sentence) => {
    const parsed = parse(json(content));
    expect(parsed.ok).toBe(false);
    const [problem] = parsed.problems;
    expect(problem.line).toBe(line);
    expect(content.slice(problem.span!.start, problem.span!.end)).toBe(at);
    expect(sentences(json(content))[0]).toContain(sentence);
  });

  it("refuses three dimensions with the remedy", () => {
    expect(sentences(json("[[[1, 2]], [[3, 4]]]"))[0]).toContain("x.reshape(len(x), -1)");
  });
});

describe("Python", () => {
  it("reads lists, tuples and assignments", () => {
    expect(columns(python("heights = [1.70, 1.82, 1.65]"))).toEqual({ heights: [1.7, 1.82, 1.65] });
    expect(columns(python("points = [(1, 2), (3, 4),]  # two"))).toEqual({ "column 1": [1, 3], "column 2": [2, 4] });
    expect(columns(python("(1, 2, None, float('nan'), 1_000)"))).toEqual({ value: [1, 2, nan, nan, 1000] });
    expect(columns(python("a = [1, 2]\nb: list[float] = [3, 4]\n"))).toEqual({ a: [1, 2], b: [3, 4] });
  });

  it("reads arrays, tensors and frames", () => {
    expect(columns(python("x = np.array([[1., 2.],\n              [3., np.nan]], dtype=np.float32)"))).toEqual({ "column 1": [1, 3], "column 2": [2, nan] });
    expect(columns(python("tensor([1.5, 2.5], device='cuda:0', grad_fn=<AddBackward0>)"))).toEqual({ value: [1.5, 2.5] });
    expect(columns(python('df = pd.DataFrame({"a": [1, 2], "b": [3, 4]}, index=[7, 8])'))).toEqual({ a: [1, 2], b: [3, 4] });
    expect(columns(python('pd.DataFrame(index=[7, 8], data={"a": [1, 2]})'))).toEqual({ a: [1, 2] });
    expect(columns(python("[np.float64(1.5), np.float64(-2.5)]"))).toEqual({ value: [1.5, -2.5] });
    expect(columns(text("Out[3]: array([1, 2, 3])"))).toEqual({ value: [1, 2, 3] });
    expect(columns(text("x <- c(1, 2, 3)", [], "r", "x.R"))).toEqual({ x: [1, 2, 3] });
  });

  it("reads what numpy prints", () => {
    expect(columns(text("[[ 1.   -2.5 ]\n [ 3.e+00 nan]\n [inf 5.]]"))).toEqual({ "column 1": [1, 3, nan], "column 2": [-2.5, nan, 5] });
    expect(columns(text("[1. 2. 3.\n 4. 5.]"))).toEqual({ value: [1, 2, 3, 4, 5] });
    expect(columns(text("array([[1, 2],\n       [3, 4]])"))).toEqual({ "column 1": [1, 3], "column 2": [2, 4] });
  });

  it("reads rows divided by semicolons", () => {
    expect(columns(text("A = [1 2; 3 4;\n 5 6;]", [], "matlab", "a.m"))).toEqual({ "column 1": [1, 3, 5], "column 2": [2, 4, 6] });
    expect(columns(text("x = [1; 2; 3]", [], "julia", "a.jl"))).toEqual({ x: [1, 2, 3] });
  });

  it("says what to do when a print is cut", () => {
    const source = text("[0. 1. 2. ... 997. 998. 999.]");
    const [problem] = parse(source).problems;
    expect(source.text.slice(problem.span!.start, problem.span!.end)).toBe("...");
    expect(sentences(source)).toEqual([
      "error: Line 1: numpy left numbers out here (...). Print with np.set_printoptions(threshold=sys.maxsize), or save the array as .npy.",
    ]);
    expect(sentences(text("tensor([0., 1., ..., 9.])"))[0]).toContain("torch.set_printoptions(profile=\"full\")");
  });

  it("does not compute, and says so", () => {
    expect(sentences(python("np.array([1, 2, 3, 4]).reshape(2, 2)"))).toEqual([
      "warning: Line 1: “.reshape(2, 2)” was not computed; the numbers are used as they are written.",
    ]);
    expect(Array.from(table(python("[1, 1/3, 2 * 4, 5, 6]")).columns[0].codes!)).toEqual([0, 2, 2, 0, 0]);
    expect(sentences(python("[[1, 2] * 3, [3, 4]]"))[0]).toContain("can't be computed here");
  });

  it("finds short lists between statements, and under a name", () => {
    expect(columns(python("import numpy as np\na = [1, 2, 3]\nprint(a)\n"))).toEqual({ a: [1, 2, 3] });
    expect(columns(text("values: [1, 2, 3]", [], "yaml", "a.yml"))).toEqual({ values: [1, 2, 3] });
  });

  it("takes the largest list of a program", () => {
    const source = python("import numpy as np\nsmall = [1, 2, 3, 4, 5, 6, 7, 8]\nbig = np.array([1, 2, 3, 4, 5, 6, 7, 8, 9])\nprint(big.mean())\n");
    expect(columns(source)).toEqual({ big: [1, 2, 3, 4, 5, 6, 7, 8, 9] });
    expect(sentences(source)).toEqual(["info: The numbers that begin in line 3 were read. Select others to read those."]);
  });

  it("does not speak of others where there are none", () => {
    const rows = ["| 1 | 2 |", "| 3 | 4 |", "| 5 | 7 |"].join("\n");
    const table = text(`# Rain\n\n| a | b |\n|---|---|\n${rows}\n\nThat was all.\n`, [], "markdown", "rain.md");
    expect(columns(table)).toEqual({ a: [1, 3, 5], b: [2, 4, 7] });
    expect(sentences(table)).toEqual([]);
    expect(sentences(text(`# Rain of 2024\n\n| a | b |\n|---|---|\n${rows}\n`, [], "markdown", "rain.md"))).toHaveLength(1);
  });
});

describe("one table within nested objects", () => {
  const json = (value: unknown) => text(JSON.stringify(value), [], "json", "data.json");

  it("is read, and its path is told", () => {
    const source = json({ data: { points: [{ x: 1, y: 2 }, { x: 3, y: 4 }, { x: 5, y: 7 }] } });
    expect(columns(source)).toEqual({ x: [1, 3, 5], y: [2, 4, 7] });
    expect(sentences(source)).toEqual(["info: The rows of “data.points” in line 1 were read."]);
    expect(columns(json({ meta: { version: 2 }, data: { inner: { points: [[1, 2], [3, 4]] } } }))).toEqual({ "column 1": [1, 3], "column 2": [2, 4] });
  });

  it("is not taken from records that hold lists, nor from one of several", () => {
    expect(columns(json({ a: { x: 1, y: 2 }, b: { x: 3, y: 4 } }))).toEqual({ x: [1, 3], y: [2, 4] });
    expect(sentences(json({ a: { p: [[1, 2], [3, 4]] }, b: { p: [[5, 6], [7, 8]] } })).join()).not.toContain("The rows of");
  });
});
