import { describe, expect, test } from "vitest";
import { titleFor } from "../../../src/extension/titles.js";

const base = "Mixture: iris.csv";
const title = (lines: string, taken: readonly string[], now?: string) => titleFor(base, () => lines, new Set(taken), now);

describe("the title of a panel", () => {
  test("is the source's name, and for further panels of it has the lines, then a number", () => {
    const first = title("2–51", []);
    const second = title("52–101", [first]);
    const third = title("52–101", [first, second]);
    expect([first, second, third]).toEqual([base, `${base}:52–101`, `${base}:52–101 (2)`]);
    expect(title("52–101", [first, second, third])).toBe(`${base}:52–101 (3)`);
    expect(title("", [first])).toBe(`${base} (2)`);
  });

  test("stays while it is true, and moves with the lines", () => {
    for (const now of [base, `${base}:2–51`, `${base}:2–51 (2)`]) expect(title("2–51", ["other"], now)).toBe(now);
    expect(title("3–52", [base], `${base}:2–51`)).toBe(`${base}:3–52`);
    expect(title("", [base], `${base} (2)`)).toBe(`${base} (2)`);
    expect(title("2–51", [base], base)).toBe(`${base}:2–51`);
  });

  test("follows the source's name", () => {
    expect(title("2–51", [], "Mixture: flowers.csv")).toBe(base);
    expect(title("2–51", [base], "Mixture: flowers.csv:2–51")).toBe(`${base}:2–51`);
  });

  test("does not work out the lines of an only panel", () => {
    const unasked = () => expect.fail("the lines were asked for");
    expect(titleFor(base, unasked, new Set())).toBe(base);
    expect(titleFor(base, unasked, new Set(["other"]), base)).toBe(base);
  });
});
