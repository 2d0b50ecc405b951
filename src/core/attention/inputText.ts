import { msg, type Problem, type Span } from "../contract/index.js";
import { grouped } from "../text/numberText.js";
import type { AttentionParams } from "./params.js";
import type { AttentionInput } from "./subject.js";

/** What is read where nothing was typed or selected. */
export const DEFAULT_TEXT = "The river rose because the snow melted too fast.";
/** Characters of a selection that are looked at, its last ones; as many as may be typed. */
const FROM_SELECTION = 200_000;
/** Characters of a document that are read where nothing is selected in it. */
const FROM_DOCUMENT = 2000;
/** Where such a cut looks back for the end of a line, and of a word. */
const LINE_REACH = 600;
const WORD_REACH = 60;

export type ChosenText = {
  readonly text: string;
  /** The parts of the document that it is made of, joined by line breaks; none where it was typed or is the default. */
  readonly parts: readonly Span[];
  /** Characters of the selection in front of it that are too many to look at. */
  readonly skipped?: number;
  readonly notes: readonly Problem[];
};

/** The text that was typed, else the selection, else the document's beginning, else a sentence of Lumen's. */
export function chosenText({ text, ranges, inEditor, given, config }: AttentionInput, params: Pick<AttentionParams, "text">): ChosenText {
  if (params.text !== "") return { text: params.text, parts: [], notes: [] };
  if (given || config || text.trim() === "") return { text: DEFAULT_TEXT, parts: [], notes: [] };
  const parts = ranges.filter(({ start, end }) => text.slice(start, end).trim() !== "").map((range) => trimmed(text, range));
  if (parts.length > 0) {
    const { last, skipped } = lastOf(text, parts, FROM_SELECTION);
    return { text: joined(text, last), parts: inEditor ? last : [], skipped, notes: [] };
  }
  const whole = trimmed(text, { start: 0, end: text.length });
  const part = { start: whole.start, end: cutAt(text, whole) };
  const notes: Problem[] = [];
  if (part.end < whole.end) {
    notes.push({ severity: "info", prominent: true, message: msg("The first {0} of {1} characters are read, up to line {2}. Select the passage that you want instead.", grouped(part.end - part.start), grouped(whole.end - whole.start), lineAt(text, part.end)) });
  }
  return { text: joined(text, [part]), parts: inEditor ? [part] : [], notes };
}

/** A place within the joined parts as one of the document; undefined for the line break between two. */
export function inDocument(parts: readonly Span[], place: Span): Span | undefined {
  let at = 0;
  for (const { start, end } of parts) {
    const from = Math.max(place.start, at);
    const to = Math.min(place.end, at + end - start);
    if (from < to) return { start: start + from - at, end: start + to - at };
    at += end - start + 1;
  }
  return undefined;
}

/** Where the last `length` characters of a text begin: at a whole character, and if that is near, in front of a blank. */
export function tailStart(text: string, length: number): number {
  const start = text.length - length;
  if (start <= 0) return 0;
  const blank = text.slice(start, start + WORD_REACH).search(/\s/);
  return blank >= 0 ? start + blank : start + (splitsCharacter(text, start) ? 1 : 0);
}

/** The parts that hold the last characters, the first of them shortened. */
function lastOf(text: string, parts: readonly Span[], most: number): { readonly last: readonly Span[]; readonly skipped: number } {
  // A line break stands between two.
  let room = most + 1;
  let first = parts.length;
  while (first > 0 && room > 1) room -= parts[--first].end - parts[first].start + 1;
  const { start, end } = parts[first];
  const from = room < 0 ? start + tailStart(text.slice(start, end), end - start + room) : start;
  const before = parts.slice(0, first).reduce((sum, part) => sum + part.end - part.start, from - start);
  return { last: [{ start: from, end }, ...parts.slice(first + 1)], skipped: before };
}

/** Whether a place is between the two halves of a character. */
function splitsCharacter(text: string, at: number): boolean {
  return text.codePointAt(at - 1)! > 0xffff;
}

function joined(text: string, parts: readonly Span[]): string {
  return parts.map(({ start, end }) => text.slice(start, end)).join("\n");
}

function trimmed(text: string, { start, end }: Span): Span {
  const part = text.slice(start, end);
  return { start: start + part.length - part.trimStart().length, end: end - (part.length - part.trimEnd().length) };
}

/** Where the beginning of a long document ends: behind a line, else behind a word. */
function cutAt(text: string, { start, end }: Span): number {
  const most = start + FROM_DOCUMENT;
  if (end <= most) return end;
  const line = text.lastIndexOf("\n", most);
  if (line > most - LINE_REACH) return trimmed(text, { start, end: line }).end;
  const head = text.slice(most - WORD_REACH, most);
  const blank = head.search(/\s\S*$/);
  if (blank >= 0) return most - WORD_REACH + blank;
  return splitsCharacter(text, most) ? most - 1 : most;
}

function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let i = text.indexOf("\n"); i >= 0 && i < offset; i = text.indexOf("\n", i + 1)) line++;
  return line;
}
