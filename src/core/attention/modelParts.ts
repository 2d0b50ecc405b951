import { keyHeadOf, type Anatomy, type DenseRows } from "../models/anatomy.js";
import type { HeadMatrices } from "./reading.js";

/** What a head's output [size] of one token adds to the stream [d], without the bias. */
export function projectHead(anatomy: Anatomy, layer: number, head: number, output: ArrayLike<number>, d: number): Float32Array {
  const { heads, headSize } = anatomy;
  // What all heads give together, the others giving nothing.
  const given = new Float32Array(heads * headSize);
  given.set(output, head * headSize);
  const out = new Float32Array(d);
  anatomy.attention(layer).output.weight.times(given, 1, undefined, out);
  return out;
}

/** A head's matrices, to be multiplied from the right. */
export function headMatrices(anatomy: Anatomy, layer: number, head: number, d: number): HeadMatrices {
  const { heads, headSize: size } = anatomy;
  const { query, key, value, output } = anatomy.attention(layer);
  const shared = keyHeadOf(head, anatomy);
  const row = new Float32Array(Math.max(d, heads * size));
  const cut = ({ weight, from }: DenseRows, index: number) => {
    const out = new Float32Array(d * size);
    for (let i = 0; i < size; i++) {
      weight.row(from + index * size + i, row);
      for (let j = 0; j < d; j++) out[j * size + i] = row[j];
    }
    return out;
  };
  const biasOf = ({ bias }: DenseRows, index: number) => bias?.slice(index * size, (index + 1) * size);
  const projection = new Float32Array(size * d);
  for (let j = 0; j < d; j++) {
    output.weight.row(j, row);
    for (let i = 0; i < size; i++) projection[i * d + j] = row[head * size + i];
  }
  return {
    query: cut(query, head), key: cut(key, shared), value: cut(value, shared), output: projection,
    biases: { query: biasOf(query, head), key: biasOf(key, shared), value: biasOf(value, shared) },
  };
}

/** Mean and deviation by token from their pairs. */
export function statistics(found: Float64Array | undefined): { readonly mean: Float64Array; readonly deviation: Float64Array } {
  const n = (found?.length ?? 0) / 2;
  return { mean: Float64Array.from({ length: n }, (_, t) => found![2 * t]), deviation: Float64Array.from({ length: n }, (_, t) => found![2 * t + 1]) };
}
