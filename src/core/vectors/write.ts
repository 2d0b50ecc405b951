import { format, type Env } from "../contract/index.js";
import { similarityLines } from "./exports.js";
import type { VectorInput } from "./input.js";
import type { VectorParams } from "./params.js";
import { takeRows } from "./run.js";

/** Characters put together before they are handed on. */
const PIECE = 1 << 16;

/**
 * Writes the similarities of all compared rows as CSV, exact, a row a line; "similarity" is the only export of this kind.
 * @param at `{order}`: rows in the order of the picture
 */
export function* writeVectors(name: string, input: VectorInput, params: VectorParams, at: unknown, env: Env): Generator<string, void, void> {
  if (name !== "similarity") return;
  const taking = takeRows(input, { ...params, tab: "heatmap" }, env);
  let step = taking.next();
  for (; !step.done; step = taking.next()) yield "";
  if (!step.value.ok) throw new Error(format(step.value.problems[0].message));
  const { rows } = step.value.hand;
  const order = (at as { readonly order?: ArrayLike<number> } | null | undefined)?.order;
  let piece = "";
  for (const line of similarityLines(rows, rows.names, params.metric, order)) {
    piece += line;
    if (piece.length < PIECE) continue;
    yield piece;
    piece = "";
  }
  yield piece;
}
