import { covarianceSize } from "../covariance.js";
import type { Factors } from "../factor.js";
import type { CovarianceType } from "../params.js";

/** Rows that a kernel works through at a time: its scratch then stays in the first-level cache. */
export const blockRows = 128;

/** What one pass needs to know, laid out for the kernels. */
export type Model = {
  readonly K: number;
  readonly D: number;
  readonly means: Float64Array; // [K, D] where the densities are centred
  readonly centres: Float64Array; // [K, D] where the statistics are centred
  readonly roots: Float64Array; // [K, D, D] or [K, D] inverse Cholesky factors, times √½
  readonly offsets: Float64Array; // [K] log scale of the densities, less `top`
  readonly top: number; // the largest log scale
};

/** Sums over rows under responsibilities r and with d = x − centre. C = D·D (lower triangle) or D. */
export type Statistics = {
  readonly counts: Float64Array; // [K] Σ r
  readonly sums: Float64Array; // [K, D] Σ r d
  readonly products: Float64Array; // [K, C] Σ r d dᵀ
  readonly logLikelihood: Float64Array; // [1] Σ log p(x)
};

/** Scratch for one pass. */
export type Scratch = {
  readonly shares: Float64Array; // [K, blockRows]
  readonly totals: Float64Array; // [blockRows]
  readonly exponents: Float64Array; // [blockRows]
  readonly chosen: Int32Array; // [blockRows]
  readonly rows: Float64Array; // [D + 1, blockRows]; the last row stays zero
};

export type Kernel = (columns: readonly Float64Array[], from: number, to: number, model: Model, out: Statistics, scratch: Scratch) => void;

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

export function newScratch(K: number, D: number): Scratch {
  return {
    shares: new Float64Array(K * blockRows),
    totals: new Float64Array(blockRows),
    exponents: new Float64Array(blockRows),
    chosen: new Int32Array(blockRows),
    rows: new Float64Array((D + 1) * blockRows),
  };
}

export function modelOf(factors: Factors, centres: Float64Array): Model {
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
