import { msg, type Parsed, type Problem, type Progress } from "../contract/index.js";
import { attempt, type TensorBytes } from "./tensorSource.js";
import { tensorStatistics, type Statistics } from "./tensorStatistics.js";
import type { DType } from "./tensorTypes.js";
import { readWindow, type Plane, type Window } from "./tensorWindow.js";

/** One array of a file. */
export type Tensor = {
  readonly name: string;
  readonly dtype: DType;
  /** The type as the file writes it: "<f4", "BF16" … */
  readonly descr: string;
  readonly shape: readonly number[];
  /** C: the last index runs fastest (row-major); F: the first (column-major, Fortran). */
  readonly order: "C" | "F";
  readonly littleEndian: boolean;
  /** Elements in all. */
  readonly size: number;
  /** Where its numbers are. */
  readonly bytes: TensorBytes;
  readonly offset: number;
};

/** A file of named arrays that is read by ranges, so that it may be far larger than memory. */
export interface TensorFile {
  readonly format: "npy" | "npz" | "safetensors" | "word2vec";
  readonly tensors: readonly Tensor[];
  /** Notes that the file carries about itself, as safetensors' `__metadata__` does. */
  readonly metadata: ReadonlyMap<string, string>;
  /**
   * A window of a 2-D slice, row-major [rowCount, colCount]; what reaches beyond the slice is cut off. Without a plane, of
   * the last two axes at index 0 of the others; a 1-D tensor is one row.
   * @param into memory for the numbers, which the result is a part of where it has room
   * @throws RangeError when the window has more than 2^26 elements
   */
  read(
    tensor: Tensor,
    rowStart: number,
    rowCount: number,
    colStart: number,
    colCount: number,
    plane?: Plane,
    into?: Float32Array,
  ): Generator<Progress, Parsed<Float32Array>, void>;
  /** The same in double precision, for the numbers that are printed. */
  readDoubles(tensor: Tensor, window: Window, plane?: Plane): Generator<Progress, Parsed<Float64Array>, void>;
  /** Count, mean, spread and histogram of all elements, in two passes; `trace` of the progress has what is known. */
  statistics(tensor: Tensor, bins?: number): Generator<Progress<Statistics>, Parsed<Statistics>, void>;
}

/** Makes a file of its tensors. */
export function tensorFile(format: TensorFile["format"], tensors: readonly Tensor[], metadata: ReadonlyMap<string, string> = new Map()): TensorFile {
  return {
    format,
    tensors,
    metadata,
    read: (tensor, rowStart, rowCount, colStart, colCount, plane, into) =>
      attempt(wrap(readWindow(tensor, { rowStart, rowCount, colStart, colCount }, plane, (n) => (into && into.length >= n ? into.subarray(0, n) : new Float32Array(n)))), tensor.name),
    readDoubles: (tensor, window, plane) => attempt(wrap(readWindow(tensor, window, plane, (n) => new Float64Array(n))), tensor.name),
    statistics: (tensor, bins) => attempt(wrap(tensorStatistics(tensor, bins)), tensor.name),
  };
}

function* wrap<T, P>(reader: Generator<Progress<P>, T, void>): Generator<Progress<P>, Parsed<T>, void> {
  return { ok: true, input: yield* reader, problems: [] };
}

/** "(3, 4)", as numpy prints a shape. */
export function shapeText(shape: readonly number[]): string {
  return `(${shape.join(", ")}${shape.length === 1 ? "," : ""})`;
}

/** The number of elements of a shape. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

/** A file without an array that can be read, or with some. */
export function opened(
  format: TensorFile["format"],
  name: string,
  tensors: readonly Tensor[],
  problems: readonly Problem[],
  metadata?: ReadonlyMap<string, string>,
): Parsed<TensorFile> {
  if (tensors.length > 0) return { ok: true, input: tensorFile(format, tensors, metadata), problems };
  if (problems.length > 0) return { ok: false, problems: problems.map((problem) => ({ ...problem, severity: "error" as const })) };
  return { ok: false, problems: [{ severity: "error", message: msg("{0} holds no arrays. Save one that holds numbers.", name) }] };
}
