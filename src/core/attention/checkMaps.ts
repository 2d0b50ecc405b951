import { msg, type Message, type Problem, type Progress } from "../contract/index.js";
import type { Maps } from "./maps.js";

/** How far a row's sum may be from 1 before it is said: half-precision weights are off by about as much. */
export const SLACK = 0.005;
/** Numbers looked at between two pauses. */
const SLICE = 1 << 20;

export type MapsCheck = {
  /** No query has weight on keys behind it in any head. */
  readonly causal: boolean;
  /** Errors where there is a number that is no weight, warnings for rows that do not sum to 1. */
  readonly problems: readonly Problem[];
};

/** The place of a number in a text, where there is one. */
export type PlaceOf = ((index: number) => Pick<Problem, "span" | "line">) | undefined;

/** Looks through attention maps of one's own: numbers that are no weights, rows that do not sum to 1, and whether all is causal. */
export function* checkMaps(maps: Maps, placeOf: PlaceOf = undefined): Generator<Progress, MapsCheck, void> {
  const { layers, heads, queries, keys, weights } = maps;
  const rows = layers * heads * queries;
  const lead = Math.max(0, keys - queries);
  const wrong = { count: 0, row: -1, sum: NaN, far: 0 };
  const empty = { count: 0, row: -1 };
  let causal = true;
  let pause = SLICE;
  for (let row = 0; row < rows; row++) {
    const from = row * keys;
    const ahead = from + (row % queries) + lead + 1;
    let sum = 0;
    for (let i = from; i < from + keys; i++) {
      const weight = weights[i];
      // Also catches NaN. A sum of rounded weights may pass 1 by a little, and so may one weight.
      if (!(weight >= -SLACK && weight <= 1 + SLACK)) return { causal, problems: [strange(maps, row, i - from, weight, placeOf?.(i))] };
      if (i >= ahead && weight !== 0) causal = false;
      sum += weight;
    }
    const far = Math.abs(sum - 1);
    if (sum === 0) {
      if (empty.count++ === 0) empty.row = row;
    } else if (far > SLACK) {
      wrong.count++;
      if (far > wrong.far) Object.assign(wrong, { row, sum, far });
    }
    if (from < pause) continue;
    pause = from + SLICE;
    yield { fraction: row / rows, message: msg("Checking the attention maps") };
  }
  const problems: Problem[] = [];
  if (wrong.count > 0) problems.push(offSum(maps, wrong, placeOf?.(wrong.row * keys)));
  if (empty.count > 0) {
    problems.push({
      severity: "warning",
      message: msg("Rows that are all 0: {0} of {1}, such as {2}, which attends to nothing. That is right for padding; else its mask hides every key.", empty.count, rows, rowName(maps, empty.row)),
      ...placeOf?.(empty.row * keys),
    });
  }
  return { causal, problems };
}

function strange(maps: Maps, row: number, column: number, weight: number, place: Pick<Problem, "span" | "line"> = {}): Problem {
  const { keys, weights } = maps;
  const where = rowName(maps, row);
  const message =
    !Number.isNaN(weight) ? msg("Column {0} of {1} is {2}, but attention weights are from 0 to 1. These look like scores before the softmax: save torch.softmax(scores, -1).", column + 1, where, Number(weight.toPrecision(4)))
    : weights.subarray(row * keys, (row + 1) * keys).every(Number.isNaN) ? msg("All of {0} is NaN, as a softmax gives when the mask hides every key. Let that token see one key at least, and save the maps again.", where)
    : msg("Column {0} of {1} is NaN. Find out where it comes from, and save the maps again.", column + 1, where);
  return { severity: "error", message, ...place };
}

function offSum(maps: Maps, wrong: { readonly count: number; readonly row: number; readonly sum: number }, place: Pick<Problem, "span" | "line"> = {}): Problem {
  const { layers, heads, queries } = maps;
  const all = layers * heads * queries;
  const sum = Number(wrong.sum.toPrecision(4));
  const message = columnsSum(maps)
    ? msg("The columns sum to 1, not the rows: queries and keys are exchanged. Save the maps as x.swapaxes(-1, -2).")
    : wrong.count === 1
      ? msg("{0} sums to {1}, not to 1. Save the weights as they come from the softmax, without dropout.", capital(maps, wrong.row), sum)
      : msg("{0} of {1} rows do not sum to 1; the farthest is {2}, which sums to {3}. Save the weights as they come from the softmax, without dropout.", wrong.count, all, rowName(maps, wrong.row), sum);
  return { severity: "warning", message, ...place };
}

/** Whether each column of every head sums to 1. */
function columnsSum({ layers, heads, queries, keys, weights }: Maps): boolean {
  const cells = queries * keys;
  for (let head = 0; head < layers * heads; head++) {
    for (let j = 0; j < keys; j++) {
      let sum = 0;
      for (let i = 0; i < queries; i++) sum += weights[head * cells + i * keys + j];
      if (!(Math.abs(sum - 1) <= SLACK)) return false;
    }
  }
  return true;
}

/** Rows, layers and heads are counted from 1, as in the picture. */
function rowName({ heads, queries, layers }: Maps, row: number): Message {
  const head = Math.floor(row / queries);
  if (layers * heads === 1) return msg("row {0}", (row % queries) + 1);
  return msg("row {0} of layer {1}, head {2}", (row % queries) + 1, Math.floor(head / heads) + 1, (head % heads) + 1);
}

/** The same at a sentence's beginning. */
function capital({ heads, queries, layers }: Maps, row: number): Message {
  const head = Math.floor(row / queries);
  if (layers * heads === 1) return msg("Row {0}", (row % queries) + 1);
  return msg("Row {0} of layer {1}, head {2}", (row % queries) + 1, Math.floor(head / heads) + 1, (head % heads) + 1);
}
