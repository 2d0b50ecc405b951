import { give } from "./results";

// As massQuantile.ts has them.
const BUCKETS: i32 = 2048;
const FEW: i32 = 64;
/**
 * The first step of `massQuantile` over all keys: lists the elements of the bucket in which the running sum of masses passes the
 * goal. Gives the sum below it, and its least and greatest key.
 * @param masses [n]; 0 where each weighs 1
 * @param buckets [n] of 16 bits
 * @param sums [BUCKETS + 2] for the mass of each bucket; the last is for what is in none
 * @returns how many; −1 where few keys are finite, or buckets do not tell them apart
 */
export function narrow(keys: usize, masses: usize, goal: f64, reach: bool, members: usize, buckets: usize, sums: usize, n: i32): i32 {
  if (range(keys, n) <= FEW) return -1;
  const scale = <f64>BUCKETS / (most - least);
  if (!(scale > 0 && scale < Infinity)) return -1;
  fill(keys, masses, scale, buckets, sums, n);
  const last = <i32>((most - least) * scale);
  let below: f64 = 0;
  let found: i32 = 0;
  for (; found < last; found++) {
    const sum = below + load<f64>(sums + (<usize>found << 3));
    if (reach ? sum >= goal : sum > goal) break;
    below = sum;
  }
  const count = list(<i16>found, buckets, members, n);
  let lowest = Infinity;
  let highest = -Infinity;
  for (let m: i32 = 0; m < count; m++) {
    const key = load<f64>(keys + (<usize>load<i32>(members + (<usize>m << 2)) << 3));
    lowest = min(lowest, key);
    highest = max(highest, key);
  }
  give(0, below);
  give(1, lowest);
  give(2, highest);
  return count;
}

let least: f64 = 0;
let most: f64 = 0;

/** The range of the finite keys. @returns how many they are */
function range(keys: usize, n: i32): i32 {
  const zero = f64x2.splat(0);
  const above = f64x2.splat(Infinity);
  const beneath = f64x2.splat(-Infinity);
  let counts = i64x2.splat(0);
  let low = above;
  let high = beneath;
  const end: usize = keys + (<usize>n << 3);
  let at = keys;
  for (; at + 16 <= end; at += 16) {
    const key = v128.load(at);
    const finite = f64x2.eq(f64x2.sub(key, key), zero);
    counts = i64x2.sub(counts, finite);
    low = f64x2.pmin(low, v128.bitselect(key, above, finite));
    high = f64x2.pmax(high, v128.bitselect(key, beneath, finite));
  }
  least = min(f64x2.extract_lane(low, 0), f64x2.extract_lane(low, 1));
  most = max(f64x2.extract_lane(high, 0), f64x2.extract_lane(high, 1));
  const count = <i32>(i64x2.extract_lane(counts, 0) + i64x2.extract_lane(counts, 1));
  if (at == end) return count;
  const key = load<f64>(at);
  if (key - key != 0) return count;
  least = min(least, key);
  most = max(most, key);
  return count + 1;
}

@inline
function whole(a: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return i32x4.relaxed_trunc_f64x2_s_zero(a);
  return i32x4.trunc_sat_f64x2_s_zero(a);
}

@inline
function add(sums: usize, bucket: i32, mass: f64): void {
  const at = sums + (<usize>bucket << 3);
  store<f64>(at, load<f64>(at) + mass);
}

/** Sums the masses of each bucket, element by element. */
function fill(keys: usize, masses: usize, scale: f64, buckets: usize, sums: usize, n: i32): void {
  memory.fill(sums, 0, (BUCKETS + 2) << 3);
  const from = f64x2.splat(least);
  const by = f64x2.splat(scale);
  const none = f64x2.splat(<f64>(BUCKETS + 1));
  const zero = f64x2.splat(0);
  for (let i: i32 = 0; i < n; i += 2) {
    const key = v128.load(keys + (<usize>i << 3));
    const place = f64x2.mul(f64x2.sub(key, from), by);
    const bucket = whole(v128.bitselect(place, none, f64x2.eq(f64x2.sub(key, key), zero)));
    const one = i32x4.extract_lane(bucket, 0);
    const two = i + 1 < n ? i32x4.extract_lane(bucket, 1) : BUCKETS + 1;
    store<i32>(buckets + (<usize>i << 1), one | (two << 16));
    add(sums, one, masses == 0 ? 1 : load<f64>(masses + (<usize>i << 3)));
    add(sums, two, masses == 0 ? 1 : load<f64>(masses + (<usize>i << 3), 8));
  }
}

/** Lists the elements of one bucket. */
function list(found: i16, buckets: usize, members: usize, n: i32): i32 {
  const wanted = i16x8.splat(found);
  let count: i32 = 0;
  for (let i: i32 = 0; i < n; i += 8) {
    let bits = i16x8.bitmask(i16x8.eq(v128.load(buckets + (<usize>i << 1)), wanted));
    for (; bits != 0; bits &= bits - 1) {
      const element = i + ctz(bits);
      if (element >= n) break;
      store<i32>(members + (<usize>count << 2), element);
      count++;
    }
  }
  return count;
}
