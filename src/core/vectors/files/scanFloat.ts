import { EXACT, POWERS } from "../../formats/number.js";

/** Where the last `scanFloat` ended: behind the number, or -1 when none began there; and how many ran in all. */
export const scan = { end: -1, count: 0 };

/**
 * Reads the decimal number that begins at `from` in bytes, up to a blank, and leaves its end in `scan.end`. Equal to
 * `Number` of the same text; also `nan` and `inf` in any case, as numpy prints them. Digits below 2^53 and powers to
 * 10^22 are exact, so that one operation rounds correctly (Clinger 1990); the rest goes to `Number`.
 */
export function scanFloat(bytes: Uint8Array, from: number, to: number): number {
  scan.count++;
  let i = from;
  const negative = bytes[i] === 45;
  if (negative || bytes[i] === 43) i++;
  let digits = 0;
  let code: number;
  const first = i;
  while (i < to && (code = bytes[i] - 48) >= 0 && code <= 9) {
    digits = digits * 10 + code;
    i++;
  }
  let count = i - first;
  let exponent = 0;
  if (i < to && bytes[i] === 46) {
    const point = ++i;
    while (i < to && (code = bytes[i] - 48) >= 0 && code <= 9) {
      digits = digits * 10 + code;
      i++;
    }
    exponent = point - i;
    count += i - point;
  }
  if (count > 0 && (i === to || isBlank(bytes[i])) && digits < EXACT && exponent >= -22) {
    scan.end = i;
    const value = digits / POWERS[-exponent];
    return negative ? -value : value;
  }
  return scanSlowly(bytes, from, to);
}

/** Powers of ten from 0 to 9, then the same below zero. */
const SIGNED_POWERS = Float64Array.from({ length: 20 }, (_, i) => (i < 10 ? 1 : -1) * POWERS[i % 10]);

/**
 * Reads `count` numbers with blanks before each from one line, into `out` from `at`, and returns where the last ends; -1
 * when something else stands there. Equal to `scanFloat` of each, and counted there unless written as vectors mostly
 * are: a digit, a point and four to seven digits. That shape is read with few branches, the sign with none, since half of
 * the signs are guessed wrong by any processor.
 */
export function scanFloats(bytes: Uint8Array, from: number, to: number, count: number, out: Float32Array, at: number): number {
  const safe = bytes.length - 10; // from here on the longest number of that shape and its blank may not fit
  let i = from;
  for (const last = at + count; at < last; at++) {
    while (i < to && (bytes[i] === 32 || bytes[i] === 9)) i++;
    if (i < safe) {
      const sign = bytes[i];
      const negative = ((sign >> 4) & 1) ^ 1; // 0 for digits, 1 for "-", and for some that are sorted out below
      const first = i + negative;
      const a = bytes[first] ^ 48;
      const b = bytes[first + 2] ^ 48;
      const c = bytes[first + 3] ^ 48;
      const d = bytes[first + 4] ^ 48;
      const e = bytes[first + 5] ^ 48;
      // Digits are 0 … 9 here, so that 6 more stay below 16; for all else a higher bit is set.
      if (bytes[first + 1] === 46 && ((a + 6) | (b + 6) | (c + 6) | (d + 6) | (e + 6)) < 16 && ((sign ^ 45) & -negative) === 0) {
        let digits = a * 10000 + b * 1000 + c * 100 + d * 10 + e;
        let places = 4;
        let next = bytes[first + 6] ^ 48;
        if (next < 10) {
          digits = digits * 10 + next;
          places = 5;
          next = bytes[first + 7] ^ 48;
          if (next < 10) {
            digits = digits * 10 + next;
            places = 6;
            next = bytes[first + 8] ^ 48;
            if (next < 10) {
              digits = digits * 10 + next;
              places = 7;
              next = bytes[first + 9] ^ 48;
            }
          }
        }
        if (isBlank(next ^ 48) && first + 2 + places <= to) {
          i = first + 2 + places;
          out[at] = digits / SIGNED_POWERS[places + 10 * negative];
          continue;
        }
      }
    }
    if (i === to) return -1;
    out[at] = scanFloat(bytes, i, to);
    if (scan.end < 0) return -1;
    i = scan.end;
  }
  return i;
}

/** Exponents, many digits, and what is not finite. */
function scanSlowly(bytes: Uint8Array, from: number, to: number): number {
  let end = from;
  while (end < to && !isBlank(bytes[end])) end++;
  // The longest double that means anything has fewer than 800 digits.
  const text = end - from > 1000 ? "" : String.fromCharCode.apply(null, bytes.subarray(from, end) as unknown as number[]);
  scan.end = -1;
  if (/^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text)) {
    scan.end = end;
    return Number(text);
  }
  const word = /^([+-]?)(nan|inf|infinity)$/i.exec(text);
  if (!word) return Number.NaN;
  scan.end = end;
  return /nan/i.test(word[2]) ? Number.NaN : word[1] === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

/** Space, tab, or the end of a line. */
export function isBlank(byte: number): boolean {
  return byte === 32 || byte === 9 || byte === 13 || byte === 10;
}
