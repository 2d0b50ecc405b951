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

/** Up to so many rows can be called by their aliases, such as Person_1. */
const MOST_ALIASES = 200_000;

/**
 * Rows come before words of the store; a name as it is written before one in lower case. A row's name that is none in an
 * expression can be written as its alias, a store's word with blanks as word2vec writes it, with underscores.
 */
export function vocabularyOf(rows: Collection | undefined, store: Collection | undefined): Vocabulary {
  let aliases: { readonly written: Map<string, number>; readonly folded: Map<string, number> } | undefined;
  const aliasesOf = () => {
    if (aliases) return aliases;
    aliases = { written: new Map(), folded: new Map() };
    if (!rows || rows.n > MOST_ALIASES) return aliases;
    for (let i = rows.n - 1; i >= 0; i--) {
      const alias = aliasOf(rows.words[i]);
      aliases.written.set(alias, i);
      aliases.folded.set(alias.toLowerCase(), i).set(rows.words[i].toLowerCase(), i);
    }
    return aliases;
  };
  const inRows = (index: number | undefined): Named | undefined =>
    index === undefined || !rows ? undefined : { at: "rows", index, name: rows.words[index], d: rows.d };
  const inStore = (name: string): Named | undefined => {
    const index = store?.indexOf(name);
    return index === undefined || !store ? undefined : { at: "store", index, name: store.words[index], d: store.d };
  };
  const collectionAt = (at: "rows" | "store"): Collection => (at === "rows" ? rows! : store!);
  return {
    find(name) {
      if (name === "") return undefined;
      const folded = name.toLowerCase();
      return (
        inRows(rows?.indexOf(name)) ??
        inRows(aliasesOf().written.get(name)) ??
        inStore(name) ??
        inRows(aliasesOf().folded.get(folded)) ??
        inStore(folded) ??
        (/\s/.test(name) ? (inStore(name.replace(/\s+/g, "_")) ?? inStore(folded.replace(/\s+/g, "_"))) : undefined)
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
