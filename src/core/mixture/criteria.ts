import { cholesky } from "../math/cholesky.js";
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

/** How the data themselves spread. */
export type Spread = {
  readonly scale: Float64Array; // [D] standard deviations, 1 for constant columns
  readonly varying: Uint8Array; // [D] 1: the column has more variance than reg_covar gives it
  readonly independent: readonly number[]; // columns that vary and do not follow from those before them
  readonly regCovar: number;
};

/**
 * @param covariance [D, D] of the data
 * @param regCovar what every covariance has on its diagonal in any case
 */
export function spreadOf(covariance: Float64Array, D: number, regCovar: number): Spread {
  const scale = new Float64Array(D).map((_, d) => Math.sqrt(covariance[d * D + d]) || 1);
  const rest = new Float64Array(D * D);
  for (let a = 0; a < D; a++) for (let b = 0; b < D; b++) rest[a * D + b] = (covariance[a * D + b] - (a === b ? 2 * regCovar : 0)) / scale[a] / scale[b];
  // What is left of repeated columns is zero up to the rounding of the others, which are near 1.
  const isLeft = (d: number) => rest[d * D + d] > 1e-12;
  const varying = new Uint8Array(D).map((_, d) => (isLeft(d) ? 1 : 0));
  const independent: number[] = [];
  for (let left = Array.from(scale.keys()).filter(isLeft); left.length > 0; left = left.filter(isLeft)) {
    const d = left.reduce((best, each) => (rest[each * D + each] > rest[best * D + best] ? each : best));
    independent.push(d);
    const column = Float64Array.from(scale, (_, a) => rest[a * D + d]);
    for (const a of left) for (const b of left) rest[a * D + b] -= (column[a] * column[b]) / column[d];
    rest[d * D + d] = 0;
  }
  return { scale, varying, independent, regCovar };
}

/** How many rows a component must hold to have a width of its own in every direction. */
export function fewestRows({ D, covarianceType }: Pick<Mixture, "D" | "covarianceType">): number {
  return covarianceType === "full" ? D + 1 : 2;
}

/** Whether an effective count, which is a sum of shares, is less than a number by more than their rounding. */
export function isBelow(count: number, rows: number): boolean {
  return count < rows - 1e-6;
}

/**
 * Components that explain nothing but themselves: they sit on fewer than D + 1 rows (full; 2 for the other types), or have
 * no variance but `reg_covar`'s in some direction in which the data do spread. How far the data spread there does not count:
 * an outlier may be any distance away.
 * @param counts [K] effective counts
 * @returns [K] of 0 and 1
 */
export function collapsedComponents(mixture: Mixture, counts: Float64Array, spread: Spread): Uint8Array {
  const { K, D } = mixture;
  const fewest = fewestRows(mixture);
  const covariance = new Float64Array(D * D);
  return Uint8Array.from({ length: K }, (_, k) => {
    if (isBelow(counts[k], fewest)) return 1;
    return isFlat(covarianceOf(mixture, k, covariance), mixture.means.subarray(k * D, (k + 1) * D), spread) ? 1 : 0;
  });
}

/** Whether a component has no variance of its own in a column that varies, or the independent columns share a plane in it. */
function isFlat(covariance: Float64Array, mean: Float64Array, { varying, independent, regCovar }: Spread): boolean {
  const D = mean.length;
  const P = independent.length;
  if (P === 0) return true;
  // Rows that are equal differ from their mean by its rounding.
  const rounding = mean.map((m) => (16 * Number.EPSILON * m) ** 2);
  for (let d = 0; d < D; d++) if (varying[d] && covariance[d * D + d] <= (1 + 1e-9) * regCovar + rounding[d]) return true;
  const own = new Float64Array(P * P);
  for (let p = 0; p < P; p++) {
    for (let q = 0; q < P; q++) {
      const [a, b] = [independent[p], independent[q]];
      const scale = Math.sqrt(covariance[a * D + a]) * Math.sqrt(covariance[b * D + b]);
      own[p * P + q] = (covariance[a * D + b] - (a === b ? 2 * regCovar + rounding[a] : 0)) / scale;
    }
  }
  return cholesky(own, P, own) >= 0;
}
