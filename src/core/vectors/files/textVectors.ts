import { msg, type ByteSource, type Message, type Parsed, type Progress } from "../../contract/index.js";
import { refuse } from "../../formats/tensorSource.js";
import { kernels } from "../../kernels/current.js";
import type { RowScanner } from "../../kernels/text.js";
import { newRows, VectorStore } from "../store.js";
import { hashOfBytes } from "../wordHash.js";
import { indexWords } from "../wordIndex.js";
import { WordList } from "../wordList.js";
import { BLOCK, CHUNK, chunkSize, lineChunks, LineTooLong, readInto } from "./lines.js";
import { countStrange, MOST_VALUES, notes } from "./problems.js";
import { isBlank, scan, scanFloat } from "./scanFloat.js";
import { decodeWord } from "./utf8.js";

/** Lines looked at to find the number of dimensions. */
const PROBE = 200;
/** Bytes between two steps, some milliseconds' work. */
const STEP = 1 << 19;
/** The part of the progress that counting lines is. */
const COUNTING = 0.15;
/** Blocks of a long file from which the number of its lines is estimated. */
const SAMPLES = 8;

type Shape = { readonly d: number; readonly header: { readonly n: number; readonly d: number; readonly length: number } | null };

/**
 * Reads GloVe's .txt, word2vec's text format and fastText's .vec: a word and its numbers a line, blanks between, with or
 * without a first line "count dimensions". A word may hold blanks, as in glove.840B: the numbers are the last d fields.
 * Lines are counted first, so that the matrix is allocated once. A first line that has the count, or an estimate for a long
 * file, is believed until something is wrong, unless it asks for more memory than the file is long. Numbers equal
 * `Math.fround(Number(text))`.
 */
export function* readTextVectors(source: ByteSource): Generator<Progress, Parsed<VectorStore>, void> {
  try {
    const shape = probe(source);
    if ("text" in shape) return refuse(shape);
    const from = shape.header?.length ?? 0;
    const widest = Math.max(1, Math.floor((Math.min(CHUNK, source.size - from) + 1) / 2));
    const scanner = kernels().text.openRows(chunkSize(source, from), Math.min(shape.d, widest));
    const { d, header } = shape;
    const room = header ? header.n : yield* estimateLines(source, scanner);
    if (room > 0 && d <= widest && 4 * room * d <= Math.min(source.size - from, 4 * MOST_VALUES)) {
      const parsed = yield* readLines(source, shape, from, room, scanner, 0);
      // What is wrong is said of lines that have been counted.
      if (parsed.ok) return parsed;
    }
    const n = yield* countLines(source, from, scanner);
    if (n === 0) return refuse(msg("Only a first line stands here. The file is cut off: copy or save it again."));
    // A number takes a blank and a digit at least, so that a false header can't ask for memory that no file fills.
    const most = Math.min(widest, Math.floor((source.size - from + 1) / (2 * n)));
    if (shape.d > most) {
      return refuse(msg("Line 1 promises {0} numbers for each word, but the {1} lines that follow are too short for that. The file is cut off, or its first line is wrong: correct or remove it.", shape.d, n), 1);
    }
    if (n * shape.d > MOST_VALUES) return refuse(msg("{0} words of {1} dimensions are more than fit into memory at once. Keep the first lines of the file, which are the most frequent words.", n, shape.d));
    return yield* readLines(source, shape, from, n, scanner, COUNTING);
  } catch (error) {
    if (error instanceof LineTooLong) return refuse(msg("Line {0} is millions of characters long, so this is no file of word vectors. Each line must hold a word and its numbers.", error.line), error.line);
    throw error;
  }
}

/** A little more than the lines of a long file are likely to be; 0 of a short one, whose lines are soon counted. */
function* estimateLines(source: ByteSource, scanner: RowScanner): Generator<Progress, number, void> {
  if (source.size <= SAMPLES * BLOCK) return 0;
  let count = 0;
  for (let i = 0; i < SAMPLES; i++) {
    const sample = readInto(scanner.bytes, source, Math.floor((i * (source.size - BLOCK)) / (SAMPLES - 1)), BLOCK);
    count += scanner.countLines(sample.length); // each begins and ends within a line, which is one too many
    yield { fraction: 0, message: msg("Counting words") };
  }
  return Math.ceil((1.01 * count * source.size) / (SAMPLES * BLOCK));
}

function* countLines(source: ByteSource, from: number, scanner: RowScanner): Generator<Progress, number, void> {
  let count = 0;
  for (const { end, fraction } of lineChunks(source, from, scanner.bytes)) {
    count += scanner.countLines(end);
    yield { fraction: fraction * COUNTING, message: msg("Counting words") };
  }
  return count;
}

/** @param n rows that there is room for @param begun the part of the progress that is behind */
function* readLines(source: ByteSource, shape: Shape, from: number, n: number, scanner: RowScanner, begun: number): Generator<Progress, Parsed<VectorStore>, void> {
  const { d } = shape;
  const values = newRows(n, d);
  const words = new WordList(n);
  const hashes = new Int32Array(n);
  let line = shape.header ? 2 : 1;
  let row = 0;
  let strange = 0;
  for (const { bytes, end, fraction } of lineChunks(source, from, scanner.bytes)) {
    let told = -STEP; // a chunk is read in a step of its own
    for (let start = 0; start < end; ) {
      if (start - told >= STEP) {
        told = start;
        yield { fraction: begun + (1 - begun) * (fraction - (end - start) / source.size), message: msg("{0} words read", row) };
      }
      const rows = scanner.scan(start, end, n - row);
      values.set(scanner.values.subarray(0, rows * d), row * d);
      words.append(scanner.words, scanner.ends, rows);
      hashes.set(scanner.hashes.subarray(0, rows), row);
      row += rows;
      line += rows;
      start = scanner.next;
      if (rows > 0) continue;
      // A line that is not written plainly, or that there is no more room for.
      let stop = bytes.indexOf(10, start);
      if (stop < 0 || stop >= end) stop = end;
      let to = stop;
      while (to > start && isBlank(bytes[to - 1])) to--;
      if (to > start) {
        if (row === n) return refuse(msg("The file changed while it was read. Open it again."));
        const wordEnd = parseLine(bytes, start, to, d, values, row * d);
        if (wordEnd < 0) return refuse(shortLine(bytes, start, to, d, line, shape.header !== null && row === 0), line);
        hashes[row] = hashOfBytes(bytes, start, wordEnd);
        words.push(bytes, start, wordEnd);
        strange += countStrange(values.subarray(row * d, (row + 1) * d));
        row++;
      }
      line++;
      start = stop + 1;
    }
  }
  if (shape.header && shape.header.n !== row) {
    return refuse(msg("Line 1 promises {0} words, but {1} follow. The file is cut off, or its first line is wrong: correct the count or remove the line.", shape.header.n, row), 1);
  }
  const places = yield* indexWords(words, hashes);
  // Room for a few rows more stays where it is: what is not written takes no memory.
  const store = new VectorStore(words, row > 0.9 * n ? values.subarray(0, row * d) : values.slice(0, row * d), d, places);
  return { ok: true, input: store, problems: notes(store, strange) };
}

function shortLine(bytes: Uint8Array, start: number, to: number, d: number, line: number, promised: boolean): Message {
  const word = decodeWord(bytes, start, fieldEnd(bytes, start, Math.min(to, start + 60)));
  if (promised) return msg("Line 1 promises {0} numbers for each word, but line {1} ({2}) does not end in so many. Correct line 1, or remove it.", d, line, word);
  return msg("Line {0} ({1}) does not end in {2} numbers, as the other lines do. Correct or remove it.", line, word, d);
}

/**
 * Reads the d numbers at the end of a line into `out` and returns where the word before them ends, or -1. First as a word
 * without blanks; where that does not work out, by counting fields from the end.
 */
function parseLine(bytes: Uint8Array, start: number, to: number, d: number, out: Float32Array, at: number): number {
  const wordEnd = fieldEnd(bytes, start, to);
  if (parseNumbers(bytes, wordEnd, to, d, out, at)) return wordEnd;
  let i = to;
  for (let fields = 0; fields < d; fields++) {
    while (i > start && isBlank(bytes[i - 1])) i--;
    while (i > start && !isBlank(bytes[i - 1])) i--;
  }
  let end = i;
  while (end > start && isBlank(bytes[end - 1])) end--;
  return end > start && parseNumbers(bytes, end, to, d, out, at) ? end : -1;
}

/** True when exactly d numbers fill bytes from … to. */
function parseNumbers(bytes: Uint8Array, from: number, to: number, d: number, out: Float32Array, at: number): boolean {
  let i = from;
  for (let j = 0; j < d; j++) {
    while (i < to && isBlank(bytes[i])) i++;
    if (i === to) return false;
    out[at + j] = scanFloat(bytes, i, to);
    if (scan.end < 0) return false;
    i = scan.end;
  }
  return i === to;
}

function fieldEnd(bytes: Uint8Array, from: number, to: number): number {
  let i = from;
  while (i < to && !isBlank(bytes[i])) i++;
  return i;
}

/** The number of dimensions: the commonest count of numbers at the end of the first lines, the smaller of equals. */
function probe(source: ByteSource): Shape | Message {
  const counts = new Map<number, number>();
  let header: Shape["header"] = null;
  let line = 0;
  for (const { bytes, end } of lineChunks(source)) {
    for (let start = 0; start < end && line < PROBE; line++) {
      let stop = bytes.indexOf(10, start);
      if (stop < 0 || stop >= end) stop = end;
      const text = line === 0 ? decodeWord(bytes, start, Math.min(stop, start + 100)) : "";
      const match = /^\s*(\d+)\s+(\d+)\s*$/.exec(text);
      if (match) header = { n: Number(match[1]), d: Number(match[2]), length: stop + 1 };
      else {
        const numbers = trailingNumbers(bytes, start, stop);
        if (numbers >= 0) counts.set(numbers, (counts.get(numbers) ?? 0) + 1);
      }
      start = stop + 1;
    }
    if (line === PROBE) break;
  }
  if (header) return header.d > 0 ? { d: header.d, header } : msg("Line 1 promises vectors of 0 dimensions. Save the vectors again.");
  const ranked = [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
  const d = ranked[0]?.[0] ?? 0;
  if (d < 1) return msg("No line holds a word followed by numbers, so these are no word vectors. A line must look like: king 0.50 0.69 −0.59.");
  return { d, header: null };
}

/** How many fields at the end of a line are numbers, not counting its first field; -1 for a blank line. */
function trailingNumbers(bytes: Uint8Array, start: number, stop: number): number {
  let i = stop;
  let count = 0;
  for (;;) {
    while (i > start && isBlank(bytes[i - 1])) i--;
    if (i === start) return count > 0 ? count - 1 : -1; // even the first field was a number: it is the word
    const end = i;
    while (i > start && !isBlank(bytes[i - 1])) i--;
    scanFloat(bytes, i, end);
    if (scan.end !== end) return count;
    count++;
  }
}
