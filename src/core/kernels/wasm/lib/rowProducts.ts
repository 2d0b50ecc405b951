// Products of a row with rows here and there, in binary64.
import { madd64, sum64 } from "./lanes";

/**
 * Products of `row`, numbers of binary32 in binary64, with rows of `stride` bytes of binary32 at `rows`, padded with zeros to 16 of them, by fours
 * of `others`: of a last group all four are there. A product of two numbers is exact, so that it does not matter whether it is fused with a sum.
 */
export function rowProducts(rows: usize, stride: i32, row: usize, others: usize, count: i32, products: usize): void {
  const end = row + (<usize>stride << 1);
  for (const last = others + (<usize>count << 2); others < last; others += 16, products += 32) {
    let a = rows + <usize>load<u32>(others) * stride;
    let b = rows + <usize>load<u32>(others, 4) * stride;
    let c = rows + <usize>load<u32>(others, 8) * stride;
    let e = rows + <usize>load<u32>(others, 12) * stride;
    let a0 = f64x2.splat(0);
    let a1 = f64x2.splat(0);
    let b0 = f64x2.splat(0);
    let b1 = f64x2.splat(0);
    let c0 = f64x2.splat(0);
    let c1 = f64x2.splat(0);
    let e0 = f64x2.splat(0);
    let e1 = f64x2.splat(0);
    for (let at = row; at < end; at += 32) {
      const low = v128.load(at);
      const high = v128.load(at, 16);
      a0 = madd64(low, f64x2.promote_low_f32x4(v128.load64_zero(a)), a0);
      a1 = madd64(high, f64x2.promote_low_f32x4(v128.load64_zero(a, 8)), a1);
      b0 = madd64(low, f64x2.promote_low_f32x4(v128.load64_zero(b)), b0);
      b1 = madd64(high, f64x2.promote_low_f32x4(v128.load64_zero(b, 8)), b1);
      c0 = madd64(low, f64x2.promote_low_f32x4(v128.load64_zero(c)), c0);
      c1 = madd64(high, f64x2.promote_low_f32x4(v128.load64_zero(c, 8)), c1);
      e0 = madd64(low, f64x2.promote_low_f32x4(v128.load64_zero(e)), e0);
      e1 = madd64(high, f64x2.promote_low_f32x4(v128.load64_zero(e, 8)), e1);
      a += 16;
      b += 16;
      c += 16;
      e += 16;
    }
    store<f64>(products, sum64(a0) + sum64(a1));
    store<f64>(products, sum64(b0) + sum64(b1), 8);
    store<f64>(products, sum64(c0) + sum64(c1), 16);
    store<f64>(products, sum64(e0) + sum64(e1), 24);
  }
}
