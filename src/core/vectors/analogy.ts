import { msg, type Progress } from "../contract/index.js";
import { cosineNeighbours, dotRows, TopK, type Neighbour } from "./neighbours.js";
import { norm } from "./similarity.js";
import type { VectorStore } from "./store.js";

/** Keeps 3CosMul's quotient finite; the value of Levy and Goldberg (2014), and gensim's. */
const EPSILON = 1e-6;

/**
 * 3CosAdd: the rows nearest to the sum of the positive unit vectors less the negative ones
 * (Mikolov et al. 2013; gensim's `most_similar`).
 * @param positive rows added
 * @param negative rows subtracted
 * @param exclude leaves the given rows themselves out
 */
export function* cosAdd(
  store: VectorStore,
  positive: readonly number[],
  negative: readonly number[],
  k: number,
  exclude = true,
): Generator<Progress, Neighbour[], void> {
  const query = new Float64Array(store.d);
  addUnit(query, store, positive, 1);
  addUnit(query, store, negative, -1);
  return yield* cosineNeighbours(store, query, k, exclude ? new Set([...positive, ...negative]) : undefined);
}

function addUnit(query: Float64Array, store: VectorStore, indices: readonly number[], sign: 1 | -1): void {
  for (const index of indices) {
    const row = store.row(index);
    const length = norm(row);
    if (length > 0) for (let j = 0; j < store.d; j++) query[j] += (sign * row[j]) / length;
  }
}

/** Rows scanned between two yields. */
const CHUNK = 10_000;

/**
 * 3CosMul: the product of the shifted cosines (1 + cos) / 2 to the positive words over that to the negative ones
 * (Levy and Goldberg 2014; gensim's `most_similar_cosmul`). Arguments as for `cosAdd`.
 */
export function* cosMul(
  store: VectorStore,
  positive: readonly number[],
  negative: readonly number[],
  k: number,
  exclude = true,
): Generator<Progress, Neighbour[], void> {
  const { n, d } = store;
  const norms = store.norms();
  const terms = [...positive, ...negative];
  const units = terms.map((index) => store.row(index).map((value) => value / (norms[index] || 1)));
  const left = new Set(exclude ? terms : []);
  const products = new Float32Array(Math.min(CHUNK, n));
  const scores = new Float64Array(Math.min(CHUNK, n));
  const divisors = new Float64Array(Math.min(CHUNK, n));
  const top = new TopK(k);
  for (let start = 0; start < n; start += CHUNK) {
    const end = Math.min(n, start + CHUNK);
    scores.fill(1);
    divisors.fill(1);
    for (const [t, unit] of units.entries()) {
      const product = t < positive.length ? scores : divisors;
      dotRows(store.values, d, start, end, unit, products);
      for (let i = 0; i < end - start; i++) product[i] *= (1 + products[i] / (norms[start + i] || 1)) / 2;
    }
    // One epsilon for the whole product of the negatives, as gensim has it.
    for (let i = 0; i < end - start; i++) scores[i] /= divisors[i] + EPSILON;
    for (let i = start; i < end; i++) if (!left.has(i)) top.offer(i, scores[i - start]);
    yield { fraction: end / n, message: msg("{0} of {1} words compared", end, n) };
  }
  return top.sorted();
}
