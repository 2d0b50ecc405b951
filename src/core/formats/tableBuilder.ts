import { msg, type Progress, type Span } from "../contract/index.js";
import { doublesToShare } from "../kernels/crew.js";
import { Cell, type CellCode, type Column, type Table } from "./table.js";

const FIRST_BLOCK = 16;
const LAST_BLOCK = 65536;

/** A column's cells in blocks, so that growing copies nothing and the peak stays under twice the data. */
class Blocks {
  values: Float64Array;
  codes: Uint8Array | null = null;
  spans: Int32Array | null;
  numbers = 0;
  present = 0;
  private full: { values: Float64Array; codes: Uint8Array | null; spans: Int32Array | null }[] = [];

  constructor(
    private size: number,
    private readonly withSpans: boolean,
  ) {
    this.values = new Float64Array(size);
    this.spans = withSpans ? new Int32Array(2 * size) : null;
  }

  grow(size: number): void {
    this.full.push({ values: this.values, codes: this.codes, spans: this.spans });
    this.size = size;
    this.values = new Float64Array(size);
    this.codes = null;
    this.spans = this.withSpans ? new Int32Array(2 * size) : null;
  }

  mark(row: number, code: CellCode): void {
    this.codes ??= new Uint8Array(this.size);
    this.codes[row] = code;
  }

  fillRagged(rows: number): void {
    if (rows === 0) return;
    this.values.fill(NaN, 0, rows);
    this.codes = new Uint8Array(this.size).fill(Cell.ragged, 0, rows);
  }

  /** One array of each kind, releasing the blocks. */
  join(rows: number): { values: Float64Array; codes: Uint8Array | null; spans: Int32Array | null } {
    const last = { values: this.values, codes: this.codes, spans: this.spans };
    const all = [...this.full, last];
    this.full = [];
    const values = doublesToShare(rows);
    const codes = all.some((block) => block.codes) ? new Uint8Array(rows) : null;
    const spans = this.withSpans ? new Int32Array(2 * rows) : null;
    let at = 0;
    for (const block of all) {
      const n = Math.min(block.values.length, rows - at);
      values.set(block.values.subarray(0, n), at);
      if (codes && block.codes) codes.set(block.codes.subarray(0, n), at);
      if (spans && block.spans) spans.set(block.spans.subarray(0, 2 * n), 2 * at);
      at += n;
    }
    return { values, codes, spans };
  }
}

/** What is known of a column beside its cells. */
export type Heading = {
  readonly name: string;
  readonly span?: Span;
  /** A printed row label: never preselected beside others. */
  readonly index?: boolean;
};

/** Collects a table row by row. Cells of a row come in any order of columns; those that don't come are ragged. */
export class TableBuilder {
  rows = 0;
  /** Cells that are numbers so far. */
  numbers = 0;
  private row = 0;
  private size = FIRST_BLOCK;
  private readonly sizes: number[] = [];
  private readonly columns: Blocks[] = [];
  private seen: Int32Array;
  private places: Int32Array;
  private fullPlaces: Int32Array[] = [];
  private complete = 0;

  /** `withSpans` is false for sources without text. */
  constructor(
    width: number,
    private readonly withSpans: boolean,
  ) {
    this.seen = new Int32Array(Math.max(width, 8)).fill(-1);
    for (let c = 0; c < width; c++) this.columns.push(new Blocks(this.size, withSpans));
    this.places = new Int32Array(this.size * this.stride);
  }

  /** Integers kept a row: its line and, where there is text, its span. */
  private get stride(): number {
    return this.withSpans ? 3 : 1;
  }

  get width(): number {
    return this.columns.length;
  }

  /** Whether all cells of a column so far are missing. */
  isEmpty(index: number): boolean {
    return this.columns[index].present === 0;
  }

  /** Adds a column whose cells so far are ragged, and returns its index. */
  addColumn(): number {
    const column = new Blocks(this.sizes[0] ?? this.size, this.withSpans);
    this.sizes.forEach((size, k) => {
      column.fillRagged(size);
      column.grow(this.sizes[k + 1] ?? this.size);
    });
    column.fillRagged(this.row);
    const index = this.columns.push(column) - 1;
    if (index >= this.seen.length) {
      const seen = new Int32Array(2 * index).fill(-1);
      seen.set(this.seen);
      this.seen = seen;
    }
    return index;
  }

  /** Sets the current row's cell in a column. A later cell of the same column replaces the earlier. */
  cell(index: number, value: number, code: CellCode, start: number, end: number): void {
    const column = this.columns[index];
    const row = this.row;
    if (this.seen[index] === this.rows) this.forget(column, row);
    else {
      this.seen[index] = this.rows;
      this.complete++;
    }
    if (code === Cell.ok) {
      column.values[row] = value;
      column.numbers++;
      column.present++;
      this.numbers++;
    } else {
      column.values[row] = NaN;
      column.mark(row, code);
      if (code !== Cell.missing) column.present++;
    }
    if (column.spans) {
      column.spans[2 * row] = start;
      column.spans[2 * row + 1] = end;
    }
  }

  private forget(column: Blocks, row: number): void {
    const code = column.codes?.[row] ?? Cell.ok;
    if (code === Cell.ok) {
      column.numbers--;
      this.numbers--;
    }
    if (code !== Cell.missing) column.present--;
    if (column.codes) column.codes[row] = Cell.ok;
  }

  /** Ends the current row, which stands in `line` from `start` to `end`. */
  endRow(line: number, start: number, end: number): void {
    const row = this.row;
    if (this.complete < this.columns.length) {
      for (let c = 0; c < this.columns.length; c++) {
        if (this.seen[c] === this.rows) continue;
        const column = this.columns[c];
        column.values[row] = NaN;
        column.mark(row, Cell.ragged);
        if (column.spans) column.spans[2 * row] = column.spans[2 * row + 1] = end;
      }
    }
    if (this.withSpans) {
      this.places[3 * row] = line;
      this.places[3 * row + 1] = start;
      this.places[3 * row + 2] = end;
    } else this.places[row] = line;
    this.complete = 0;
    this.rows++;
    if (++this.row === this.size) {
      this.row = 0;
      this.sizes.push(this.size);
      this.size = Math.min(2 * this.size, LAST_BLOCK);
      for (const column of this.columns) column.grow(this.size);
      this.fullPlaces.push(this.places);
      this.places = new Int32Array(this.size * this.stride);
    }
  }

  /**
   * The table. `headings[i]` names column i; missing or empty names become "column 3" ("value" for a lone column),
   * repeated ones get a number. Columns for which `keep` is false are left out.
   */
  *finish(
    format: string,
    headings: readonly (Heading | undefined)[],
    keep: (index: number) => boolean = () => true,
  ): Generator<Progress, Table, void> {
    const taken = new Set<string>();
    const columns: (Column & { counter: boolean; mostly: boolean })[] = [];
    const kept = this.columns.map((_, c) => c).filter(keep);
    for (const c of kept) {
      const heading = headings[c];
      const given = heading?.name.trim() ?? "";
      const base = given || (kept.length === 1 ? "value" : `column ${c + 1}`);
      let name = base;
      for (let n = 2; taken.has(name); n++) name = `${base} (${n})`;
      taken.add(name);
      const { numbers, present } = this.columns[c];
      const arrays = this.columns[c].join(this.rows);
      this.columns[c] = new Blocks(0, false);
      const counter = heading?.index === true || (isCounterName(given) && isCounter(arrays.values));
      const mostly = numbers > 0 && 2 * numbers >= present;
      columns.push({ name, header: heading?.span, ...arrays, numbers, numeric: mostly && !counter, counter, mostly });
      yield { fraction: NaN, message: msg("Reading columns") };
    }
    const only = columns.every((column) => !column.numeric);
    const { lines, spans } = this.joinPlaces();
    return {
      format,
      columns: columns.map(({ counter, mostly, ...column }) => (only && counter && mostly ? { ...column, numeric: true } : column)),
      rows: this.rows,
      lines,
      spans,
    };
  }

  private joinPlaces(): { lines: Int32Array; spans: Int32Array | null } {
    const lines = new Int32Array(this.rows);
    const spans = this.withSpans ? new Int32Array(2 * this.rows) : null;
    let at = 0;
    for (const block of [...this.fullPlaces, this.places]) {
      const n = Math.min(block.length / this.stride, this.rows - at);
      if (spans) {
        for (let r = 0; r < n; r++) {
          lines[at + r] = block[3 * r];
          spans[2 * (at + r)] = block[3 * r + 1];
          spans[2 * (at + r) + 1] = block[3 * r + 2];
        }
      } else lines.set(block.subarray(0, n), at);
      at += n;
    }
    this.fullPlaces = [];
    return { lines, spans };
  }
}

function isCounterName(name: string): boolean {
  return /^(?:|id|idx|index|#|no\.?|nr\.?|row|unnamed: 0)$/i.test(name);
}

/** Whether a column counts its rows: 0, 1, 2 … or 1, 2, 3 … */
export function isCounter(values: Float64Array): boolean {
  const first = values[0];
  return (first === 0 || first === 1) && values.length > 1 && values.every((value, row) => value === first + row);
}
