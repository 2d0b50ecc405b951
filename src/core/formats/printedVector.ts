import { msg, type Parsed, type Progress } from "../contract/index.js";
import { cell, PLAIN, readCell } from "./cell.js";
import { charsOf } from "./number.js";
import { afterBreak, lineEnd } from "./records.js";
import type { Table } from "./table.js";
import { TableBuilder } from "./tableBuilder.js";
import type { TextView } from "./textView.js";

/** A line of a vector that R prints: the index of its first value, then values. */
const LINE = /^[ \t]*\[(\d+)\]((?:[ \t]+[^\s,;[\](){}]+)+)[ \t]*$/;
/** Lines that are looked at to tell. */
const SAMPLE = 200;
/** Lines read between two yields. */
const SLICE = 1024;

/** Whether a text is what R prints of a vector: `[1] 1.2 3.4`, each line's index counting the values before it. */
export function looksVector(text: string): boolean {
  if (!/^\s*\[\d+\][ \t]/.test(text.slice(0, 2000))) return false;
  let next: number | undefined;
  let seen = 0;
  for (let at = 0; at < text.length && seen < SAMPLE; ) {
    const end = lineEnd(text, at);
    const line = text.slice(at, Math.min(end, at + 20000));
    at = afterBreak(text, end);
    if (line.trim() === "") continue;
    const match = LINE.exec(line);
    if (!match || (next !== undefined && Number(match[1]) !== next)) return false;
    next = Number(match[1]) + match[2].trim().split(/[ \t]+/).length;
    seen++;
  }
  return seen > 0;
}

/** Reads a vector that R prints as one column, without the indices. */
export function* readVector(view: TextView): Generator<Progress, Parsed<Table>, void> {
  const builder = new TableBuilder(1, true);
  const { text } = view;
  let line = view.line;
  for (let at = view.offset; at < text.length; line++) {
    const end = lineEnd(text, at);
    const index = /^[ \t]*\[\d+\]/.exec(text.slice(at, at + 400))?.[0].length ?? 0;
    for (const { 0: value, index: place } of text.slice(at + index, end).matchAll(/\S+/g)) {
      const start = at + index + place;
      const stop = start + value.length;
      const code = readCell(charsOf(text, start, stop), 0, value.length, PLAIN);
      builder.cell(0, cell.value, code, start, stop);
      builder.endRow(line, start, stop);
    }
    at = afterBreak(text, end);
    if (line % SLICE === 0) yield { fraction: at / text.length, message: msg("Reading line {0}", line) };
  }
  return { ok: true, input: yield* builder.finish("R vector", []), problems: [] };
}
