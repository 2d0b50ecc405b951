import { readFileSync } from "node:fs";
import { constants, inflateRawSync } from "node:zlib";
import { format, type ByteSource, type Parsed, type Progress } from "../../../../src/core/contract/index.js";
import type { MakeInflater } from "../../../../src/core/formats/inflate.js";
import type { Tensor, TensorFile } from "../../../../src/core/formats/tensorFile.js";
import { readVectorFile } from "../../../../src/core/vectors/files/readVectorFile.js";
import type { VectorStore } from "../../../../src/core/vectors/store.js";

/** Runs a generator to its end; one that goes on and on fails. */
export function finish<P, T>(generator: Generator<Progress<P>, T, void>, most = 1e5): T {
  for (let steps = 0; steps < most; steps++) {
    const step = generator.next();
    if (step.done) return step.value;
  }
  throw new Error("The reader does not end.");
}

/** The value, or an error with the sentences of the problems. */
export function value<T>(parsed: Parsed<T>): T {
  if (parsed.ok) return parsed.input;
  throw new Error(sentences(parsed).join("\n"));
}

export function sentences(parsed: Parsed<unknown>): string[] {
  return parsed.problems.map(({ severity, message }) => `${severity}: ${format(message)}`);
}

export function bytesOf(content: Uint8Array | string): ByteSource {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  return { size: bytes.length, read: (offset, length) => bytes.slice(offset, offset + length) };
}

export function fixture(name: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(new URL(`fixtures/${name}`, import.meta.url)));
}
export function oracleFile(name: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(new URL(`../../../fixtures/oracle/vectors/files/${name}`, import.meta.url)));
}

/** zlib, which knows no pieces in one turn: what came so far is unpacked again, and what is new handed over. */
export const makeInflater: MakeInflater = (sink) => {
  let packed = new Uint8Array(0);
  let done = 0;
  return {
    push(bytes, last) {
      const joined = new Uint8Array(packed.length + bytes.length);
      joined.set(packed);
      joined.set(bytes, packed.length);
      packed = joined;
      const out = inflateRawSync(packed, { finishFlush: last ? constants.Z_FINISH : constants.Z_SYNC_FLUSH, maxOutputLength: 1 << 28 });
      if (out.length > done) sink(new Uint8Array(out.subarray(done)));
      done = out.length;
    },
  };
};

/** Reads a file of vectors of any kind. */
export function read(name: string, content: Uint8Array | string, beside: Readonly<Record<string, string>> = {}, tensor?: string): Parsed<VectorStore> {
  const besides = new Map(Object.entries(beside).map(([key, text]) => [key, bytesOf(text)]));
  return finish(readVectorFile({ name, bytes: bytesOf(content), beside: besides }, { makeInflater, tensor }));
}

/** A store as words with their vectors. */
export function entries(parsed: Parsed<VectorStore>): [string, number[]][] {
  const store = value(parsed);
  return store.words.map((word, i) => [word, Array.from(store.row(i))]);
}

/** All numbers of a tensor, row-major over all its axes, read plane by plane. */
export function allValues(file: TensorFile, tensor: Tensor): number[] {
  const { shape } = tensor;
  const leading = shape.slice(0, -2);
  const planes = leading.reduce((product, length) => product * length, 1);
  const values: number[] = [];
  for (let p = 0; p < planes; p++) {
    const index = shape.map(() => 0);
    for (let axis = leading.length - 1, rest = p; axis >= 0; axis--) {
      index[axis] = rest % shape[axis];
      rest = Math.floor(rest / shape[axis]);
    }
    const plane = { rowAxis: shape.length - 2, colAxis: shape.length - 1, index };
    values.push(...value(finish(file.readDoubles(tensor, { rowStart: 0, rowCount: Infinity, colStart: 0, colCount: Infinity }, plane))));
  }
  return values;
}

/** A .npy file by the format's specification. */
export function npy(descr: string, shape: readonly number[], body: Uint8Array, fortran = false): Uint8Array<ArrayBuffer> {
  const text = `{'descr': '${descr}', 'fortran_order': ${fortran ? "True" : "False"}, 'shape': (${shape.join(", ")}${shape.length === 1 ? "," : ""}), }`;
  const padded = text.padEnd(Math.ceil((text.length + 11) / 64) * 64 - 11) + "\n";
  const bytes = new Uint8Array(10 + padded.length + body.length);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, padded.length & 255, padded.length >> 8]);
  bytes.set(new TextEncoder().encode(padded), 10);
  bytes.set(body, 10 + padded.length);
  return bytes;
}

export function raw(array: Float32Array | Float64Array | Int8Array | Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(array.buffer as ArrayBuffer, array.byteOffset, array.byteLength);
}

/** A .safetensors file of a header and data. */
export function safetensors(header: unknown, data: Uint8Array = new Uint8Array(0)): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder().encode(typeof header === "string" ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + text.length + data.length);
  new DataView(bytes.buffer).setUint32(0, text.length, true);
  bytes.set(text, 8);
  bytes.set(data, 8 + text.length);
  return bytes;
}
