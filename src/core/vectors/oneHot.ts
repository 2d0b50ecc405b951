import type { OneHotPart } from "./trace.js";
import type { Vocabulary } from "./vocabulary.js";

/** Bytes of single-precision matrices for V words: one-hot rows [V, V] and dense ones [V, d], and zeros in a one-hot row. */
export function oneHotMemory(V: number, d: number): { readonly oneHot: number; readonly dense: number; readonly zeros: number } {
  return { oneHot: 4 * V * V, dense: 4 * V * d, zeros: Math.max(0, V - 1) };
}

/** So many words have a row in the picture. */
export const MOST_ONE_HOT = 1000;
/** Columns of a matrix of random numbers. */
const RANDOM_D = 5;

/**
 * The embedding matrix of some words: their vectors where all have one of one length, else numbers drawn from the seed.
 * @param words each once
 */
export function oneHotOf(words: readonly string[], repeated: readonly string[], vocabulary: Vocabulary, random: () => number): OneHotPart {
  const shown = words.slice(0, MOST_ONE_HOT);
  const found = shown.map((name) => vocabulary.find(name));
  const known = found.filter((named) => named !== undefined);
  const part = { words: shown, repeated, total: words.length };
  const d = known[0]?.d ?? RANDOM_D;
  if (known.length === shown.length && known.length > 0 && known.every((named) => named.d === d)) {
    const q = new Float64Array(shown.length * d);
    for (const [r, { at, index }] of known.entries()) for (let j = 0, row = vocabulary.vector(at, index); j < d; j++) q[r * d + j] = row[j];
    if (q.every(Number.isFinite)) return { ...part, q, d, from: known.every(({ at }) => at === "rows") ? "rows" : "store", missing: [] };
  }
  // Two decimals, so that the product can be followed by eye.
  const q = Float64Array.from({ length: shown.length * RANDOM_D }, () => Math.round((2 * random() - 1) * 100) / 100);
  return { ...part, q, d: RANDOM_D, from: "random", missing: known.length > 0 ? shown.filter((_, i) => !found[i]) : [] };
}
