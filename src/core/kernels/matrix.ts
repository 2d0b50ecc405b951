import type { Task } from "./pieces.js";

/** How a matrix's numbers are stored, as in its file. */
export type StoredType = "float32" | "float16" | "bfloat16";

export function bytesOf(type: StoredType): 2 | 4 {
  return type === "float32" ? 4 : 2;
}

/** A matrix of weights [rows, columns] as a linear layer has it: a row for each number that comes out. To be filled before it is used. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly type: StoredType;
  /**
   * Takes rows [from, from + count) as they lie in a file, little-endian and row by row.
   * @throws RangeError for rows that it does not have, or another number of bytes
   */
  fill(bytes: Uint8Array, from: number, count: number): void;
  /** The same for a file that has the matrix as [columns, rows]: takes `count` of its columns. */
  fillTransposed(bytes: Uint8Array, from: number, count: number): void;
  /** A row in binary32, written to `out` at an offset. */
  row(index: number, out: Float32Array, at?: number): void;
  /**
   * out[t, r] = bias[r] + Σ_j w[r, j] x[t, j] for the rows r in [from, to); the others of `out` stay as they are. A row's result
   * does not depend on how many others are computed with it.
   * @param x [n, columns]
   * @param bias [rows]
   * @param out [n, rows]; not `x`
   * @param from a multiple of eight
   * @param to a multiple of eight, or all rows
   * @throws RangeError when an array is too short or a range is none
   */
  times(x: Float32Array, n: number, bias: Float32Array | undefined, out: Float32Array, from?: number, to?: number): void;
}

/** Memory for the matrices of one owner: it is freed when nobody has one of them any more. */
export interface MatrixRoom {
  /** @throws RangeError when there is no memory for it */
  matrix(rows: number, columns: number, type: StoredType): Matrix;
}

/** Products with weights of two or four bytes a number. Sums are in single precision or better. */
export interface MatrixKernels {
  /** Multiplications behind which there is a pause: a few milliseconds' work. */
  readonly step: number;
  room(): MatrixRoom;
  /** What helpers can do of it. */
  readonly tasks: readonly Task<never>[];
}

/** @throws RangeError */
export function checkTimes({ rows, columns }: Matrix, x: Float32Array, n: number, bias: Float32Array | undefined, out: Float32Array, from: number, to: number): void {
  if (x.length < n * columns || out.length < n * rows || (bias && bias.length < rows)) throw new RangeError(`arrays too short for ${n} × [${rows}, ${columns}]`);
  if (!(from % 8 === 0 && from >= 0 && from <= to && to <= rows && (to % 8 === 0 || to === rows))) throw new RangeError(`rows ${from} to ${to} of ${rows}, not by eights`);
}

/** @throws RangeError */
export function checkFill(matrix: Matrix, bytes: Uint8Array, from: number, count: number, transposed: boolean): void {
  const [most, width] = transposed ? [matrix.columns, matrix.rows] : [matrix.rows, matrix.columns];
  if (!(from >= 0 && count >= 0 && from + count <= most)) throw new RangeError(`no ${count} from ${from} among ${most}`);
  if (bytes.length !== count * width * bytesOf(matrix.type)) throw new RangeError(`${bytes.length} bytes for ${count} × ${width} of ${matrix.type}`);
}

const [ROWS, COLUMNS] = [43, 11];

/** Compares an implementation with the reference on small inputs. @returns what differs, in English, for the log */
export function checkMatrix(own: MatrixKernels, reference: MatrixKernels): string | undefined {
  // Numbers that are exact in all types.
  const numbers = Float32Array.from({ length: ROWS * COLUMNS }, (_, i) => (((i * 29) % 31) - 15) / 8);
  const files = [["float32", numbers], ["float16", Uint16Array.from(numbers, halfBits)], ["bfloat16", Uint16Array.from(numbers, (v) => bitsOf(v) >>> 16)]] as const;
  for (const transposed of [false, true]) {
    const wanted = sample(reference.room(), "float32", new Uint8Array(numbers.buffer), transposed);
    const room = own.room();
    for (const [type, { buffer }] of files) {
      const found = sample(room, type, new Uint8Array(buffer), transposed);
      const i = found.findIndex((v, j) => !(Math.abs(v - wanted[j]) <= 1e-5 * (1 + Math.abs(wanted[j]))));
      if (i >= 0) return `number ${i} of products with ${type} is ${found[i]}, not ${wanted[i]}`;
    }
  }
  return undefined;
}

/** Products with one and with five rows, and a row of the matrix. */
function sample(room: MatrixRoom, type: StoredType, bytes: Uint8Array, transposed: boolean): Float32Array {
  const matrix = room.matrix(ROWS, COLUMNS, type);
  if (transposed) matrix.fillTransposed(bytes, 0, COLUMNS);
  else matrix.fill(bytes, 0, ROWS);
  const x = Float32Array.from({ length: 5 * COLUMNS }, (_, i) => ((i * 13) % 17) / 4 - 2);
  const bias = Float32Array.from({ length: ROWS }, (_, i) => i / 7);
  const out = new Float32Array(6 * ROWS + COLUMNS);
  matrix.times(x, 1, bias, out);
  matrix.times(x, 5, bias, out.subarray(ROWS));
  matrix.row(ROWS - 2, out, 6 * ROWS);
  return out;
}

const float = new Float32Array(1);
const itsBits = new Uint32Array(float.buffer);

function bitsOf(value: number): number {
  float[0] = value;
  return itsBits[0];
}

/** binary16 of zero or a number of moderate size with few digits. */
function halfBits(value: number): number {
  const bits = bitsOf(value);
  return value === 0 ? 0 : ((bits >>> 16) & 0x8000) | ((((bits >>> 13) & 0x3ffff) - (112 << 10)) & 0x7fff);
}
