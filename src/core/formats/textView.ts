import { msg, type Progress, type Span } from "../contract/index.js";

/**
 * A text of which only a part is read. What is left out is blank, so that every offset and line is the source's own.
 * `offset` and `line` are where the part begins.
 */
export type TextView = { readonly text: string; readonly offset: number; readonly line: number };

const SLICE = 1 << 20;

/** The whole of a text. */
export function wholeView(text: string): TextView {
  return { text, offset: text.charCodeAt(0) === 0xfeff ? 1 : 0, line: 1 };
}

/** A view of some spans of a text, which are in order and disjoint. */
export function* viewOf(text: string, spans: readonly Span[]): Generator<Progress, TextView, void> {
  const parts: string[] = [];
  let at = 0;
  let line = 1;
  for (const [i, { start, end }] of spans.entries()) {
    while (at < start) {
      const to = Math.min(start, at + SLICE);
      const gap = text.slice(at, to);
      if (i === 0) line += countLines(text, at, to);
      parts.push(gap.replace(/[^\n\r]+/g, (run) => " ".repeat(run.length)));
      at = to;
      if (to < start) yield { fraction: 0, message: msg("Reading the selection") };
    }
    parts.push(text.slice(start, end));
    at = end;
  }
  return { text: parts.join(""), offset: spans[0]?.start ?? 0, line };
}

/** How many line breaks begin from `from` to before `to`. */
export function countLines(text: string, from: number, to: number): number {
  let lines = 0;
  for (let i = from; i < to; i++) {
    const code = text.charCodeAt(i);
    if (code === 10 || (code === 13 && text.charCodeAt(i + 1) !== 10)) lines++;
  }
  return lines;
}
