import { describe, expect, it } from "vitest";
import { Cell } from "../../../src/core/formats/table.js";
import { columns, file, marked, parse, sentences, table, text } from "./helpers.js";

describe("decimal commas and thousands", () => {
  it("reads decimal commas where the separator is another", () => {
    expect(columns(text("x;y\n1,5;2\n-3,25;,5\n"))).toEqual({ x: [1.5, -3.25], y: [2, 0.5] });
    expect(columns(text("x\ty\n1,5\t2,25\n3,5\t4,75\n"))).toEqual({ x: [1.5, 3.5], y: [2.25, 4.75] });
    expect(columns(text('x,y\n"1,5",2\n"3,5",4\n'))).toEqual({ x: [1.5, 3.5], y: [2, 4] });
    expect(columns(text("x;y\n1.234,5;1\n2,5;3\n"))).toEqual({ x: [1234.5, 2.5], y: [1, 3] });
  });

  it("reads thousands where they are unmistakable", () => {
    expect(columns(text('x,y\n"1,234.5",2\n"12,345,678",4\n'))).toEqual({ x: [1234.5, 12345678], y: [2, 4] });
    expect(columns(text("x;y\n1,234.5;2\n12,345;4\n"))).toEqual({ x: [1234.5, 12345], y: [2, 4] });
  });

  it("says how it read what is ambiguous", () => {
    expect(columns(text("x;y\n1,234;2\n5;6\n"))).toEqual({ x: [1.234, 5], y: [2, 6] });
    expect(sentences(text("x;y\n1,234;2\n5;6\n"))).toEqual([
      "warning: Line 2: 1,234 was read as 1.234, with a decimal comma. If the comma is between thousands, leave it out.",
    ]);
    expect(columns(text('x,y\n"1,234",2\n5,6\n'))).toEqual({ x: [1234, 5], y: [2, 6] });
  });
});

describe("headers", () => {
  it("are told from data", () => {
    expect(columns(text("5.1,3.5,setosa\n4.9,3.0,setosa\n"))).toEqual({ "column 1": [5.1, 4.9], "column 2": [3.5, 3], "column 3": [NaN, NaN] });
    expect(columns(text("NA,setosa\n4.9,setosa\n5.0,setosa\n"))).toEqual({ "column 1": [NaN, 4.9, 5], "column 2": [NaN, NaN, NaN] });
    expect(columns(text(",setosa\n4.9,setosa\n5.0,setosa\n"))).toEqual({ "column 1": [NaN, 4.9, 5], "column 2": [NaN, NaN, NaN] });
    expect(columns(text(",species\n1.5,setosa\n4.9,virginica\n"))).toEqual({ "column 1": [1.5, 4.9], species: [NaN, NaN] });
  });

  it("may lack the name of the row labels, or count", () => {
    expect(columns(text('"x" "y"\n"1" 5 6\n"2" 7 8\n'))).toEqual({ row: [1, 2], x: [5, 7], y: [6, 8] });
    expect(columns(text(",0,1\n0,5,6\n1,7,9\n"))).toEqual({ "column 1": [0, 1], "0": [5, 7], "1": [6, 9] });
    expect(sentences(text(",0,1\n0,5,6\n1,7,9\n"))).toEqual(["info: Line 1 counts 0, 1, 2 … and was read as the names of the columns."]);
  });

  it("may be a comment, as numpy writes it", () => {
    expect(columns(text("# x y\n1 2\n3 4\n"))).toEqual({ x: [1, 3], y: [2, 4] });
  });

  it("may begin with a number sign, and stand below titles", () => {
    expect(columns(text("#,x\n1,5\n2,7\n"))).toEqual({ "#": [1, 2], x: [5, 7] });
    expect(columns(text("Measured by Anderson\n\nx,y\n1,2\n3,4\n"))).toEqual({ x: [1, 3], y: [2, 4] });
    expect(sentences(text("Measured by Anderson\n\nx,y\n1,2\n3,4\n"))).toEqual(["info: Line 1 was left out: the table begins in line 3."]);
  });

  it("get numbers where names repeat", () => {
    expect(Object.keys(columns(text("a,a,b,\n1,2,3,4\n5,6,7,8\n")))).toEqual(["a", "a (2)", "b", "column 4"]);
  });
});

describe("preselection", () => {
  const preselected = (content: string) => table(text(content)).columns.filter(({ numeric }) => numeric).map(({ name }) => name);

  it("leaves out bare counters and text", () => {
    expect(preselected("id,x,kind\n1,5,a\n2,7,b\n3,1,c\n")).toEqual(["x"]);
    expect(preselected(",x\n0,5\n1,7\n2,1\n")).toEqual(["x"]);
    expect(preselected("id,x\n10,5\n20,7\n30,1\n")).toEqual(["id", "x"]);
    expect(preselected("n,x\n1,5\n2,7\n3,1\n")).toEqual(["n", "x"]);
    expect(preselected("id\n1\n2\n3\n")).toEqual(["id"]);
  });

  it("wants at least half of the present cells to be numbers", () => {
    expect(preselected("a,b,c\n1,2,3\nx,NA,y\n2,NA,z\n")).toEqual(["a", "b"]);
  });
});

describe("cells that are no numbers", () => {
  it("have their reasons and spans", () => {
    const content = "a,b,c\n1,2,3\n4,,x\n5,inf\n6,7,8,9\n";
    const read = table(text(content));
    expect(read.columns.map(({ codes }) => codes && [...codes])).toEqual([
      null,
      [Cell.ok, Cell.missing, Cell.infinite, Cell.ok],
      [Cell.ok, Cell.text, Cell.ragged, Cell.ok],
    ]);
    expect(sentences(text(content))).toEqual(["warning: Line 5 has more cells (4) than there are columns (3); those behind were left out."]);
    const { spans } = read.columns[2];
    expect(content.slice(spans![2], spans![3])).toBe("x");
    expect(content.slice(spans![4], spans![5])).toBe("");
  });

  it("counts comments with numbers", () => {
    const content = "x,y\n1,2\n# 3,4\n# remark\n#5,6\n7,8\n";
    expect(columns(text(content))).toEqual({ x: [1, 7], y: [2, 8] });
    expect(sentences(text(content))).toEqual(["info: Comment lines (#) were left out; 2 of them hold numbers, the first is line 3."]);
  });

  it("keeps the trailing empty cell of a row, and drops a column that is empty throughout", () => {
    expect(columns(text("a,b\n1,2\n3,\n5,6"))).toEqual({ a: [1, 3, 5], b: [2, NaN, 6] });
    expect(columns(text("1,2,\n3,4,\n"))).toEqual({ "column 1": [1, 3], "column 2": [2, 4] });
    expect([...table(text("a,b\n1,2\n3,")).columns[1].codes!]).toEqual([Cell.ok, Cell.missing]);
  });
});

describe("what is no table", () => {
  it.each([
    ["no numbers", "alpha, beta\ngamma, delta\n", "has no numbers here"],
    ["one number", "42", "has only one number here"],
    ["infinite numbers", "inf\n-inf\n1e999\n", "has no finite numbers here"],
    ["blanks", " \n\t\n", "is empty"],
    ["binary data", "PK\u0003\u0004\u0000\u0000\u0000abc", "holds binary data"],
  ])("%s", (_, content, sentence) => {
    expect(parse(text(content)).ok).toBe(false);
    expect(sentences(text(content))[0]).toContain(sentence);
  });

  it("says which kind of binary file it is", () => {
    expect(sentences(file("a.csv", Uint8Array.of(0x50, 0x4b, 3, 4, 20, 0, 6, 0)))[0]).toContain("save the sheet as CSV");
    expect(sentences(file("a.csv", Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0)))[0]).toContain("ending .npy");
    expect(sentences(file("a.csv", new Uint8Array(0)))).toEqual(["error: a.csv is empty. Open a file with numbers, or type some."]);
  });

  it("reads 10,000 columns and refuses 30,000 with their number", () => {
    const line = (n: number) => Array.from({ length: n }, (_, i) => i % 7).join(",");
    expect(table(text(`${line(10000)}\n${line(10000)}\n`)).columns.length).toBe(10000);
    expect(sentences(text(`${line(30000)}\n${line(30000)}\n`))).toEqual([
      "error: Line 1 has 30000 columns; at most 20000 can be read. Transpose the table, or keep fewer columns.",
    ]);
    expect(table(text(line(1000000))).rows).toBe(1000000);
  });
});

describe("encodings", () => {
  it("reads UTF-16 with a byte order mark", () => {
    const codes = [..."\ufeffx,y\n1,2\n3,4\n"].map((char) => char.charCodeAt(0));
    const little = Uint8Array.from(codes.flatMap((code) => [code & 255, code >> 8]));
    const big = Uint8Array.from(codes.flatMap((code) => [code >> 8, code & 255]));
    for (const bytes of [little, big]) expect(columns(file("a.csv", bytes))).toEqual({ x: [1, 3], y: [2, 4] });
  });

  it("reads names in UTF-8 and bytes that are none", () => {
    expect(columns(file("a.csv", "花瓣长,𝑥\n1,2\n3,4\n"))).toEqual({ 花瓣长: [1, 3], 𝑥: [2, 4] });
    expect(columns(file("a.csv", Uint8Array.from([..."l\u00e4nge,y\n1,2\n3,4\n"].map((char) => char.charCodeAt(0)))))).toEqual({ länge: [1, 3], y: [2, 4] });
  });
});

describe("a separator", () => {
  it("that Excel's first line names is used, and the line is no row", () => {
    for (const end of ["\n", "\r\n"]) {
      const content = ["sep=;", "x;y", "1,5;2", "3,5;4", ""].join(end);
      expect(columns(text(content))).toEqual({ x: [1.5, 3.5], y: [2, 4] });
      expect(columns(file("data.csv", content))).toEqual({ x: [1.5, 3.5], y: [2, 4] });
      expect(Array.from(table(text(content)).lines!)).toEqual([3, 4]);
    }
    // The names of the columns decide for the semicolon on their own; here only the first line does.
    expect(columns(text("sep=|\n1,2|3\n4,5|6\n"))).toEqual({ "column 1": [1.2, 4.5], "column 2": [3, 6] });
    expect(columns(marked("sep=;\n1;2\n«3;4\n5;6»\n"))).toEqual({ "column 1": [3, 5], "column 2": [4, 6] });
  });

  it("may be the full-width comma where every line agrees", () => {
    expect(columns(text("x，y\n1.5，2\n3.5，4\n"))).toEqual({ x: [1.5, 3.5], y: [2, 4] });
    expect(columns(text("a,b\n1,甲，乙\n2,丙，丁\n"))).toEqual({ a: [1, 2], b: [NaN, NaN] });
    expect(columns(text("1\n2\n3，4\n5\n"))).toEqual({ value: [1, 2, NaN, 5] });
  });

  it("in a Markdown cell is written with a backslash", () => {
    const source = text("| P(a \\| b) | n |\n|---|---|\n| 0.5 | 1 |\n| x \\| y | 2 |\n| 0.25 | 3 |\n", [], "markdown", "notes.md");
    expect(columns(source)).toEqual({ "P(a | b)": [0.5, NaN, 0.25], n: [1, 2, 3] });
    expect(sentences(source).join()).not.toContain("more cells");
    expect(Object.keys(columns(text("a\\|b,n\n1,2\n3,4\n")))).toEqual(["a\\|b", "n"]);
  });
});
