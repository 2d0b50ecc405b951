import { massQuantile } from "../../math/massQuantile.js";
import type { Distribution } from "../distribution.js";
import type { Workspace } from "./processor.js";

/** The k-th highest score (k from 1); the lowest when fewer than k tokens are left, −Infinity when none is. */
export function kthHighest({ scores, kept }: Distribution, k: number, work: Workspace): number {
  if (kept === 0) return -Infinity;
  return scores[massQuantile(scores, undefined, Math.max(0, kept - k), false, work.quantile)];
}

/**
 * Keeps the tokens whose probability is at least `limit`, and those that are not below the `least`-th highest score, as the
 * warpers with `min_tokens_to_keep` do.
 */
export function keepProbable(input: Distribution, limit: number, least: number, out: Float64Array, work: Workspace): void {
  const { scores, probabilities, largest } = input;
  const floor = least <= 1 ? largest : kthHighest(input, least, work);
  for (let i = 0; i < out.length; i++) out[i] = probabilities[i] < limit && scores[i] < floor ? -Infinity : scores[i];
}
