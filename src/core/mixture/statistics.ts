import type { EmModel, EmStatistics } from "../kernels/em.js";
import { covarianceSize } from "./covariance.js";
import type { Factors } from "./factor.js";
import type { CovarianceType } from "./params.js";

/** Sums over rows, from which the M-step takes the next mixture. */
export type Statistics = EmStatistics;

/** Numbers of second moments that a kernel sums for one component. Spherical needs each column's own. */
export function productsSize(type: CovarianceType, D: number): number {
  return type === "spherical" ? D : covarianceSize(type, D);
}

export function newStatistics(type: CovarianceType, K: number, D: number): Statistics {
  return {
    counts: new Float64Array(K),
    sums: new Float64Array(K * D),
    products: new Float64Array(K * productsSize(type, D)),
    logLikelihood: new Float64Array(1),
  };
}

export function clearStatistics(statistics: Statistics): void {
  statistics.counts.fill(0);
  statistics.sums.fill(0);
  statistics.products.fill(0);
  statistics.logLikelihood[0] = 0;
}

/** What the kernels need, with the statistics centred on `centres` [K, D]. */
export function modelOf(factors: Factors, centres: Float64Array): EmModel {
  const top = factors.logScale.reduce((max, v) => Math.max(max, v), -Infinity);
  return {
    K: factors.K,
    D: factors.D,
    means: factors.means,
    centres,
    roots: factors.roots.map((v) => v * Math.SQRT1_2),
    offsets: factors.logScale.map((v) => v - top),
    top,
  };
}
