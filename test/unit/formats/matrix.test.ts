import { beforeAll, describe, expect, it, vi } from "vitest";
import { format } from "../../../src/core/contract/index.js";
import { readFormulas } from "../../../src/core/expressions/formulas.js";
import { rowsReport } from "../../../src/core/formats/rowsReport.js";
import { selectMatrix, type Selected } from "../../../src/core/formats/selectMatrix.js";
import type { Table } from "../../../src/core/formats/table.js";
import { finish, table, text } from "./helpers.js";

beforeAll(readFormulas);

const iris = () => table(text("petal length (cm),petal width,kind\n1.4,0.2,a\n,0.3,a\n1.5,NA,b\n1.6,inf,b\n1.7,oops,b\n1.8\n1.9,0.4,a\n"));

function select(from: Table, columns: string[] = [], computed: { name: string; expression: string }[] = []): Selected {
  return finish(selectMatrix(from, { columns, computed }));
}

function matrix(...args: Parameters<typeof select>) {
  const selected = select(...args);
  if (!selected.ok) throw new Error(format(selected.problems[0].message));
  return selected.matrix;
}

function refusal(...args: Parameters<typeof select>): string {
  const selected = select(...args);
  if (selected.ok) throw new Error("There is a matrix.");
  return format(selected.problems[0].message);
}

describe("selectMatrix", () => {
  it("shares the columns when no row is left out", () => {
    const from = table(text("x,y\n1,2\n3,4\n"));
    const { columns, rows, n, total, skipped } = matrix(from);
    expect(columns[0]).toBe(from.columns[0].values);
    expect(columns[1]).toBe(from.columns[1].values);
    expect([rows, n, total, skipped]).toEqual([null, 2, 2, []]);
  });

  it("leaves out rows without a number, by reason", () => {
    const { names, columns, rows, n, total, skipped } = matrix(iris());
    expect(names).toEqual(["petal length (cm)", "petal width"]);
    expect(columns.map((column) => [...column])).toEqual([[1.4, 1.9], [0.2, 0.4]]);
    expect([[...rows!], n, total]).toEqual([[0, 6], 2, 7]);
    expect(skipped.map(({ code, count, columns: names, lines }) => [code, count, names, [...lines]])).toEqual([
      [1, 2, ["petal length (cm)", "petal width"], [3, 4]],
      [2, 1, ["petal width"], [6]],
      [3, 1, ["petal width"], [7]],
      [4, 1, ["petal width"], [5]],
    ]);
  });

  it("says which rows are left out and why", () => {
    const chosen = matrix(iris());
    const { summary, problems } = rowsReport(chosen);
    expect(format(summary)).toBe("2 of 7 rows");
    expect(problems.map(({ message }) => format(message))).toEqual([
      "2 rows left out: no value in petal length (cm), petal width, lines 3, 4.",
      "1 row left out: text instead of a number in petal width, line 6.",
      "1 row left out: the row ends before petal width, line 7.",
      "1 row left out: an infinite value, or one too large for a double, in petal width, line 5.",
    ]);
    expect(problems[1].span).toEqual({ start: 75, end: 79 });
    expect(problems[1].line).toBe(6);
  });

  it("gives the first lacking column as the reason of a row", () => {
    const from = table(text("x,y\n1,2\nNA,oops\n3,4\noops,NA\n5,6\n"));
    const reasons = (names: string[]) => matrix(from, names).skipped.map(({ code, columns, lines }) => [code, columns, [...lines]]);
    expect(reasons(["x", "y"])).toEqual([[1, ["x"], [3]], [2, ["x"], [5]]]);
    expect(reasons(["y", "x"])).toEqual([[1, ["y"], [5]], [2, ["y"], [3]]]);
  });

  it("names five lines in a sentence", () => {
    const from = table(text(`x,y\n${"1,NA\n".repeat(6)}1,2\n3,4\n`));
    expect(format(rowsReport(matrix(from, ["x", "y"])).problems[0].message)).toBe("6 rows left out: no value in y, lines 2, 3, 4, 5, 6 and more.");
    expect(rowsReport(matrix(from, ["x", "y"])).problems[0].line).toBe(2);
    // The rows of a binary file have numbers, but there is no line to go to.
    const [binary] = rowsReport(matrix(from, ["x", "y"]), false).problems;
    expect([format(binary.message), binary.line]).toEqual(["6 rows left out: no value in y, rows 2, 3, 4, 5, 6 and more.", undefined]);
  });

  it("names a hundred lines at most", () => {
    const from = table(text(`x,y\n${"1,NA\n".repeat(250)}1,2\n3,4\n`));
    const [skipped] = matrix(from, ["x", "y"]).skipped;
    expect([skipped.count, skipped.lines.length, skipped.spans!.length, skipped.lines[99]]).toEqual([250, 100, 200, 101]);
  });

  it("takes columns in the order wanted, once each", () => {
    expect(matrix(table(text("x,y\n1,2\n3,4\n")), ["y", "x", "y"]).names).toEqual(["y", "x"]);
  });

  it("refuses what is not there", () => {
    expect(refusal(iris(), ["petal"])).toBe("There is no column “petal”. There are: petal length (cm), petal width, kind.");
    expect(refusal(iris(), ["kind"])).toBe("No row has a number in each of the chosen columns: kind. Choose other columns, or fill the gaps.");
    expect(refusal(table(text("a\nx\ny\n1\nz\n2\nw\n")))).toContain("No column is mostly numbers");
  });
});

describe("computed columns", () => {
  it("wait for what compiles formulas, which others do not", async () => {
    vi.resetModules();
    const fresh = (await import("../../../src/core/formats/selectMatrix.js")).selectMatrix;
    const ab = table(text("a,b\n1,5\n3,4\n"));
    expect(fresh(ab, { columns: [], computed: [] }).next().done).toBe(true);
    const steps = fresh(ab, { columns: ["s"], computed: [{ name: "s", expression: "a + b" }] });
    const first = steps.next();
    if (first.done) throw new Error("It did not wait.");
    await first.value.until;
    expect(steps.next()).toMatchObject({ done: true, value: { ok: true, matrix: { columns: [Float64Array.of(6, 7)] } } });
  });

  const numbers = () => table(text("a,b,petal length (cm),花瓣长,log\n1,2,10,7,5\n4,0,100,8,6\n-9,3,1000,9,4\n"));
  const compute = (expression: string) => [...matrix(numbers(), ["c"], [{ name: "c", expression }]).columns[0]];

  it("are arithmetic on columns, by name or alias", () => {
    expect(compute("a + 2 * b")).toEqual([5, 4, -3]);
    expect(compute("log10(petal_length_cm)").map((x) => Math.round(x * 1e12) / 1e12)).toEqual([1, 2, 3]);
    expect(compute("花瓣长 ^ 2")).toEqual([49, 64, 81]);
    expect(compute("log - 1")).toEqual([4, 5, 3]);
    expect(compute("a > 0 ? a : -a")).toEqual([1, 4, 9]);
    expect(compute("max(a, b) + abs(a)")).toEqual([3, 8, 12]);
    expect(compute("cbrt(a*0 + 27) + pi*0")).toEqual([3, 3, 3]);
  });

  it("give a reason where there is no real number", () => {
    const { columns, skipped } = matrix(numbers(), ["r", "q"], [{ name: "r", expression: "sqrt(a)" }, { name: "q", expression: "1 / b" }]);
    expect(columns.map((column) => [...column])).toEqual([[1], [0.5]]);
    expect(skipped.map(({ code, columns: names, lines }) => [code, names, [...lines]])).toEqual([[4, ["q"], [3]], [5, ["r"], [4]]]);
  });

  it("lack what their columns lack, for the same reason", () => {
    const from = table(text("a,b\n1,2\n,3\n4,x\n5,6\n"));
    const { skipped } = matrix(from, ["s"], [{ name: "s", expression: "a + b" }]);
    expect(skipped.map(({ code, lines }) => [code, [...lines]])).toEqual([[1, [3]], [2, [4]]]);
  });

  it("may use one another, and are taken with the preselected columns", () => {
    const computed = [{ name: "s", expression: "a + b" }, { name: "t", expression: "2 s" }];
    expect(matrix(table(text("a,b\n1,5\n3,4\n")), [], computed).names).toEqual(["a", "b", "s", "t"]);
    expect([...matrix(table(text("a,b\n1,5\n3,4\n")), ["t"], computed).columns[0]]).toEqual([12, 14]);
  });

  it.each([
    ["log(price", "ends too early"],
    ["log(price)", "There is no column “price” (character 5). There are: a, b, petal_length_cm (petal length (cm)), 花瓣长, log."],
    ["a + * b", "can't be understood at character 5"],
    ["foo(a)", "There is no function “foo” (character 1)"],
    ["1 + 1", "uses no column"],
    ["", "The formula is empty"],
    ["sqrt(a, b, a, b)", "can't be computed"],
  ])("explain %j", (expression, sentence) => {
    expect(refusal(numbers(), ["c"], [{ name: "c", expression }])).toContain(sentence);
  });

  it.each([
    'import({a: 1}, {override: true})', 'createUnit("foo")', 'evaluate("a")', 'parse("a")', 'simplify("a")', 'derivative("a", "a")',
    'resolve("a")', 'reviver("a", 1)', 'compile("a")', 'parser()', "help(a)", "config({})", "typed({})", "chain(a)",
    "a.constructor", 'a["constructor"]', "f(x) = a", "b = a", "a; b", "[a, b]", "{x: a}", "1:3 + a", 'cos.constructor("return 1")()',
    '"text" == a', "a'", "random() + a", "print(a)", "map(a, cos)",
  ])("do not run %j", (expression) => {
    expect(select(numbers(), ["c"], [{ name: "c", expression }]).ok).toBe(false);
  });

  it("need names of their own", () => {
    expect(refusal(numbers(), [], [{ name: "a", expression: "b" }])).toContain("two columns called “a”");
    expect(refusal(numbers(), [], [{ name: " ", expression: "b" }])).toContain("has no name");
  });
});
