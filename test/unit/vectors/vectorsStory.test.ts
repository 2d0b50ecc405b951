import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { format, type Bundle } from "../../../src/core/contract/index.js";
import { shortByteText } from "../../../src/core/text/byteText.js";
import { heatmapJson, linkageCsv, similarityCsv } from "../../../src/core/vectors/exports.js";
import { tabs } from "./tabs.js";
import { vectorStory, type Story } from "../../../src/core/vectors/story.js";
import type { VectorsTrace } from "../../../src/core/vectors/trace.js";
import { textOf, traceOf } from "./support.js";

const root = path.resolve(import.meta.dirname, "../../..");
const sample = (name: string) => readFileSync(path.join(root, "samples", name), "utf8");
const bundle = JSON.parse(readFileSync(path.join(root, "l10n/bundle.l10n.zh-cn.json"), "utf8")) as Bundle;
const spoken = ({ title, lede }: Story, words: Bundle = {}): [string, string] => [format(title, words), lede.map(({ text }) => format(text, words)).join("")];
const company = "king queen man woman monday tuesday tokyo wine";

describe("the story", () => {
  test("of a heatmap tells the closest and the farthest, with links to them", () => {
    const trace = traceOf(textOf(company));
    const story = vectorStory(trace, "heatmap");
    expect(spoken(story)).toEqual([
      "monday and tuesday are the closest of 8 words",
      "Their cosine is 0.994. The farthest pair is tokyo with wine: \u22120.045. The stronger the colour, the closer the pair.",
    ]);
    // 0.99995002 and 0.99955066, which three decimals would both call 1.
    const close = vectorStory(traceOf(textOf("[100, 1]\n[100, 2]\n[100, 4]")), "heatmap");
    expect(spoken(close)[1]).toMatch(/^Their cosine is 1\.0000\. The farthest pair is L1 with L3: 0\.9996\./);
    const links = story.lede.flatMap((piece) => (piece.kind === "link" ? [company.slice(piece.span.start, piece.span.end)] : []));
    expect(links).toEqual(["tokyo", "wine"]);
  });

  test("of a text that states a wrong cosine says so first", () => {
    const text = sample("cosine.json");
    const story = vectorStory(traceOf(textOf(text, "json")), "heatmap");
    expect(spoken(story)).toEqual(["The text says 0.86; the numbers give 0.9417", "The cosine of A with B is 0.9417, not 0.86 as stated in line 4."]);
    expect(spoken(story, bundle)[1]).toBe("向量 A 与 B 的余弦是 0.9417，而不是 0.86，后者写在第 4 行。");
    const right = vectorStory(traceOf(textOf(text.replace("0.86", "0.94"), "json")), "heatmap");
    expect(spoken(right)).toEqual(["A and B point almost the same way", "Their cosine is 0.9417."]);
  });

  test.each([
    ["[1, 0]\n[-2, 0]", {}, "L1 and L2 are opposites", "Their cosine is \u22121.0000."],
    ["[1, 0]\n[0, 2]", {}, "L1 and L2 have little in common", "Their cosine is 0.0000."],
    ["[1, 0]\n[3, 4]", { metric: "euclidean" }, "L1 and L2, compared", "Their Euclidean distance is 4.4721."],
    ["[0, 0]\n[3, 4]", {}, "Nothing can be compared", "Fewer than two of the vectors have a direction, so no pair has a value."],
  ] as const)("of %j", (text, more, title, lede) => {
    expect(spoken(vectorStory(traceOf(textOf(text), more), "heatmap"))).toEqual([title, lede]);
  });

  test("of neighbours tells the nearest", () => {
    const near = (query: string, more = {}) => spoken(vectorStory(traceOf(textOf(company), { tab: "neighbours", query, ...more }), "neighbours"));
    expect(near("king - man + woman")).toEqual(["queen is nearest to king \u2212 man + woman", "queen has a cosine of 0.783; monarch follows with 0.693."]);
    expect(near("king - man + woman", { method: "3CosMul", topn: 1 })).toEqual(["queen is nearest to king \u2212 man + woman", "queen scores 0.896 by the product of its cosines."]);
    expect(near("qqq")[0]).toBe("The question can't be answered yet");
    expect(near("king", { search: "rows" })[0]).toBe("queen is nearest to king");
    expect(near("-king", { search: "rows" })[0]).toMatch(/ is nearest to \u2212king$/);
    expect(near("2 * king", { search: "rows" })[0]).toBe("queen is nearest to 2 \u00d7 king");
  });

  test("of strips tells the number farthest from zero", () => {
    expect(spoken(vectorStory(traceOf(textOf('{"a": [1, -3], "b": [2, 0]}', "json"), { tab: "strips", expressions: "a - b" }), "strips"))).toEqual([
      "2 vectors, number by number",
      "Each cell is one of 2 numbers. The farthest from zero is \u22123.000, dimension 2 of a. One row is computed from others.",
    ]);
  });

  test("of a map tells what the directions hold, and what not to read into it", () => {
    // Along the first axis lies all of the variance.
    const story = vectorStory(traceOf(textOf("[1, 1, 0]\n[2, 2, 0]\n[3, 3, 0]\n[5, 5, 0]"), { tab: "map" }), "map");
    expect(spoken(story)).toEqual(["Two directions hold 100.0% of the variance", "100.0% lies along the first, 0.0% along the second. The map leaves out the third."]);
    // The words of the store have 100 numbers each, whatever the source's vectors have.
    const words = traceOf(textOf("[1, 1, 0]\n[2, 2, 0]"), { tab: "map", points: "store" });
    expect(spoken(vectorStory(words, "map"))[1]).toContain("The map leaves out the other 98 directions.");
    const tsne = traceOf(textOf(company), { tab: "map", projection: "tsne", perplexity: 2, max_iter: 20 });
    expect(spoken(vectorStory(tsne, "map"))[0]).toBe("8 points, neighbours kept together by t-SNE");
    expect(spoken(vectorStory(tsne, "map", 0))[1]).toMatch(/^Iteration \d+\. Who stands beside whom/);
  });

  test("of one-hot rows tells what they waste", () => {
    const [title, lede] = spoken(vectorStory(traceOf(textOf("秃 头 小 苏"), { tab: "onehot" }), "onehot"));
    expect(title).toBe("As one-hot rows, no word is like another: every cosine is 0");
    expect(lede).toBe("Each of 4 words takes 4 numbers, all but one of them 0. With 100 dense numbers a word, 10,000 words need 4 MB instead of 400 MB. The numbers of Q are drawn at random, as before any training.");
  });

  test("is there for every tab, whatever the part", () => {
    const traces: VectorsTrace[] = tabs.map((tab) => traceOf(textOf(company), { tab }));
    for (const trace of traces) for (const tab of tabs) expect(spoken(vectorStory(trace, tab)).join(" ")).not.toMatch(/NaN|undefined|Infinity/);
  });

  test("writes bytes in decimal units", () => {
    expect([0, 999, 1000, 1500, 12_345, 4e6, 4e8, 4_100_000_000, 4e12, 999_600].map(shortByteText)).toEqual(["0 B", "999 B", "1 kB", "1.5 kB", "12.3 kB", "4 MB", "400 MB", "4.1 GB", "4 TB", "1 MB"]);
  });
});

describe("exports", () => {
  const trace = traceOf(textOf('{"a": [1, 0], "b, \\"c\\"": [1, 1], "zero": [0, 0]}', "json"));

  test("of similarities hold every pair, undefined ones empty", () => {
    const lines = similarityCsv({ ...trace, values: trace.values! }, "dot", [2, 0, 1]).split("\n");
    expect(lines).toEqual(['dot,zero,a,"b, ""c"""', "zero,0,0,0", "a,0,1,1", '"b, ""c""",0,1,2', ""]);
    const cosines = similarityCsv({ ...trace, values: trace.values! }, "cosine").split("\n");
    expect(cosines[3]).toBe("zero,,,");
  });

  test("of the clustering name what was joined", () => {
    const four = traceOf(textOf("a 0 1\nb 0 2\nc 9 0\nd 9 1"), { metric: "euclidean" });
    const lines = linkageCsv(four, four.heatmap!).trim().split("\n").map((line) => line.split(","));
    expect(lines.map((line) => [...line.slice(0, 3), line[4]])).toEqual([["cluster", "left", "right", "size"], ["#1", "a", "b", "2"], ["#2", "c", "d", "2"], ["#3", "#1", "#2", "4"]]);
    // Of the four distances between the pairs: √82, 9, √85 and √82.
    expect(Number(lines[3][3])).toBeCloseTo((Math.sqrt(82) + 9 + Math.sqrt(85) + Math.sqrt(82)) / 4, 4);
  });

  test("as JSON hold no NaN", () => {
    const parsed = JSON.parse(heatmapJson(trace, trace.heatmap!)) as { similarities: unknown[][]; undefined: string[]; closest: { value: number } };
    expect(parsed.similarities[0]).toEqual([1, expect.closeTo(Math.SQRT1_2, 4), null]);
    expect(parsed.undefined).toEqual(["zero"]);
    expect(parsed.closest.value).toBeCloseTo(Math.SQRT1_2, 12);
  });
});
