import { msg, type Message, type Problem } from "../../core/contract/index.js";
import { rowsReport } from "../../core/formats/rowsReport.js";
import { hasLines } from "../../core/mixture/story.js";
import type { MixtureTrace } from "../../core/mixture/trace.js";
import { compact } from "../text/number.js";

/** The rows chip: how many rows are used, why the others are not, and how many are drawn. */
export function rowsOf(trace: MixtureTrace): { readonly label: Message; readonly notes: readonly Problem[]; readonly sampled?: Message } {
  const { N, total, skipped, lines } = trace;
  const label = msg("{0} of {1} rows", compact(N), compact(total));
  const notes = rowsReport({ n: N, total, skipped }, hasLines(trace)).problems;
  return lines.length < N ? { label, notes, sampled: msg("{0} of {1} drawn; all were fitted", compact(lines.length), compact(N)) } : { label, notes };
}
