import type { NumericLiteral } from "../../core/formats/numericLiterals.js";

/** Longer texts are not looked through for a lens: each edit would be felt. */
const longestList = 500_000;
const longestLiteral = 2_000_000;
const shortestRow = 8;
const shortestUnnamed = 3;
const looked = 20;

const LABELLED = /^\s*["']?(?![-+.\d])[^\s,;\t"']+(?: [^\s,;\t"'\d]+)*["']?[\s,;]+["']?[-+\u2212]?\.?\d/;
const NUMBER = /(?:^|[\s,;"'])[-+\u2212]?(?:\d[\d_]*\.?\d*|\.\d+)(?:e[-+]?\d+)?(?=$|[\s,;"'])/gi;
const WORD = /^\p{L}[\p{L}\p{M}\p{N}'’_-]*$/u;
const HAN_WORDS = /^[\p{Script=Han}\s]+$/u;

/**
 * How many vectors a literal of the text holds, as far as a glance tells: lists of one length in a list or under keys, or
 * rows with a label and at least eight numbers. 0 where comparing its rows makes no sense.
 */
export function vectorCount(text: string, { span, kind }: NumericLiteral): number {
  if (span.end - span.start > longestLiteral) return 0;
  const literal = text.slice(span.start, span.end);
  return kind === "table" ? labelledRows(literal) : listsOfOneLength(literal, kind === "object" ? 2 : shortestUnnamed);
}

function listsOfOneLength(literal: string, shortest: number): number {
  const counts = new Map<number, number>();
  for (const [, inside] of literal.matchAll(/[[(]([^[\](){}]*)[\])]/g)) {
    const length = inside.match(NUMBER)?.length ?? 0;
    if (length >= shortest) counts.set(length, (counts.get(length) ?? 0) + 1);
  }
  const most = Math.max(0, ...counts.values());
  return most >= 2 ? most : 0;
}

function labelledRows(literal: string): number {
  const lines = literal.split(/\r\n?|\n/).filter((line) => line.trim() !== "");
  const isRow = (line: string) => LABELLED.test(line) && (line.match(NUMBER)?.length ?? 0) >= shortestRow;
  // A header has no numbers.
  const rows = lines.length > 0 && !isRow(lines[0]) ? lines.slice(1) : lines;
  return rows.length >= 2 && rows.slice(0, looked).every(isRow) ? rows.length : 0;
}

/**
 * How many different words a text lists: one a line, or parted by commas, with comments that begin with # or //; Chinese
 * ones also parted by blanks. 0 where the text is anything else, such as prose.
 */
export function wordListCount(text: string): number {
  if (text.length > longestList) return 0;
  const words = new Set<string>();
  for (const line of text.split(/\r\n?|\n/)) {
    const trimmed = line.trim();
    if (trimmed === "" || /^(?:#|\/\/)/.test(trimmed)) continue;
    const parts = trimmed.split(HAN_WORDS.test(trimmed) ? /\s+/ : /\s*[,;，；、\t]\s*/);
    for (const part of parts) {
      const word = part.replace(/^["'“‘]|["'”’]$/g, "");
      if (word === "") continue;
      if (!WORD.test(word)) return 0;
      words.add(word);
    }
  }
  return words.size >= 3 ? words.size : 0;
}

/** Where the first word of a list stands; comments above it belong to it. */
export function firstWordLine(text: string): number {
  return text.slice(0, Math.max(0, text.search(/\S/))).split(/\r\n?|\n/).length - 1;
}
