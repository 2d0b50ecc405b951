import type { TextVectors } from "./input.js";
import { editDistance } from "./store.js";

/** Vectors with names that can be searched: the rows of a source, or word vectors in use. */
export interface Collection {
  readonly n: number;
  readonly d: number;
  readonly words: readonly string[]; // [n]
  word(i: number): string;
  readonly values: Float32Array | Float64Array; // [n, d]
  indexOf(word: string): number | undefined;
  norms(): Float32Array | Float64Array; // [n]
  nearestSpellings(word: string, limit?: number): string[];
}

/** The vectors of a text as a collection; their numbers keep double precision. */
export function collectionOf({ n, d, names, values, norms }: TextVectors): Collection {
  let places: Map<string, number> | undefined;
  return {
    n,
    d,
    words: names,
    word: (i) => names[i],
    values,
    indexOf(word) {
      places ??= new Map(names.map((name, i) => [name, i]));
      return places.get(word);
    },
    norms: () => norms,
    nearestSpellings: (word, limit = 5) => nearestOf(names, word, limit),
  };
}

/** Of names those close in spelling to a word, nearest first: within two edits, three of long words, one of short ones. */
function nearestOf(names: readonly string[], word: string, limit: number): string[] {
  const most = word.length > 8 ? 3 : word.length > 3 ? 2 : 1;
  const folded = word.toLowerCase();
  return names
    .filter((name) => Math.abs(name.length - word.length) <= most)
    .map((name) => ({ name, distance: editDistance(folded, name.toLowerCase(), most) }))
    .filter(({ distance }) => distance <= most)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, limit)
    .map(({ name }) => name);
}
