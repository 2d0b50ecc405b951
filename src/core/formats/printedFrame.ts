import { msg, type Parsed, type Problem, type Progress } from "../contract/index.js";
import { cell, PLAIN, readCell } from "./cell.js";
import { readDelimitedText } from "./delimitedTable.js";
import { charsOf } from "./number.js";
import { afterBreak, lineEnd } from "./records.js";
import { Cell, type Table } from "./table.js";
import { TableBuilder, type Heading } from "./tableBuilder.js";
import type { TextView } from "./textView.js";

const SHAPE = /^\[\d+ rows x \d+ columns\]\s*$/;
const SERIES_END = /^(?:(?:Name: .*|Length: \d+|Freq: \S+), )*dtype: \S+\s*$/;
const ELIDED = /^\s*\S*?\.{2,3}(?:\s+\.{2,3})*\s*$/;
/** Lines read between two yields. */
const SLICE = 1024;

type Line = { readonly start: number; readonly end: number; readonly number: number; readonly text: string };
type Part = { readonly start: number; readonly end: number };
type Block = { readonly header: Line; readonly names: readonly Part[]; readonly rows: readonly Line[] };

/** Whether a text is what pandas prints: a frame, whose header leaves the index blank, or a series with its dtype. */
export function looksPrinted(text: string): boolean {
  const lines = text.slice(0, 20000).split(/\r\n|\r|\n/).filter((line) => line.trim() !== "");
  const tail = text.slice(-400).trimEnd().split(/\r\n|\r|\n/).at(-1) ?? "";
  if (lines.length < 2) return false;
  if (SERIES_END.test(tail) || SHAPE.test(tail) || /\S\s+\\\s*$/.test(lines[0])) return !/[[{(]/.test(lines[0][0]);
  return /^ +\S/.test(lines[0]) && /^\S+ +\S/.test(lines[1]) && /^\S/.test(lines.at(-1)!) && !/[,;|\t]/.test(lines[1]);
}

/** Reads what pandas prints. The index is a column that is not preselected. */
export function* readPrinted(view: TextView): Generator<Progress, Parsed<Table>, void> {
  const lines: Line[] = [];
  let number = view.line;
  for (let at = view.offset; at < view.text.length; number++) {
    const end = lineEnd(view.text, at);
    const text = view.text.slice(at, end);
    // Blocks are parted by empty lines; lines of blanks are those that a selection leaves out.
    if (text === "" || text.trim() !== "") lines.push({ start: at, end, number, text });
    at = afterBreak(view.text, end);
    if (lines.length % SLICE === 0) yield { fraction: at / view.text.length, message: msg("Reading line {0}", number) };
  }
  const elided = lines.find(({ text }) => ELIDED.test(text) && /\.\./.test(text)) ?? lines.find(({ text }) => /\s\.\.\.\s/.test(text));
  if (elided) return { ok: false, problems: [elidedProblem(elided)] };
  const last = lines.filter(({ text }) => text.trim() !== "").at(-1)!;
  if (SERIES_END.test(last.text)) return yield* readSeries(lines.slice(0, lines.indexOf(last)), last);
  const blocks = blocksOf(lines.filter(({ text }) => !SHAPE.test(text)));
  const wrapped = blocks ? undefined : lines.find(({ text }) => /\s\\\s*$/.test(text));
  if (wrapped) return { ok: false, problems: [wrappedProblem(wrapped)] };
  if (!blocks) return yield* readDelimitedText(view);
  return yield* readFrame(blocks);
}

function elidedProblem({ start, end, number, text }: Line): Problem {
  const rows = ELIDED.test(text);
  return {
    severity: "error",
    message: rows
      ? msg("Line {0}: pandas left rows out here (...). Print with pd.set_option(\"display.max_rows\", None), or save all by df.to_csv(\"data.csv\").", number)
      : msg("Line {0}: pandas left columns out here (...). Print with pd.set_option(\"display.max_columns\", None), or save all by df.to_csv(\"data.csv\").", number),
    span: { start, end },
    line: number,
  };
}

/** Blocks that are cut or out of line can't be put side by side again. */
function wrappedProblem({ start, end, number }: Line): Problem {
  const message = msg("Line {0}: pandas printed the columns in several blocks, which do not fit together here. Select all of the print, or print with pd.set_option(\"display.width\", None).", number);
  return { severity: "error", message, span: { start, end }, line: number };
}

function* readSeries(lines: readonly Line[], footer: Line): Generator<Progress, Parsed<Table>, void> {
  const builder = new TableBuilder(2, true);
  for (const { start, text, number } of lines) {
    const match = /^(.*?)\s*(\S+)\s*$/.exec(text);
    if (!match || text.trim() === "") continue;
    const at = text.trimEnd().length - match[2].length;
    put(builder, 0, text, start, { start: 0, end: match[1].length });
    put(builder, 1, text, start, { start: at, end: at + match[2].length });
    builder.endRow(number, start, start + text.trimEnd().length);
    if (builder.rows % SLICE === 0) yield { fraction: NaN, message: msg("Reading columns") };
  }
  const name = /Name: (.*?), (?:Length|dtype)/.exec(footer.text)?.[1];
  const table = yield* builder.finish("pandas", [{ name: "index", index: true }, { name: name ?? "value" }]);
  return { ok: true, input: table, problems: [] };
}

/** The blocks of a frame; a wide one is printed in several. Undefined when the columns are not right-aligned. */
function blocksOf(lines: readonly Line[]): readonly Block[] | undefined {
  const parts: Line[][] = [];
  let open = false;
  for (const line of lines) {
    if (line.text.trim() === "") open = false;
    else if (!open) {
      parts.push([line]);
      open = true;
    } else parts[parts.length - 1].push(line);
  }
  const blocks = parts.map(([header, ...rows]) => ({ header, names: namesOf(header.text, rows), rows }));
  const aligned = blocks.every(({ header, names, rows }) => names.length > 0 && rows.length === blocks[0].rows.length && /^\s/.test(header.text));
  return aligned ? blocks : undefined;
}

/**
 * The names in a header. pandas aligns a column to the right and may leave one blank between two names, as within a
 * name: a name ends where each row has a cell that ends.
 */
function namesOf(header: string, rows: readonly Line[]): Part[] {
  const body = rows.filter(({ text }, r) => r > 0 || !isIndexName(text));
  const words = [...header.replace(/\\\s*$/, "").matchAll(/\S+/g)];
  const ends = words
    .map(({ index, 0: word }) => index + word.length)
    .filter((end) => body.every(({ text }) => end <= text.length && text[end - 1] !== " " && (end === text.length || text[end] === " ")));
  const last = words.at(-1);
  if (!last || ends.at(-1) !== last.index + last[0].length) return [];
  return ends.map((end, k) => ({ start: words.find(({ index }) => index >= (ends[k - 1] ?? 0))!.index, end }));
}

/** Whether a line holds only the name of the index. */
function isIndexName(row: string): boolean {
  return /^\S+\s*$/.test(row);
}

function* readFrame(blocks: readonly Block[]): Generator<Progress, Parsed<Table>, void> {
  const headings: Heading[] = [{ name: "index", index: true }];
  for (const { header, names } of blocks) {
    for (const { start, end } of names) {
      headings.push({ name: header.text.slice(start, end), span: { start: header.start + start, end: header.start + end } });
    }
  }
  const builder = new TableBuilder(headings.length, true);
  const [first] = blocks;
  for (let r = 0; r < first.rows.length; r++) {
    const { text, start, number } = first.rows[r];
    if (r === 0 && isIndexName(text)) {
      headings[0] = { name: text.trim(), index: true, span: { start, end: start + text.trim().length } };
      continue;
    }
    let column = 1;
    for (const { rows, names } of blocks) {
      const row = rows[r];
      const edge = firstCell(row.text, names[0].end);
      if (column === 1) put(builder, 0, row.text, row.start, { start: 0, end: edge });
      for (const [k, { end }] of names.entries()) put(builder, column++, row.text, row.start, { start: k === 0 ? edge : names[k - 1].end, end });
    }
    builder.endRow(number, start, start + text.trimEnd().length);
    if (builder.rows % SLICE === 0) yield { fraction: NaN, message: msg("Reading columns") };
  }
  const table = yield* builder.finish("pandas", headings);
  return { ok: true, input: table, problems: [] };
}

/** Where the index ends and the first cell begins: the cell is the last word, or what follows two blanks. */
function firstCell(row: string, end: number): number {
  const region = row.slice(0, end);
  const word = region.lastIndexOf(" ") + 1;
  if (readCell(charsOf(region, word), 0, region.length - word, PLAIN) !== Cell.text) return word;
  const gap = region.lastIndexOf("  ");
  return gap < 0 ? word : gap + 2;
}

function put(builder: TableBuilder, column: number, text: string, base: number, { start, end }: Part): void {
  let from = start;
  let to = Math.min(end, text.length);
  while (from < to && text[from] === " ") from++;
  while (to > from && text[to - 1] === " ") to--;
  const code = readCell(charsOf(text, from, to), 0, to - from, PLAIN);
  builder.cell(column, cell.value, code, base + from, base + to);
}
