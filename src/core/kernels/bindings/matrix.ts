import { bytesOf, checkFill, checkTimes, type Matrix, type MatrixKernels, type MatrixRoom, type StoredType } from "../matrix.js";
import type { WasmMemory } from "../host.js";
import type { Module } from "./module.js";
import { productTask, SCRATCH, shareProduct, type ProductExports } from "./product.js";

export type MatrixExports = ProductExports & {
  pack(rows: number, from: number, count: number, k: number, w: number, type: number): number;
  packTransposed(rows: number, from: number, count: number, m: number, k: number, w: number, type: number): number;
  row(w: number, r: number, k: number, type: number, out: number): void;
  raise(x: number, k: number): number;
};

const FLOAT16 = 1;
/** Types as wasm/matrix.ts numbers them. */
const codes: Readonly<Record<StoredType, number>> = { float32: 0, float16: FLOAT16, bfloat16: 2 };
/** binary16 with infinities or NaN among its numbers, which takes longer. */
const STRANGE16 = 3;
/** Bytes of matrices in one memory at most, unless one alone is larger: what is left of 4 GiB is for inputs and results. */
const MOST = 3 * 2 ** 30;
/** Inputs that are multiplied at once at most: these and their results stay in the processor's cache. */
const ROWS = 128;

/**
 * @param open a new memory, with the module on it
 * @param join the module on another thread's memory
 * @param most bytes of matrices in one memory
 */
export function bindMatrix(open: () => Module<MatrixExports>, join: (memory: WasmMemory) => MatrixExports, most = MOST): MatrixKernels {
  return { step: 2 ** 25, room: () => new PanelRoom(open, most), tasks: [productTask(join)] };
}

class PanelRoom implements MatrixRoom {
  private module: Module<MatrixExports> | undefined;
  private empty = 0;

  constructor(
    private readonly open: () => Module<MatrixExports>,
    private readonly most: number,
  ) {}

  matrix(rows: number, columns: number, type: StoredType): Matrix {
    const bytes = 8 * Math.ceil(rows / 8) * columns * bytesOf(type);
    const { arena } = this.module ?? this.another();
    if (arena.mark() + bytes > this.most && arena.mark() > this.empty) this.another();
    const module = this.module!;
    const at = module.arena.take(bytes);
    // The last panel may have fewer rows than eight: the others are zeros.
    const last = Math.min(bytes, 8 * columns * bytesOf(type));
    module.arena.bytes(at + bytes - last, last).fill(0);
    return new PanelMatrix(module, at, rows, columns, type);
  }

  private another(): Module<MatrixExports> {
    this.module = this.open();
    this.empty = this.module.arena.mark();
    return this.module;
  }
}

/** Panels of eight rows in the module's memory. */
class PanelMatrix implements Matrix {
  private code: number;

  constructor(
    private readonly module: Module<MatrixExports>,
    private readonly at: number,
    readonly rows: number,
    readonly columns: number,
    readonly type: StoredType,
  ) {
    this.code = codes[type];
  }

  fill(bytes: Uint8Array, from: number, count: number): void {
    checkFill(this, bytes, from, count, false);
    this.take(bytes, (place) => this.module.exports.pack(place, from, count, this.columns, this.at, this.code));
  }

  fillTransposed(bytes: Uint8Array, from: number, count: number): void {
    checkFill(this, bytes, from, count, true);
    this.take(bytes, (place) => this.module.exports.packTransposed(place, from, count, this.rows, this.columns, this.at, this.code));
  }

  private take(bytes: Uint8Array, pack: (place: number) => number): void {
    this.scratch((arena) => {
      const place = arena.take(bytes.length);
      arena.bytes(place, bytes.length).set(bytes);
      if (pack(place) !== 0) this.code = STRANGE16;
    });
  }

  row(index: number, out: Float32Array, at = 0): void {
    this.scratch((arena) => {
      const place = arena.take(4 * this.columns);
      this.module.exports.row(this.at, index, this.columns, this.code, place);
      out.set(arena.f32(place, this.columns), at);
    });
  }

  times(x: Float32Array, n: number, bias: Float32Array | undefined, out: Float32Array, from = 0, to = this.rows): void {
    checkTimes(this, x, n, bias, out, from, to);
    if (from === to) return;
    for (let t = 0; t < n; t += ROWS) this.some(x, t, Math.min(ROWS, n - t), bias, out, from, to);
  }

  /** The rows [t, t + n) of `x`. */
  private some(x: Float32Array, t: number, n: number, bias: Float32Array | undefined, out: Float32Array, from: number, to: number): void {
    const { columns: k, rows, at, code, module: { exports } } = this;
    this.scratch((arena) => {
      const [first, last] = [from / 8, Math.ceil(to / 8)];
      const wide = 8 * (last - first);
      // Rows go by fours; those that are none are zeros.
      const padded = n === 1 ? 1 : 4 * Math.ceil(n / 4);
      const given = arena.take(4 * padded * k);
      const input = arena.f32(given, padded * k);
      input.set(x.subarray(t * k, (t + n) * k));
      input.fill(0, n * k);
      const start = arena.take(4 * wide);
      const biases = arena.f32(start, wide).fill(0);
      if (bias) biases.set(bias.subarray(from, to));
      // Inputs that can't be raised meet weights that are widened in full.
      const type = n === 1 && code === FLOAT16 && exports.raise(given, k) === 0 ? STRANGE16 : code;
      const product = { x: given, n: padded, k, w: at, type, first, last, bias: start };
      if (shareProduct(this.module, product, out.subarray(t * rows + from), { rows: n, stride: rows, count: to - from })) return;
      const result = arena.take(4 * padded * wide);
      const widened = arena.take(4 * SCRATCH);
      if (n === 1) exports.vector(given, k, at, type, first, last, start, result);
      else exports.product(given, padded, k, at, type, first, last, start, result, widened);
      const sums = arena.f32(result, padded * wide);
      if (wide === rows) out.set(sums.subarray(0, n * wide), t * rows);
      else for (let i = 0; i < n; i++) out.set(sums.subarray(i * wide, i * wide + to - from), (t + i) * rows + from);
    });
  }

  /** Memory for one call. */
  private scratch(use: (arena: Module<MatrixExports>["arena"]) => void): void {
    const { arena } = this.module;
    const mark = arena.mark();
    try {
      use(arena);
    } finally {
      arena.release(mark);
    }
  }
}
