import { msg } from "../../contract/index.js";
import type { Distribution } from "../distribution.js";
import { rewrite, type Processor, type Workspace } from "./processor.js";

/** Removes every token that would complete an n-gram that the text has already. */
export function noRepeatNgram(n: number): Processor {
  return {
    name: "NoRepeatNGramLogitsProcessor",
    parameters: { no_repeat_ngram_size: n },
    filters: true,
    few: true,
    apply(input, { ids }, out, work) {
      removeCompletions(ids, ids.length, n, input, out, work);
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
    few: true,
    apply(input, { ids, promptLength }, out, work) {
      removeCompletions(ids, promptLength, n, input, out, work);
      return () => msg("would repeat {0} tokens of the prompt in a row", n);
    },
  };
}

function removeCompletions(ids: ArrayLike<number>, length: number, n: number, input: Distribution, out: Float64Array, work: Workspace): void {
  eachCompletion(ids, length, n, (id) => rewrite(input, id, -Infinity, out, work));
}

/** The tokens that would complete an n-gram of the first `length` tokens, in the order of its occurrences; some come more than once. */
export function eachCompletion(ids: ArrayLike<number>, length: number, n: number, found: (id: number) => void): void {
  const start = ids.length - n + 1;
  if (start < 0) return;
  for (let t = 0; t + n <= length; t++) {
    let j = 0;
    while (j < n - 1 && ids[t + j] === ids[start + j]) j++;
    if (j === n - 1) found(ids[t + n - 1]);
  }
}
