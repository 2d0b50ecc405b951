import * as fc from "../../support/fastCheck.js";
import { describe, expect, it } from "vitest";
import { compact, exact, fixed, percent, shares, signed, significant } from "../../../src/webview/text/number.js";

describe("numbers for people", () => {
  it("writes decimals with a true minus and no negative zero", () => {
    expect(fixed(-209.7362, 3)).toBe("−209.736");
    expect(fixed(2.27, 3)).toBe("2.270");
    expect(fixed(-0.0004, 2)).toBe("0.00");
    expect(fixed(NaN, 2)).toBe("–");
    expect(fixed(-Infinity, 2)).toBe("−∞");
    expect(fixed(1e300, 2)).toBe("1.00e+300");
  });

  it("sets digits in threes from five on, so that years stay whole", () => {
    expect(fixed(13003.55, 2)).toBe("13,003.55");
    expect(fixed(-329114.4, 1)).toBe("−329,114.4");
    expect(fixed(1234567.1234567, 7)).toBe("1,234,567.1234567");
    expect(fixed(2024, 0)).toBe("2024");
    expect(fixed(9999.99, 1)).toBe("10,000.0");
    expect(signed(12345.6, 1)).toBe("+12,345.6");
  });

  it("writes moves with their sign", () => {
    expect(signed(1.0042, 4)).toBe("+1.0042");
    expect(signed(-0.0059, 4)).toBe("−0.0059");
    expect(signed(0.00001, 2)).toBe("±0.00");
    expect(signed(-0.00001, 2)).toBe("±0.00");
  });

  it("writes shares as percentages that sum to 100", () => {
    expect(percent(0.9003, 1)).toBe("90.0%");
    expect(shares([1 / 3, 1 / 3, 1 / 3])).toEqual([34, 33, 33]);
    expect(shares([0.995, 0.005])).toEqual([100, 0]);
    expect(shares([0.4771, 0.5229], 1)).toEqual([47.7, 52.3]);
    expect(shares([0, 0])).toEqual([0, 0]);
    fc.assert(fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 30 }), (ps) => {
      const total = ps.reduce((sum, p) => sum + p, 0);
      fc.pre(total > 1e-6);
      const rounded = shares(ps);
      expect(rounded.reduce((sum, p) => sum + p, 0)).toBe(100);
      rounded.forEach((p, i) => expect(Math.abs(p - (100 * ps[i]) / total)).toBeLessThan(1 + 1e-9));
    }));
  });

  it("sets thousands apart", () => {
    expect(compact(1200000)).toBe("1,200,000");
    expect(compact(999)).toBe("999");
    expect(compact(-12345.5)).toBe("−12,345.5");
    expect(compact(1e21)).toBe("1e+21");
  });

  it("keeps every digit where it must", () => {
    expect(exact(-0.49414199001)).toBe("−0.49414199001");
    expect(exact(-1e-7)).toBe("−1e−7");
  });

  it("cuts to significant digits without trailing zeros", () => {
    expect(significant(0.001)).toBe("0.001");
    expect(significant(-1234567)).toBe("−1235000");
    expect(significant(1.5e-9)).toBe("1.5e−9");
    expect(significant(2.5e12)).toBe("2.5e12");
    expect(significant(100)).toBe("100");
    expect(significant(0)).toBe("0");
  });
});
