import * as fc from "../../../support/fastCheck.js";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { ByteSource } from "../../../../src/core/contract/index.js";
import { openTensors, readVectorFile } from "../../../../src/core/vectors/files/readVectorFile.js";
import { bytesOf, finish, fixture, makeInflater, npy, oracleFile, raw, safetensors } from "./helpers.js";
import { zip } from "./zipWriter.js";

/** Mutations tried a file; LUMEN_FUZZ=20000 for a long run. */
const RUNS = Number(process.env.LUMEN_FUZZ ?? 150);
/** Bytes that a reader of these small files may ask for at once, and numbers that it may make room for. */
const MOST = 1 << 21;

const text = new TextEncoder();
const numbers = Float32Array.from({ length: 40 }, (_, i) => Math.sin(i) * 3);
const files: Readonly<Record<string, Uint8Array>> = {
  "glove.txt": oracleFile("glove.txt"),
  "spaces.txt": oracleFile("glove_token_with_spaces.txt"),
  "word2vec.txt": oracleFile("word2vec.txt"),
  "few.txt": text.encode("1 2\nking 0.5 0.6\n"),
  "word2vec.bin": oracleFile("word2vec.bin"),
  "lines.bin": oracleFile("word2vec_newlines.bin"),
  "fasttext.vec": oracleFile("fasttext.vec"),
  "v.json": text.encode(JSON.stringify({ king: [0.5, 1], "na\u00efve \"x\"": [1e-9, -2], "": [3, 4] })),
  "v.jsonl": text.encode("{\"word\": \"king\", \"tags\": [{\"a\": 1}], \"vector\": [0.5, 1]}\n{\"word\": \"queen\", \"vector\": [1, 2]}\n"),
  "v.csv": text.encode("id,word,x,y\n0,\"king, the\",0.5,1\n1,queen,,-2e3\n"),
  "v.tsv": text.encode("king\t0.5\t1\nqueen\t1\t2\n"),
  "v.npy": npy("<f4", [8, 5], raw(numbers)),
  "fortran.npy": npy(">f4", [8, 5], raw(numbers), true),
  "stored.npz": fixture("stored.npz"),
  "deflated.npz": fixture("deflated.npz"),
  "descriptors.npz": fixture("descriptors.npz"),
  "large.npz": zip([{ name: "v.npy", data: npy("<f4", [8, 5], raw(numbers)), deflate: true }], { zip64: true }),
  "model.safetensors": fixture("model.safetensors"),
  "one.safetensors": safetensors({ v: { dtype: "F32", shape: [8, 5], data_offsets: [0, 160] }, __metadata__: { a: "b" } }, raw(numbers)),
};

/** The most elements that an array was made for. */
let largest = 0;
beforeAll(() => {
  for (const name of ["Float32Array", "Float64Array", "Uint8Array", "Int32Array", "Array"] as const) {
    const watched = new Proxy(globalThis[name], {
      construct(target, args, newTarget) {
        if (typeof args[0] === "number") largest = Math.max(largest, args[0]);
        return Reflect.construct(target, args, newTarget) as object;
      },
    });
    vi.stubGlobal(name, watched);
  }
});
afterAll(() => vi.unstubAllGlobals());

/** Reads a file in every way there is. What it may not do: throw, go on for ever, ask for much, make room for more than is there. */
function tryAll(name: string, content: Uint8Array): void {
  const source: ByteSource = {
    size: content.length,
    read(offset, length) {
      if (!(length >= 0 && length <= MOST && offset >= 0 && Number.isInteger(offset) && Number.isInteger(length))) throw new TypeError(`read(${offset}, ${length})`);
      return content.slice(offset, offset + length);
    },
  };
  const beside = new Map([["words.txt", bytesOf("a\nb\nc\nd\ne\nf\ng\nh\n")]]);
  const check = (problems: readonly { readonly message: { readonly text: string; readonly args: readonly unknown[] } }[]): void => {
    // A fault of the reader shows as a file that "could not be read", since the source throws.
    for (const { message } of problems) expect(JSON.stringify(message)).not.toMatch(/read\(/);
  };
  const parsed = finish(readVectorFile({ name, bytes: source, beside }, { makeInflater }));
  check(parsed.problems);
  if (parsed.ok) expect(parsed.input.values.length).toBe(parsed.input.n * parsed.input.d);
  else expect(parsed.problems.length).toBeGreaterThan(0);
  const format = /\.(npy|npz|safetensors)$/.exec(name)?.[1] as "npy" | "npz" | "safetensors" | undefined;
  if (!format) return;
  const opened = finish(openTensors(source, name, format, makeInflater));
  check(opened.problems);
  if (!opened.ok) return;
  for (const tensor of opened.input.tensors) {
    const window = finish(opened.input.read(tensor, 1, 5, 0, 4));
    const statistics = tensor.size < 1e6 ? finish(opened.input.statistics(tensor, 8)) : window;
    check([...window.problems, ...statistics.problems]);
    if (window.ok) expect(window.input.length).toBeLessThanOrEqual(20);
  }
}

/** The same, and bounds the memory it takes. */
function tryBounded(name: string, content: Uint8Array): void {
  largest = 0;
  tryAll(name, content);
  expect(largest).toBeLessThanOrEqual(MOST);
}

describe.each(Object.entries(files))("%s", (name, content) => {
  it("may be cut anywhere", () => {
    const step = Math.max(1, Math.floor(content.length / RUNS));
    for (let length = 0; length <= content.length; length += step) tryBounded(name, content.slice(0, length));
  });

  it("may be changed anywhere", () => {
    const interesting = fc.oneof(fc.nat(255), fc.constantFrom(0, 1, 0x7f, 0x80, 0xff, 0x20, 0x30, 0x39, 0x22, 0x5b, 0x7b));
    const change = fc.record({ at: fc.nat(content.length - 1), bytes: fc.array(interesting, { minLength: 1, maxLength: 4 }), kind: fc.constantFrom("set", "insert", "remove", "repeat", "digits") });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 5 }), (changes) => {
        let mutated = Array.from(content);
        for (const { at, bytes, kind } of changes) {
          const place = Math.min(at, mutated.length);
          if (kind === "set") bytes.forEach((byte, k) => (mutated[place + k] = byte));
          else if (kind === "insert") mutated.splice(place, 0, ...bytes);
          else if (kind === "digits") mutated.splice(place, 0, ...text.encode("9".repeat(bytes[0] % 12)));
          else if (kind === "remove") mutated.splice(place, bytes[0]);
          else mutated = [...mutated.slice(0, place), ...mutated.slice(place, place + bytes[0]), ...mutated.slice(place)];
        }
        tryBounded(name, Uint8Array.from(mutated));
      }),
      { numRuns: RUNS },
    );
  });
});

describe("anything", () => {
  it("under any name", () => {
    const names = fc.constantFrom(...Object.keys(files), "v", "v.txt.gz");
    const contents = fc.oneof(fc.uint8Array({ maxLength: 300 }), fc.string({ maxLength: 200 }).map((content) => text.encode(content)), fc.constantFrom(...Object.values(files)));
    fc.assert(fc.property(names, contents, tryBounded), { numRuns: RUNS * 4 });
  });
});
