export { heapBase } from "./lib/memory";
import { anyStrange, BFloat16, first4, Float16, Float32, halfMask, halfScale, last4, Lowered16, Strange16 } from "./lib/half";
import { madd32 } from "./lib/lanes";

// A matrix [m, k] lies in panels of eight rows, [⌈m / 8⌉, k, 8]: the eight numbers that meet the same number of an input stand side
// by side. So it does not matter which way a file has it, and sums run along k in registers, without a sum across lanes.

// Types of stored weights, as the binding names them:
const FLOAT32: i32 = 0;
const FLOAT16: i32 = 1;
const BFLOAT16: i32 = 2;
/** binary16 with infinities or NaN among its numbers. */
const STRANGE16: i32 = 3;

/** Numbers of an input that are summed up before the sum is added to what there is: more would lose digits, and leave the cache. */
const BLOCK: i32 = 256;

/**
 * Lays rows [from, from + count) of a matrix [m, k], as they stand at `rows`, into panels.
 * @returns whether infinities or NaN are among numbers of binary16
 */
export function pack(rows: usize, from: i32, count: i32, k: i32, w: usize, type: i32): bool {
  let strange = false;
  for (let r = from; r < from + count; r++) {
    const panel = <usize>(r >> 3) * k;
    if (type == FLOAT32) {
      let to = w + (panel << 5) + (<usize>(r & 7) << 2);
      for (let end = rows + (<usize>k << 2); rows < end; rows += 4, to += 32) store<u32>(to, load<u32>(rows));
    } else {
      let to = w + (panel << 4) + (<usize>(r & 7) << 1);
      for (let end = rows + (<usize>k << 1); rows < end; rows += 2, to += 16) {
        const bits = load<u16>(rows);
        store<u16>(to, bits);
        strange = strange || (bits & 0x7c00) == 0x7c00;
      }
    }
  }
  return strange && type != BFLOAT16;
}

/** The same for rows of the transposed [k, m]: each has a number for every row of the matrix. */
export function packTransposed(rows: usize, from: i32, count: i32, m: i32, k: i32, w: usize, type: i32): bool {
  const shift: usize = type == FLOAT32 ? 2 : 1;
  const wide: usize = 8 << shift;
  const width = <usize>m << shift;
  const whole = <usize>(m & ~7) << shift;
  let strange = false;
  for (let j = from; j < from + count; j++, rows += width) {
    let to = w + <usize>j * wide;
    let at: usize = 0;
    for (; at < whole; at += wide, to += <usize>k * wide) {
      const first = v128.load(rows + at);
      v128.store(to, first);
      if (type == FLOAT32) v128.store(to + 16, v128.load(rows + at + 16));
      else strange = strange || anyStrange(first);
    }
    for (; at < width; at += 2, to += 2) {
      const bits = load<u16>(rows + at);
      store<u16>(to, bits);
      strange = strange || (bits & 0x7c00) == 0x7c00;
    }
  }
  return strange && (type == FLOAT16 || type == STRANGE16);
}

/** A row of a matrix, widened. */
export function row(w: usize, r: i32, k: i32, type: i32, out: usize): void {
  const size: usize = type == FLOAT32 ? 4 : 2;
  let at = w + (<usize>(r >> 3) * k * 8 + (r & 7)) * size;
  const mask = halfMask();
  const scale = halfScale();
  for (let end = out + (<usize>k << 2); out < end; out += 4, at += size << 3) {
    if (type == FLOAT32) store<u32>(out, load<u32>(at));
    else if (type == BFLOAT16) store<u32>(out, <u32>load<u16>(at) << 16);
    else store<f32>(out, f32x4.extract_lane(first4<Strange16>(v128.load16_splat(at), mask, scale), 0));
  }
}

/** Eight numbers of a panel, widened: [len, 8] of two bytes to [len, 8] of binary32. */
@inline
function widen<T>(from: usize, len: i32, to: usize): void {
  const mask = halfMask();
  const scale = halfScale();
  for (let end = from + (<usize>len << 4); from < end; from += 16, to += 32) {
    const pairs = v128.load(from);
    v128.store(to, first4<T>(pairs, mask, scale));
    v128.store(to, last4<T>(pairs, mask, scale), 16);
  }
}

/**
 * Four rows of eight results: what stands at `start`, `startWide` bytes apart, and what `len` numbers of four inputs give with a panel.
 * The loop is as short as it can be: unrolled, it needs more registers than there are.
 */
@inline
function tile(x: usize, step: usize, panel: usize, len: i32, start: usize, startWide: usize, out: usize, wide: usize): void {
  let x0 = x;
  let x1 = x + step;
  let x2 = x1 + step;
  let x3 = x2 + step;
  let a0 = f32x4.splat(0), b0 = f32x4.splat(0);
  let a1 = f32x4.splat(0), b1 = f32x4.splat(0);
  let a2 = f32x4.splat(0), b2 = f32x4.splat(0);
  let a3 = f32x4.splat(0), b3 = f32x4.splat(0);
  for (let end = panel + (<usize>len << 5); panel < end; panel += 32) {
    const u = v128.load(panel);
    const v = v128.load(panel, 16);
    const s0 = v128.load32_splat(x0);
    const s1 = v128.load32_splat(x1);
    const s2 = v128.load32_splat(x2);
    const s3 = v128.load32_splat(x3);
    a0 = madd32(s0, u, a0);
    b0 = madd32(s0, v, b0);
    a1 = madd32(s1, u, a1);
    b1 = madd32(s1, v, b1);
    a2 = madd32(s2, u, a2);
    b2 = madd32(s2, v, b2);
    a3 = madd32(s3, u, a3);
    b3 = madd32(s3, v, b3);
    x0 += 4;
    x1 += 4;
    x2 += 4;
    x3 += 4;
  }
  add(start, a0, b0, out);
  add(start + startWide, a1, b1, out + wide);
  add(start + 2 * startWide, a2, b2, out + 2 * wide);
  add(start + 3 * startWide, a3, b3, out + 3 * wide);
}

@inline
function add(start: usize, a: v128, b: v128, out: usize): void {
  v128.store(out, f32x4.add(v128.load(start), a));
  v128.store(out, f32x4.add(v128.load(start, 16), b), 16);
}

/**
 * out = x Wᵀ + bias, for the rows of W in panels [from, to).
 * @param x [n, k] with n a multiple of four
 * @param bias [8 · (to − from)]
 * @param out [n, 8 · (to − from)]
 * @param scratch room for BLOCK · 8 numbers
 */
export function product(x: usize, n: i32, k: i32, w: usize, type: i32, from: i32, to: i32, bias: usize, out: usize, scratch: usize): void {
  const step = <usize>k << 2;
  const wide = <usize>(to - from) << 5;
  let j = 0;
  do {
    const len = min(BLOCK, k - j);
    let start = j == 0 ? bias : out;
    const startWide = j == 0 ? 0 : wide;
    let result = out;
    for (let p = from; p < to; p++, result += 32, start += 32) {
      const at = <usize>p * k + j;
      let panel = w + (at << 5);
      if (type != FLOAT32) {
        const stored = w + (at << 4);
        panel = scratch;
        if (type == FLOAT16) widen<Float16>(stored, len, scratch);
        else if (type == BFLOAT16) widen<BFloat16>(stored, len, scratch);
        else widen<Strange16>(stored, len, scratch);
      }
      for (let t = 0; t < n; t += 4) tile(x + t * step + (<usize>j << 2), step, panel, len, start + t * startWide, startWide, result + t * wide, wide);
    }
    j += BLOCK;
  } while (j < k);
}

/** Bytes of eight numbers that stand side by side in a panel. */
@inline
function wideOf<T>(): usize {
  return idof<T>() == idof<Float32>() ? 32 : 16;
}

/** The first four of them. */
@inline
function left<T>(w: usize, mask: v128, scale: v128): v128 {
  return idof<T>() == idof<Float32>() ? v128.load(w) : first4<T>(v128.load(w), mask, scale);
}

/** The last four. */
@inline
function right<T>(w: usize, mask: v128, scale: v128): v128 {
  return idof<T>() == idof<Float32>() ? v128.load(w, 16) : last4<T>(v128.load(w), mask, scale);
}

/** What `len` numbers of one input give with four panels at once, so that enough sums run side by side. */
@inline
function quad<T>(x: usize, w: usize, step: usize, len: i32, start: usize, out: usize): void {
  const mask = halfMask();
  const scale = halfScale();
  let w1 = w + step;
  let w2 = w1 + step;
  let w3 = w2 + step;
  let a0 = f32x4.splat(0), b0 = f32x4.splat(0);
  let a1 = f32x4.splat(0), b1 = f32x4.splat(0);
  let a2 = f32x4.splat(0), b2 = f32x4.splat(0);
  let a3 = f32x4.splat(0), b3 = f32x4.splat(0);
  for (let end = x + (<usize>len << 2); x < end; x += 4) {
    const s = v128.load32_splat(x);
    a0 = madd32(s, left<T>(w, mask, scale), a0);
    b0 = madd32(s, right<T>(w, mask, scale), b0);
    a1 = madd32(s, left<T>(w1, mask, scale), a1);
    b1 = madd32(s, right<T>(w1, mask, scale), b1);
    a2 = madd32(s, left<T>(w2, mask, scale), a2);
    b2 = madd32(s, right<T>(w2, mask, scale), b2);
    a3 = madd32(s, left<T>(w3, mask, scale), a3);
    b3 = madd32(s, right<T>(w3, mask, scale), b3);
    w += wideOf<T>();
    w1 += wideOf<T>();
    w2 += wideOf<T>();
    w3 += wideOf<T>();
  }
  add(start, a0, b0, out);
  add(start + 32, a1, b1, out + 32);
  add(start + 64, a2, b2, out + 64);
  add(start + 96, a3, b3, out + 96);
}

/** The same with one panel. */
@inline
function single<T>(x: usize, w: usize, len: i32, start: usize, out: usize): void {
  const mask = halfMask();
  const scale = halfScale();
  let a = f32x4.splat(0), b = f32x4.splat(0);
  for (let end = x + (<usize>len << 2); x < end; x += 4, w += wideOf<T>()) {
    const s = v128.load32_splat(x);
    a = madd32(s, left<T>(w, mask, scale), a);
    b = madd32(s, right<T>(w, mask, scale), b);
  }
  add(start, a, b, out);
}

@inline
function vectorOf<T>(x: usize, k: i32, w: usize, from: i32, to: i32, bias: usize, out: usize): void {
  const step = <usize>k * wideOf<T>();
  for (let p = from; p < to; ) {
    // Of binary16 with infinities, one panel takes so long that its sums do not wait for each other.
    const many = idof<T>() != idof<Strange16>() && p + 4 <= to;
    let start = bias;
    let j = 0;
    do {
      const len = min(BLOCK, k - j);
      const at = w + <usize>p * step + <usize>j * wideOf<T>();
      if (many) quad<T>(x + (<usize>j << 2), at, step, len, start, out);
      else single<T>(x + (<usize>j << 2), at, len, start, out);
      start = out;
      j += BLOCK;
    } while (j < k);
    p += many ? 4 : 1;
    bias += many ? 128 : 32;
    out += many ? 128 : 32;
  }
}

/** Multiplies k numbers by 2^112, unless that is too much for one of them. @returns whether it was done */
export function raise(x: usize, k: i32): bool {
  const end = x + (<usize>k << 2);
  for (let at = x; at < end; at += 4) if (abs(load<f32>(at)) >= 65536) return false;
  for (let at = x; at < end; at += 4) store<f32>(at, load<f32>(at) * f32x4.extract_lane(halfScale(), 0));
  return true;
}

/**
 * `product` of one input [k]: numbers of two bytes are widened on the way. The sums are those of `product`, in its order.
 * @param x with FLOAT16 an input that `raise` has changed, which spares to change the weights: the products are the same
 */
export function vector(x: usize, k: i32, w: usize, type: i32, from: i32, to: i32, bias: usize, out: usize): void {
  if (type == FLOAT32) vectorOf<Float32>(x, k, w, from, to, bias, out);
  else if (type == FLOAT16) vectorOf<Lowered16>(x, k, w, from, to, bias, out);
  else if (type == BFLOAT16) vectorOf<BFloat16>(x, k, w, from, to, bias, out);
  else vectorOf<Strange16>(x, k, w, from, to, bias, out);
}
