import { msg, type Message } from "../contract/index.js";
import { varianceOf } from "./covariance.js";
import { aic, bic, collapsedComponents, type Spread } from "./criteria.js";
import type { Data } from "./data.js";
import { sharedPass, type Sums } from "./emPieces.js";
import { factor, type Factors } from "./factor.js";
import { letter } from "./letter.js";
import { maximise, movedFar } from "./mStep.js";
import { Recorder } from "./recorder.js";
import { newStatistics } from "./statistics.js";
import type { Fit, Mixture } from "./trace.js";

export type FitOptions = {
  readonly seed: number;
  readonly regCovar: number;
  readonly tol: number;
  readonly maxIter: number;
  /** What must change by less than `tol`: the mean log-likelihood, or any mean, standard deviation or weight. */
  readonly stopRule: "lower_bound" | "parameters";
  readonly spread: Spread;
  /** Budget for the kept steps. */
  readonly bytes: number;
  readonly stopping: () => boolean;
};

export type FitProgress = {
  /** Iterations whose log-likelihood is known. */
  readonly iteration: number;
  readonly logLikelihood: number;
  /** Of the pass in hand, in [0, 1). */
  readonly pass: number;
  /** The fit so far, without the marks of collapse. */
  readonly snapshot: () => Fit;
};

/** A fit, of whose iterations every so many-th is kept. */
export type Finished = {
  readonly fit: Fit;
  readonly every: number;
  /** Why it failed, where component order[k] takes the letter of k; without an order each has its own. */
  readonly failureOf?: (order?: Int32Array) => Message;
};

/**
 * EM from a start until it converges. Iteration i is an E-step under the parameters of i − 1 and the M-step to those of i;
 * `lower_bound` is measured as scikit-learn does, by the E-step, so that iteration i compares the log-likelihoods of i − 1
 * and i − 2. A covariance that is not positive definite ends the fit as failed, with the iterations before it.
 * Yields every few milliseconds. Stopping drops the iteration in hand, unless nothing is known yet.
 */
export function* fitMixture(data: Data, start: Mixture, options: FitOptions): Generator<FitProgress, Finished, void> {
  const { columns, N, D } = data;
  const { K, covarianceType: type } = start;
  const { regCovar, tol, maxIter, stopRule } = options;
  // A standard deviation of 1e-13 of the column's own is the rounding of a mean.
  const floor = options.spread.scale.map((scale) => 1e-26 * scale * scale);
  const recorder = new Recorder(type, K, D, options.bytes);
  const sums: Sums = {};
  const statistics = newStatistics(type, K, D);
  const logLikelihood: number[] = [];
  const change: number[] = [NaN];
  const fell: number[] = [];
  let counts = new Float64Array(K).fill(NaN);
  recorder.add(0, start, counts);
  let current = start;
  let ended: Fit["ended"] = "converged";
  let failureOf: Finished["failureOf"];

  function assemble(collapsed: Uint8Array): Fit {
    const iterations = Math.max(0, logLikelihood.length - 1);
    const last = logLikelihood[iterations] ?? NaN;
    return {
      seed: options.seed,
      iterations,
      converged: ended === "converged",
      ended,
      ...(failureOf ? { failure: failureOf() } : {}),
      ...recorder.snapshot(),
      logLikelihood: Float64Array.from(logLikelihood.length > 0 ? logLikelihood : [NaN]),
      change: Float64Array.from(change.slice(0, iterations + 1)),
      fell: Int32Array.from(fell),
      collapsed,
      aic: aic(last, type, K, D),
      bic: bic(last, type, K, D, N),
    };
  }

  const snapshot = () => ({ ...assemble(new Uint8Array(K)), ended: "stopped" as const, converged: false });

  /** One pass under `factors`; false when the reader asked to stop and there is something to keep. */
  function* pass(factors: Factors, centres: Float64Array): Generator<FitProgress, boolean, void> {
    for (const row of sharedPass(columns, N, type, factors, centres, statistics, sums)) {
      if (options.stopping() && logLikelihood.length > 0) return false;
      yield { iteration: Math.max(0, logLikelihood.length - 1), logLikelihood: logLikelihood.at(-1) ?? NaN, pass: row / N, snapshot };
    }
    return true;
  }

  for (let iteration = 0; ; iteration++) {
    const factors = factor(current, "fail", floor);
    if ("singular" in factors) {
      ended = "failed";
      failureOf = singularFailure(factors.singular, iteration, regCovar, K);
      break;
    }
    if (!(yield* pass(factors, current.means))) {
      ended = "stopped";
      break;
    }
    if (!Number.isFinite(statistics.logLikelihood[0])) {
      ended = "failed";
      failureOf = vanishedFailure(iteration);
      break;
    }
    logLikelihood.push(statistics.logLikelihood[0]);
    const now = logLikelihood[iteration];
    if (iteration > 0 && now < logLikelihood[iteration - 1] - 1e-10 * Math.max(N, Math.abs(now))) fell.push(iteration);
    if (iteration > 0) recorder.add(iteration, current, counts);
    yield { iteration, logLikelihood: now, pass: 0, snapshot };
    if (iteration > 0 && Math.abs(change[iteration]) < tol) break;
    if (iteration === maxIter) {
      ended = "max_iter";
      break;
    }
    if (options.stopping()) {
      ended = "stopped";
      break;
    }
    let next = maximise(statistics, current.means, type, K, D, regCovar);
    const nextFactors = factor(next, "fail", floor);
    if (movedFar(current.means, next, statistics, "singular" in nextFactors ? undefined : nextFactors.smallestPivot)) {
      const centres = next.means;
      if (!(yield* pass(factors, centres))) {
        ended = "stopped";
        break;
      }
      next = maximise(statistics, centres, type, K, D, regCovar);
    }
    counts = statistics.counts.slice();
    change.push(stopRule === "lower_bound" ? (now - (logLikelihood[iteration - 1] ?? -Infinity)) / N : largestChange(current, next));
    current = next;
  }

  const final = recorder.last!; // the start at least
  const finalCounts = logLikelihood.length > 1 ? recorder.snapshot().counts.slice(-K) : start.weights.map((w) => w * N);
  const collapsed = collapsedComponents(final, finalCounts, options.spread);
  return { fit: assemble(collapsed), every: recorder.every, failureOf };
}

/** Largest absolute change of any mean, standard deviation along a column, or weight. */
function largestChange(before: Mixture, after: Mixture): number {
  const { K, D } = before;
  let largest = 0;
  for (let k = 0; k < K; k++) {
    largest = Math.max(largest, Math.abs(after.weights[k] - before.weights[k]));
    for (let d = 0; d < D; d++) {
      const at = k * D + d;
      const std = Math.abs(Math.sqrt(varianceOf(after, k, d)) - Math.sqrt(varianceOf(before, k, d)));
      largest = Math.max(largest, Math.abs(after.means[at] - before.means[at]), std);
    }
  }
  return largest;
}

function singularFailure(component: number, iteration: number, regCovar: number, K: number): (order?: Int32Array) => Message {
  const place = iteration === 0 ? msg("at the start") : msg("in iteration {0}", iteration);
  return (order) => K > 1
    ? msg("Component {0} has lost its spread {1}: its covariance is singular at reg_covar {2}. Use fewer than {3} components, raise reg_covar, or scale the columns.", letter(order?.indexOf(component) ?? component), place, regCovar, K)
    : msg("The covariance is singular {0} at reg_covar {1}. Raise reg_covar, or leave out columns that repeat others.", place, regCovar);
}

function vanishedFailure(iteration: number): () => Message {
  return () => msg("The densities of iteration {0} are too small for floating point. Scale the columns to similar sizes, or raise reg_covar.", iteration);
}
