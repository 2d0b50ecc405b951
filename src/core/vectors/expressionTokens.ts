import type { Vocabulary, Named } from "./vocabulary.js";

/** A name of an expression, and where it stands in the text. */
export type NameToken = { readonly text: string; readonly start: number; readonly end: number; readonly quoted: boolean };

/**
 * An expression in which every name is a symbol that mathjs can't take for anything else: `king and queen` has operators
 * for mathjs, `e` is a constant and `don't` an open string. `names[k]` is called `lumen_k`.
 */
export type Tokens = {
  readonly formula: string;
  readonly names: readonly NameToken[];
  /** Where a place of the formula is in the text. */
  place(at: number): number;
};

/** Vectors are also called by emoji. */
const NAME = /[\p{L}\p{Extended_Pictographic}\p{Regional_Indicator}]/u;
/** Letters of many scripts go on in marks and joiners, and so do emoji. */
const INSIDE = /[\p{L}\p{M}\p{N}\p{Extended_Pictographic}\p{Regional_Indicator}\p{Emoji_Modifier}_\u200c\u200d]/u;
const QUOTES: Readonly<Record<string, string>> = { '"': '"', "“": "”", "'": "'", "‘": "’", "`": "`" };
const SYMBOL = "lumen_";

/** @param joined runs of names and hyphens, by where they begin, that are one name each */
export function tokensOf(text: string, joined: ReadonlyMap<number, number> = new Map()): Tokens {
  const names: NameToken[] = [];
  const pieces: string[] = [];
  const starts: number[] = []; // of each piece, in the formula
  const origins: number[] = []; // in the text
  let length = 0;
  const push = (piece: string, origin: number): void => {
    pieces.push(piece);
    starts.push(length);
    origins.push(origin);
    length += piece.length;
  };
  const name = (content: string, start: number, end: number, quoted: boolean): void => {
    push(`${SYMBOL}${names.length}`, start);
    names.push({ text: content, start, end, quoted });
  };
  for (let i = 0; i < text.length; ) {
    const char = charAt(text, i);
    const close = QUOTES[char];
    const closing = close === undefined ? -1 : text.indexOf(close, i + 1);
    const whole = joined.get(i);
    if (whole !== undefined) {
      name(text.slice(i, whole), i, whole, false);
      i = whole;
    } else if (closing > i + 1) {
      name(text.slice(i + 1, closing), i, closing + 1, true);
      i = closing + 1;
    } else if (NAME.test(char) || char === "_") {
      const end = runEnd(text, i);
      name(text.slice(i, end), i, end, false);
      i = end;
    } else if (/[\d.]/.test(char)) {
      const number = /^(?:\d+\.?\d*|\.\d+)(?:[eE][+\-\u2212]?\d+)?/.exec(text.slice(i, i + 400))?.[0] ?? char;
      push(number.replace("\u2212", "-"), i);
      i += number.length;
    } else {
      push(plain(char), i);
      i += char.length;
    }
  }
  return {
    formula: pieces.join(""),
    names,
    place(at) {
      if (at >= length) return text.length;
      let piece = 0;
      while (piece + 1 < starts.length && starts[piece + 1] <= at) piece++;
      return origins[piece] ?? text.length;
    },
  };
}

function charAt(text: string, i: number): string {
  return String.fromCodePoint(text.codePointAt(i)!);
}

/** Where a name ends: letters, digits, underscores and emoji; an apostrophe within letters, as in don't. */
function runEnd(text: string, from: number): number {
  let i = from;
  while (i < text.length) {
    const char = charAt(text, i);
    const apostrophe = /['’]/.test(char) && i > from && NAME.test(text[i + 1] ?? "");
    if (!INSIDE.test(char) && !apostrophe) break;
    i += char.length;
  }
  return i;
}

/** Signs that are written in several ways; line breaks, which end an expression for mathjs, are blanks here. */
function plain(char: string): string {
  if (/[\u2212\u2013\u2014－]/.test(char)) return "-";
  if (/[·×∙⋅＊]/.test(char)) return "*";
  if (char === "÷" || char === "／") return "/";
  if (char === "＋") return "+";
  if (char === "（") return "(";
  if (char === "）") return ")";
  return /\s/.test(char) ? " " : char;
}

/** The number of a symbol in a formula, or −1. */
export function nameNumber(symbol: string): number {
  return symbol.startsWith(SYMBOL) ? Number(symbol.slice(SYMBOL.length)) : -1;
}

/**
 * Runs of letters and hyphens without blanks that are a known name in one piece, such as well-known. The longest run that
 * is one is taken.
 */
export function hyphenated(text: string, vocabulary: Vocabulary): readonly (NameToken & { readonly named: Named })[] {
  const found: (NameToken & { readonly named: Named })[] = [];
  for (const { 0: run, index } of text.matchAll(/[\p{L}\p{N}_][\p{L}\p{M}\p{N}_'’.]*(?:-[\p{L}\p{M}\p{N}_'’.]+)+/gu)) {
    const parts = run.split("-");
    let at = index;
    for (let from = 0; from < parts.length; ) {
      let taken = 1;
      for (let to = parts.length; to > from + 1; to--) {
        const piece = parts.slice(from, to).join("-");
        const named = vocabulary.find(piece);
        if (named) {
          found.push({ text: piece, start: at, end: at + piece.length, quoted: false, named });
          taken = to - from;
          break;
        }
      }
      at += parts.slice(from, from + taken).join("-").length + 1;
      from += taken;
    }
  }
  return found;
}
