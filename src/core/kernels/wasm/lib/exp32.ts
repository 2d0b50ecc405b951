import { madd32 } from "./lanes";

// Constants are loaded, not written as v128.const: V8 builds those anew in every round of a loop.
const table = memory.data<f32>([
  1.4426950408889634, // log2(e)
  12582912.0, // adding it rounds to a whole number, which is then in the low bits
  -0.693359375, // −ln 2 in two parts: the first has 9 bits, so that its product with a whole number is exact
  2.12194440e-4,
  -87.0,
  1.0 / 5040.0, // 1/7!, and on to 1/2!
  1.0 / 720.0,
  1.0 / 120.0,
  1.0 / 24.0,
  1.0 / 6.0,
  0.5,
  1.0,
]);

@inline
function constant(i: usize): v128 {
  return v128.load32_splat(table + (i << 2));
}

/** e^x in four lanes of binary32 for x ≤ 0, to an ulp or two; 0 below −87, where the result would not be a normal number, and for NaN. */
@inline
export function exp32(x: v128): v128 {
  const rounder = constant(1);
  const shifted = f32x4.add(f32x4.mul(x, constant(0)), rounder);
  const n = f32x4.sub(shifted, rounder);
  const r = madd32(n, constant(3), madd32(n, constant(2), x));
  let p = madd32(r, constant(5), constant(6));
  p = madd32(p, r, constant(7));
  p = madd32(p, r, constant(8));
  p = madd32(p, r, constant(9));
  p = madd32(p, r, constant(10));
  p = madd32(p, r, constant(11));
  p = madd32(p, r, constant(11));
  return v128.and(i32x4.add(p, i32x4.shl(shifted, 23)), f32x4.ge(x, constant(4)));
}
