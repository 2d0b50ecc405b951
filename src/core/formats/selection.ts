import { msg, type Problem, type Span, type TextSource } from "../contract/index.js";
import { afterBreak, lineEnd, readRecord, type Field } from "./records.js";
import type { Dialect } from "./sniff.js";

/** Numbers as they may be cut by the edge of a selection. */
const NUMBER = /(?<![\w.])[+\-\u2212]?(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+\-\u2212]?\d+)?/g;
const WORD = /[\p{L}_][\p{L}\p{N}_.]*/gu;
/** How far around an edge a number may reach. */
const REACH = 400;

/** The selections that hold something, in order, disjoint and within the text. */
export function selectionsOf({ text, ranges }: TextSource): Span[] {
  const sorted = ranges
    .map(({ start, end }) => ({ start: Math.max(0, Math.min(start, end)), end: Math.min(text.length, Math.max(start, end)) }))
    .filter(({ start, end }) => end > start)
    .sort((a, b) => a.start - b.start);
  const merged: { start: number; end: number }[] = [];
  for (const range of sorted) {
    const last = merged[merged.length - 1];
    if (last && range.start <= last.end) last.end = Math.max(last.end, range.end);
    else merged.push({ ...range });
  }
  return merged;
}

/** The lines that selections touch, joined where they adjoin. A selection that ends at a line's beginning does not touch it. */
export function linesOf(text: string, ranges: readonly Span[]): Span[] {
  const lines: { start: number; end: number }[] = [];
  for (const range of ranges) {
    const start = lineStart(text, range.start);
    const last = range.end > range.start && isBreakAt(text, range.end - 1) ? range.end - 1 : range.end;
    const end = lineEnd(text, Math.max(start, last - (text.charCodeAt(last - 1) === 13 && text.charCodeAt(last) === 10 ? 1 : 0)));
    const before = lines[lines.length - 1];
    if (before && start <= afterBreak(text, before.end)) before.end = Math.max(before.end, end);
    else lines.push({ start, end });
  }
  return lines;
}

/** The offset at which the line of an offset begins. */
export function lineStart(text: string, at: number): number {
  let i = at;
  while (i > 0 && !isBreakAt(text, i - 1)) i--;
  return i;
}

function isBreakAt(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code === 10 || code === 13;
}

/** Moves the edges of a selection outwards where they cut a number or a word, and says so for numbers. */
export function wholeTokens(text: string, range: Span, lineOf: (at: number) => number): { readonly span: Span; readonly problems: readonly Problem[] } {
  const cuts = [tokenAt(text, range.start), tokenAt(text, range.end)];
  const problems: Problem[] = [];
  for (const cut of cuts) if (cut?.number) problems.push(cutProblem(text, cut, lineOf(cut.start)));
  const span = { start: cuts[0]?.start ?? range.start, end: cuts[1]?.end ?? range.end };
  return { span, problems: problems.length === 2 && problems[0].span?.start === problems[1].span?.start ? problems.slice(1) : problems };
}

/** The number or word that an offset lies inside of. */
function tokenAt(text: string, at: number): (Span & { readonly number: boolean }) | undefined {
  const from = Math.max(0, at - REACH);
  const around = text.slice(from, at + REACH);
  for (const pattern of [NUMBER, WORD]) {
    for (const match of around.matchAll(pattern)) {
      const start = from + match.index;
      const end = start + match[0].length;
      if (start < at && at < end) return { start, end, number: pattern === NUMBER };
      if (start >= at) break;
    }
  }
  return undefined;
}

function cutProblem(text: string, { start, end }: Span, line: number): Problem {
  return {
    severity: "info",
    message: msg("Line {0}: the selection cuts the number {1}; the whole number was read.", line, text.slice(start, end)),
    span: { start, end },
    line,
  };
}

/** What a selection within the lines of a table takes: which columns of them, or the part of a single line. */
export type Block = { readonly columns?: ReadonlySet<number>; readonly part?: Span; readonly problems: readonly Problem[] };

/**
 * Reads selections against the columns of the lines they are in. Selections that each lie within a line are a block: the
 * cells that they touch. A selection over several lines takes whole lines.
 */
export function blockOf(text: string, ranges: readonly Span[], { delimiter, width }: Dialect, lineOf: (at: number) => number): Block {
  const problems: Problem[] = [];
  const within = ranges.every(({ start, end }) => lineEnd(text, start) >= end || lineEnd(text, start) >= end - 1);
  if (!within) return { problems: extended(text, ranges, lineOf) };
  const byLine = new Map<number, { fields: Set<number>; all: readonly Field[] }>();
  for (const range of ranges) {
    const start = lineStart(text, range.start);
    let line = byLine.get(start);
    if (!line) byLine.set(start, (line = { fields: new Set(), all: readRecord(text, start, delimiter, 1).fields }));
    for (const [i, field] of line.all.entries()) {
      if (field.start >= range.end || field.end <= range.start) continue;
      line.fields.add(i);
      const cut = [range.start, range.end].map((edge) => (edge > field.start && edge < field.end ? tokenAt(text, edge) : undefined)).find((token) => token?.number);
      if (cut && problems.length < 20) problems.push(cutProblem(text, cut, lineOf(cut.start)));
    }
  }
  const lines = [...byLine.values()];
  if (lines.length === 1) {
    const [{ fields, all }] = lines;
    if (fields.size === 0) return { problems };
    const [first, last] = [Math.min(...fields), Math.max(...fields)];
    const quote = (i: number) => (all[i].quoted ? 1 : 0);
    return { part: { start: all[first].start - quote(first), end: all[last].end + quote(last) }, problems };
  }
  const counts = new Map<string, number>();
  for (const { fields } of lines) {
    const key = [...fields].sort((a, b) => a - b).join();
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const [key, count] = [...counts].reduce((best, each) => (each[1] > best[1] ? each : best));
  const columns = new Set(key === "" ? [] : key.split(",").map(Number));
  if (columns.size === 0 || columns.size >= width) return { problems };
  if (count < lines.length) {
    problems.push({
      severity: "info",
      message: msg("In {0} of {1} lines the selection touches other columns than in the rest; the columns of the rest were read in all.", lines.length - count, lines.length),
    });
  }
  return { columns, problems };
}

/** What is said when whole lines are read instead of the parts that were selected. */
function extended(text: string, ranges: readonly Span[], lineOf: (at: number) => number): Problem[] {
  const problems: Problem[] = [];
  for (const { start, end } of ranges) {
    const head = /\S/.test(text.slice(lineStart(text, start), start));
    const stop = isBreakAt(text, end - 1) ? end - 1 : end;
    const tail = /[^\s,;|]/.test(text.slice(stop, lineEnd(text, stop)));
    if (!head && !tail) continue;
    const line = lineOf(start);
    problems.push({
      severity: "info",
      message: msg("The selection begins or ends inside a line; the whole lines {0} to {1} were read.", line, lineOf(stop)),
      span: { start: lineStart(text, start), end: lineEnd(text, stop) },
      line,
    });
  }
  return problems;
}
