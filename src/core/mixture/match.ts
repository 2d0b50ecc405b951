import { assign } from "../math/assignment.js";
import type { CovarianceType } from "./params.js";
import type { Fit, Mixture } from "./trace.js";

/**
 * Gives components the letters of those they continue: a one-to-one match to an earlier mixture at the least sum of squared
 * distances between means, with columns in units of `scale`. Where the earlier one has fewer components, the others keep
 * their order.
 * @returns order [K]: component order[k] of `mixture` becomes component k
 */
export function matchTo(earlier: Mixture, mixture: Mixture, scale: Float64Array): Int32Array {
  const { K, D } = mixture;
  const cost = new Float64Array(K * K);
  for (let to = 0; to < Math.min(K, earlier.K); to++) {
    for (let from = 0; from < K; from++) {
      for (let d = 0; d < D; d++) {
        const difference = (mixture.means[from * D + d] - earlier.means[to * D + d]) / (scale[d] || 1);
        // Beyond that, components are only "far": their cost must stay finite.
        cost[to * K + from] += Math.min(difference * difference, 1e12);
      }
    }
  }
  const order = assign(cost, K);
  // Unmatched letters cost nothing whichever they take, so their components are put back into the order they had.
  const rest = Array.from(order.slice(earlier.K)).sort((a, b) => a - b);
  rest.forEach((from, i) => (order[earlier.K + i] = from));
  return order;
}

/** Letters from left to right: the order of the components by the first column of their means, [K]; ties stay as they are. */
export function fromLeft({ K, D, means }: Mixture): Int32Array {
  return Int32Array.from(Array.from({ length: K }, (_, k) => k).sort((a, b) => means[a * D] - means[b * D]));
}

/** The mixture with component order[k] in place k. */
export function reorder(mixture: Mixture, order: Int32Array): Mixture {
  return { ...mixture, ...inOrder(mixture, mixture.covarianceType, 1, order) };
}

/** The fit with component order[k] in place k, at every step. */
export function reorderFit(fit: Fit, type: CovarianceType, order: Int32Array): Fit {
  const steps = fit.kept.length;
  return {
    ...fit,
    ...inOrder(fit, type, steps, order),
    counts: rowsInOrder(fit.counts, steps, order),
    collapsed: fit.collapsed.map((_, k) => fit.collapsed[order[k]]),
  };
}

type Components = Pick<Mixture, "weights" | "means" | "covariances">;

/** Components of one step or more with component order[k] in place k. */
function inOrder({ weights, means, covariances }: Components, type: CovarianceType, steps: number, order: Int32Array): Components {
  return {
    weights: rowsInOrder(weights, steps, order),
    means: rowsInOrder(means, steps, order),
    covariances: type === "tied" ? covariances : rowsInOrder(covariances, steps, order),
  };
}

/** [steps, K, …] with what is of component order[k] in place k. */
function rowsInOrder(values: Float64Array, steps: number, order: Int32Array): Float64Array {
  const out = new Float64Array(values.length);
  const width = values.length / (steps * order.length);
  for (let start = 0; start < values.length; start += order.length * width) {
    order.forEach((from, to) => out.set(values.subarray(start + from * width, start + (from + 1) * width), start + to * width));
  }
  return out;
}
