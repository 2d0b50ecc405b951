import { cholesky } from "../math/cholesky.js";
import { eigenSymmetric } from "../math/eigen.js";
import { covarianceOf } from "./covariance.js";
import type { CovarianceType } from "./params.js";
import type { Mixture } from "./trace.js";

/** Free parameters of a mixture. */
export function parameterCount(type: CovarianceType, K: number, D: number): number {
  const shapes = { full: (K * D * (D + 1)) / 2, tied: (D * (D + 1)) / 2, diag: K * D, spherical: K }[type];
  return shapes + K * D + K - 1;
}

/** Akaike's information criterion; less is better. */
export function aic(logLikelihood: number, type: CovarianceType, K: number, D: number): number {
  return 2 * parameterCount(type, K, D) - 2 * logLikelihood;
}

/** The Bayesian information criterion over N rows; less is better. */
export function bic(logLikelihood: number, type: CovarianceType, K: number, D: number, N: number): number {
  return Math.log(N) * parameterCount(type, K, D) - 2 * logLikelihood;
}

/** Directions in which the data themselves spread, in columns divided by their standard deviations. */
export type Spread = {
  readonly scale: Float64Array; // [D] standard deviations, 1 for constant columns
  readonly directions: Float64Array; // [P, D] orthonormal
  readonly floor: Float64Array; // [D] scaled variance at or below which there is none
};

/**
 * @param covariance [D, D] of the data
 * @param regCovar what every covariance has on its diagonal in any case
 */
export function spreadOf(covariance: Float64Array, D: number, regCovar: number): Spread {
  const scale = new Float64Array(D).map((_, d) => Math.sqrt(covariance[d * D + d]) || 1);
  const floor = scale.map((s) => 2 * (regCovar / s / s) + 1e-20);
  const scaled = covariance.slice();
  for (let a = 0; a < D; a++) for (let b = 0; b < D; b++) scaled[a * D + b] = covariance[a * D + b] / scale[a] / scale[b] - (a === b ? floor[a] : 0);
  const { values, vectors } = eigenSymmetric(scaled, D);
  // Eigenvalues of repeated columns are zero up to the rounding of the others, which are near 1.
  const P = values.filter((v) => v > 1e-12).length;
  return { scale, directions: vectors.slice(0, P * D), floor };
}

/**
 * Components that explain nothing but themselves: they sit on fewer than D + 1 rows (full; 2 for the other types), or have
 * no variance but `reg_covar`'s in some direction in which the data do spread.
 * @param counts [K] effective counts
 * @returns [K] of 0 and 1
 */
export function collapsedComponents(mixture: Mixture, counts: Float64Array, spread: Spread): Uint8Array {
  const { K, D, covarianceType } = mixture;
  const fewest = covarianceType === "full" ? D + 1 : 2;
  const covariance = new Float64Array(D * D);
  return Uint8Array.from({ length: K }, (_, k) => {
    // An effective count is a sum of shares: give way to their rounding.
    if (counts[k] < fewest - 1e-6) return 1;
    return isFlat(covarianceOf(mixture, k, covariance), D, spread) ? 1 : 0;
  });
}

/** Whether the covariance, less its floor, is positive definite on the directions of the data's spread. */
function isFlat(covariance: Float64Array, D: number, { scale, directions, floor }: Spread): boolean {
  const P = directions.length / D;
  if (P === 0) return true;
  const half = new Float64Array(P * D);
  const inside = new Float64Array(P * P);
  for (let a = 0; a < D; a++) for (let b = 0; b < D; b++) covariance[a * D + b] = covariance[a * D + b] / scale[a] / scale[b] - (a === b ? floor[a] : 0);
  for (let p = 0; p < P; p++) for (let b = 0; b < D; b++) for (let a = 0; a < D; a++) half[p * D + b] += directions[p * D + a] * covariance[a * D + b];
  for (let p = 0; p < P; p++) for (let q = 0; q <= p; q++) for (let b = 0; b < D; b++) inside[p * P + q] += half[p * D + b] * directions[q * D + b];
  return cholesky(inside, P, inside) >= 0;
}
