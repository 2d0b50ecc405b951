import { covariancesLength } from "./covariance.js";
import { factor } from "./factor.js";
import type { Fit, Mixture, MixtureTrace } from "./trace.js";

export { covarianceOf, varianceOf } from "./covariance.js";
export { ellipseOf, marginal, project, type Ellipse } from "./projection.js";
export { positionOf, positionsOf, shapesStep, sharesStep, sharesStepBefore } from "./positions.js";

/** Kept steps of a fit: 0 is the start. */
export function stepsOf(fit: Fit): number {
  return fit.kept.length;
}

/** The mixture of a fit at kept step s: views on the trace's arrays; between two steps, their interpolation. */
export function mixtureAt(trace: Pick<MixtureTrace, "K" | "D" | "covarianceType" | "fits">, fitIndex: number, s: number): Mixture {
  const { K, D, covarianceType } = trace;
  const fit = trace.fits[fitIndex];
  const last = fit.kept.length - 1;
  const position = Math.min(Math.max(s, 0), last);
  const size = covariancesLength(covarianceType, K, D);
  const at = (step: number): Mixture => ({
    K,
    D,
    covarianceType,
    weights: fit.weights.subarray(step * K, (step + 1) * K),
    means: fit.means.subarray(step * K * D, (step + 1) * K * D),
    covariances: fit.covariances.subarray(step * size, (step + 1) * size),
  });
  const before = Math.floor(position);
  return before === position ? at(before) : interpolate(at(before), at(before + 1), position - before);
}

/**
 * Between mixtures a (t = 0) and b (t = 1) of the same shape. Weights still sum to 1 and covariances stay positive
 * definite, since both are averages.
 */
export function interpolate(a: Mixture, b: Mixture, t: number): Mixture {
  const blend = (from: Float64Array, to: Float64Array) => from.map((v, i) => (v === to[i] ? v : v * (1 - t) + to[i] * t));
  const weights = blend(a.weights, b.weights);
  const sum = weights.reduce((total, w) => total + w, 0);
  return { ...a, weights: weights.map((w) => w / sum), means: blend(a.means, b.means), covariances: blend(a.covariances, b.covariances) };
}

export interface Evaluator {
  readonly K: number;
  readonly D: number;
  /** Writes log w_k N(x; μ_k, Σ_k) to out[0 … K − 1]; x is `x[offset … offset + D − 1]`. @returns log p(x) */
  logJoint(x: Float64Array, offset: number, out: Float64Array): number;
  /**
   * Writes the responsibilities of a point, which sum to 1, to out[0 … K − 1]. A point so far away that every density is
   * zero in floating point belongs to the component with the nearest mean. @returns log p(x)
   */
  responsibilities(x: Float64Array, offset: number, out: Float64Array): number;
}

/** Factors the covariances once. Never throws: a singular covariance is widened to a needle (see `factor`). */
export function evaluator(mixture: Mixture): Evaluator {
  const { K, D, diagonal, means, roots, logScale } = factor(mixture, "widen");

  function squaredDistance(x: Float64Array, offset: number, k: number): number {
    let sum = 0;
    if (diagonal) {
      for (let a = 0; a < D; a++) {
        const y = roots[k * D + a] * (x[offset + a] - means[k * D + a]);
        sum += y * y;
      }
      return sum;
    }
    for (let a = 0; a < D; a++) {
      const row = (k * D + a) * D;
      let y = 0;
      for (let b = 0; b <= a; b++) y += roots[row + b] * (x[offset + b] - means[k * D + b]);
      sum += y * y;
    }
    return sum;
  }

  function logJoint(x: Float64Array, offset: number, out: Float64Array): number {
    let max = -Infinity;
    for (let k = 0; k < K; k++) {
      out[k] = logScale[k] - 0.5 * squaredDistance(x, offset, k);
      if (out[k] > max) max = out[k];
    }
    if (max === -Infinity) return max;
    let sum = 0;
    for (let k = 0; k < K; k++) sum += Math.exp(out[k] - max);
    return max + Math.log(sum);
  }

  function responsibilities(x: Float64Array, offset: number, out: Float64Array): number {
    const logDensity = logJoint(x, offset, out);
    if (logDensity === -Infinity) {
      out.fill(0, 0, K)[nearestMean(x, offset)] = 1;
      return logDensity;
    }
    // Beside a log-density of 1e9 the sum of shares would be lost in its rounding: so divide by the sum.
    let sum = 0;
    for (let k = 0; k < K; k++) sum += out[k] = Math.exp(out[k] - logDensity);
    for (let k = 0; k < K; k++) out[k] /= sum;
    return logDensity;
  }

  function nearestMean(x: Float64Array, offset: number): number {
    let nearest = 0;
    let least = Infinity;
    for (let k = 0; k < K; k++) {
      let distance = 0;
      for (let d = 0; d < D; d++) distance = Math.hypot(distance, x[offset + d] - means[k * D + d]);
      if (distance < least) {
        least = distance;
        nearest = k;
      }
    }
    return nearest;
  }

  return { K, D, logJoint, responsibilities };
}

/** Responsibilities of M points [M, D] row-major: [M, K]. */
export function responsibilitiesOf(mixture: Mixture, points: Float64Array, M: number): Float64Array {
  const { K, D } = mixture;
  const evaluate = evaluator(mixture);
  const row = new Float64Array(K);
  const out = new Float64Array(M * K);
  for (let i = 0; i < M; i++) {
    evaluate.responsibilities(points, i * D, row);
    out.set(row, i * K);
  }
  return out;
}
