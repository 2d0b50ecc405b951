import { msg } from "../../contract/index.js";
import { kthHighest } from "./keepBest.js";
import type { Processor } from "./processor.js";

/** Keeps the k highest scores, and every token that ties with the k-th (Fan, Lewis and Dauphin 2018). */
export function topK(k: number, minTokensToKeep = 1): Processor {
  const count = Math.max(k, minTokensToKeep);
  return {
    name: "TopKLogitsWarper",
    parameters: { top_k: k, min_tokens_to_keep: minTokensToKeep },
    filters: true,
    apply(input, _context, out, work) {
      work.vocabulary.keepFrom(input.scores, kthHighest(input, count, work), out, input);
      return () => msg("not among the {0} highest scores", count);
    },
  };
}
