import { msg, type ByteSource, type Parsed, type Problem, type Progress } from "../../contract/index.js";
import { refuse } from "../../formats/tensorSource.js";
import { VectorStore } from "../store.js";
import { indexWords } from "../wordIndex.js";
import { Fields } from "./fields.js";
import { GrowingRows } from "./growing.js";
import { lineChunks, LineTooLong } from "./lines.js";
import { LONGEST_WORD, notes } from "./problems.js";
import { decodeWord } from "./utf8.js";

/** Lines looked at to find the columns. */
const PROBE = 200;
const MOST_COLUMNS = 100_000;
/** Names of a column of words, and of row counters, which pandas writes without a name. */
const LABEL = /^(?:word|token|label|name|term|key|text|id)$/i;
const COUNTER = /^(?:|id|index|unnamed: 0)$/i;

/** How a delimited file is to be read. */
type Layout = {
  readonly delimiter: number;
  readonly header: readonly string[] | null;
  readonly width: number;
  /** The column of words, or −1. */
  readonly label: number;
  /** [d] the columns of numbers. */
  readonly numbers: readonly number[];
};

/**
 * Reads CSV and TSV with a column of words: the first that holds text, or one named word, label … The other columns of
 * numbers are the vector. Rows without words are called by their number. Fields may be quoted, but not hold line breaks.
 */
export function* readDelimitedVectors(source: ByteSource, delimiter?: number): Generator<Progress, Parsed<VectorStore>, void> {
  try {
    const layout = probe(source, delimiter);
    if (layout === undefined) return refuse(msg("No columns of numbers stand here. Word vectors in CSV look like: {0}.", "king,0.5,0.7"));
    if (layout.width > MOST_COLUMNS) return refuse(msg("The first line has {0} columns; at most {1} can be read. Transpose the table, or keep fewer columns.", layout.width, MOST_COLUMNS), 1);
    return yield* readRows(source, layout);
  } catch (error) {
    if (error instanceof LineTooLong) return refuse(msg("Line {0} is millions of characters long, so this is no file of word vectors. Each line must hold a word and its numbers.", error.line), error.line);
    throw error;
  }
}

function* readRows(source: ByteSource, { delimiter, header, width, label, numbers }: Layout): Generator<Progress, Parsed<VectorStore>, void> {
  const rows = new GrowingRows(numbers.length);
  const words: string[] = [];
  const fields = new Fields(delimiter);
  const row = new Float32Array(numbers.length);
  let strange = 0;
  let line = 1;
  let skip = header !== null;
  for (const { bytes, end, fraction } of lineChunks(source, markLength(source))) {
    for (let start = 0; start < end; line++) {
      let stop = bytes.indexOf(10, start);
      if (stop < 0 || stop >= end) stop = end;
      const to = stop > start && bytes[stop - 1] === 13 ? stop - 1 : stop;
      if (to > start) {
        if (!skip) {
          fields.split(bytes, start, to);
          if (fields.count !== width) return refuse(msg("Line {0} has {1} cells, but line 1 has {2}. Correct or remove it.", line, fields.count, width), line);
          if (rows.isFull) return refuse(msg("{0} words of {1} dimensions are more than fit into memory at once. Keep the first lines of the file, which are the most frequent words.", rows.rows + 1, rows.d), line);
          for (let j = 0; j < numbers.length; j++) {
            row[j] = fields.number(numbers[j]);
            if (!fields.isNumber) return refuse(msg("Line {0}, cell {1}: “{2}” is not a number. Correct it, or remove the line.", line, numbers[j] + 1, fields.text(numbers[j]).slice(0, 40)), line);
            if (row[j] - row[j] !== 0) strange++;
          }
          const word = label < 0 ? String(words.length) : fields.text(label);
          words.push(word.length > LONGEST_WORD ? word.slice(0, LONGEST_WORD) : word);
          rows.push(row);
        }
        skip = false;
      }
      start = stop + 1;
    }
    yield { fraction, message: msg("{0} words read", words.length) };
  }
  if (words.length === 0) return refuse(msg("No columns of numbers stand here. Word vectors in CSV look like: {0}.", "king,0.5,0.7"));
  const problems: Problem[] = [];
  if (label < 0) problems.push({ severity: "info", message: msg("No column holds words, so rows are called by their number, from 0.") });
  const left = width - numbers.length - (label < 0 ? 0 : 1);
  if (left > 0) problems.push({ severity: "info", message: msg("{0} columns that hold text or count rows were left out of the vectors.", left) });
  const store = new VectorStore(words, rows.join(), rows.d, yield* indexWords(words));
  return { ok: true, input: store, problems: [...problems, ...notes(store, strange)] };
}

function markLength(source: ByteSource): number {
  const head = source.read(0, Math.min(3, source.size));
  return head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0;
}

/** The delimiter that splits lines into most cells of numbers: a tab, a comma, a semicolon or a bar; 0 for none of them. */
function sniffDelimiter(lines: readonly string[]): number {
  let best = 0;
  let most = 0;
  for (const delimiter of "\t,;|") {
    const widths = lines.map((line) => line.split(delimiter));
    const width = widths[widths.length - 1]?.length ?? 0;
    const whole = widths.filter((cells) => cells.length === width);
    const numbers = whole.flat().filter((cell) => /\d/.test(cell) && Number.isFinite(Number(cell))).length;
    if (width > 1 && numbers > most) {
      best = delimiter.charCodeAt(0);
      most = numbers;
    }
  }
  return best;
}

/** The first lines of a file that hold anything: [2 × count] where each begins and ends in `bytes`. */
function firstLines(source: ByteSource): { readonly bytes: Uint8Array; readonly places: readonly number[] } {
  for (const { bytes, end } of lineChunks(source, markLength(source))) {
    const places: number[] = [];
    for (let start = 0; start < end && places.length < 2 * PROBE; ) {
      let stop = bytes.indexOf(10, start);
      if (stop < 0 || stop >= end) stop = end;
      const to = stop > start && bytes[stop - 1] === 13 ? stop - 1 : stop;
      if (to > start) places.push(start, to);
      start = stop + 1;
    }
    return { bytes, places };
  }
  return { bytes: new Uint8Array(0), places: [] };
}

/** The separator of a file's first lines, or 0 when they are not delimited. @throws LineTooLong */
export function delimiterOf(source: ByteSource): number {
  const { bytes, places } = firstLines(source);
  const lines: string[] = [];
  for (let i = 0; i < Math.min(places.length, 40); i += 2) lines.push(decodeWord(bytes, places[i], Math.min(places[i + 1], places[i] + 4096)));
  return sniffDelimiter(lines);
}

type ProbedCell = { readonly text: string; readonly number: boolean; readonly value: number };

function probe(source: ByteSource, given: number | undefined): Layout | undefined {
  const delimiter = given ?? delimiterOf(source);
  if (delimiter === 0) return undefined;
  const { bytes, places } = firstLines(source);
  const fields = new Fields(delimiter);
  const cells: ProbedCell[][] = [];
  for (let i = 0, seen = 0; i < places.length && seen < MOST_COLUMNS; i += 2, seen += fields.count) {
    fields.split(bytes, places[i], places[i + 1]);
    if (fields.count > MOST_COLUMNS) return { delimiter, header: null, width: fields.count, label: -1, numbers: [] };
    cells.push(Array.from({ length: fields.count }, (_, j) => {
      const value = fields.number(j);
      return { text: fields.isNumber ? "" : fields.text(j), number: fields.isNumber, value };
    }));
  }
  return cells.length === 0 ? undefined : layoutOf(cells, delimiter);
}

function layoutOf(cells: readonly ProbedCell[][], delimiter: number): Layout | undefined {
  const width = cells[0].length;
  const body = cells.slice(1).filter((row) => row.length === width);
  const isText = (rows: readonly ProbedCell[][], j: number): boolean => rows.filter((row) => !row[j].number).length > rows.length / 2;
  // A header has text above numbers. A file of one line has none.
  const header = body.length > 0 && cells[0].some((cell, j) => !cell.number && !isText(body, j)) ? cells[0].map(({ text }) => text) : null;
  const rows = header ? body : cells.filter((row) => row.length === width);
  const columns = Array.from({ length: width }, (_, j) => j);
  const texts = columns.filter((j) => isText(rows, j));
  const counter = (j: number): boolean => header !== null && COUNTER.test(header[j]) && rows.every((row, i) => row[j].value === rows[0][j].value + i);
  const named = (j: number): boolean => header !== null && LABEL.test(header[j]);
  const label = texts.find(named) ?? texts[0] ?? columns.find((j) => named(j)) ?? columns.find(counter) ?? -1;
  const numbers = columns.filter((j) => j !== label && !texts.includes(j) && !counter(j));
  return numbers.length === 0 ? undefined : { delimiter, header, width, label, numbers };
}
