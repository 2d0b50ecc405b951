import { madd32 } from "./lanes";

const table = memory.data<u32>([0x3f3504f3, 0x007fffff]); // √½
// ln(1 + r) = r − r²/2 + r³ P(r) from √½ to √2 (Moshier 1989, Cephes, logf).
const polynomial = memory.data<f32>([
  7.0376836292e-2,
  -1.1514610310e-1,
  1.1676998740e-1,
  -1.2420140846e-1,
  1.4249322787e-1,
  -1.6668057665e-1,
  2.0000714765e-1,
  -2.4999993993e-1,
  3.3333331174e-1,
  -0.5,
  1.0,
  1.4426950408889634, // log2(e)
]);

@inline
function constant(i: usize): v128 {
  return v128.load32_splat(polynomial + (i << 2));
}

/** log₂ x in four lanes of binary32 for normal numbers above 0, to an ulp or two; finite for all others. */
@inline
export function log32(x: v128): v128 {
  const root = v128.load32_splat(table);
  const shifted = i32x4.sub(x, root);
  const r = f32x4.sub(i32x4.add(v128.and(shifted, v128.load32_splat(table + 4)), root), constant(10));
  let p = madd32(r, constant(0), constant(1));
  p = madd32(p, r, constant(2));
  p = madd32(p, r, constant(3));
  p = madd32(p, r, constant(4));
  p = madd32(p, r, constant(5));
  p = madd32(p, r, constant(6));
  p = madd32(p, r, constant(7));
  p = madd32(p, r, constant(8));
  p = madd32(p, r, constant(9));
  const natural = madd32(f32x4.mul(r, r), p, r);
  return madd32(natural, constant(11), f32x4.convert_i32x4_s(i32x4.shr_s(shifted, 23)));
}
