import { msg, type Env, type Progress } from "../contract/index.js";
import { attendFull, attendLinear, attendRecurrent } from "./partCostKernels.js";

/** Asked for one length at a time, so that the view can tell how far it is and stop in between. */
export type CostTimesAsk = { readonly kind: "costTimes"; readonly length: number; readonly headSize: number };

export const timedKinds = ["full", "linear", "recurrent"] as const;
export type TimedKind = (typeof timedKinds)[number];

/** Milliseconds for one more token of one head behind `length` − 1 others, on one thread of this machine. */
export type CostTimes = { readonly length: number; readonly headSize: number; readonly milliseconds: { readonly [K in TimedKind]: number } };

/** Lengths that are timed: keys and values of the longest take 2 × 65,536 × size numbers. */
export const timedLengths = [16, 64, 256, 1024, 4096, 16384, 65536] as const;
/** Heads beyond this are timed at it. */
export const LARGEST_TIMED = 256;

/** A batch of repetitions must take so long to be told from the clock's own steps. */
const BATCH = 2;
const BATCHES = 5;
const PATTERN = 4096;
/** Operations between two pauses at the most. */
const STEP = 2 ** 22;

/** Times the kernels; undefined for another question. */
export function* answerCost(question: unknown, { now }: Pick<Env, "now">): Generator<Progress, CostTimes | undefined, void> {
  if (!isAsk(question)) return undefined;
  const { length, headSize } = question;
  const kernels = kernelsOf(length, headSize);
  const milliseconds = { full: 0, linear: 0, recurrent: 0 };
  for (const [i, kind] of timedKinds.entries()) {
    const { run, work } = kernels[kind];
    milliseconds[kind] = yield* timeOf(run, Math.max(1, Math.floor(STEP / work)), now, i / timedKinds.length);
  }
  return { length, headSize, milliseconds };
}

function isAsk(question: unknown): question is CostTimesAsk {
  const { kind, length, headSize } = (question ?? {}) as Partial<CostTimesAsk>;
  return kind === "costTimes" && (timedLengths as readonly number[]).includes(length!) && Number.isInteger(headSize) && headSize! >= 1 && headSize! <= LARGEST_TIMED;
}

function kernelsOf(length: number, size: number): { readonly [K in TimedKind]: { run(): void; readonly work: number } } {
  const [q, k, v, out] = [made(size, 0), made(size, 1), made(size, 2), new Float32Array(size)];
  const [keys, values, scores] = [made(length * size, 3), made(length * size, 4), new Float32Array(length)];
  const linear = { sums: made(size * size, 5), norms: new Float32Array(size).fill(1) };
  const recurrent = { above: made(size, 6), below: new Float32Array(size).fill(1), largest: new Float32Array(size) };
  const [decay, bonus] = [new Float32Array(size).fill(0.1), new Float32Array(size).fill(0.5)];
  return {
    full: { run: () => attendFull(q, keys, values, length, scores, out), work: 4 * length * size },
    linear: { run: () => attendLinear(q, k, v, linear, out), work: 4 * size * (size + 1) },
    recurrent: { run: () => attendRecurrent(k, v, decay, bonus, recurrent, out), work: 64 * size },
  };
}

/** Any numbers do, since no kernel is faster for some; repeated, as making millions of them would take long. */
function made(count: number, phase: number): Float32Array {
  const numbers = new Float32Array(count);
  const first = Math.min(count, PATTERN);
  for (let i = 0; i < first; i++) numbers[i] = Math.sin(1.7 * i + phase);
  for (let known = first; known < count; known *= 2) numbers.copyWithin(known, 0, Math.min(known, count - known));
  return numbers;
}

/** The least of several batches, which is the one that was disturbed least. */
function* timeOf(run: () => void, most: number, now: () => number, fraction: number): Generator<Progress, number, void> {
  const progress: Progress = { fraction, message: msg("Measuring on this machine") };
  const batchOf = (count: number): number => {
    const start = now();
    for (let i = 0; i < count; i++) run();
    return now() - start;
  };
  let count = 1;
  // The first runs are slow, since they are not compiled yet.
  while (batchOf(count) < BATCH && count < most) {
    count = Math.min(most, 2 * count);
    yield progress;
  }
  let least = Infinity;
  for (let i = 0; i < BATCHES; i++) {
    least = Math.min(least, batchOf(count) / count);
    yield progress;
  }
  return least;
}
