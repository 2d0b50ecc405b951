import { msg, type Computed, type Message, type Problem, type Progress } from "../contract/index.js";
import { awaitFormulas } from "../expressions/formulas.js";
import { doublesToShare } from "../kernels/crew.js";
import { rowsReport } from "./rowsReport.js";
import { Cell, type CellCode, type Column, type Matrix, type Skipped, type Table } from "./table.js";

export type Selection = {
  /** Names of table or computed columns, in the order wanted; empty means the preselected and all computed ones. */
  readonly columns: readonly string[];
  readonly computed: readonly Computed[];
};
export type Selected =
  | { readonly ok: true; readonly matrix: Matrix; readonly problems: readonly Problem[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Rows looked at between two yields. */
const SLICE = 1 << 16;
const MOST_PLACES = 100;

/**
 * The chosen and computed columns of a table without the rows that lack a number in one of them, which are reported by
 * reason. When no row is left out the columns are the table's own arrays.
 */
export function* selectMatrix(table: Table, { columns, computed }: Selection): Generator<Progress, Selected, void> {
  const all = new Map(table.columns.map((column) => [column.name, column]));
  for (const { name, expression } of computed) {
    const column = yield* compute(table, all, name, expression);
    if ("error" in column) return refuse(column.error);
    all.set(name, column);
  }
  const preselected = table.columns.filter(({ numeric }) => numeric).map(({ name }) => name);
  const wanted = columns.length > 0 ? columns : [...preselected, ...computed.map(({ name }) => name)];
  const unknown = wanted.find((name) => !all.has(name));
  if (unknown !== undefined) return refuse(msg("There is no column “{0}”. There are: {1}.", unknown, listed([...all.keys()])), true);
  if (wanted.length === 0) return refuse(msg("No column is mostly numbers. Choose one of: {0}.", listed([...all.keys()])));
  const chosen = [...new Set(wanted)].map((name) => all.get(name)!);
  return yield* withoutGaps(table, chosen);
}

function refuse(message: Message, offerDefault = false): Selected {
  const fixes = [{ label: msg("Use the numeric columns"), params: { columns: [] } }];
  return { ok: false, problems: [{ severity: "error", message, ...(offerDefault ? { fixes } : {}) }] };
}

function listed(names: readonly string[]): string {
  return names.slice(0, 30).join(", ") + (names.length > 30 ? " …" : "");
}

function* compute(
  { rows }: Table,
  all: ReadonlyMap<string, Column>,
  name: string,
  expression: string,
): Generator<Progress, Column | { readonly error: Message }, void> {
  if (name.trim() === "") return { error: msg("The computed column “{0}” has no name. Give it one.", expression) };
  if (all.has(name)) return { error: msg("There are two columns called “{0}”. Give the computed one another name.", name) };
  const { compileFormula } = yield* awaitFormulas();
  const formula = compileFormula(expression, [...all.keys()]);
  if ("error" in formula) return formula;
  const inputs = formula.columns.map((each) => all.get(each)!);
  const values = doublesToShare(rows);
  const arguments_ = new Array<number>(inputs.length).fill(0);
  let codes: Uint8Array | null = null;
  let numbers = 0;
  for (let row = 0; row < rows; row++) {
    let code: CellCode = Cell.ok;
    for (let c = 0; c < inputs.length; c++) {
      arguments_[c] = inputs[c].values[row];
      if (code === Cell.ok) code = (inputs[c].codes?.[row] ?? Cell.ok) as CellCode;
    }
    const value = code === Cell.ok ? formula.evaluate(arguments_) : NaN;
    if (code === Cell.ok && value - value !== 0) code = value !== value ? Cell.notReal : Cell.infinite;
    if (code === Cell.ok) {
      values[row] = value;
      numbers++;
    } else {
      values[row] = NaN;
      codes ??= new Uint8Array(rows);
      codes[row] = code;
    }
    if (row % 8192 === 8191) yield { fraction: row / rows, message: msg("Computing {0}", name) };
  }
  return { name, values, codes, spans: inputs[0].spans, numbers, numeric: true };
}

/** Leaves out the rows in which a chosen column has no finite number; the first such column gives the reason. */
function* withoutGaps(table: Table, chosen: readonly Column[]): Generator<Progress, Selected, void> {
  const { rows } = table;
  const names = chosen.map(({ name }) => name);
  if (chosen.every(({ codes }) => codes === null)) {
    return { ok: true, matrix: { names, columns: chosen.map(({ values }) => values), n: rows, rows: null, total: rows, skipped: [] }, problems: [] };
  }
  // One more than the index of the column that lacks a number; 0 keeps the row.
  const culprit = new Int32Array(rows);
  for (let c = chosen.length - 1; c >= 0; c--) {
    const { codes } = chosen[c];
    if (!codes) continue;
    for (let row = 0; row < rows; row++) {
      if (codes[row] !== Cell.ok) culprit[row] = c + 1;
      if (row % SLICE === SLICE - 1) yield { fraction: NaN, message: msg("Leaving out rows without a number") };
    }
  }
  const places = new Places(table, chosen);
  let n = 0;
  for (let row = 0; row < rows; row++) {
    if (culprit[row] === 0) n++;
    else places.add(row, culprit[row] - 1);
    if (row % SLICE === SLICE - 1) yield { fraction: NaN, message: msg("Leaving out rows without a number") };
  }
  const skipped = places.skipped();
  const kept = new Int32Array(n);
  let at = 0;
  for (let row = 0; row < rows; row++) {
    if (culprit[row] === 0) kept[at++] = row;
    if (row % SLICE === SLICE - 1) yield { fraction: NaN, message: msg("Leaving out rows without a number") };
  }
  const columns: Float64Array[] = [];
  for (const { values } of chosen) {
    if (n === rows) columns.push(values);
    else {
      const column = doublesToShare(n);
      for (let i = 0; i < n; i++) {
        column[i] = values[kept[i]];
        if (i % SLICE === SLICE - 1) yield { fraction: NaN, message: msg("Leaving out rows without a number") };
      }
      columns.push(column);
    }
  }
  const matrix: Matrix = { names, columns, n, rows: n === rows ? null : kept, total: rows, skipped };
  const problems = rowsReport(matrix, table.lines !== null).problems;
  if (n > 0) return { ok: true, matrix, problems };
  const message = msg("No row has a number in each of the chosen columns: {0}. Choose other columns, or fill the gaps.", listed(names));
  return { ok: false, problems: [{ severity: "error", title: msg("No row to fit"), message }, ...problems] };
}

/** Collects the rows that are left out, by reason. */
class Places {
  private readonly byCode = new Map<CellCode, { count: number; columns: Set<number>; lines: number[]; spans: number[] }>();

  constructor(
    private readonly table: Table,
    private readonly chosen: readonly Column[],
  ) {}

  add(row: number, column: number): void {
    const { codes, spans } = this.chosen[column];
    const code = codes![row] as CellCode;
    let place = this.byCode.get(code);
    if (!place) this.byCode.set(code, (place = { count: 0, columns: new Set(), lines: [], spans: [] }));
    place.columns.add(column);
    if (++place.count > MOST_PLACES) return;
    place.lines.push(this.table.lines?.[row] ?? row + 1);
    if (spans) place.spans.push(spans[2 * row], spans[2 * row + 1]);
  }

  skipped(): Skipped[] {
    return [...this.byCode]
      .sort(([a], [b]) => a - b)
      .map(([code, { count, columns, lines, spans }]) => ({
        code,
        count,
        columns: [...columns].sort((a, b) => a - b).map((c) => this.chosen[c].name),
        lines: Int32Array.from(lines),
        spans: spans.length === 2 * lines.length ? Int32Array.from(spans) : null,
      }));
  }
}
