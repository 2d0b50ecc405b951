import { msg, type Progress } from "../contract/index.js";
import { kernels } from "../kernels/current.js";
import type { ByteRows, VectorsKernels } from "../kernels/vectors.js";

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
/** Numbers turned into bytes between two yields: a few milliseconds. */
const STEP = 1 << 21;

/**
 * The rows as bytes, made at the first call and kept with the rows, a quarter as large; undefined where comparing the rows
 * themselves is as fast, or where there is no room. Callers that come while they are made go on where the others are.
 * @param values [n, d] that do not change any more; more rows may follow in the same buffer
 */
export function* byteRowsOf(values: Float32Array, n: number, d: number): Generator<Progress, ByteRows | undefined, void> {
  if (n * d < LEAST) return undefined;
  const index = heldFor(values, n, d);
  if (!index.rows) return undefined;
  const step = Math.max(4, 4 * Math.floor(STEP / d / 4));
  while (index.filled < n) {
    const end = Math.min(n, index.filled + step);
    index.rows.fill(values, index.filled, end);
    // Where the rest of four rows was not there yet, it starts anew from the first of them.
    index.filled = end < index.n ? 4 * Math.floor(end / 4) : end;
    if (end === n) break;
    yield { fraction: 0, message: msg("Preparing the search: {0} of {1} vectors", end, n) };
  }
  return index.rows;
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
