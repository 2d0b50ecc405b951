import { msg } from "../../contract/index.js";
import { massQuantile } from "../../math/massQuantile.js";
import type { Distribution } from "../distribution.js";
import { keepProbable } from "./keepBest.js";
import type { Processor, Workspace } from "./processor.js";

/**
 * Removes tokens less probable than `minP` times the most probable one (Nguyen et al. 2024). As in transformers, of equals that are kept
 * for `minTokensToKeep` only so many stay as are needed, here those with high ids.
 */
export function minP(value: number, minTokensToKeep = 1): Processor {
  return {
    name: "MinPLogitsWarper",
    parameters: { min_p: value, min_tokens_to_keep: minTokensToKeep },
    filters: true,
    apply(input, _context, out, work) {
      const { scores, probabilities, kept } = input;
      const limit = value * largestProbability(input, work);
      const least = minTokensToKeep <= 1 ? -1 : massQuantile(scores, undefined, Math.max(0, kept - minTokensToKeep), false, work.quantile, input);
      if (least >= 0 && probabilities[least] < limit) work.vocabulary.keepBehind(scores, scores[least], least, out, input);
      else keepProbable(input, limit, 1, out, work);
      return () => msg("less probable than {0} times the most probable token", value);
    },
  };
}

function largestProbability({ probabilities, members, listed }: Distribution, { vocabulary }: Workspace): number {
  if (listed < 0) return vocabulary.largestOf(probabilities);
  let most = 0;
  for (let m = 0; m < listed; m++) most = Math.max(most, probabilities[members[m]]);
  return most;
}
