import { msg, type Problem, type Progress } from "../contract/index.js";
import { cell, isBlank, readCell, type NumberStyle } from "./cell.js";
import type { CharFeed } from "./charFeed.js";
import { scanned, scanNumber, textOf } from "./number.js";
import { BLANKS, isRule, NONE, PIPE, TAB } from "./records.js";
import { Cell, type CellCode } from "./table.js";
import type { TableBuilder } from "./tableBuilder.js";

const LF = 10;
const CR = 13;
const QUOTE = 34;
const HASH = 35;
const BACKSLASH = 92;
/** Codes of *, _, `, ~. */
const isEmphasis = (code: number) => code === 42 || code === 95 || code === 96 || code === 126;
/** A field longer than this is a quote that was never closed, or no table at all. */
const LONGEST_FIELD = 1 << 22;
/** Codes scanned between two yields. */
const SLICE = 1 << 17;

export type DelimitedOptions = {
  readonly delimiter: number;
  readonly style: NumberStyle;
  /** Every cell is a row of the one column, whatever lines they stand in. */
  readonly oneColumn: boolean;
  /** 1-based line and offset at which the feed begins. */
  readonly line: number;
  readonly offset: number;
};

/** What was met beside the cells. */
export type Remarks = {
  comments: number;
  /** The first comment that holds numbers, and how many do. */
  numbersInComments: number;
  commentLine: number;
  /** Rows with more cells than columns. */
  long: number;
  longLine: number;
  longStart: number;
  longEnd: number;
  longest: number;
  /** Set when a quote is never closed, or a field is absurdly long; reading stopped there. */
  broken?: Problem;
};

/**
 * Reads delimited rows from a stream into a table builder, in windows: neither the text nor a whole row is ever held. A
 * number is read and its field ended in one pass; every other field is found first and classified then.
 */
export class DelimitedReader {
  readonly remarks: Remarks = {
    comments: 0, numbersInComments: 0, commentLine: 0, long: 0, longLine: 0, longStart: 0, longEnd: 0, longest: 0,
  };
  private window = new Uint16Array(SLICE);
  private length = 0;
  private pos = 0;
  private ended = false;
  /** A delimiter was read and its field is still to come. */
  private pending = false;
  /** The row has a cell behind the last column. */
  private extra = false;
  private column = 0;
  private inRow = false;
  private line: number;
  private rowLine = 0;
  private rowStart = 0;
  private rowEnd = 0;
  /** Offset of the window's first code. */
  private base: number;
  private readonly width: number;

  constructor(
    private readonly feed: CharFeed,
    private readonly options: DelimitedOptions,
    private readonly builder: TableBuilder,
  ) {
    this.line = options.line;
    this.base = options.offset;
    this.width = builder.width;
  }

  *run(): Generator<Progress, void, void> {
    for (;;) {
      this.refill();
      this.scan();
      if (this.remarks.broken || (this.ended && this.pos >= this.length)) break;
      yield { fraction: this.feed.fraction, message: msg("Reading line {0}", this.line) };
    }
    if (this.remarks.broken || !this.inRow) return;
    if (this.pending) this.commit(Cell.missing, NaN, this.length, this.length);
    this.endRow();
  }

  private refill(): void {
    this.window.copyWithin(0, this.pos, this.length);
    this.base += this.pos;
    this.length -= this.pos;
    this.pos = 0;
    if (this.length > this.window.length / 2) {
      const window = new Uint16Array(2 * this.window.length);
      window.set(this.window.subarray(0, this.length));
      this.window = window;
    }
    const count = this.feed.fill(this.window, this.length);
    this.length += count;
    if (count === 0) this.ended = true;
  }

  /** Takes every field that ends within the window. */
  private scan(): void {
    const { delimiter, style } = this.options;
    const { window, length: n, ended } = this;
    while (this.pos < n) {
      if (!this.inRow && !this.beginRow()) return;
      if (!this.inRow) continue;
      let s = this.pos;
      while (s < n && (window[s] === 32 || (window[s] === TAB && delimiter !== TAB))) s++;
      if (s >= n && !ended) return;
      if (delimiter === BLANKS && (s >= n || window[s] === LF || window[s] === CR)) {
        if (!this.finishLine(s)) return;
        continue;
      }
      // The common case: a plain number, up to the delimiter or the line break.
      let start = s;
      let end = scanNumber(window, s, n, style.decimal);
      let value = scanned.value;
      let code: CellCode = value - value === 0 ? Cell.ok : Cell.infinite;
      let f = end;
      if (end >= 0) {
        while (f < n && (window[f] === 32 || (window[f] === TAB && delimiter !== TAB))) f++;
        if (f >= n) {
          if (!ended) return;
        } else if (window[f] !== delimiter && window[f] !== LF && window[f] !== CR && !(delimiter === BLANKS && f > end)) end = -1;
      }
      const quoted = s < n && window[s] === QUOTE;
      if (end < 0) {
        if (quoted) {
          start = s + 1;
          end = this.closingQuote(start);
          f = end < 0 ? -1 : this.fieldEnd(Math.min(end + 1, n));
        } else f = end = this.fieldEnd(s);
        if (f < 0) {
          if (n - s > LONGEST_FIELD || ended) this.breakOff(s);
          return;
        }
        while (end > start && isBlank(window[end - 1])) end--;
        code = readCell(window, start, end, style);
        // The best value of a Markdown table is often **bold**.
        if (code === Cell.text && delimiter === PIPE) {
          let edge = start;
          for (; end - 1 > edge && window[edge] === window[end - 1] && isEmphasis(window[edge]); end--) edge++;
          code = readCell(window, edge, end, style);
          if (code === Cell.text) end += edge - start;
          else start = edge;
        }
        value = cell.value;
      }
      const last = f >= n || window[f] === LF || window[f] === CR;
      if (last && f < n && !this.breakIsWhole(f)) return;
      // A closing pipe is no empty cell, nor is the comma that ends a line of a broken list.
      const closing = last && start === end && !quoted && (this.options.oneColumn || (delimiter === PIPE && this.column > 0));
      if (!closing) this.commit(code, value, start, end);
      if (start > s) for (let k = start; k < end; k++) if (window[k] === LF || (window[k] === CR && window[k + 1] !== LF)) this.line++;
      if (last) this.finishLine(f);
      else {
        this.pos = delimiter === BLANKS ? f : f + 1;
        this.pending = delimiter !== BLANKS && !this.options.oneColumn && delimiter !== PIPE;
      }
    }
  }

  private commit(code: CellCode, value: number, start: number, end: number): void {
    const { builder, base } = this;
    if (this.options.oneColumn) {
      builder.cell(0, value, code, base + start, base + end);
      builder.endRow(this.line, base + start, base + end);
    } else if (this.column < this.width) builder.cell(this.column, value, code, base + start, base + end);
    else if (code !== Cell.missing) this.extra = true;
    this.column++;
    this.pending = false;
    this.rowEnd = base + end;
  }

  /** Goes to the first field of the next row, past blank lines, comments and rules; false when the window ends before. */
  private beginRow(): boolean {
    const { window, length: n, ended } = this;
    const { delimiter } = this.options;
    let s = this.pos;
    while (s < n && (window[s] === 32 || (window[s] === TAB && delimiter !== TAB))) s++;
    if (s >= n) {
      if (ended) this.pos = n;
      return ended;
    }
    const first = window[s];
    if (first === LF || first === CR) return this.finishLine(s);
    const comment = first === HASH && (s + 1 >= n || delimiter === BLANKS || delimiter === NONE || window[s + 1] !== delimiter);
    const drawn = (delimiter === PIPE || delimiter === BLANKS) && (first === PIPE || first === 43 || first === 45 || first === 61 || first === 58);
    if (comment || drawn) {
      const end = this.lineEnd(s);
      if (end < 0) return false;
      const text = textOf(window, s, Math.min(end, s + 2000));
      if (comment) this.noteComment(text);
      if (comment || isRule(text)) return this.finishLine(end);
    }
    this.inRow = true;
    this.column = 0;
    this.rowLine = this.line;
    this.rowStart = this.rowEnd = this.base + s;
    this.pos = delimiter === PIPE && first === PIPE ? s + 1 : s;
    return true;
  }

  private noteComment(text: string): void {
    const { remarks } = this;
    remarks.comments++;
    if (!/(?:^#+|[\s,;|])[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?(?=$|[\s,;|])/i.test(text)) return;
    if (remarks.numbersInComments++ === 0) remarks.commentLine = this.line;
  }

  /** Ends the row, if one is open, and goes behind the line break at `at`; false when the break may go on. */
  private finishLine(at: number): boolean {
    if (at < this.length && !this.breakIsWhole(at)) return false;
    if (this.inRow) this.endRow();
    if (at < this.length) {
      this.line++;
      at += this.window[at] === CR && at + 1 < this.length && this.window[at + 1] === LF ? 2 : 1;
    }
    this.pos = at;
    return true;
  }

  private endRow(): void {
    const { remarks, extra } = this;
    if (!this.options.oneColumn) this.builder.endRow(this.rowLine, this.rowStart, this.rowEnd);
    this.inRow = this.pending = this.extra = false;
    if (!extra) return;
    remarks.longest = Math.max(remarks.longest, this.column);
    if (remarks.long++ > 0) return;
    remarks.longLine = this.rowLine;
    remarks.longStart = this.rowStart;
    remarks.longEnd = this.rowEnd;
  }

  /** Whether a carriage return at the window's end can't be followed by a line feed. */
  private breakIsWhole(at: number): boolean {
    return this.window[at] !== CR || at + 1 < this.length || this.ended;
  }

  private lineEnd(from: number): number {
    const { window, length: n } = this;
    let i = from;
    while (i < n && window[i] !== LF && window[i] !== CR) i++;
    return i < n || this.ended ? i : -1;
  }

  private fieldEnd(from: number): number {
    const { window, length: n } = this;
    const { delimiter } = this.options;
    let i = from;
    if (delimiter === BLANKS) while (i < n && window[i] !== LF && window[i] !== CR && window[i] !== 32 && window[i] !== TAB) i++;
    else while (i < n && window[i] !== LF && window[i] !== CR && (window[i] !== delimiter || (delimiter === PIPE && i > from && window[i - 1] === BACKSLASH))) i++;
    return i < n || this.ended ? i : -1;
  }

  /** The offset of the quote that closes the one before `from`; -1 when the window ends before. */
  private closingQuote(from: number): number {
    const { window, length: n } = this;
    for (let i = from; i < n; i++) {
      if (window[i] !== QUOTE) continue;
      if (i + 1 >= n && !this.ended) return -1;
      if (i + 1 < n && window[i + 1] === QUOTE) i++;
      else return i;
    }
    return -1;
  }

  private breakOff(at: number): void {
    const quoted = this.window[at] === QUOTE;
    this.remarks.broken = {
      severity: "error",
      message: quoted
        ? msg("Line {0}: the quote that opens here is never closed. Close it, or remove it.", this.line)
        : msg("Line {0} has a field of more than {1} characters. This does not look like a table.", this.line, LONGEST_FIELD),
      span: { start: this.base + at, end: this.base + at + 1 },
      line: this.line,
    };
  }
}
