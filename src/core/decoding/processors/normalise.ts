import { msg } from "../../contract/index.js";
import type { Processor } from "./processor.js";

/** Turns scores into log-probabilities. */
export function logSoftmax(): Processor {
  return {
    name: "LogitNormalization",
    parameters: { renormalize_logits: true },
    filters: false,
    apply({ scores, logNormaliser, largest }, _context, out, { vocabulary }) {
      if (largest === -Infinity) out.fill(-Infinity);
      else vocabulary.subtract(scores, logNormaliser, out);
      return () => msg("normalised to log-probabilities");
    },
  };
}

/** The largest number of binary32, in which generate() computes. */
const LARGEST = 3.4028234663852886e38;

/** NaN becomes 0, and the infinities the largest numbers of binary32. */
export function removeInvalidValues(): Processor {
  return {
    name: "InfNanRemoveLogitsProcessor",
    parameters: { remove_invalid_values: true },
    filters: false,
    apply({ scores }, _context, out) {
      for (let i = 0; i < out.length; i++) {
        const score = scores[i];
        out[i] = Number.isNaN(score) ? 0 : Math.min(LARGEST, Math.max(-LARGEST, score));
      }
      return () => msg("NaN and infinities replaced");
    },
  };
}
