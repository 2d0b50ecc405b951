import type { Tokenizer } from "../models/tokenizer.js";

/**
 * Tokens that have names alone as a vocabulary: a prompt is those of its words that are named.
 * @param size ids are below it; those behind the names stand for tokens without one
 */
export function namesTokenizer(names: readonly string[], size: number): Tokenizer {
  const ids = new Map<string, number>();
  names.forEach((name, id) => {
    const word = name.trim();
    if (word !== "" && !ids.has(word)) ids.set(word, id);
  });
  const text = (id: number) => names[id] ?? "…";
  return {
    size,
    encode: (prompt) => prompt.split(/\s+/).flatMap((word) => ids.get(word) ?? ids.get(word.replace(/\P{L}+$/u, "")) ?? []),
    decode: (list) => list.map(text).join(""),
    text,
  };
}
