// e^x as `expNegative` of core/math/exp.ts computes it, step by step: without fused products both give the same to the last bit.

const table = memory.data<f64>([
  369.3299304675746, // 256 / ln 2
  6755399441055744.0, // adding it rounds to a whole number, which is then in the low bits
  0.0027076061232946813, // ln 2 / 256 in two parts
  5.076760505425738e-11,
  1.0 / 24.0,
  1.0 / 6.0,
  0.5,
  1.0,
  -708.0,
]);

/** The bits of a double that hold sign and exponent. */
const exponents = memory.data<u64>([0xfff0000000000000]);

@inline
function constant(i: usize): v128 {
  return v128.load64_splat(table + (i << 3));
}

/**
 * e^x in two lanes for x ≤ 0; 0 below −708 and for NaN.
 * @param fractions [256] 2^(j/256), from outside, so that they are those of JavaScript
 */
@inline
export function expTable64(x: v128, fractions: usize): v128 {
  const rounder = constant(1);
  const shifted = f64x2.add(f64x2.mul(x, constant(0)), rounder);
  const n = f64x2.sub(shifted, rounder);
  const r = f64x2.sub(f64x2.sub(x, f64x2.mul(n, constant(2))), f64x2.mul(n, constant(3)));
  let q = f64x2.add(constant(5), f64x2.mul(r, constant(4)));
  q = f64x2.add(constant(6), f64x2.mul(r, q));
  q = f64x2.add(constant(7), f64x2.mul(r, q));
  q = f64x2.mul(r, q);
  const j0 = <usize>((i32x4.extract_lane(shifted, 0) & 255) << 3);
  const j1 = <usize>((i32x4.extract_lane(shifted, 2) & 255) << 3);
  const v = v128.load64_lane(fractions + j1, v128.load64_zero(fractions + j0), 1);
  const e = f64x2.add(v, f64x2.mul(v, q));
  // The power of two: a product with it is exact.
  const power = v128.and(i64x2.shl(shifted, 44), v128.load64_splat(exponents));
  return v128.and(i64x2.add(e, power), f64x2.ge(x, constant(8)));
}
