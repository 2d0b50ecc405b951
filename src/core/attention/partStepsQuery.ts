import { msg, type Problem } from "../contract/index.js";
import type { AttentionParams } from "./params.js";

/** The query as the reader wants it: multiplied, then single numbers set. What does not fit is left out and said. */
export function editedQuery(own: Float32Array, { query_scale: scale, query_edit: edit }: Pick<AttentionParams, "query_scale" | "query_edit">, notes: Problem[]): Float32Array {
  const query = own.map((value) => value * scale);
  const left: string[] = [];
  for (const each of edit.split(/\s+/).filter((part) => part !== "")) {
    const match = /^(\d+):([-+\u2212]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)$/i.exec(each);
    const place = match ? Number(match[1]) : NaN;
    const value = match ? Number(match[2].replace("\u2212", "-")) : NaN;
    if (place < query.length && Number.isFinite(Math.fround(value))) query[place] = value;
    else left.push(each.slice(0, 40));
  }
  if (left.length === 1) notes.push({ severity: "warning", message: msg("The edit “{0}” of the query is left out: it should be place:value with a place from 0 to {1}.", left[0], query.length - 1) });
  if (left.length > 1) notes.push({ severity: "warning", message: msg("{0} edits of the query are left out, such as “{1}”: each should be place:value with a place from 0 to {2}.", left.length, left.slice(0, 3).join("”, “"), query.length - 1) });
  return query;
}
