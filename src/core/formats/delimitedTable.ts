import { msg, type ByteSource, type Parsed, type Problem, type Progress } from "../contract/index.js";
import { bytesFeed, textFeed, type CharFeed } from "./charFeed.js";
import { DelimitedReader, type Remarks } from "./delimited.js";
import { MOST_COLUMNS } from "./npy.js";
import { textOf } from "./number.js";
import { lineEnd, separatorLine } from "./records.js";
import { moved, sniff, type Dialect } from "./sniff.js";
import type { Table } from "./table.js";
import { TableBuilder, type Heading } from "./tableBuilder.js";
import { wholeView, type TextView } from "./textView.js";

const SAMPLE = 1 << 16;
/** How far the sample is stretched to hold two lines. */
const STRETCHED = 1 << 22;

/**
 * Reads a text as delimited rows. `columns`, when given, are the indices of those to keep, and `names` the headings
 * found elsewhere.
 */
export function* readDelimitedText(
  view: TextView,
  dialect = sniffText(view),
  names = dialect.headings,
  columns?: ReadonlySet<number>,
): Generator<Progress, Parsed<Table>, void> {
  return yield* readRows(textFeed(view.text, dialect.start), dialect, true, names, columns);
}

/** The dialect of a text, from its beginning. */
export function sniffText(view: TextView): Dialect {
  const { text } = view;
  const told = separatorLine(text, view.offset);
  const offset = told?.end ?? view.offset;
  const line = view.line + (told ? 1 : 0);
  const first = lineEnd(text, nonBlank(text, offset));
  if (first >= text.length || first > offset + STRETCHED) {
    const dialect = moved(sniffLine(text.slice(offset, first), line, told?.delimiter), offset);
    return nonBlank(text, first) < text.length ? { ...dialect, oneLine: false, width: countFields(text, offset, first, dialect.delimiter) } : dialect;
  }
  let end = first;
  for (let lines = 0; lines < 3 && end < text.length && end < offset + STRETCHED; lines++) end = lineEnd(text, end + 1);
  end = Math.max(offset + SAMPLE, end + 1);
  return moved(sniff(text.slice(offset, end), end >= text.length, line, told?.delimiter), offset);
}

function countFields(text: string, from: number, to: number, delimiter: number): number {
  let fields = 1;
  for (let i = from; i < to; i++) if (text.charCodeAt(i) === delimiter) fields++;
  return fields;
}

function nonBlank(text: string, from: number): number {
  const search = /\S/g;
  search.lastIndex = from;
  return search.exec(text)?.index ?? text.length;
}

/** The dialect of a text of one line, from a part of it when it is long. */
function sniffLine(text: string, line: number, told?: number): Dialect {
  if (text.length <= SAMPLE) return sniff(text, true, line, told);
  const part = text.slice(0, SAMPLE);
  const cut = /^[^]*[\s,;|，](?=\S)/.exec(part)?.[0].length ?? part.length;
  return { ...sniff(part.slice(0, cut), true, line, told), oneLine: true };
}

/** Reads a file of delimited rows by ranges. There are lines, but no spans. */
export function* readDelimitedBytes(bytes: ByteSource): Generator<Progress, Parsed<Table>, void> {
  const sample = readSample(bytes);
  yield { fraction: 0, message: msg("Reading line {0}", 1) };
  const dialect = sniffText(wholeView(sample));
  const parsed = yield* readRows(skipped(bytesFeed(bytes), dialect.start), dialect, false, dialect.headings);
  return { ...parsed, problems: parsed.problems.map(({ span: _, ...problem }) => problem) };
}

function readSample(bytes: ByteSource): string {
  for (let size = SAMPLE; ; size = STRETCHED) {
    const window = new Uint16Array(size + 1);
    const feed = bytesFeed(bytes);
    let length = 0;
    for (let n = -1; n !== 0 && length < size - 4; length += n) n = feed.fill(window, length);
    const sample = textOf(window, 0, length);
    // Split, not matched by one pattern: that would take the square of a long line's length.
    const lines = sample.slice(nonBlank(sample, 0)).split(/\r\n|\r|\n/, 4);
    if (size === STRETCHED || length < size - 4 || lines.length > 3) return sample;
  }
}

/** A feed without its first `count` codes. */
function skipped(feed: CharFeed, count: number): CharFeed {
  let left = count;
  return {
    fill(target, at) {
      const scratch = left > 0 ? new Uint16Array(SAMPLE) : target;
      while (left > 0) {
        const n = feed.fill(left >= SAMPLE ? scratch : scratch.subarray(0, Math.max(left, 4)), 0);
        if (n === 0) return 0;
        if (n > left) {
          target.set(scratch.subarray(left, n), at);
          const kept = n - left;
          left = 0;
          return kept;
        }
        left -= n;
      }
      return feed.fill(target, at);
    },
    get fraction() {
      return feed.fraction;
    },
  };
}

function* readRows(
  feed: CharFeed,
  dialect: Dialect,
  withSpans: boolean,
  headings: readonly (Heading | undefined)[],
  columns?: ReadonlySet<number>,
): Generator<Progress, Parsed<Table>, void> {
  const { width, oneLine, delimiter, style, start, line } = dialect;
  if (width > MOST_COLUMNS && !oneLine) {
    const message = msg("Line {0} has {1} columns; at most {2} can be read. Transpose the table, or keep fewer columns.", line, width, MOST_COLUMNS);
    return { ok: false, problems: [{ severity: "error", message, line }] };
  }
  const builder = new TableBuilder(oneLine ? 1 : width, withSpans);
  const reader = new DelimitedReader(feed, { delimiter, style, oneColumn: oneLine, line, offset: start }, builder);
  yield* reader.run();
  const problems = [...dialect.problems, ...remarkProblems(reader.remarks, width)];
  if (reader.remarks.broken) return { ok: false, problems };
  const last = builder.width - 1;
  const emptyEnd = last > 0 && !headings[last]?.name && builder.isEmpty(last);
  const table = yield* builder.finish(dialect.format, headings, (c) => (columns?.has(c) ?? true) && !(emptyEnd && c === last));
  return { ok: true, input: table, problems };
}

function remarkProblems(remarks: Remarks, width: number): Problem[] {
  const problems: Problem[] = [];
  if (remarks.broken) problems.push(remarks.broken);
  if (remarks.long > 0) {
    const span = { start: remarks.longStart, end: remarks.longEnd };
    problems.push({
      severity: "warning",
      message:
        remarks.long === 1
          ? msg("Line {0} has more cells ({1}) than there are columns ({2}); those behind were left out.", remarks.longLine, remarks.longest, width)
          : msg("{0} lines have more cells than there are columns ({1}), the first is line {2}; those behind were left out.", remarks.long, width, remarks.longLine),
      span,
      line: remarks.longLine,
    });
  }
  if (remarks.numbersInComments > 0) {
    problems.push({
      severity: "info",
      message: msg("Comment lines (#) were left out; {0} of them hold numbers, the first is line {1}.", remarks.numbersInComments, remarks.commentLine),
      line: remarks.commentLine,
    });
  }
  return problems;
}
