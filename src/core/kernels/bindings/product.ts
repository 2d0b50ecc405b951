import { crew } from "../crew.js";
import type { WasmMemory } from "../host.js";
import { inPieces, type Task } from "../pieces.js";
import { finish } from "../../steps.js";
import { keepJoined } from "./joined.js";
import type { Module } from "./module.js";

/** What of the module a product needs. */
export type ProductExports = {
  product(x: number, n: number, k: number, w: number, type: number, from: number, to: number, bias: number, out: number, scratch: number): void;
  vector(x: number, k: number, w: number, type: number, from: number, to: number, bias: number, out: number): void;
};

/**
 * A product in a module's memory: n inputs of k numbers at `x`, which is the first that was taken for it, with the panels [first, last) of the
 * matrix at `w`, and their numbers at `bias`.
 */
export type Product = {
  readonly x: number;
  readonly n: number;
  readonly k: number;
  readonly w: number;
  readonly type: number;
  readonly first: number;
  readonly last: number;
  readonly bias: number; // [8 · (last − first)]
};

/** Numbers of a panel that are widened at once: as wasm/matrix.ts has it, BLOCK · 8. */
export const SCRATCH = 2048;

/** Fewer multiplications, those of some four milliseconds, are not worth waking a helper for; with one input they take longer. */
const least = (n: number) => (n === 1 ? 3e7 : 5e7);
const ofPiece = 2 ** 21;
const mostPieces = 16;
/** Bytes that late helpers may yet write in: when there are more, this thread goes on alone. */
const mostKept = 2 ** 25;

type ProductInput = Product & {
  readonly memory: WasmMemory;
  /** Tells memories apart: see `keepJoined`. */
  readonly id: number;
  readonly panels: number; // of a piece
  readonly out: number; // of each piece [n, 8 · panels]
  readonly scratch: number; // of each piece [SCRATCH]
};

/** A product in pieces of some panels, in memory that is shared. @param exportsOf the module's functions on that memory */
function taskWith(exportsOf: (input: ProductInput) => ProductExports): Task<ProductInput> {
  return {
    name: "product",
    open(input) {
      const { x, n, k, w, type, first, last, panels, bias, out, scratch } = input;
      const exports = exportsOf(input);
      return (piece) => {
        const from = first + piece * panels;
        const to = Math.min(last, from + panels);
        const start = bias + 32 * panels * piece;
        const place = out + 32 * n * panels * piece;
        if (n === 1) exports.vector(x, k, w, type, from, to, start, place);
        else exports.product(x, n, k, w, type, from, to, start, place, scratch + 4 * SCRATCH * piece);
        return []; // in one step
      };
    },
  };
}

/** A helper's side. @param join the module on another thread's memory */
export function productTask(join: (memory: WasmMemory) => ProductExports): Task<never> {
  return taskWith(keepJoined(join)) as Task<never>;
}

/**
 * Writes a product's first `count` columns to the first `rows` rows of `out`, `stride` numbers apart, when it is long enough and
 * helpers can reach the memory.
 * @returns false when it is still to be done
 */
export function shareProduct(
  { exports, memory, arena, id }: Module<ProductExports>,
  product: Product,
  out: Float32Array,
  { rows, stride, count }: { readonly rows: number; readonly stride: number; readonly count: number },
): boolean {
  const { n, k, first, last } = product;
  const wide = last - first;
  const work = 8 * wide * n * k;
  if (work < least(n) || crew().helpers === 0 || memory.buffer instanceof ArrayBuffer || arena.kept >= mostKept) return false;
  // Vectors take four panels at once.
  const panels = 4 * Math.ceil(wide / (4 * Math.min(mostPieces, Math.floor(work / ofPiece))));
  const pieces = Math.ceil(wide / panels);
  const result = arena.take(32 * wide * n);
  const scratch = arena.take(4 * SCRATCH * pieces);
  const input = { ...product, memory, id, panels, out: result, scratch };
  if (!finish(inPieces(taskWith(() => exports), input, pieces))) {
    // A helper may yet read and write there.
    arena.keep(product.x);
    return false;
  }
  for (let piece = 0; piece < pieces; piece++) {
    const from = 8 * panels * piece;
    const width = Math.min(8 * panels, 8 * wide - from);
    const sums = arena.f32(result + 4 * n * from, n * width);
    for (let i = 0; i < rows; i++) out.set(sums.subarray(i * width, i * width + Math.min(width, count - from)), i * stride + from);
  }
  return true;
}
