import { EXACT, POWERS } from "../../formats/number.js";

/** Where the last `scanFloat` ended: behind the number, or -1 when none began there. */
export const scan = { end: -1 };

/**
 * Reads the decimal number that begins at `from` in bytes, up to a blank, and leaves its end in `scan.end`. Equal to
 * `Number` of the same text; also `nan` and `inf` in any case, as numpy prints them. Digits below 2^53 and powers to
 * 10^22 are exact, so that one operation rounds correctly (Clinger 1990); the rest goes to `Number`.
 */
export function scanFloat(bytes: Uint8Array, from: number, to: number): number {
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
