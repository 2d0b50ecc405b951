import type { Parsed, Progress } from "../contract/index.js";
import { tensorFile, type Tensor, type TensorFile } from "./tensorFile.js";
import type { Plane, Window } from "./tensorWindow.js";

/** The two halves of 64-bit integers, which doubles hold only up to 2^53; row-major like the window they belong to. */
export type Halves = { readonly high: Int32Array | Uint32Array; readonly low: Uint32Array };

/** Reads a window of 64-bit integers exactly: as an array with one more axis, of the two halves of each number. */
export function* readHalves(file: TensorFile, tensor: Tensor, window: Window, plane: Plane): Generator<Progress, Parsed<Halves>, void> {
  const { shape, order, littleEndian, dtype } = tensor;
  const first = order === "F";
  const at = first ? 0 : shape.length;
  const wide = first ? [2, ...shape] : [...shape, 2];
  const moved = (axis: number): number => (axis < 0 ? axis : first ? axis + 1 : axis);
  const half = function* (which: number, type: "int32" | "uint32"): Generator<Progress, Parsed<Float64Array>, void> {
    const index = [...plane.index];
    index.splice(at, 0, which);
    const view: Tensor = { ...tensor, shape: wide, size: 2 * tensor.size, dtype: type };
    return yield* tensorFile(file.format, [view]).readDoubles(view, window, { rowAxis: moved(plane.rowAxis), colAxis: moved(plane.colAxis), index });
  };
  const high = yield* half(littleEndian ? 1 : 0, dtype === "uint64" ? "uint32" : "int32");
  if (!high.ok) return high;
  const low = yield* half(littleEndian ? 0 : 1, "uint32");
  if (!low.ok) return low;
  const made = dtype === "uint64" ? Uint32Array.from(high.input) : Int32Array.from(high.input);
  return { ok: true, input: { high: made, low: Uint32Array.from(low.input) }, problems: [] };
}

/** The integer at place `i`. */
export function integerText({ high, low }: Halves, i: number): string {
  return (BigInt(high[i]) * 4294967296n + BigInt(low[i])).toString();
}
