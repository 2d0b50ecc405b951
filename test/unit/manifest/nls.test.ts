import { describe, expect, test } from "vitest";
import { halfWidthPunctuationIn } from "./messages.js";
import { chineseNls, englishNls, manifest, nlsKeysOf } from "./repository.js";

const used = nlsKeysOf(manifest);

describe("the manifest's texts", () => {
  test("exist in English, and none is left over", () => {
    expect([...new Set(used)].sort()).toEqual(Object.keys(englishNls).sort());
  });

  test("exist in Chinese, under the same keys in the same order", () => {
    expect(Object.keys(chineseNls)).toEqual(Object.keys(englishNls));
  });

  test("are Chinese in Chinese", () => {
    expect(Object.entries(chineseNls).filter(([, text]) => !/\p{Script=Han}/u.test(text))).toEqual([]);
    expect(Object.values(chineseNls).filter((text) => halfWidthPunctuationIn(text).length > 0)).toEqual([]);
  });

  test("link to the same commands and settings in both", () => {
    const linksOf = (text: string) => [...text.matchAll(/\(command:[^)]*\)|`#[\w.]+#`/g)].map((match) => match[0]);
    for (const [key, text] of Object.entries(englishNls)) expect(linksOf(chineseNls[key]), key).toEqual(linksOf(text));
  });

  test("are where a person reads: no text stands in the manifest itself", () => {
    const { commands, submenus, configuration, views, viewsWelcome, walkthroughs } = manifest.contributes;
    const texts: Record<string, string>[] = [];
    const collect = (value: unknown): void => {
      if (typeof value !== "object" || value === null) return;
      texts.push(value as Record<string, string>);
      Object.values(value).forEach(collect);
    };
    collect([commands, configuration, views, viewsWelcome, walkthroughs]);
    const names = ["title", "name", "contents", "altText", "markdownDescription", "description"];
    const plain = texts.flatMap((each) => names.flatMap((name) => (typeof each[name] === "string" && !each[name].startsWith("%") ? each[name] : [])));
    expect(plain).toEqual([]);
    expect(submenus.map(({ label }) => label)).toEqual(["Lumen"]);
  });
});
