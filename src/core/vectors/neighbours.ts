import { msg, type Progress } from "../contract/index.js";
import { norm } from "./similarity.js";
import type { VectorStore } from "./store.js";

export type Neighbour = { readonly index: number; readonly score: number };

/** The `size` largest scores seen, kept in a heap with the least on top. Equal scores: the earlier row wins. */
export class TopK {
  private readonly scores: Float64Array;
  private readonly indices: Int32Array;
  private count = 0;

  constructor(readonly size: number) {
    this.scores = new Float64Array(size);
    this.indices = new Int32Array(size);
  }

  /** The score that a row must pass to be kept. */
  get threshold(): number {
    return this.count < this.size ? Number.NEGATIVE_INFINITY : this.scores[0];
  }

  /** Rows come in ascending order; a NaN is never kept. */
  offer(index: number, score: number): void {
    if (!(score > this.threshold) || this.size === 0) return;
    let place = this.count < this.size ? this.count++ : 0;
    if (place > 0 || this.count === 1) {
      while (place > 0) {
        const parent = (place - 1) >> 1;
        if (!this.worse(score, index, this.scores[parent], this.indices[parent])) break;
        this.put(place, this.indices[parent], this.scores[parent]);
        place = parent;
      }
    } else {
      for (;;) {
        let child = 2 * place + 1;
        if (child >= this.count) break;
        const other = child + 1;
        if (other < this.count && this.worse(this.scores[other], this.indices[other], this.scores[child], this.indices[child])) child = other;
        if (!this.worse(this.scores[child], this.indices[child], score, index)) break;
        this.put(place, this.indices[child], this.scores[child]);
        place = child;
      }
    }
    this.put(place, index, score);
  }

  /** What was kept, best first. */
  sorted(): Neighbour[] {
    const kept = Array.from({ length: this.count }, (_, i) => ({ index: this.indices[i], score: this.scores[i] }));
    return kept.sort((a, b) => b.score - a.score || a.index - b.index);
  }

  private put(place: number, index: number, score: number): void {
    this.indices[place] = index;
    this.scores[place] = score;
  }

  private worse(scoreA: number, indexA: number, scoreB: number, indexB: number): boolean {
    return scoreA < scoreB || (scoreA === scoreB && indexA > indexB);
  }
}

/** Rows scanned between two yields: about 10 ms at 300 dimensions. */
const CHUNK = 20_000;

/**
 * Exact cosine neighbours of a direction among all rows of a store.
 * @param query [d]; its length does not matter
 * @param excluded rows left out, such as the query's own words
 * @returns best first; fewer than `k` when the store is small. A query without direction has no neighbours
 */
export function* cosineNeighbours(
  store: VectorStore,
  query: ArrayLike<number>,
  k: number,
  excluded: ReadonlySet<number> = new Set(),
): Generator<Progress, Neighbour[], void> {
  const { n, d } = store;
  const length = norm(query, d);
  if (!(length > 0) || !Number.isFinite(length)) return [];
  const unit = Float32Array.from({ length: d }, (_, j) => query[j] / length);
  const norms = store.norms();
  const scores = new Float32Array(Math.min(CHUNK, n));
  const top = new TopK(k);
  for (let start = 0; start < n; start += CHUNK) {
    const end = Math.min(n, start + CHUNK);
    dotRows(store.values, d, start, end, unit, scores);
    for (let i = start; i < end; i++) {
      const score = scores[i - start] / norms[i];
      if (score > top.threshold && !excluded.has(i)) top.offer(i, score);
    }
    yield { fraction: end / n, message: msg("{0} of {1} words compared", end, n) };
  }
  return top.sorted();
}

/**
 * out[i − start] = row i · query. Two rows and four numbers a time, so that the query is read once for both rows and no
 * sum waits for the one before.
 */
export function dotRows(values: Float32Array, d: number, start: number, end: number, query: Float32Array, out: Float32Array): void {
  const q = Float64Array.from(query); // so that it is not converted again for each row
  const whole = d - (d % 4);
  let i = start;
  for (; i + 2 <= end; i += 2) {
    const a = i * d;
    const b = a + d;
    let s0 = 0;
    let s1 = 0;
    let t0 = 0;
    let t1 = 0;
    for (let j = 0; j < whole; j += 4) {
      const q0 = q[j];
      const q1 = q[j + 1];
      const q2 = q[j + 2];
      const q3 = q[j + 3];
      s0 += values[a + j] * q0 + values[a + j + 2] * q2;
      s1 += values[a + j + 1] * q1 + values[a + j + 3] * q3;
      t0 += values[b + j] * q0 + values[b + j + 2] * q2;
      t1 += values[b + j + 1] * q1 + values[b + j + 3] * q3;
    }
    for (let j = whole; j < d; j++) {
      s0 += values[a + j] * q[j];
      t0 += values[b + j] * q[j];
    }
    out[i - start] = s0 + s1;
    out[i - start + 1] = t0 + t1;
  }
  if (i < end) {
    let s = 0;
    for (let j = 0; j < d; j++) s += values[i * d + j] * q[j];
    out[i - start] = s;
  }
}
