import { msg } from "../../contract/index.js";
import { massQuantile } from "../../math/massQuantile.js";
import type { Processor } from "./processor.js";

/**
 * Locally typical sampling (Meister et al. 2023): keeps the tokens whose surprise −log p is nearest to the entropy, until their
 * probabilities sum to `mass`. Tokens exactly as far as the last one stay too, as in transformers.
 */
export function typicalP(mass: number, minTokensToKeep = 1): Processor {
  return {
    name: "TypicalLogitsWarper",
    parameters: { typical_p: mass, min_tokens_to_keep: minTokensToKeep },
    filters: true,
    apply({ scores, probabilities, logNormaliser, entropy }, _context, out, { keys, quantile }) {
      for (let i = 0; i < out.length; i++) keys[i] = Math.abs(logNormaliser - scores[i] - entropy);
      const last = massQuantile(keys, probabilities, mass, true, quantile);
      const least = massQuantile(keys, undefined, minTokensToKeep - 1, false, quantile);
      const far = last < 0 ? Infinity : keys[last];
      for (let i = 0; i < out.length; i++) {
        const spared = least >= 0 && (keys[i] < keys[least] || (keys[i] === keys[least] && i <= least));
        out[i] = keys[i] <= far || spared ? scores[i] : -Infinity;
      }
      return () => msg("its surprise is further from the entropy ({0} nats) than that of the tokens that make up {1}", round(entropy), mass);
    },
  };
}

function round(value: number): number {
  return Number(value.toPrecision(3));
}
