import { describe, expect, test } from "vitest";
import { gelu } from "../../../src/core/math/activations.js";
import { erfc } from "../../../src/core/math/erf.js";

/** Of Python's math.erfc. */
const known = [
  [0, 1], [0.3, 0.6713732405408726], [0.46875, 0.507386526782062], [0.5, 0.4795001221869535], [1, 0.15729920705028513], [2, 0.004677734981047265],
  [4, 1.541725790028002e-8], [5, 1.5374597944280351e-12], [6, 2.1519736712498916e-17], [10, 2.088487583762545e-45], [-0.7, 1.6778011938374184], [-3, 1.9999779095030015],
] as const;

describe("erfc", () => {
  test.each(known)("of %d is %d", (x, value) => {
    expect(Math.abs(erfc(x) / value - 1)).toBeLessThan(2e-15);
  });

  test("ends at 0 and 2, and has none for NaN", () => {
    expect([erfc(40), erfc(-40), erfc(Infinity), erfc(-Infinity), erfc(NaN)]).toEqual([0, 2, 0, 2, NaN]);
  });

  test("makes GELU exact", () => {
    expect(gelu(1)).toBeCloseTo(0.8413447460685429, 15);
    expect(gelu(-2)).toBeCloseTo(-0.04550026389635842, 15);
  });
});
