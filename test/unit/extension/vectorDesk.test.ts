import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { format } from "../../../src/core/contract/index.js";
import type { StoreSpec, VectorAnswer, VectorQuestion } from "../../../src/core/protocol.js";
import { Shared } from "../../../src/extension/worker/shared.js";
import { driverHere, textSpec } from "./support.js";

const folder = mkdtempSync(path.join(os.tmpdir(), "lumen-desk-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const built = fileURLToPath(new URL("../../../media/models/word-vectors/", import.meta.url));
const builtIn: StoreSpec = { kind: "file", uri: "file:///vectors.npy", name: "vectors.npy", path: path.join(built, "vectors.npy") };

function desk() {
  const driver = driverHere();
  let run = 0;
  const post = (question: Partial<VectorQuestion>) => {
    const document = { uri: "file:///a.json", version: 1, languageId: "json", ...question.document };
    driver.receive({ type: "ask", run: ++run, question: { offset: 0, spellings: false, theme: "dark", scale: 2, ...question, document } });
    return run;
  };
  const ask = async (question: Partial<VectorQuestion>): Promise<VectorAnswer> => {
    const ending = (await driver.ending(post(question))) as unknown as { readonly type: string; readonly answer: VectorAnswer };
    expect(ending.type).toBe("answer");
    return ending.answer;
  };
  const load = async (store: StoreSpec) => {
    driver.receive({ type: "load", run: ++run, store });
    return driver.ending(run);
  };
  return { ...driver, post, ask, load };
}

const at = (version: number, text?: string) => ({ uri: "file:///a.json", version, languageId: "json", text });
const word = (text: string, store: StoreSpec = builtIn) => ({ text, at: 0, store });

describe("questions about a document", () => {
  test("need its text once a version", async () => {
    const { ask } = desk();
    expect(await ask({ document: at(1) })).toEqual({ kind: "resend" });
    expect(await ask({ document: at(1, '{"a": [1, 2]}'), offset: 7 })).toMatchObject({ kind: "vector", name: "a" });
    expect(await ask({ document: at(1), offset: 7 })).toMatchObject({ kind: "vector", name: "a" });
    expect(await ask({ document: at(2), offset: 7 })).toEqual({ kind: "resend" });
    expect(await ask({ document: at(2, '{"b": [1, 2]}'), offset: 7 })).toMatchObject({ kind: "vector", name: "b" });
    expect(await ask({ document: at(2), offset: 0 })).toEqual({ kind: "nothing" });
    expect(await ask({ document: { ...at(2), languageId: "python" } })).toEqual({ kind: "resend" });
  });

  test("of a .csv file read it as one, whatever VS Code calls its language", async () => {
    const { ask } = desk();
    const text = 'name;length;width\n"Box; small";12,5;3,25\nBag;8;2,5\n';
    const document = (uri: string) => ({ uri, version: 1, languageId: "plaintext", text });
    expect(await ask({ document: document("file:///boxes.csv"), offset: text.indexOf("12,5") })).toMatchObject({ kind: "vector", name: "Box; small", values: Float64Array.of(12.5, 3.25) });
    expect(await ask({ document: document("file:///boxes.txt"), offset: text.indexOf("12,5") })).not.toMatchObject({ name: "Box; small" });
  });

  test("of many documents are answered, though only the last few are kept", async () => {
    const { ask } = desk();
    for (let i = 0; i < 12; i++) {
      const document = { uri: `file:///${i}.json`, version: 1, languageId: "json", text: `[${i}, 1]` };
      expect(await ask({ document, offset: 1 })).toMatchObject({ kind: "vector", values: Float64Array.of(i, 1) });
    }
    expect(await ask({ document: { uri: "file:///0.json", version: 1, languageId: "json" } })).toEqual({ kind: "resend" });
    expect(await ask({ document: { uri: "file:///11.json", version: 1, languageId: "json" }, offset: 1 })).toMatchObject({ kind: "vector" });
  });

  test("are answered at once after the first, also in 5,000 lines of 100 numbers", async () => {
    const { ask } = desk();
    const text = Array.from({ length: 5000 }, (_, i) => `w${i} ${Array.from({ length: 100 }, (_, j) => ((i * 37 + j * 11) % 400) / 100 - 2).join(" ")}`).join("\n");
    const document = { uri: "file:///large.txt", version: 1, languageId: "plaintext" };
    expect(await ask({ document: { ...document, text }, offset: 1 })).toMatchObject({ kind: "vector", compared: 4999 });
    const times: number[] = [];
    for (let i = 0; i < 9; i++) {
      const begun = performance.now();
      await ask({ document, offset: Math.floor((i / 9) * text.length) });
      times.push(performance.now() - begun);
    }
    expect(times.sort((a, b) => a - b)[4]).toBeLessThan(50);
  });

  test("are answered while a run goes on, and cancelled with their reading left to the next", async () => {
    const { receive, post, ask, ending, endings } = desk();
    receive({ type: "run", run: 1000, explainer: "counter", source: textSpec("1"), params: { steps: 1e9 } });
    const long = `[${"[1, 2, 3],\n".repeat(100_000)}]`;
    const first = post({ document: at(3, long), offset: 3 });
    receive({ type: "cancel", run: first });
    expect(await ending(first)).toEqual({ type: "cancelled", run: first });
    const answer = await ask({ document: at(3, long), offset: long.length - 5 });
    expect(answer).toMatchObject({ kind: "vector", name: "[99999]", compared: 99_999 });
    expect(endings(1000)).toEqual([]);
    receive({ type: "cancel", run: 1000 });
    expect(await ending(1000)).toMatchObject({ type: "cancelled" });
  });
});

describe("questions about a word", () => {
  test("are answered from the built-in words, with their nearest", async () => {
    const { ask, load } = desk();
    const king = await ask({ document: at(1, ""), word: word("King") });
    expect(king).toMatchObject({ kind: "word", name: "king", store: { words: 10_000, dimensions: 100 } });
    // The first of gensim's most_similar("king") on the same vectors, as in the design's mock-up.
    const nearest = king.kind === "word" ? king.neighbours : [];
    expect(nearest).toHaveLength(10);
    expect(nearest.slice(0, 2).map((each) => [each.word, each.cosine.toFixed(4)])).toEqual([["prince", "0.7682"], ["queen", "0.7508"]]);
    expect(await load(builtIn)).toMatchObject({ type: "loaded", words: 10_000, dimensions: 100, problems: [] });
  });

  test("that has no vector say nothing but the spellings asked for", async () => {
    const { ask } = desk();
    expect(await ask({ document: at(1, ""), word: word("kingg") })).toEqual({ kind: "unknown", word: "kingg", words: 10_000, spellings: [] });
    const answer = await ask({ document: at(1), word: word("kingg"), spellings: true });
    expect(answer.kind === "unknown" && answer.spellings).toContain("king");
  });

  test("come after the vectors of the text", async () => {
    const { ask } = desk();
    const document = { uri: "file:///k.txt", version: 1, languageId: "plaintext", text: "king 1 2\n" };
    expect(await ask({ document, offset: 1, word: word("king") })).toMatchObject({ kind: "vector", figures: { length: 2 } });
  });

  test("follow a file that changes, and say it when it is gone or broken", async () => {
    const { ask } = desk();
    const file = path.join(folder, "small.vec");
    const store: StoreSpec = { kind: "file", uri: "file:///small.vec", name: "small.vec", path: file };
    writeFileSync(file, "2 2\na 1 0\nb 0 1\n");
    expect(await ask({ document: at(1, ""), word: word("a", store) })).toMatchObject({ kind: "word", store: { words: 2, dimensions: 2 } });
    writeFileSync(file, "3 3\na 1 0 0\nb 0 1 0\nc 1 1 1\n");
    expect(await ask({ document: at(1), word: word("a", store) })).toMatchObject({ kind: "word", store: { words: 3, dimensions: 3 } });
    writeFileSync(file, "4 3\na 1 0 0\n");
    const broken = await ask({ document: at(1), word: word("a", store) });
    expect(broken.kind === "problem" && format(broken.problems[0].message)).toContain("4");
    rmSync(file);
    const gone = await ask({ document: at(1), word: word("a", store) });
    expect(gone.kind === "problem" && format(gone.problems[0].message)).toContain("small.vec is not there any more");
  });

  test("find the words beside an array, and say when there are none", async () => {
    const { load, ending } = desk();
    const alone = path.join(folder, "alone.npy");
    copyFileSync(path.join(built, "vectors.npy"), alone);
    const ended = await load({ kind: "file", uri: "file:///alone.npy", name: "alone.npy", path: alone });
    expect(ended).toMatchObject({ type: "loaded", words: 10_000 });
    expect((ended as unknown as { problems: { message: Parameters<typeof format>[0] }[] }).problems.map(({ message }) => format(message)).join()).toContain("words.txt");
    expect(ending).toBeDefined();
  });

  test("need the bytes of a virtual file once", async () => {
    const { ask, load } = desk();
    const store: StoreSpec = { kind: "bytes", uri: "vscode-vfs:/a.txt", name: "a.txt", modified: 1, bytes: new TextEncoder().encode("a 1 0\nb 0 1\n") };
    const later: StoreSpec = { ...store, bytes: undefined };
    expect(await ask({ document: at(1, ""), word: word("a", later) })).toEqual({ kind: "resend" });
    expect(await ask({ document: at(1), word: word("a", store) })).toMatchObject({ kind: "word", name: "a" });
    expect(await ask({ document: at(1), word: word("b", later) })).toMatchObject({ kind: "word", name: "b" });
    expect(await load({ ...store, uri: "vscode-vfs:/x.txt", bytes: new TextEncoder().encode("only words\n") })).toMatchObject({ type: "invalid" });
  });
});

describe("shared work", () => {
  test("is done once, by whoever waits, and fails for all", () => {
    let steps = 0;
    const shared = new Shared(
      (function* () {
        for (; steps < 4; steps++) yield { fraction: NaN, message: { text: "", args: [] } };
        return steps;
      })(),
    );
    const [a, b] = [shared.wait(), shared.wait()];
    a.next();
    b.next();
    a.return(0);
    while (!b.next().done);
    expect(steps).toBe(4);
    expect(shared.done).toBe(4);
    expect(shared.wait().next()).toEqual({ done: true, value: 4 });
    const failing = new Shared<number>(
      (function* () {
        throw new Error("broken");
        yield { fraction: NaN, message: { text: "", args: [] } };
      })(),
    );
    expect(() => failing.wait().next()).toThrow("broken");
    expect(() => failing.wait().next()).toThrow("broken");
  });
});
