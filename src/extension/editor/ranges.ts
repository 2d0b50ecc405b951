import type { Span } from "../../core/contract/index.js";

/** One replacement in a text, in offsets of the text just before it. */
export type Change = { readonly offset: number; readonly removed: number; readonly inserted: number };

/**
 * Where a span is after a change. Text typed at either edge of the span belongs to it, so that a number can be added
 * before the first and after the last one.
 */
export function shiftSpan({ start, end }: Span, { offset, removed, inserted }: Change): Span {
  const changeEnd = offset + removed;
  const typed = removed === 0;
  if (typed ? offset < start : changeEnd <= start)
    return { start: start + inserted - removed, end: end + inserted - removed };
  if (typed ? offset > end : offset >= end) return { start, end };
  const newStart = Math.min(start, offset);
  const newEnd = changeEnd >= end ? offset + inserted : end + inserted - removed;
  return { start: newStart, end: newEnd };
}

/** Where spans are after several changes, one after the other. Spans that have vanished stay as empty ones. */
export function shiftSpans(spans: readonly Span[], changes: readonly Change[]): Span[] {
  return spans.map((span) => changes.reduce(shiftSpan, span));
}

/** Where an offset of the changed text was before the changes; text inserted since counts as the place it was put. */
export function unshiftOffset(offset: number, changes: readonly Change[]): number {
  return changes.reduceRight((at, change) => {
    if (at < change.offset) return at;
    if (at >= change.offset + change.inserted) return at - change.inserted + change.removed;
    return change.offset;
  }, offset);
}

/** The one replacement that turns a text into another: everything between their common beginning and end. */
export function differenceOf(before: string, after: string): Change | undefined {
  if (before === after) return undefined;
  const most = Math.min(before.length, after.length);
  let head = 0;
  while (head < most && before.charCodeAt(head) === after.charCodeAt(head)) head++;
  let tail = 0;
  while (
    tail < most - head &&
    before.charCodeAt(before.length - 1 - tail) === after.charCodeAt(after.length - 1 - tail)
  )
    tail++;
  return { offset: head, removed: before.length - head - tail, inserted: after.length - head - tail };
}

/**
 * The changes that turn a text into another, as one after the other: each line break where only those differ, so that
 * lines stay themselves; else the one replacement. `most` bounds how many there may be.
 */
export function changesBetween(before: string, after: string, most: number): Change[] {
  const breaks = breaksOf(before, most);
  const others = breaks && breaksOf(after, most);
  if (breaks && others && breaks.length === others.length && sameLines(before, breaks, after, others)) {
    const changed = breaks.map(({ offset, length }, i) => ({ offset, removed: length, inserted: others[i].length }));
    // From the last to the first, so that each offset holds in the text just before its change.
    return changed.filter(({ removed, inserted }) => removed !== inserted).reverse();
  }
  const difference = differenceOf(before, after);
  return difference ? [difference] : [];
}

type Break = { readonly offset: number; readonly length: number };

function breaksOf(text: string, most: number): Break[] | undefined {
  const breaks: Break[] = [];
  for (const { index, 0: found } of text.matchAll(/\r\n|\r|\n/g)) {
    if (breaks.length >= most) return undefined;
    breaks.push({ offset: index, length: found.length });
  }
  return breaks;
}

function sameLines(before: string, breaks: readonly Break[], after: string, others: readonly Break[]): boolean {
  let [from, to] = [0, 0];
  for (const [i, { offset, length }] of breaks.entries()) {
    const other = others[i];
    if (before.slice(from, offset) !== after.slice(to, other.offset)) return false;
    [from, to] = [offset + length, other.offset + other.length];
  }
  return before.slice(from) === after.slice(to);
}

/** Spans in order and disjoint, without the empty ones. */
export function unionOf(spans: readonly Span[]): Span[] {
  const union: { start: number; end: number }[] = [];
  for (const { start, end } of [...spans].sort((a, b) => a.start - b.start)) {
    const last = union.at(-1);
    if (end <= start) continue;
    if (last && start <= last.end) last.end = Math.max(last.end, end);
    else union.push({ start, end });
  }
  return union;
}

/** The lines that spans touch, from the first to the last: "2–101", "7", or "" for no spans. */
export function lineLabel(text: string, spans: readonly Span[]): string {
  const first = spans[0];
  const last = spans.at(-1);
  if (!first || !last) return "";
  const from = lineOf(text, first.start);
  // A selection that ends at the beginning of a line does not touch that line.
  const to = Math.max(from, lineOf(text, Math.max(first.start, last.end - 1)));
  return from === to ? String(from) : `${from}–${to}`;
}

/** 1-based line of an offset; "\r\n", "\n" and "\r" end lines. */
export function lineOf(text: string, offset: number): number {
  let line = 1;
  for (let i = 0; i < offset && i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 10 || (code === 13 && text.charCodeAt(i + 1) !== 10)) line++;
  }
  return line;
}

/** Where a file is after it or a folder above it was moved; undefined when it is elsewhere. All are addresses as strings. */
export function movedUri(uri: string, from: string, to: string): string | undefined {
  if (uri === from || uri.startsWith(`${from}#`)) return to + uri.slice(from.length);
  const folder = from.endsWith("/") ? from : `${from}/`;
  return uri.startsWith(folder) ? `${to.replace(/\/$/, "")}/${uri.slice(folder.length)}` : undefined;
}
