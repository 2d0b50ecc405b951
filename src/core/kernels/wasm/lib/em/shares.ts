import { constant, exp2 } from "../exp2";
import { madd64 } from "../lanes";
import { K, logs, stride } from "./work";

const one = memory.data<f64>([1.0]);

/** Densities from the log2 that `shares` holds, added to the totals. As `exp2`, of eight rows at a time: each constant is loaded once for all. */
export function fromLogarithms(shares: usize, totals: usize, bytes: usize): void {
  for (let k: usize = 0, share = shares; k < K; k++, share += stride) {
    for (let at = share, total = totals, end = share + bytes; at < end; at += 64, total += 64) {
      const rounder = constant(0);
      const x0 = v128.load(at), x1 = v128.load(at, 16), x2 = v128.load(at, 32), x3 = v128.load(at, 48);
      const s0 = f64x2.add(x0, rounder), s1 = f64x2.add(x1, rounder), s2 = f64x2.add(x2, rounder), s3 = f64x2.add(x3, rounder);
      const f0 = f64x2.sub(x0, f64x2.sub(s0, rounder));
      const f1 = f64x2.sub(x1, f64x2.sub(s1, rounder));
      const f2 = f64x2.sub(x2, f64x2.sub(s2, rounder));
      const f3 = f64x2.sub(x3, f64x2.sub(s3, rounder));
      let p0 = constant(2), p1 = p0, p2 = p0, p3 = p0;
      let c = constant(3);
      p0 = madd64(p0, f0, c), p1 = madd64(p1, f1, c), p2 = madd64(p2, f2, c), p3 = madd64(p3, f3, c), c = constant(4);
      p0 = madd64(p0, f0, c), p1 = madd64(p1, f1, c), p2 = madd64(p2, f2, c), p3 = madd64(p3, f3, c), c = constant(5);
      p0 = madd64(p0, f0, c), p1 = madd64(p1, f1, c), p2 = madd64(p2, f2, c), p3 = madd64(p3, f3, c), c = constant(6);
      p0 = madd64(p0, f0, c), p1 = madd64(p1, f1, c), p2 = madd64(p2, f2, c), p3 = madd64(p3, f3, c), c = constant(7);
      p0 = madd64(p0, f0, c), p1 = madd64(p1, f1, c), p2 = madd64(p2, f2, c), p3 = madd64(p3, f3, c), c = constant(8);
      p0 = madd64(p0, f0, c), p1 = madd64(p1, f1, c), p2 = madd64(p2, f2, c), p3 = madd64(p3, f3, c), c = constant(9);
      p0 = madd64(p0, f0, c), p1 = madd64(p1, f1, c), p2 = madd64(p2, f2, c), p3 = madd64(p3, f3, c), c = constant(10);
      p0 = madd64(p0, f0, c), p1 = madd64(p1, f1, c), p2 = madd64(p2, f2, c), p3 = madd64(p3, f3, c), c = constant(11);
      p0 = madd64(p0, f0, c), p1 = madd64(p1, f1, c), p2 = madd64(p2, f2, c), p3 = madd64(p3, f3, c), c = constant(12);
      p0 = madd64(p0, f0, c), p1 = madd64(p1, f1, c), p2 = madd64(p2, f2, c), p3 = madd64(p3, f3, c), c = constant(13);
      p0 = madd64(p0, f0, c), p1 = madd64(p1, f1, c), p2 = madd64(p2, f2, c), p3 = madd64(p3, f3, c), c = constant(1);
      p0 = v128.and(i64x2.add(p0, i64x2.shl(s0, 52)), f64x2.ge(v128.load(at), c));
      p1 = v128.and(i64x2.add(p1, i64x2.shl(s1, 52)), f64x2.ge(v128.load(at, 16), c));
      p2 = v128.and(i64x2.add(p2, i64x2.shl(s2, 52)), f64x2.ge(v128.load(at, 32), c));
      p3 = v128.and(i64x2.add(p3, i64x2.shl(s3, 52)), f64x2.ge(v128.load(at, 48), c));
      v128.store(at, p0);
      v128.store(at, p1, 16);
      v128.store(at, p2, 32);
      v128.store(at, p3, 48);
      v128.store(total, f64x2.add(v128.load(total), p0));
      v128.store(total, f64x2.add(v128.load(total, 16), p1), 16);
      v128.store(total, f64x2.add(v128.load(total, 32), p2), 32);
      v128.store(total, f64x2.add(v128.load(total, 48), p3), 48);
    }
  }
}

/** Whether one of n totals is so small that digits may be lost, or all. */
export function someTooSmall(totals: usize, n: i32): bool {
  const least = f64x2.splat(1e-150);
  let found = v128.splat<i64>(0);
  for (let i: usize = 0, end = <usize>n << 3; i < end; i += 16) found = v128.or(found, f64x2.lt(v128.load(totals + i), least));
  return v128.any_true(found);
}

/**
 * Densities and totals from the logarithms that `shares` holds, with each row's largest taken out.
 * A row all of whose logarithms overflow has none; NaN stays NaN.
 * @returns Σ of the largest of the first n rows of all
 */
export function fromLogarithmsLessLargest(shares: usize, totals: usize, n: i32, all: i32): f64 {
  const none = f64x2.splat(-Infinity);
  const zero = f64x2.splat(0);
  const ones = f64x2.splat(1);
  const end = <usize>n << 3;
  let twos: f64 = 0;
  for (let i: usize = 0, padded = <usize>all << 3; i < padded; i += 16) {
    let largest = none;
    for (let k: usize = 0, at = shares + i; k < K; k++, at += stride) largest = f64x2.max(largest, v128.load(at));
    if (i < end) twos += f64x2.extract_lane(largest, 0);
    if (i + 8 < end) twos += f64x2.extract_lane(largest, 1);
    largest = v128.andnot(largest, f64x2.eq(largest, none));
    const nan = f64x2.sub(largest, largest);
    let total = zero;
    for (let k: usize = 0, at = shares + i; k < K; k++, at += stride) {
      const p = f64x2.add(exp2(f64x2.sub(v128.load(at), largest)), nan);
      v128.store(at, p);
      total = f64x2.add(total, p);
    }
    v128.store(totals + i, v128.bitselect(ones, total, f64x2.eq(total, zero)));
  }
  return twos;
}

/** The component at the least of the distances [K, stride], the first of equals, of each row (int32), and that distance. */
export function nearestOf(distances: usize, labels: usize, least: usize, bytes: usize): void {
  for (let i: usize = 0; i < bytes; i += 16) {
    let best = f64x2.splat(Infinity);
    let label = i64x2.splat(0);
    for (let k: usize = 0, at = distances + i; k < K; k++, at += stride) {
      const v = v128.load(at);
      const less = f64x2.lt(v, best);
      best = v128.bitselect(v, best, less);
      label = v128.bitselect(i64x2.splat(k), label, less);
    }
    store<i32>(labels + (i >> 1), <i32>i64x2.extract_lane(label, 0));
    store<i32>(labels + (i >> 1), <i32>i64x2.extract_lane(label, 1), 4);
    v128.store(least + i, best);
  }
}

/** Gives each row wholly to the component of its label (int32). */
export function harden(labels: usize, shares: usize, totals: usize, bytes: usize): void {
  const ones = v128.load64_splat(one);
  for (let i: usize = 0; i < bytes; i += 16) {
    const label = i64x2.extend_low_i32x4_s(v128.load64_zero(labels + (i >> 1)));
    for (let k: usize = 0, at = shares + i; k < K; k++, at += stride) v128.store(at, v128.and(i64x2.eq(label, i64x2.splat(k)), ones));
    v128.store(totals + i, ones);
  }
}

/**
 * Inverts n totals, and takes their logarithms together: their product, whose exponent is put aside after each two, needs one.
 * Totals past n up to a multiple of eight become 0.
 */
export function invert(totals: usize, n: i32, twos: f64): void {
  const end = totals + (<usize>n << 3);
  const padded = totals + (<usize>((n + 7) & -8) << 3);
  for (let at = end; at < padded; at += 8) store<f64>(at, 1);
  const ones = v128.load64_splat(one);
  const fraction = i64x2.splat(0x000fffffffffffff);
  let product = ones;
  let exponents = i64x2.splat(0);
  let pairs: i64 = 0;
  for (let at = totals; at < end; at += 16) {
    const total = v128.load(at);
    product = f64x2.mul(product, total);
    exponents = i64x2.add(exponents, i64x2.shr_u(product, 52));
    product = v128.or(v128.and(product, fraction), ones);
    v128.store(at, f64x2.div(ones, total));
    pairs++;
  }
  for (let at = end; at < padded; at += 8) store<f64>(at, 0);
  const exponent = i64x2.extract_lane(exponents, 0) + i64x2.extract_lane(exponents, 1) - 2046 * pairs;
  let mantissa = load<f64>(logs, 8) * f64x2.extract_lane(product, 0) * f64x2.extract_lane(product, 1);
  store<f64>(logs, load<f64>(logs) + twos + <f64>exponent);
  store<f64>(logs, mantissa, 8);
}
