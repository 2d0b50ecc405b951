import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { format, type AnyExplainer, type Env, type Parsed } from "../../../src/core/contract/index.js";
import type { ModelSpec, WorkerToHost } from "../../../src/core/protocol.js";
import { FileError, openFolder } from "../../../src/extension/worker/files.js";
import type { LoadedModel } from "../../../src/core/models/loadModel.js";
import { createModelDesk, type AnyModel } from "../../../src/extension/worker/modelDesk.js";
import { counter, driverHere, textSpec } from "./support.js";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const builtInFolder = path.join(root, "media/models/tiny-gpt2");
const llama = path.join(root, "test/fixtures/oracle/models/tiny-llama");
const scratch = mkdtempSync(path.join(os.tmpdir(), "lumen-models-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const builtIn: ModelSpec = { kind: "folder", uri: "file:///built-in", name: "", path: builtInFolder };
const own = (folder: string, name = "mine"): ModelSpec => ({ kind: "folder", uri: `file://${folder}`, name, path: folder });

/** A copy of the small Llama that a test may change. */
function copyOf(name: string): string {
  const folder = path.join(scratch, name);
  mkdirSync(folder);
  for (const file of ["config.json", "model.safetensors"]) cpSync(path.join(llama, file), path.join(folder, file));
  return folder;
}

function attach(desk: ReturnType<typeof createModelDesk>, spec: ModelSpec): { readonly parsed: Parsed<AnyModel>; readonly steps: number } {
  const run = desk.attach(spec);
  for (let steps = 0; ; steps++) {
    const next = run.next();
    if (next.done) return { parsed: next.value, steps };
  }
}

const sentences = (parsed: Parsed<unknown>) => parsed.problems.map(({ message }) => format(message)).join(" ");

describe("the desk of models", () => {
  test("reads a folder once, in steps, and again when one of its files changes", () => {
    const desk = createModelDesk();
    const folder = copyOf("changing");
    const first = attach(desk, own(folder));
    expect(first.parsed).toMatchObject({ ok: true, input: { family: "llama" } });
    expect(first.steps).toBeGreaterThan(5);
    const again = attach(desk, own(folder));
    expect(again.steps).toBe(0);
    expect(again.parsed).toBe(first.parsed);
    utimesSync(path.join(folder, "config.json"), 1, 1);
    const changed = attach(desk, own(folder));
    expect(changed.steps).toBeGreaterThan(5);
    expect(changed.parsed).not.toBe(first.parsed);
  });

  test("keeps the built-in model beside the newest of the reader's own", () => {
    const desk = createModelDesk();
    const [a, b] = [copyOf("a"), copyOf("b")];
    for (const spec of [builtIn, own(a), own(b)]) expect(attach(desk, spec).parsed.ok).toBe(true);
    expect(attach(desk, builtIn).steps).toBe(0);
    expect(attach(desk, own(b)).steps).toBe(0);
    expect(attach(desk, own(a)).steps).toBeGreaterThan(0);
    expect(attach(desk, own(b)).steps).toBeGreaterThan(0);
  });

  test("says that a folder is gone, is a file, or lacks a file, and reads it once it is mended", () => {
    const desk = createModelDesk();
    expect(sentences(attach(desk, own(path.join(scratch, "nowhere"))).parsed)).toMatch(/folder mine is not there any more.*Use Model Folder/);
    expect(sentences(attach(desk, own(path.join(llama, "config.json"))).parsed)).toMatch(/is a file\. Choose the folder/);
    const folder = copyOf("lacking");
    const kept = readFileSync(path.join(folder, "model.safetensors"));
    rmSync(path.join(folder, "model.safetensors"));
    expect(sentences(attach(desk, own(folder)).parsed)).toMatch(/mine has no model\.safetensors/);
    writeFileSync(path.join(folder, "model.safetensors"), kept);
    expect(attach(desk, own(folder)).parsed.ok).toBe(true);
  });

  test("lets somebody else go on with a model whose first reader gave up", () => {
    const desk = createModelDesk();
    const run = desk.attach(builtIn);
    for (let i = 0; i < 3; i++) expect(run.next().done).toBe(false);
    run.return({ ok: false, problems: [] });
    expect(attach(desk, builtIn).parsed.ok).toBe(true);
  });

  test("takes a model from memory where there are no files", () => {
    const desk = createModelDesk();
    const files = Object.fromEntries(readdirSync(llama).map((name) => [name, Uint8Array.from(readFileSync(path.join(llama, name)))]));
    const spec: ModelSpec = { kind: "bytes", uri: "memory:/llama", name: "llama", modified: 1, files };
    expect(attach(desk, spec).parsed.ok).toBe(true);
    expect(attach(desk, spec).steps).toBe(0);
    expect(attach(desk, { ...spec, modified: 2 }).steps).toBeGreaterThan(0);
  });
});

test("a model that can't be read at all is refused with the sentence that the host found", () => {
  const desk = createModelDesk();
  const spec: ModelSpec = { kind: "refused", uri: "memory:/big", name: "big", message: { text: "It is too large.", args: [] } };
  expect(sentences(attach(desk, spec).parsed)).toBe("It is too large.");
  expect(attach(desk, builtIn).parsed.ok).toBe(true);
});

describe("a folder", () => {
  test("is opened by the names that are wanted alone", () => {
    const folder = copyOf("secrets");
    writeFileSync(path.join(folder, "notes.txt"), "private");
    mkdirSync(path.join(folder, "tokenizer.json"));
    const asked: string[] = [];
    const opened = openFolder(folder, "mine", (name) => {
      asked.push(name);
      return name !== "notes.txt";
    });
    expect([...opened.files.keys()]).toEqual(["config.json", "model.safetensors"]);
    expect(asked).toContain("notes.txt");
    opened.close();
    expect(() => openFolder(path.join(scratch, "none"), "none", () => true)).toThrow(FileError);
  });
});

describe("the driver", () => {
  test("loads a model when it is told to, and says what it is", async () => {
    const { receive, ending } = driverHere();
    receive({ type: "loadModel", run: 1, model: builtIn });
    expect(await ending(1)).toMatchObject({ type: "modelLoaded", family: "gpt2", problems: [] });
    receive({ type: "loadModel", run: 2, model: own(path.join(scratch, "nowhere")) });
    expect(await ending(2)).toMatchObject({ type: "invalid" });
    receive({ type: "loadModel", run: 3, model: own(llama) });
    receive({ type: "cancel", run: 3 });
    expect(await ending(3)).toEqual({ type: "cancelled", run: 3 });
  });

  test("hands a run its model and what the server answered", async () => {
    let seen: Env | undefined;
    const spy = { ...(counter as unknown as AnyExplainer), *run(_input: unknown, _params: unknown, env: Env) {
      seen = env;
      const parsed = yield* env.model!.read();
      return { ok: true as const, trace: { family: parsed.ok && (parsed.input as LoadedModel).family }, problems: [] };
    } };
    const { receive, ending } = driverHere([spy as unknown as AnyExplainer]);
    const server = { ok: true as const, name: "localhost:8080", text: "{}" };
    receive({ type: "run", run: 1, explainer: "counter", source: textSpec("1"), params: {}, model: own(llama), server });
    const event = (await ending(1)) as Extract<WorkerToHost, { type: "trace" }>;
    expect(event.trace).toEqual({ family: "llama" });
    expect([seen?.model?.name, seen?.server]).toEqual(["mine", server]);
  });
});
