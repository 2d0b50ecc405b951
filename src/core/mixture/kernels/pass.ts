import type { Factors } from "../factor.js";
import type { CovarianceType } from "../params.js";
import { em1 } from "./em1.js";
import { em2 } from "./em2.js";
import { emDiagonal } from "./emDiagonal.js";
import { emFull } from "./emFull.js";
import { blockRows, clearStatistics, modelOf, type Kernel, type Scratch, type Statistics } from "./model.js";

/** The kernel for a shape. */
export function kernelFor(type: CovarianceType, D: number): Kernel {
  if (D === 1) return em1;
  if (type === "diag" || type === "spherical") return emDiagonal;
  return D === 2 ? em2 : emFull;
}

/** Rows to work through between two yields: a few milliseconds' worth, whole blocks, so that slicing changes no result. */
export function sliceRows(K: number, D: number): number {
  return Math.max(1, Math.floor(1_000_000 / (K * (8 + D * (D + 4)) * blockRows))) * blockRows;
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
  scratch: Scratch,
): Generator<number, void, void> {
  const kernel = kernelFor(type, factors.D);
  const model = modelOf(factors, centres);
  const slice = sliceRows(factors.K, factors.D);
  clearStatistics(out);
  for (let from = 0; from < N; from += slice) {
    if (from > 0) yield from;
    kernel(columns, from, Math.min(N, from + slice), model, out, scratch);
  }
}
