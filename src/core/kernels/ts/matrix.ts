import { bfloat16ToDouble, halfTable } from "../../formats/halfFloat.js";
import { linear } from "../../math/linear.js";
import { bytesOf, checkFill, checkTimes, type Matrix, type MatrixKernels, type StoredType } from "../matrix.js";

/** Numbers that are widened at once. */
const WIDENED = 2 ** 14;

/** Rows as PyTorch has them, one after the other, in the type of the file. */
class RowMatrix implements Matrix {
  private readonly values: Float32Array | Uint16Array;

  constructor(
    readonly rows: number,
    readonly columns: number,
    readonly type: StoredType,
  ) {
    this.values = type === "float32" ? new Float32Array(rows * columns) : new Uint16Array(rows * columns);
  }

  fill(bytes: Uint8Array, from: number, count: number): void {
    checkFill(this, bytes, from, count, false);
    new Uint8Array(this.values.buffer).set(bytes, from * this.columns * bytesOf(this.type));
  }

  fillTransposed(bytes: Uint8Array, from: number, count: number): void {
    checkFill(this, bytes, from, count, true);
    const { rows, columns, values } = this;
    const aligned = new Uint8Array(bytes).buffer;
    const turned = values instanceof Float32Array ? new Float32Array(aligned) : new Uint16Array(aligned);
    for (let j = 0; j < count; j++) for (let r = 0; r < rows; r++) values[r * columns + from + j] = turned[j * rows + r];
  }

  row(index: number, out: Float32Array, at = 0): void {
    out.set(this.widened(index, 1), at);
  }

  times(x: Float32Array, n: number, bias: Float32Array | undefined, out: Float32Array, from = 0, to = this.rows): void {
    checkTimes(this, x, n, bias, out, from, to);
    const { rows, columns, values } = this;
    if (values instanceof Float32Array) {
      linear(x, n, columns, values, rows, bias, out, from, to);
      return;
    }
    const some = Math.max(4, Math.floor(WIDENED / columns));
    for (let r = from; r < to; r += some) {
      const count = Math.min(some, to - r);
      const part = new Float32Array(n * count);
      linear(x, n, columns, this.widened(r, count), count, bias?.subarray(r, r + count), part);
      for (let t = 0; t < n; t++) for (let i = 0; i < count; i++) out[t * rows + r + i] = part[t * count + i];
    }
  }

  /** Rows in binary32: [count, columns]. */
  private widened(from: number, count: number): Float32Array {
    const { columns, values, type } = this;
    const stored = values.subarray(from * columns, (from + count) * columns);
    if (stored instanceof Float32Array) return stored;
    const widened = new Float32Array(stored.length);
    const halves = halfTable();
    if (type === "float16") for (let i = 0; i < stored.length; i++) widened[i] = halves[stored[i]];
    else for (let i = 0; i < stored.length; i++) widened[i] = bfloat16ToDouble(stored[i]);
    return widened;
  }
}

export const matrix: MatrixKernels = {
  step: 2 ** 23,
  tasks: [],
  room: () => ({ matrix: (rows, columns, type) => new RowMatrix(rows, columns, type) }),
};
