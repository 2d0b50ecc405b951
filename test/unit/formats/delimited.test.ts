import { describe, expect, it } from "vitest";
import { columns, file, parse, sentences, sliced, table, text } from "./helpers.js";

const nan = NaN;

describe("separators", () => {
  it("reads commas with a header", () => {
    expect(columns(text("x,y\n1,2.5\n-3,4e2\n"))).toEqual({ x: [1, -3], y: [2.5, 400] });
  });

  it("reads tabs, semicolons, spaces and pipes", () => {
    expect(columns(text("x\ty\n1\t2\n3\t4"))).toEqual({ x: [1, 3], y: [2, 4] });
    expect(columns(text("x;y\n1;2\n3;4"))).toEqual({ x: [1, 3], y: [2, 4] });
    expect(columns(text("  x   y\n  1   2  \n 30   4"))).toEqual({ x: [1, 30], y: [2, 4] });
    expect(columns(text("x|y\n1|2\n3|4"))).toEqual({ x: [1, 3], y: [2, 4] });
  });

  it("reads all kinds of line breaks and a byte order mark", () => {
    for (const br of ["\n", "\r\n", "\r"]) {
      const read = table(text(["x,y", "1,2", "", "3,4", ""].join(br)));
      expect(read.columns.map(({ values }) => [...values])).toEqual([[1, 3], [2, 4]]);
      expect([...read.lines!]).toEqual([2, 4]);
    }
    expect(columns(text("\ufeffx,y\n1,2\n3,4"))).toEqual({ x: [1, 3], y: [2, 4] });
  });

  it("reads a plain column", () => {
    expect(columns(text("5.1\n4.9\n4.7\n"))).toEqual({ value: [5.1, 4.9, 4.7] });
    expect(columns(text("length\n5.1\n4.9\n"))).toEqual({ length: [5.1, 4.9] });
    expect(columns(text("petal length\n5.1\n4.9\n"))).toEqual({ "petal length": [5.1, 4.9] });
  });

  it("reads a single line as one column", () => {
    expect(columns(text("1, 2, 3"))).toEqual({ value: [1, 2, 3] });
    expect(columns(text("1 2 3\n"))).toEqual({ value: [1, 2, 3] });
    expect(columns(text("heights: 1 2 3\n"))).toEqual({ heights: [1, 2, 3] });
    expect([...table(text("\n\n1;2;3")).lines!]).toEqual([3, 3, 3]);
  });

  it("reads the same from bytes", () => {
    const content = 'name,x,y\r\n"a, ""b""",1,2\r\nü,−3,4\r\n';
    const fromText = table(text(content));
    const fromBytes = table(file("data.csv", content));
    expect(fromBytes.columns.map(({ name, values }) => [name, [...values]])).toEqual([["name", [nan, nan]], ["x", [1, -3]], ["y", [2, 4]]]);
    expect(fromText.columns.map(({ values }) => [...values])).toEqual(fromBytes.columns.map(({ values }) => [...values]));
    expect(fromBytes.spans).toBeNull();
    expect([...fromBytes.lines!]).toEqual([2, 3]);
  });
});

describe("long sources", () => {
  it("keep their lines where a line break lies across two windows", () => {
    // From the first row on, a carriage return is the last of the first 131,072 characters.
    const content = `x,y\r\n1000,2\r\n${"1,2\r\n".repeat(60000)}`;
    for (const source of [text(content), file("a.csv", content)]) {
      const { lines, rows } = table(source);
      expect([rows, lines![0], lines![59999], lines![60000]]).toEqual([60001, 2, 60001, 60002]);
    }
  });
});

describe("spans", () => {
  it("point at the cells and rows", () => {
    const source = text('a,b\n 1 ,"2"\n3,4\n');
    expect(sliced(source)).toEqual({ a: ["1", "3"], b: ["2", "4"] });
    const { spans, columns: [a] } = table(source);
    expect([0, 1].map((row) => source.text.slice(spans![2 * row], spans![2 * row + 1]))).toEqual(['1 ,"2', "3,4"]);
    expect(source.text.slice(a.header!.start, a.header!.end)).toBe("a");
  });
});

describe("problems", () => {
  it("names the line of a quote that is never closed", () => {
    const parsed = parse(text('a,b\n1,2\n3,"4\n5,6\n'));
    expect(parsed.ok).toBe(false);
    expect(parsed.problems[0]).toMatchObject({ severity: "error", line: 3, span: { start: 10, end: 11 } });
  });

  it("says that there is nothing", () => {
    expect(sentences(text(" \n"))).toEqual(["error: data.txt is empty. Open a file with numbers, or type some."]);
  });
});
