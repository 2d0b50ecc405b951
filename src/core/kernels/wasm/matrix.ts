export { heapBase } from "./lib/memory";
import { anyStrange, BFLOAT16, FLOAT16, FLOAT32, halfMask, halfScale, high4, low4, STRANGE16 } from "./lib/half";
import { madd32 } from "./lib/lanes";

// A matrix [m, k] lies in panels of eight rows, [⌈m / 8⌉, k, 8]: the eight numbers that meet the same number of an input stand side
// by side. So it does not matter which way a file has it, and sums run along k in registers, without a sum across lanes.

/** Numbers of an input that are summed up before the sum is added to what there is: more would lose digits, and leave the cache. */
const BLOCK: i32 = 256;

/** Bytes of a number. */
@inline
function sizeOfType(type: i32): usize {
  return type == FLOAT32 ? 4 : 2;
}

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
  const size = sizeOfType(type);
  let at = w + (<usize>(r >> 3) * k * 8 + (r & 7)) * size;
  const mask = halfMask();
  const scale = halfScale();
  for (let end = out + (<usize>k << 2); out < end; out += 4, at += size << 3) {
    if (type == FLOAT32) store<u32>(out, load<u32>(at));
    else store<f32>(out, f32x4.extract_lane(low4(v128.load16_splat(at), type, mask, scale), 0));
  }
}

/** Eight numbers of a panel, widened: [len, 8] of two bytes to [len, 8] of binary32. */
@inline
function widen(from: usize, len: i32, type: i32, to: usize): void {
  const mask = halfMask();
  const scale = halfScale();
  for (let end = from + (<usize>len << 4); from < end; from += 16, to += 32) {
    const pairs = v128.load(from);
    v128.store(to, low4(pairs, type, mask, scale));
    v128.store(to + 16, high4(pairs, type, mask, scale));
  }
}

/** Adds to four rows of eight results what `len` numbers of four inputs give with a panel. The loop is as short as it can be: unrolled, it needs more registers than there are. */
@inline
function tile(x: usize, step: usize, panel: usize, len: i32, out: usize, wide: usize): void {
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
  add(out, a0, b0);
  add(out + wide, a1, b1);
  add(out + 2 * wide, a2, b2);
  add(out + 3 * wide, a3, b3);
}

@inline
function add(out: usize, a: v128, b: v128): void {
  v128.store(out, f32x4.add(v128.load(out), a));
  v128.store(out, f32x4.add(v128.load(out, 16), b), 16);
}

/**
 * Adds x Wᵀ to `out`, for the rows of W in panels [from, to).
 * @param x [n, k] with n a multiple of four
 * @param out [n, 8 · (to − from)]
 * @param scratch room for BLOCK · 8 numbers
 */
export function product(x: usize, n: i32, k: i32, w: usize, type: i32, from: i32, to: i32, out: usize, scratch: usize): void {
  const step = <usize>k << 2;
  const wide = <usize>(to - from) << 5;
  for (let j = 0; j < k; j += BLOCK) {
    const len = min(BLOCK, k - j);
    let result = out;
    for (let p = from; p < to; p++, result += 32) {
      const at = <usize>p * k + j;
      let panel = w + (at << 5);
      if (type != FLOAT32) {
        const stored = w + (at << 4);
        panel = scratch;
        if (type == FLOAT16) widen(stored, len, FLOAT16, scratch);
        else if (type == BFLOAT16) widen(stored, len, BFLOAT16, scratch);
        else widen(stored, len, STRANGE16, scratch);
      }
      let rows = x + (<usize>j << 2);
      let place = result;
      for (let t = 0; t < n; t += 4, rows += 4 * step, place += 4 * wide) tile(rows, step, panel, len, place, wide);
    }
  }
}

/** What `len` numbers of one input give with four panels at once, so that enough sums run side by side. */
@inline
function quad(x: usize, w: usize, step: usize, len: i32, type: i32, out: usize): void {
  const mask = halfMask();
  const scale = halfScale();
  let w1 = w + step;
  let w2 = w1 + step;
  let w3 = w2 + step;
  let a0 = f32x4.splat(0), b0 = f32x4.splat(0);
  let a1 = f32x4.splat(0), b1 = f32x4.splat(0);
  let a2 = f32x4.splat(0), b2 = f32x4.splat(0);
  let a3 = f32x4.splat(0), b3 = f32x4.splat(0);
  const wide = sizeOfType(type) << 3;
  for (let end = x + (<usize>len << 2); x < end; x += 4) {
    const s = v128.load32_splat(x);
    const p0 = v128.load(w), p1 = v128.load(w1), p2 = v128.load(w2), p3 = v128.load(w3);
    if (type == FLOAT32) {
      a0 = madd32(s, p0, a0);
      b0 = madd32(s, v128.load(w, 16), b0);
      a1 = madd32(s, p1, a1);
      b1 = madd32(s, v128.load(w1, 16), b1);
      a2 = madd32(s, p2, a2);
      b2 = madd32(s, v128.load(w2, 16), b2);
      a3 = madd32(s, p3, a3);
      b3 = madd32(s, v128.load(w3, 16), b3);
    } else {
      a0 = madd32(s, low4(p0, type, mask, scale), a0);
      b0 = madd32(s, high4(p0, type, mask, scale), b0);
      a1 = madd32(s, low4(p1, type, mask, scale), a1);
      b1 = madd32(s, high4(p1, type, mask, scale), b1);
      a2 = madd32(s, low4(p2, type, mask, scale), a2);
      b2 = madd32(s, high4(p2, type, mask, scale), b2);
      a3 = madd32(s, low4(p3, type, mask, scale), a3);
      b3 = madd32(s, high4(p3, type, mask, scale), b3);
    }
    w += wide;
    w1 += wide;
    w2 += wide;
    w3 += wide;
  }
  add(out, a0, b0);
  add(out + 32, a1, b1);
  add(out + 64, a2, b2);
  add(out + 96, a3, b3);
}

/** The same with one panel. */
@inline
function single(x: usize, w: usize, len: i32, type: i32, out: usize): void {
  const mask = halfMask();
  const scale = halfScale();
  let a = f32x4.splat(0), b = f32x4.splat(0);
  for (let end = x + (<usize>len << 2); x < end; x += 4) {
    const s = v128.load32_splat(x);
    const p = v128.load(w);
    a = madd32(s, type == FLOAT32 ? p : low4(p, type, mask, scale), a);
    b = madd32(s, type == FLOAT32 ? v128.load(w, 16) : high4(p, type, mask, scale), b);
    w += sizeOfType(type) << 3;
  }
  add(out, a, b);
}

@inline
function vectorOf(x: usize, k: i32, w: usize, type: i32, from: i32, to: i32, out: usize): void {
  const wide = sizeOfType(type) << 3;
  const step = <usize>k * wide;
  for (let p = from; p < to; ) {
    const many = p + 4 <= to;
    for (let j = 0; j < k; j += BLOCK) {
      const len = min(BLOCK, k - j);
      const at = w + <usize>p * step + <usize>j * wide;
      if (many) quad(x + (<usize>j << 2), at, step, len, type, out);
      else single(x + (<usize>j << 2), at, len, type, out);
    }
    p += many ? 4 : 1;
    out += many ? 128 : 32;
  }
}

/** `product` of one input [k]: numbers of two bytes are widened on the way. The sums are those of `product`, in its order. */
export function vector(x: usize, k: i32, w: usize, type: i32, from: i32, to: i32, out: usize): void {
  if (type == FLOAT32) vectorOf(x, k, w, FLOAT32, from, to, out);
  else if (type == FLOAT16) vectorOf(x, k, w, FLOAT16, from, to, out);
  else if (type == BFLOAT16) vectorOf(x, k, w, BFLOAT16, from, to, out);
  else vectorOf(x, k, w, STRANGE16, from, to, out);
}
