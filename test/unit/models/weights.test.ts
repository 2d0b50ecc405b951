import { describe, expect, test } from "vitest";
import type { ByteSource } from "../../../src/core/contract/index.js";
import { bytesOf } from "../../../src/core/kernels/matrix.js";
import { Weights } from "../../../src/core/models/weights.js";
import { finish } from "../../oracle/kmeans.js";

const BIG = 2 ** 23 + 1;

/** A safetensors file with matrices [2, 3] of 1, −2, 0.5, 3, 0, −1.5 by type, and as many more numbers as wanted, which are zeros that take no memory. */
function fileOf(more: number): ByteSource {
  const values = [1, -2, 0.5, 3, 0, -1.5];
  const parts: Record<string, Uint8Array> = {
    F32: new Uint8Array(Float32Array.from(values).buffer),
    F64: new Uint8Array(Float64Array.from(values).buffer),
    F16: new Uint8Array(Uint16Array.of(0x3c00, 0xc000, 0x3800, 0x4200, 0, 0xbe00).buffer),
    BF16: new Uint8Array(Uint16Array.of(0x3f80, 0xc000, 0x3f00, 0x4040, 0, 0xbfc0).buffer),
  };
  let at = 0;
  const header: Record<string, object> = {};
  for (const [dtype, bytes] of Object.entries(parts)) header[dtype] = { dtype, shape: [2, 3], data_offsets: [at, (at += bytes.length)] };
  header.more = { dtype: "U8", shape: [more], data_offsets: [at, at + more] };
  const text = new TextEncoder().encode(JSON.stringify(header));
  const length = new Uint8Array(BigUint64Array.of(BigInt(text.length)).buffer);
  const head = Uint8Array.from([length, text, ...Object.values(parts)].flatMap((bytes) => Array.from(bytes)));
  return { size: head.length + more, read: (offset, size) => head.slice(offset, offset + size) };
}

describe("weights", () => {
  const rowsOf = (name: string, more: number, turned: boolean) => {
    const weights = finish(Weights.open(new Map([["model.safetensors", fileOf(more)]])));
    const matrix = finish(turned ? weights.transposed(name, 2, 3) : weights.matrix(name, 2, 3));
    const rows = Array.from({ length: matrix.rows }, (_, i) => {
      const row = new Float32Array(matrix.columns);
      matrix.row(i, row);
      return Array.from(row);
    });
    return { rows, bytes: bytesOf(matrix.type), type: matrix.type };
  };

  test.each(["F32", "F64", "F16", "BF16"])("of %s are what the file says, also transposed", (name) => {
    for (const more of [0, BIG]) {
      expect(rowsOf(name, more, false).rows).toEqual([[1, -2, 0.5], [3, 0, -1.5]]);
      expect(rowsOf(name, more, true).rows).toEqual([[1, 3], [-2, 0], [0.5, -1.5]]);
    }
  });

  test("that find no memory are named in a sentence", () => {
    const side = 2 ** 17;
    const text = new TextEncoder().encode(JSON.stringify({ wide: { dtype: "F32", shape: [side, side], data_offsets: [0, 4 * side ** 2] } }));
    const head = Uint8Array.from([...new Uint8Array(BigUint64Array.of(BigInt(text.length)).buffer), ...text]);
    const weights = finish(Weights.open(new Map([["model.safetensors", { size: head.length + 4 * side ** 2, read: (offset: number, size: number) => head.slice(offset, offset + size) }]])));
    const said = "There is not enough memory for the model's tensor {0}";
    expect(() => finish(weights.matrix("wide", side, side))).toThrow(said);
    expect(() => finish(weights.values("wide", side, side))).toThrow(said);
  });

  test("stay as they are stored in a model that is not small", () => {
    const types = (more: number) => ["F32", "F64", "F16", "BF16"].map((name) => rowsOf(name, more, false).type);
    expect(types(0)).toEqual(["float32", "float32", "float32", "float32"]);
    expect(types(BIG)).toEqual(["float32", "float32", "float16", "bfloat16"]);
    expect(rowsOf("F16", BIG, false).bytes).toBe(2);
  });
});
