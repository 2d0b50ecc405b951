import { msg } from "../../contract/index.js";
import { sizeOf } from "../distribution.js";
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
    apply(input, _context, out, { keys, quantile }) {
      const { scores, probabilities, logNormaliser, entropy, members } = input;
      const [size, all] = [sizeOf(input), input.listed < 0];
      for (let m = 0; m < size; m++) {
        const i = all ? m : members[m];
        keys[i] = Math.abs(logNormaliser - scores[i] - entropy);
      }
      const last = massQuantile(keys, probabilities, mass, true, quantile, input);
      // The nearest one stays as it is.
      const least = minTokensToKeep > 1 ? massQuantile(keys, undefined, minTokensToKeep - 1, false, quantile, input) : -1;
      const far = last < 0 ? Infinity : keys[last];
      for (let m = 0; m < size; m++) {
        const i = all ? m : members[m];
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
