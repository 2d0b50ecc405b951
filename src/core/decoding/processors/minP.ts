import { msg } from "../../contract/index.js";
import { sizeOf } from "../distribution.js";
import { keepProbable } from "./keepBest.js";
import type { Processor } from "./processor.js";

/** Removes tokens less probable than `minP` times the most probable one (Nguyen et al. 2024). */
export function minP(value: number, minTokensToKeep = 1): Processor {
  return {
    name: "MinPLogitsWarper",
    parameters: { min_p: value, min_tokens_to_keep: minTokensToKeep },
    filters: true,
    apply(input, _context, out, work) {
      const { probabilities, members } = input;
      const [size, all] = [sizeOf(input), input.listed < 0];
      let most = 0;
      for (let m = 0; m < size; m++) {
        const p = probabilities[all ? m : members[m]];
        if (p > most) most = p;
      }
      keepProbable(input, value * most, minTokensToKeep, out, work);
      return () => msg("less probable than {0} times the most probable token", value);
    },
  };
}
