/** Powers of ten that a double holds exactly. */
export const POWERS = Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));
/** Whole numbers below it are exact. */
export const EXACT = 2 ** 53;
const MINUS = 0x2212;

/** The value that the last successful `scanNumber` read. */
export const scanned = { value: 0 };

/**
 * Reads the decimal number that begins at `from` and returns the offset behind it, or -1 when none begins there. The
 * value, left in `scanned.value`, is what `Number` gives for the same text. Reads `.5`, `5.`, `+3`, `1e-3` and the true
 * minus; no blanks, words, hexadecimals or digit groups. `decimal` is the code of the decimal mark.
 *
 * Method: W. D. Clinger, "How to read floating point numbers accurately" (1990), section 5: below 2^53 both the digits
 * and the powers up to 10^22 are exact, so one operation rounds correctly. Everything else goes to `Number`.
 */
export function scanNumber(chars: Uint16Array, from: number, to: number, decimal = 46): number {
  let i = from;
  let code = i < to ? chars[i] : 0;
  const negative = code === 45 || code === MINUS;
  if (negative || code === 43) i++;
  const first = i;
  let digits = 0;
  while (i < to && (code = chars[i] - 48) >= 0 && code <= 9) {
    digits = digits * 10 + code;
    i++;
  }
  let exponent = 0;
  let count = i - first;
  if (i < to && chars[i] === decimal) {
    const point = ++i;
    while (i < to && (code = chars[i] - 48) >= 0 && code <= 9) {
      digits = digits * 10 + code;
      i++;
    }
    exponent = point - i;
    count += i - point;
  }
  if (count === 0) return -1;
  if (i < to && (chars[i] | 32) === 101) {
    let j = i + 1;
    code = j < to ? chars[j] : 0;
    const down = code === 45 || code === MINUS;
    if (down || code === 43) j++;
    const begin = j;
    let power = 0;
    while (j < to && (code = chars[j] - 48) >= 0 && code <= 9) {
      if (power < 100000) power = power * 10 + code;
      j++;
    }
    if (j > begin) {
      exponent += down ? -power : power;
      i = j;
    }
  }
  let value: number;
  if (digits < EXACT && exponent >= -22 && exponent <= 22) {
    value = exponent < 0 ? digits / POWERS[-exponent] : digits * POWERS[exponent];
  } else value = Number(plain(chars, first, i, decimal));
  scanned.value = negative ? -value : value;
  return i;
}

/** The text from `from` to `to` as `Number` understands it. */
function plain(chars: Uint16Array, from: number, to: number, decimal: number): string {
  const text = textOf(chars, from, to).replaceAll("\u2212", "-");
  return decimal === 46 ? text : text.replace(String.fromCharCode(decimal), ".");
}

/** The characters from `from` to `to` as a string. */
export function textOf(chars: Uint16Array, from: number, to: number): string {
  if (to - from < 1024) return String.fromCharCode.apply(null, chars.subarray(from, to) as unknown as number[]);
  const parts: string[] = [];
  for (let i = from; i < to; i += 8192) {
    parts.push(String.fromCharCode.apply(null, chars.subarray(i, Math.min(to, i + 8192)) as unknown as number[]));
  }
  return parts.join("");
}

/** The UTF-16 codes of a text. */
export function charsOf(text: string, from = 0, to = text.length): Uint16Array {
  const chars = new Uint16Array(to - from);
  for (let i = from; i < to; i++) chars[i - from] = text.charCodeAt(i);
  return chars;
}
