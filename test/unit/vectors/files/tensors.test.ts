import * as fc from "../../../support/fastCheck.js";
import { describe, expect, it } from "vitest";
import { bfloat16ToDouble, float8Table, halfTable, halfToDouble } from "../../../../src/core/formats/halfFloat.js";
import { openNpz } from "../../../../src/core/formats/npz.js";
import { openSafetensors } from "../../../../src/core/formats/safetensors.js";
import type { Tensor, TensorFile } from "../../../../src/core/formats/tensorFile.js";
import { openNpy } from "../../../../src/core/formats/tensorNpy.js";
import { LARGEST_WINDOW, stridesOf } from "../../../../src/core/formats/tensorWindow.js";
import { allValues, bytesOf, finish, fixture, makeInflater, npy, raw, sentences, value } from "./helpers.js";

type Facts = { count: number; finite: number; nan: number; min?: number; mean?: number; std?: number; counts?: number[]; edges?: number[] };
type Expected = {
  npz: Record<string, { shape: number[]; order: "C" | "F"; values: (number | string)[]; statistics: Facts }>;
  safetensors: Record<string, { shape: number[]; values: (number | string)[] }>;
  e4m3: (number | string)[];
  e5m2: (number | string)[];
};
const expected = JSON.parse(new TextDecoder().decode(fixture("expected.json"))) as Expected;

describe("small floats", () => {
  /** By the standard's words: sign, 2 to the exponent, and the binary fraction digit by digit. */
  function slowHalf(bits: number): number {
    const digits = bits.toString(2).padStart(16, "0");
    const exponent = parseInt(digits.slice(1, 6), 2);
    const fraction = [...digits.slice(6)].reduce((sum, digit, i) => sum + (digit === "1" ? 2 ** -(i + 1) : 0), 0);
    const sign = digits[0] === "1" ? -1 : 1;
    if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
    return exponent === 0 ? sign * 2 ** -14 * fraction : sign * 2 ** (exponent - 15) * (1 + fraction);
  }
  function slowBrain(bits: number): number {
    const digits = bits.toString(2).padStart(16, "0");
    const exponent = parseInt(digits.slice(1, 9), 2);
    const fraction = [...digits.slice(9)].reduce((sum, digit, i) => sum + (digit === "1" ? 2 ** -(i + 1) : 0), 0);
    const sign = digits[0] === "1" ? -1 : 1;
    if (exponent === 255) return fraction === 0 ? sign * Infinity : NaN;
    return exponent === 0 ? sign * 2 ** -126 * fraction : sign * 2 ** (exponent - 127) * (1 + fraction);
  }

  it("are exact for all 65,536 patterns of both 16-bit formats", () => {
    const table = halfTable();
    let wrong = 0;
    for (let bits = 0; bits < 65536; bits++) {
      if (!Object.is(halfToDouble(bits), slowHalf(bits)) || !Object.is(table[bits], slowHalf(bits))) wrong++;
      if (!Object.is(bfloat16ToDouble(bits), slowBrain(bits))) wrong++;
    }
    expect(wrong).toBe(0);
  });

  it("are ml_dtypes' values for both 8-bit formats", () => {
    expect(Array.from(float8Table("E4M3"))).toEqual(expected.e4m3.map(Number));
    expect(Array.from(float8Table("E5M2"))).toEqual(expected.e5m2.map(Number));
  });
});

describe.each(["stored.npz", "deflated.npz"])("%s by numpy", (name) => {
  const file = value(finish(openNpz(bytesOf(fixture(name)), name, makeInflater)));
  const tensorOf = (array: string): Tensor => file.tensors.find((tensor) => tensor.name === array)!;

  it("lists every array", () => {
    expect(file.tensors.map((tensor) => tensor.name)).toEqual(Object.keys(expected.npz));
  });

  it.each(Object.entries(expected.npz))("%s has numpy's values", (array, { shape, order, values }) => {
    const tensor = tensorOf(array);
    expect([tensor.shape, tensor.order]).toEqual([shape, order]);
    expect(allValues(file, tensor)).toEqual(values.map(Number));
  });

  it.each(Object.entries(expected.npz))("%s has numpy's statistics", (array, { statistics }) => {
    const { histogram, ...found } = value(finish(file.statistics(tensorOf(array), 16)));
    const { counts, edges, min, mean, std, ...exact } = statistics;
    expect(found).toMatchObject({ ...exact, min: min ?? NaN });
    const scale = Math.max(Math.abs(found.min), Math.abs(found.max));
    if (mean === undefined || std === undefined) expect([found.mean, found.std, histogram]).toEqual([NaN, NaN, null]);
    else {
      expect((found.mean - mean) / scale).toBeCloseTo(0, 14);
      expect((found.std - std) / scale).toBeCloseTo(0, 14);
    }
    if (!counts || !edges) return;
    expect(Array.from(histogram!.counts)).toEqual(counts);
    histogram!.edges.forEach((edge, k) => expect((edge - edges[k]) / scale).toBeCloseTo(0, 14));
  });
});

describe(".npz", () => {
  it("is read where sizes stand behind the data, with a comment at the end", () => {
    const file = value(finish(openNpz(bytesOf(fixture("descriptors.npz")), "descriptors.npz", makeInflater)));
    expect(file.tensors.map(({ name }) => name)).toEqual(["f4", "i2"]);
    for (const tensor of file.tensors) expect(allValues(file, tensor)).toEqual(expected.npz[tensor.name].values);
  });
});

describe("model.safetensors by the format's own library", () => {
  const file = value(finish(openSafetensors(bytesOf(fixture("model.safetensors")), "model.safetensors")));

  it.each(Object.entries(expected.safetensors))("%s", (name, { shape, values }) => {
    const tensor = file.tensors.find((each) => each.name === name)!;
    expect(tensor.shape).toEqual(shape);
    expect(allValues(file, tensor)).toEqual(values.map(Number));
  });

  it("has its types and metadata", () => {
    expect(Object.fromEntries(file.tensors.map(({ name, dtype }) => [name, dtype]))).toEqual({
      "embed.weight": "float32", half: "float16", brain: "bfloat16", e4m3: "float8_e4m3fn", e5m2: "float8_e5m2",
      double: "float64", bytes: "int8", longs: "int64", flags: "bool", 名: "float32",
    });
    expect([...file.metadata]).toContainEqual(["说明", "试"]);
  });
});

describe("windows", () => {
  const shapes = fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 4 });

  it("are those of the whole array, in both orders, along any two axes", () => {
    fc.assert(
      fc.property(shapes, fc.boolean(), fc.infiniteStream(fc.nat(1000)), (shape, fortran, stream) => {
        const next = (below: number): number => stream.next().value! % below;
        const size = shape.reduce((a, b) => a * b, 1);
        const body = Float32Array.from({ length: size }, (_, i) => i);
        const file = value(finish(openNpy(bytesOf(npy("<f4", shape, raw(body), fortran)), "x.npy")));
        const [tensor] = file.tensors;
        const rowAxis = next(shape.length + 1) - 1;
        let colAxis = next(shape.length + 1) - 1;
        if (colAxis === rowAxis) colAxis = -1;
        const index = shape.map((length) => next(length));
        const rows = rowAxis < 0 ? 1 : shape[rowAxis];
        const cols = colAxis < 0 ? 1 : shape[colAxis];
        const [rowStart, colStart] = [next(rows), next(cols)];
        const [rowCount, colCount] = [1 + next(9), 1 + next(9)];
        const found = value(finish(file.read(tensor, rowStart, rowCount, colStart, colCount, { rowAxis, colAxis, index })));
        const want: number[] = [];
        const strides = stridesOf(tensor);
        for (let r = rowStart; r < Math.min(rows, rowStart + rowCount); r++) {
          for (let c = colStart; c < Math.min(cols, colStart + colCount); c++) {
            want.push(shape.reduce((sum, _, axis) => sum + strides[axis] * (axis === rowAxis ? r : axis === colAxis ? c : index[axis]), 0));
          }
        }
        expect(Array.from(found)).toEqual(want);
      }),
      { numRuns: 500 },
    );
  });

  /** An array far larger than memory, whose element i is i mod 251, of which only what is asked for is made. */
  function vast(shape: readonly number[], fortran = false): { file: TensorFile; tensor: Tensor; asked: () => number } {
    const head = npy("|u1", shape, new Uint8Array(0), fortran);
    let asked = 0;
    const size = head.length + shape.reduce((a, b) => a * b, 1);
    const read = (offset: number, length: number): Uint8Array => {
      asked += length;
      return Uint8Array.from({ length: Math.min(length, size - offset) }, (_, i) => (offset + i < head.length ? head[offset + i] : (offset + i - head.length) % 251));
    };
    const file = value(finish(openNpy({ size, read }, "vast.npy")));
    return { file, tensor: file.tensors[0], asked: () => asked };
  }

  it.each([
    ["rows far apart", [1_000_000, 1_000_000], false],
    ["columns far apart", [1_000_000, 1_000_000], true],
    ["narrow rows", [2_000_000_000, 3], false],
    ["one long row", [1, 3_000_000_000], false],
  ] as const)("of %s read little beside what they show", (_, shape, fortran) => {
    const { file, tensor, asked } = vast(shape, fortran);
    const window = value(finish(file.read(tensor, shape[0] - 60, 60, shape[1] - 60, 60)));
    const [rows, cols] = [Math.min(60, shape[0]), Math.min(60, shape[1])];
    expect(window.length).toBe(rows * cols);
    const strides = stridesOf(tensor);
    const at = (r: number, c: number): number => ((shape[0] - rows + r) * strides[0] + (shape[1] - cols + c) * strides[1]) % 251;
    for (let r = 0; r < rows; r++) for (let c = 0; c < cols; c++) expect(window[r * cols + c]).toBe(at(r, c));
    expect(asked()).toBeLessThan(2_000_000);
  });

  it("refuse to fill the memory", () => {
    const { file, tensor } = vast([1_000_000, 1_000_000]);
    expect(() => finish(file.read(tensor, 0, 10_000, 0, LARGEST_WINDOW / 1000))).toThrow(RangeError);
  });

  it("say when the file became shorter or went away", () => {
    const content = npy("<f4", [4, 2], raw(new Float32Array(8)));
    let there: Uint8Array | null = content;
    const source = {
      size: content.length,
      read(offset: number, length: number) {
        if (!there) throw new Error("ENOENT: no such file");
        return there.slice(offset, offset + length);
      },
    };
    const file = value(finish(openNpy(source, "x.npy")));
    there = content.slice(0, -4);
    expect(sentences(finish(file.read(file.tensors[0], 0, 4, 0, 2)))).toEqual(["error: x.npy became shorter while it was read. Open it again."]);
    there = null;
    expect(sentences(finish(file.statistics(file.tensors[0])))).toEqual(["error: x.npy could not be read: ENOENT: no such file"]);
    expect(sentences(finish(openNpy(source, "x.npy")))).toEqual(["error: x.npy could not be read: ENOENT: no such file"]);
  });
});

describe("statistics", () => {
  it("give whole numbers in a small range a bin each", () => {
    const file = value(finish(openNpy(bytesOf(npy("|i1", [6], raw(Int8Array.of(-2, 3, 3, 0, 0, 0)))), "x.npy")));
    const { histogram } = value(finish(file.statistics(file.tensors[0])));
    expect(Array.from(histogram!.edges)).toEqual([-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 3.5]);
    expect(Array.from(histogram!.counts)).toEqual([1, 0, 3, 0, 0, 2]);
  });

  it("count every number once, in the bin between whose edges it lies", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 80 }), fc.integer({ min: 1, max: 40 }), (numbers, bins) => {
        const file = value(finish(openNpy(bytesOf(npy("<f8", [numbers.length], raw(Float64Array.from(numbers)))), "x.npy")));
        const { min, max, mean, std, histogram } = value(finish(file.statistics(file.tensors[0], bins)));
        const { edges, counts } = histogram!;
        expect(counts.reduce((a, b) => a + b, 0)).toBe(numbers.length);
        expect(edges.length).toBe(counts.length + 1);
        expect(mean >= min - (max / 1e9 - min / 1e9) && mean <= max + (max / 1e9 - min / 1e9) && std >= 0).toBe(true);
        counts.forEach((count, k) => {
          const last = k === counts.length - 1;
          expect(numbers.filter((x) => x >= edges[k] && (x < edges[k + 1] || (last && x === edges[k + 1]))).length).toBe(count);
        });
      }),
      { numRuns: 300 },
    );
  });

  it("tell what is known while they are counted", () => {
    const file = value(finish(openNpy(bytesOf(npy("<f4", [300_000], raw(new Float32Array(300_000).fill(2)))), "x.npy")));
    const step = file.statistics(file.tensors[0]).next();
    expect(step.done).toBe(false);
    if (!step.done) expect(step.value.trace!()).toMatchObject({ count: 300_000, finite: 131_072, min: 2, max: 2, histogram: null });
  });
});
