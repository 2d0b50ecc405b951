import { kernels } from "../kernels/current.js";
import { bfloat16ToDouble, float8Table, halfTable } from "./halfFloat.js";

/** Types of a tensor's elements, by their names in numpy and torch. */
export const dtypeSizes = {
  float64: 8, float32: 4, float16: 2, bfloat16: 2, float8_e4m3fn: 1, float8_e5m2: 1,
  int64: 8, int32: 4, int16: 2, int8: 1, uint64: 8, uint32: 4, uint16: 2, uint8: 1, bool: 1,
} as const;
export type DType = keyof typeof dtypeSizes;

/** As many elements side by side are worth a quicker way. */
const WORTHWHILE = 64;

/** Whether the type holds whole numbers only. */
export function isWhole(dtype: DType): boolean {
  return /int|bool/.test(dtype);
}

/** Where decoded elements come from and go to; strides are in bytes there, in elements here. */
export type Decoding = {
  readonly dtype: DType;
  readonly littleEndian: boolean;
  readonly from: number;
  readonly stride: number;
  readonly count: number;
  readonly at: number;
  readonly outStride: number;
};

/**
 * Decodes `count` elements of `raw`, the first at byte `from`, each `stride` bytes behind the last, into `out`. 64-bit
 * integers are rounded to doubles.
 */
export function decode(raw: Uint8Array, out: Float32Array | Float64Array, { dtype, littleEndian: le, from, stride, count, at, outStride }: Decoding): void {
  if (le && stride === dtypeSizes[dtype] && outStride === 1 && count >= WORTHWHILE && decodeRow(raw, from, out.subarray(at, at + count), dtype)) return;
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  let i = from;
  let o = at;
  const end = at + count * outStride;
  switch (dtype) {
    case "float64":
      for (; o !== end; o += outStride, i += stride) out[o] = view.getFloat64(i, le);
      return;
    case "float32":
      for (; o !== end; o += outStride, i += stride) out[o] = view.getFloat32(i, le);
      return;
    case "float16": {
      const table = halfTable();
      for (; o !== end; o += outStride, i += stride) out[o] = table[view.getUint16(i, le)];
      return;
    }
    case "bfloat16":
      for (; o !== end; o += outStride, i += stride) out[o] = bfloat16ToDouble(view.getUint16(i, le));
      return;
    case "float8_e4m3fn":
    case "float8_e5m2": {
      const table = float8Table(dtype === "float8_e4m3fn" ? "E4M3" : "E5M2");
      for (; o !== end; o += outStride, i += stride) out[o] = table[raw[i]];
      return;
    }
    case "int64":
    case "uint64": {
      const high = le ? 4 : 0;
      for (; o !== end; o += outStride, i += stride) {
        const upper = dtype === "uint64" ? view.getUint32(i + high, le) : view.getInt32(i + high, le);
        out[o] = upper * 4294967296 + view.getUint32(i + 4 - high, le);
      }
      return;
    }
    case "int32":
      for (; o !== end; o += outStride, i += stride) out[o] = view.getInt32(i, le);
      return;
    case "uint32":
      for (; o !== end; o += outStride, i += stride) out[o] = view.getUint32(i, le);
      return;
    case "int16":
      for (; o !== end; o += outStride, i += stride) out[o] = view.getInt16(i, le);
      return;
    case "uint16":
      for (; o !== end; o += outStride, i += stride) out[o] = view.getUint16(i, le);
      return;
    case "int8":
      for (; o !== end; o += outStride, i += stride) out[o] = view.getInt8(i);
      return;
    case "uint8":
      for (; o !== end; o += outStride, i += stride) out[o] = raw[i];
      return;
    case "bool":
      for (; o !== end; o += outStride, i += stride) out[o] = raw[i] === 0 ? 0 : 1;
  }
}

/** Arrays of the types that JavaScript converts by itself. */
const arrays = {
  float64: Float64Array, float32: Float32Array, int32: Int32Array, int16: Int16Array, int8: Int8Array, uint32: Uint32Array, uint16: Uint16Array, uint8: Uint8Array,
} as const;

/** Decodes little-endian elements that lie side by side, where there is a quick way; false where there is none. */
function decodeRow(raw: Uint8Array, from: number, out: Float32Array | Float64Array, dtype: DType): boolean {
  if ((dtype === "float16" || dtype === "bfloat16") && out instanceof Float32Array) kernels().decode[dtype](raw, from, out);
  else if (dtype === (out instanceof Float32Array ? "float32" : "float64")) {
    new Uint8Array(out.buffer, out.byteOffset, out.byteLength).set(raw.subarray(from, from + out.byteLength));
  } else {
    const array = dtype in arrays ? arrays[dtype as keyof typeof arrays] : undefined;
    const begin = raw.byteOffset + from;
    if (!array || begin % array.BYTES_PER_ELEMENT !== 0) return false;
    out.set(new array(raw.buffer as ArrayBuffer, begin, out.length));
  }
  return true;
}
