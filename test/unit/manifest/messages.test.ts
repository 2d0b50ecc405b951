import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { extractMessages, halfWidthPunctuationIn, placeholdersOf } from "./messages.js";
import { readJson, root, samples, sourcesIn } from "./repository.js";

const { templates, faults } = extractMessages(sourcesIn("src"));
const bundle = readJson<Record<string, string>>("l10n/bundle.l10n.zh-cn.json");
const fromSamples = samples.flatMap(({ title, description }) => [title, description]);
const english = new Set([...templates.map(({ text }) => text), ...fromSamples]);

function extract(code: string) {
  return extractMessages([ts.createSourceFile("code.ts", code, ts.ScriptTarget.Latest, true)]);
}

describe("extraction", () => {
  test("finds every form of a message", () => {
    const { templates, faults } = extract(`
      import { msg } from "../contract/index.js";
      msg("one {0}", 1); vscode.l10n.t("two"); l10n.t({ message: "three", comment: "why" });
      msg(n === 1 ? "four" : \`five\`, ...args); msg("six " + "seven");`);
    expect(templates.map(({ text, args }) => [text, args])).toEqual([
      ["one {0}", 1],
      ["two", 0],
      ["three", 0],
      ["four", Infinity],
      ["five", Infinity],
      ["six seven", 0],
    ]);
    expect(faults).toEqual([]);
  });

  test.each(["msg(text)", "msg(`${n} rows`)", "vscode.l10n.t(text)", "msg()", "const m = msg;", "list.map(msg)", "import { msg as m } from 'x';"])(
    "refuses %s",
    (code) => {
      expect(extract(code).faults).toHaveLength(1);
    },
  );

  test("recognises half-width punctuation after Chinese", () => {
    expect(halfWidthPunctuationIn("第 3 行,第 4 行.")).toEqual(["行,", "行."]);
    expect(halfWidthPunctuationIn("log(x)、em1d.csv、均值 (mean)，1:2。")).toEqual([]);
  });
});

describe("messages", () => {
  test("are literals in the sources", () => {
    expect(templates.length).toBeGreaterThan(50);
    expect(faults).toEqual([]);
  });

  test("get an argument for each placeholder", () => {
    const short = templates.filter(({ text, args }) => placeholdersOf(text).some((n) => n >= args));
    expect(short.map(({ place, text }) => `${place}: ${text}`)).toEqual([]);
  });

  test("are all translated into Chinese", () => {
    expect([...english].filter((text) => !(text in bundle)).sort()).toEqual([]);
  });

  test("have no translation left over", () => {
    expect(Object.keys(bundle).filter((text) => !english.has(text))).toEqual([]);
  });

  test("keep their placeholders in Chinese", () => {
    const changed = Object.entries(bundle).filter(([text, chinese]) => `${placeholdersOf(text)}` !== `${placeholdersOf(chinese)}`);
    expect(changed).toEqual([]);
  });

  test("are Chinese in the Chinese bundle, in its typography", () => {
    expect(Object.entries(bundle).filter(([text, chinese]) => chinese.trim() === "" && text.trim() !== "")).toEqual([]);
    expect(Object.values(bundle).filter((chinese) => halfWidthPunctuationIn(chinese).length > 0)).toEqual([]);
    const untranslated = Object.entries(bundle).filter(([text, chinese]) => /[a-z]{3,} [a-z]{3,}/.test(text) && !/\p{Script=Han}/u.test(chinese));
    expect(untranslated).toEqual([]);
  });

  test("stand in files that VS Code finds", () => {
    const files = readdirSync(path.join(root, "l10n"));
    expect(files).toContain("bundle.l10n.zh-cn.json");
    expect(files.filter((file) => !/^bundle\.l10n\.[a-z]{2}(-[a-z]+)?\.json$/.test(file))).toEqual([]);
    expect(existsSync(path.join(root, "l10n/bundle.l10n.json"))).toBe(false);
  });
});
