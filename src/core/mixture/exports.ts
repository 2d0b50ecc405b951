import { csvLine } from "../text/csvLine.js";
import { covarianceOf } from "./covariance.js";
import { evaluator, mixtureAt, stepsOf } from "./evaluate.js";
import { letter } from "./letter.js";
import type { Mixture, MixtureTrace } from "./trace.js";

/** Names of the numbers of one component: weight, means, and the lower triangle of its covariance. */
function parameterNames(columns: readonly string[]): string[] {
  const covariances = columns.flatMap((a, i) => columns.slice(0, i + 1).map((b) => `covariance(${b}; ${a})`));
  return ["weight", ...columns.map((name) => `mean(${name})`), ...covariances];
}

function parameterValues(mixture: Mixture, k: number): number[] {
  const { D } = mixture;
  const covariance = covarianceOf(mixture, k);
  const lower = Array.from({ length: D }, (_, a) => Array.from(covariance.subarray(a * D, a * D + a + 1))).flat();
  return [mixture.weights[k], ...mixture.means.subarray(k * D, (k + 1) * D), ...lower];
}

/** Parameters at kept step s, a line for each component. */
export function parametersCsv(trace: MixtureTrace, fitIndex: number, s: number): string {
  const mixture = mixtureAt(trace, fitIndex, s);
  const rows = Array.from({ length: trace.K }, (_, k) => csvLine([letter(k), ...parameterValues(mixture, k)]));
  return csvLine(["component", ...parameterNames(trace.columns)]) + rows.join("");
}

/** Every kept iteration of a fit: log-likelihood, what the stop rule saw, and each component's count and parameters. */
export function traceCsv(trace: MixtureTrace, fitIndex: number): string {
  const fit = trace.fits[fitIndex];
  const names = ["count", ...parameterNames(trace.columns)];
  const letters = Array.from({ length: trace.K }, (_, k) => letter(k));
  const lines = [csvLine(["iteration", "log_likelihood", "change", ...letters.flatMap((k) => names.map((name) => `${k} ${name}`))])];
  for (let s = 0; s < stepsOf(fit); s++) {
    const mixture = mixtureAt(trace, fitIndex, s);
    const iteration = fit.kept[s];
    const values = letters.flatMap((_, k) => [finiteOrEmpty(fit.counts[s * trace.K + k]), ...parameterValues(mixture, k)]);
    lines.push(csvLine([iteration, fit.logLikelihood[iteration], finiteOrEmpty(fit.change[iteration]), ...values]));
  }
  return lines.join("");
}

function finiteOrEmpty(value: number): number | string {
  return Number.isFinite(value) ? value : "";
}

export function responsibilitiesHeader(columns: readonly string[], K: number): string {
  return csvLine(["line", ...columns, ...Array.from({ length: K }, (_, k) => `r_${letter(k)}`), "component"]);
}

/** Writes lines of responsibilities: line number, values, one share for each component, and the letter of the largest. */
export function responsibilitiesWriter(mixture: Mixture): (line: number, x: Float64Array, offset: number) => string {
  const evaluate = evaluator(mixture);
  const shares = new Float64Array(mixture.K);
  return (line, x, offset) => {
    evaluate.responsibilities(x, offset, shares);
    let most = 0;
    for (let k = 1; k < mixture.K; k++) if (shares[k] > shares[most]) most = k;
    return `${line},${x.subarray(offset, offset + mixture.D).join(",")},${shares.join(",")},${letter(most)}\n`;
  };
}

/** Responsibilities of the rows that the trace holds: all of them, unless it is a sample. */
export function responsibilitiesCsv(trace: MixtureTrace, mixture: Mixture): string {
  const write = responsibilitiesWriter(mixture);
  const rows = Array.from(trace.lines, (line, i) => write(line, trace.points, i * trace.D));
  return responsibilitiesHeader(trace.columns, trace.K) + rows.join("");
}

/** Settings and parameters at kept step s, under scikit-learn's names. */
export function toJson(trace: MixtureTrace, fitIndex: number, s: number): string {
  const { K, D, covarianceType } = trace;
  const fit = trace.fits[fitIndex];
  const mixture = mixtureAt(trace, fitIndex, s);
  const iteration = fit.kept[s];
  const matrix = (values: Float64Array) => Array.from({ length: D }, (_, a) => Array.from(values.subarray(a * D, (a + 1) * D)));
  const covariances = {
    full: () => Array.from({ length: K }, (_, k) => matrix(covarianceOf(mixture, k))),
    tied: () => matrix(covarianceOf(mixture, 0)),
    diag: () => Array.from({ length: K }, (_, k) => Array.from(mixture.covariances.subarray(k * D, (k + 1) * D))),
    spherical: () => Array.from(mixture.covariances),
  };
  const value = {
    model: "GaussianMixture",
    n_components: K,
    covariance_type: covarianceType,
    reg_covar: trace.regCovar,
    tol: trace.tol,
    random_state: fit.seed,
    columns: trace.columns,
    rows: trace.N,
    iteration,
    converged: fit.converged && iteration === fit.iterations,
    log_likelihood: fit.logLikelihood[iteration],
    components: Array.from({ length: K }, (_, k) => letter(k)),
    weights: Array.from(mixture.weights),
    means: Array.from({ length: K }, (_, k) => Array.from(mixture.means.subarray(k * D, (k + 1) * D))),
    covariances: covariances[covarianceType](),
  };
  return `${JSON.stringify(value, null, 2)}\n`;
}
