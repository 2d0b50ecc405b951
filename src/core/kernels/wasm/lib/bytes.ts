// Rows of numbers as rows of bytes, to tell which of them may be near a direction.
import { madd64, sum32, sum64 } from "./lanes";

const squares = memory.data(8);

/**
 * Rows of binary32 as bytes times one factor each, [n, d] at `rows` to [n, stride] at `bytes`, whose padding is left as it is.
 * Row / length is within `residuals[i]` of bytes · factors[i]; the residual is NaN of a row without direction, and infinite of one
 * whose squares leave binary32's range.
 */
export function quantise(rows: usize, n: i32, d: i32, stride: i32, bytes: usize, factors: usize, residuals: usize): void {
  for (let i = 0; i < n; i++) {
    const row = rows + (<usize>(i * d) << 2);
    const out = bytes + <usize>(i * stride);
    const at = <usize>i << 2;
    const largest = measure(row, d, squares);
    const length = sqrt(load<f64>(squares));
    // Comparisons with NaN are false.
    if (!(length >= 1e-12 && length <= 1e15)) {
      store<f32>(factors + at, 0);
      store<f32>(residuals + at, length > 0 ? f32.POSITIVE_INFINITY : f32.NaN);
      memory.fill(out, 0, stride);
      continue;
    }
    const scale = largest / 127;
    store<f32>(factors + at, <f32>(<f64>scale / length));
    store<f32>(residuals + at, <f32>(sqrt(<f64>packRow(row, d, out, scale)) / length));
  }
}

/** The greatest magnitude, of [d] numbers, and into `squares` the sum of their squares in binary64. */
@inline
function measure(row: usize, d: i32, squares: usize): f32 {
  let even = f64x2.splat(0);
  let odd = f64x2.splat(0);
  let four = f32x4.splat(0);
  const whole = row + (<usize>(d & ~3) << 2);
  const end = row + (<usize>d << 2);
  let at = row;
  for (; at < whole; at += 16) {
    const v = v128.load(at);
    const low = f64x2.promote_low_f32x4(v);
    const high = f64x2.promote_low_f32x4(v128.shuffle<i64>(v, v, 1, 1));
    even = madd64(low, low, even);
    odd = madd64(high, high, odd);
    four = f32x4.pmax(four, f32x4.abs(v));
  }
  let sum = sum64(f64x2.add(even, odd));
  let largest = max(max(f32x4.extract_lane(four, 0), f32x4.extract_lane(four, 1)), max(f32x4.extract_lane(four, 2), f32x4.extract_lane(four, 3)));
  for (; at < end; at += 4) {
    const v = load<f32>(at);
    sum += <f64>v * <f64>v;
    largest = max(largest, abs(v));
  }
  store<f64>(squares, sum);
  return largest;
}

/** @returns the sum of the squares of what the bytes leave over */
@inline
function packRow(row: usize, d: i32, out: usize, scale: f32): f32 {
  const inverse: f32 = 1 / scale;
  const times = f32x4.splat(inverse);
  const back = f32x4.splat(scale);
  let squares = f32x4.splat(0);
  const whole = row + (<usize>(d & ~7) << 2);
  const end = row + (<usize>d << 2);
  let at = row;
  for (; at < whole; at += 32, out += 8) {
    const a = v128.load(at);
    const b = v128.load(at, 16);
    const p = f32x4.nearest(f32x4.mul(a, times));
    const q = f32x4.nearest(f32x4.mul(b, times));
    const shorts = i16x8.narrow_i32x4_s(i32x4.trunc_sat_f32x4_s(p), i32x4.trunc_sat_f32x4_s(q));
    v128.store64_lane(out, i8x16.narrow_i16x8_s(shorts, shorts), 0);
    const left = f32x4.sub(a, f32x4.mul(p, back));
    const right = f32x4.sub(b, f32x4.mul(q, back));
    squares = f32x4.add(squares, f32x4.add(f32x4.mul(left, left), f32x4.mul(right, right)));
  }
  let sum = sum32(squares);
  for (; at < end; at += 4, out++) {
    const v = load<f32>(at);
    const p = nearest<f32>(v * inverse);
    store<i8>(out, <i8>p);
    const left = v - p * scale;
    sum += left * left;
  }
  return sum;
}

/**
 * Least and greatest cosines of 4 · fours rows with a query: (bytes · query) · factor · scale ± (residual · slope + slack), within
 * [−1, 1] where they are on the one side of it that could part rows of equal cosines.
 * @param query [stride] shorts, zeros behind the last number
 */
export function bounds(bytes: usize, stride: i32, fours: i32, query: usize, factors: usize, residuals: usize, scale: f32, slope: f32, slack: f32, lower: usize, upper: usize): void {
  const scales = f32x4.splat(scale);
  const slopes = f32x4.splat(slope);
  const slacks = f32x4.splat(slack);
  const one = f32x4.splat(1);
  const least = f32x4.splat(-1);
  const end = query + (<usize>stride << 1);
  let a = bytes;
  for (let r: usize = 0, last = <usize>fours << 4; r < last; r += 16) {
    let b = a + stride;
    let c = b + stride;
    let e = c + stride;
    let s0 = i32x4.splat(0);
    let s1 = i32x4.splat(0);
    let s2 = i32x4.splat(0);
    let s3 = i32x4.splat(0);
    for (let q = query; q < end; q += 16) {
      const v = v128.load(q);
      s0 = i32x4.add(s0, i32x4.dot_i16x8_s(v128.load_ext<i8>(a), v));
      s1 = i32x4.add(s1, i32x4.dot_i16x8_s(v128.load_ext<i8>(b), v));
      s2 = i32x4.add(s2, i32x4.dot_i16x8_s(v128.load_ext<i8>(c), v));
      s3 = i32x4.add(s3, i32x4.dot_i16x8_s(v128.load_ext<i8>(e), v));
      a += 8;
      b += 8;
      c += 8;
      e += 8;
    }
    a = e;
    const p = i32x4.add(v128.shuffle<i32>(s0, s1, 0, 4, 1, 5), v128.shuffle<i32>(s0, s1, 2, 6, 3, 7));
    const q = i32x4.add(v128.shuffle<i32>(s2, s3, 0, 4, 1, 5), v128.shuffle<i32>(s2, s3, 2, 6, 3, 7));
    const sums = i32x4.add(v128.shuffle<i64>(p, q, 0, 2), v128.shuffle<i64>(p, q, 1, 3));
    const cosines = f32x4.mul(f32x4.mul(f32x4.convert_i32x4_s(sums), scales), v128.load(factors + r));
    const errors = f32x4.add(f32x4.mul(v128.load(residuals + r), slopes), slacks);
    v128.store(lower + r, f32x4.min(one, f32x4.sub(cosines, errors)));
    v128.store(upper + r, f32x4.max(least, f32x4.add(cosines, errors)));
  }
}
