import * as fc from "../../support/fastCheck.js";
import { describe, expect, test } from "vitest";
import { allDigits, rounded, shortest } from "../../../src/core/formats/cellText.js";
import { bfloat16ToDouble, float8Table, halfTable } from "../../../src/core/formats/halfFloat.js";

describe("the shortest text of a number", () => {
  // As numpy prints them: str(np.float16(0.1)) and so on.
  test.each([
    [0.1, "float64", "0.1"],
    [Math.fround(0.1), "float32", "0.1"],
    [0.0999755859375, "float16", "0.1"],
    [Math.fround(16777216), "float32", "16777216.0"],
    [Math.fround(3.4028234663852886e38), "float32", "3.4028235e+38"],
    [65504, "float16", "65500.0"],
    [5.960464477539063e-8, "float16", "6e-8"],
    [-0, "float32", "-0.0"],
    [3, "bfloat16", "3.0"],
    [NaN, "float16", "nan"],
    [-Infinity, "float32", "-inf"],
    [1, "bool", "True"],
    [0, "bool", "False"],
    [-128, "int8", "-128"],
    [4294967295, "uint32", "4294967295"],
  ] as const)("%s as %s", (value, dtype, text) => {
    expect(shortest(value, dtype)).toBe(text);
  });

  test("reads back to the same number of its type", () => {
    const bits = fc.integer({ min: 0, max: 65535 });
    fc.assert(fc.property(bits, (pattern) => {
      for (const [value, dtype] of [[halfTable()[pattern], "float16"], [bfloat16ToDouble(pattern), "bfloat16"], [float8Table("E4M3")[pattern & 255], "float8_e4m3fn"], [float8Table("E5M2")[pattern & 255], "float8_e5m2"]] as const) {
        if (Number.isFinite(value)) expect(rounded(Number(shortest(value, dtype)), dtype)).toBe(value);
      }
    }));
    fc.assert(fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (value) => Math.fround(Number(shortest(value, "float32"))) === value || Object.is(value, -0)));
  });

  test("rests on rounding as the machine rounds, ties to even", () => {
    expect([2049, 2051, 2050.5].map((each) => rounded(each, "float16"))).toEqual([2048, 2052, 2050]);
    expect([1 + 2 ** -8, 1 + 3 * 2 ** -8].map((each) => rounded(each, "bfloat16"))).toEqual([1, 1 + 2 ** -6]);
    fc.assert(fc.property(fc.double({ min: -3e38, max: 3e38, noNaN: true }), (value) => rounded(value, "float32") === Math.fround(value)));
    fc.assert(fc.property(fc.double({ min: -1e-37, max: 1e-37, noNaN: true }), (value) => rounded(value, "float32") === Math.fround(value)));
  });
});

describe("all digits of a number", () => {
  // Python: decimal.Decimal(x).
  test.each([
    [Math.fround(0.1), "float32", "0.100000001490116119384765625"],
    [0.1, "float64", "0.1000000000000000055511151231257827021181583404541015625"],
    [-0.0999755859375, "float16", "-0.0999755859375"],
    [0.5, "float32", ""],
    [-12.75, "float16", ""],
    [2 ** 70, "float64", "1180591620717411303424"],
    [0, "float32", ""],
    [7, "int8", ""],
    [Infinity, "float32", ""],
  ] as const)("%s as %s", (value, dtype, text) => {
    expect(allDigits(value, dtype)).toBe(text);
  });
});
