import * as fc from "../../support/fastCheck.js";
import { describe, expect, it } from "vitest";
import { cell, readCell } from "../../../src/core/formats/cell.js";
import { charsOf, scanned, scanNumber } from "../../../src/core/formats/number.js";
import { Cell } from "../../../src/core/formats/table.js";

function scan(text: string): { value: number; end: number } {
  const chars = charsOf(text);
  const end = scanNumber(chars, 0, chars.length);
  return { value: scanned.value, end };
}

function read(text: string, decimal = 46, group = 0): { code: number; value: number } {
  const chars = charsOf(text);
  const code = readCell(chars, 0, chars.length, { decimal, group });
  return { code, value: cell.value };
}

describe("scanNumber", () => {
  it("gives what Number gives, for any double in any notation", () => {
    const notations = [
      (x: number) => String(x),
      (x: number) => x.toExponential(),
      (x: number) => x.toPrecision(17),
      (x: number) => x.toPrecision(21),
      (x: number) => x.toFixed(4),
    ];
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.nat(notations.length - 1), (x, k) => {
        const text = notations[k](x);
        const { value, end } = scan(text);
        expect(end).toBe(text.length);
        expect(value).toBe(Number(text));
      }),
      { numRuns: 3000 },
    );
  });

  it("gives what Number gives, for any digits and exponent", () => {
    const digits = fc.string({ unit: fc.constantFrom(..."0123456789"), minLength: 1, maxLength: 24 });
    fc.assert(
      fc.property(fc.constantFrom("", "-", "+"), digits, digits, fc.integer({ min: -340, max: 340 }), (sign, a, b, e) => {
        for (const text of [`${sign}${a}`, `${sign}${a}.${b}`, `${sign}.${b}e${e}`, `${sign}${a}.E${e}`]) {
          expect(scan(text)).toEqual({ value: Number(text), end: text.length });
        }
      }),
      { numRuns: 3000 },
    );
  });

  it("stops where the number stops", () => {
    expect(scan("1.5,2")).toEqual({ value: 1.5, end: 3 });
    expect(scan("1e")).toEqual({ value: 1, end: 1 });
    expect(scan("1e+x")).toEqual({ value: 1, end: 1 });
    expect(scan("\u22123")).toEqual({ value: -3, end: 2 });
    for (const text of ["", "-", ".", "+.", "e5", "x"]) expect(scan(text).end).toBe(-1);
  });
});

describe("readCell", () => {
  it("knows numbers", () => {
    const numbers: [string, number][] = [
      ["1e-3", 0.001], [".5", 0.5], ["5.", 5], ["+3", 3], ["\u22123", -3], ["1_000", 1000], [" 7 ", 7], ["1'234'567", 1234567], ["-1\u00a0234.5", -1234.5],
    ];
    for (const [text, value] of numbers) expect([text, read(text)]).toEqual([text, { code: Cell.ok, value }]);
  });

  it("knows missing values", () => {
    for (const text of ["", "  ", "NA", "N/A", "n/a", "NaN", "nan", "null", "NULL", "None", "-", "?", "<NA>", "#N/A", "NaT"]) {
      expect([text, read(text).code]).toEqual([text, Cell.missing]);
    }
  });

  it("knows infinite values", () => {
    expect(read("inf")).toEqual({ code: Cell.infinite, value: Infinity });
    expect(read("-Infinity")).toEqual({ code: Cell.infinite, value: -Infinity });
    expect(read("1e400")).toEqual({ code: Cell.infinite, value: Infinity });
    expect(read("1e-400")).toEqual({ code: Cell.ok, value: 0 });
    expect(read("1e308")).toEqual({ code: Cell.ok, value: 1e308 });
  });

  it("knows text", () => {
    for (const text of ["setosa", "1,234", "1 234", "12%", "2024-01-31", "1e", "1.2.3", "0x1f", "1__0", "in", "nan1"]) {
      expect([text, read(text).code]).toEqual([text, Cell.text]);
    }
  });

  it("takes the decimal comma and groups that it is told of", () => {
    expect(read("3,14", 44, 46)).toEqual({ code: Cell.ok, value: 3.14 });
    expect(read("1.234,5", 44, 46)).toEqual({ code: Cell.ok, value: 1234.5 });
    expect(read("1,234.5", 46, 44)).toEqual({ code: Cell.ok, value: 1234.5 });
    expect(read("1,23.5", 46, 44).code).toBe(Cell.text);
  });
});
