import { cell, isBlank, PLAIN, readCell, type NumberStyle } from "../../formats/cell.js";
import { scanned, scanNumber, textOf } from "../../formats/number.js";
import { Cell } from "../../formats/table.js";
import type { VectorList } from "./vectorList.js";

const COMMA = 44;
const SEMICOLON = 59;
const TAB = 9;
const PIPE = 124;
const FEWEST = 2;
/** A sentence may end in a few numbers; behind a label of several words it takes more to be a vector. */
const FEWEST_BEHIND_WORDS = 8;
const DECIMAL_COMMA: NumberStyle = { decimal: COMMA, group: 0 };

/** Reads lines such as "king 0.50 0.69 −0.59", "5.1, 3.5, 1.4, setosa" and "| king | 0.5 | 0.7 |" as vectors. */
export class RowScanner {
  private numbers = new Float64Array(1024);
  private count = 0;
  private first = 0;
  private last = 0;
  private labelStart = -1;
  private labelEnd = -1;

  constructor(
    private readonly chars: Uint16Array,
    private readonly found: VectorList,
  ) {}

  /** Adds the line from `start` to `end` as a vector, if it is one. */
  read(start: number, end: number, line: number): boolean {
    let from = start;
    let to = end;
    const { chars } = this;
    while (from < to && isBlank(chars[from])) from++;
    while (to > from && isBlank(chars[to - 1])) to--;
    if (to - from < 3 || !this.holdsDigit(from, to)) return false;
    this.count = 0;
    this.labelStart = this.labelEnd = -1;
    const delimiter = this.delimiterOf(from, to);
    const isRow = delimiter === 0 ? this.blanks(from, to) : this.fields(from, to, delimiter);
    if (!isRow) return false;
    const vector = this.found.add(this.numbers, 0, this.count, this.first, this.last, line);
    this.nameIt(vector);
    return true;
  }

  private holdsDigit(from: number, to: number): boolean {
    for (let i = from; i < to; i++) if (this.chars[i] >= 48 && this.chars[i] <= 57) return true;
    return false;
  }

  private delimiterOf(from: number, to: number): number {
    const { chars } = this;
    let semicolon = false;
    let comma = false;
    // A mark before the numbers may be a word itself: ", 0.1 0.2".
    const alone = isBlank(chars[from + 1]) ? from + 1 : from;
    for (let i = alone; i < to; i++) {
      const code = chars[i];
      if (code === TAB) return TAB;
      if (code === PIPE && chars[from] === PIPE) return PIPE;
      if (code === SEMICOLON) semicolon = true;
      else if (code === COMMA) comma = true;
    }
    return semicolon ? SEMICOLON : comma ? COMMA : 0;
  }

  /** Fields between blanks: all numbers stand at the end, as in the files of GloVe. */
  private blanks(from: number, to: number): boolean {
    const { chars } = this;
    let words = 0;
    let i = from;
    while (i < to) {
      while (i < to && isBlank(chars[i])) i++;
      if (i >= to) break;
      const end = this.fieldEnd(i, to);
      const value = this.numberIn(i, end, PLAIN);
      // A first field that is a number may be the word: "1990 0.1 0.2" has as many numbers as its neighbours; that is
      // not known here, so that it counts as one.
      if (value === undefined) {
        words += this.count + 1;
        this.count = 0;
        if (this.labelStart < 0) this.labelStart = from;
        this.labelEnd = end;
      } else this.push(value, i, end);
      i = end;
    }
    return this.count >= (words > 1 ? FEWEST_BEHIND_WORDS : FEWEST);
  }

  private fieldEnd(from: number, to: number): number {
    let i = from;
    while (i < to && !isBlank(this.chars[i])) i++;
    return i;
  }

  /** Fields between marks: any of them may be the label. */
  private fields(from: number, to: number, delimiter: number): boolean {
    const { chars } = this;
    const style = delimiter === SEMICOLON || delimiter === TAB ? this.styleOf(from, to) : PLAIN;
    let texts = 0;
    let i = delimiter === PIPE ? from + 1 : from;
    const stop = delimiter === PIPE && chars[to - 1] === PIPE ? to - 1 : to;
    for (let field = 0; i <= stop; field++) {
      let end = i;
      while (end < stop && chars[end] !== delimiter) end++;
      let s = i;
      let e = end;
      while (s < e && isBlank(chars[s])) s++;
      while (e > s && isBlank(chars[e - 1])) e--;
      i = end + 1;
      if (s === e && end >= stop) break; // a comma that ends the line
      const value = this.numberIn(s, e, style);
      if (value !== undefined) this.push(value, s, e);
      else if (s === e) this.push(NaN, s, e);
      else {
        // "king 0.1, 0.2, 0.3": the label and the first number share a field.
        const split = field === 0 && delimiter === COMMA ? this.lastBlank(s, e) : -1;
        const begun = split < 0 ? undefined : this.numberIn(split, e, style);
        texts++;
        if (this.labelStart < 0) {
          this.labelStart = s;
          this.labelEnd = begun === undefined ? e : split;
        }
        if (begun !== undefined) this.push(begun, split, e);
      }
    }
    return this.count >= FEWEST && texts <= Math.max(1, Math.floor(this.count / 4)) && this.real() >= FEWEST;
  }

  private real(): number {
    let real = 0;
    for (let i = 0; i < this.count; i++) if (Number.isFinite(this.numbers[i])) real++;
    return real;
  }

  /** Where the field's last part behind a blank begins, or -1. */
  private lastBlank(from: number, to: number): number {
    let i = to;
    while (i > from && !isBlank(this.chars[i - 1])) i--;
    return i > from ? i : -1;
  }

  /** Numbers have decimal commas where one has a comma and none a point. */
  private styleOf(from: number, to: number): NumberStyle {
    let comma = false;
    for (let i = from; i < to; i++) {
      if (this.chars[i] === 46) return PLAIN;
      if (this.chars[i] === COMMA) comma = true;
    }
    return comma ? DECIMAL_COMMA : PLAIN;
  }

  /** The number that fills from … to; NaN for `nan`, ±Infinity for `inf`; undefined for anything else. */
  private numberIn(from: number, to: number, style: NumberStyle): number | undefined {
    if (from === to) return undefined;
    if (scanNumber(this.chars, from, to, style.decimal) === to) return scanned.value;
    if (to - from > 12) return undefined;
    const code = readCell(this.chars, from, to, style);
    if (code === Cell.infinite) return cell.value;
    // A lone dash, dot or question mark is a label or a bullet as well.
    return code === Cell.missing && to - from > 2 ? NaN : undefined;
  }

  private push(value: number, start: number, end: number): void {
    if (this.count === 0) this.first = start;
    this.last = end;
    if (this.count === this.numbers.length) {
      const wider = new Float64Array(2 * this.count);
      wider.set(this.numbers);
      this.numbers = wider;
    }
    this.numbers[this.count++] = value;
  }

  private nameIt(vector: number): void {
    const { chars } = this;
    let { labelStart: start, labelEnd: end } = this;
    if (start < 0) return;
    while (end > start && (isBlank(chars[end - 1]) || chars[end - 1] === 58 || chars[end - 1] === 61)) end--;
    if (end - start > 1 && chars[start] === 34 && chars[end - 1] === 34) {
      start++;
      end--;
    }
    const text = textOf(chars, start, Math.min(end, start + 200));
    // A bullet of Markdown or a mark of a quotation is no name.
    if (start < end && !/^[-*+>#|]+$/.test(text)) this.found.name(vector, text, start, end);
  }
}
