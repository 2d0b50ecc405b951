import { msg, type Message, type Problem } from "../../core/contract/index.js";
import { Cell, type Skipped } from "../../core/formats/table.js";
import type { MixtureTrace } from "../../core/mixture/trace.js";
import { compact } from "../text/number.js";

/** The rows chip: how many rows are used, why the others are not, and how many are drawn. */
export function rowsOf(trace: MixtureTrace): { readonly label: Message; readonly notes: readonly Problem[]; readonly sampled?: Message } {
  const { N, total, skipped, lines } = trace;
  const label = msg("{0} of {1} rows", compact(N), compact(total));
  const notes = skipped.filter((group) => group.count > 0).map(noteOf);
  return lines.length < N ? { label, notes, sampled: msg("{0} of {1} drawn; all were fitted", compact(lines.length), compact(N)) } : { label, notes };
}

/** One reason with its count and the first lines. */
function noteOf(group: Skipped): Problem {
  const { count, lines, spans } = group;
  const named = Array.from(lines.slice(0, 8), (line) => compact(line)).join(", ");
  const rest = count > 8 ? msg("{0} and {1} more", named, compact(count - 8)) : msg("{0}", named);
  return {
    severity: "info",
    message: count === 1 ? msg("1 row left out: {0}. Line {1}.", reason(group), rest) : msg("{0} rows left out: {1}. Lines {2}.", compact(count), reason(group), rest),
    ...(lines.length ? { line: lines[0] } : {}),
    ...(spans && spans.length >= 2 ? { span: { start: spans[0], end: spans[1] } } : {}),
  };
}

function reason({ code }: Skipped): Message {
  switch (code) {
    case Cell.missing:
      return msg("a cell is empty or NaN");
    case Cell.text:
      return msg("a cell is text, not a number");
    case Cell.ragged:
      return msg("the row is too short");
    case Cell.infinite:
      return msg("a value is infinite");
    case Cell.ok:
      return msg("another reason");
  }
}
