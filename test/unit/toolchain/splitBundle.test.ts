import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import * as esbuild from "esbuild";
import { afterEach, beforeEach, expect, test } from "vitest";
import { buildAll, optionsOf, type Bundle } from "../../../esbuild.mjs";

let at = "";
beforeEach(() => {
  at = mkdtempSync(path.join(tmpdir(), "lumen-split-"));
  writeFileSync(path.join(at, "main.js"), `export const word = async () => (await import("./later.js")).word;`);
});
afterEach(() => rmSync(at, { recursive: true }));

const bundle = (): Bundle => ({ name: "parts", entry: path.join(at, "main.js"), platform: "node", format: "cjs", target: "node20", external: [], split: true });
const say = (word: string) => writeFileSync(path.join(at, "later.js"), `export const word = "${word}";`);
const chunks = () => readdirSync(path.join(at, "dist/parts")).filter((file) => file.endsWith(".js"));
/** The bundle as a worker that starts now has it: it has not yet read what is split off. */
const started = (): { word(): Promise<string> } => {
  const require = createRequire(path.join(at, "dist/"));
  const file = require.resolve("./parts.js");
  delete require.cache[file];
  return require(file) as { word(): Promise<string> };
};
const options = () => ({ folder: path.join(at, "dist") });

test("a build leaves nothing of earlier ones", async () => {
  mkdirSync(path.join(at, "dist/parts"), { recursive: true });
  writeFileSync(path.join(at, "dist/parts/old.js"), "");
  say("first");
  await buildAll(options(), [bundle()]);
  const before = chunks();
  expect(before).toHaveLength(1);
  say("second");
  await buildAll(options(), [bundle()]);
  expect(chunks()).toHaveLength(1);
  expect(chunks()).not.toEqual(before);
  expect(await started().word()).toBe("second");
});

test("while sources are watched, what has started finds its parts, whatever is built since; the next watch takes them away", async () => {
  const watched = await esbuild.context({ ...optionsOf(bundle(), options()), logLevel: "silent" });
  try {
    say("first");
    await watched.rebuild();
    const early = started();
    say("second");
    await watched.rebuild();
    const late = started();
    writeFileSync(path.join(at, "later.js"), "export const word = ;");
    await expect(watched.rebuild()).rejects.toThrow();
    expect([await early.word(), await late.word()]).toEqual(["first", "second"]);
    expect(chunks()).toHaveLength(2);
  } finally {
    await watched.dispose();
  }
  say("third");
  await buildAll(options(), [bundle()]);
  expect(chunks()).toHaveLength(1);
});
