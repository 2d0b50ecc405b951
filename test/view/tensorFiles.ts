import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { npy, raw, safetensors } from "../unit/vectors/files/helpers.js";
import { zip } from "../unit/vectors/files/zipWriter.js";

/** A folder for a test file's own files. */
export function ownFolder(): { write(name: string, content: Uint8Array | string): string; remove(): void; readonly path: string } {
  const folder = mkdtempSync(path.join(os.tmpdir(), "lumen-tensors-"));
  return {
    path: folder,
    write(name, content) {
      const file = path.join(folder, name);
      writeFileSync(file, content);
      return file;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Numbers that are the same everywhere, about normal with this spread: a linear congruential generator (Numerical Recipes). */
export function noise(count: number, spread = 1, seed = 1): Float32Array {
  let state = seed;
  const uniform = (): number => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
  return Float32Array.from({ length: count }, () => spread * (uniform() + uniform() + uniform() + uniform() - 2) * 1.7);
}

/** 40 × 3 numbers: row + column / 10, with a few that are out of the ordinary. */
export function plainNumbers(): Float32Array {
  const plain = Float32Array.from({ length: 120 }, (_, i) => Math.floor(i / 3) / 10 + (i % 3));
  [plain[3], plain[4], plain[5], plain[6]] = [NaN, Infinity, -Infinity, -7];
  return plain;
}

function bytes(...arrays: (Float32Array | Float64Array | BigInt64Array | Uint16Array | Uint8Array)[]): Uint8Array {
  return new Uint8Array(Buffer.concat(arrays.map((each) => Buffer.from(each.buffer, each.byteOffset, each.byteLength))));
}

/** Tensors of many kinds, with two notes. */
export function kindsOfTensors(): Uint8Array {
  const special = noise(48 * 64, 0.8, 5);
  [special[3], special[70], special[71], special[200]] = [NaN, Infinity, -Infinity, 30];
  const parts: [name: string, dtype: string, shape: number[], data: Uint8Array][] = [
    ["model.layers.0.attention.query.weight", "F32", [48, 64], bytes(special)],
    ["model.layers.0.attention.query.bias", "F32", [48], bytes(noise(48, 0.3, 7))],
    ["model.embed.weight", "BF16", [300, 96], bytes(Uint16Array.from(noise(300 * 96, 0.5, 9), (v) => new Uint32Array(Float32Array.of(v).buffer)[0] >>> 16))],
    ["model.blocks", "F64", [3, 5, 7, 9], bytes(Float64Array.from(noise(945, 2, 11)))],
    ["position_ids", "I64", [1, 6], bytes(BigInt64Array.of(0n, 1n, -2n, 9007199254740993n, -9223372036854775808n, 9223372036854775807n))],
    ["mask", "BOOL", [6, 10], Uint8Array.from({ length: 60 }, (_, i) => (i % 3 === 0 ? 1 : 0))],
    ["scale", "F32", [], bytes(Float32Array.of(0.1))],
    ["empty", "F16", [0, 4], new Uint8Array(0)],
  ];
  let at = 0;
  const header: Record<string, unknown> = { __metadata__: { format: "pt", licence: "made for a test\nof the editor" } };
  for (const [name, dtype, shape, data] of parts) header[name] = { dtype, shape, data_offsets: [at, (at += data.length)] };
  return safetensors(header, new Uint8Array(Buffer.concat(parts.map(([, , , data]) => data))));
}

export function archive(): Uint8Array {
  const image = Uint8Array.from({ length: 90 * 120 }, (_, i) => (i % 120) + Math.floor(i / 120));
  return zip([
    { name: "image.npy", data: npy("|u1", [90, 120], image), deflate: true },
    { name: "swapped.npy", data: npy(">f8", [4, 6], raw(Float64Array.from({ length: 24 }, (_, i) => (i - 12) / 6)).map((_, i, all) => all[8 * Math.floor(i / 8) + 7 - (i % 8)])), deflate: true },
    { name: "line.npy", data: npy("<f4", [500], raw(noise(500, 1, 3))) },
  ]);
}

/** word2vec's binary format, as Mikolov's own tool writes it. */
export function binaryWords(words: readonly string[], d: number): Uint8Array {
  const values = noise(words.length * d, 1, 21);
  const parts: Buffer[] = [Buffer.from(`${words.length} ${d}\n`)];
  words.forEach((word, i) => parts.push(Buffer.from(`${word} `), Buffer.from(values.buffer, 4 * i * d, 4 * d), Buffer.from("\n")));
  return new Uint8Array(Buffer.concat(parts));
}
