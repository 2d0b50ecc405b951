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
      const weights = ordered.map((score) => Math.exp(score - ordered[0]));
      const total = sumInLanes(weights);
      const logNormaliser = Math.log(total) + ordered[0];
      const probabilities = weights.map((weight) => weight / total);
      const terms = probabilities.map((p) => (p > 0 ? -p * Math.log(p) : 0));
      const limit = -h * sumInLanes(probabilities.map((p, r) => p * (ordered[r] - logNormaliser)));
      let sum = 0;
      for (let r = 0; r < count; r++) {
        sum += terms[r];
        if (r === 0 || sum <= limit) out[ids[r]] = scores[ids[r]];
      }
      return () => msg("outside the most probable tokens that make up {0} of the entropy", h);
    },
  };
}

/** A sum in four lanes, as torch sums: at h = 1 its last bit decides whether the last token stays. */
function sumInLanes(values: Float64Array): number {
  const lanes = [0, 0, 0, 0];
  for (let i = 0; i < values.length; i++) lanes[i % 4] += values[i];
  return lanes[0] + lanes[1] + lanes[2] + lanes[3];
}
