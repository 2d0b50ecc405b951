export { heapBase } from "./lib/memory";
import { exp32 } from "./lib/exp32";
import { log32 } from "./lib/log32";
import { madd32, sum32 } from "./lib/lanes";

const NONE: f32 = -Infinity;

/** The products of a query with the four keys from `key` on, `width` bytes apart. */
@inline
function four(query: usize, key: usize, width: usize, size: i32): v128 {
  let key1 = key + width;
  let key2 = key1 + width;
  let key3 = key2 + width;
  let a = f32x4.splat(0), b = f32x4.splat(0), c = f32x4.splat(0), d = f32x4.splat(0);
  let end = query + (<usize>(size & ~3) << 2);
  for (; query < end; query += 16) {
    const q = v128.load(query);
    a = madd32(q, v128.load(key), a);
    b = madd32(q, v128.load(key1), b);
    c = madd32(q, v128.load(key2), c);
    d = madd32(q, v128.load(key3), d);
    key += 16;
    key1 += 16;
    key2 += 16;
    key3 += 16;
  }
  // Sums across lanes, four at once.
  const ab = f32x4.add(v128.shuffle<f32>(a, b, 0, 4, 1, 5), v128.shuffle<f32>(a, b, 2, 6, 3, 7));
  const cd = f32x4.add(v128.shuffle<f32>(c, d, 0, 4, 1, 5), v128.shuffle<f32>(c, d, 2, 6, 3, 7));
  let sums = f32x4.add(v128.shuffle<f32>(ab, cd, 0, 1, 4, 5), v128.shuffle<f32>(ab, cd, 2, 3, 6, 7));
  for (end = query + (<usize>(size & 3) << 2); query < end; query += 4) {
    let keys = v128.load32_splat(key);
    keys = f32x4.replace_lane(keys, 1, load<f32>(key1));
    keys = f32x4.replace_lane(keys, 2, load<f32>(key2));
    keys = f32x4.replace_lane(keys, 3, load<f32>(key3));
    sums = madd32(v128.load32_splat(query), keys, sums);
    key += 4;
    key1 += 4;
    key2 += 4;
    key3 += 4;
  }
  return sums;
}

/** Softmax of `count` numbers, in their place; what is no number, and −∞, gets 0. Four at once: up to three behind them are overwritten. */
@inline
function softmax(x: usize, count: i32): void {
  const end = x + (<usize>count << 2);
  for (let i = 0; i < 3; i++) store<f32>(end + (<usize>i << 2), NONE);
  let most = f32x4.splat(NONE);
  for (let at = x; at < end; at += 16) most = f32x4.pmax(most, v128.load(at));
  most = f32x4.pmax(most, v128.shuffle<f32>(most, most, 2, 3, 0, 1));
  most = f32x4.pmax(most, v128.shuffle<f32>(most, most, 1, 0, 3, 2));
  if (f32x4.extract_lane(most, 0) == NONE) {
    for (let at = x; at < end; at += 16) v128.store(at, f32x4.splat(0));
    return;
  }
  let sums = f32x4.splat(0);
  for (let at = x; at < end; at += 16) {
    const e = exp32(f32x4.sub(v128.load(at), most));
    v128.store(at, e);
    sums = f32x4.add(sums, e);
  }
  const scale = f32x4.splat(1 / sum32(sums));
  for (let at = x; at < end; at += 16) v128.store(at, f32x4.mul(v128.load(at), scale));
}

/** out[j] = Σ weights[p] values[p, j] for `size` columns. */
@inline
function mix(weights: usize, count: i32, values: usize, width: usize, size: i32, out: usize): void {
  const end = weights + (<usize>count << 2);
  let left = size;
  for (; left >= 32; left -= 32, values += 128, out += 128) {
    let a = f32x4.splat(0), b = f32x4.splat(0), c = f32x4.splat(0), d = f32x4.splat(0);
    let e = f32x4.splat(0), f = f32x4.splat(0), g = f32x4.splat(0), h = f32x4.splat(0);
    for (let at = weights, value = values; at < end; at += 4, value += width) {
      const w = v128.load32_splat(at);
      a = madd32(w, v128.load(value), a);
      b = madd32(w, v128.load(value, 16), b);
      c = madd32(w, v128.load(value, 32), c);
      d = madd32(w, v128.load(value, 48), d);
      e = madd32(w, v128.load(value, 64), e);
      f = madd32(w, v128.load(value, 80), f);
      g = madd32(w, v128.load(value, 96), g);
      h = madd32(w, v128.load(value, 112), h);
    }
    v128.store(out, a);
    v128.store(out, b, 16);
    v128.store(out, c, 32);
    v128.store(out, d, 48);
    v128.store(out, e, 64);
    v128.store(out, f, 80);
    v128.store(out, g, 96);
    v128.store(out, h, 112);
  }
  for (; left >= 4; left -= 4, values += 16, out += 16) {
    let a = f32x4.splat(0);
    for (let at = weights, value = values; at < end; at += 4, value += width) a = madd32(v128.load32_splat(at), v128.load(value), a);
    v128.store(out, a);
  }
  for (; left > 0; left--, values += 4, out += 4) {
    let sum: f32 = 0;
    for (let at = weights, value = values; at < end; at += 4, value += width) sum += load<f32>(at) * load<f32>(value);
    store<f32>(out, sum);
  }
}

/**
 * Attention of one head of `n` queries to keys and values.
 * @param query of the first; the next is `stride` bytes behind
 * @param keys of the head, `width` bytes apart; three more rows may be read
 * @param values likewise; none where they are 0
 * @param count keys that the first query sees; each further one sees `more` more
 * @param weights what each query gives the keys it sees, `row` bytes apart (0: all in one place); three more may be written
 * @param out of the first query, `stride` bytes apart
 */
export function attend(query: usize, stride: usize, n: i32, size: i32, scale: f32, keys: usize, values: usize, width: usize, count: i32, more: i32, weights: usize, row: usize, out: usize, outStride: usize): void {
  const scales = f32x4.splat(scale);
  for (let t = 0; t < n; t++) {
    let key = keys;
    for (let p = 0; p < count; p += 4, key += width << 2) v128.store(weights + (<usize>p << 2), f32x4.mul(four(query, key, width, size), scales));
    softmax(weights, count);
    if (values) mix(weights, count, values, width, size, out);
    query += stride;
    out += outStride;
    weights += row;
    count += more;
  }
}

const table = memory.data<f32>([
  1.5957691216057308, // 2 √(2/π)
  0.044715,
  1.0,
  0.7071067811865476, // √½
  0.5,
  0.17087277, // of erfc
  -0.82215223,
  1.48851587,
  -1.13520398,
  0.27886807,
  -0.18628806,
  0.09678418,
  0.37409196,
  1.00002368,
  -1.26551223,
]);

@inline
function constant(i: usize): v128 {
  return v128.load32_splat(table + (i << 2));
}

/** erfc(z) for z ≥ 0, to 1.2e-7 of it but for what exp32 is off (Press et al., Numerical Recipes, erfcc). */
@inline
function erfc(z: v128): v128 {
  const t = f32x4.div(constant(2), madd32(z, constant(4), constant(2)));
  let p = madd32(t, constant(5), constant(6));
  p = madd32(p, t, constant(7));
  p = madd32(p, t, constant(8));
  p = madd32(p, t, constant(9));
  p = madd32(p, t, constant(10));
  p = madd32(p, t, constant(11));
  p = madd32(p, t, constant(12));
  p = madd32(p, t, constant(13));
  p = madd32(p, t, constant(14));
  return f32x4.mul(t, exp32(f32x4.sub(p, f32x4.mul(z, z))));
}

/** 1 / (1 + e^−x), without overflow. */
@inline
function sigmoid(x: v128): v128 {
  const one = v128.load32_splat(table + 8);
  const e = exp32(f32x4.neg(f32x4.abs(x)));
  return f32x4.div(v128.bitselect(one, e, f32x4.ge(x, f32x4.splat(0))), f32x4.add(one, e));
}

/** GELU with tanh of n numbers, in their place. */
export function geluTanh(x: usize, n: i32): void {
  for (let end = x + (<usize>n << 2); x < end; x += 16) {
    const v = v128.load(x);
    const inner = f32x4.mul(v, f32x4.mul(v, f32x4.mul(v, v128.load32_splat(table + 4))));
    v128.store(x, f32x4.mul(v, sigmoid(f32x4.mul(f32x4.add(v, inner), v128.load32_splat(table)))));
  }
}

/** GELU with the normal distribution, of n numbers, in their place: x (1 − erfc(x / √2) / 2), and x erfc(−x / √2) / 2 below 0. */
export function gelu(x: usize, n: i32): void {
  for (let end = x + (<usize>n << 2); x < end; x += 16) {
    const v = v128.load(x);
    const tail = f32x4.mul(constant(4), erfc(f32x4.mul(f32x4.abs(v), constant(3))));
    v128.store(x, f32x4.mul(v, v128.bitselect(tail, f32x4.sub(constant(2), tail), f32x4.lt(v, f32x4.splat(0)))));
  }
}

/** x · sigmoid(x) of n numbers, in their place. */
export function silu(x: usize, n: i32): void {
  for (let end = x + (<usize>n << 2); x < end; x += 16) {
    const v = v128.load(x);
    v128.store(x, f32x4.mul(v, sigmoid(v)));
  }
}

const places = memory.data<i32>([0, 1, 2, 3]);

/** w log₂ w in four lanes; 0 for 0, NaN below. */
@inline
function certainty(w: v128): v128 {
  return f32x4.mul(w, v128.or(log32(w), f32x4.lt(w, f32x4.splat(0))));
}

/** out[r] = −Σ w log₂ w of a row of `columns` numbers. */
export function entropies(weights: usize, rows: i32, columns: i32, out: usize): void {
  const rest = i32x4.lt_s(v128.load(places), i32x4.splat(columns & 3));
  for (const end = out + (<usize>rows << 3); out < end; out += 8) {
    let sums = f32x4.splat(0);
    for (const last = weights + (<usize>(columns & ~3) << 2); weights < last; weights += 16) sums = f32x4.add(sums, certainty(v128.load(weights)));
    sums = f32x4.add(sums, certainty(v128.and(v128.load(weights), rest)));
    weights += <usize>(columns & 3) << 2;
    store<f64>(out, 0 - <f64>sum32(sums));
  }
}
