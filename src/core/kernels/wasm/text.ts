export { heapBase } from "./lib/memory";

const LF: i32 = 10;
const CR: i32 = 13;
const zeros: u64 = 0x3030303030303030;

/** Powers of ten that a float64 holds exactly. */
const powers = memory.data<f64>([
  1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
]);
/** What `number` found: the value's bits, and where the last scan stopped. */
const found = memory.data(16);

/** Where `scan` stopped, in bytes from the text's begin. */
export function next(): i32 {
  return load<i32>(found, 8);
}

@inline
function isBlank(byte: i32): bool {
  return byte === 32 || byte === 9 || byte === CR || byte === LF;
}

/**
 * How many lines of text[0 … end] hold more than a line break. The bytes before and behind the text are overwritten: line feeds there
 * make its bounds like any other.
 */
export function countLines(text: usize, end: i32): i32 {
  if (end === 0) return 0;
  store<u16>(text - 2, 0x0a0a);
  const last = text + <usize>end;
  for (let p = last; p < last + 16; p++) store<u8>(p, <u8>LF);
  const lf = i8x16.splat(<i8>LF);
  const cr = i8x16.splat(<i8>CR);
  let count: i32 = 0;
  // The line feed behind the last line ends it, or follows the file's own.
  for (let p = text; p <= last; p += 16) {
    const before = v128.load(p - 1);
    const empty = v128.or(i8x16.eq(before, lf), v128.and(i8x16.eq(before, cr), i8x16.eq(v128.load(p - 2), lf)));
    count += popcnt(i8x16.bitmask(v128.andnot(i8x16.eq(v128.load(p), lf), empty)));
  }
  return count;
}

/**
 * Reads lines of a word and d numbers from text[from … end], at most `most`, up to the first that is written in another way or holds a
 * number beyond float32. values: [most, d] float32; words: [most, 2] int32 where each word begins and ends. What stands at `end` is
 * overwritten with a line feed. @returns how many
 */
export function scan(text: usize, from: i32, end: i32, d: i32, most: i32, values: usize, words: usize): i32 {
  store<u8>(text + <usize>end, <u8>LF);
  const last = text + <usize>end;
  let p = text + <usize>from;
  let row: i32 = 0;
  while (row < most && p < last) {
    const start = p;
    while (!isBlank(load<u8>(p))) p++;
    store<i32>(words, <i32>(start - text));
    store<i32>(words, <i32>(p - text), 4);
    const stop = numbers(p, d, values);
    if (stop === 0) {
      p = start;
      break;
    }
    p = stop;
    let byte: i32;
    while (isBlank(byte = load<u8>(p)) && byte !== LF) p++;
    if (byte !== LF) {
      p = start;
      break;
    }
    p++;
    row++;
    words += 8;
    values += <usize>d << 2;
  }
  store<i32>(found, <i32>(p - text), 8);
  return row;
}

/** Reads d numbers with blanks before each, and returns where the last ends; 0 when anything else stands there. */
@inline
function numbers(p: usize, d: i32, out: usize): usize {
  const above = i8x16.splat(33);
  for (const all = out + (<usize>d << 2); out < all; out += 4) {
    let blank: i32 = load<u8>(p);
    if (blank !== 32 && blank !== 9) return 0;
    p++;
    // Most numbers are a digit, a point and at most eight digits: their end is found by one comparison, before anything else is known
    // of them, and all the rest goes on beside the next number's.
    const length = ctz(i8x16.bitmask(i8x16.lt_u(v128.load(p), above)) | 0x10000);
    const negative: i32 = i32(load<u8>(p) === 45);
    const first = p + negative;
    const whole: u32 = <u32>load<u8>(first) ^ 48;
    const places: u32 = length - 2 - negative;
    const part = (load<u64>(first, 2) ^ zeros) & (<u64>-1 >> <u64>((8 - places) << 3));
    const strange = ((part + 0x0606060606060606) | part) & 0xf0f0f0f0f0f0f0f0;
    if (i32(whole < 10) & i32(load<u8>(first, 1) === 46) & i32(places - 1 < 8) & i32(strange === 0)) {
      const value = (<f64>(<i64>(<u64>whole * 100000000 + eightDigits(part)))) / 100000000.0;
      store<u32>(out, reinterpret<u32>(<f32>value) | (<u32>negative << 31));
      p += length;
    } else {
      while ((blank = load<u8>(p)) === 32 || blank === 9) p++;
      p = number(p);
      if (p === 0) return 0;
      store<u32>(out, load<u32>(found));
    }
  }
  return p;
}

/** The number of eight digits, the first in the lowest byte: pairs are joined, then pairs of pairs. */
@inline
function eightDigits(digits: u64): u64 {
  digits = (digits * 2561) >> 8;
  digits = ((digits & 0x00ff00ff00ff00ff) * 6553601) >> 16;
  return ((digits & 0x0000ffff0000ffff) * 42949672960001) >> 32;
}

/**
 * Reads one number in any way of writing it, leaves its float32 in `found`, and returns where it ends; 0 when it is none, is beyond
 * float32, or needs more exact arithmetic than this. The digits are whole, the powers of ten exact; where one operation on them is not
 * exact either, what lies four roundings around it has to be the same float32.
 */
function number(p: usize): usize {
  const begin = p;
  const sign: i32 = load<u8>(p);
  if (sign === 45 || sign === 43) p++;
  let digits: u64 = 0;
  let dropped: i32 = 0; // behind the nineteenth
  let places: i32 = 0;
  const first = p;
  let digit: u32;
  for (; (digit = <u32>load<u8>(p) ^ 48) < 10; p++) {
    if (digits < 1000000000000000000) digits = digits * 10 + digit;
    else dropped++;
  }
  let count = <i32>(p - first);
  if (load<u8>(p) === 46) {
    const point = ++p;
    for (; (digit = <u32>load<u8>(p) ^ 48) < 10; p++) {
      if (digits >= 1000000000000000000) continue;
      digits = digits * 10 + digit;
      places++;
    }
    count += <i32>(p - point);
  }
  if (count === 0) return 0;
  let exponent: i32 = 0;
  if ((load<u8>(p) | 32) === 101) {
    p++;
    const direction: i32 = load<u8>(p);
    if (direction === 45 || direction === 43) p++;
    const power = p;
    for (; (digit = <u32>load<u8>(p) ^ 48) < 10; p++) if (exponent < 10000) exponent = exponent * 10 + digit;
    if (p === power) return 0;
    if (direction === 45) exponent = -exponent;
  }
  if (!isBlank(load<u8>(p)) || p - begin > 1000) return 0;
  exponent += dropped - places;
  const value = scaled(<f64>digits, exponent);
  const below = <f32>value;
  const exact = digits < 9007199254740992 && (digits === 0 || (exponent >= -22 && exponent <= 22));
  if (!exact && (exponent < -44 || exponent > 44 || <f32>(value * (1 - 8.881784197001252e-16)) !== <f32>(value * (1 + 8.881784197001252e-16)))) return 0;
  if (below - below !== 0) return 0;
  store<u32>(found, reinterpret<u32>(below) | (<u32>(sign === 45) << 31));
  return p;
}

/** digits · 10^exponent. */
@inline
function scaled(digits: f64, exponent: i32): f64 {
  const size = abs(exponent);
  const power = load<f64>(powers + (<usize>min(size, 22) << 3));
  const rest = load<f64>(powers + (<usize>min(max(size - 22, 0), 22) << 3));
  return exponent < 0 ? digits / power / rest : digits * power * rest;
}
