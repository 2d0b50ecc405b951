import { msg, type ByteSource, type Parsed, type Progress } from "../../contract/index.js";
import { tensorFile, type Tensor, type TensorFile } from "../../formats/tensorFile.js";
import { attempt, guarded, refuse, SourceFault, type TensorBytes } from "../../formats/tensorSource.js";
import { binaryHeader, garbledWords } from "./binaryVectors.js";
import { LONGEST_WORD } from "./problems.js";
import { decodeWord } from "./utf8.js";

/** word2vec's binary format as a tensor of rows [n, d], read by ranges, and the words of its rows. */
export type BinaryTensor = {
  readonly file: TensorFile;
  /** The words of rows `start` … `start + count − 1`; fewer at the end. */
  words(start: number, count: number): Generator<Progress, Parsed<readonly string[]>, void>;
};

/** Rows looked for between two yields. */
const STEP = 256;

/**
 * Opens a word2vec .bin file (see `readBinaryVectors` for the format). Words are of any length, so that a row's place is
 * known only once the rows before it were gone through: that is done as far as rows are asked for, and remembered. The first
 * words tell whether the file's first line tells the truth.
 */
export function* openBinaryTensor(source: ByteSource, name: string): Generator<Progress, Parsed<BinaryTensor>, void> {
  return yield* attempt(open(guarded(source, name), name), name);
}

function* open(source: ByteSource, name: string): Generator<Progress, Parsed<BinaryTensor>, void> {
  const header = binaryHeader(source);
  if (!header.ok) return header;
  const { n, d, start } = header.input;
  const rows = new Rows(source, n, d, start);
  // A file that ends among them is shown as far as it goes.
  const first = yield* attempt(rows.words(0, STEP), name);
  const garbled = first.ok ? garbledWords(first.input) : 0;
  if (garbled > 0) {
    return refuse(msg("{0} of the first {1} words hold control characters, as when the first line promises the wrong number of dimensions ({2}). Correct it, or save the file again.", garbled, Math.min(n, STEP), d));
  }
  const tensor: Tensor = {
    name: name.replace(/\.[^.]*$/, ""),
    dtype: "float32", descr: "word2vec", shape: [n, d], order: "C", littleEndian: true, size: n * d, bytes: rows, offset: 0,
  };
  return { ok: true, input: { file: tensorFile("word2vec", [tensor]), words: (start, count) => attempt(rows.words(start, count), name) }, problems: [] };
}

/** The numbers of all rows as if nothing stood between them. */
class Rows implements TensorBytes {
  readonly size: number;
  /** [rows found + 1] where each row's word begins; the last is where the next row begins. */
  private places: Float64Array;
  /** [rows found] where each row's numbers begin. */
  private numbers: Float64Array;
  private found = 0;

  constructor(
    private readonly source: ByteSource,
    private readonly n: number,
    private readonly d: number,
    start: number,
  ) {
    this.size = 4 * n * d;
    this.places = new Float64Array(Math.min(n, 1024) + 1);
    this.numbers = new Float64Array(Math.min(n, 1024));
    this.places[0] = start;
  }

  read(offset: number, length: number): Uint8Array {
    const result = new Uint8Array(Math.max(0, Math.min(length, this.size - offset)));
    const width = 4 * this.d;
    for (let done = 0; done < result.length; ) {
      const row = Math.floor((offset + done) / width);
      this.findRow(row);
      const from = offset + done - row * width;
      const part = this.source.read(this.numbers[row] + from, Math.min(width - from, result.length - done));
      result.set(part, done);
      done += part.length;
    }
    return result;
  }

  *reach(offset: number, length: number): Generator<Progress, void, void> {
    yield* this.find(Math.min(this.n, Math.ceil((offset + length) / (4 * this.d))));
  }

  *words(start: number, count: number): Generator<Progress, Parsed<readonly string[]>, void> {
    const end = Math.min(this.n, start + count);
    yield* this.find(end);
    const words: string[] = [];
    for (let row = start; row < end; row++) {
      const bytes = this.source.read(this.places[row], this.numbers[row] - 1 - this.places[row]);
      words.push(decodeWord(bytes, 0, bytes.length));
      if (words.length % STEP === 0) yield { fraction: words.length / (end - start), message: msg("Reading words") };
    }
    return { ok: true, input: words, problems: [] };
  }

  /** Finds the places of the first `count` rows. */
  private *find(count: number): Generator<Progress, void, void> {
    while (this.found < count) {
      this.findRow(Math.min(count, this.found + STEP) - 1);
      yield { fraction: this.found / count, message: msg("{0} of {1} words found", this.found, this.n) };
    }
  }

  private findRow(row: number): void {
    while (this.found <= row) this.findNext();
  }

  private findNext(): void {
    const { source, found, d } = this;
    if (found === this.numbers.length) this.grow();
    let at = this.places[found];
    let window = 64;
    let head = source.read(at, Math.min(window, source.size - at));
    // Mikolov's own tool puts a line feed behind each vector.
    let skipped = 0;
    while (head[skipped] === 10) skipped++;
    at += skipped;
    head = head.subarray(skipped);
    let space = head.indexOf(32);
    while (space < 0) {
      if (head.length > LONGEST_WORD) {
        throw new SourceFault(msg("Word {0} of {1} is longer than {2} bytes, so the file is damaged or its first line promises the wrong number of dimensions ({3}). Copy or save it again.", found + 1, this.n, LONGEST_WORD, d));
      }
      if (at + head.length >= source.size) throw this.cutOff(found);
      window *= 4;
      head = source.read(at, Math.min(window, source.size - at));
      space = head.indexOf(32);
    }
    const numbers = at + space + 1;
    if (numbers + 4 * d > source.size) throw this.cutOff(found);
    this.places[found] = at;
    this.numbers[found] = numbers;
    this.places[found + 1] = numbers + 4 * d;
    this.found++;
  }

  private grow(): void {
    const length = Math.min(this.n, 2 * this.numbers.length);
    const [places, numbers] = [new Float64Array(length + 1), new Float64Array(length)];
    places.set(this.places);
    numbers.set(this.numbers);
    this.places = places;
    this.numbers = numbers;
  }

  private cutOff(row: number): SourceFault {
    return new SourceFault(msg("The file ends within word {0} of {1}. It is cut off: copy or save it again.", row + 1, this.n));
  }
}
