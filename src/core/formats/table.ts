import type { ColumnChoice, Span } from "../contract/index.js";

/** Why a cell has no finite number (`notReal`: a formula has no real value there). The order is that of the report. */
export const Cell = { ok: 0, missing: 1, text: 2, ragged: 3, infinite: 4, notReal: 5 } as const;
export type CellCode = (typeof Cell)[keyof typeof Cell];

export type Column = {
  readonly name: string;
  /** The header's place, where the source has one. */
  readonly header?: Span;
  readonly values: Float64Array; // [rows], NaN where the cell has no finite number
  readonly codes: Uint8Array | null; // [rows] of CellCode; null when every cell is `ok`
  readonly spans: Int32Array | null; // [rows, 2] offsets of each cell; null for sources without text
  /** How many cells are `ok`. */
  readonly numbers: number;
  /** Preselected: most of its cells are numbers and it is not a bare row counter. */
  readonly numeric: boolean;
};

/** Numbers read from a source, columns apart. */
export type Table = {
  readonly format: string; // "csv", "json", "numpy", … for the reader's information
  readonly columns: readonly Column[];
  readonly rows: number;
  readonly lines: Int32Array | null; // [rows] 1-based line of each row; null when row i is the i-th of a binary file
  readonly spans: Int32Array | null; // [rows, 2] offsets of each row; null for sources without text
};

/** The columns of a table for a picker. */
export function choicesOf({ columns }: Table): ColumnChoice[] {
  return columns.map(({ name, numbers, numeric }) => ({ name, numbers, numeric }));
}

/** Rows that are left out, by reason. */
export type Skipped = {
  readonly code: CellCode;
  readonly count: number;
  /** Names of the chosen columns in which it occurs. */
  readonly columns: readonly string[];
  readonly lines: Int32Array; // the first 100 lines (or rows), 1-based
  readonly spans: Int32Array | null; // [<= 100, 2] offsets of the offending cells
};

/** Chosen and computed columns without the rows that lack a number. Column arrays are shared with the table when no row is left out. */
export type Matrix = {
  readonly names: readonly string[]; // [D]
  readonly columns: readonly Float64Array[]; // D of [N]
  readonly n: number;
  readonly rows: Int32Array | null; // [N] row of the table; null when all rows are used
  readonly total: number; // rows of the table
  readonly skipped: readonly Skipped[];
};
