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
      const start = ids.length - n + 1;
      if (start < 0) return undefined;
      for (let t = 0; t < start; t++) {
        let j = 0;
        while (j < n - 1 && ids[t + j] === ids[start + j]) j++;
        if (j === n - 1) out[ids[t + n - 1]] = -Infinity;
      }
      return () => msg("would repeat {0} tokens in a row", n);
    },
  };
}
