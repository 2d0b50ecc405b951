import { defaultsOf, format } from "../../src/core/contract/index.js";
import type { Matrix } from "../../src/core/formats/table.js";
import { distinctProblem, shapeProblem } from "../../src/core/mixture/check.js";
import { covarianceOf, covariancesLength } from "../../src/core/mixture/covariance.js";
import { parameterCount, spreadOf } from "../../src/core/mixture/criteria.js";
import type { Data } from "../../src/core/mixture/data.js";
import { evaluator, responsibilitiesOf } from "../../src/core/mixture/evaluate.js";
import { fitMixture } from "../../src/core/mixture/fit.js";
import { mixtureParams, type CovarianceType } from "../../src/core/mixture/params.js";
import type { Fit, Mixture } from "../../src/core/mixture/trace.js";
import { cholesky, invertLower } from "../../src/core/math/cholesky.js";
import { finish } from "./kmeans.js";
import type { Operation, Topic } from "./runner.js";
import { columnsOf, flatNumbers, nested, toNumber, type Json } from "./schema.js";

type Settings = { readonly regCovar: number; readonly tol: number; readonly maxIter: number; readonly stopRule: "lower_bound" | "parameters" };

function run(data: Data, start: Mixture, settings: Settings): Fit {
  // The mark of collapse is ours and has no reference: any spread does.
  const spread = spreadOf(new Float64Array(data.D * data.D), data.D, settings.regCovar);
  return finish(fitMixture(data, start, { ...settings, seed: 0, spread, bytes: 1e9, stopping: () => false })).fit;
}

function mixtureAt(fit: Fit, { K, D, covarianceType }: Mixture, s: number): Mixture {
  const size = covariancesLength(covarianceType, K, D);
  return {
    K,
    D,
    covarianceType,
    weights: fit.weights.slice(s * K, (s + 1) * K),
    means: fit.means.slice(s * K * D, (s + 1) * K * D),
    covariances: fit.covariances.slice(s * size, (s + 1) * size),
  };
}

const em1d: Operation = ({ input }) => {
  const x = flatNumbers(input.data);
  const data: Data = { columns: [x], N: x.length, D: 1 };
  const stds = flatNumbers(input.stds_init);
  const start: Mixture = {
    K: stds.length,
    D: 1,
    covarianceType: "full",
    weights: flatNumbers(input.weights_init),
    means: flatNumbers(input.means_init),
    covariances: stds.map((s) => s * s),
  };
  const maxIter = "max_iter" in input ? toNumber(input.max_iter) : 5000;
  const fit = run(data, start, { regCovar: 0, tol: toNumber(input.tol), maxIter, stopRule: "parameters" });
  if (fit.failure) return { error: format(fit.failure) };
  const trace = Array.from(fit.kept, (iteration, s) => {
    const { means, weights, covariances } = mixtureAt(fit, start, s);
    const step = { iteration, means, stds: covariances.map(Math.sqrt), weights, log_likelihood: fit.logLikelihood[s] };
    return iteration === 0 ? step : { ...step, max_change: fit.change[s] };
  });
  const published = { means: [0.1163709, 4.94665325], stds: [1.10985417, 0.91259302], weights: [0.49414197, 0.50585803] };
  const isPublished = (step: (typeof trace)[number]) =>
    (["means", "stds", "weights"] as const).every((key) => published[key].every((v, i) => Math.abs(v - step[key][i]) <= 6e-9));
  const fixed = run(data, start, { regCovar: 0, tol: 1e-14, maxIter: 20000, stopRule: "lower_bound" });
  const last = mixtureAt(fixed, start, fixed.kept.length - 1);
  return {
    values: {
      trace,
      iterations: fit.iterations,
      converged: fit.converged,
      responsibilities_iteration_1: nested(responsibilitiesOf(start, x, x.length), start.K),
      final: trace[trace.length - 1],
      published_values_are_iteration: trace.filter(isPublished).map((step) => step.iteration),
      sklearn_fixed_point: { means: last.means, stds: last.covariances.map(Math.sqrt), weights: last.weights },
    },
    // Where the likelihood is flat to 1e-14, parameters are known to its square root only.
    tolerance: (at) => (at.startsWith("sklearn_fixed_point") ? 1e-6 : 1e-9),
  };
};

/** Covariances from the inverses that scikit-learn takes. */
function covariancesFrom(precisions: Float64Array, type: CovarianceType, D: number): Float64Array {
  if (type === "diag" || type === "spherical") return precisions.map((p) => 1 / p);
  const out = new Float64Array(precisions.length);
  const inverse = new Float64Array(D * D);
  for (let at = 0; at < precisions.length; at += D * D) {
    const lower = precisions.slice(at, at + D * D);
    cholesky(lower, D, lower);
    invertLower(lower, D, inverse);
    for (let a = 0; a < D; a++) for (let b = 0; b < D; b++) for (let c = 0; c < D; c++) out[at + a * D + b] += inverse[c * D + a] * inverse[c * D + b];
  }
  return out;
}

/** Covariances in scikit-learn's shape. */
function shaped(mixture: Mixture): unknown {
  const { K, D, covarianceType: type, covariances } = mixture;
  if (type === "spherical") return covariances;
  if (type === "diag") return nested(covariances, D);
  const matrices = Array.from({ length: type === "tied" ? 1 : K }, (_, k) => nested(covarianceOf(mixture, k), D));
  return type === "tied" ? matrices[0] : matrices;
}

function tableOf({ columns, N }: Data): Matrix {
  return { names: columns.map((_, d) => `c${d}`), columns, n: N, rows: null, total: N, skipped: [] };
}

const fitOperation: Operation = ({ input, rounding_sensitive: sensitive, tolerance }) => {
  const columns = columnsOf(input.X);
  const type = input.covariance_type as CovarianceType;
  const K = toNumber(input.K);
  const data: Data = { columns, N: columns[0].length, D: columns.length };
  const { N, D } = data;
  const refused = N < 2 ? shapeProblem(tableOf(data), { ...defaultsOf(mixtureParams), n_components: K }) : distinctProblem(N, K);
  if (refused) return { error: format(refused.message) };
  const start: Mixture = {
    K,
    D,
    covarianceType: type,
    weights: flatNumbers(input.weights_init),
    means: flatNumbers(input.means_init),
    covariances: covariancesFrom(flatNumbers(input.precisions_init), type, D),
  };
  const fit = run(data, start, {
    regCovar: toNumber(input.reg_covar),
    tol: toNumber(input.tol),
    maxIter: toNumber(input.max_iter),
    stopRule: "lower_bound",
  });
  if (fit.failure) return { error: format(fit.failure) };
  const rows = flatNumbers(input.X);
  const final = mixtureAt(fit, start, fit.kept.length - 1);
  const shares = responsibilitiesOf(final, rows, N);
  const evaluate = evaluator(final);
  const scores = Array.from({ length: N }, (_, i) => evaluate.logJoint(rows, i * D, new Float64Array(K)));
  const first = Math.min(20, N);
  const values = {
    weights: final.weights,
    means: nested(final.means, D),
    covariances: shaped(final),
    converged: fit.converged,
    lower_bound: fit.logLikelihood[fit.iterations - 1] / N,
    score: fit.logLikelihood[fit.iterations] / N,
    bic: fit.bic,
    aic: fit.aic,
    n_parameters: parameterCount(type, K, D),
    predict: nested(shares, K).map((row) => row.indexOf(Math.max(...row))),
  };
  if (sensitive) {
    const likelihoods = ["lower_bound", "score", "bic", "aic"];
    return { values, tolerance: (at) => (likelihoods.includes(at) ? 1e-2 : 1e-6) };
  }
  return {
    values: {
      ...values,
      n_iter: fit.iterations,
      lower_bound_trace: Array.from(fit.logLikelihood.slice(0, fit.iterations), (total) => total / N),
      responsibilities_iteration_1_first20: nested(responsibilitiesOf(start, rows, first), K),
      predict_proba_first20: nested(shares.slice(0, first * K), K),
      score_samples: scores,
      warnings: fit.converged && distinct(input.X) >= K ? [] : ["ConvergenceWarning"],
    },
    // What is counted or named must be equal.
    tolerance: (at) => (/^(predict\[|n_iter|n_parameters)/.test(at) ? 0 : tolerance),
  };
};

/** Rows that differ: scikit-learn's k-means warns when there are fewer than clusters. */
function distinct(X: Json): number {
  return new Set((X as readonly Json[]).map((row) => JSON.stringify(row))).size;
}

export const gmm: Topic = { operations: { "gmm.em1d": em1d, "gmm.fit": fitOperation } };
