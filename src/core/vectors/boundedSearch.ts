import type { Message, Progress } from "../contract/index.js";
import { TopK, type Neighbour } from "./topK.js";

/** Scores of which bounds cost less than they do themselves. */
export type Bounded = {
  readonly n: number;
  /** Rows that `bounds` gives at once; a multiple of 4. */
  readonly most: number;
  /** The least and the greatest that the scores of rows start … end can be; NaN where there is none. Valid until the next call. */
  bounds(start: number, end: number): Bounds;
  /** Places, ascending, among the first `count` of the bounds given last whose upper bounds reach a number in single precision. */
  reaching(least: number, count: number): Int32Array;
  /** The score of a row, or NaN. */
  exact(row: number): number;
};

/** Candidates scored between two yields. */
const SCORED = 1 << 13;

export type Bounds = { readonly lower: Float32Array; readonly upper: Float32Array };
export type Ranked = { readonly index: number; readonly score: number; readonly rank: number };

export type BoundedOptions = {
  readonly k: number;
  readonly excluded: ReadonlySet<number>;
  /** Whether to say which places the excluded rows would have had. */
  readonly ranks: boolean;
  readonly now: () => number;
  readonly message: (done: number) => Message;
};

/**
 * The rows of the greatest scores, by bounds: a row is a candidate while its upper bound reaches the k-th lower bound seen, and
 * candidates are scored. The result is that of scoring all rows; of equal scores the earlier row wins.
 * @returns best first; the excluded rows with their scores and the ranks among all rows; milliseconds of computing alone
 */
export function* boundedSearch(
  scores: Bounded,
  { k, excluded, ranks, now, message }: BoundedOptions,
): Generator<Progress, { readonly found: Neighbour[]; readonly left: Ranked[]; readonly milliseconds: number }, void> {
  const { n, most } = scores;
  const sure = new TopK(k); // of lower bounds
  const candidates = new Candidates();
  const left = ranks ? [...excluded].map((index) => ({ index, score: scores.exact(index), rank: 1 })).filter(({ score }) => !Number.isNaN(score)) : [];
  let milliseconds = 0;
  for (let start = 0; start < n; start += most) {
    const begun = now();
    const end = Math.min(n, start + most);
    const { lower, upper } = scores.bounds(start, end);
    let threshold = sure.threshold;
    for (const i of scores.reaching(threshold, end - start)) {
      if (!(upper[i] >= threshold) || excluded.has(start + i)) continue;
      candidates.add(start + i, upper[i]);
      if (!(lower[i] > threshold)) continue;
      sure.offer(start + i, lower[i]);
      threshold = sure.threshold;
    }
    candidates.drop(threshold);
    for (const each of left) each.rank += countAbove(scores, { lower, upper }, start, end, each);
    milliseconds += now() - begun;
    yield { fraction: end / n, message: message(end) };
  }
  let begun = now();
  const top = new TopK(k);
  for (let c = 0; c < candidates.count; c++) {
    const row = candidates.rows[c];
    top.offer(row, scores.exact(row));
    if (c % SCORED !== SCORED - 1) continue;
    milliseconds += now() - begun;
    yield { fraction: 1, message: message(n) };
    begun = now();
  }
  return { found: top.sorted(), left: left.sort((a, b) => a.rank - b.rank), milliseconds: milliseconds + now() - begun };
}

/** Of rows start … end those before a row: they are scored where their bounds do not tell. */
function countAbove(scores: Bounded, { lower, upper }: Bounds, start: number, end: number, { index, score }: Ranked): number {
  let count = 0;
  for (let i = 0; i < end - start; i++) {
    if (lower[i] > score) count++;
    else if (upper[i] >= score) {
      const other = scores.exact(start + i);
      if (other > score || (other === score && start + i < index)) count++;
    }
  }
  return count;
}

/** Rows in ascending order with their upper bounds. */
class Candidates {
  rows = new Int32Array(1024);
  count = 0;
  private uppers = new Float64Array(1024);

  add(row: number, upper: number): void {
    if (this.count === this.rows.length) {
      const [rows, uppers] = [this.rows, this.uppers];
      this.rows = new Int32Array(2 * this.count);
      this.uppers = new Float64Array(2 * this.count);
      this.rows.set(rows);
      this.uppers.set(uppers);
    }
    this.rows[this.count] = row;
    this.uppers[this.count++] = upper;
  }

  /** Those that can't reach a score. */
  drop(score: number): void {
    let kept = 0;
    for (let c = 0; c < this.count; c++) {
      if (!(this.uppers[c] >= score)) continue;
      this.rows[kept] = this.rows[c];
      this.uppers[kept++] = this.uppers[c];
    }
    this.count = kept;
  }
}
