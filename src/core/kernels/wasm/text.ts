import { hashOf } from "./lib/wordHash";

export { heapBase } from "./lib/memory";

const LF: i32 = 10;
const CR: i32 = 13;

/** Powers of ten that a float64 holds exactly. */
const powers = memory.data<f64>([
  1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
]);
/** What `number` found: the value's bits, and where the last scan stopped. */
const found = memory.data(16);
/** Loaded, not written: V8 would build in every round of a loop what is written there. */
const constants = memory.data<u64>([
  0x002000000a017630, // bytes: the digit 0; what 10 and more have 128 with; of two bytes: 2561; the highest blank
  0x0001271000010064, // factors of numbers of two digits, 100 and 1, and of four, 10,000 and 1
  0x3e45798ee2308c3a, 0xbe45798ee2308c3a, // 1e-8 and -1e-8
]);
/** The first bytes of eight, by their count but one. */
const masks = memory.data<u64>([0xff, 0xffff, 0xffffff, 0xffffffff, 0xffffffffff, 0xffffffffffff, 0xffffffffffffff, 0xffffffffffffffff]);

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
 * number beyond float32. values: [most, d] float32; words: their bytes, one word behind the other, and 16 bytes more that may be written;
 * ends: [most] int32 where each ends; hashes: [most] int32; breaks: [d + 2048] int32 for the places of blanks. What stands at `end` is
 * overwritten with a line feed. @returns how many
 */
export function scan(
  text: usize, from: i32, end: i32, d: i32, most: i32, values: usize, words: usize, ends: usize, hashes: usize, breaks: usize,
): i32 {
  store<u8>(text + <usize>end, <u8>LF);
  const last = text + <usize>end;
  const row = <usize>d << 2;
  let p = text + <usize>from;
  let seen = p; // what stands before has been looked at for blanks
  let here = breaks; // the place of the first blank from p on,
  let known = breaks; // and where the places end
  let rows: i32 = 0;
  let letters: i32 = 0;
  while (rows < most && p < last) {
    if (here + row >= known && seen <= last) {
      memory.copy(breaks, here, known - here);
      known -= here - breaks;
      here = breaks;
      for (const enough = max(here + row + 4, breaks + 4 * 1024); known < enough && seen <= last; seen += 64) known = findBlanks(seen, known);
    }
    let stop: usize = 0;
    let wordEnd: usize = 0;
    if (here + row < known) {
      wordEnd = load<u32>(here);
      stop = between(here, d, values);
    }
    if (stop !== 0) here += row;
    else {
      wordEnd = p;
      while (!isBlank(load<u8>(wordEnd))) wordEnd++;
      stop = numbers(wordEnd, d, values);
      if (stop === 0) break;
    }
    let byte: i32;
    while (isBlank(byte = load<u8>(stop)) && byte !== LF) stop++;
    if (byte !== LF) break;
    store<i32>(hashes + (rows << 2), hashOf(p, wordEnd));
    const length = <i32>(wordEnd - p);
    for (let i = 0; i < length; i += 16) v128.store(words + letters + i, v128.load(p + i));
    letters += length;
    store<i32>(ends + (rows << 2), letters);
    p = stop + 1;
    while (here < known && load<u32>(here) < <u32>p) here += 4;
    seen = max(seen, p);
    rows++;
    values += row;
  }
  store<i32>(found, <i32>(p - text), 8);
  return rows;
}

/** Adds the places of all blanks of 64 bytes to a list, behind which sixteen more may be written, and returns its end. */
@inline
function findBlanks(p: usize, out: usize): usize {
  const blank = v128.load8_splat(constants + 6);
  let mask: u64 =
    <u64>i8x16.bitmask(i8x16.le_u(v128.load(p), blank)) |
    (<u64>i8x16.bitmask(i8x16.le_u(v128.load(p, 16), blank)) << 16) |
    (<u64>i8x16.bitmask(i8x16.le_u(v128.load(p, 32), blank)) << 32) |
    (<u64>i8x16.bitmask(i8x16.le_u(v128.load(p, 48), blank)) << 48);
  const end = out + (<usize>popcnt(mask) << 2);
  do {
    // Eight at a time whether they are there or not: most windows hold as many.
    mask = take(mask, p, out, 0);
    mask = take(mask, p, out, 4);
    mask = take(mask, p, out, 8);
    mask = take(mask, p, out, 12);
    mask = take(mask, p, out, 16);
    mask = take(mask, p, out, 20);
    mask = take(mask, p, out, 24);
    mask = take(mask, p, out, 28);
    out += 32;
  } while (mask !== 0);
  return end;
}

/** Writes the place of the first byte of a mask, and returns the mask without it. */
@inline
function take(mask: u64, p: usize, out: usize, offset: usize): u64 {
  store<u32>(out + offset, <u32>p + <u32>ctz(mask));
  return mask & (mask - 1);
}

/** Reads d numbers that stand each between two blanks of a list, and returns where the last ends; 0 when anything else stands there. */
@inline
function between(places: usize, d: i32, out: usize): usize {
  const last = places + (<usize>d << 2);
  if (!areApart(places, last)) return 0;
  out -= places;
  while ((places = pairs(places, last, out + places)) !== last) {
    const end: usize = load<u32>(places, 4);
    if (number(load<u32>(places) + 1) !== end) return 0;
    store<u32>(out + places, load<u32>(found));
    places += 4;
  }
  return load<u32>(last);
}

/**
 * Reads two numbers at a time that stand between blanks of a list, while they are a digit, a point and one to eight digits.
 * @returns the place in the list of the blank where it stopped
 */
function pairs(places: usize, last: usize, out: usize): usize {
  const zero = v128.load8_splat(constants);
  const excess = v128.load8_splat(constants + 1);
  const pairing = v128.load16_splat(constants + 2);
  const hundreds = v128.load32_splat(constants + 8);
  const tenThousands = v128.load32_splat(constants + 12);
  let before: usize = load<u32>(places);
  for (; places + 4 < last; places += 8) {
    const middle: usize = load<u32>(places, 4);
    const end: usize = load<u32>(places, 8);
    const negativeA: u32 = u32(load<u8>(before, 1) === 45);
    const negativeB: u32 = u32(load<u8>(middle, 1) === 45);
    const a = before + negativeA;
    const b = middle + negativeB;
    const placesA = <u32>(middle - a) - 4; // digits behind the point, but one
    const placesB = <u32>(end - b) - 4;
    if ((placesA | placesB) >= 8) break;
    const wholeA: u32 = <u32>load<u16>(a, 1) ^ 0x2e30;
    const wholeB: u32 = <u32>load<u16>(b, 1) ^ 0x2e30;
    // Digits are 0 … 9 here, so that 6 more stay below 16; for all else a higher bit is set.
    if (((wholeA + 6) | (wholeB + 6)) >= 16) break;
    const mask = v128.load64_lane(masks + (<usize>placesB << 3), v128.load64_zero(masks + (<usize>placesA << 3)), 1);
    const digits = v128.and(v128.xor(v128.load64_lane(b + 3, v128.load64_zero(a + 3), 1), zero), mask);
    if (i8x16.bitmask(i8x16.add_sat_u(digits, excess)) !== 0) break;
    // Of bytes f and s, (f + 256 s) · 2561 = f + 256 (10 f + s).
    const twos = i16x8.shr_u(i16x8.mul(digits, pairing), 8);
    const fours = i32x4.dot_i16x8_s(twos, hundreds);
    const eights = i32x4.dot_i16x8_s(i16x8.narrow_i32x4_s(fours, fours), tenThousands);
    const wholes = i64x2.splat((<u64>wholeA | (<u64>wholeB << 32)) * 100000000);
    // The product is within 2^-52 of the quotient, which is no middle of two float32, m · 2^-k, and at least 1 / (5^8 m) > 2^-44 away
    // from each: both round to the same float32.
    const scales = v128.load64_lane(constants + 16 + (<usize>negativeB << 3), v128.load64_zero(constants + 16 + (<usize>negativeA << 3)), 1);
    const values = f64x2.mul(f64x2.convert_low_i32x4_s(i32x4.add(eights, wholes)), scales);
    v128.store64_lane(out, f32x4.demote_f64x2_zero(values), 0);
    before = end;
    out += 8;
  }
  return places;
}

/** Whether the blanks of a list, but the last, are spaces and tabs. They are where no byte among them is below a space. */
@inline
function areApart(places: usize, last: usize): bool {
  const end: usize = load<u32>(last);
  let p: usize = load<u32>(places);
  let least = v128.load(end - 16);
  for (; p + 64 < end; p += 64) {
    const first = i8x16.min_u(v128.load(p), v128.load(p, 16));
    const second = i8x16.min_u(v128.load(p, 32), v128.load(p, 48));
    least = i8x16.min_u(least, i8x16.min_u(first, second));
  }
  for (; p + 16 < end; p += 16) least = i8x16.min_u(least, v128.load(p));
  if (i8x16.all_true(i8x16.ge_u(least, v128.load8_splat(constants + 6)))) return true;
  for (; places < last; places += 4) {
    const byte: i32 = load<u8>(load<u32>(places));
    if (byte !== 32 && byte !== 9) return false;
  }
  return true;
}

/** Reads d numbers with blanks before each, and returns where the last ends; 0 when anything else stands there. */
function numbers(p: usize, d: i32, out: usize): usize {
  for (const all = out + (<usize>d << 2); out < all; out += 4) {
    const begin = p;
    let blank: i32;
    while ((blank = load<u8>(p)) === 32 || blank === 9) p++;
    if (p === begin) return 0;
    p = number(p);
    if (p === 0) return 0;
    store<u32>(out, load<u32>(found));
  }
  return p;
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
