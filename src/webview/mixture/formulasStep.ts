import { covarianceOf, evaluator, mixtureAt } from "../../core/mixture/evaluate.js";
import { factor } from "../../core/mixture/factor.js";
import type { Mixture } from "../../core/mixture/trace.js";
import { bold, decimals, inColour, matrix, plain, result, resultClasses, sub, value, vector, type Term } from "./formulasTex.js";
import { decimalsFor } from "./oneDModel.js";
import type { Shared } from "./shared.js";

/** Weight times density of every component at a point, and their shares. */
export function termsAt(mixture: Mixture, points: Float64Array, point: number): readonly Term[] {
  const { K, D } = mixture;
  const joint = new Float64Array(K);
  const own = new Float64Array(K);
  const evaluate = evaluator(mixture);
  evaluate.logJoint(points, point * D, joint);
  evaluate.responsibilities(points, point * D, own);
  return Array.from(own, (share, k) => ({
    k, share, weight: mixture.weights[k], density: Math.exp(joint[k] - Math.log(mixture.weights[k])), product: Math.exp(joint[k]),
  }));
}

/** Squared Mahalanobis distance of a point and log-determinant of the covariance, of component k. */
export function distanceAt(mixture: Mixture, points: Float64Array, point: number, k: number): { readonly squared: number; readonly logDeterminant: number } {
  const { K, D } = mixture;
  const joint = new Float64Array(K);
  evaluator(mixture).logJoint(points, point * D, joint);
  const { logScale } = factor(mixture, "widen");
  const logDeterminant = 2 * (Math.log(mixture.weights[k]) - 0.5 * D * Math.log(2 * Math.PI) - logScale[k]);
  return { squared: Math.max(0, 2 * (logScale[k] - joint[k])), logDeterminant };
}

/** What the M-step after the shown shares makes of a component. */
export type Update = {
  readonly k: number;
  readonly N: number;
  readonly count: number; // Σ r
  readonly mean: Float64Array; // [D]
  readonly weight: number;
  /** Covariance as it comes out, reg_covar included, [D, D]. */
  readonly covariance: Float64Array;
  /** "next": the trace's next step. "last": the end, where another M-step would change nothing worth an iteration. */
  readonly kind: "next" | "last";
};

/**
 * The update that follows the shares of a kept step: read from the trace's next step where that is the next iteration; at
 * the end computed from the shares when all rows are drawn. Null where the trace does not hold it.
 */
export function updateAfter(shared: Shared, sharesStep: number, k: number): Update | null {
  const { trace, fit, S } = shared;
  const { K, D, N } = trace;
  const next = sharesStep + 1;
  if (next < S) {
    if (fit.kept[next] !== fit.kept[sharesStep] + 1) return null;
    const mixture = mixtureAt(trace, shared.fitIndex, next);
    return {
      k, N, count: fit.counts[next * K + k], mean: mixture.means.slice(k * D, (k + 1) * D), weight: mixture.weights[k],
      covariance: covarianceOf(mixture, k), kind: "next",
    };
  }
  if (shared.M !== N || sharesStep < 0) return null;
  const shares = shared.sharesUnder(sharesStep);
  const mixture = mixtureAt(trace, shared.fitIndex, sharesStep);
  let count = 0;
  const mean = new Float64Array(D);
  for (let i = 0; i < N; i++) {
    const r = shares[i * K + k];
    count += r;
    for (let d = 0; d < D; d++) mean[d] += r * trace.points[i * D + d];
  }
  if (!(count > 0)) return null;
  for (let d = 0; d < D; d++) mean[d] /= count;
  return { k, N, count, mean, weight: count / N, covariance: covarianceOf(mixture, k), kind: "last" };
}

/** TeX of the updated mean, weight and covariance with their numbers. At most `widest` columns are written out. */
export function updateTex(shared: Shared, update: Update, widest: number): { readonly mean: string; readonly weight: string; readonly spread: readonly string[] } {
  const { trace } = shared;
  const { D, covarianceType, regCovar } = trace;
  const { k, count, mean, weight, N } = update;
  const digits = decimalsFor(trace.stats.std[0], 4);
  const few = Math.max(0, digits - 1);
  const r = inColour(k, sub("r", k));
  const n = value(count, 3);
  const weightTex = `${inColour(k, sub("w", k))} \\leftarrow \\frac{${n}}{${N}} = ${result(k, value(weight, 4))}`;
  if (D === 1) {
    const variance = update.covariance[0];
    const above = (variance - regCovar) * (covarianceType === "tied" ? N : count);
    const reg = regCovar > 0 ? ` + ${plain(regCovar)}` : "";
    const about = covarianceType === "tied"
      ? `\\sigma^2 \\leftarrow \\frac{\\sum_k\\sum r_k(x-\\mu_k)^2}{N}${reg} = \\frac{${value(above, few)}}{${N}}${reg}`
      : `${inColour(k, `${sub("\\sigma", k)}^2`)} \\leftarrow \\frac{\\sum ${r}(x-${inColour(k, sub("\\mu", k))})^2}{\\sum ${r}}${reg} = \\frac{${value(above, few)}}{${n}}${reg}`;
    return {
      mean: `${inColour(k, sub("\\mu", k))} \\leftarrow \\frac{\\sum ${r}\\,x}{\\sum ${r}} = \\frac{${value(mean[0] * count, few)}}{${n}} = ${result(k, value(mean[0], digits))}`,
      weight: weightTex,
      spread: [
        ...(update.kind === "last" && covarianceType !== "tied" ? [] : [`${about} = ${value(variance, digits)}`]),
        covarianceType === "tied" ? `\\sigma = ${bold(value(Math.sqrt(variance), digits))}` : `${inColour(k, sub("\\sigma", k))} = ${result(k, value(Math.sqrt(variance), digits))}`,
      ],
    };
  }
  const sums = mean.map((v) => v * count);
  const wide = D > widest;
  const meanTex = `${inColour(k, sub("\\mu", k))} \\leftarrow \\frac{\\sum ${r}\\,x}{\\sum ${r}}` + (wide ? "" : ` = \\frac{1}{${n}}${vector(sums, few)} = ${vector(mean, digits, resultClasses(k))}`);
  return { mean: meanTex, weight: weightTex, spread: spreadTex(shared, update, wide) };
}

/** The covariance's update in symbols, then as a block of its own with its numbers. */
function spreadTex(shared: Shared, update: Update, wide: boolean): readonly string[] {
  const { D, covarianceType, regCovar } = shared.trace;
  const { k, covariance } = update;
  const r = inColour(k, sub("r", k));
  const centred = `(x-${inColour(k, sub("\\mu", k))})`;
  const added = regCovar > 0 ? ` + ${plain(regCovar)}` : "";
  const d = decimals(Array.from(covariance), 4);
  switch (covarianceType) {
    case "full":
      return [
        `${inColour(k, sub("\\Sigma", k))} \\leftarrow \\frac{\\sum ${r}${centred}${centred}^{\\mathsf{T}}}{\\sum ${r}}${added && `${added}\\,I`}`,
        ...(wide ? [] : [`= ${matrix(covariance, D, d, resultClasses(k))}`]),
      ];
    case "tied":
      return [
        `\\Sigma \\leftarrow \\frac{\\sum_k\\sum r_k(x-\\mu_k)(x-\\mu_k)^{\\mathsf{T}}}{N}${added && `${added}\\,I`}`,
        ...(wide ? [] : [`= ${matrix(covariance, D, d, "result")}`]),
      ];
    case "diag": {
      const diagonal = Float64Array.from({ length: D }, (_, i) => covariance[i * D + i]);
      return [
        `${inColour(k, `${sub("\\sigma", k)}^2`)} \\leftarrow \\frac{\\sum ${r}${centred}^2}{\\sum ${r}}${added}`,
        ...(wide ? [] : [`= ${vector(diagonal, d, resultClasses(k))}`]),
      ];
    }
    case "spherical":
      return [`${inColour(k, `${sub("\\sigma", k)}^2`)} \\leftarrow \\frac{\\sum ${r}\\,\\lVert x-${inColour(k, sub("\\mu", k))}\\rVert^2}{${D}\\sum ${r}}${added} = ${result(k, value(covariance[0], d))}`];
  }
}
