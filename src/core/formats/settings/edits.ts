import type { Message, Span } from "../../contract/index.js";
import { entryOf, type Block, type Entry } from "./block.js";

/** A replacement of a part of the text. */
export type Edit = { readonly span: Span; readonly text: string };

export type PlainValue = number | boolean | string | null;

/** Edits of one text, disjoint, in order; several are meant to be applied together. */
export type Edits = readonly Edit[];

/** A remedy that changes the text, to be undone in one step. */
export type TextFix = { readonly label: Message; readonly edits: Edits };

/** How a value is written; `float` writes 2 as 2.0. */
export function written(value: PlainValue, syntax: Block["syntax"], float = false): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "number") return Number.isInteger(value) && float ? value.toFixed(1) : String(value);
  if (syntax === "json") return String(value);
  return value === null ? "None" : value ? "True" : "False";
}

export function applyEdits(text: string, edits: Edits): string {
  let result = "";
  let at = 0;
  for (const { span, text: replacement } of edits) {
    result += text.slice(at, span.start) + replacement;
    at = span.end;
  }
  return result + text.slice(at);
}

/** The edits in order, where two that touch become one, so that an editor takes them together. */
export function ordered(edits: Edits): Edits {
  const result: Edit[] = [];
  for (const edit of [...edits].sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end)) {
    const last = result.at(-1);
    if (last && edit.span.start < last.span.end) {
      // Overlapping removals, such as of a comma from both of its sides.
      result[result.length - 1] = { span: { start: last.span.start, end: Math.max(last.span.end, edit.span.end) }, text: last.text + edit.text };
    } else result.push(edit);
  }
  return result;
}

/** Sets a parameter: replaces its value, or writes it before `before`, else behind the last one. */
export function setEntry(text: string, block: Block, name: string, value: string, before?: Entry): Edits {
  const entry = entryOf(block, name);
  if (entry) return [{ span: entry.valueSpan, text: value }];
  const pair = block.syntax === "json" ? `"${name}": ${value}` : `${name}=${value}`;
  if (before) return [{ span: { start: before.span.start, end: before.span.start }, text: `${pair},${gapBefore(text, before)}` }];
  return append(text, block, pair);
}

function append(text: string, block: Block, pair: string): Edits {
  const last = block.entries.at(-1);
  if (last) {
    const at = last.commaAfter >= 0 ? last.commaAfter + 1 : last.span.end;
    const comma = last.commaAfter >= 0 ? "" : ",";
    return [{ span: { start: at, end: at }, text: `${comma}${gapBefore(text, last)}${pair}${comma === "" ? "," : ""}` }];
  }
  const { start, end } = block.inside;
  if (block.syntax === "json") {
    const outer = /^[ \t]*/.exec(text.slice(lineStart(text, block.start)))?.[0] ?? "";
    const blank = text.slice(start, end).trim() === "";
    const at = blank ? { start, end } : { start, end: start };
    return [{ span: at, text: `\n${outer}  ${pair}${blank ? `\n${outer}` : ""}` }];
  }
  const before = text.slice(start, end).trimEnd();
  const at = start + before.length;
  return [{ span: { start: at, end: at }, text: before === "" ? pair : before.endsWith(",") ? ` ${pair}` : `, ${pair}` }];
}

/** The blank between an entry and what would stand before it: a new line with its indentation, or a space. */
function gapBefore(text: string, { span }: Entry): string {
  const start = lineStart(text, span.start);
  const indent = text.slice(start, span.start);
  if (start === 0 || indent.trim() !== "") return " ";
  return (text[start - 2] === "\r" ? "\r\n" : "\n") + indent;
}

/**
 * Removes entries of a block with the commas that would be too many, and with their lines where nothing else stands in them.
 */
export function removeEntries(text: string, block: Block, entries: readonly Entry[]): Edits {
  const gone = new Set(entries);
  const edits: Edit[] = [];
  const kept = block.entries.filter((each) => !gone.has(each));
  const lastKept = kept.at(-1);
  for (const entry of block.entries) {
    if (!gone.has(entry)) continue;
    edits.push({ span: wholeLines(text, entry), text: "" });
  }
  const last = block.entries.at(-1);
  if (last && gone.has(last) && last.commaAfter < 0) {
    // The comma before the first of the removed ones at the end would now end the list.
    const first = block.entries.find((each) => gone.has(each) && (!lastKept || each.span.start > lastKept.span.start));
    if (first && first.commaBefore >= 0) {
      const { commaBefore, span } = first;
      const blank = text.slice(commaBefore + 1, span.start).trim() === "";
      edits.push({ span: { start: commaBefore, end: blank ? span.start : commaBefore + 1 }, text: "" });
    }
  }
  return ordered(edits);
}

/** An entry with its comma, and with the rest of its lines where only it stands in them. */
function wholeLines(text: string, { span, commaAfter }: Entry): Span {
  let end = commaAfter >= 0 ? commaAfter + 1 : span.end;
  let start = span.start;
  while (start > 0 && (text[start - 1] === " " || text[start - 1] === "\t")) start--;
  const alone = start > 0 && text[start - 1] === "\n";
  let rest = end;
  while (text[rest] === " " || text[rest] === "\t") rest++;
  const comment = /^(?:#|\/\/)[^\n]*/.exec(text.slice(rest, rest + 1000));
  const lineEnd = comment ? rest + comment[0].length : rest;
  if (alone && (text[lineEnd] === "\n" || text[lineEnd] === "\r")) {
    // From the end of the line before, so that a bracket that follows keeps its place.
    return { start: start - (text[start - 2] === "\r" ? 2 : 1), end: text[lineEnd - 1] === "\r" ? lineEnd - 1 : lineEnd };
  }
  if (commaAfter >= 0) end = rest;
  return { start: commaAfter >= 0 ? span.start : start, end };
}

function lineStart(text: string, at: number): number {
  return at === 0 ? 0 : text.lastIndexOf("\n", at - 1) + 1;
}
