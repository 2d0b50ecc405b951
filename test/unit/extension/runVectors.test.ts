import { mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { defineExplainer, msg, type AnyExplainer, type Outcome, type Parsed, type Progress, type WordVectors } from "../../../src/core/contract/index.js";
import type { HostToWorker, StoreSpec, TraceEvent, Values } from "../../../src/core/protocol.js";
import { openSource } from "../../../src/extension/worker/files.js";
import { createVectorDesk } from "../../../src/extension/worker/vectorDesk.js";
import { driverHere, textSpec } from "./support.js";

const folder = mkdtempSync(path.join(tmpdir(), "lumen-run-vectors-"));
afterAll(() => rmSync(folder, { recursive: true }));

type Trace = { readonly store: string; readonly values: Float32Array | null; readonly problem: string; readonly later: boolean };

/** Shows the vectors that its run is given, whole, and answers with the word at a place. */
const reader = defineExplainer({
  id: "reader",
  params: {},
  example: "none",
  *parse(): Generator<Progress, Parsed<string>, void> {
    yield { fraction: 0, message: msg("Reading") };
    return { ok: true, input: "", problems: [] };
  },
  *run(_input, _params, env): Generator<Progress<Trace>, Outcome<Trace>, void> {
    const before = env.now();
    if (!env.vectors) return { ok: true, trace: { store: "none", values: null, problem: "", later: env.now() >= before }, problems: [] };
    const parsed: Parsed<WordVectors> = yield* env.vectors.read();
    const trace = { store: env.vectors.name, values: parsed.ok ? parsed.input.values : null, problem: parsed.ok ? "" : parsed.problems[0].message.text, later: env.now() >= before };
    return { ok: true, trace, problems: [] };
  },
  *answer(_input, _params, question, env): Generator<Progress, unknown, void> {
    if (question === "nonsense") throw new Error("no such question");
    const parsed = yield* env.vectors!.read();
    return parsed.ok ? { word: parsed.input.words[question as number], values: parsed.input.values } : undefined;
  },
  *write(_name, _input, _params, _at, env): Generator<string, void, void> {
    const reading = env.vectors!.read();
    let step = reading.next();
    for (; !step.done; step = reading.next()) yield step.value.until ? "waits for code\n" : "";
    if (step.value.ok) yield step.value.input.words.join();
  },
});

function setup() {
  const driver = driverHere([reader as unknown as AnyExplainer]);
  let run = 0;
  const base = () => ({ run: ++run, explainer: "reader", source: textSpec(""), params: {} as Values });
  const send = async (message: HostToWorker & { run: number }) => {
    driver.receive(message);
    return driver.ending(message.run);
  };
  const traced = async (store?: StoreSpec) =>
    ((await send({ type: "run", ...base(), ...(store ? { store } : {}) })) as TraceEvent).trace as Trace;
  const asked = (question: unknown, store?: StoreSpec) => send({ type: "question", ...base(), question, ...(store ? { store } : {}) });
  const written = async (file: string, store: StoreSpec): Promise<string> => {
    const target = path.join(folder, file);
    await send({ type: "write", ...base(), name: "words", at: null, path: target, store });
    return readFileSync(target, "utf8");
  };
  return { ...driver, traced, asked, written };
}

function fileStore(name: string, content: string | Uint8Array): StoreSpec & { readonly path: string } {
  const file = path.join(folder, name);
  writeFileSync(file, content);
  return { kind: "file", uri: `file://${file}`, name, path: file };
}

/** Vectors as word2vec writes them in binary, which are read into memory of this thread alone. */
function binary(rows: Readonly<Record<string, readonly number[]>>): Uint8Array {
  const parts = Object.entries(rows).flatMap(([word, numbers]) => [Buffer.from(`${word} `), Buffer.from(Float32Array.from(numbers).buffer), Buffer.from("\n")]);
  return Buffer.concat([Buffer.from(`${Object.keys(rows).length} ${Object.values(rows)[0].length}\n`), ...parts]);
}

describe("a run's word vectors", () => {
  test.each([
    ["two.txt", "king 1 2 3\nqueen 4 5 6\n", "king 9 9 9\nqueen 9 9 9\n"],
    ["two.bin", binary({ king: [1, 2, 3], queen: [4, 5, 6] }), binary({ king: [9, 9, 9], queen: [9, 9, 9] })],
  ])("are those in use, read once, and stay where they are: %s", async (name, content, other) => {
    const { traced, asked, posted } = setup();
    // Posting what was posted last, as the worker does: what it hands over is gone from here.
    const handOver = () => structuredClone(posted.at(-1)!.message, { transfer: [...posted.at(-1)!.transfer] });
    const values = new Float32Array([1, 2, 3, 4, 5, 6]);
    const dated = (bytes: string | Uint8Array) => {
      const store = fileStore(name, bytes);
      utimesSync(store.path, 1_000_000_000, 1_000_000_000);
      return store;
    };
    const store = dated(content);
    expect(await traced(store)).toMatchObject({ store: name, values, later: true });
    handOver();
    // Other content that can't be told from the first by the file's size and time is seen by who reads again.
    dated(other);
    expect((await traced(store)).values).toEqual(values);
    handOver();
    expect(await asked(1, store)).toMatchObject({ type: "answered", answer: { word: "queen", values } });
    handOver();
    expect((await traced(store)).values).toEqual(values);
  });

  test("have no name when they are the built-in ones, and there may be none", async () => {
    const { traced } = setup();
    expect(await traced({ ...fileStore("own.txt", "a 1 0\nb 0 1\n"), builtIn: true })).toMatchObject({ store: "" });
    expect(await traced()).toMatchObject({ store: "none", values: null });
  });

  test("that can't be read are a problem for the run to tell, not its end", async () => {
    const { traced } = setup();
    expect((await traced(fileStore("text.txt", "no numbers here\n"))).problem).not.toBe("");
    expect((await traced({ kind: "file", uri: "file:///gone.txt", name: "gone.txt", path: path.join(folder, "gone.txt") })).problem).toContain("not there any more");
    expect((await traced({ kind: "bytes", uri: "vfs:/gone.txt", name: "gone.txt", modified: -1 })).problem).toContain("not there any more");
  });

  test("can be written by the first request of all, when what reads them is yet to be read", async () => {
    const { written } = setup();
    expect(await written("first.csv", fileStore("first.txt", "a 1 0\nb 0 1\n"))).toBe("a,b");
  });

  test("of a virtual file are read again only when it was written", async () => {
    const { traced } = setup();
    const shared = (text: string) => {
      const bytes = new Uint8Array(new SharedArrayBuffer(text.length));
      bytes.set(new TextEncoder().encode(text));
      return bytes;
    };
    const store: StoreSpec = { kind: "bytes", uri: "vfs:/a.txt", name: "a.txt", modified: 1, bytes: shared("a 1 0\nb 0 1\n") };
    const first = await traced(store);
    expect(first.values).toEqual(new Float32Array([1, 0, 0, 1]));
    expect((await traced({ ...store, bytes: undefined })).values).toEqual(first.values);
    expect((await traced({ ...store, modified: 2, bytes: shared("a 2 0\nb 0 2\n") })).values).toEqual(new Float32Array([2, 0, 0, 2]));
  });
});

test("a virtual file of arrays takes its words from the bytes beside it", () => {
  const header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 1), }".padEnd(117) + "\n";
  const bytes = new Uint8Array([0x93, ...new TextEncoder().encode("NUMPY"), 1, 0, 118, 0, ...new TextEncoder().encode(header), 0, 0, 128, 63, 0, 0, 0, 64]);
  const spec = { kind: "bytes", uri: "vfs:/a.npy", name: "a.npy", bytes } as const;
  const words = { name: "words.txt", bytes: new TextEncoder().encode("one\ntwo\n") };
  const [bare, named] = [openSource(spec), openSource({ ...spec, beside: [words] })];
  expect(named.key).not.toBe(bare.key);
  const store = createVectorDesk(openSource).attach({ ...spec, modified: 1, beside: [words] });
  let step = store.next();
  while (!step.done) step = store.next();
  expect(step.value.ok && step.value.input.words).toEqual(["one", "two"]);
});

describe("a question about a run", () => {
  test("that fails ends as failed", async () => {
    const { asked } = setup();
    expect(await asked("nonsense", fileStore("q.txt", "a 1\nb 2\n"))).toMatchObject({ type: "failed", detail: expect.stringContaining("no such question") });
  });
});
