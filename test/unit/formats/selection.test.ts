import { describe, expect, it } from "vitest";
import { columns, marked, parse, sentences, table, text } from "./helpers.js";

const csv = (content: string) => marked(content, "csv", "iris.csv");

describe("selections in a table", () => {
  it("takes whole rows, with the names from above", () => {
    const source = csv("x,y,kind\n1,2,a\n«3,4,b\n5,6,c\n»7,8,d\n");
    expect(columns(source)).toEqual({ x: [3, 5], y: [4, 6], kind: [NaN, NaN] });
    expect([...table(source).lines!]).toEqual([3, 4]);
    const { header, spans } = table(source).columns[0];
    expect([source.text.slice(header!.start, header!.end), source.text.slice(spans![0], spans![1])]).toEqual(["x", "3"]);
    expect(sentences(source)).toEqual([]);
  });

  it("takes a header that is selected", () => {
    expect(columns(csv("title\n«x,y\n1,2\n3,4»\n5,6\n"))).toEqual({ x: [1, 3], y: [2, 4] });
  });

  it("extends a stream selection to whole lines, and says so", () => {
    const source = csv("x,y\n1,«2\n3,4\n5»,6\n7,8\n");
    expect(columns(source)).toEqual({ x: [1, 3, 5], y: [2, 4, 6] });
    expect(sentences(source)).toEqual(["info: The selection begins or ends inside a line; the whole lines 2 to 4 were read."]);
  });

  it("takes the block of a box selection, with its names", () => {
    const source = csv("x,y,z\n1,«2,3»\n4,«5,6»\n7,«8,9»\n");
    expect(columns(source)).toEqual({ y: [2, 5, 8], z: [3, 6, 9] });
    expect(sentences(source)).toEqual([]);
  });

  it("takes columns that are not neighbours", () => {
    expect(columns(csv("x,y,z\n1«,2,»3\n4«,5,»6\n"))).toEqual({ y: [2, 5] });
    expect(columns(csv("x,y,z\n«1»,2,«3»\n«4»,5,«6»\n"))).toEqual({ x: [1, 4], z: [3, 6] });
  });

  it("takes the columns of most lines when a box is crooked", () => {
    const source = csv("x,y,z\n1.25,«2»,3\n4.5,«5»,6\n10,2«00»,7\n«8»,9,10\n");
    expect(columns(source)).toEqual({ y: [2, 5, 200, 9] });
    expect(sentences(source)).toEqual([
      "info: Line 4: the selection cuts the number 200; the whole number was read.",
      "info: In 1 of 4 lines the selection touches other columns than in the rest; the columns of the rest were read in all.",
    ]);
  });

  it("takes the part of a single line as a column", () => {
    expect(columns(csv("x,y,z\n1,«2,3»\n4,5,6\n"))).toEqual({ value: [2, 3] });
    expect(columns(csv("x,y,z\n1«2,3»4,5\n4,5,6\n"))).toEqual({ value: [12, 34] });
  });

  it("joins separate groups of lines", () => {
    const source = csv("x,y\n«1,2\n»3,4\n«5,6»\n7,8\n");
    expect(columns(source)).toEqual({ x: [1, 5], y: [2, 6] });
    expect([...table(source).lines!]).toEqual([2, 4]);
  });

  it("treats a caret as no selection", () => {
    expect(columns(csv("x,y\n1,«»2\n3,4\n"))).toEqual({ x: [1, 3], y: [2, 4] });
  });

  it("takes rows of a printed frame with the names above", () => {
    expect(columns(marked("     a    b\n0  1.0  2.0\n«1  3.0  4.0\n2  5.0  6.0»\n"))).toEqual({ index: [1, 2], a: [3, 5], b: [4, 6] });
    const frame = "   petal width (cm) species\n0               5.1  setosa\n«1               4.9  setosa\n2               4.7  setosa»\n";
    expect(columns(marked(frame))).toEqual({ index: [1, 2], "petal width (cm)": [4.9, 4.7], species: [NaN, NaN] });
  });

  it("takes rows whose cells have brackets", () => {
    expect(columns(csv('a,b\n«1,"[5,6]"\n2,"[7,8]"»\n'))).toEqual({ a: [1, 2], b: [NaN, NaN] });
  });

  it("reads far down in a long file", () => {
    const rows = Array.from({ length: 20000 }, (_, i) => `${i},${2 * i}`);
    const content = `x,y\n${rows.join("\n")}\n`;
    const start = content.indexOf("\n15000,") + 1;
    const source = text(content, [{ start, end: content.indexOf("\n15003,") }], "csv", "long.csv");
    expect(columns(source)).toEqual({ x: [15000, 15001, 15002], y: [30000, 30002, 30004] });
    expect([...table(source).lines!]).toEqual([15002, 15003, 15004]);
  });
});

describe("selections in lists", () => {
  const python = (content: string) => marked(content, "python", "a.py");

  it("takes the inner rows of a list", () => {
    expect(columns(python("x = [\n  [1, 2],\n«  [3, 4],\n  [5, 6],\n»  [7, 8],\n]\n"))).toEqual({ "column 1": [3, 5], "column 2": [4, 6] });
  });

  it("takes a part that begins and ends within lists", () => {
    expect(columns(python("x = [[1, 2], [«3, 4], [5, 6»]]"))).toEqual({ "column 1": [3, 5], "column 2": [4, 6] });
    expect(columns(python("x = [1, «2, 3, 4», 5]"))).toEqual({ value: [2, 3, 4] });
  });

  it("takes whole numbers, and says so", () => {
    const source = python("x = [1.25, 2«.5, 3, 14»5, 6]");
    expect(columns(source)).toEqual({ value: [2.5, 3, 145] });
    expect(sentences(source)).toEqual([
      "info: Line 1: the selection cuts the number 2.5; the whole number was read.",
      "info: Line 1: the selection cuts the number 145; the whole number was read.",
    ]);
  });

  it("takes one of several lists", () => {
    expect(columns(python("a = [1, 2]\n«b = [3, 4]»\n"))).toEqual({ b: [3, 4] });
  });
});

describe("selections without numbers", () => {
  it("says what to select", () => {
    const source = marked("A wo«r»d and more\nwords");
    const parsed = parse(source);
    expect(parsed.ok).toBe(false);
    expect(parsed.problems[0].span).toBeDefined();
    expect(sentences(source)[0]).toContain("Select");
  });

  it("says that one number is not enough, and where it is", () => {
    const source = csv("x,y\n1,«2»\n3,4\n");
    const [problem] = parse(source).problems;
    expect(problem).toMatchObject({ severity: "error", line: 2 });
    expect(source.text.slice(problem.span!.start, problem.span!.end)).toBe("2");
  });
});

describe("selections over very many blank lines", () => {
  // In time that grows with the square of their number, this would take minutes.
  it("are read", () => {
    for (const blank of ["\n", "\r\n", "  \n"]) {
      const gap = blank.repeat(200_000);
      expect(columns(csv(`x,y\n«1,2\n${gap}3,4\n5,6\n»`))).toEqual({ x: [1, 3, 5], y: [2, 4, 6] });
    }
  });
});
