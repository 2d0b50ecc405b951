import { describe, expect, it } from "vitest";
import { numericLiterals } from "../../../src/core/formats/numericLiterals.js";

function found(content: string, languageId = "python"): [string, number, number, string][] {
  return numericLiterals(content, languageId).map(({ span, count, line, kind }) => [content.slice(span.start, span.end), count, line, kind]);
}
const eight = "1, 2, -3, .5, 5e-3, 6, 7, 8";

describe("numericLiterals", () => {
  it("finds lists of eight numbers or more", () => {
    expect(found(`a = 1\nx = [${eight}]\ny = [1, 2, 3]\nz = (${eight}, 9)\n`)).toEqual([
      [`[${eight}]`, 8, 2, "list"],
      [`(${eight}, 9)`, 9, 4, "list"],
    ]);
  });

  it("finds shorter ones where fewer numbers are wanted", () => {
    expect(numericLiterals("x = [1, 2, 3]\ny = [4, 5]", "python", 3).map(({ count, line }) => [count, line])).toEqual([[3, 1]]);
  });

  it("takes nested lists as one", () => {
    const nested = "[[1, 2, 3],\n [4, 5, 6],\n [7, 8, np.nan]]";
    expect(found(`x = np.array(${nested}, dtype=np.float64)`)).toEqual([[`np.array(${nested}, dtype=np.float64)`, 8, 1, "list"]]);
    expect(found(`f([${eight}], [${eight}])`).length).toBe(2);
    expect(found(`{"a": [${eight}], "b": [1]}`, "json")).toEqual([[`{"a": [${eight}], "b": [1]}`, 9, 1, "object"]]);
  });

  it("does not take code, strings or comments for literals", () => {
    expect(found(`x = [i * 2 for i in (1, 2, 3, 4, 5, 6, 7)]\n# [${eight}]\ns = "[${eight}]"\n`)).toEqual([]);
    expect(found(`function f() { a = 1; b = 2; return [${eight}]; } // [${eight}]`, "javascript")).toEqual([[`[${eight}]`, 8, 1, "list"]]);
    expect(found("x[1, 2, 3, 4, 5, 6, 7, 8 + y]")).toEqual([]);
  });

  it("takes what numpy prints, also when it is cut", () => {
    expect(found("[[1. 2. 3.]\n [4. 5. 6.]\n ...\n [7. 8. 9.]]", "plaintext")).toEqual([["[[1. 2. 3.]\n [4. 5. 6.]\n ...\n [7. 8. 9.]]", 9, 1, "list"]]);
    expect(found(`c(${eight})`, "r")).toEqual([[`c(${eight})`, 8, 1, "list"]]);
  });

  it("takes a delimited file as one, and tables in Markdown", () => {
    expect(found("x,y\n1,2\n3,4\n5,6\n7,8\n", "csv")).toEqual([["x,y\n1,2\n3,4\n5,6\n7,8\n", 8, 1, "table"]]);
    const tableText = "| x | y |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |\n| 5 | 6 |\n| 7 | 8 |";
    expect(found(`Don't.\n\n${tableText}\n\nEnd`, "markdown")).toEqual([[tableText, 8, 3, "table"]]);
    expect(found("1\n2\n3\n4\n5\n6\n7\n8\n9\n", "plaintext").length).toBe(1);
    expect(found("a story of 7 words and 1 number, then 8, 9, 10, 11, 12, 13, 14", "plaintext")).toEqual([]);
  });

  it("gives none for a very long text, and takes linear time for deep nesting", () => {
    expect(numericLiterals("1,".repeat(2_600_000), "csv")).toEqual([]);
    expect(found(`${"[".repeat(100000)}${eight}`)).toEqual([]);
    expect(found(`${"[".repeat(50000)}${eight}${"]".repeat(50000)}`).length).toBe(1);
  });
});
