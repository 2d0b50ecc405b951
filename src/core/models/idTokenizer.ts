import type { Tokenizer } from "./tokenizer.js";

/** For a folder without a tokenizer: texts are lists of ids. */
export function idTokenizer(size: number): Tokenizer {
  return {
    size,
    encode: (text) => (text.match(/\d+/g) ?? []).map(Number).filter((id) => id < size),
    decode: (ids) => ids.map((id) => ` ${id}`).join(""),
    text: (id) => ` ${id}`,
  };
}
