import { halfTable } from "../../formats/halfFloat.js";
import type { DecodeKernels } from "../decode.js";

export const decode: DecodeKernels = {
  float16(raw, from, out) {
    const table = halfTable();
    for (let i = 0, at = from; i < out.length; i++, at += 2) out[i] = table[raw[at] | (raw[at + 1] << 8)];
  },
  bfloat16(raw, from, out) {
    const bits = new Int32Array(out.buffer, out.byteOffset, out.length);
    for (let i = 0, at = from; i < out.length; i++, at += 2) bits[i] = (raw[at] << 16) | (raw[at + 1] << 24);
  },
};
