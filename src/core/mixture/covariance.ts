import type { CovarianceType } from "./params.js";
import type { Mixture } from "./trace.js";

/** Numbers that one component's covariance takes: D·D, D or 1. For tied, all components share one D·D. */
export function covarianceSize(type: CovarianceType, D: number): number {
  return type === "spherical" ? 1 : type === "diag" ? D : D * D;
}

/** Numbers in a mixture's `covariances`. */
export function covariancesLength(type: CovarianceType, K: number, D: number): number {
  return (type === "tied" ? 1 : K) * covarianceSize(type, D);
}

/** Covariance of component k as a full matrix, [D, D] row-major, for any covariance type. */
export function covarianceOf(mixture: Mixture, k: number, out = new Float64Array(mixture.D * mixture.D)): Float64Array {
  const { D, covarianceType, covariances } = mixture;
  if (covarianceType === "full" || covarianceType === "tied") {
    const start = covarianceType === "full" ? k * D * D : 0;
    for (let i = 0; i < D * D; i++) out[i] = covariances[start + i];
    return out;
  }
  out.fill(0, 0, D * D);
  for (let d = 0; d < D; d++) out[d * D + d] = covarianceType === "diag" ? covariances[k * D + d] : covariances[k];
  return out;
}

/** Variance of component k along column d. */
export function varianceOf(mixture: Mixture, k: number, d: number): number {
  const { D, covarianceType, covariances } = mixture;
  switch (covarianceType) {
    case "full":
      return covariances[k * D * D + d * D + d];
    case "tied":
      return covariances[d * D + d];
    case "diag":
      return covariances[k * D + d];
    case "spherical":
      return covariances[k];
  }
}
