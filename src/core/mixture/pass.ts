import { kernels } from "../kernels/current.js";
import type { EmKernel } from "../kernels/em.js";
import type { Factors } from "./factor.js";
import type { CovarianceType } from "./params.js";
import { clearStatistics, modelOf, type Statistics } from "./statistics.js";

/** Kernels work on whole blocks of so many rows. */
export const blockRows = 128;

/** The kernel for a shape. */
export function kernelFor(type: CovarianceType, D: number): EmKernel {
  const { em } = kernels();
  return type === "diag" || type === "spherical" || D === 1 ? em.diagonal : em.full;
}

/** Rows to work through between two yields: a few milliseconds' worth, whole blocks, so that slicing changes no result. */
export function sliceRows(K: number, D: number): number {
  return Math.max(1, Math.floor(4_000_000 / (K * (8 + D * (D + 4)) * blockRows))) * blockRows;
}

/**
 * One pass over all rows: the responsibilities under `factors` and, centred on `centres` [K, D], the sums that the M-step
 * needs, without ever holding a responsibility longer than a block. Yields the rows done.
 */
export function* emPass(
  columns: readonly Float64Array[],
  N: number,
  type: CovarianceType,
  factors: Factors,
  centres: Float64Array,
  out: Statistics,
): Generator<number, void, void> {
  const kernel = kernelFor(type, factors.D);
  const model = modelOf(factors, centres);
  const slice = sliceRows(factors.K, factors.D);
  clearStatistics(out);
  for (let from = 0; from < N; from += slice) {
    if (from > 0) yield from;
    kernel(columns, from, Math.min(N, from + slice), model, out);
  }
}
