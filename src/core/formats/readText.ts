import { msg, type Parsed, type Problem, type Progress, type Span, type TextSource } from "../contract/index.js";
import { binaryTextProblem } from "./binary.js";
import { readDelimitedText, sniffText } from "./delimitedTable.js";
import { readLiteral } from "./literalTable.js";
import { isCode, isDelimited, literalFormat, looksBracketed, looksLiteral } from "./looks.js";
import { numericLiterals } from "./numericLiterals.js";
import { looksPrinted, readPrinted } from "./printedFrame.js";
import { looksVector, readVector } from "./printedVector.js";
import { afterBreak, COMMA, isComment, isRule, lineEnd, separatorLine } from "./records.js";
import { blockOf, linesOf, lineStart, selectionsOf, wholeTokens } from "./selection.js";
import { moved, sniff, type Dialect } from "./sniff.js";
import type { Table } from "./table.js";
import type { Heading } from "./tableBuilder.js";
import { countLines, viewOf, wholeView } from "./textView.js";

/** What stands before a list that is assigned to a name. */
const ASSIGNED = /^[\s>]*(?:(?:const|let|var)\s+)?[\p{L}_$][\p{L}\p{N}_.$]*(?:\s*:[^=]*)?\s*(?:=|<-)\s*(?:[\w.]+\s*\(\s*)*$/u;

/** Reads the selections of a text, or the whole text. Spans and lines are the source's. */
export function* readText(source: TextSource): Generator<Progress, Parsed<Table>, void> {
  const { text, name } = source;
  if (!/\S/.test(text)) return { ok: false, problems: [emptyProblem(name)] };
  const binary = binaryTextProblem(text, name);
  if (binary) return { ok: false, problems: [binary] };
  const ranges = selectionsOf(source);
  return ranges.length === 0 ? yield* readWhole(source) : yield* readSelected(source, ranges);
}

/** What is said of a source without content. */
export function emptyProblem(name: string): Problem {
  return { severity: "error", title: msg("No numbers to read"), message: msg("{0} is empty. Open a file with numbers, or type some.", name) };
}

function* readWhole(source: TextSource): Generator<Progress, Parsed<Table>, void> {
  const { text, languageId } = source;
  const view = wholeView(text);
  if (looksVector(text)) return yield* readVector(view);
  const code = isCode(languageId) ? numericLiterals(text, languageId) : [];
  if (code.length === 0 && looksLiteral(source, text)) return yield* readLiteral(text, literalFormat(source), false);
  if (looksPrinted(text)) return yield* readPrinted(view);
  const dialect = sniffText(view);
  const inProse = languageId === "markdown" || isCode(languageId) || dialect.share < 0.5;
  if (!inProse || isDelimited(source)) return yield* readDelimitedText(view, dialect);
  // Prose or code: the part of it that holds the most numbers.
  const parts = code.length > 0 ? code : numericLiterals(text, languageId, 2);
  if (parts.length === 0) return yield* readDelimitedText(view, dialect);
  const best = parts.reduce((most, part) => (part.count > most.count ? part : most));
  const start = lineStart(text, best.span.start);
  const assigned = best.kind !== "table" && ASSIGNED.test(text.slice(start, best.span.start));
  const tied = /^[ \t]*[.[*/%@^]/.test(text.slice(best.span.end, best.span.end + 20));
  const end = tied ? lineEnd(text, best.span.end) : best.span.end;
  const from = assigned ? start : best.span.start;
  const part = yield* viewOf(text, [{ start: from, end }]);
  const parsed = best.kind === "table" ? yield* readDelimitedText(part) : yield* readLiteral(part.text, literalFormat(source), assigned);
  if (!/\d/.test(text.slice(0, from)) && !/\d/.test(text.slice(end))) return parsed;
  const note: Problem = {
    severity: "info",
    message: msg("The numbers that begin in line {0} were read. Select others to read those.", best.line),
    line: best.line,
  };
  return { ...parsed, problems: [...parsed.problems, note] };
}

function* readSelected(source: TextSource, ranges: readonly Span[]): Generator<Progress, Parsed<Table>, void> {
  const { text } = source;
  const lineOf = lineFinder(text);
  const lines = linesOf(text, ranges);
  const sample = lines.map(({ start, end }) => text.slice(start, Math.min(end, start + 65536))).slice(0, 200).join("\n");
  if (looksVector(sample)) return yield* readVector(yield* viewOf(text, lines));
  const selected = ranges.map(({ start, end }) => text.slice(start, Math.min(end, start + 65536))).slice(0, 200).join("\n");
  if ((looksBracketed(sample) && !isDelimited(source)) || looksLiteral(source, selected)) {
    const edges = ranges.map((range) => wholeTokens(text, range, lineOf));
    const view = yield* viewOf(text, selectionsOf({ ...source, ranges: edges.map(({ span }) => span) }));
    const parsed = yield* readLiteral(view.text, literalFormat(source), true);
    return { ...parsed, problems: [...parsed.problems, ...edges.flatMap(({ problems }) => problems)] };
  }
  if (looksPrinted(sample)) return yield* readPrinted(yield* viewOf(text, lines));
  const header = lineAbove(text, lines[0].start);
  if (header && looksPrinted(`${text.slice(header.start, header.end)}\n${sample}`)) {
    return yield* readPrinted(yield* viewOf(text, [header, ...lines]));
  }
  const view = yield* viewOf(text, lines);
  const dialect = sniffText(view);
  yield { fraction: 0, message: msg("Reading the selection") };
  const block = blockOf(text, ranges, dialect, lineOf);
  yield { fraction: 0, message: msg("Reading the selection") };
  const parsed = block.part
    ? yield* readDelimitedText(yield* viewOf(text, [block.part]))
    : yield* readDelimitedText(view, dialect, namesAbove(text, header, lines[0], dialect), block.columns);
  return { ...parsed, problems: [...parsed.problems, ...block.problems] };
}

/** Lines of offsets, counted on from the last one asked for. */
function lineFinder(text: string): (at: number) => number {
  let offset = 0;
  let line = 1;
  return (at) => {
    line = at >= offset ? line + countLines(text, offset, at) : 1 + countLines(text, 0, at);
    offset = at;
    return line;
  };
}

/** The first line of the block of lines that the one at `start` is in, comments, rules and `sep=` apart; undefined when it is that. */
function lineAbove(text: string, start: number): Span | undefined {
  const blank = (breaks: string) => text.lastIndexOf(breaks, start - breaks.length - 1) + breaks.length;
  let top = Math.max(0, ...["\n\n", "\r\n\r\n", "\r\r"].filter((breaks) => blank(breaks) >= breaks.length).map(blank));
  let bottom = lineEnd(text, top);
  while (top < start && (isComment(text, top, COMMA) || isRule(text.slice(top, bottom)) || separatorLine(text, top))) {
    top = afterBreak(text, bottom);
    bottom = lineEnd(text, top);
  }
  return top < start ? { start: top, end: bottom } : undefined;
}

/** The names of the columns from the line above; undefined when the lines have names of their own or it is no header. */
function namesAbove(text: string, header: Span | undefined, { start, end }: Span, dialect: Dialect): readonly (Heading | undefined)[] | undefined {
  if (!header || dialect.oneLine || dialect.headings.length > 0) return undefined;
  const sample = `${text.slice(header.start, header.end)}\n${text.slice(start, Math.min(end, start + 65536))}`;
  const found = sniff(sample, end <= start + 65536);
  if (found.delimiter !== dialect.delimiter || found.width !== dialect.width || found.headings.length === 0) return undefined;
  return moved(found, header.start).headings;
}
