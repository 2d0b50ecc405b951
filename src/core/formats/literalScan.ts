import { isBlank } from "./cell.js";

/** Letters, `_`, `$` and everything beyond ASCII that is no sign or blank. */
export function isWord(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95 || code === 36 || (code > 0xbf && code !== 0x2026 && code !== 0x2212 && !isBlank(code));
}

/** What may follow a number directly: blanks, line breaks, separators, brackets, a colon, a comment's beginning. */
export function isEnd(code: number): boolean {
  return code <= 32 || code === 44 || code === 59 || code === 93 || code === 41 || code === 125 || code === 91 || code === 58 || code === 35 || isBlank(code);
}

/** What ends a cell of text: separators, closing brackets, line breaks. */
export function isBreaking(code: number): boolean {
  return code === 44 || code === 59 || code === 93 || code === 41 || code === 125 || code === 10 || code === 13;
}

export function skipBlanks(chars: Uint16Array, from: number): number {
  let i = from;
  while (i < chars.length && isBlank(chars[i])) i++;
  return i;
}

/** Where a string that opens at `start` has its text and its end; undefined when it is not closed. */
export function stringAt(chars: Uint16Array, start: number): { readonly from: number; readonly to: number; readonly end: number } | undefined {
  const quote = chars[start];
  const triple = chars[start + 1] === quote && chars[start + 2] === quote;
  const size = triple ? 3 : 1;
  let i = start + size;
  for (; i < chars.length; i++) {
    if (chars[i] === 92) i++;
    else if (chars[i] === quote && (!triple || (chars[i + 1] === quote && chars[i + 2] === quote))) break;
    else if (!triple && quote !== 96 && (chars[i] === 10 || chars[i] === 13)) break;
  }
  if (i >= chars.length || chars[i] !== quote) return undefined;
  return { from: start + size, to: i, end: i + size };
}

/** The codes of the brackets that are closed in a text but not opened, outermost first. */
export function unopened(chars: Uint16Array): number[] {
  const missing: number[] = [];
  const open: number[] = [];
  for (let i = 0; i < chars.length; i++) {
    const code = chars[i];
    if (code === 91 || code === 40 || code === 123) open.push(code);
    else if ((code === 93 || code === 41 || code === 125) && open.pop() === undefined) missing.push(code);
  }
  return missing.reverse();
}

/**
 * What is tied to a whole list that ends before `from`: `.T`, `[::2]`, `* 10`. It would change the numbers, and is not
 * computed here.
 */
export function tiedBehind(chars: Uint16Array, from: number): { readonly start: number; readonly end: number } | undefined {
  const start = skipBlanks(chars, from);
  const code = chars[start];
  const tied = start === from && (code === 46 || code === 91);
  if (!tied && code !== 42 && code !== 47 && code !== 37 && code !== 64 && code !== 94) return undefined;
  if (code === 47 && (chars[start + 1] === 47 || chars[start + 1] === 42)) return undefined;
  let depth = 0;
  let end = start;
  for (; end < chars.length && (depth > 0 || (chars[end] !== 10 && chars[end] !== 13 && chars[end] !== 59)); end++) {
    if (chars[end] === 40 || chars[end] === 91) depth++;
    else if (chars[end] === 41 || chars[end] === 93) depth--;
  }
  return { start, end };
}

/** Where a comment that begins at `at` ends; `at` when none begins there. */
export function commentEnd(chars: Uint16Array, at: number): number {
  let i = at;
  if (chars[at] === 35 || (chars[at] === 47 && chars[at + 1] === 47)) {
    while (i < chars.length && chars[i] !== 10 && chars[i] !== 13) i++;
  } else if (chars[at] === 47 && chars[at + 1] === 42) {
    i += 2;
    while (i < chars.length && !(chars[i] === 42 && chars[i + 1] === 47)) i++;
    i = Math.min(i + 2, chars.length);
  }
  return i;
}

/** Where the index or type in brackets at `at` ends, as in `Out[3]:` and `list[float] =`; undefined when it is neither. */
export function subscriptEnd(chars: Uint16Array, at: number): number | undefined {
  let depth = 0;
  for (let i = at; i < chars.length && chars[i] !== 10 && chars[i] !== 13; i++) {
    if (chars[i] === 91) depth++;
    else if (chars[i] === 93 && --depth === 0) {
      const after = skipBlanks(chars, i + 1);
      return chars[after] === 58 || chars[after] === 61 ? after + 1 : undefined;
    }
  }
  return undefined;
}
