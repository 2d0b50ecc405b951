import { covariancesLength } from "./covariance.js";
import { factor } from "./factor.js";
import type { CovarianceType } from "./params.js";
import type { Mixture, MixtureTrace } from "./trace.js";

/** What a run leaves for a later one to start from: the final mixture of its best fit, in buffers of its own. */
export type Carry = Mixture & {
  readonly columns: readonly string[];
  /** The fit had not converged. */
  readonly unfinished: boolean;
  /** A component of it had collapsed: only its letters are of use. */
  readonly collapsed: boolean;
};

export function carryOf(trace: MixtureTrace): Carry {
  const { K, D, covarianceType, columns } = trace;
  const fit = trace.fits[trace.best];
  return {
    K,
    D,
    covarianceType,
    weights: fit.weights.slice(-K),
    means: fit.means.slice(-K * D),
    covariances: fit.covariances.slice(-covariancesLength(covarianceType, K, D)),
    columns: [...columns],
    unfinished: fit.ended === "stopped" || fit.ended === "max_iter",
    collapsed: fit.ended === "failed" || fit.collapsed.includes(1),
  };
}

/** A carry of the same columns, or undefined: whatever an earlier run of another kind left is not trusted. */
export function readCarry(value: unknown, columns: readonly string[]): Carry | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { K, D, covarianceType, weights, means, covariances, columns: names } = value as Partial<Carry>;
  const sizes =
    typeof K === "number" &&
    D === columns.length &&
    Array.isArray(names) &&
    names.length === columns.length &&
    names.every((name, d) => name === columns[d]) &&
    weights?.length === K &&
    means?.length === K * D &&
    covariances?.length === covariancesLength(covarianceType as CovarianceType, K, D);
  return sizes && [weights, means, covariances].every((part) => part.every(Number.isFinite)) ? (value as Carry) : undefined;
}

/** Whether a run with K components of a type can start from the carry as it is. */
export function startsFrom(carry: Carry, K: number, type: CovarianceType): boolean {
  return carry.K === K && carry.covarianceType === type && !carry.collapsed && !("singular" in factor(carry, "fail"));
}
