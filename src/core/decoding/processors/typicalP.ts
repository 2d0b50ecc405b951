import { msg } from "../../contract/index.js";
import { sizeOf, type Distribution } from "../distribution.js";
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
    apply(input, _context, out, { vocabulary, keys, quantile }) {
      const { scores, probabilities, logNormaliser, entropy } = input;
      vocabulary.surprises(scores, logNormaliser, entropy, keys, input);
      const last = massQuantile(keys, probabilities, mass, true, quantile, input);
      vocabulary.keepNear(scores, keys, last < 0 ? Infinity : keys[last], out, input);
      // The nearest one stays as it is.
      if (minTokensToKeep > 1) spare(input, keys, massQuantile(keys, undefined, minTokensToKeep - 1, false, quantile, input), out);
      return () => msg("its surprise is further from the entropy ({0} nats) than that of the tokens that make up {1}", round(entropy), mass);
    },
  };
}

/** Keeps the tokens up to the one with the key `least`, of equals those with low ids. */
function spare(input: Distribution, keys: Float64Array, least: number, out: Float64Array): void {
  if (least < 0) return;
  const { scores, members, listed } = input;
  for (let m = 0; m < sizeOf(input); m++) {
    const i = listed < 0 ? m : members[m];
    if (keys[i] < keys[least] || (keys[i] === keys[least] && i <= least)) out[i] = scores[i];
  }
}

function round(value: number): number {
  return Number(value.toPrecision(3));
}
