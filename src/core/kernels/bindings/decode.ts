import type { DecodeKernels } from "../decode.js";
import type { Module } from "./module.js";

type Decoder = (from: number, out: number, n: number) => void;
type Exports = { float16: Decoder; bfloat16: Decoder };

/** Numbers copied in and out at once, which a processor's cache holds. */
const block = 1 << 15;

export function bindDecode({ exports, arena }: Module<Exports>): DecodeKernels {
  const decode = (decoder: Decoder, raw: Uint8Array, from: number, out: Float32Array): void => {
    const mark = arena.mark();
    const most = Math.min(block, out.length);
    const source = arena.take(2 * most);
    const target = arena.take(4 * most);
    const bytes = arena.bytes(source, 2 * most);
    const values = arena.f32(target, most);
    for (let i = 0; i < out.length; i += block) {
      const n = Math.min(block, out.length - i);
      bytes.set(raw.subarray(from + 2 * i, from + 2 * (i + n)));
      decoder(source, target, n);
      out.set(n === most ? values : values.subarray(0, n), i);
    }
    arena.release(mark);
  };
  return {
    float16: (raw, from, out) => decode(exports.float16, raw, from, out),
    bfloat16: (raw, from, out) => decode(exports.bfloat16, raw, from, out),
  };
}
