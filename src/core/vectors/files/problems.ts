import { msg, type Problem } from "../../contract/index.js";
import type { VectorStore } from "../store.js";

/** A Float32Array may hold no more. */
export const MOST_VALUES = 2 ** 31 - 1;
/** No word of a vector file is longer, so that a file of another kind is found out soon. */
export const LONGEST_WORD = 4096;

/** How many values are NaN or infinite: those whose exponent is all ones, which are told apart without a branch. */
export function countStrange(values: Float32Array): number {
  const bits = new Int32Array(values.buffer, values.byteOffset, values.length);
  let count = 0;
  for (let i = 0; i < bits.length; i++) count += ((bits[i] & 0x7f800000) + 0x00800000) >>> 31;
  return count;
}

/** What the reader should know about a store that was read. */
export function notes(store: VectorStore, strange: number): Problem[] {
  const problems: Problem[] = [];
  const twice = store.n - store.distinct;
  if (twice > 0) problems.push({ severity: "info", message: msg("{0} words stand twice; the first of each is used.", twice) });
  if (strange > 0) problems.push({ severity: "warning", message: msg("{0} numbers are NaN or infinite; their words have no neighbours.", strange) });
  return problems;
}
