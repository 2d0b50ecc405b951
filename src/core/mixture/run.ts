import { msg, type Env, type Message, type Outcome, type Progress } from "../contract/index.js";
import { choicesOf, type Matrix, type Table } from "../formats/table.js";
import { readCarry, startsFrom } from "./carry.js";
import { countDistinct, dataWarnings, distinctProblem, rangeProblem, shapeProblem } from "./check.js";
import { spreadOf } from "./criteria.js";
import type { Data } from "./data.js";
import { cellsOf, momentsOf, pointsOf, principalAxes, rangeOf, sampleRows, type Moments } from "./describe.js";
import type { FitOptions, FitProgress } from "./fit.js";
import type { MixtureParams } from "./params.js";
import { through } from "../steps.js";
import { decimal } from "../text/numberText.js";
import { columnsToShare } from "./emPieces.js";
import { fitProblems } from "./fitProblems.js";
import { fitAll, type Restarting } from "./restarts.js";
import type { StartOptions } from "./start.js";
import { seedOf, sweepK, sweepTooLong } from "./sweep.js";
import type { Fit, MixtureTrace, Sweep } from "./trace.js";

type Step = Progress<MixtureTrace>;

/** Budget for the kept steps of all fits of a trace. */
const traceBytes = 16e6;

/**
 * From rows to a trace: checks, description, `n_init` fits, and the comparison of K. Every step takes a few milliseconds.
 * @param matrix the rows to fit, chosen from `table`
 */
export function* runMixture(table: Table, matrix: Matrix, params: MixtureParams, env: Env): Generator<Step, Outcome<MixtureTrace>, void> {
  const unfit = shapeProblem(matrix, params);
  if (unfit) return { ok: false, problems: [unfit] };
  const given: Data = { columns: matrix.columns, N: matrix.n, D: matrix.names.length };
  const K = params.n_components;
  const range = yield* under(rangeOf(given), msg("looking at the columns"));
  const outOfRange = rangeProblem(range, matrix.names);
  if (outOfRange) return { ok: false, problems: [outOfRange] };
  const distinct = yield* under(countDistinct(given, Math.max(K, params.sweep_max)), msg("looking at the columns"));
  const tooMany = distinctProblem(distinct, K);
  if (tooMany) return { ok: false, problems: [tooMany] };
  const shared = columnsToShare(given.columns, given.N, params.covariance_type, Math.max(K, params.sweep_max));
  const data: Data = { ...given, columns: yield* under(shared, msg("looking at the columns")) };
  const moments = yield* under(momentsOf(data, range), msg("looking at the columns"));
  const describe = yield* describer(table, matrix, data, params, moments);

  const carry = readCarry(env.carried, matrix.names);
  const warm = carry !== undefined && params.init_params !== "given" && startsFrom(carry, K, params.covariance_type);
  const starting: StartOf = {
    K,
    type: params.covariance_type,
    regCovar: params.reg_covar,
    method: params.init_params,
    meansInit: params.means_init,
    std: moments.stats.std,
  };
  const fitting: FitOf = {
    regCovar: params.reg_covar,
    tol: params.tol,
    maxIter: params.max_iter,
    stopRule: params.stop_rule === "lower_bound" ? "lower_bound" : "parameters",
    spread: spreadOf(moments.covariance, data.D, params.reg_covar),
    stopping: env.stopping,
  };
  const start: MixtureTrace["start"] = !warm ? "fresh" : carry.unfinished ? "continued" : "warm";
  const traceOf = (fits: readonly Fit[], sweep: Sweep | null, skipped: Message | null) => describe({ fits, best: bestOf(fits), sweep, sweepSkipped: skipped, start });

  const starts = warm || params.init_params === "given" ? 1 : params.n_init;
  const restarting = fitAll(data, {
    seeds: Array.from({ length: starts }, (_, r) => seedOf(params.random_state, r)),
    start: starting,
    fit: { ...fitting, bytes: traceBytes / starts },
    ...(warm ? { warm: carry } : params.init_params === "given" ? {} : { earlier: carry }),
  });
  const { fits, every } = yield* through(restarting, (at): Step => stepOf(at, starts, (known) => traceOf(known, null, null)));
  const best = fits[bestOf(fits)];
  const problems = [...dataWarnings(moments, matrix.names, params), ...fitProblems(fits, best, every, params, moments)];
  if (!Number.isFinite(best.logLikelihood[0])) return { ok: false, problems };

  const most = Math.min(params.sweep_max, distinct);
  const sweepOptions = { most, starts: params.sweep_n_init };
  const skipped = env.stopping() && most > 0
    ? msg("The fit was stopped before K = 1 … {0} was compared.", most)
    : most > 0 && !params.sweep_always
      ? sweepTooLong(data.N, data.D, sweepOptions)
      : null;
  if (most === 0 || skipped) return { ok: true, trace: traceOf(fits, null, skipped), problems };
  yield { fraction: 0, message: msg("comparing K = 1 … {0}", most), trace: () => traceOf(fits, null, null) };
  const alike = start === "fresh" && params.init_params !== "given";
  const sweeping = sweepK(data, {
    ...sweepOptions,
    randomState: params.random_state,
    start: { ...starting, method: params.init_params === "given" ? "k-means++" : params.init_params },
    fit: fitting,
    known: { K, fits: alike ? fits : [] },
  });
  const sweep = yield* through(sweeping, (fraction): Step => ({ fraction, message: msg("comparing K = 1 … {0}", most) }));
  return {
    ok: true,
    trace: traceOf(fits, sweep ?? null, sweep ? null : msg("The comparison of K = 1 … {0} was stopped.", most)),
    problems,
  };
}

type StartOf = Omit<StartOptions, "random">;
type FitOf = Omit<FitOptions, "seed" | "bytes">;

/** The fit with the highest likelihood among those without a collapse; else among those that did not fail; else of all. */
export function bestOf(fits: readonly Fit[]): number {
  const rank = (fit: Fit) => (fit.ended === "failed" ? 0 : fit.collapsed.includes(1) ? 1 : 2);
  const final = (fit: Fit) => fit.logLikelihood[fit.iterations];
  let best = 0;
  fits.forEach((fit, i) => {
    const difference = rank(fit) - rank(fits[best]);
    if (difference > 0 || (difference === 0 && !(final(fit) <= final(fits[best])))) best = i;
  });
  return best;
}

function stepOf({ r, progress, fits }: Restarting, starts: number, traceOf: (fits: readonly Fit[]) => MixtureTrace): Step {
  const place = starts > 1 ? msg("start {0} of {1}", r + 1, starts) : undefined;
  if (!progress) return { fraction: NaN, message: place ?? msg("choosing the start") };
  return { fraction: starts > 1 ? r / starts : NaN, message: progressMessage(progress, place), trace: () => traceOf(fits()) };
}

function progressMessage({ iteration, logLikelihood }: FitProgress, place: Message | undefined): Message {
  const value = Number.isFinite(logLikelihood) ? decimal(logLikelihood, 2) : "…";
  return place
    ? msg("{0}, iteration {1}, log-likelihood {2}", place, iteration, value)
    : msg("iteration {0}, log-likelihood {1}", iteration, value);
}

/** Passes a generator's yields on as progress. */
function under<R>(steps: Generator<unknown, R, void>, message: Message): Generator<Step, R, void> {
  return through(steps, () => ({ fraction: NaN, message }));
}

type Found = Pick<MixtureTrace, "fits" | "best" | "sweep" | "sweepSkipped" | "start">;

/** Everything of a trace that does not depend on the fits; each trace gets buffers of its own, since they may be handed over. */
function* describer(
  table: Table,
  matrix: Matrix,
  data: Data,
  params: MixtureParams,
  moments: Moments,
): Generator<Step, (found: Found) => MixtureTrace, void> {
  const { N, D } = data;
  const rows = sampleRows(N, params.draw_limit);
  const points = pointsOf(data, rows);
  const tableRow = (i: number) => (matrix.rows ? matrix.rows[rows[i]] : rows[i]);
  const lines = rows.map((_, i) => (table.lines ? table.lines[tableRow(i)] : tableRow(i) + 1));
  const tableSpans = table.spans;
  const spans = tableSpans && Int32Array.from({ length: 2 * rows.length }, (_, i) => tableSpans[2 * tableRow(i >> 1) + (i & 1)]);
  const { min, max } = moments.stats;
  const sampled = D === 1 && rows.length < N;
  const cells = sampled ? yield* under(cellsOf(data.columns[0], N, min[0], max[0]), msg("looking at the columns")) : null;
  const pca = principalAxes(moments, D);
  const available = choicesOf(table);
  return (found) => ({
    N,
    D,
    K: params.n_components,
    covarianceType: params.covariance_type,
    regCovar: params.reg_covar,
    tol: params.tol,
    maxIter: params.max_iter,
    stopRule: params.stop_rule,
    columns: [...matrix.names],
    available,
    format: table.format,
    total: matrix.total,
    skipped: matrix.skipped.map((each) => ({ ...each, lines: each.lines.slice(), spans: each.spans?.slice() ?? null })),
    stats: copyArrays(moments.stats),
    points: points.slice(),
    lines: lines.slice(),
    spans: spans?.slice() ?? null,
    index: rows.slice(),
    cells: cells?.slice() ?? null,
    pca: pca && copyArrays(pca),
    publishedStop: params.stop_rule === "as-published" ? 1 : null,
    ...found,
  });
}

function copyArrays<T extends Record<string, Float64Array>>(arrays: T): T {
  return Object.fromEntries(Object.entries(arrays).map(([name, values]) => [name, values.slice()])) as T;
}
