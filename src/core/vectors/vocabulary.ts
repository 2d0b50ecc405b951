import { aliasOf } from "../expressions/formula.js";
import type { Collection } from "./collection.js";

/** What a name in an expression stands for. `index` is its place in the rows' collection or in the store. */
export type Named = { readonly at: "rows" | "store"; readonly index: number; readonly name: string; readonly d: number };

/** Names that expressions may use, and their vectors. */
export interface Vocabulary {
  find(name: string): Named | undefined;
  vector(at: "rows" | "store", index: number): ArrayLike<number>;
  /** Names spelt alike, nearest first. */
  spellings(name: string): string[];
  /** Lengths that a list of numbers may have, the rows' first. */
  readonly dimensions: readonly number[];
}

/** Up to so many rows can be called by their aliases, such as Person_1, or in another case. */
const MOST_ALIASES = 50_000;
/** A name that is its own alias. */
const PLAIN = /^\p{L}[\p{L}\p{N}_]*$/u;

/** Rows by other forms of their names; of two rows with one form the first. */
function placesOf(rows: Collection | undefined, formsOf: (word: string) => readonly string[]): ReadonlyMap<string, number> {
  const places = new Map<string, number>();
  if (rows && rows.n <= MOST_ALIASES) {
    for (const [i, word] of rows.words.entries()) for (const form of formsOf(word)) if (!places.has(form)) places.set(form, i);
  }
  return places;
}

/**
 * Rows come before words of the store; a name as it is written before one in lower case. A row's name that is none in an
 * expression can be written as its alias, a store's word with blanks as word2vec writes it, with underscores.
 * @param called rows that are shown by another name than that of the collection, as where one stands twice
 */
export function vocabularyOf(rows: Collection | undefined, store: Collection | undefined, called: ReadonlyMap<string, number> = new Map()): Vocabulary {
  let aliases: ReadonlyMap<string, number> | undefined;
  let folded: ReadonlyMap<string, number> | undefined;
  const byAlias = (name: string): number | undefined => (aliases ??= placesOf(rows, (word) => (PLAIN.test(word) ? [] : [aliasOf(word)]))).get(name);
  const byFolded = (name: string): number | undefined => (folded ??= placesOf(rows, (word) => [word.toLowerCase(), aliasOf(word).toLowerCase()])).get(name);
  const inRows = (index: number | undefined): Named | undefined =>
    index === undefined || !rows ? undefined : { at: "rows", index, name: rows.word(index), d: rows.d };
  const inCalled = (name: string): Named | undefined => {
    const named = inRows(called.get(name));
    return named && { ...named, name };
  };
  const inStore = (name: string): Named | undefined => {
    const index = store?.indexOf(name);
    return index === undefined || !store ? undefined : { at: "store", index, name: store.word(index), d: store.d };
  };
  const collectionAt = (at: "rows" | "store"): Collection => (at === "rows" ? rows! : store!);
  return {
    find(name) {
      if (name === "") return undefined;
      const lower = name.toLowerCase();
      return (
        inRows(rows?.indexOf(name)) ??
        inCalled(name) ??
        inRows(byAlias(name)) ??
        inStore(name) ??
        inRows(byFolded(lower)) ??
        inStore(lower) ??
        (/\s/.test(name) ? (inStore(name.replace(/\s+/g, "_")) ?? inStore(lower.replace(/\s+/g, "_"))) : undefined)
      );
    },
    vector(at, index) {
      const { values, d } = collectionAt(at);
      return values.subarray(index * d, (index + 1) * d);
    },
    spellings(name) {
      return [...new Set([...(rows?.nearestSpellings(name, 5) ?? []), ...(store?.nearestSpellings(name, 5) ?? [])])].slice(0, 5);
    },
    dimensions: [...new Set([rows?.d, store?.d].filter((d): d is number => d !== undefined && d > 0))],
  };
}
