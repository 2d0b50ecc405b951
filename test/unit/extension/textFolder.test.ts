import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { format, type Problem } from "../../../src/core/contract/index.js";
import type { DecodingTrace } from "../../../src/core/decoding/trace.js";
import type { FolderSpec, RunEvent } from "../../../src/core/protocol.js";
import { explainers } from "../../../src/core/registry.js";
import { hidesAny, patternOf } from "../../../src/extension/worker/globs.js";
import { driverHere } from "./support.js";

const scratch = mkdtempSync(path.join(os.tmpdir(), "lumen-texts-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** A folder of these files, by their paths within it. */
function folderOf(name: string, files: Readonly<Record<string, string | Uint8Array>>): string {
  const root = path.join(scratch, name);
  mkdirSync(root);
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), content);
  }
  return root;
}

const specOf = (root: string, more: Partial<FolderSpec> = {}): FolderSpec => ({ kind: "folder", uri: `file://${root}`, name: path.basename(root), path: root, asked: 1, hidden: [], below: "", ...more });
const texts = (problems: readonly Problem[]) => problems.map(({ message }) => format(message));
const driver = () => driverHere(explainers);
let run = 0;

/** Counts the folder's words in the driver that the worker has. */
async function counted({ receive, ending }: ReturnType<typeof driver>, source: FolderSpec, params: object = {}): Promise<RunEvent> {
  receive({ type: "run", run: ++run, explainer: "decoding", source, params: { source: "words", max_new_tokens: 5, ...params } });
  return ending(run);
}

const cats = "the cat sat on the mat. the dog sat on the log. ".repeat(20);

describe("the words of a folder", () => {
  test("are those of its texts; what is left out is counted and told, with why", async () => {
    const root = folderOf("notes", {
      "a.md": cats, "deep/er/b.TXT": "an owl flew over the house.\n", "c.txt": Uint8Array.of(0x61, 0, 0x62), "utf16.txt": Buffer.from("\ufeffdas haus", "utf16le"),
      "node_modules/x/index.js": "secretword", ".git/config.txt": "secretword", "picture.png": "secretword", "other.png": "", "movie.mp4": "", "Makefile": "secretword",
      "build/out.txt": "secretword", "src/made.js": "secretword", "src/made.ts": "plain", "empty.txt": "",
    });
    symlinkSync(root, path.join(root, "loop"));
    const hidden = [{ glob: "**/build" }, { glob: "**/*.js", when: "$(basename).ts" }];
    const event = await counted(driver(), specOf(root, { hidden }));
    if (event.type !== "trace") throw new Error(event.type);
    const { source, notes, prompt } = event.trace as DecodingTrace;
    expect([source.kind, source.name]).toEqual(["words", "notes"]);
    expect(texts(notes)[0]).toBe("Counted in 5 files of notes, 1.0 kB. Left out: 4 of other kinds (.png – .mp4); 2 hidden by files.exclude; 2 node_modules or .git; 1 linked; 1 without text.");
    expect(notes[0]).toMatchObject({ severity: "info", prominent: true, fixes: [{ choose: "textFolder" }] });
    // the cat sat on mat . dog log, an owl flew over house, the line break, das haus, plain, and the unknown word
    expect(source.vocabularySize).toBe(8 + 5 + 1 + 2 + 1 + 1);
    expect(prompt.text).toContain("the cat");
  });

  test("are read once, and again when the folder is chosen again", async () => {
    const root = folderOf("again", { "a.txt": "one two three. " });
    const here = driver();
    const size = async (asked: number) => ((await counted(here, specOf(root, { asked })) as Extract<RunEvent, { type: "trace" }>).trace as DecodingTrace).source.vocabularySize;
    expect(await size(1)).toBe(5);
    writeFileSync(path.join(root, "b.txt"), "four five");
    expect(await size(1)).toBe(5);
    expect(await size(2)).toBe(7);
  });

  test("show progress in many steps, and can be cancelled while they are looked for", async () => {
    const root = folderOf("many", Object.fromEntries(Array.from({ length: 600 }, (_, i) => [`${i % 20}/${i}.txt`, cats])));
    const here = driverHere(explainers, { now: (() => { let now = 0; return () => (now += 101); })() });
    const source = specOf(root);
    const event = await counted(here, source);
    expect(event.type).toBe("trace");
    const told = here.posted.flatMap(({ message }) => (message.type === "progress" ? [format(message.message)] : []));
    expect(told.some((text) => /^Looking for texts in many: \d+ found$/.test(text))).toBe(true);
    expect(told.some((text) => /^Reading \d+\/\d+\.txt$/.test(text))).toBe(true);
    here.receive({ type: "run", run: 9001, explainer: "decoding", source: { ...source, asked: 2 }, params: { source: "words" } });
    here.receive({ type: "cancel", run: 9001 });
    expect(await here.ending(9001)).toEqual({ type: "cancelled", run: 9001 });
  });

  test("that are too many are refused before they are read, with another folder to choose", async () => {
    const root = folderOf("huge", { "a.txt": "x", "b.txt": "y" });
    truncateSync(path.join(root, "a.txt"), 70 * 2 ** 20);
    const event = await counted(driver(), specOf(root));
    if (event.type !== "invalid") throw new Error(event.type);
    expect(texts(event.problems)).toEqual(["huge holds 71 MB of text, and at most 64 MB are counted. Choose less."]);
    expect(event.problems[0]).toMatchObject({ severity: "error", fixes: [{ choose: "textFolder" }] });
  });

  test("of a folder without any, or of one that is gone, are refused with remedies, and with what there was", async () => {
    const none = await counted(driver(), specOf(folderOf("pictures", { "a.png": "", "b.png": "" })));
    if (none.type !== "invalid") throw new Error(none.type);
    expect(texts(none.problems)).toEqual(["There is no text to count n-grams in. Choose a document or folder with text.", "Counted in 0 files of pictures, 0.0 kB. Left out: 2 of other kinds (.png)."]);
    expect(none.problems[0].fixes).toMatchObject([{ params: { source: "model" } }, { choose: "textFolder" }]);
    const gone = await counted(driver(), specOf(path.join(scratch, "nowhere")));
    if (gone.type !== "invalid") throw new Error(gone.type);
    expect(texts(gone.problems)).toEqual(["The folder nowhere is not there any more, or may not be opened. Choose another one."]);
    expect(gone.problems[0].fixes).toMatchObject([{ choose: "textFolder" }, { params: { source: "model" } }]);
  });
});

describe("a glob of files.exclude", () => {
  test.each<[string, readonly string[], readonly string[]]>([
    ["**/.git", [".git", "a/b/.git"], [".gitignore", "a/.git2"]],
    ["build", ["build"], ["a/build", "builds"]],
    ["**/*.{js,map}", ["a.js", "x/y.map"], ["a.jsx", "js"]],
    ["out/**", ["out", "out/a/b"], ["output", "a/out"]],
    ["**/tmp/**", ["tmp/a", "x/tmp/b/c"], ["tmps/a"]],
    ["a?c/[0-9]*.txt", ["abc/1x.txt"], ["ac/1.txt", "abc/x1.txt"]],
    ["[!a].txt", ["b.txt"], ["a.txt", "/.txt"]],
    ["notes (old)+$.md", ["notes (old)+$.md"], ["notes old.md"]],
    ["{a,b", ["{a,b"], ["a", "b"]],
  ])("%s", (glob, yes, no) => {
    expect([yes.filter((each) => !patternOf(glob).test(each)), no.filter((each) => patternOf(glob).test(each))]).toEqual([[], []]);
  });

  test("with a condition hides only beside the file that it names", () => {
    const hides = hidesAny([{ glob: "**/*.js", when: "$(basename).ts" }]);
    expect([hides("a/b.js", new Set(["b.ts"])), hides("a/b.js", new Set(["c.ts"]))]).toEqual([true, false]);
  });
});
