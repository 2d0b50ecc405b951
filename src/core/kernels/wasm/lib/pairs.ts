// Products and distances of all pairs of rows, in binary64.
import { madd64, sum64 } from "./lanes";

const PRODUCT = 0;
const EUCLIDEAN = 1;

const sign = memory.data<u64>([0x7fff_ffff_ffff_ffff, 0x7fff_ffff_ffff_ffff], 16);

/** sum + a · b, (a − b)² or |a − b|. */
@inline
function join(kind: i32, a: v128, b: v128, sum: v128, positive: v128): v128 {
  if (kind === PRODUCT) return madd64(a, b, sum);
  const c = f64x2.sub(a, b);
  if (kind === EUCLIDEAN) return madd64(c, c, sum);
  return f64x2.add(sum, v128.and(c, positive));
}

/**
 * 2 · twos rows with 4 · fours rows of `stride` bytes, padded with zeros to 16 of them, to `out` in binary32, [rows, width], and
 * mirrored to `across`, [columns, width].
 */
@inline
function pairs(kind: i32, rows: usize, twos: i32, columns: usize, fours: i32, stride: usize, out: usize, across: usize, width: i32): void {
  const step = <usize>width << 2;
  const positive = v128.load(sign);
  for (let p = 0; p < twos; p++) {
    const row = rows + (<usize>p << 1) * stride;
    for (let q = 0; q < fours; q++) {
      let a = row;
      let b = columns + (<usize>q << 2) * stride;
      const end = a + stride;
      let s0 = f64x2.splat(0);
      let s1 = f64x2.splat(0);
      let s2 = f64x2.splat(0);
      let s3 = f64x2.splat(0);
      let t0 = f64x2.splat(0);
      let t1 = f64x2.splat(0);
      let t2 = f64x2.splat(0);
      let t3 = f64x2.splat(0);
      const two = 2 * stride;
      const three = 3 * stride;
      for (; a < end; a += 16, b += 16) {
        const u = v128.load(a);
        const v = v128.load(a + stride);
        const c0 = v128.load(b);
        s0 = join(kind, u, c0, s0, positive);
        t0 = join(kind, v, c0, t0, positive);
        const c1 = v128.load(b + stride);
        s1 = join(kind, u, c1, s1, positive);
        t1 = join(kind, v, c1, t1, positive);
        const c2 = v128.load(b + two);
        s2 = join(kind, u, c2, s2, positive);
        t2 = join(kind, v, c2, t2, positive);
        const c3 = v128.load(b + three);
        s3 = join(kind, u, c3, s3, positive);
        t3 = join(kind, v, c3, t3, positive);
      }
      const at = out + (<usize>p << 1) * step + (<usize>q << 4);
      const mirror = across + (<usize>q << 2) * step + (<usize>p << 3);
      put(kind, s0, at, mirror);
      put(kind, s1, at + 4, mirror + step);
      put(kind, s2, at + 8, mirror + 2 * step);
      put(kind, s3, at + 12, mirror + 3 * step);
      put(kind, t0, at + step, mirror + 4);
      put(kind, t1, at + step + 4, mirror + step + 4);
      put(kind, t2, at + step + 8, mirror + 2 * step + 4);
      put(kind, t3, at + step + 12, mirror + 3 * step + 4);
    }
  }
}

@inline
function put(kind: i32, sums: v128, at: usize, mirror: usize): void {
  const sum = sum64(sums);
  const value = <f32>(kind === EUCLIDEAN ? sqrt(sum) : sum);
  store<f32>(at, value);
  store<f32>(mirror, value);
}

export function products(rows: usize, twos: i32, columns: usize, fours: i32, stride: usize, out: usize, across: usize, width: i32): void {
  pairs(PRODUCT, rows, twos, columns, fours, stride, out, across, width);
}

export function euclidean(rows: usize, twos: i32, columns: usize, fours: i32, stride: usize, out: usize, across: usize, width: i32): void {
  pairs(EUCLIDEAN, rows, twos, columns, fours, stride, out, across, width);
}

export function manhattan(rows: usize, twos: i32, columns: usize, fours: i32, stride: usize, out: usize, across: usize, width: i32): void {
  pairs(2, rows, twos, columns, fours, stride, out, across, width);
}
