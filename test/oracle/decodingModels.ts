import type { LanguageModel, ModelState } from "../../src/core/models/languageModel.js";
import { flatNumbers, type Json } from "./schema.js";

/** Rows of numbers of a fixture. */
export function rowsOf(value: Json): Float64Array[] {
  return (value as readonly Json[]).map((row) => flatNumbers(row));
}

/** The fixtures' toy language model: the logits of the next token are a row of a table. */
export function tableModel(table: readonly Float64Array[], hidden?: { readonly first: readonly Float64Array[]; readonly after: readonly Float64Array[] }): LanguageModel {
  const d = hidden?.first[0].length ?? 0;
  const stateOf = (tokens: readonly number[], i: number): Float64Array => {
    const { first, after } = hidden!;
    return first[tokens[i]].map((v, j) => Math.tanh(v + (i > 0 ? after[tokens[i - 1]][j] : 0)));
  };
  const begin = (read: readonly number[]): ModelState => {
    let tokens = read;
    return {
      get length() {
        return tokens.length;
      },
      get logits() {
        return table[tokens[tokens.length - 1]];
      },
      get hidden() {
        return stateOf(tokens, tokens.length - 1);
      },
      // eslint-disable-next-line require-yield -- a table needs no pause
      *feed(more, recorder) {
        const start = tokens.length;
        tokens = [...tokens, ...Array.from(more)];
        if (hidden) for (let i = start; i < tokens.length; i++) recorder?.hidden?.(0, i, stateOf(tokens, i));
      },
      fork: () => begin(tokens),
    };
  };
  return { vocabularySize: table.length, contextLength: Infinity, hiddenSize: d, start: () => begin([]) };
}
