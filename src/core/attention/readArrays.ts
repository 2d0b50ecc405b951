import { msg, type Parsed, type Problem, type Progress, type Span, type TextSource } from "../contract/index.js";
import { isCode, isJson } from "../formats/looks.js";
import { LiteralReader } from "../formats/literalReader.js";
import { Kind, LineCounter } from "../formats/literalTokens.js";
import { Tree } from "../formats/literalTree.js";
import { charsOf } from "../formats/number.js";
import { numericLiterals } from "../formats/numericLiterals.js";
import { lineStart, selectionsOf } from "../formats/selection.js";
import { Cell } from "../formats/table.js";
import { viewOf } from "../formats/textView.js";
import { readNested } from "./readNested.js";
import { wordLists } from "./wordLists.js";

/** An array of one's own, in row-major order. */
export type NamedArray = {
  /** "" where it has no name. */
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
  /** Where a number stands, in a text. */
  placeOf?(index: number): { readonly span: Span; readonly line: number };
};

/** What a source holds: arrays, lists of words such as tokens, and yes or no, by lower-case names. */
export type Holdings = {
  readonly arrays: readonly NamedArray[];
  readonly words: ReadonlyMap<string, readonly string[]>;
  readonly flags: ReadonlyMap<string, boolean>;
};

/** What stands in a line before a literal that is assigned to a name. */
const ASSIGNED = /^[\s>]*(?:(?:const|let|var)\s+)?[\p{L}_$][\p{L}\p{N}_.$]*(?:\s*:[^=]*)?\s*(?:=|<-)\s*(?:[\w.]+\s*\(\s*)*$/u;
/** Characters copied between two pauses. */
const COPIED = 1 << 20;

/**
 * The arrays in the selections of a text, or in all of it: JSON, `Q = np.array([...])` and the like, bare lists, and what numpy
 * and torch print. Other text of a program is passed over.
 */
export function* readArrays(source: TextSource): Generator<Progress, Parsed<Holdings>, void> {
  const { text } = source;
  const ranges = selectionsOf(source);
  const spans = ranges.length > 0 ? ranges : wholeSpans(source);
  const view = yield* viewOf(text, spans);
  const chars = new Uint16Array(view.text.length);
  for (let at = 0; at < chars.length; at += COPIED) {
    chars.set(charsOf(view.text, at, Math.min(chars.length, at + COPIED)), at);
    yield { fraction: 0, message: msg("Reading the numbers") };
  }
  const reader = new LiteralReader(chars, ranges.length > 0);
  const failed = yield* reader.run();
  if (failed) return { ok: false, problems: [failed] };
  return yield* interpret(new Tree(reader.tokens, chars), reader.problems);
}

/** JSON as a whole; of other text the lists of numbers, with the names to which they are assigned, and of a program those of tokens. */
function wholeSpans(source: TextSource): Span[] {
  const { text, languageId } = source;
  if (isJson(source)) return [{ start: text.charCodeAt(0) === 0xfeff ? 1 : 0, end: text.length }];
  const numbers = numericLiterals(text, isCode(languageId) ? languageId : "json", 1)
    .filter(({ kind }) => kind !== "table")
    .map(({ span }) => {
      const start = lineStart(text, span.start);
      return { start: ASSIGNED.test(text.slice(start, span.start)) ? start : span.start, end: span.end };
    });
  const words = isCode(languageId) ? wordLists(text) : [];
  return [...numbers, ...words].sort((a, b) => a.start - b.start);
}

function* interpret(tree: Tree, notes: readonly Problem[]): Generator<Progress, Parsed<Holdings>, void> {
  const arrays: NamedArray[] = [];
  const words = new Map<string, readonly string[]>();
  const flags = new Map<string, boolean>();
  const lines = new LineCounter(tree.chars);
  const queue = tree.roots().map((entry) => ({ ...entry, within: "" }));
  for (const entry of queue) {
    const value = tree.resolve(entry.value);
    const shape = tree.shape(value);
    const key = entry.name.toLowerCase();
    if (shape === "object") {
      const inner = [...tree.entries(value)];
      queue.push(...inner.map((each) => ({ ...each, within: entry.name })));
    } else if (shape === "leaf") {
      const said = tree.tokens.code[value] === Cell.text ? tree.text(value).toLowerCase() : "";
      if (said === "true" || said === "false") flags.set(key, said === "true");
    } else if (isWords(tree, value)) words.set(key, wordsOf(tree, value));
    else {
      const nested = yield* readNested(tree, value, lines);
      if ("severity" in nested) return { ok: false, problems: [nested] };
      if (nested.values.length > 0) arrays.push({ name: entry.name || entry.within, ...nested });
    }
  }
  return { ok: true, input: { arrays, words, flags }, problems: notes };
}

/** A list of texts only, at least one of them no number. */
function isWords(tree: Tree, list: number): boolean {
  const { tokens, chars } = tree;
  let count = 0;
  for (const item of tree.items(list)) {
    if (tokens.kind[item] !== Kind.value || !isQuoted(chars, tokens.start[item], tokens.end[item])) return false;
    count++;
  }
  return count > 0;
}

/** The texts with the blanks that belong to them: a token may begin with one. */
function wordsOf(tree: Tree, list: number): string[] {
  const { tokens, chars } = tree;
  return Array.from(tree.items(list), (item) => {
    const { start, end } = quoted(chars, tokens.start[item], tokens.end[item]);
    return unescaped(textOf(chars, start, end));
  });
}

/** In pieces, since a call takes only so many arguments. */
function textOf(chars: Uint16Array, start: number, end: number): string {
  let text = "";
  for (let from = start; from < end; from += 4096) text += String.fromCharCode(...chars.subarray(from, Math.min(end, from + 4096)));
  return text;
}

function isQuoted(chars: Uint16Array, start: number, end: number): boolean {
  const { start: from, end: to } = quoted(chars, start, end);
  const quote = chars[from - 1];
  return (quote === 34 || quote === 39 || quote === 96) && chars[to] === quote;
}

/** The place of a text without the blanks around it, grown by them. */
function quoted(chars: Uint16Array, start: number, end: number): Span {
  let from = start;
  let to = end;
  while (from > 0 && isBlank(chars[from - 1])) from--;
  while (to < chars.length && isBlank(chars[to])) to++;
  return { start: from, end: to };
}

function isBlank(code: number): boolean {
  return code === 32 || code === 9 || code === 0xa0 || code === 0x202f || code === 0x2009 || code === 0xfeff;
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", b: "\b", f: "\f" };

/** JSON's and Python's escapes. */
function unescaped(text: string): string {
  return text.replace(/\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))/g, (_, wide: string | undefined, narrow: string | undefined, char: string | undefined) =>
    wide ?? narrow ? String.fromCharCode(parseInt((wide ?? narrow)!, 16)) : (ESCAPES[char!] ?? char!),
  );
}
