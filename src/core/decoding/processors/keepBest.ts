import { massQuantile, type Among } from "../../math/massQuantile.js";
import type { Distribution } from "../distribution.js";
import type { Workspace } from "./processor.js";

/** The k-th highest score (k from 1); the lowest when fewer than k tokens are left, −Infinity when none is. */
export function kthHighest(input: Distribution, k: number, work: Workspace): number {
  const { scores, kept } = input;
  if (kept === 0) return -Infinity;
  const few = candidates(input, k, work);
  return scores[massQuantile(scores, undefined, Math.max(0, (few ? few.listed : kept) - k), false, work.quantile, few ?? input)];
}

/** Every so many tokens are looked at first. */
const STRIDE = 16;
/** Fewer tokens are gone through at once. */
const MANY = 4096;

/**
 * Tokens among which the k highest scores are, and not many more; undefined where they are not found quickly. A sample tells a
 * score that about 1.5 k tokens reach; where at least k do, the k highest are among them.
 */
function candidates({ scores, listed }: Distribution, k: number, { vocabulary, candidates: members, quantile }: Workspace): Among | undefined {
  if (listed >= 0 || scores.length < MANY || STRIDE * k > scores.length) return undefined;
  let count = 0;
  for (let i = 0; i < scores.length; i += STRIDE) if (scores[i] > -Infinity) members[count++] = i;
  const rank = count - Math.ceil((1.5 * k) / STRIDE + 8);
  if (rank < 0) return undefined;
  const floor = scores[massQuantile(scores, undefined, rank, false, quantile, { members, listed: count })];
  count = vocabulary.collect(scores, floor, members);
  return count < k ? undefined : { members, listed: count };
}

/**
 * Keeps the tokens whose probability is at least `limit`, and those that are not below the `least`-th highest score, as the
 * warpers with `min_tokens_to_keep` do.
 */
export function keepProbable(input: Distribution, limit: number, least: number, out: Float64Array, work: Workspace): void {
  const { scores, probabilities, largest } = input;
  const floor = least <= 1 ? largest : kthHighest(input, least, work);
  work.vocabulary.keepProbable(scores, probabilities, limit, floor, out, input);
}
