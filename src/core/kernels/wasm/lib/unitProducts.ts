// Products of all pairs of rows of length 1, in binary32 with sums in binary64.
import { madd32 } from "./lanes";

/**
 * Numbers of a row multiplied before their sum goes on in binary64: its error stays near that of rounding the result. At worst, all of
 * both rows being in one run, it is 19 · 2^−24: of rounding both numbers, 16 sums, and the result.
 */
const RUN = 16;
/** Two halves of binary64 for each of 4 x 8 sums. */
const sums = memory.data(256, 16);

/**
 * Rows of binary64, [m, d] at `rows`, in panels of eight, [⌈m / 8⌉, d, 8] at `panels`: in binary32, the numbers of a column beside one
 * another. In the place of rows behind the last are zeros.
 */
export function packRows(rows: usize, m: i32, d: i32, panels: usize): void {
  const stride = <usize>d << 3;
  for (let i = 0; i < m; i += 8) {
    const count = <usize>min(8, m - i) << 2;
    const row = rows + <usize>i * stride;
    let out = panels + <usize>i * (stride >> 1);
    if (count < 32) memory.fill(out, 0, <usize>d << 5);
    for (let column = row; column < row + stride; column += 8, out += 32) {
      let at = column;
      for (let r: usize = 0; r < count; r += 4, at += stride) store<f32>(out + r, <f32>load<f64>(at));
    }
  }
}

/**
 * Products of rows with rows, each given in panels of eight, to `out`, [rows, width] and mirrored to `across`, [columns, width].
 * @param triangle whether rows and columns are the same, and panels before the diagonal are left to the mirror
 * @param near takes the places in `out` of products that are beyond `limit` either way
 * @returns how many there are of these
 */
export function unitProducts(
  rows: usize, rowPanels: i32, columns: usize, columnPanels: i32, d: i32, out: usize, across: usize, width: i32, triangle: bool, limit: f32, near: usize,
): i32 {
  const size = <usize>d << 5;
  const step = <usize>width << 2;
  const limits = f32x4.splat(limit);
  let found = near;
  for (let q = 0; q < columnPanels; q++) {
    const b = columns + <usize>q * size;
    const most = triangle ? q + 1 : rowPanels;
    for (let p = 0; p < most; p++) {
      for (let half = 0; half < 2; half++) {
        tile(rows + <usize>p * size + (<usize>half << 4), b, d);
        const i = (p << 3) + (half << 2);
        const at = out + <usize>i * step + (<usize>q << 5);
        const mirror = across + (<usize>q << 3) * step + (<usize>i << 2);
        for (let side: usize = 0; side < 2; side++) {
          const r0 = narrowed(side << 5);
          const r1 = narrowed((side << 5) + 64);
          const r2 = narrowed((side << 5) + 128);
          const r3 = narrowed((side << 5) + 192);
          const to = at + (side << 4);
          v128.store(to, r0);
          v128.store(to + step, r1);
          v128.store(to + 2 * step, r2);
          v128.store(to + 3 * step, r3);
          const a = v128.shuffle<i32>(r0, r1, 0, 4, 1, 5);
          const c = v128.shuffle<i32>(r0, r1, 2, 6, 3, 7);
          const e = v128.shuffle<i32>(r2, r3, 0, 4, 1, 5);
          const g = v128.shuffle<i32>(r2, r3, 2, 6, 3, 7);
          const back = mirror + (side << 2) * step;
          v128.store(back, v128.shuffle<i64>(a, e, 0, 2));
          v128.store(back + step, v128.shuffle<i64>(a, e, 1, 3));
          v128.store(back + 2 * step, v128.shuffle<i64>(c, g, 0, 2));
          v128.store(back + 3 * step, v128.shuffle<i64>(c, g, 1, 3));
          const largest = f32x4.pmax(f32x4.pmax(f32x4.abs(r0), f32x4.abs(r1)), f32x4.pmax(f32x4.abs(r2), f32x4.abs(r3)));
          if (v128.any_true(f32x4.gt(largest, limits))) found = collect(to, step, out, limit, found);
        }
      }
    }
  }
  return <i32>((found - near) >> 2);
}

/** The places of products beyond the limit of 4 x 4. */
function collect(tile: usize, step: usize, out: usize, limit: f32, found: usize): usize {
  for (let r: usize = 0; r < 4; r++) {
    for (let c: usize = 0; c < 16; c += 4) {
      const at = tile + r * step + c;
      if (!(abs(load<f32>(at)) > limit)) continue;
      store<i32>(found, <i32>((at - out) >> 2));
      found += 4;
    }
  }
  return found;
}

@inline
function narrowed(at: usize): v128 {
  const low = f32x4.demote_f64x2_zero(v128.load(sums + at));
  const high = f32x4.demote_f64x2_zero(v128.load(sums + at, 16));
  return v128.shuffle<i64>(low, high, 0, 2);
}

/** The products of four rows with eight, into `sums`. */
function tile(rows: usize, columns: usize, d: i32): void {
  memory.fill(sums, 0, 256);
  let a = rows;
  let b = columns;
  const end = columns + (<usize>d << 5);
  while (b < end) {
    const stop = min(end, b + (RUN << 5));
    let s0 = f32x4.splat(0);
    let s1 = f32x4.splat(0);
    let s2 = f32x4.splat(0);
    let s3 = f32x4.splat(0);
    let t0 = f32x4.splat(0);
    let t1 = f32x4.splat(0);
    let t2 = f32x4.splat(0);
    let t3 = f32x4.splat(0);
    for (; b < stop; a += 32, b += 32) {
      const left = v128.load(b);
      const right = v128.load(b, 16);
      const v0 = v128.load32_splat(a);
      s0 = madd32(v0, left, s0);
      t0 = madd32(v0, right, t0);
      const v1 = v128.load32_splat(a, 4);
      s1 = madd32(v1, left, s1);
      t1 = madd32(v1, right, t1);
      const v2 = v128.load32_splat(a, 8);
      s2 = madd32(v2, left, s2);
      t2 = madd32(v2, right, t2);
      const v3 = v128.load32_splat(a, 12);
      s3 = madd32(v3, left, s3);
      t3 = madd32(v3, right, t3);
    }
    add(0, s0);
    add(32, t0);
    add(64, s1);
    add(96, t1);
    add(128, s2);
    add(160, t2);
    add(192, s3);
    add(224, t3);
  }
}

@inline
function add(at: usize, four: v128): void {
  const to = sums + at;
  v128.store(to, f64x2.add(v128.load(to), f64x2.promote_low_f32x4(four)));
  v128.store(to, f64x2.add(v128.load(to, 16), f64x2.promote_low_f32x4(v128.shuffle<i64>(four, four, 1, 1))), 16);
}
