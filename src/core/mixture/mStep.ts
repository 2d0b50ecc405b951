import { covariancesLength } from "./covariance.js";
import { productsSize, type Statistics } from "./statistics.js";
import type { CovarianceType } from "./params.js";
import type { Mixture } from "./trace.js";

/** Added to every effective count, as scikit-learn does, so that an empty component divides by something. */
const tiny = 10 * Number.EPSILON;

/**
 * The M-step: weights, means and covariances from the sums of one pass, as scikit-learn defines them, with `regCovar` added
 * to the diagonals. Sums are about `centres` [K, D]. A component that no row belongs to goes to the origin.
 */
export function maximise(
  statistics: Statistics,
  centres: Float64Array,
  type: CovarianceType,
  K: number,
  D: number,
  regCovar: number,
): Mixture {
  const { counts, sums, products } = statistics;
  const size = productsSize(type, D);
  const weights = new Float64Array(K);
  const means = new Float64Array(K * D);
  const covariances = new Float64Array(covariancesLength(type, K, D));
  const shift = new Float64Array(D);
  const pull = new Float64Array(D);
  let total = 0;
  for (let k = 0; k < K; k++) total += weights[k] = counts[k] + tiny;
  for (let k = 0; k < K; k++) {
    const n = counts[k];
    const divisor = type === "tied" ? total : weights[k];
    for (let d = 0; d < D; d++) {
      const at = k * D + d;
      shift[d] = n > 0 ? sums[at] / n : 0;
      const mean = centres[at] + shift[d];
      means[at] = mean * (n / weights[k]);
      pull[d] = mean - means[at];
    }
    /** Scatter of columns a and b about the new mean, over the divisor; 0 where a variance is but its rounding. */
    const scatter = (a: number, b: number, product: number) => {
      const value = (product - n * (shift[a] * shift[b] - pull[a] * pull[b])) / divisor;
      return a === b && value <= (4 * Number.EPSILON * means[k * D + a]) ** 2 ? 0 : value;
    };
    if (type === "full" || type === "tied") {
      const start = type === "full" ? k * D * D : 0;
      for (let a = 0; a < D; a++) {
        for (let b = 0; b <= a; b++) {
          const value = scatter(a, b, products[k * size + a * D + b]);
          covariances[start + a * D + b] += value;
          if (a !== b) covariances[start + b * D + a] += value;
        }
      }
    } else {
      for (let d = 0; d < D; d++) {
        // scikit-learn takes E[x²] − E[x]² here, which differs from the scatter where `tiny` outweighs the rows.
        const surplus = n < 1e-6 ? means[k * D + d] ** 2 * (tiny / divisor) : 0;
        const value = scatter(d, d, products[k * size + d]) + surplus;
        if (type === "diag") covariances[k * D + d] = value;
        else covariances[k] += value / D;
      }
    }
  }
  for (let k = 0; k < K; k++) weights[k] /= total;
  addToDiagonal(covariances, type, K, D, regCovar);
  return { K, D, covarianceType: type, weights, means, covariances };
}

function addToDiagonal(covariances: Float64Array, type: CovarianceType, K: number, D: number, value: number): void {
  if (type === "diag" || type === "spherical") {
    for (let i = 0; i < covariances.length; i++) covariances[i] += value;
    return;
  }
  const matrices = type === "full" ? K : 1;
  for (let k = 0; k < matrices; k++) for (let d = 0; d < D; d++) covariances[k * D * D + d * (D + 1)] += value;
}

/**
 * Whether a mean moved so far, beside the spread around its new place, that sums about the old place have lost digits of the
 * covariance; they should then be taken again about the new one.
 * @param smallestPivot [K] of the new covariances; absent where one of them could not be factored
 */
export function movedFar(before: Float64Array, after: Mixture, statistics: Statistics, smallestPivot: Float64Array | undefined): boolean {
  const { K, D } = after;
  for (let k = 0; k < K; k++) {
    if (statistics.counts[k] === 0) continue;
    let farthest = 0;
    for (let d = 0; d < D; d++) farthest = Math.max(farthest, Math.abs(after.means[k * D + d] - before[k * D + d]));
    if (farthest > 0 && farthest * farthest > 1e4 * (smallestPivot ? smallestPivot[k] : 0)) return true;
  }
  return false;
}
