import { msg } from "../../contract/index.js";
import { massQuantile } from "../../math/massQuantile.js";
import type { Processor } from "./processor.js";

/**
 * Nucleus sampling (Holtzman et al. 2020): keeps the smallest set of the most probable tokens whose probabilities sum to at
 * least p. As in transformers, tokens are removed from the least probable up while their sum is at most 1 − p; among equals
 * those with low ids go first.
 */
export function topP(p: number, minTokensToKeep = 1): Processor {
  return {
    name: "TopPLogitsWarper",
    parameters: { top_p: p, min_tokens_to_keep: minTokensToKeep },
    filters: true,
    apply(input, _context, out, { vocabulary, quantile }) {
      const { scores, probabilities, kept } = input;
      let first = massQuantile(scores, probabilities, 1 - p, false, quantile, input);
      // The most probable one stays as it is.
      if (minTokensToKeep > 1 && first >= 0) {
        const least = massQuantile(scores, undefined, Math.max(0, kept - minTokensToKeep), false, quantile, input);
        if (scores[first] > scores[least] || (scores[first] === scores[least] && first > least)) first = least;
      }
      vocabulary.keepBehind(scores, first < 0 ? -Infinity : scores[first], first, out, input);
      return () => msg("outside the most probable tokens that make up {0}", p);
    },
  };
}
