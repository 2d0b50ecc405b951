import { charsOf, scanned, scanNumber, textOf } from "./number.js";
import { Cell, type CellCode } from "./table.js";

/** How numbers are written: codes of the decimal mark and of the mark between groups of three digits (0: none). */
export type NumberStyle = { readonly decimal: number; readonly group: number };
export const PLAIN: NumberStyle = { decimal: 46, group: 0 };

const MISSING = new Set([
  "", "na", "n/a", "#n/a", "nan", "-nan", "+nan", "null", "none", "<na>", "nat", "np.nan", "math.nan", "-", "--", "\u2212", "\u2013", "\u2014", "?", ".",
]);
const INFINITE = /^[+\-\u2212]?(?:(?:np|math|numpy)\.)?(?:inf|infinity|\u221e)$/;

/** Whether a code is a blank within a line: space, tab, no-break and narrow spaces. */
export function isBlank(code: number): boolean {
  return code === 32 || code === 9 || code === 0xa0 || code === 0x202f || code === 0x2009 || code === 0xfeff;
}

/** The value of the last cell that `readCell` read; NaN unless its code is `ok` or `infinite`. */
export const cell = { value: NaN };

/**
 * Tells what stands between `from` and `to`: a number, one of the usual words for a missing value, an infinite number,
 * or text. Blanks around it don't count. The value is left in `cell.value`.
 */
export function readCell(chars: Uint16Array, from: number, to: number, style: NumberStyle): CellCode {
  while (from < to && isBlank(chars[from])) from++;
  while (to > from && isBlank(chars[to - 1])) to--;
  cell.value = NaN;
  if (from === to) return Cell.missing;
  const end = scanNumber(chars, from, to, style.decimal);
  if (end === to) return accept(scanned.value);
  if (to - from > 64) return Cell.text;
  const code = chars[from];
  const digits = (code >= 48 && code <= 57) || code === 43 || code === 45 || code === 46 || code === 0x2212;
  if (!digits && !canBeWord(code)) return Cell.text;
  const text = textOf(chars, from, to).toLowerCase();
  if (MISSING.has(text)) return Cell.missing;
  if (INFINITE.test(text)) {
    cell.value = text.startsWith("-") || text.startsWith("\u2212") ? -Infinity : Infinity;
    return Cell.infinite;
  }
  if (!digits) return Cell.text;
  const ungrouped = withoutGroups(text, style);
  return ungrouped === undefined ? Cell.text : accept(Number(ungrouped));
}

function accept(value: number): CellCode {
  cell.value = value;
  return value - value === 0 ? Cell.ok : Cell.infinite;
}

/** Whether a missing or infinite word can begin so: i, m, n, and the signs; class names are told apart cheaply. */
function canBeWord(code: number): boolean {
  const lower = code | 32;
  return (
    lower === 110 || lower === 105 || lower === 109 || code === 35 || code === 60 || code === 63 ||
    code === 0x221e || code === 0x2013 || code === 0x2014
  );
}

/** `1_000`, `1'000`, `1 000` (no-break), and groups by the style's mark, as text for `Number`; undefined when it is none. */
function withoutGroups(text: string, style: NumberStyle): string | undefined {
  const decimal = String.fromCharCode(style.decimal);
  const sign = /^[+\-\u2212]?/.exec(text)![0];
  const match = /^(\d[\d_'\u2019\u00a0\u202f\u2009.,]*)(e[+-]?\d+)?$/.exec(text.slice(sign.length));
  if (!match) return undefined;
  const parts = match[1].split(decimal);
  if (parts.length > 2) return undefined;
  const whole = withoutMarks(parts[0], style.group);
  const fraction = parts.length === 2 ? parts[1].replace(/(?<=\d)_(?=\d)/g, "") : "";
  if (whole === undefined || !/^\d*$/.test(fraction)) return undefined;
  return `${sign === "" || sign === "+" ? "" : "-"}${whole}.${fraction}0${match[2] ?? ""}`;
}

function withoutMarks(whole: string, group: number): string | undefined {
  if (/^\d+(?:_\d+)*$/.test(whole)) return whole.replaceAll("_", "");
  const mark = /[^\d]/.exec(whole)?.[0];
  if (mark === undefined) return undefined;
  const allowed = "'\u2019\u00a0\u202f\u2009".includes(mark) || mark.charCodeAt(0) === group;
  const parts = whole.split(mark);
  if (!allowed || !/^\d{1,3}$/.test(parts[0]) || !parts.slice(1).every((part) => /^\d{3}$/.test(part))) return undefined;
  return parts.join("");
}

/** The kind of cell between two offsets of a text. */
export function codeOf(text: string, start: number, end: number, style: NumberStyle): CellCode {
  if (end - start > 64) return Cell.text;
  return readCell(charsOf(text, start, end), 0, end - start, style);
}
