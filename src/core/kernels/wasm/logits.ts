export { heapBase } from "./lib/memory";
export { narrow } from "./logits/narrow";
export { divide, keepBehind, keepFrom, keepNear, keepProbable, scale, subtract, surprises } from "./logits/each";
export { resultsAt } from "./logits/results";
import { expTable64 } from "./lib/expTable";
import { give } from "./logits/results";

// Sums go in the order of the elements, and products are not fused: every result is that of TypeScript to the last bit.
// Arrays may be read and written a little behind their end; what is there is never counted.

/** The largest of n values, NaN passed over; −Infinity when there is none. */
export function largestOf(values: usize, n: i32): f64 {
  let a = f64x2.splat(-Infinity);
  let b = a;
  const end: usize = values + (<usize>n << 3);
  let at = values;
  // pmax(a, b) is a < b ? b : a, so that NaN never gets in.
  for (; at + 32 <= end; at += 32) {
    a = f64x2.pmax(a, v128.load(at));
    b = f64x2.pmax(b, v128.load(at, 16));
  }
  a = f64x2.pmax(a, b);
  let most = max(f64x2.extract_lane(a, 0), f64x2.extract_lane(a, 1));
  for (; at < end; at += 8) if (load<f64>(at) > most) most = load<f64>(at);
  return most;
}

/**
 * out[i] = e^(scores[i] − largest). Gives the largest, Σ e, Σ e x with x counted from the largest, how many scores are −Infinity, and
 * 1 where some are NaN or +Infinity.
 */
export function exponentials(scores: usize, out: usize, n: i32, fractions: usize): void {
  const largest = largestOf(scores, n);
  const base = f64x2.splat(largest);
  let sum: f64 = 0;
  let weighted: f64 = 0;
  let odd = i64x2.splat(0);
  const removed = f64x2.splat(-Infinity);
  let counts = i64x2.splat(0);
  const bytes: usize = <usize>n << 3;
  const whole = bytes & ~15;
  for (let i: usize = 0; i < whole; i += 16) {
    const score = v128.load(scores + i);
    odd = v128.or(odd, f64x2.ne(score, score));
    counts = i64x2.sub(counts, f64x2.eq(score, removed));
    const x = f64x2.sub(score, base);
    const e = expTable64(x, fractions);
    v128.store(out + i, e);
    sum += f64x2.extract_lane(e, 0);
    sum += f64x2.extract_lane(e, 1);
    // Where e is 0, x may be infinite.
    const product = v128.and(f64x2.mul(e, x), f64x2.gt(e, f64x2.splat(0)));
    weighted += f64x2.extract_lane(product, 0);
    weighted += f64x2.extract_lane(product, 1);
  }
  let count = <i32>(i64x2.extract_lane(counts, 0) + i64x2.extract_lane(counts, 1));
  if (whole < bytes) {
    const score = load<f64>(scores + whole);
    const x = score - largest;
    const e = f64x2.extract_lane(expTable64(f64x2.splat(x), fractions), 0);
    store<f64>(out + whole, e);
    sum += e;
    if (e > 0) weighted += e * x;
    if (score == -Infinity) count++;
    if (score != score) odd = i64x2.splat(-1);
  }
  give(0, largest);
  give(1, sum);
  give(2, weighted);
  give(3, count);
  give(4, largest == Infinity || v128.any_true(odd) ? 1 : 0);
}

/** Lists the tokens whose score is at least `floor`. @returns how many */
export function collect(scores: usize, floor: f64, members: usize, n: i32): i32 {
  const least = f64x2.splat(floor);
  let to = members;
  const pairs = n & ~1;
  for (let i: i32 = 0; i < pairs; i += 2) {
    const found = i64x2.bitmask(f64x2.ge(v128.load(scores + (<usize>i << 3)), least));
    if (found == 0) continue;
    // The second overwrites the first where that one is not found.
    store<i32>(to, i);
    to += (found & 1) << 2;
    store<i32>(to, i + 1);
    to += (found & 2) << 1;
  }
  if (pairs < n && load<f64>(scores + (<usize>pairs << 3)) >= floor) {
    store<i32>(to, pairs);
    to += 4;
  }
  return <i32>((to - members) >> 2);
}

/** Lists the tokens that are left. Gives the sum of their masses and their largest score. @returns how many */
export function leftOf(scores: usize, masses: usize, members: usize, n: i32): i32 {
  const removed = f64x2.splat(-Infinity);
  let most = removed;
  let mass: f64 = 0;
  let to = members;
  const pairs = n & ~1;
  for (let i: i32 = 0; i < pairs; i += 2) {
    const score = v128.load(scores + (<usize>i << 3));
    const left = f64x2.ne(score, removed);
    const found = i64x2.bitmask(left);
    if (found == 0) continue;
    most = f64x2.pmax(most, score);
    const p = v128.and(v128.load(masses + (<usize>i << 3)), left);
    mass += f64x2.extract_lane(p, 0);
    mass += f64x2.extract_lane(p, 1);
    store<i32>(to, i);
    to += (found & 1) << 2;
    store<i32>(to, i + 1);
    to += (found & 2) << 1;
  }
  let largest = max(f64x2.extract_lane(most, 0), f64x2.extract_lane(most, 1));
  if (pairs < n) {
    const score = load<f64>(scores + (<usize>pairs << 3));
    if (score != -Infinity) {
      mass += load<f64>(masses + (<usize>pairs << 3));
      if (score > largest) largest = score;
      store<i32>(to, pairs);
      to += 4;
    }
  }
  give(0, mass);
  give(1, largest);
  return <i32>((to - members) >> 2);
}

/** out[i] = masses[i] · factor of the tokens listed. @returns Σ p x, x counted from the largest */
export function share(scores: usize, masses: usize, factor: f64, largest: f64, out: usize, members: usize, count: i32): f64 {
  let weighted: f64 = 0;
  for (let m: i32 = 0; m < count; m++) {
    const i = <usize>load<i32>(members + (<usize>m << 2)) << 3;
    const p = load<f64>(masses + i) * factor;
    store<f64>(out + i, p);
    if (p > 0) weighted += p * (load<f64>(scores + i) - largest);
  }
  return weighted;
}
