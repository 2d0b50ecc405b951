import type { VectorStore } from "./store.js";

/** Letters around a place of a text: a run without blanks, and where in it the place is. */
export type WordRun = { readonly text: string; readonly at: number };

/** Words of this many characters at most are looked for where a script has no blanks between them. */
const LONGEST_HAN = 8;
const HAN = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;

/**
 * Finds the word of a store at a place of a text: as it is written, then in lower case, then without 's, then the part
 * between hyphens or apostrophes; where words are not set apart by blanks, the longest one around the place.
 * @returns its row, or undefined
 */
export function wordAt(store: VectorStore, { text, at }: WordRun): number | undefined {
  const part = partAt(text, at);
  for (const candidate of [text, text.replace(/['’]s$/i, ""), part]) {
    const found = store.indexOf(candidate) ?? store.indexOf(candidate.toLowerCase());
    if (found !== undefined && candidate !== "") return found;
  }
  return HAN.test(text) ? longestAround(store, text, Math.min(at, text.length - 1)) : undefined;
}

function partAt(text: string, at: number): string {
  let start = at;
  let end = at;
  while (start > 0 && !/['’_-]/.test(text[start - 1])) start--;
  while (end < text.length && !/['’_-]/.test(text[end])) end++;
  return text.slice(start, end);
}

function longestAround(store: VectorStore, text: string, at: number): number | undefined {
  for (let length = Math.min(LONGEST_HAN, text.length); length > 0; length--) {
    for (let start = Math.max(0, at - length + 1); start <= at && start + length <= text.length; start++) {
      const found = store.indexOf(text.slice(start, start + length));
      if (found !== undefined) return found;
    }
  }
  return undefined;
}
