import { msg } from "../../contract/index.js";
import { massQuantile } from "../../math/massQuantile.js";
import { sizeOf } from "../distribution.js";
import type { Processor } from "./processor.js";

/** The warper looks at so many tokens only. */
const MOST = 100;

/**
 * Top-H (Potraghloo et al. 2025): of the 100 most probable tokens, keeps the most probable ones while the sum of their terms
 * −p log p is at most `h` times the entropy of the 100; always the first.
 */
export function topH(h: number): Processor {
  return {
    name: "TopHLogitsWarper",
    parameters: { top_h: h },
    filters: true,
    apply(input, _context, out, { quantile }) {
      const { scores, kept, members } = input;
      const [size, all] = [sizeOf(input), input.listed < 0];
      out.fill(-Infinity);
      if (kept === 0) return undefined;
      const count = Math.min(MOST, kept);
      const floor = scores[massQuantile(scores, undefined, kept - count, false, quantile, input)];
      const ids: number[] = [];
      for (let m = 0; m < size; m++) {
        const i = all ? m : members[m];
        if (scores[i] >= floor) ids.push(i);
      }
      ids.sort((a, b) => scores[b] - scores[a] || a - b);
      ids.length = count;
      const ordered = Float64Array.from(ids, (i) => scores[i]);
      const logNormaliser = Math.log(sumInLanes(powersOf(ordered))) + ordered[0];
      const logs = ordered.map((score) => score - logNormaliser);
      const weights = powersOf(logs);
      const scale = 1 / sumInLanes(weights);
      const probabilities = weights.map((weight) => weight * scale);
      const limit = -h * sumInLanes(probabilities.map((p, r) => p * logs[r]));
      let sum = 0;
      for (let r = 0; r < count; r++) {
        // A probability too small for floating point makes it NaN: such tokens go.
        sum -= probabilities[r] * Math.log(probabilities[r]);
        if (r === 0 || sum <= limit) out[ids[r]] = scores[ids[r]];
      }
      return () => msg("outside the most probable tokens that make up {0} of the entropy", h);
    },
  };
}

/** e^x from the first, which is the largest. */
function powersOf(values: Float64Array): Float64Array {
  return values.map((value) => Math.exp(value - values[0]));
}

/** A sum in four lanes. Logarithms, powers and sums go as torch's do: at h = 1 the last bits decide which of the last tokens stay. */
function sumInLanes(values: Float64Array): number {
  const lanes = [0, 0, 0, 0];
  for (let i = 0; i < values.length; i++) lanes[i % 4] += values[i];
  return lanes[0] + lanes[1] + lanes[2] + lanes[3];
}
