import { msg, type Problem, type Span } from "../contract/index.js";
import { codeOf, PLAIN, type NumberStyle } from "./cell.js";
import { sniffHeader } from "./header.js";
import { BLANKS, COMMA, firstRecords, NONE, PIPE, SEMICOLON, TAB, WIDE_COMMA, type TextRecord } from "./records.js";
import { Cell } from "./table.js";
import type { Heading } from "./tableBuilder.js";

/** How a delimited text is to be read. */
export type Dialect = {
  readonly format: string;
  readonly delimiter: number;
  readonly style: NumberStyle;
  readonly width: number;
  readonly headings: readonly (Heading | undefined)[];
  /** Where the rows begin: offset and 1-based line in the sniffed text. */
  readonly start: number;
  readonly line: number;
  /** All is one record: its cells are a column. */
  readonly oneLine: boolean;
  /** Share of the cells of the sample that are numbers. */
  readonly share: number;
  readonly problems: readonly Problem[];
};

const FORMATS: Readonly<Record<number, string>> = {
  [COMMA]: "csv",
  [WIDE_COMMA]: "csv",
  [TAB]: "tsv",
  [SEMICOLON]: "csv with semicolons",
  [PIPE]: "table with pipes",
  [BLANKS]: "columns with spaces",
  [NONE]: "column",
};
const SAMPLE = 200;

type Candidate = { delimiter: number; records: readonly TextRecord[]; width: number; share: number; score: number };

/**
 * Finds the separator, the decimal mark, the header and the width from the beginning of a text. `whole` says that
 * `text` is all there is; otherwise its last record may be cut. `firstLine` is the line that the text begins in. A
 * separator that the text itself names is `told`.
 */
export function sniff(text: string, whole: boolean, firstLine = 1, told?: number): Dialect {
  const best = chooseDelimiter(text, whole, firstLine, told);
  const { delimiter, records } = best;
  const comments = firstRecords(text, delimiter, 1, true, firstLine).comments;
  const oneLine = whole && records.length === 1;
  const problems: Problem[] = [];
  const style = sniffStyle(text, delimiter, records, problems);
  const header = sniffHeader({ text, delimiter, records, comments, width: best.width, style, oneLine, firstLine });
  problems.push(...header.problems);
  return {
    format: oneLine ? "line" : (FORMATS[delimiter] ?? "csv"),
    delimiter,
    style,
    width: best.width,
    headings: header.headings,
    start: header.start,
    line: header.line,
    oneLine,
    share: best.share,
    problems,
  };
}

/** The dialect with its offsets moved, for a text that is a part of another. */
export function moved(dialect: Dialect, by: number): Dialect {
  const move = ({ start, end }: Span): Span => ({ start: start + by, end: end + by });
  return {
    ...dialect,
    start: dialect.start + by,
    headings: dialect.headings.map((heading) => (heading?.span ? { ...heading, span: move(heading.span) } : heading)),
    problems: dialect.problems.map((problem) => (problem.span ? { ...problem, span: move(problem.span) } : problem)),
  };
}

function chooseDelimiter(text: string, whole: boolean, firstLine: number, told: number | undefined): Candidate {
  let best: Candidate | undefined;
  for (const delimiter of told === undefined ? [TAB, SEMICOLON, PIPE, COMMA, WIDE_COMMA, BLANKS, NONE] : [told]) {
    if (told === undefined && delimiter > BLANKS && !text.includes(String.fromCharCode(delimiter))) continue;
    const records = firstRecords(text, delimiter, SAMPLE, whole, firstLine).records;
    const counts = new Map<number, number>();
    for (const { fields } of records) counts.set(fields.length, (counts.get(fields.length) ?? 0) + 1);
    let width = 1;
    let most = 0;
    for (const [fields, count] of counts) {
      if (count > most || (count === most && fields > width)) {
        width = fields;
        most = count;
      }
    }
    if (width < 2 && delimiter !== NONE && told === undefined) continue;
    const share = numericShare(text, delimiter, records);
    // It divides sentences as well.
    if (delimiter === WIDE_COMMA && told === undefined && (share === 0 || most < records.length)) continue;
    const consistency = records.length === 0 ? 0 : most / records.length;
    const score = consistency * (0.15 + share);
    if (!best || score > best.score + 1e-9) best = { delimiter, records, width, share, score };
  }
  return best!;
}

const NUMERIC = /^[+\-\u2212]?(?:\d[\d_'\u2019\u00a0\u202f.,]*|\.\d+|,\d+)(?:e[+\-\u2212]?\d+)?$/i;

/** The share of the cells that look like numbers, header apart. */
function numericShare(text: string, delimiter: number, records: readonly TextRecord[]): number {
  let numbers = 0;
  let cells = 0;
  for (const { fields } of records.length > 1 ? records.slice(1) : records) {
    for (const { start, end } of fields) {
      if (start === end) continue;
      if (end - start <= 40 && NUMERIC.test(text.slice(start, end))) {
        // Commas would have been the separator.
        if (delimiter !== NONE || !text.slice(start, end).includes(",")) numbers++;
        cells++;
      } else if (codeOf(text, start, end, PLAIN) === Cell.text) cells++;
    }
  }
  return cells === 0 ? 0 : numbers / cells;
}

/** Decimal comma or point, and the mark between thousands, where the cells of the sample decide it. */
function sniffStyle(text: string, delimiter: number, records: readonly TextRecord[], problems: Problem[]): NumberStyle {
  let commaGroups = 0;
  let pointGroups = 0;
  let decimalCommas = 0;
  let points = 0;
  let either: { start: number; end: number; line: number; text: string } | undefined;
  for (const { fields, line } of records) {
    for (const { start, end } of fields) {
      if (end - start > 40) continue;
      const cell = text.slice(start, end).replace(/^[+\-\u2212]/, "");
      if (/^\d{1,3}(?:,\d{3})+\.\d+$|^\d{1,3}(?:,\d{3}){2,}$/.test(cell)) commaGroups++;
      else if (/^\d{1,3}(?:\.\d{3})+,\d+$|^\d{1,3}(?:\.\d{3}){2,}$/.test(cell)) pointGroups++;
      else if (/^[1-9]\d{0,2},\d{3}$/.test(cell)) either ??= { start, end, line, text: cell };
      else if (/^\d*,\d+(?:e[+-]?\d+)?$/i.test(cell)) decimalCommas++;
      else if (/^\d*\.\d+(?:e[+-]?\d+)?$/i.test(cell)) points++;
    }
  }
  if (pointGroups + decimalCommas > commaGroups + points) return { decimal: 44, group: 46 };
  if (commaGroups + points > 0) return { decimal: 46, group: commaGroups > 0 || either ? 44 : 0 };
  if (!either) return { decimal: 46, group: 0 };
  const thousands = delimiter === COMMA;
  const { text: cell, line, start, end } = either;
  problems.push({
    severity: "warning",
    message: thousands
      ? msg("Line {0}: {1} was read as {2}, with a comma between thousands. If the comma is decimal, write a point.", line, cell, cell.replace(",", ""))
      : msg("Line {0}: {1} was read as {2}, with a decimal comma. If the comma is between thousands, leave it out.", line, cell, cell.replace(",", ".")),
    span: { start, end },
    line,
  });
  return thousands ? { decimal: 46, group: 44 } : { decimal: 44, group: 46 };
}
