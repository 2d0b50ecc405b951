import { msg, type Message, type Progress } from "../contract/index.js";
import { boundedCosines } from "./boundedCosines.js";
import { boundedSearch } from "./boundedSearch.js";
import { dotRows } from "./dotRows.js";
import { norm } from "./similarity.js";
import type { VectorStore } from "./store.js";
import { TopK, type Neighbour } from "./topK.js";

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
  const bounded = yield* boundedCosines(store.values, n, d, unit);
  const message = (end: number): Message => msg("{0} of {1} words compared", end, n);
  if (bounded) return (yield* boundedSearch(bounded, { k, excluded, ranks: false, now: () => 0, message })).found;
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
    yield { fraction: end / n, message: message(end) };
  }
  return top.sorted();
}
