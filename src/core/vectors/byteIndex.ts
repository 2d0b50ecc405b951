import { msg, type Progress } from "../contract/index.js";
import { crew, isShared } from "../kernels/crew.js";
import { kernels } from "../kernels/current.js";
import { inPieces, type Task } from "../kernels/pieces.js";
import { through } from "../steps.js";
import type { ByteRoom, ByteRows, VectorsKernels } from "../kernels/vectors.js";

type Held = {
  readonly by: VectorsKernels;
  readonly offset: number;
  readonly d: number;
  readonly n: number;
  readonly rows: ByteRows | undefined;
  filled: number;
};

/** The bytes of rows, which last as long as the rows do. */
const held = new WeakMap<ArrayBufferLike, Held>();

/** Fewer numbers are compared in no time. */
const LEAST = 1 << 18;
/** Numbers of a piece, and those that threads share at once: others go on behind them. */
const STEP = 1 << 20;
const WAVE = 1 << 24;
/** Numbers for which helpers are asked: those of some twenty milliseconds. */
const LONG = 1e7;

type FillInput = {
  readonly values: Float32Array; // [n, d]
  readonly d: number;
  readonly start: number;
  readonly end: number;
  readonly count: number; // rows of a piece, a multiple of 4
  readonly room: ByteRoom;
};

/** Turns rows into bytes. A piece is some rows. @param open what takes the rows from … to */
function fillTask(open: (input: FillInput) => (from: number, to: number) => void): Task<FillInput> {
  return {
    name: "rows as bytes",
    open(input) {
      const { start, end, count } = input;
      const fill = open(input);
      return (piece) => {
        const from = start + piece * count;
        fill(from, Math.min(end, from + count));
        return []; // in one step
      };
    },
  };
}

/** A helper turns rows into bytes of its own, and puts these in their place. */
export const byteTask = fillTask(({ values, d, count, room }) => {
  const own = kernels().vectors.byteRows(count, d)!;
  const stride = own.room.bytes.length / count;
  return (from, to) => {
    own.fill(values.subarray(from * d, to * d), 0, to - from);
    room.bytes.set(own.room.bytes.subarray(0, (to - from) * stride), from * stride);
    room.factors.set(own.room.factors.subarray(0, to - from), from);
    room.residuals.set(own.room.residuals.subarray(0, to - from), from);
  };
}) as Task<never>;

/**
 * The rows as bytes, made at the first call and kept with the rows, a quarter as large; undefined where comparing the rows
 * themselves is as fast, or where there is no room. Callers that come while they are made go on where the others are.
 * @param values [n, d] that do not change any more; more rows may follow in the same buffer
 */
export function* byteRowsOf(values: Float32Array, n: number, d: number): Generator<Progress, ByteRows | undefined, void> {
  if (n * d < LEAST) return undefined;
  const index = heldFor(values, n, d);
  const { rows } = index;
  if (!rows) return undefined;
  const count = Math.max(4, 4 * Math.floor(STEP / d / 4));
  const most = count * Math.max(1, Math.floor(WAVE / (count * d)));
  while (index.filled < n) {
    const start = index.filled;
    const end = Math.min(n, start + most);
    const helped = crew().helpers > 0 && (end - start) * d >= LONG && [values, rows.room.bytes].every(isShared);
    const fill = fillTask(() => (from, to) => rows.fill(values, from, to));
    const filling = inPieces(fill, { values, d, start, end, count, room: rows.room }, Math.ceil((end - start) / count), helped);
    // A late helper writes the same as this thread.
    yield* through(filling, (pieces) => {
      const done = Math.min(end, start + pieces * count);
      return { fraction: 0, message: msg("Preparing the search: {0} of {1} vectors", done, n) };
    });
    // Where the rest of four rows was not there yet, it starts anew from the first of them.
    index.filled = Math.max(index.filled, end < index.n ? 4 * Math.floor(end / 4) : end);
    if (end === n) break;
  }
  return rows;
}

/** Bytes held beside some values, for those who count memory. */
export function byteRowsLength(values: Float32Array): number {
  return held.get(values.buffer)?.rows?.byteLength ?? 0;
}

function heldFor(values: Float32Array, n: number, d: number): Held {
  const by = kernels().vectors;
  const before = held.get(values.buffer);
  if (before && before.by === by && before.offset === values.byteOffset && before.d === d && before.n >= n) return before;
  const made: Held = { by, offset: values.byteOffset, d, n, rows: room(by, n, d), filled: 0 };
  held.set(values.buffer, made);
  return made;
}

function room(by: VectorsKernels, n: number, d: number): ByteRows | undefined {
  try {
    return by.byteRows(n, d);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
