import { describe, expect, it } from "vitest";
import { columns, parse, sentences, sliced, table, text } from "./helpers.js";

describe("what pandas prints", () => {
  it("reads a frame", () => {
    const source = text("   sepal length (cm)  petal width (cm) species\n0                5.1               0.2  setosa\n1                4.9              -0.2  setosa\n");
    expect(columns(source)).toEqual({ index: [0, 1], "sepal length (cm)": [5.1, 4.9], "petal width (cm)": [0.2, -0.2], species: [NaN, NaN] });
    expect(table(source).columns.map(({ numeric }) => numeric)).toEqual([false, true, true, false]);
    expect(sliced(source)["petal width (cm)"]).toEqual(["0.2", "-0.2"]);
    expect([...table(source).lines!]).toEqual([2, 3]);
  });

  it("reads the name of the index, and a footer", () => {
    const source = text("          a    b\nname            \nanna    1.0  2.0\nbert    3.0  NaN\n\n[2 rows x 2 columns]\n");
    expect(columns(source)).toEqual({ name: [NaN, NaN], a: [1, 3], b: [2, NaN] });
  });

  it("reads a frame printed in blocks", () => {
    const source = text("     a    b  \\\n0  1.0  2.0   \n1  3.0  4.0   \n\n     c  \n0  5.0  \n1  6.0  \n");
    expect(columns(source)).toEqual({ index: [0, 1], a: [1, 3], b: [2, 4], c: [5, 6] });
  });

  it("reads a series", () => {
    const source = text("0    1.5\n1    2.5\n2   -3.0\nName: price, Length: 3, dtype: float64\n");
    expect(columns(source)).toEqual({ index: [0, 1, 2], price: [1.5, 2.5, -3] });
    expect(table(source).columns.map(({ numeric }) => numeric)).toEqual([false, true]);
  });

  it("says what to do when it is cut", () => {
    expect(sentences(text("      a    b\n0   1.0  2.0\n..  ...  ...\n99  3.0  4.0\n\n[100 rows x 2 columns]"))[0]).toContain('pd.set_option("display.max_rows", None)');
    expect(sentences(text("     a  ...    z\n0  1.0  ...  2.0\n1  3.0  ...  4.0\n\n[2 rows x 26 columns]"))[0]).toContain('pd.set_option("display.max_columns", None)');
    expect(sentences(text("0     1.0\n     ... \n99    2.0\nName: a, Length: 100, dtype: float64"))[0]).toContain("df.to_csv");
  });
});

it("does not read the blocks of a wide frame as one when they don't fit together", () => {
  const wide = "     a   b  \\\n0  1.5   2   \n1  3.5   4   \n\n     c   d  \n0  7.5   8  \n1  9.5  10  \n";
  expect(columns(text(wide))).toEqual({ index: [0, 1], a: [1.5, 3.5], b: [2, 4], c: [7.5, 9.5], d: [8, 10] });
  const cut = wide.slice(0, wide.lastIndexOf("\n1 "));
  expect(parse(text(cut)).ok).toBe(false);
  expect(sentences(text(cut))[0]).toMatch(/^error: Line 1: pandas printed the columns in several blocks.*display\.width/);
});

describe("Markdown tables", () => {
  it("reads the numbers that are emphasised", () => {
    const source = text("| name | x | y |\n|---|---|---|\n| **a** | **1.5** | `2` |\n| b | *3* | ** |\n| c | 5 | ~~4~~ |\n", [], "markdown", "notes.md");
    expect(columns(source)).toEqual({ name: [NaN, NaN, NaN], x: [1.5, 3, 5], y: [2, NaN, 4] });
    expect(sliced(source).x).toEqual(["1.5", "3", "5"]);
    expect(columns(text("a,b\n**1**,2\n3,4\n5,6\n", [], "csv", "a.csv")).a[0]).toBeNaN();
  });

  it("reads one with its rule and outer pipes", () => {
    const source = text("# Notes\n\nSome words here.\n\n| x | y |\n|---|--:|\n| 1 | 2 |\n| 3 | 4 |\n| 5 | 6 |\n| 7 | 8 |\n\nMore words, and 3 numbers 4 5.\n", [], "markdown", "notes.md");
    expect(columns(source)).toEqual({ x: [1, 3, 5, 7], y: [2, 4, 6, 8] });
    expect([...table(source).lines!]).toEqual([7, 8, 9, 10]);
    expect(sliced(source)).toEqual({ x: ["1", "3", "5", "7"], y: ["2", "4", "6", "8"] });
  });

  it("reads one alone, with empty cells and a frame", () => {
    expect(columns(text("| a | b |\n|:--|:-:|\n| 1 |   |\n| 2 | 3 |"))).toEqual({ a: [1, 2], b: [NaN, 3] });
    expect(columns(text("+---+---+\n| a | b |\n+---+---+\n| 1 | 2 |\n| 3 | 4 |\n+---+---+"))).toEqual({ a: [1, 3], b: [2, 4] });
  });
});

describe("a vector that R prints", () => {
  const print = " [1] 1.2 3.4 -5.0  NA\n [5] 5.6 7.8 9e3 0.1\n [9] 2.5\n";

  it("is one column without the indices", () => {
    for (const languageId of ["plaintext", "r"]) expect(columns(text(print, [], languageId))).toEqual({ value: [1.2, 3.4, -5, NaN, 5.6, 7.8, 9000, 0.1, 2.5] });
    expect(columns(text("[1] 1.5 2.5\n"))).toEqual({ value: [1.5, 2.5] });
    expect(Array.from(table(text(print)).lines!)).toEqual([1, 1, 1, 1, 2, 2, 2, 2, 3]);
  });

  it("is told from lists whose first number is in brackets", () => {
    expect(Object.values(columns(text("[1, 2]\n[3, 4]\n")))).toEqual([[1, 3], [2, 4]]);
  });

  it("may be selected in part", () => {
    const from = print.indexOf(" [5]");
    expect(columns(text(print, [{ start: from, end: print.length }]))).toEqual({ value: [5.6, 7.8, 9000, 0.1, 2.5] });
  });
});
