import { msg, type ByteSource, type Parsed, type Progress } from "../contract/index.js";
import { readNpy } from "./npy.js";
import { Cell, type Column, type Table } from "./table.js";
import { isCounter } from "./tableBuilder.js";

/** Values looked at between two yields. */
const SLICE = 1 << 20;

/** Reads a .npy file as a table; NaN is missing. Rows have no lines and no spans. */
export function* readNpyTable(bytes: ByteSource): Generator<Progress, Parsed<Table>, void> {
  const parsed = yield* readNpy(bytes);
  if (!parsed.ok) return parsed;
  return yield* arrayTable(parsed.input.rows, parsed.input.columns, "numpy");
}

/** The columns of an array as a table; NaN is missing. Takes the columns over. */
export function* arrayTable(rows: number, arrays: readonly Float64Array[], format: string): Generator<Progress, Parsed<Table>, void> {
  const columns: Column[] = [];
  for (const values of arrays) columns.push(yield* toColumn(values, arrays.length === 1 ? "value" : `column ${columns.length + 1}`));
  const only = columns.every(({ numeric }) => !numeric);
  const chosen = only ? columns.map((column) => ({ ...column, numeric: mostly(column) })) : columns;
  return { ok: true, input: { format, columns: chosen, rows, lines: null, spans: null }, problems: [] };
}

function mostly({ numbers, codes }: Column): boolean {
  let present = numbers;
  if (codes) for (const code of codes) if (code === Cell.infinite) present++;
  return numbers > 0 && 2 * numbers >= present;
}

function* toColumn(values: Float64Array, name: string): Generator<Progress, Column, void> {
  const rows = values.length;
  let codes: Uint8Array | null = null;
  let numbers = 0;
  for (let from = 0; from < rows; from += SLICE) {
    for (let row = from; row < Math.min(rows, from + SLICE); row++) {
      const value = values[row];
      if (value - value === 0) numbers++;
      else {
        codes ??= new Uint8Array(rows);
        codes[row] = value !== value ? Cell.missing : Cell.infinite;
        values[row] = NaN;
      }
    }
    yield { fraction: NaN, message: msg("Reading columns") };
  }
  const column = { name, values, codes, spans: null, numbers, numeric: false };
  return { ...column, numeric: mostly(column) && !isCounter(values) };
}
