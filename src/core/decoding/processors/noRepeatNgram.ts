import { msg } from "../../contract/index.js";
import type { Processor } from "./processor.js";

/** Removes every token that would complete an n-gram that the text has already. */
export function noRepeatNgram(n: number): Processor {
  return {
    name: "NoRepeatNGramLogitsProcessor",
    parameters: { no_repeat_ngram_size: n },
    filters: true,
    apply({ scores }, { ids }, out) {
      out.set(scores);
      removeCompletions(ids, ids.length, n, out);
      return () => msg("would repeat {0} tokens in a row", n);
    },
  };
}

/** The same for the n-grams of the prompt alone. */
export function noRepeatPromptNgram(n: number): Processor {
  return {
    name: "EncoderNoRepeatNGramLogitsProcessor",
    parameters: { encoder_no_repeat_ngram_size: n },
    filters: true,
    apply({ scores }, { ids, promptLength }, out) {
      out.set(scores);
      removeCompletions(ids, promptLength, n, out);
      return () => msg("would repeat {0} tokens of the prompt in a row", n);
    },
  };
}

/** Removes tokens that would complete an n-gram of the first `length` tokens. */
function removeCompletions(ids: ArrayLike<number>, length: number, n: number, out: Float64Array): void {
  const start = ids.length - n + 1;
  if (start < 0) return;
  for (let t = 0; t + n <= length; t++) {
    let j = 0;
    while (j < n - 1 && ids[t + j] === ids[start + j]) j++;
    if (j === n - 1) out[ids[t + n - 1]] = -Infinity;
  }
}
