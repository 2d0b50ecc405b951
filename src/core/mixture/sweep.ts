import { msg, type Message } from "../contract/index.js";
import { aic, bic } from "./criteria.js";
import type { Data } from "./data.js";
import { fitMixture, type FitOptions } from "./fit.js";
import { dataToShare, fitWork } from "./fitWork.js";
import { isShared, roomOf } from "../kernels/crew.js";
import { inPieces, type Task } from "../kernels/pieces.js";
import { through } from "../steps.js";
import { seededRandom } from "../math/random.js";
import { grouped } from "../text/numberText.js";
import { startMixture, type StartOptions } from "./start.js";
import type { Fit, Sweep } from "./trace.js";

/** Seed of the r-th start: the first is `random_state` itself, so that any start can be had again by its own seed. */
export function seedOf(randomState: number, r: number): number {
  return (randomState + r * 0x9e3779b9) % 2 ** 32;
}

export type SweepOptions = {
  readonly most: number; // largest K
  readonly starts: number; // for each K
  readonly randomState: number;
  readonly start: Omit<StartOptions, "K" | "random">;
  readonly fit: Omit<FitOptions, "seed" | "bytes">;
  /** Fits known already: those of K components that began as the sweep's would. */
  readonly known: { readonly K: number; readonly fits: readonly Fit[] };
};

/** A comparison that would take longer than a few seconds is left to be asked for. */
const mostWork = 4e9;

/** A rough count of the operations of all fits. */
export function sweepWork(N: number, D: number, { most, starts }: Pick<SweepOptions, "most" | "starts">): number {
  return starts * fitWork(N, D, (most * (most + 1)) / 2);
}

/** Why the comparison is left out, when it is. */
export function sweepTooLong(N: number, D: number, options: Pick<SweepOptions, "most" | "starts">): Message | null {
  return sweepWork(N, D, options) > mostWork
    ? msg("K = 1 … {0} was not compared by itself, since it would take a while with {1} rows.", options.most, grouped(N))
    : null;
}

type Start = { readonly K: number; readonly seed: number };

/** With one component all starts end alike, so there is one. */
function allStarts({ most, starts, randomState }: SweepOptions): Start[] {
  const ofK = (K: number) => Array.from({ length: K === 1 ? 1 : starts }, (_, r) => ({ K, seed: seedOf(randomState, r) }));
  return Array.from({ length: most }, (_, i) => ofK(i + 1)).flat();
}

type SweepInput = {
  readonly data: Data;
  readonly start: SweepOptions["start"];
  readonly fit: Omit<SweepOptions["fit"], "stopping">;
  /** Of each piece. */
  readonly fits: readonly Start[];
  /** [pieces, 2] the log-likelihood of each, NaN when it failed, and 1 where it collapsed. */
  readonly out: Float64Array;
};

/** Fits whose criteria are compared, each from its own start. */
export const sweepTask: Task<SweepInput> = {
  name: "sweep",
  open: ({ data, start, fit, fits, out }) =>
    function* (piece) {
      const { K, seed } = fits[piece];
      const from = yield* startMixture(data, { ...start, K, random: seededRandom(seed) });
      const finished = yield* through(fitMixture(data, from, { ...fit, seed, bytes: 0, stopping: () => false }), () => undefined);
      out.set(criteriaOf(finished.fit), 2 * piece);
    },
};

function criteriaOf(fit: Fit): [logLikelihood: number, collapsed: number] {
  const failed = fit.ended === "failed";
  return [failed ? NaN : fit.logLikelihood[fit.iterations], failed || fit.collapsed.includes(1) ? 1 : 0];
}

/**
 * Fits for K = 1 … most and their criteria, some by helpers. Failed fits count as collapsed, with no likelihood. Yields every few
 * milliseconds which part is done; undefined when the reader stopped it.
 */
export function* sweepK(data: Data, options: SweepOptions): Generator<number, Sweep | undefined, void> {
  const { N, D } = data;
  const { start, known, fit: { stopping, ...fit } } = options;
  const { type } = start;
  const all = allStarts(options);
  const knownOf = ({ K, seed }: Start) => (K === known.K ? known.fits.find((each) => each.seed === seed) : undefined);
  // The longest fits first, so that threads end at about the same time.
  const fits = all.filter((each) => !knownOf(each)).reverse();
  const { data: shared, helped } = yield* through(dataToShare(data, sweepWork(N, D, options)), () => 0);
  const out = new Float64Array(roomOf(16 * fits.length, helped));
  const fitting = inPieces(sweepTask, { data: shared, start, fit, fits, out }, fits.length, helped && isShared(out));
  const sumOfK = (count: number) => fits.slice(0, count).reduce((sum, { K }) => sum + K, 0);
  for (const taken of fitting) {
    if (stopping()) return undefined;
    yield sumOfK(Math.max(0, taken - 1)) / sumOfK(fits.length);
  }
  if (stopping()) return undefined;
  const rows = all.map((each) => {
    const found = knownOf(each);
    const piece = fits.indexOf(each);
    const [logLikelihood, collapsed] = found ? criteriaOf(found) : out.subarray(2 * piece, 2 * piece + 2);
    return { k: each.K, logLikelihood, collapsed };
  });
  const k = Int32Array.from(rows, (row) => row.k);
  const collapsed = Uint8Array.from(rows, (row) => row.collapsed);
  const aics = Float64Array.from(rows, (row) => aic(row.logLikelihood, type, row.k, D));
  const bics = Float64Array.from(rows, (row) => bic(row.logLikelihood, type, row.k, D, N));
  return {
    k,
    aic: aics,
    bic: bics,
    logLikelihood: Float64Array.from(rows, (row) => row.logLikelihood),
    collapsed,
    bestBic: leastThatCounts(bics, collapsed),
    bestAic: leastThatCounts(aics, collapsed),
  };
}

function leastThatCounts(values: Float64Array, collapsed: Uint8Array): number {
  let best = -1;
  for (let i = 0; i < values.length; i++) if (!collapsed[i] && (best < 0 || values[i] < values[best])) best = i;
  return best;
}
