/** What reading a text of rows needs: a file's lines "word number number …", a part at a time. */
export interface TextKernels {
  /**
   * @param size bytes of the largest part
   * @param d numbers of a row
   * @throws RangeError when there is no memory for it
   */
  openRows(size: number, d: number): RowScanner;
}

/** Reads rows from text. Its memory is its own, and is freed with it. */
export interface RowScanner {
  /** [size] To be filled with a part of the text. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** [room, d] The numbers of the rows that were read last, each the float32 next to the number that is written. */
  readonly values: Float32Array<ArrayBuffer>;
  /** Their words, as bytes of UTF-8, one behind the other. */
  readonly words: Uint8Array<ArrayBuffer>;
  /** [room] Where each word ends in `words`. */
  readonly ends: Int32Array<ArrayBuffer>;
  /** [room] `hashOf` each word. */
  readonly hashes: Int32Array<ArrayBuffer>;
  /** Where the line begins that comes behind them. */
  readonly next: number;
  /** How many lines of bytes 0 … end hold more than a line break. The last need not have one. */
  countLines(end: number): number;
  /**
   * Reads lines of bytes from … end, `most` and `room` at most, up to the first that is not written plainly: a word without blanks and d
   * finite numbers. An implementation may leave a line that it can't read quickly. What stands behind `end` is lost.
   * @returns how many
   */
  scan(from: number, end: number, most: number): number;
}

/** Rows of this many numbers are read at once, or one row: little enough for a processor's cache. */
const numbersAtOnce = 1 << 16;

/** How many rows a scanner has room for. */
export function roomFor(d: number): number {
  return Math.max(1, Math.floor(numbersAtOnce / d));
}

/** Compares an implementation with the reference on small inputs. @returns what differs, in English, for the log */
export function checkText(own: TextKernels, reference: TextKernels): string | undefined {
  const text = Uint8Array.from("\na -0.123456 9.8\r\n\r\nthe\t12.5  -1e-3 \nb 0.1234567890123456 00012345678\nnew york 1 2\nc\xc3\xa9\xf0\x9f\x98\x80\xff 1.25 -0", (letter) => letter.charCodeAt(0));
  const [a, b] = [own, reference].map((kernels) => read(kernels, text));
  return a === b ? undefined : `rows are ${a}, not ${b}`;
}

/** All that a scanner finds in lines of two numbers. */
function read(kernels: TextKernels, text: Uint8Array): string {
  const scanner = kernels.openRows(text.length, 2);
  scanner.bytes.set(text);
  const found: string[] = [`${scanner.countLines(text.length)} lines`];
  // More calls than lines are of one that does not get on.
  for (let from = 0, calls = 0; from < text.length && calls < 10; calls++) {
    const rows = scanner.scan(from, text.length, 10);
    const ends = scanner.ends.subarray(0, rows);
    found.push([scanner.values.subarray(0, 2 * rows), ends, scanner.hashes.subarray(0, rows), scanner.words.subarray(0, ends.at(-1) ?? 0)].join());
    from = rows > 0 ? scanner.next : text.indexOf(10, scanner.next) + 1 || text.length;
  }
  return found.filter((each) => each !== "").join("; ");
}
