import { msg } from "../../contract/index.js";
import { keepProbable } from "./keepBest.js";
import type { Processor } from "./processor.js";

/** Removes tokens less probable than epsilon (Hewitt, Manning and Liang 2022). */
export function epsilonCutoff(epsilon: number, minTokensToKeep = 1): Processor {
  return {
    name: "EpsilonLogitsWarper",
    parameters: { epsilon_cutoff: epsilon, min_tokens_to_keep: minTokensToKeep },
    filters: true,
    apply(input, _context, out, work) {
      keepProbable(input, epsilon, minTokensToKeep, out, work);
      return () => msg("less probable than {0}", epsilon);
    },
  };
}

/** Removes tokens less probable than min(ε, √ε · exp(−entropy)) (Hewitt, Manning and Liang 2022). */
export function etaCutoff(epsilon: number, minTokensToKeep = 1): Processor {
  return {
    name: "EtaLogitsWarper",
    parameters: { eta_cutoff: epsilon, min_tokens_to_keep: minTokensToKeep },
    filters: true,
    apply(input, _context, out, work) {
      const eta = Math.min(epsilon, Math.sqrt(epsilon) * Math.exp(-input.entropy));
      keepProbable(input, eta, minTokensToKeep, out, work);
      return () => msg("less probable than η = {0}", Number(eta.toPrecision(3)));
    },
  };
}
