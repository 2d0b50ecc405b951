import { crew, isShared, roomOf, sharedRoom } from "../kernels/crew.js";
import { kernels } from "../kernels/current.js";
import type { EmModel } from "../kernels/em.js";
import { inPieces, type Task } from "../kernels/pieces.js";
import { through } from "../steps.js";
import type { Factors } from "./factor.js";
import type { CovarianceType } from "./params.js";
import { blockRows, emPass, kernelFor, sliceRows } from "./pass.js";
import { clearStatistics, modelOf, newStatistics, type Statistics } from "./statistics.js";

/** A rough count of operations on a row, of which a millisecond does some 300,000 in TypeScript and ten times that and more in WebAssembly. */
function workOfRow(type: CovarianceType, K: number, D: number): number {
  return K * (type === "diag" || type === "spherical" ? 8 + 5 * D : 8 + D * (D + 4));
}

/** A pass with less work is done in one go: that of some twenty milliseconds in TypeScript and eight in WebAssembly. */
const leastWork = () => (kernels().implementation === "typescript" ? 6e6 : 3e7);
const workOfPiece = 1e6;
const mostPieces = 64;

/** Rows of a piece: whole blocks. It depends on the shape and the kernels alone, so that the sums are the same however many threads add them. */
export function rowsOfPiece(N: number, type: CovarianceType, K: number, D: number): number {
  const work = N * workOfRow(type, K, D);
  const pieces = work < leastWork() ? 1 : Math.min(mostPieces, Math.floor(work / workOfPiece));
  return Math.max(1, Math.ceil(N / (pieces * blockRows))) * blockRows;
}

/** Columns that helpers can read: those given, unless a pass is worth sharing and they are not. Yields every few milliseconds. */
export function* columnsToShare(columns: readonly Float64Array[], N: number, type: CovarianceType, K: number): Generator<void, readonly Float64Array[], void> {
  return crew().helpers === 0 || rowsOfPiece(N, type, K, columns.length) >= N ? columns : yield* sharedColumns(columns, N);
}

/** Columns that helpers can read: those given, or copies; those given also where there is no memory for copies. Yields every few milliseconds. */
export function* sharedColumns(columns: readonly Float64Array[], N: number): Generator<void, readonly Float64Array[], void> {
  const copied = columns.filter((column) => !isShared(column));
  // One buffer is sooner told to a helper than many.
  const buffer = sharedRoom(8 * copied.length * N);
  if (!buffer) return columns;
  const room = new Float64Array(buffer);
  for (const [i, column] of copied.entries()) {
    for (let from = 0; from < N; from += 1 << 20) {
      room.set(column.subarray(from, Math.min(N, from + (1 << 20))), i * N + from);
      yield;
    }
  }
  return columns.map((column) => (isShared(column) ? column : room.subarray(copied.indexOf(column) * N, (copied.indexOf(column) + 1) * N)));
}

type EmInput = {
  readonly columns: readonly Float64Array[]; // D of [N]
  readonly N: number;
  readonly type: CovarianceType;
  /** Under whose responsibilities the sums are taken; null where each row goes wholly to the nearest of the centres. */
  readonly model: EmModel | null;
  readonly centres: Float64Array; // [K, D]
  readonly rows: number; // of a piece
  readonly sums: Float64Array; // [pieces, size] the statistics of each piece
};

/** A pass over rows in pieces: both steps of EM, or the sums of each centre's rows. */
export const emTask: Task<EmInput> = {
  name: "em",
  open({ columns, N, type, model, centres, rows, sums }) {
    const D = columns.length;
    const K = centres.length / D;
    const { em } = kernels();
    const soft = kernelFor(type, D);
    const slice = sliceRows(K, D);
    const own = newStatistics(type, K, D);
    return function* (piece) {
      clearStatistics(own);
      const end = Math.min(N, (piece + 1) * rows);
      for (let from = piece * rows; from < end; from += slice) {
        if (from > piece * rows) yield;
        const to = Math.min(end, from + slice);
        if (model) soft(columns, from, to, model, own);
        else em.assign(columns, from, to, centres, own);
      }
      let at = piece * sizeOf(own);
      for (const part of partsOf(own)) {
        sums.set(part, at);
        at += part.length;
      }
    };
  },
};

/** Where the pieces of a fit's passes leave their sums. */
export type Sums = { room?: Float64Array };

/**
 * `emPass` in pieces, where it is long enough, whose sums are added in the order of the rows. Helpers take part where they can
 * read the columns: see `columnsToShare`. Yields the rows that were begun.
 */
export function* sharedPass(
  columns: readonly Float64Array[],
  N: number,
  type: CovarianceType,
  factors: Factors,
  centres: Float64Array,
  out: Statistics,
  held: Sums,
): Generator<number, void, void> {
  if (rowsOfPiece(N, type, factors.K, factors.D) >= N) return yield* emPass(columns, N, type, factors, centres, out);
  yield* addPieces(columns, N, type, modelOf(factors, centres), centres, out, held);
}

/**
 * The sums of the rows that are nearest to each of K centres [K, D], about these, in pieces as `sharedPass`. There is no likelihood.
 * Yields the rows that were begun.
 */
export function* sharedAssignment(columns: readonly Float64Array[], N: number, type: CovarianceType, centres: Float64Array, out: Statistics): Generator<number, void, void> {
  yield* addPieces(columns, N, type, null, centres, out);
}

function* addPieces(
  columns: readonly Float64Array[],
  N: number,
  type: CovarianceType,
  model: EmModel | null,
  centres: Float64Array,
  out: Statistics,
  held: Sums = {},
): Generator<number, void, void> {
  const D = columns.length;
  const rows = rowsOfPiece(N, type, centres.length / D, D);
  const pieces = Math.ceil(N / rows);
  const size = sizeOf(out);
  const sums = (held.room ??= new Float64Array(roomOf(8 * pieces * size, pieces > 1 && columns.every(isShared))));
  const steps = inPieces(emTask, { columns, N, type, model, centres, rows, sums }, pieces, isShared(sums));
  held.room = undefined;
  if (yield* through(steps, (taken) => Math.min(N, taken * rows))) held.room = sums;
  clearStatistics(out);
  for (let piece = 0; piece < pieces; piece++) {
    let at = piece * size;
    for (const part of partsOf(out)) for (let i = 0; i < part.length; i++) part[i] += sums[at++];
  }
}

function partsOf({ counts, sums, products, logLikelihood }: Statistics): readonly Float64Array[] {
  return [counts, sums, products, logLikelihood];
}

function sizeOf(statistics: Statistics): number {
  return partsOf(statistics).reduce((size, part) => size + part.length, 0);
}
