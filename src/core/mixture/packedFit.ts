import { covariancesLength } from "./covariance.js";
import type { Finished } from "./fit.js";
import type { CovarianceType } from "./params.js";
import { keptWithin } from "./recorder.js";
import type { Fit } from "./trace.js";

const endings = ["converged", "max_iter", "stopped"] as const satisfies readonly Fit["ended"][];

/** Numbers before those of the arrays: iterations, ending, criteria, how many steps make one that is kept, and the arrays' lengths. */
const headLength = 14;

function arraysOf(fit: Fit): readonly (Float64Array | Int32Array | Uint8Array)[] {
  return [fit.kept, fit.weights, fit.means, fit.covariances, fit.counts, fit.logLikelihood, fit.change, fit.fell, fit.collapsed];
}

/** Room for any fit of a shape. */
export function packedLength(type: CovarianceType, K: number, D: number, bytes: number, maxIter: number): number {
  const steps = Math.min(maxIter + 1, keptWithin(bytes, type, K, D));
  return headLength + steps * (1 + 2 * K + K * D + covariancesLength(type, K, D)) + 3 * (maxIter + 1) + K;
}

/** Writes a fit as numbers, which any thread can read. @returns false for one that failed: it says why in words */
export function packFit({ fit, every }: Finished, out: Float64Array): boolean {
  if (fit.ended === "failed") return false;
  const arrays = arraysOf(fit);
  out.set([fit.iterations, endings.indexOf(fit.ended), fit.aic, fit.bic, every, ...arrays.map(({ length }) => length)]);
  let at = headLength;
  for (const array of arrays) {
    out.set(array, at);
    at += array.length;
  }
  return true;
}

export function unpackFit(packed: Float64Array, seed: number): Finished {
  const [iterations, ending, aic, bic, every, ...lengths] = packed.subarray(0, headLength);
  let at = headLength;
  const arrays = lengths.map((length) => packed.slice(at, (at += length)));
  const [kept, weights, means, covariances, counts, logLikelihood, change, fell, collapsed] = arrays;
  const ended = endings[ending];
  const fit: Fit = {
    seed,
    iterations,
    converged: ended === "converged",
    ended,
    kept: Int32Array.from(kept),
    weights,
    means,
    covariances,
    counts,
    logLikelihood,
    change,
    fell: Int32Array.from(fell),
    collapsed: Uint8Array.from(collapsed),
    aic,
    bic,
  };
  return { fit, every };
}
