import { madd64, nmadd64 } from "./lanes";

// Constants are loaded, not written as v128.const: V8 builds those anew in every round of a loop.
const table = memory.data<f64>([
  1.4426950408889634, // log2(e)
  6755399441055744.0, // adding it rounds to a whole number, which is then in the low bits
  0.6931471803691238, // ln 2 in two parts (Cody and Waite): the first has 33 bits
  1.9082149292705877e-10,
  -708.0,
  1.0 / 6227020800.0, // 1/13!, and on to 1/2!
  1.0 / 479001600.0,
  1.0 / 39916800.0,
  1.0 / 3628800.0,
  1.0 / 362880.0,
  1.0 / 40320.0,
  1.0 / 5040.0,
  1.0 / 720.0,
  1.0 / 120.0,
  1.0 / 24.0,
  1.0 / 6.0,
  0.5,
  1.0,
]);

@inline
function constant(i: usize): v128 {
  return v128.load64_splat(table + (i << 3));
}

/**
 * e^x in two lanes for x ≤ 0, to an ulp or two; 0 below −708 and for NaN, as `expNegative` has it. x = n ln 2 + r, Taylor's polynomial
 * to r^13 for e^r, and n added to the exponent's bits.
 */
@inline
export function exp64(x: v128): v128 {
  const rounder = constant(1);
  const shifted = madd64(x, constant(0), rounder);
  const n = f64x2.sub(shifted, rounder);
  const r = nmadd64(n, constant(3), nmadd64(n, constant(2), x));
  let p = madd64(r, constant(5), constant(6));
  p = madd64(p, r, constant(7));
  p = madd64(p, r, constant(8));
  p = madd64(p, r, constant(9));
  p = madd64(p, r, constant(10));
  p = madd64(p, r, constant(11));
  p = madd64(p, r, constant(12));
  p = madd64(p, r, constant(13));
  p = madd64(p, r, constant(14));
  p = madd64(p, r, constant(15));
  p = madd64(p, r, constant(16));
  p = madd64(p, r, constant(17));
  p = madd64(p, r, constant(17));
  const scaled = i64x2.add(p, i64x2.shl(shifted, 52));
  return v128.and(scaled, f64x2.ge(x, constant(4)));
}
