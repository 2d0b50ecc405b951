import { covarianceOf } from "./covariance.js";
import type { Mixture } from "./trace.js";

/**
 * The mixture seen along P directions: y = axes (x − origin) is again a mixture of Gaussians.
 * @param axes [P, D] rows are directions
 * @param origin [D]
 * @returns full covariances in P dimensions
 */
export function project(mixture: Mixture, axes: Float64Array, origin: Float64Array): Mixture {
  const { K, D } = mixture;
  const P = axes.length / D;
  const means = new Float64Array(K * P);
  const covariances = new Float64Array(K * P * P);
  const covariance = new Float64Array(D * D);
  const half = new Float64Array(P * D);
  for (let k = 0; k < K; k++) {
    covarianceOf(mixture, k, covariance);
    for (let p = 0; p < P; p++) {
      let mean = 0;
      for (let d = 0; d < D; d++) mean += axes[p * D + d] * (mixture.means[k * D + d] - origin[d]);
      means[k * P + p] = mean;
      for (let e = 0; e < D; e++) {
        let sum = 0;
        for (let d = 0; d < D; d++) sum += axes[p * D + d] * covariance[d * D + e];
        half[p * D + e] = sum;
      }
    }
    for (let p = 0; p < P; p++) {
      for (let q = 0; q <= p; q++) {
        let sum = 0;
        for (let e = 0; e < D; e++) sum += half[p * D + e] * axes[q * D + e];
        covariances[k * P * P + p * P + q] = covariances[k * P * P + q * P + p] = sum;
      }
    }
  }
  return { K, D: P, covarianceType: "full", weights: mixture.weights, means, covariances };
}

/** The mixture of some of the columns only: means and covariances of the others are left out. Full covariances. */
export function marginal(mixture: Mixture, dims: readonly number[]): Mixture {
  const { K, D } = mixture;
  const P = dims.length;
  const means = new Float64Array(K * P);
  const covariances = new Float64Array(K * P * P);
  const covariance = new Float64Array(D * D);
  for (let k = 0; k < K; k++) {
    covarianceOf(mixture, k, covariance);
    for (let p = 0; p < P; p++) {
      means[k * P + p] = mixture.means[k * D + dims[p]];
      for (let q = 0; q < P; q++) covariances[k * P * P + p * P + q] = covariance[dims[p] * D + dims[q]];
    }
  }
  return { K, D: P, covarianceType: "full", weights: mixture.weights, means, covariances };
}

export type Ellipse = {
  readonly cx: number;
  readonly cy: number;
  /** Half-axes, the longer first. */
  readonly rx: number;
  readonly ry: number;
  /** Of the longer axis, counter-clockwise from x in data coordinates, radians in (−π/2, π/2]. */
  readonly angle: number;
};

/** The 1-sigma ellipse of component k of a mixture in two dimensions. */
export function ellipseOf(mixture: Mixture, k: number): Ellipse {
  const [a, b, , c] = covarianceOf(mixture, k);
  const middle = (a + c) / 2;
  const spread = Math.hypot((a - c) / 2, b);
  const smaller = spread > 0 && middle > 0 ? (a * c - b * b) / (middle + spread) : middle - spread;
  return {
    cx: mixture.means[2 * k],
    cy: mixture.means[2 * k + 1],
    rx: Math.sqrt(Math.max(0, middle + spread)),
    ry: Math.sqrt(Math.max(0, smaller)),
    angle: spread === 0 ? 0 : Math.atan2(2 * b, a - c) / 2,
  };
}
