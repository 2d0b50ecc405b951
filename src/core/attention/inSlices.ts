import type { Progress } from "../contract/index.js";

/** Numbers of a large array that are gone through between two pauses. */
export const SLICE = 2 ** 20;

/** Does work on 0 … `length` a range at a time, with a pause between two. */
export function* inSlices(length: number, each: number, progress: Progress, work: (from: number, to: number) => void): Generator<Progress, void, void> {
  for (let from = 0; from < length; from += each) {
    if (from > 0) yield progress;
    work(from, Math.min(length, from + each));
  }
}

/** The same for the rows of a matrix. */
export function inRows(rows: number, columns: number, progress: Progress, work: (from: number, to: number) => void): Generator<Progress, void, void> {
  return inSlices(rows, Math.max(1, Math.floor(SLICE / columns)), progress, work);
}
