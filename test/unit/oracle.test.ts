import path from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { compare } from "../oracle/compare.js";
import { operationOf, runCase, selectCases } from "../oracle/runner.js";

const fixtures = path.join(path.dirname(fileURLToPath(import.meta.url)), "../fixtures/oracle");
const cases = selectCases(fixtures);
const implemented = cases.filter(({ oracleCase }) => operationOf(oracleCase).operation);
const named = implemented.map((selected) => ({ selected, name: `${selected.file.name}: ${selected.oracleCase.case}` }));

describe("reference values", () => {
  test("are there", () => {
    expect(implemented.length).toBeGreaterThan(110);
  });

  test.each(named)("$name", ({ selected }) => {
    const outcome = runCase(selected);
    expect(outcome.kind === "failed" ? outcome.reason : outcome.kind).toBe("passed");
  });
});

describe("the runner", () => {
  const [first] = selectCases(fixtures, "gmm");
  const changed = (expected: object, op = first.oracleCase.op) =>
    runCase({ file: first.file, oracleCase: { ...first.oracleCase, op, expected: { ...first.oracleCase.expected, ...expected } } });

  test("fails a case whose numbers differ, and says where and by how much", () => {
    const outcome = changed({ iterations: 13 });
    expect(outcome).toMatchObject({ kind: "failed" });
    expect(outcome.kind === "failed" && outcome.reason).toMatch(/^iterations differs by 7\.69e-2 .*got 12, want 13/);
  });

  test("fails a case that should have been refused, and one with nothing to check", () => {
    expect(changed({ error: "no" })).toMatchObject({ kind: "failed" });
    expect(runCase({ file: first.file, oracleCase: { ...first.oracleCase, expected: { unheard_of: 1 } } })).toMatchObject({ kind: "failed" });
  });

  test("names what nobody implements", () => {
    expect(changed({}, "knitting.purl")).toEqual({ kind: "not implemented", name: "knitting.purl" });
    expect(changed({}, "constructor")).toEqual({ kind: "not implemented", name: "constructor" });
  });

  test("keeps the cases of a topic", () => {
    expect(selectCases(fixtures, "gmm").length).toBeGreaterThan(90);
    expect(selectCases(fixtures, "knitting")).toEqual([]);
  });

  test("compares within the tolerance, relative above 1, and everything else exactly", () => {
    const within = (tolerance: number) => () => tolerance;
    expect(compare([1.04, 202], [1, 210], within(0.05))).toEqual([]);
    expect(compare({ a: [1, 2.1] }, { a: [1, 2] }, within(0.01)).map(({ at }) => at)).toEqual(["a[1]"]);
    expect(compare([1], [1, 2], within(1))).toHaveLength(1);
    expect(compare("x", "y", within(1))).toHaveLength(1);
    expect(compare(NaN, "NaN", within(0))).toEqual([]);
    expect(compare(NaN, 1, within(1))).toHaveLength(1);
    expect(compare(1, "Infinity", within(1))).toHaveLength(1);
    expect(compare(true, 1, within(1))).toHaveLength(1);
  });
});
