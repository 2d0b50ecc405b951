import { msg, type Problem } from "../contract/index.js";
import { codeOf, type NumberStyle } from "./cell.js";
import { BLANKS, PIPE, readRecord, type Field, type TextRecord } from "./records.js";
import { Cell, type CellCode } from "./table.js";
import type { Heading } from "./tableBuilder.js";

type Sample = {
  readonly text: string;
  readonly delimiter: number;
  readonly records: readonly TextRecord[];
  readonly comments: readonly TextRecord[];
  readonly width: number;
  readonly style: NumberStyle;
  readonly oneLine: boolean;
  readonly firstLine: number;
};
type Header = {
  readonly headings: readonly (Heading | undefined)[];
  readonly start: number;
  readonly line: number;
  readonly problems: readonly Problem[];
};

/** Finds the names of the columns, and where the rows begin. */
export function sniffHeader(sample: Sample): Header {
  const { text, records, comments, width, oneLine, firstLine } = sample;
  const begin = { start: 0, line: firstLine };
  if (records.length === 0) return { ...begin, headings: [], problems: [] };
  if (oneLine) {
    const name = lineName(sample);
    const [{ fields, line }] = records;
    const at = name ? { start: fields[1].start - (fields[1].quoted ? 1 : 0), line } : begin;
    return { ...at, headings: [name], problems: [] };
  }
  const problems: Problem[] = [];
  const first = skipPreamble(sample, problems);
  const rest = records.slice(first + 1);
  const header = records[first];
  const named = namesOf(sample, header, rest, problems);
  if (named) {
    const next = rest[0];
    return { headings: named, start: next ? next.start : header.end, line: next ? next.line : header.line, problems };
  }
  const place = first === 0 ? begin : { start: header.start, line: header.line };
  // numpy.savetxt writes its header as a comment.
  const comment = comments.filter(({ end }) => end <= header.start).at(-1);
  const body = comment ? /^#+[ \t]*/.exec(text.slice(comment.start, comment.end))![0].length : 0;
  const titled = comment ? readRecord(text, comment.start + body, sample.delimiter, comment.line).fields : [];
  if (titled.length === width && titled.every((field) => code(sample, field) === Cell.text)) {
    return { ...place, headings: titled.map((field) => heading(text, field)), problems };
  }
  return { ...place, headings: [], problems };
}

function code({ text, style }: Sample, { start, end }: Field): CellCode {
  return codeOf(text, start, end, style);
}

function heading(text: string, { start, end, quoted }: Field, delimiter?: number): Heading {
  const raw = text.slice(start, end);
  // A quoted name needs no other escape.
  const name = quoted ? raw.replaceAll('""', '"') : delimiter === PIPE ? raw.replaceAll("\\|", "|") : raw;
  return { name: name.replace(/\s+/g, " ").trim(), span: { start, end } };
}

/** `heights: 1.70 1.82` names its numbers. */
function lineName(sample: Sample): Heading | undefined {
  const [first, ...rest] = sample.records[0].fields;
  if (rest.length < 2 || code(sample, first) !== Cell.text || rest.some((field) => code(sample, field) === Cell.text)) {
    return undefined;
  }
  const named = heading(sample.text, first);
  return { ...named, name: named.name.replace(/\s*[:=]$/, "") };
}

/** Titles above the table: lines of another width, without numbers. Returns the index of the table's first record. */
function skipPreamble(sample: Sample, problems: Problem[]): number {
  const { records, width, text } = sample;
  let first = 0;
  while (first < Math.min(20, records.length - 1)) {
    const { fields } = records[first];
    if (fields.length >= width || fields.some((field) => code(sample, field) === Cell.ok)) break;
    if (records[first + 1].fields.length >= width && splitHeader(sample, records[first])) break;
    first++;
  }
  if (first === 0 || records[first].fields.length < width) return 0;
  const { start } = records[0];
  const { end, line } = records[first - 1];
  problems.push({
    severity: "info",
    message:
      line === records[0].line
        ? msg("Line {0} was left out: the table begins in line {1}.", line, records[first].line)
        : msg("Lines {0} to {1} were left out: the table begins in line {2}.", records[0].line, line, records[first].line),
    span: { start, end: Math.min(end, text.length) },
    line: records[0].line,
  });
  return first;
}

/** Names of a header that fits the width, or lacks the name of the row labels; undefined when it fits neither way. */
function splitHeader(sample: Sample, { fields, start, end }: TextRecord): (Heading | undefined)[] | undefined {
  const { text, delimiter, width } = sample;
  const fit = (names: readonly Heading[]) =>
    names.length === width ? [...names] : names.length === width - 1 ? [{ name: "row", index: true }, ...names] : undefined;
  const plain = fields.map((field) => heading(text, field, delimiter));
  const fitting = plain.length === width ? plain : undefined;
  if (fitting) return fitting;
  if (delimiter === BLANKS) {
    const wide: Heading[] = [];
    for (const match of text.slice(start, end).matchAll(/\S+(?: \S+)*/g)) {
      wide.push(heading(text, { start: start + match.index, end: start + match.index + match[0].length, quoted: false }));
    }
    const names = wide.length === plain.length ? undefined : fit(wide);
    if (names) return names;
  }
  return width > 2 || delimiter === BLANKS ? fit(plain) : undefined;
}

function namesOf(
  sample: Sample,
  header: TextRecord,
  rest: readonly TextRecord[],
  problems: Problem[],
): readonly (Heading | undefined)[] | undefined {
  if (rest.length === 0) return undefined;
  const codes = header.fields.map((field) => code(sample, field));
  if (codes.some((each) => each === Cell.ok || each === Cell.infinite)) return countedNames(sample, header, codes, problems);
  if (!codes.includes(Cell.text)) return undefined;
  const names = splitHeader(sample, header);
  if (!names) return undefined;
  if (header.fields.length !== sample.width) return names;
  const { text } = sample;
  const numeric = codes.map((_, c) => {
    let numbers = 0;
    let words = 0;
    for (const { fields } of rest) {
      const below = c < fields.length ? code(sample, fields[c]) : Cell.missing;
      if (below === Cell.ok) numbers++;
      else if (below === Cell.text) words++;
    }
    return numbers > words;
  });
  if (!numeric.includes(true) || codes.some((each, c) => numeric[c] && each === Cell.text)) return names;
  // Only missing cells above the numbers: a header, unless its words occur below as well.
  const repeated = header.fields.some(
    ({ start, end }, c) =>
      codes[c] === Cell.text &&
      rest.some(({ fields }) => c < fields.length && text.slice(fields[c].start, fields[c].end) === text.slice(start, end)),
  );
  const empty = header.fields.every(({ start, end }, c) => !numeric[c] || start === end);
  return empty && !repeated ? names : undefined;
}

/** pandas writes the header `,0,1,2` or `0,1,2` for columns without names. */
function countedNames(
  sample: Sample,
  header: TextRecord,
  codes: readonly CellCode[],
  problems: Problem[],
): readonly (Heading | undefined)[] | undefined {
  const { text, width } = sample;
  const { fields, line, start, end } = header;
  const skip = codes[0] === Cell.missing && fields[0].start === fields[0].end ? 1 : 0;
  const counted = fields.slice(skip);
  if (fields.length !== width || counted.length < (skip ? 1 : 3)) return undefined;
  if (!counted.every((field, c) => text.slice(field.start, field.end) === String(c))) return undefined;
  problems.push({
    severity: "info",
    message: msg("Line {0} counts 0, 1, 2 … and was read as the names of the columns.", line),
    span: { start, end },
    line,
  });
  return fields.map((field) => heading(text, field));
}
