import { describe, expect, test } from "vitest";
import { format } from "../../../src/core/contract/index.js";
import { readTable } from "../../../src/core/formats/readTable.js";
import { openSource } from "../../../src/extension/worker/files.js";
import { bytesOf, finish, npy, raw, safetensors, value } from "../vectors/files/helpers.js";
import { zip } from "../vectors/files/zipWriter.js";

const count = (n: number): Float32Array => Float32Array.from({ length: n }, (_, i) => i);

describe("one array of a file as a table", () => {
  const read = (name: string, content: Uint8Array, part?: string) => finish(readTable({ kind: "bytes", uri: `file:///${name}`, name, bytes: bytesOf(content), ...(part === undefined ? {} : { part }) }));
  const archive = zip([
    { name: "a.npy", data: npy("<f4", [2, 3], raw(count(6))), deflate: true },
    { name: "b.npy", data: npy("<f8", [4], raw(Float64Array.of(1, NaN, Infinity, 4))) },
    { name: "c.npy", data: npy("<f4", [1, 2, 3], raw(count(6))) },
  ]);
  const columnsOf = (parsed: ReturnType<typeof read>) => value(parsed).columns.map(({ name, values }) => [name, Array.from(values)]);

  test("is named by its part", () => {
    expect(columnsOf(read("x.npz", archive, "a"))).toEqual([["column 1", [0, 3]], ["column 2", [1, 4]], ["column 3", [2, 5]]]);
    expect(columnsOf(read("x.npz", archive, "b"))).toEqual([["value", [1, NaN, NaN, 4]]]);
    const tensors = safetensors({ w: { dtype: "I32", shape: [3, 1], data_offsets: [0, 12] } }, raw(new Uint8Array(Int32Array.of(5, -6, 7).buffer)));
    expect(columnsOf(read("x.safetensors", tensors))).toEqual([["value", [5, -6, 7]]]);
    const fortran = zip([{ name: "f.npy", data: npy("<f4", [2, 3], raw(Float32Array.of(0, 3, 1, 4, 2, 5)), true) }]);
    expect(columnsOf(read("f.npz", fortran))).toEqual([["column 1", [0, 3]], ["column 2", [1, 4]], ["column 3", [2, 5]]]);
    const words = new Uint8Array(Buffer.concat([Buffer.from("2 2\na "), Buffer.from(Float32Array.of(1, 2).buffer), Buffer.from("b "), Buffer.from(Float32Array.of(3, 4).buffer)]));
    expect(columnsOf(read("w.bin", words))).toEqual([["column 1", [1, 3]], ["column 2", [2, 4]]]);
  });

  test.each([
    ["x.npz", undefined, "2 arrays, so it is not clear which is meant. Choose one of: a (2, 3), b (4,)"],
    ["x.npz", "z", "has no array z. Choose one of: a (2, 3), b (4,), c (1, 2, 3)"],
    ["x.npz", "c", "c has 3 dimensions, (1, 2, 3)"],
  ])("of %s, %s, may be refused", (name, part, sentence) => {
    const parsed = read(name, archive, part);
    expect(parsed.ok).toBe(false);
    expect(parsed.problems.map(({ message }) => format(message)).join()).toContain(sentence);
  });

  test("keeps its name on the way to the worker's reader", () => {
    const { source, close } = openSource({ kind: "bytes", uri: "file:///x.npz", name: "x.npz", bytes: archive, part: "b" });
    expect(source).toMatchObject({ kind: "bytes", part: "b" });
    close();
  });
});
