import { msg, type Message, type Problem } from "../contract/index.js";
import { Cell, type Matrix, type Skipped } from "./table.js";

export type RowsReport = {
  /** "147 of 150 rows". */
  readonly summary: Message;
  /** One for each reason, with the lines. */
  readonly problems: readonly Problem[];
};

/** Lines named in a sentence. */
const NAMED = 5;

/** Says how many rows are used, and which are not and why. `lined` is false for binary files, whose rows have no lines. */
export function rowsReport({ n, total, skipped }: Pick<Matrix, "n" | "total" | "skipped">, lined = true): RowsReport {
  return { summary: msg("{0} of {1} rows", n, total), problems: skipped.map((each) => problemOf(each, lined)) };
}

function problemOf(skipped: Skipped, lined: boolean): Problem {
  const { lines, spans } = skipped;
  const span = spans && spans.length > 0 ? { span: { start: spans[0], end: spans[1] } } : {};
  return { severity: "info", message: sentence(skipped, lined), ...span, ...(lined ? { line: lines[0] } : {}) };
}

function sentence({ code, count, columns, lines }: Skipped, lined: boolean): Message {
  const rows = count === 1 ? msg("1 row left out") : msg("{0} rows left out", count);
  const where = columns.slice(0, NAMED).join(", ") + (columns.length > NAMED ? " …" : "");
  const first = Array.from(lines.slice(0, NAMED)).join(", ");
  const named = count > NAMED ? msg("{0} and more", first) : first;
  const place = lined
    ? count === 1 ? msg("line {0}", named) : msg("lines {0}", named)
    : count === 1 ? msg("row {0}", named) : msg("rows {0}", named);
  switch (code) {
    case Cell.missing:
      return msg("{0}: no value in {1}, {2}.", rows, where, place);
    case Cell.text:
      return msg("{0}: text instead of a number in {1}, {2}.", rows, where, place);
    case Cell.ragged:
      return msg("{0}: the row ends before {1}, {2}.", rows, where, place);
    case Cell.infinite:
      return msg("{0}: an infinite value, or one too large for a double, in {1}, {2}.", rows, where, place);
    case Cell.notReal:
      return msg("{0}: {1} has no real value, {2}.", rows, where, place);
    case Cell.ok:
      return rows;
  }
}
