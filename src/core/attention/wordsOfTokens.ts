import type { Span } from "../contract/index.js";

/** What `wordsOfTokens` says of a token that belongs to no word, as [CLS] does; Flair's own mark. */
export const NO_WORD = -100;

/** The words of a text, parted by blanks, with punctuation of its own, as in "The grass is green ." */
export function splitWords(text: string): Span[] {
  return Array.from(text.matchAll(/[\p{L}\p{M}\p{N}_]+(?:['’-][\p{L}\p{M}\p{N}_]+)*|[^\s\p{L}\p{M}\p{N}_]/gu), (match) => ({ start: match.index, end: match.index + match[0].length }));
}

/**
 * The word that each sub-token belongs to, by where both stand in the text: the one that it shares most characters with, the
 * earlier of two that it shares as many with. A token may begin with the blank before its word, as GPT-2's do.
 * @param tokens [T, 2] UTF-16 offsets, −1 for tokens that stand nowhere
 * @param words in their order in the text, apart from each other
 * @returns [T] indices of words, NO_WORD where a token touches none
 */
export function wordsOfTokens(tokens: ArrayLike<number>, words: readonly Span[]): Int32Array {
  const found = new Int32Array(tokens.length / 2).fill(NO_WORD);
  for (let t = 0; t < found.length; t++) {
    const start = tokens[2 * t];
    const end = tokens[2 * t + 1];
    if (start < 0 || end <= start) continue;
    let most = 0;
    for (let w = firstBehind(words, start); w < words.length && words[w].start < end; w++) {
      const shared = Math.min(end, words[w].end) - Math.max(start, words[w].start);
      if (shared <= most) continue;
      most = shared;
      found[t] = w;
    }
  }
  return found;
}

/** The first word that ends behind an offset. */
function firstBehind(words: readonly Span[], offset: number): number {
  let low = 0;
  let high = words.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (words[middle].end > offset) high = middle;
    else low = middle + 1;
  }
  return low;
}
