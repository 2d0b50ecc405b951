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
    apply({ scores, probabilities, kept }, _context, out, { quantile }) {
      const ahead = (a: number, b: number) => scores[a] > scores[b] || (scores[a] === scores[b] && a > b);
      let first = massQuantile(scores, probabilities, 1 - p, false, quantile);
      const least = massQuantile(scores, undefined, Math.max(0, kept - minTokensToKeep), false, quantile);
      if (first >= 0 && ahead(first, least)) first = least;
      const floor = first < 0 ? -Infinity : scores[first];
      for (let i = 0; i < out.length; i++) {
        const score = scores[i];
        out[i] = score > floor || (score === floor && i >= first) ? score : -Infinity;
      }
      return () => msg("outside the most probable tokens that make up {0}", p);
    },
  };
}
