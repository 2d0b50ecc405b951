import { format, type Env } from "../contract/index.js";
import { similarityLines } from "./exports.js";
import { through } from "../steps.js";
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
  const taken = yield* through(takeRows(input, { ...params, tab: "heatmap" }, env), () => "");
  if (!taken.ok) throw new Error(format(taken.problems[0].message));
  const { rows } = taken.hand;
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
