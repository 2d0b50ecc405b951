import type { Span } from "../contract/index.js";

const STRING = `(?:"(?:[^"\\\\\\n]|\\\\.)*"|'(?:[^'\\\\\\n]|\\\\.)*')`;
/** What the readers of arrays take the names of tokens and steps from. */
const NAMES = "tokens|words|labels|input|output|source|target|src|tgt|(?:source|target|encoder|decoder)_tokens";
const LIST = new RegExp(`^[ \\t]*(?:${NAMES})[ \\t]*(?::[^=\\n]*)?=[ \\t]*\\[\\s*${STRING}(?:\\s*,\\s*${STRING})*\\s*,?\\s*\\]`, "gm");

/** Lists of texts in a program that are assigned to a name for tokens, with their names. */
export function wordLists(text: string): Span[] {
  return Array.from(text.matchAll(LIST), ({ index, 0: { length } }) => ({ start: index, end: index + length }));
}
