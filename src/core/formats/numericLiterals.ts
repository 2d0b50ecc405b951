import type { Span } from "../contract/index.js";
import { isCode } from "./looks.js";

/** Numbers in a document that can be read as one: a list or array, or a table. */
export type NumericLiteral = {
  readonly span: Span;
  /** How many numbers it holds. */
  readonly count: number;
  /** 1-based line of its beginning. */
  readonly line: number;
  readonly kind: "list" | "object" | "table";
};

export const FEWEST_NUMBERS = 8;
/** A longer text gives none: looking through it at every edit would be felt. */
export const LONGEST_TEXT = 5_000_000;

const HASH_COMMENTS = new Set(["python", "r", "julia", "ruby", "perl", "yaml", "shellscript", "toml"]);
const WORD_VALUES = /^(?:nan|na|null|none|inf|infinity|undefined|true|false|n\/a|np\.nan|np\.inf|math\.nan|math\.inf|numpy\.nan|numpy\.inf|float|dtype)$/i;
const WRAPPERS = /(?:^|\.)(?:c|u?int\d*|float\d*|double|decimal|array|asarray|tensor|series|matrix|vector|list|tuple|of)$/i;

type Frame = { start: number; line: number; count: number; pure: boolean; call: boolean; brace: boolean };

/**
 * Finds the places where eight numbers or more are written as a literal, in one pass. Nested lists are their outermost
 * list; a delimited file is one table. `fewest` numbers are wanted.
 */
export function numericLiterals(text: string, languageId: string, fewest = FEWEST_NUMBERS): NumericLiteral[] {
  if (text.length > LONGEST_TEXT) return [];
  if (/\b[ct]sv\b/.test(languageId)) return wholeTable(text, 0, fewest);
  const found = languageId === "markdown" ? pipeTables(text, fewest) : [];
  found.push(...bracketed(text, languageId, fewest));
  if (found.length > 0) return found.sort((a, b) => a.span.start - b.span.start);
  return languageId === "plaintext" ? wholeTable(text, 0.8, fewest) : [];
}

function bracketed(text: string, languageId: string, fewest: number): NumericLiteral[] {
  const found: NumericLiteral[] = [];
  const stack: Frame[] = [];
  const code = isCode(languageId) || languageId.startsWith("json");
  const hash = HASH_COMMENTS.has(languageId);
  let line = 1;
  let i = 0;
  const spoil = () => {
    if (stack.length > 0) stack[stack.length - 1].pure = false;
  };
  while (i < text.length) {
    const char = text.charCodeAt(i);
    if (char === 10 || (char === 13 && text.charCodeAt(i + 1) !== 10)) {
      line++;
      i++;
    } else if (char <= 32 || char === 44 || char === 13) i++;
    else if (isDigit(char) || ((char === 45 || char === 43 || char === 46 || char === 0x2212) && isNumberAt(text, i))) {
      const end = numberEnd(text, i);
      if (stack.length > 0) {
        stack[stack.length - 1].count++;
        if (isWordChar(text.charCodeAt(end))) spoil();
      }
      i = Math.max(end, i + 1);
    } else if (char === 34 || (char === 39 && code) || (char === 96 && code)) {
      i = stringEnd(text, i, char);
    } else if ((char === 35 && hash) || (char === 47 && text.charCodeAt(i + 1) === 47 && code && !hash)) i = lineBreak(text, i);
    else if (char === 91 || char === 40 || char === 123) {
      stack.push({ start: i, line, count: 0, pure: true, call: false, brace: char === 123 });
      i++;
    } else if (char === 93 || char === 41 || char === 125) {
      i++;
      close(stack, found, i, fewest);
    } else if (isWordChar(char)) {
      let end = i + 1;
      while (end < text.length && (isWordChar(text.charCodeAt(end)) || isDigit(text.charCodeAt(end)) || text.charCodeAt(end) === 46)) end++;
      if (text.charCodeAt(end) === 40) {
        stack.push({ start: i, line, count: 0, pure: end - i < 40 && WRAPPERS.test(text.slice(i, end)), call: true, brace: false });
        end++;
      } else if (stack.length > 0) {
        const frame = stack[stack.length - 1];
        const key = frame.brace && nextVisible(text, end) === 58;
        const argument = frame.call && nextVisible(text, end) === 61;
        if (argument) {
          // dtype=float32 and the like are passed over.
          end = text.indexOf("=", end) + 1;
          while (end < text.length && !",()[]{}\n".includes(text[end])) end++;
        } else if (!key && (end - i > 12 || !WORD_VALUES.test(text.slice(i, end)))) spoil();
      }
      i = end;
    } else {
      const dots = char === 46 ? dotsAt(text, i) : 1;
      const elided = char === 0x2026 || dots === 3;
      const colon = char === 58 && stack.length > 0 && stack[stack.length - 1].brace;
      const semicolon = char === 59 && stack.length > 0 && text.charCodeAt(stack[stack.length - 1].start) === 91;
      const sign = (char === 45 || char === 43) && isWordChar(text.charCodeAt(i + 1));
      if (!elided && !colon && !semicolon && !sign) spoil();
      i += dots;
    }
  }
  return found;
}

function close(stack: Frame[], found: NumericLiteral[], end: number, fewest: number): void {
  const frame = stack.pop();
  if (!frame) return;
  const parent = stack[stack.length - 1];
  if (parent) {
    if (frame.pure) parent.count += frame.count;
    else parent.pure = false;
  }
  if (!frame.pure || frame.count < fewest) return;
  while (found.length > 0 && found[found.length - 1].span.start > frame.start) found.pop();
  const { start, line, count, brace } = frame;
  found.push({ span: { start, end }, count, line, kind: brace ? "object" : "list" });
}

/** The whole text as a table, when at least `share` of its words are numbers. */
function wholeTable(text: string, share: number, fewest: number): NumericLiteral[] {
  const { numbers, words } = countCells(text, 0, text.length);
  if (numbers < fewest || numbers < share * words) return [];
  const start = Math.max(0, text.search(/\S/));
  let line = 1;
  for (let i = 0; i < start; i++) if (text.charCodeAt(i) === 10) line++;
  return [{ span: { start, end: text.length }, count: numbers, line, kind: "table" }];
}

function pipeTables(text: string, fewest: number): NumericLiteral[] {
  const found: NumericLiteral[] = [];
  let line = 1;
  let start = -1;
  let first = 1;
  for (let at = 0; at <= text.length; line++) {
    const end = lineBreak(text, at);
    const piped = nextVisible(text, at) === 124 && end > at;
    if (piped && start < 0) {
      start = at;
      first = line;
    }
    if (start >= 0 && (!piped || end >= text.length)) {
      const stop = piped ? end : at - 1;
      const { numbers } = countCells(text, start, stop);
      if (numbers >= fewest) found.push({ span: { start, end: stop }, count: numbers, line: first, kind: "table" });
      start = -1;
    }
    at = end + (text.charCodeAt(end) === 13 && text.charCodeAt(end + 1) === 10 ? 2 : 1);
  }
  return found;
}

function countCells(text: string, from: number, to: number): { numbers: number; words: number } {
  let numbers = 0;
  let words = 0;
  for (let i = from; i < to; ) {
    const char = text.charCodeAt(i);
    if (isSeparator(char)) {
      i++;
      continue;
    }
    words++;
    const end = isNumberAt(text, i) ? numberEnd(text, i) : i;
    if (end > i && (end >= to || isSeparator(text.charCodeAt(end)))) numbers++;
    i = Math.max(end, i + 1);
    while (i < to && !isSeparator(text.charCodeAt(i))) i++;
  }
  return { numbers, words };
}

function isSeparator(char: number): boolean {
  return char <= 32 || char === 44 || char === 59 || char === 124 || char === 34;
}

function isDigit(char: number): boolean {
  return char >= 48 && char <= 57;
}

function isWordChar(char: number): boolean {
  return (char >= 97 && char <= 122) || (char >= 65 && char <= 90) || char === 95 || (char > 0xbf && char !== 0x2026 && char !== 0x2212);
}

function dotsAt(text: string, at: number): number {
  let i = at;
  while (text.charCodeAt(i) === 46) i++;
  return i - at;
}

function isNumberAt(text: string, at: number): boolean {
  let i = at;
  const sign = text.charCodeAt(i);
  if (sign === 45 || sign === 43 || sign === 0x2212) i++;
  if (text.charCodeAt(i) === 46) i++;
  return isDigit(text.charCodeAt(i));
}

function numberEnd(text: string, at: number): number {
  let i = at + 1;
  for (; i < text.length; i++) {
    const char = text.charCodeAt(i);
    if (isDigit(char) || char === 46 || char === 95) continue;
    const before = text.charCodeAt(i - 1) | 32;
    const after = text.charCodeAt(i + 1);
    if ((char | 32) === 101 && (isDigit(after) || after === 45 || after === 43)) continue;
    if ((char === 45 || char === 43) && before === 101 && isDigit(after)) continue;
    break;
  }
  return i;
}

function stringEnd(text: string, at: number, quote: number): number {
  let i = at + 1;
  for (; i < text.length; i++) {
    const char = text.charCodeAt(i);
    if (char === 92) i++;
    else if (char === quote) return i + 1;
    else if (char === 10 || char === 13) return i;
  }
  return i;
}

function lineBreak(text: string, from: number): number {
  let i = from;
  while (i < text.length && text.charCodeAt(i) !== 10 && text.charCodeAt(i) !== 13) i++;
  return i;
}

/** The next character on the line that is no blank. */
function nextVisible(text: string, from: number): number {
  let i = from;
  while (text.charCodeAt(i) === 32 || text.charCodeAt(i) === 9) i++;
  return i < text.length ? text.charCodeAt(i) : 0;
}
