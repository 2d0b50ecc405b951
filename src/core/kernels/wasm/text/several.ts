// Several numbers at once of those that are written in the usual ways.
// Constants are loaded, not written: V8 would build in every round of a loop what is written there.
/** The first bytes of eight, by their count but one. */
const masks = memory.data<u64>([0xff, 0xffff, 0xffffff, 0xffffffff, 0xffffffffff, 0xffffffffffff, 0xffffffffffffff, 0xffffffffffffffff]);
/** Of two bytes, 2561. */
const tens = memory.data<u16>([2561]);
/** 10,000 and 1, factors of numbers of four digits. */
const tenThousands = memory.data<u32>([0x00012710]);

/** Whether a minus stands behind a blank. */
@inline
function isNegative(blank: usize): u32 {
  return u32(load<u8>(blank, 1) === 45);
}

/** What eight bytes are beyond those of a pattern, of two numbers whose first `last + 1` count. */
@inline
function beyond(a: usize, lastA: u32, b: usize, lastB: u32, pattern: v128): v128 {
  const mask = v128.load64_lane(masks + (<usize>lastB << 3), v128.load64_zero(masks + (<usize>lastA << 3)), 1);
  return v128.and(v128.xor(v128.load64_lane(b, v128.load64_zero(a), 1), pattern), mask);
}

/** Pairs of digits as numbers: of bytes f and s, (f + 256 s) · 2561 = f + 256 (10 f + s). */
@inline
function twos(digits: v128, pairing: v128): v128 {
  return i16x8.shr_u(i16x8.mul(digits, pairing), 8);
}

const short = memory.data<u64>([
  0x3030303030302e30, // a digit, a point and six digits
  0x7676767676767f76, // what a byte beyond them that is no digit, or not the point, has 128 with
  0x000100640001000a, // factors of the digit before the point and a zero, and of three numbers of two digits
]);
const million = memory.data<f32>([1e6]);

/**
 * Reads four numbers at a time that stand between blanks of a list, while they are a digit, or a digit, a point and up to six digits. Their
 * millionths are whole and below 2^24, which float32 holds. Their quotient is farther than 2^-39 from each middle of two float32: it is
 * the same whether it is rounded once, or to float64 first.
 * @returns the place in the list of the blank where it stopped
 */
export function fours(places: usize, last: usize, out: usize): usize {
  const pattern = v128.load64_splat(short);
  const excess = v128.load64_splat(short + 8);
  const pairing = v128.load16_splat(tens);
  const hundreds = v128.load64_splat(short + 16);
  const thousands = v128.load32_splat(tenThousands);
  const millions = v128.load32_splat(million);
  let before: usize = load<u32>(places);
  for (; places + 12 < last; places += 16) {
    const endA: usize = load<u32>(places, 4);
    const endB: usize = load<u32>(places, 8);
    const negativeA = isNegative(before);
    const negativeB = isNegative(endA);
    const a = before + 1 + negativeA;
    const b = endA + 1 + negativeB;
    const lastA = <u32>(endA - a) - 1;
    const lastB = <u32>(endB - b) - 1;
    if ((lastA | lastB) >= 8) break;
    const first = beyond(a, lastA, b, lastB, pattern);
    const endC: usize = load<u32>(places, 12);
    const endD: usize = load<u32>(places, 16);
    const negativeC = isNegative(endB);
    const negativeD = isNegative(endC);
    const c = endB + 1 + negativeC;
    const d = endC + 1 + negativeD;
    const lastC = <u32>(endC - c) - 1;
    const lastD = <u32>(endD - d) - 1;
    if ((lastC | lastD) >= 8) break;
    const second = beyond(c, lastC, d, lastD, pattern);
    if (i8x16.bitmask(v128.or(i8x16.add_sat_u(first, excess), i8x16.add_sat_u(second, excess))) !== 0) break;
    const firstHalves = i32x4.dot_i16x8_s(twos(first, pairing), hundreds);
    const halves = i16x8.narrow_i32x4_s(firstHalves, i32x4.dot_i16x8_s(twos(second, pairing), hundreds));
    const values = f32x4.div(f32x4.convert_i32x4_s(i32x4.dot_i16x8_s(halves, thousands)), millions);
    const signs = i64x2.replace_lane(i64x2.splat(<u64>negativeA | (<u64>negativeB << 32)), 1, <u64>negativeC | (<u64>negativeD << 32));
    v128.store(out, v128.xor(values, i32x4.shl(signs, 31)));
    before = endD;
    out += 16;
  }
  return places;
}

const long = memory.data<u32>([
  0x30303030, // digits
  0x76767676, // what a byte beyond them that is no digit has 128 with
  0x00010064, // 100 and 1, factors of numbers of two digits
]);
/** 1e-8 and its negative. */
const scales = memory.data<f64>([1e-8, -1e-8]);

/**
 * Reads two numbers at a time that stand between blanks of a list, while they are a digit, a point and one to eight digits.
 * @returns the place in the list of the blank where it stopped
 */
export function pairs(places: usize, last: usize, out: usize): usize {
  const zeros = v128.load32_splat(long);
  const excess = v128.load32_splat(long + 4);
  const pairing = v128.load16_splat(tens);
  const hundreds = v128.load32_splat(long + 8);
  const thousands = v128.load32_splat(tenThousands);
  let before: usize = load<u32>(places);
  for (; places + 4 < last; places += 8) {
    const middle: usize = load<u32>(places, 4);
    const end: usize = load<u32>(places, 8);
    const negativeA = isNegative(before);
    const negativeB = isNegative(middle);
    const a = before + 1 + negativeA;
    const b = middle + 1 + negativeB;
    const lastA = <u32>(middle - a) - 3; // of the digits behind the point
    const lastB = <u32>(end - b) - 3;
    if ((lastA | lastB) >= 8) break;
    const wholeA: u32 = <u32>load<u16>(a) ^ 0x2e30;
    const wholeB: u32 = <u32>load<u16>(b) ^ 0x2e30;
    // Digits are 0 … 9 here, so that 6 more stay below 16; for all else a higher bit is set.
    if (((wholeA + 6) | (wholeB + 6)) >= 16) break;
    const digits = beyond(a + 2, lastA, b + 2, lastB, zeros);
    if (i8x16.bitmask(i8x16.add_sat_u(digits, excess)) !== 0) break;
    const halves = i32x4.dot_i16x8_s(twos(digits, pairing), hundreds);
    const eights = i32x4.dot_i16x8_s(i16x8.narrow_i32x4_s(halves, halves), thousands);
    const wholes = i64x2.splat((<u64>wholeA | (<u64>wholeB << 32)) * 100000000);
    // The product is within 2^-52 of the quotient, which is no middle of two float32, m · 2^-k, and at least 1 / (5^8 m) > 2^-44 away
    // from each: both round to the same float32.
    const signed = v128.load64_lane(scales + (<usize>negativeB << 3), v128.load64_zero(scales + (<usize>negativeA << 3)), 1);
    const values = f64x2.mul(f64x2.convert_low_i32x4_s(i32x4.add(eights, wholes)), signed);
    v128.store64_lane(out, f32x4.demote_f64x2_zero(values), 0);
    before = end;
    out += 8;
  }
  return places;
}
