import * as fc from "../../support/fastCheck.js";
import { describe, expect, it } from "vitest";
import { format } from "../../../src/core/contract/index.js";
import { readNpyArray } from "../../../src/core/formats/npy.js";
import { Cell } from "../../../src/core/formats/table.js";
import { bytesOf, columns, file, finish, fixture, parse, sentences, table } from "./helpers.js";

/** A .npy file of a header and a body, by the format's specification. */
function npy(descr: string, shape: string, body: ArrayLike<number>, { fortran = false, version = 1, header = "" } = {}): Uint8Array {
  const text = header || `{'descr': ${descr}, 'fortran_order': ${fortran ? "True" : "False"}, 'shape': ${shape}, }`;
  const sizeBytes = version === 1 ? 2 : 4;
  const padded = text.padEnd(Math.ceil((text.length + 9 + sizeBytes) / 64) * 64 - 9 - sizeBytes) + "\n";
  const size = padded.length;
  const head = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, version, 0, size & 255, size >> 8, ...(version === 1 ? [] : [0, 0])];
  return Uint8Array.from([...head, ...new TextEncoder().encode(padded), ...Array.from(body)]);
}
const bytes = (array: { buffer: ArrayBufferLike }) => new Uint8Array(array.buffer as ArrayBuffer);

type Case = { case: string; op: string; input: { file: string; format: string }; expected: { error?: boolean; shape: number[]; dtype: string; fortran_order: boolean; values_row_major: (number | string)[] } };
const cases = (JSON.parse(new TextDecoder().decode(fixture("oracle/vectors/parse.json"))) as { cases: Case[] }).cases.filter(({ input }) => input.format === "npy");

describe("arrays written by numpy", () => {
  it.each(cases.map((each) => [each.case, each] as const))("%s", (_, { input, expected }) => {
    const parsed = finish(readNpyArray(bytesOf(fixture(`oracle/vectors/${input.file}`))));
    if (expected.error) {
      expect(parsed.ok).toBe(false);
      return;
    }
    if (!parsed.ok) throw new Error(format(parsed.problems[0].message));
    const { header, values } = parsed.input;
    expect(header).toMatchObject({ shape: expected.shape, descr: expected.dtype, fortranOrder: expected.fortran_order });
    expect(Array.from(values)).toEqual(expected.values_row_major.map(Number));
  });
});

describe("tables from .npy", () => {
  it("reads rows in both orders", () => {
    const c = npy("'<f8'", "(2, 3)", bytes(Float64Array.of(1, 2, 3, 4, 5, 6.5)));
    const f = npy("'<f8'", "(2, 3)", bytes(Float64Array.of(1, 4, 2, 5, 3, 6.5)), { fortran: true });
    const expected = { "column 1": [1, 4], "column 2": [2, 5], "column 3": [3, 6.5] };
    expect(columns(file("x.npy", c))).toEqual(expected);
    expect(columns(file("x.npy", f))).toEqual(expected);
    const read = table(file("x.npy", c));
    expect([read.spans, read.lines, read.columns[0].spans, read.columns[0].codes]).toEqual([null, null, null, null]);
  });

  it("reads every integer type in both byte orders", () => {
    expect(pair("'>i2'", [0x01, 0x02, 0xff, 0xfe])).toEqual([258, -2]);
    expect(pair("'<u2'", [0x01, 0x02, 0xff, 0xfe])).toEqual([513, 65279]);
    expect(pair("'>u4'", [0, 0, 1, 0, 255, 255, 255, 255])).toEqual([256, 4294967295]);
    expect(pair("'|i1'", [255, 127])).toEqual([-1, 127]);
    expect(pair("'<i8'", [...bytes(BigInt64Array.of(-3n, 9007199254740993n))])).toEqual([-3, 9007199254740992]);
    expect(pair("'<u8'", [...bytes(BigUint64Array.of(1n, 18446744073709551615n))])).toEqual([1, 18446744073709552000]);
    expect(pair("'|b1'", [0, 7])).toEqual([0, 1]);
  });

  function pair(descr: string, body: number[]): number[] {
    return columns(file("x.npy", npy(descr, "(2,)", body))).value;
  }

  it("keeps not-a-number and infinities apart", () => {
    const read = table(file("x.npy", npy("'<f8'", "(4,)", bytes(Float64Array.of(1, NaN, -Infinity, 2)))));
    expect(Array.from(read.columns[0].codes!)).toEqual([Cell.ok, Cell.missing, Cell.infinite, Cell.ok]);
    expect(Array.from(read.columns[0].values)).toEqual([1, NaN, NaN, 2]);
    expect(read.columns[0].numbers).toBe(2);
  });

  it("does not preselect a counter beside other columns", () => {
    const read = table(file("x.npy", npy("'<f8'", "(3, 2)", bytes(Float64Array.of(0, 5, 1, 7, 2, 9)))));
    expect(read.columns.map(({ numeric }) => numeric)).toEqual([false, true]);
  });
});

describe("refusals", () => {
  it.each([
    ["objects", npy("'|O'", "(2,)", []), "never loaded"],
    ["complex numbers", npy("'<c16'", "(2,)", new Uint8Array(32)), "complex numbers (<c16)"],
    ["strings", npy("'<U3'", "(2,)", new Uint8Array(24)), "strings (<U3)"],
    ["dates", npy("'<M8[ns]'", "(2,)", new Uint8Array(16)), "dates or durations"],
    ["fields", npy("[('a', '<f8'), ('b', '<i4')]", "(2,)", new Uint8Array(24)), "structured dtype"],
    ["long doubles", npy("'<f16'", "(2,)", new Uint8Array(32)), "astype(\"float64\")"],
    ["a scalar", npy("'<f8'", "()", new Uint8Array(8)), "0-D"],
    ["three dimensions", npy("'<f8'", "(2, 2, 2)", new Uint8Array(64)), "(2, 2, 2); one or two can be read. Save it as rows: np.save(\"x.npy\", x.reshape(len(x), -1))."],
    ["an empty array", npy("'<f8'", "(0, 3)", []), "its shape is (0, 3)"],
    ["a short body", npy("'<f8'", "(3,)", new Uint8Array(20)), "needs 24 bytes, but only 20 follow"],
    ["a shape beyond reason", npy("'<f8'", "(999999999999, 999999999)", new Uint8Array(16)), "cut off or its header is wrong"],
    ["too many columns", npy("'|u1'", "(1, 30000)", new Uint8Array(30000)), "30000 columns"],
    ["a version from the future", npy("'<f8'", "(2,)", new Uint8Array(16), { version: 4 }), "version 4.0"],
    ["a nonsense header", npy("", "", [], { header: "{'descr': 5}" }), "can't be understood"],
    ["a zip", Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0, 0), ".npz"],
    ["text", new TextEncoder().encode("a,b\n1,2\n"), "not a .npy file"],
  ])("%s", (_, content, sentence) => {
    const parsed = parse(file("x.npy", content));
    expect(parsed.ok).toBe(false);
    expect(sentences(file("x.npy", content))[0]).toContain(sentence);
  });

  it("says what a file could not be read for", () => {
    const source = file("x.npy", npy("'<f8'", "(2,)", new Uint8Array(16)));
    if (source.kind !== "bytes") throw new Error();
    const broken = { ...source, bytes: { size: 144, read: () => { throw new Error("EIO: device gone"); } } };
    expect(sentences(broken)).toEqual(["error: x.npy could not be read: EIO: device gone"]);
  });

  it("survives every truncation and mutation", () => {
    const valid = npy("'<f4'", "(3, 2)", bytes(Float32Array.of(1, 2, 3, 4, 5, 6)));
    for (let length = 0; length < valid.length; length++) expect(parse(file("x.npy", valid.slice(0, length))).ok).toBe(false);
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(valid.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 }), (changes) => {
        const mutated = valid.slice();
        for (const [at, byte] of changes) mutated[at] = byte;
        const parsed = parse(file("x.npy", mutated));
        expect(parsed.ok || parsed.problems.length > 0).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });
});
