import { cholesky, invertLower } from "../math/cholesky.js";
import { covarianceOf } from "./covariance.js";
import type { Mixture } from "./trace.js";

/**
 * A mixture made ready for densities: log w_k N(x; μ_k, Σ_k) = logScale[k] − ½ Σ_a y_a², with y = roots[k] (x − μ_k)
 * and roots[k] the inverse of the Cholesky factor of Σ_k.
 */
export type Factors = {
  readonly K: number;
  readonly D: number;
  /** Whether every root is a diagonal matrix. */
  readonly diagonal: boolean;
  readonly means: Float64Array; // [K, D]
  readonly roots: Float64Array; // [K, D, D] lower triangular; when diagonal [K, D]
  readonly logScale: Float64Array; // [K] log w_k − D/2 log 2π − ½ log |Σ_k|
  readonly smallestPivot: Float64Array; // [K] least squared diagonal entry of the Cholesky factor
};

export type Singular = { readonly singular: number };

/** While fitting, a variance that is left after all others of its component are known must be more than this share of it. */
const pivotTolerance = 1e-12;

/**
 * Factors the covariances.
 * @param onSingular "fail": returns the first component whose covariance is not positive definite. "widen": adds to its
 *   diagonal the smallest power of ten of 1e-14 times its largest variance that makes it so (1e-100 when all are zero);
 *   such a component is a needle that still has a finite density.
 * @param floor [D] variances at or below it count as zero
 */
export function factor(mixture: Mixture, onSingular: "widen"): Factors;
export function factor(mixture: Mixture, onSingular: "fail", floor?: Float64Array): Factors | Singular;
export function factor(mixture: Mixture, onSingular: "fail" | "widen", floor?: Float64Array): Factors | Singular {
  const { K, D, covarianceType } = mixture;
  const diagonal = covarianceType === "diag" || covarianceType === "spherical" || D === 1;
  const size = diagonal ? D : D * D;
  const roots = new Float64Array(K * size);
  const logScale = new Float64Array(K);
  const smallestPivot = new Float64Array(K);
  const covariance = new Float64Array(D * D);
  const lower = new Float64Array(D * D);
  const inverse = new Float64Array(D * D);
  for (let k = 0; k < K; k++) {
    covarianceOf(mixture, k, covariance);
    if (onSingular === "fail") {
      if (cholesky(covariance, D, lower, pivotTolerance) >= 0) return { singular: k };
      if (floor?.some((least, d) => covariance[d * D + d] <= least)) return { singular: k };
    } else if (cholesky(covariance, D, lower) >= 0) widen(covariance, D, lower);
    invertLower(lower, D, inverse);
    let logDet = 0;
    smallestPivot[k] = Infinity;
    for (let d = 0; d < D; d++) {
      const pivot = lower[d * D + d];
      logDet += Math.log(pivot);
      smallestPivot[k] = Math.min(smallestPivot[k], pivot * pivot);
      if (diagonal) roots[k * D + d] = inverse[d * D + d];
    }
    if (!diagonal) roots.set(inverse, k * size);
    logScale[k] = Math.log(mixture.weights[k]) - 0.5 * D * Math.log(2 * Math.PI) - logDet;
  }
  return { K, D, diagonal, means: mixture.means, roots, logScale, smallestPivot };
}

/** Factors a covariance that is not positive definite after adding as little as possible to its diagonal. */
function widen(covariance: Float64Array, D: number, lower: Float64Array): void {
  let largest = 0;
  for (let d = 0; d < D; d++) largest = Math.max(largest, Math.abs(covariance[d * D + d]) || 0);
  const original = covariance.map((v) => (Number.isFinite(v) ? v : 0));
  for (let added = Math.max(1e-14 * largest, 1e-100); ; added *= 10) {
    covariance.set(original);
    for (let d = 0; d < D; d++) covariance[d * D + d] += added;
    if (cholesky(covariance, D, lower) < 0) return;
  }
}
