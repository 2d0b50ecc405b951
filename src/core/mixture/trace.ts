import type { Skipped } from "../formats/table.js";
import type { Message } from "../contract/index.js";
import type { CovarianceType, StopRule } from "./params.js";

/** A mixture of K Gaussians in D dimensions. C = D·D for full (row-major), D for diag, 1 for spherical. */
export type Mixture = {
  readonly K: number;
  readonly D: number;
  readonly covarianceType: CovarianceType;
  readonly weights: Float64Array; // [K]
  readonly means: Float64Array; // [K, D]
  readonly covariances: Float64Array; // [K, C]; tied: one [D, D]
};

/** One start of EM and everything that followed. Components keep their letter: order is that of the start. */
export type Fit = {
  readonly seed: number;
  readonly iterations: number; // I
  readonly converged: boolean;
  /** The reader stopped it, or `max_iter` did. */
  readonly ended: "converged" | "max_iter" | "stopped" | "failed";
  /** Why it ended early, when it failed. */
  readonly failure?: Message;
  readonly kept: Int32Array; // [S] iteration of each kept step; 0 is the start. All are kept unless the trace would pass its budget
  readonly weights: Float64Array; // [S, K]
  readonly means: Float64Array; // [S, K, D]
  readonly covariances: Float64Array; // [S, K, C]; tied [S, D, D]
  readonly counts: Float64Array; // [S, K] summed responsibilities of the E-step that led to this step; NaN at the start
  readonly logLikelihood: Float64Array; // [I + 1] total over all rows, at the parameters of each iteration
  readonly change: Float64Array; // [I + 1] what the stop rule compared with tol; NaN at the start
  readonly fell: Int32Array; // iterations at which the log-likelihood fell by more than rounding
  readonly collapsed: Uint8Array; // [K] 1 where the final component sits on a few points or has no variance
  readonly aic: number;
  readonly bic: number;
};

/** Fits for several K, flat: R = sum over K of the starts. */
export type Sweep = {
  readonly k: Int32Array; // [R]
  readonly aic: Float64Array; // [R]
  readonly bic: Float64Array; // [R]
  readonly logLikelihood: Float64Array; // [R]
  readonly collapsed: Uint8Array; // [R] 1: has a collapsed component, is not counted
  readonly bestBic: number; // index into the rows above of the least BIC that counts, or -1
  readonly bestAic: number;
};

export type ColumnStats = {
  readonly min: Float64Array; // [D]
  readonly max: Float64Array; // [D]
  readonly mean: Float64Array; // [D]
  readonly std: Float64Array; // [D] divided by N
  readonly q25: Float64Array; // [D]
  readonly q75: Float64Array; // [D]
};

export type MixtureTrace = {
  readonly N: number; // rows fitted
  readonly D: number;
  readonly K: number;
  readonly covarianceType: CovarianceType;
  readonly regCovar: number;
  readonly tol: number;
  readonly maxIter: number;
  readonly stopRule: StopRule;
  readonly columns: readonly string[]; // [D] names
  readonly available: readonly { readonly name: string; readonly numbers: number; readonly numeric: boolean }[]; // the table's columns, for the picker
  readonly format: string;
  readonly total: number; // rows of the table
  readonly skipped: readonly Skipped[];
  readonly stats: ColumnStats;
  /** The rows drawn: all, or an even sample of `draw_limit` of them. M rows. */
  readonly points: Float64Array; // [M, D]
  readonly lines: Int32Array; // [M] 1-based line, or row of a binary file
  readonly spans: Int32Array | null; // [M, 2] offsets of each row in the source's text
  readonly index: Int32Array; // [M] position among the N fitted rows
  /** Counts of all N rows in equal cells from min to max, one column only and only when points are sampled; 27,720 cells. */
  readonly cells: Float64Array | null;
  readonly fits: readonly Fit[]; // n_init starts
  readonly best: number; // index of the fit with the highest final log-likelihood among those without a collapse
  readonly sweep: Sweep | null;
  /** Why there is no sweep, when it was asked for. */
  readonly sweepSkipped: Message | null;
  /** "warm": started from an earlier result. */
  readonly start: "fresh" | "warm" | "continued";
  /** Principal axes of the data, for D > 2. */
  readonly pca: { readonly mean: Float64Array; readonly axes: Float64Array; readonly explained: Float64Array } | null; // [D], [2, D], [2] shares
  /** The iteration after which the article's program stops, under the preset. */
  readonly publishedStop: number | null;
};
