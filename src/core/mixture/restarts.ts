import { sharedRoom } from "../kernels/crew.js";
import { inPieces, type Task } from "../kernels/pieces.js";
import { through } from "../steps.js";
import { seededRandom } from "../math/random.js";
import type { Data } from "./data.js";
import { rowsOfPiece } from "./emPieces.js";
import { fitMixture, type Finished, type FitOptions, type FitProgress } from "./fit.js";
import { dataToShare, fitWork } from "./fitWork.js";
import { mixtureAt } from "./evaluate.js";
import { fromLeft, matchTo, reorder, reorderFit } from "./match.js";
import { packedLength, packFit, unpackFit } from "./packedFit.js";
import { startMixture, type StartOptions } from "./start.js";
import type { Fit, Mixture } from "./trace.js";

type Starting = {
  readonly seeds: readonly number[];
  readonly start: Omit<StartOptions, "random">;
  /** What the only fit begins with; without it each chooses a start by its seed. */
  readonly warm?: Mixture;
  /** Whose letters all fits take; without it those of the first, whose start has them from left to right. */
  readonly earlier?: Mixture;
};

export type RestartsOptions = Starting & { readonly fit: Omit<FitOptions, "seed"> };

/** Where this thread is. */
export type Restarting = {
  readonly r: number;
  /** None while the start is chosen, or helpers are waited for. */
  readonly progress?: FitProgress;
  /** The fits made by this thread, and what there is of the one in hand. */
  readonly fits: () => Fit[];
};

type RestartsInput = Starting & {
  readonly data: Data;
  readonly fit: Omit<FitOptions, "seed" | "stopping">;
  readonly out: Float64Array; // [starts, length] fits of helpers, packed
  readonly packed: Int32Array; // [starts] 1 where there is one
};

/** Fits from starts of their own. */
export const restartsTask: Task<RestartsInput> = {
  name: "restarts",
  open: (input) =>
    function* (r) {
      const finished = yield* through(fitOne(input, r, () => false), () => undefined);
      if (packFit(finished, packedAt(input, r))) Atomics.store(input.packed, r, 1);
    },
};

function packedAt({ out, packed }: RestartsInput, r: number): Float64Array {
  const length = out.length / packed.length;
  return out.subarray(r * length, (r + 1) * length);
}

/** The r-th fit, which depends on no other. */
function* fitOne(input: RestartsInput, r: number, stopping: () => boolean): Generator<FitProgress | undefined, Finished, void> {
  const { data, start, fit, warm, earlier } = input;
  const seed = input.seeds[r];
  let first = warm ?? (yield* through(startMixture(data, { ...start, random: seededRandom(seed) }), () => undefined));
  if (earlier) first = reorder(first, matchTo(earlier, first, start.std));
  else if (!warm && start.method !== "given") first = reorder(first, fromLeft(first));
  return yield* fitMixture(data, first, { ...fit, seed, stopping });
}

/** Of fewer starts, threads that make whole fits would wait long for each other: they share passes instead, where these are long. */
const fewStarts = 4;

/**
 * A fit from each start. Helpers make some where that is long. The fits are the same bit by bit however many threads make them.
 * Yields every few milliseconds. Stopping keeps the fits made and what there is of the one in hand.
 */
export function* fitAll(data: Data, options: RestartsOptions): Generator<Restarting, { fits: Fit[]; every: number }, void> {
  const { fit: { stopping, ...fit }, ...starting } = options;
  const { seeds, start: { type, K, std }, earlier } = starting;
  const { N, D } = data;
  const starts = seeds.length;
  const apart = starts >= fewStarts || (starts > 1 && rowsOfPiece(N, type, K, D) >= N);
  const shared = yield* through(dataToShare(data, apart ? starts * fitWork(N, D, K) : 0), () => ({ r: 0, fits: () => [] }));
  const room = shared.helped ? sharedRoom(8 * starts * packedLength(type, K, D, fit.bytes, fit.maxIter)) : undefined;
  const packed = room ? new Int32Array(new SharedArrayBuffer(4 * starts)) : new Int32Array(starts);
  const input: RestartsInput = { ...starting, fit, data: shared.data, out: new Float64Array(room ?? new ArrayBuffer(0)), packed };

  const made: (Finished | undefined)[] = seeds.map(() => undefined);
  let now: Pick<Restarting, "r" | "progress"> = { r: 0 };
  const isKnown = (r: number) => made[r] !== undefined || Atomics.load(packed, r) === 1;
  const fitOf = (r: number) => made[r] ?? (isKnown(r) ? unpackFit(packedAt(input, r), seeds[r]) : undefined);
  const mayEnd = () => stopping() && seeds.some((_, r) => isKnown(r));

  /** The r-th fit by this thread. */
  function* make(r: number): Generator<void, void, void> {
    if (mayEnd()) return;
    now = { r };
    made[r] = yield* through(fitOne(input, r, stopping), (progress) => void (now = { r, progress }));
    now = { r };
  }

  const mixtureOf = (fit: Fit, step: number) => mixtureAt({ K, D, covarianceType: type, fits: [fit] }, 0, step);
  /** A fit with the letters of all, by its components of a step: the last, or the first while it goes on, so that letters stay. */
  const lettered = ({ fit, failureOf }: Pick<Finished, "fit" | "failureOf">, first: Fit | undefined, step: number): Fit => {
    const followed = earlier ?? (first && first !== fit ? mixtureOf(first, Infinity) : undefined);
    if (!followed) return fit;
    const order = matchTo(followed, mixtureOf(fit, step), std);
    return { ...reorderFit(fit, type, order), ...(failureOf ? { failure: failureOf(order) } : {}) };
  };
  const fits = () => {
    const first = fitOf(0)?.fit;
    const own = made.flatMap((each) => (each ? [lettered(each, first, Infinity)] : []));
    return now.progress ? [...own, lettered({ fit: now.progress.snapshot() }, first, 0)] : own;
  };

  for (const _ of inPieces({ ...restartsTask, open: () => make }, input, starts, room !== undefined)) {
    if (!now.progress && mayEnd()) break;
    yield { ...now, fits };
  }
  // Those that failed at a helper, which can't say why, are made again.
  for (const r of seeds.keys()) if (!isKnown(r)) for (const _ of make(r)) yield { ...now, fits };
  const all = seeds.flatMap((_, r) => fitOf(r) ?? []);
  return { fits: all.map((each) => lettered(each, all[0].fit, Infinity)), every: Math.max(...all.map(({ every }) => every)) };
}
