import { msg, type Progress } from "../contract/index.js";
import type { Tensor } from "./tensorFile.js";
import { decode, dtypeSizes } from "./tensorTypes.js";

/** A 2-D slice of a tensor. An axis of −1 has length 1 (a 1-D tensor is one row, a single number one cell). */
export type Plane = {
  readonly rowAxis: number;
  readonly colAxis: number;
  /** [dimensions] where the other axes stand still; what it says of the two axes does not count. */
  readonly index: readonly number[];
};

export type Window = { readonly rowStart: number; readonly rowCount: number; readonly colStart: number; readonly colCount: number };

/** Elements of the largest window. */
export const LARGEST_WINDOW = 2 ** 26;
/** Bytes read at once at most. */
const SLICE = 1 << 20;
/** Bytes between wanted ones that are read and dropped rather than sought across. */
const GAP = 4096;

/** The last two axes at index 0 of the others. */
export function defaultPlane({ shape }: Pick<Tensor, "shape">): Plane {
  return { rowAxis: shape.length - 2, colAxis: shape.length - 1, index: shape.map(() => 0) };
}

/** Rows and columns of a plane. */
export function planeSize({ shape }: Pick<Tensor, "shape">, { rowAxis, colAxis }: Plane): { readonly rows: number; readonly cols: number } {
  return { rows: rowAxis < 0 ? 1 : shape[rowAxis], cols: colAxis < 0 ? 1 : shape[colAxis] };
}

/** The part of a window that lies within the plane. */
export function clipped(tensor: Pick<Tensor, "shape">, window: Window, plane: Plane): Window {
  const { rows, cols } = planeSize(tensor, plane);
  const [rowStart, rowCount] = clip(window.rowStart, window.rowCount, rows);
  const [colStart, colCount] = clip(window.colStart, window.colCount, cols);
  return { rowStart, rowCount, colStart, colCount };
}

function clip(start: number, count: number, length: number): [number, number] {
  const from = Math.min(Math.max(0, Math.floor(start)), length);
  return [from, Math.max(0, Math.min(length, Math.floor(start + count)) - from)];
}

/** Elements between neighbours along each axis. */
export function stridesOf({ shape, order }: Pick<Tensor, "shape" | "order">): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let k = 0; k < shape.length; k++) {
    const axis = order === "F" ? k : shape.length - 1 - k;
    strides[axis] = stride;
    stride *= shape[axis];
  }
  return strides;
}

/**
 * Reads a window of a plane, row-major. Runs along the axis that is closest together in the file are read in one go,
 * several where little lies between.
 * @throws RangeError for a plane that the tensor does not have, or a window above `LARGEST_WINDOW`
 * @throws SourceFault
 */
export function* readWindow<A extends Float32Array | Float64Array>(
  tensor: Tensor,
  window: Window,
  plane: Plane = defaultPlane(tensor),
  make: (length: number) => A,
): Generator<Progress, A, void> {
  const { dtype, littleEndian, bytes, shape } = tensor;
  const { rowAxis, colAxis, index } = plane;
  if (rowAxis >= shape.length || colAxis >= shape.length || (rowAxis === colAxis && rowAxis >= 0)) throw new RangeError("The tensor has no such plane.");
  if (shape.some((length, axis) => axis !== rowAxis && axis !== colAxis && !(index[axis] >= 0 && index[axis] < length))) {
    if (!shape.includes(0)) throw new RangeError("The plane lies outside the tensor.");
  }
  const { rowStart, rowCount, colStart, colCount } = clipped(tensor, window, plane);
  const total = rowCount * colCount;
  if (total > LARGEST_WINDOW) throw new RangeError(`A window of ${total} elements is too large.`);
  const out = make(tensor.size === 0 ? 0 : total);
  if (out.length === 0) return out;
  const item = dtypeSizes[dtype];
  const strides = stridesOf(tensor);
  const base = shape.reduce((sum, _, axis) => sum + strides[axis] * (axis === rowAxis ? rowStart : axis === colAxis ? colStart : index[axis]), 0);
  const rows = { count: rowCount, stride: item * (strides[rowAxis] ?? 1), out: colCount };
  const cols = { count: colCount, stride: item * (strides[colAxis] ?? 1), out: 1 };
  const byRow = colCount > 1 && (rowCount === 1 || cols.stride <= rows.stride);
  const [outer, inner] = byRow ? [rows, cols] : [cols, rows];
  const perRun = inner.stride <= GAP ? Math.max(1, Math.min(inner.count, Math.floor(SLICE / inner.stride))) : 1;
  const runSpan = (inner.count - 1) * inner.stride + item;
  // Several runs at once where what lies between them is little, or no more than they are.
  const together = perRun === inner.count && outer.stride - runSpan <= Math.max(GAP, runSpan) ? Math.max(1, Math.floor(SLICE / outer.stride)) : 1;
  const most = (Math.min(together, outer.count) - 1) * outer.stride + (perRun - 1) * inner.stride + item;
  // Where one read is all, it needs no memory before it.
  const memory = together < outer.count || perRun < inner.count ? new Uint8Array(most) : undefined;
  let read = 0;
  for (let o = 0; o < outer.count; o += together) {
    const runs = Math.min(together, outer.count - o);
    for (let i = 0; i < inner.count; i += perRun) {
      const count = Math.min(perRun, inner.count - i);
      const from = tensor.offset + base * item + o * outer.stride + i * inner.stride;
      const length = (runs - 1) * outer.stride + (count - 1) * inner.stride + item;
      if (bytes.reach) yield* bytes.reach(from, length);
      const raw = bytes.read(from, length, memory);
      for (let r = 0; r < runs; r++) {
        const at = (o + r) * outer.out + i * inner.out;
        decode(raw, out, { dtype, littleEndian, from: r * outer.stride, stride: inner.stride, count, at, outStride: inner.out });
      }
      read += length + GAP;
      if (read < SLICE) continue;
      read = 0;
      yield { fraction: (o + runs) / outer.count, message: msg("Reading the array") };
    }
  }
  return out;
}
