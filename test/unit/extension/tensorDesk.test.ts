import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync, utimesSync, writeFileSync, writeSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { deflateRawSync } from "node:zlib";
import { afterAll, describe, expect, test } from "vitest";
import { format } from "../../../src/core/contract/index.js";
import { integerText } from "../../../src/core/formats/integerHalves.js";
import type { HostToWorker, OpenedTensors, StoreSpec, TensorAnswer, TensorQuestion, TensorWindow, WorkerToHost } from "../../../src/core/protocol.js";
import { npy, raw, safetensors } from "../vectors/files/helpers.js";
import { checksum, zip } from "../vectors/files/zipWriter.js";
import { driverHere } from "./support.js";

const folder = mkdtempSync(path.join(os.tmpdir(), "lumen-tensors-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function fileOf(name: string, content: Uint8Array): StoreSpec & { kind: "file" } {
  const file = path.join(folder, name);
  writeFileSync(file, content);
  return { kind: "file", uri: `file://${file}`, name, path: file };
}

type Ended = Extract<WorkerToHost, { type: "inspected" | "invalid" | "cancelled" | "failed" }>;

function desk() {
  const driver = driverHere();
  let run = 0;
  const post = (file: StoreSpec, question: TensorQuestion): number => {
    driver.receive({ type: "inspect", run: ++run, file, question } satisfies HostToWorker);
    return run;
  };
  const end = async (id: number): Promise<Ended> => (await driver.ending(id)) as unknown as Ended;
  const ask = async (file: StoreSpec, question: TensorQuestion): Promise<TensorAnswer> => {
    const ending = await end(post(file, question));
    if (ending.type !== "inspected") throw new Error(JSON.stringify(ending));
    return ending.answer;
  };
  const refusal = async (file: StoreSpec, question: TensorQuestion): Promise<string> => {
    const ending = await end(post(file, question));
    if (ending.type !== "invalid") throw new Error(JSON.stringify(ending));
    return ending.problems.map(({ message }) => format(message)).join(" ");
  };
  const open = async (file: StoreSpec): Promise<OpenedTensors> => (await ask(file, { kind: "open" })) as OpenedTensors;
  const all = { rowStart: 0, rowCount: 1e6, colStart: 0, colCount: 1e6 };
  const look = async (file: StoreSpec, tensor = 0, window = all, plane?: { rowAxis: number; colAxis: number; index: number[] }): Promise<TensorWindow> => {
    const { version, tensors } = await open(file);
    const { shape } = tensors[tensor];
    const answer = await ask(file, { kind: "window", version, tensor, window, plane: plane ?? { rowAxis: shape.length - 2, colAxis: shape.length - 1, index: shape.map(() => 0) } });
    if (answer.kind !== "window") throw new Error(answer.kind);
    return answer;
  };
  return { ...driver, post, end, ask, refusal, open, look };
}

const count = (n: number): Float32Array => Float32Array.from({ length: n }, (_, i) => i);

describe("rows", () => {
  test("are called by the words that stand beside the array, one for each", async () => {
    const { look } = desk();
    writeFileSync(path.join(folder, "named.words.txt"), "king\nqueen\nman\n");
    const named = fileOf("named.npy", npy("<f4", [3, 2], raw(count(6))));
    expect((await look(named)).labels).toEqual(["king", "queen", "man"]);
    expect((await look(named, 0, { rowStart: 1, rowCount: 9, colStart: 0, colCount: 1 })).labels).toEqual(["queen", "man"]);
    // The words are those of the first axis: turned, they would stand at the columns.
    expect((await look(named, 0, undefined, { rowAxis: 1, colAxis: 0, index: [0, 0] })).labels).toBeUndefined();
    writeFileSync(path.join(folder, "others.words.txt"), "king\nqueen\n");
    expect((await look(fileOf("others.npy", npy("<f4", [3, 2], raw(count(6)))))).labels).toBeUndefined();
    writeFileSync(path.join(folder, "broken.words.txt"), "x".repeat(100_000));
    expect((await look(fileOf("broken.npy", npy("<f4", [1, 2], raw(count(2)))))).labels).toBeUndefined();
  });
});

describe("files", () => {
  test("are opened with what their headers say", async () => {
    const { open } = desk();
    const text = await open(fileOf("a.npy", npy(">f8", [3, 5], new Uint8Array(120), true)));
    expect(text).toMatchObject({ kind: "opened", format: "npy", metadata: [], problems: [], tensors: [{ name: "a", dtype: "float64", descr: ">f8", shape: [3, 5], order: "F", littleEndian: false, size: 15, bytes: 120 }] });
    const header = { __metadata__: { format: "pt" }, w: { dtype: "BF16", shape: [2, 2], data_offsets: [0, 8] }, s: { dtype: "F32", shape: [], data_offsets: [8, 12] } };
    const model = await open(fileOf("m.safetensors", safetensors(header, new Uint8Array(12))));
    expect(model).toMatchObject({ format: "safetensors", metadata: [["format", "pt"]], tensors: [{ name: "w", dtype: "bfloat16", bytes: 8 }, { name: "s", shape: [], size: 1 }] });
    expect(model.tensors[0].noTable).toBeUndefined();
    expect(format(model.tensors[1].noTable!)).toContain("s is a single number");
    expect(format(model.tensors[1].noRows!)).toContain("two dimensions; s has 0");
    const solid = await open(fileOf("d.npy", npy("<f4", [2, 3, 4], raw(count(24)))));
    expect(format(solid.tensors[0].noTable!)).toContain("d has 3 dimensions, (2, 3, 4)");
  });

  test.each([
    ["empty.npy", new Uint8Array(0), "empty.npy is empty"],
    ["text.npy", new TextEncoder().encode("1,2,3\n"), "does not begin with the mark of numpy"],
    ["short.npy", npy("<f4", [100, 100], new Uint8Array(12)), "needs 40000 bytes, but only 12 follow"],
    ["objects.npy", npy("|O", [2], new Uint8Array(16)), "never loaded"],
    ["cut.npz", zip([{ name: "a.npy", data: npy("<f4", [2], new Uint8Array(8)) }]).slice(0, -10), "cut off"],
    ["overlap.safetensors", safetensors({ a: { dtype: "F32", shape: [2], data_offsets: [0, 8] }, b: { dtype: "F32", shape: [2], data_offsets: [4, 12] } }, new Uint8Array(12)), "overlap"],
    ["plain.bin", new TextEncoder().encode("hello"), "not word2vec's binary format"],
    // Vectors of four numbers under a first line that says three.
    ["less.bin", Buffer.concat([Buffer.from("300 3\n"), ...Array.from({ length: 300 }, (_, i) => [Buffer.from(`w${i} `), Buffer.from(Float32Array.of(i, 2, 3, 0.1).buffer), Buffer.from("\n")]).flat()]), "of the first 256 words hold control characters, as when the first line promises the wrong number of dimensions (3)"],
    ["short.bin", new TextEncoder().encode("9 9\nword "), "promises 9 words of 9 dimensions"],
  ])("that are broken are refused: %s", async (name, content, sentence) => {
    expect(await desk().refusal(fileOf(name, content), { kind: "open" })).toContain(sentence);
  });

  test("that change or vanish are noticed, and opened again", async () => {
    const { open, ask, look, refusal } = desk();
    const file = fileOf("b.npy", npy("<f4", [2, 2], raw(count(4))));
    const { version } = await open(file);
    const question: TensorQuestion = { kind: "window", version, tensor: 0, plane: { rowAxis: 0, colAxis: 1, index: [0, 0] }, window: { rowStart: 0, rowCount: 2, colStart: 0, colCount: 2 } };
    expect(await ask(file, question)).toMatchObject({ kind: "window" });
    writeFileSync(file.path, npy("<f4", [2, 2], raw(Float32Array.of(5, 6, 7, 8))));
    utimesSync(file.path, new Date(), new Date(Date.now() + 5000));
    expect(await ask(file, question)).toEqual({ kind: "changed" });
    expect(Array.from((await look(file)).values)).toEqual([5, 6, 7, 8]);
    rmSync(file.path);
    expect(await refusal(file, question)).toContain("b.npy is not there any more");
    expect(await refusal(file, { kind: "open" })).toContain("b.npy is not there any more");
  });

  test("of other file systems are sent once, and let go of", async () => {
    const { ask, receive } = desk();
    const file: StoreSpec = { kind: "bytes", uri: "vscode-vfs:/v.npy", name: "v.npy", modified: 1 };
    const bytes = npy("<i2", [3], new Uint8Array([1, 0, 2, 0, 255, 255]));
    expect(await ask(file, { kind: "open" })).toEqual({ kind: "resend" });
    const { version } = (await ask({ ...file, bytes }, { kind: "open" })) as OpenedTensors;
    const question: TensorQuestion = { kind: "window", version, tensor: 0, plane: { rowAxis: -1, colAxis: 0, index: [0] }, window: { rowStart: 0, rowCount: 1, colStart: 0, colCount: 9 } };
    expect(await ask(file, question)).toMatchObject({ kind: "window", window: { rowStart: 0, rowCount: 1, colStart: 0, colCount: 3 }, values: Float32Array.of(1, 2, -1) });
    receive({ type: "release", uri: file.uri });
    expect(await ask(file, question)).toEqual({ kind: "resend" });
  });
});

describe("windows", () => {
  test("are of any two axes, at any index of the others", async () => {
    const { look } = desk();
    const file = fileOf("c.npy", npy("<f4", [2, 3, 4], raw(count(24))));
    expect(Array.from((await look(file)).values)).toEqual(Array.from(count(12)));
    const plane = { rowAxis: 2, colAxis: 0, index: [0, 1, 0] };
    expect(await look(file, 0, { rowStart: 1, rowCount: 2, colStart: 0, colCount: 5 }, plane)).toMatchObject({
      window: { rowStart: 1, rowCount: 2, colStart: 0, colCount: 2 },
      // x[:, 1, 1:3].T: rows are the last axis.
      values: Float32Array.of(5, 17, 6, 18),
    });
  });

  test("keep every digit of 64-bit integers, in either byte and axis order", async () => {
    const { look } = desk();
    const numbers = [0n, -1n, 9007199254740993n, -9223372036854775808n, 9223372036854775807n, 42n];
    const content = (big: boolean, order: readonly number[]): Uint8Array => {
      const view = new DataView(new ArrayBuffer(48));
      order.forEach((at, i) => view.setBigInt64(8 * i, numbers[at], !big));
      return new Uint8Array(view.buffer);
    };
    for (const [name, bytes] of [
      ["little.npy", npy("<i8", [2, 3], content(false, [0, 1, 2, 3, 4, 5]))],
      ["big.npy", npy(">i8", [2, 3], content(true, [0, 1, 2, 3, 4, 5]))],
      ["fortran.npy", npy(">i8", [2, 3], content(true, [0, 3, 1, 4, 2, 5]), true)],
    ] as const) {
      const { halves } = await look(fileOf(name, bytes));
      expect(numbers.map((_, i) => integerText(halves!, i)), name).toEqual(numbers.map(String));
    }
    const { halves } = await look(fileOf("u.npy", npy("<u8", [1], new Uint8Array(8).fill(255))));
    expect(integerText(halves!, 0)).toBe("18446744073709551615");
    expect((await look(fileOf("few.npy", npy("<i8", [1], new Uint8Array(8))))).halves).toBeUndefined();
  });

  test("of word2vec have the words as labels, wherever they begin", async () => {
    const { look, open, refusal } = desk();
    const words = Array.from({ length: 3000 }, (_, i) => `${"w".repeat(1 + (i % 90))}${i}`);
    const parts = words.flatMap((word, i) => [Buffer.from(`${word} `), Buffer.from(Float32Array.of(i, -i, i / 2).buffer), Buffer.from("\n")]);
    const file = fileOf("w.bin", new Uint8Array(Buffer.concat([Buffer.from("3000 3\n"), ...parts])));
    expect(await open(file)).toMatchObject({ format: "word2vec", tensors: [{ name: "w", shape: [3000, 3], dtype: "float32" }] });
    const far = await look(file, 0, { rowStart: 2997, rowCount: 9, colStart: 1, colCount: 9 });
    expect(far.labels).toEqual(words.slice(2997));
    expect(Array.from(far.values)).toEqual([-2997, 1498.5, -2998, 1499, -2999, 1499.5]);
    expect((await look(file, 0, { rowStart: 0, rowCount: 1, colStart: 0, colCount: 3 })).labels).toEqual([words[0]]);
    const cut = fileOf("cut.bin", new Uint8Array(Buffer.concat([Buffer.from("2 3\n"), Buffer.from(`a ${"x".repeat(12)}${"b".repeat(30)}`)])));
    const { version } = await open(cut);
    const question: TensorQuestion = { kind: "window", version, tensor: 0, plane: { rowAxis: 0, colAxis: 1, index: [0, 0] }, window: { rowStart: 0, rowCount: 2, colStart: 0, colCount: 3 } };
    expect(await refusal(cut, question)).toContain("The file ends within word 2 of 2");
  });

  test("reach to the end of a file of 1 GB", async () => {
    const { ask } = desk();
    const file = path.join(folder, "large.npy");
    const handle = openSync(file, "w");
    const rows = 2 ** 18;
    const header = npy("<f4", [rows, 1024], new Uint8Array(0));
    writeSync(handle, header);
    ftruncateSync(handle, header.length + 4096 * rows);
    writeSync(handle, new Uint8Array(Float32Array.of(2.5).buffer), 0, 4, header.length + 4096 * (rows - 1) + 4);
    closeSync(handle);
    const spec: StoreSpec = { kind: "file", uri: "file:///large.npy", name: "large.npy", path: file };
    const { version } = (await ask(spec, { kind: "open" })) as OpenedTensors;
    const question = (rowStart: number): TensorQuestion => ({ kind: "window", version, tensor: 0, plane: { rowAxis: 0, colAxis: 1, index: [0, 0] }, window: { rowStart, rowCount: 300, colStart: 0, colCount: 300 } });
    await ask(spec, question(0));
    const last = (await ask(spec, question(rows - 300))) as TensorWindow;
    expect(last.values[299 * 300 + 1]).toBe(2.5);
    rmSync(file);
  });
});

describe("counts", () => {
  test("come with progress, and go on after they were cancelled", async () => {
    const { open, post, ask, receive, posted, ending } = desk();
    const values = Float64Array.from({ length: 2_000_000 }, (_, i) => (i === 7 ? NaN : i === 8 ? Infinity : i % 5));
    const file = fileOf("many.npy", npy("<f8", [2_000_000], raw(values)));
    const { version } = await open(file);
    const question: TensorQuestion = { kind: "statistics", version, tensor: 0 };
    const first = post(file, question);
    await new Promise((resolve) => setImmediate(resolve));
    receive({ type: "cancel", run: first });
    expect(await ending(first)).toEqual({ type: "cancelled", run: first });
    const answer = await ask(file, question);
    const { statistics } = answer as Extract<TensorAnswer, { kind: "statistics" }>;
    expect(statistics).toMatchObject({ count: 2_000_000, finite: 1_999_998, nan: 1, positiveInfinity: 1, negativeInfinity: 0, min: 0, max: 4, zeros: 400_000 });
    // Without the 2 and the 3 that became NaN and infinity.
    expect(statistics.mean).toBeCloseTo((2 * 2_000_000 - 5) / 1_999_998, 12);
    expect(await ask(file, question)).toEqual(answer);
    expect(posted.length).toBeGreaterThan(2);
  });
});

describe("archives", () => {
  const array = npy("<f4", [512, 512], raw(count(512 * 512)));

  test("are unpacked as far as they are looked at", async () => {
    const { look } = desk();
    const file = fileOf("p.npz", zip([{ name: "a.npy", data: array, deflate: true }, { name: "b.npy", data: npy("<f4", [2], raw(count(2))), deflate: true }]));
    const window = await look(file, 0, { rowStart: 510, rowCount: 9, colStart: 511, colCount: 9 });
    expect(Array.from(window.values)).toEqual([510 * 512 + 511, 511 * 512 + 511]);
    expect(Array.from((await look(file, 1)).values)).toEqual([0, 1]);
  });

  test("that would unpack to more than they promise are not unpacked further", async () => {
    const { refusal, open, ask } = desk();
    // Honest about 300 MB of zeros in 300 kB.
    const header = npy("|u1", [3e8], new Uint8Array(0));
    const large = new Uint8Array(header.length + 3e8);
    large.set(header);
    const packed = new Uint8Array(deflateRawSync(large));
    const bomb = fileOf("bomb.npz", zip([{ name: "a.npy", data: large, crc: 0, method: 8, packed }]));
    expect(await refusal(bomb, { kind: "open" })).toContain("zip bomb");
    // Says 4,000 bytes, and unpacks to 300 MB.
    const small = npy("|u1", [3000], new Uint8Array(0));
    const lie = new Uint8Array(3e8);
    lie.set(small);
    const liar = fileOf("liar.npz", zip([{ name: "a.npy", data: lie, crc: 0, method: 8, packed: new Uint8Array(deflateRawSync(lie)), size: small.length + 3000 }]));
    const before = process.memoryUsage().arrayBuffers;
    const sentence = await refusal(liar, { kind: "open" });
    expect(sentence).toContain("unpacks to more than");
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(5e7);
    // Damaged in the middle: what comes before can be seen, the rest is refused.
    const long = npy("<f4", [2048, 512], raw(count(2048 * 512)));
    const whole = new Uint8Array(deflateRawSync(long));
    whole.fill(255, whole.length - 4000);
    const damaged = fileOf("damaged.npz", zip([{ name: "a.npy", data: long, method: 8, packed: whole, crc: checksum(long) }]));
    const { version } = await open(damaged);
    const question = (rowStart: number): TensorQuestion => ({ kind: "window", version, tensor: 0, plane: { rowAxis: 0, colAxis: 1, index: [0, 0] }, window: { rowStart, rowCount: 1, colStart: 0, colCount: 2 } });
    expect(await ask(damaged, question(1))).toMatchObject({ kind: "window", values: Float32Array.of(512, 513) });
    expect(await refusal(damaged, question(2047))).toMatch(/The packed data of a\.npy are damaged|a\.npy unpacks to \d+ bytes, not to the \d+/);
    expect(await ask(damaged, question(1))).toMatchObject({ kind: "window", values: Float32Array.of(512, 513) });
  });
});
