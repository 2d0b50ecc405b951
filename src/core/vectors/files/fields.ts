import { isBlank, scan, scanFloat } from "./scanFloat.js";
import { decodeWord } from "./utf8.js";

const QUOTE = 34;
const MISSING = /^(?:|na|n\/a|nan|null|none|<na>)$/i;

/** Fields of one line of delimited bytes, found in place. */
export class Fields {
  count = 0;
  /** [2 × count] where each field's text begins and ends, quotes and blanks around it left out. */
  places = new Int32Array(64);
  private bytes: Uint8Array = new Uint8Array(0);

  constructor(private readonly delimiter: number) {}

  /** Takes the line from `start` to `to`, its line break left out. */
  split(bytes: Uint8Array, start: number, to: number): void {
    this.bytes = bytes;
    this.count = 0;
    for (let i = start; ; i++) {
      while (i < to && isBlank(bytes[i]) && bytes[i] !== this.delimiter) i++;
      const quoted = bytes[i] === QUOTE && i < to;
      let from = i;
      let end: number;
      if (quoted) {
        from = ++i;
        while (i < to && (bytes[i] !== QUOTE || bytes[i + 1] === QUOTE)) i += bytes[i] === QUOTE ? 2 : 1;
        end = Math.min(i, to);
        while (i < to && bytes[i] !== this.delimiter) i++;
      } else {
        while (i < to && bytes[i] !== this.delimiter) i++;
        end = i;
        while (end > from && isBlank(bytes[end - 1])) end--;
      }
      this.add(from, end);
      if (i >= to) return;
    }
  }

  private add(from: number, to: number): void {
    if (2 * this.count === this.places.length) {
      const wider = new Int32Array(2 * this.places.length);
      wider.set(this.places);
      this.places = wider;
    }
    this.places[2 * this.count] = from;
    this.places[2 * this.count + 1] = to;
    this.count++;
  }

  text(field: number): string {
    const text = decodeWord(this.bytes, this.places[2 * field], this.places[2 * field + 1]);
    return text.includes("\"\"") ? text.replaceAll("\"\"", "\"") : text;
  }

  /** The field's number, NaN for a missing one; whether it is either shows in `isNumber`. */
  number(field: number): number {
    const from = this.places[2 * field];
    const to = this.places[2 * field + 1];
    const value = from < to ? scanFloat(this.bytes, from, to) : NaN;
    this.isNumber = from < to && scan.end === to;
    if (this.isNumber) return value;
    // An empty cell is a missing number, too.
    this.isNumber = to - from <= 4 && MISSING.test(this.text(field));
    return NaN;
  }
  isNumber = false;
}
