import { msg, type Message } from "../contract/index.js";
import { aic, bic } from "./criteria.js";
import type { Data } from "./data.js";
import { fitMixture, type FitOptions } from "./fit.js";
import { through } from "../kernels/through.js";
import { seededRandom } from "../math/random.js";
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

/** A rough count of operations: an EM iteration costs about 10 + 2 D + D² / 2 for each row and component. */
export function sweepWork(N: number, D: number, { most, starts }: Pick<SweepOptions, "most" | "starts">): number {
  const iterations = 30;
  return ((most * (most + 1)) / 2) * starts * iterations * N * (10 + 2 * D + (D * D) / 2);
}

/** Why the comparison is left out, when it is. */
export function sweepTooLong(N: number, D: number, options: Pick<SweepOptions, "most" | "starts">): Message | null {
  return sweepWork(N, D, options) > mostWork
    ? msg("K = 1 … {0} was not compared by itself, since it would take a while with {1} rows.", options.most, N)
    : null;
}

export type SweepProgress = { readonly K: number; readonly fraction: number };

/**
 * Fits for K = 1 … most and their criteria; with one component all starts end alike, so there is one. Failed fits count as
 * collapsed, with no likelihood. Yields every few milliseconds; undefined when the reader stopped it.
 */
export function* sweepK(data: Data, options: SweepOptions): Generator<SweepProgress, Sweep | undefined, void> {
  const { N, D } = data;
  const { type } = options.start;
  const rows: { k: number; logLikelihood: number; collapsed: boolean }[] = [];
  const whole = (options.most * (options.most + 1)) / 2;
  for (let K = 1; K <= options.most; K++) {
    const starts = K === 1 ? 1 : options.starts;
    for (let r = 0; r < starts; r++) {
      const seed = seedOf(options.randomState, r);
      const fraction = ((K * (K - 1)) / 2 + (K * r) / starts) / whole;
      let fit = K === options.known.K ? options.known.fits.find((known) => known.seed === seed) : undefined;
      if (!fit) {
        const place = () => ({ K, fraction });
        const start = yield* through(startMixture(data, { ...options.start, K, random: seededRandom(seed) }), place);
        const finished = yield* through(fitMixture(data, start, { ...options.fit, seed, bytes: 0 }), place);
        if (options.fit.stopping()) return undefined;
        fit = finished.fit();
      }
      const failed = fit.ended === "failed";
      rows.push({ k: K, logLikelihood: failed ? NaN : fit.logLikelihood[fit.iterations], collapsed: failed || fit.collapsed.includes(1) });
    }
  }
  const k = Int32Array.from(rows, (row) => row.k);
  const collapsed = Uint8Array.from(rows, (row) => (row.collapsed ? 1 : 0));
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
