import { msg } from "../../contract/index.js";
import { sizeOf } from "../distribution.js";
import { kthHighest } from "./keepBest.js";
import type { Processor } from "./processor.js";

/** Keeps the k highest scores, and every token that ties with the k-th (Fan, Lewis and Dauphin 2018). */
export function topK(k: number, minTokensToKeep = 1): Processor {
  const count = Math.max(k, minTokensToKeep);
  return {
    name: "TopKLogitsWarper",
    parameters: { top_k: k, min_tokens_to_keep: minTokensToKeep },
    filters: true,
    apply(input, _context, out, work) {
      const { scores, members } = input;
      const [size, all] = [sizeOf(input), input.listed < 0];
      const floor = kthHighest(input, count, work);
      for (let m = 0; m < size; m++) {
        const i = all ? m : members[m];
        out[i] = scores[i] < floor ? -Infinity : scores[i];
      }
      return () => msg("not among the {0} highest scores", count);
    },
  };
}
