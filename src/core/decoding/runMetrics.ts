import { distinctN, diversity, perplexity, seqRep, tokenRepetition, uniqSeq } from "./metrics.js";
import type { Metrics } from "./trace.js";

/** How far back a repeated token is looked for: rep/128 and wrep/128 (Welleck et al. 2020). */
const WINDOW = 128;
const SIZES = [1, 2, 3, 4] as const;

/**
 * Repetition and likelihood of a generated text, without its prompt.
 * @param best [S] the token that the model found most probable at each place
 * @param probability [S] of each token, as the model has it
 */
export function metricsOf(ids: ArrayLike<number>, best: ArrayLike<number>, probability: Float64Array): Metrics {
  const repeated = ids.length > 0 ? tokenRepetition(ids, best, WINDOW) : undefined;
  const ratio = ids.length > 0 ? perplexity(probability.map((p) => -Math.log(p))) : NaN;
  return {
    seqRep: SIZES.map((n) => seqRep(ids, n)),
    distinct: SIZES.map((n) => distinctN(ids, n)),
    diversity: diversity(ids),
    uniqSeq: uniqSeq([ids]),
    rep: repeated?.rep ?? null,
    wrep: repeated?.wrep ?? null,
    perplexity: Number.isFinite(ratio) ? ratio : null,
  };
}
