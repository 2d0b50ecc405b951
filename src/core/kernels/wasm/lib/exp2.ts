import { madd64 } from "./lanes";

// Constants are loaded, not written as v128.const: V8 builds those anew in every round of a loop.
const table = memory.data<f64>([
  6755399441055744.0, // adding it rounds to a whole number, which is then in the low bits
  -1021.0,
  4.077993856246354e-10, // minimax polynomial of 2^f on [−½, ½] whose constant is 1, to 1.8e-17 relative: f^11 … f^0
  7.072570445469294e-9,
  1.0180648196555812e-7,
  1.3215442675115585e-6,
  1.5252727383872463e-5,
  1.5403530441572598e-4,
  1.3333558153441334e-3,
  9.618129107607003e-3,
  0.055504108664790386,
  0.24022650695910097,
  0.6931471805599457,
  1.0,
]);

@inline
export function constant(i: usize): v128 {
  return v128.load64_splat(table + (i << 3));
}

/** 2^x in two lanes for x ≤ 0, to an ulp; 0 below −1021, where the result would not be a normal number, and for NaN. */
@inline
export function exp2(x: v128): v128 {
  const rounder = constant(0);
  const shifted = f64x2.add(x, rounder);
  const f = f64x2.sub(x, f64x2.sub(shifted, rounder));
  let p = madd64(f, constant(2), constant(3));
  p = madd64(p, f, constant(4));
  p = madd64(p, f, constant(5));
  p = madd64(p, f, constant(6));
  p = madd64(p, f, constant(7));
  p = madd64(p, f, constant(8));
  p = madd64(p, f, constant(9));
  p = madd64(p, f, constant(10));
  p = madd64(p, f, constant(11));
  p = madd64(p, f, constant(12));
  p = madd64(p, f, constant(13));
  return v128.and(i64x2.add(p, i64x2.shl(shifted, 52)), f64x2.ge(x, constant(1)));
}
