import { keyHeadOf, type Anatomy, type Dense } from "../models/anatomy.js";
import type { HeadMatrices } from "./reading.js";

/** What a head's output [size] of one token adds to the stream [d], without the bias. */
export function projectHead(anatomy: Anatomy, layer: number, head: number, output: ArrayLike<number>, d: number): Float32Array {
  const { heads, headSize } = anatomy;
  const { weight } = anatomy.attention(layer).output;
  const out = new Float32Array(d);
  for (let j = 0; j < d; j++) {
    const at = (j * heads + head) * headSize;
    let sum = 0;
    for (let i = 0; i < headSize; i++) sum += weight[at + i] * output[i];
    out[j] = sum;
  }
  return out;
}

/** A head's matrices, to be multiplied from the right. */
export function headMatrices(anatomy: Anatomy, layer: number, head: number, d: number): HeadMatrices {
  const { heads, headSize: size } = anatomy;
  const { query, key, value, output } = anatomy.attention(layer);
  const shared = keyHeadOf(head, anatomy);
  const cut = ({ weight }: Dense, index: number) => {
    const out = new Float32Array(d * size);
    for (let i = 0; i < size; i++) for (let j = 0; j < d; j++) out[j * size + i] = weight[(index * size + i) * d + j];
    return out;
  };
  const biasOf = ({ bias }: Dense, index: number) => bias?.slice(index * size, (index + 1) * size);
  const projection = new Float32Array(size * d);
  for (let i = 0; i < size; i++) for (let j = 0; j < d; j++) projection[i * d + j] = output.weight[(j * heads + head) * size + i];
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
