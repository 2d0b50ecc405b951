import { msg } from "../../contract/index.js";
import type { Distribution } from "../distribution.js";
import { keepProbable } from "./keepBest.js";
import type { Processor, Workspace } from "./processor.js";

/** Removes tokens less probable than `minP` times the most probable one (Nguyen et al. 2024). */
export function minP(value: number, minTokensToKeep = 1): Processor {
  return {
    name: "MinPLogitsWarper",
    parameters: { min_p: value, min_tokens_to_keep: minTokensToKeep },
    filters: true,
    apply(input, _context, out, work) {
      keepProbable(input, value * largestProbability(input, work), minTokensToKeep, out, work);
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
