import { describe, expect, it } from "vitest";
import type { AttentionTrace } from "../../src/core/attention/trace.js";
import { until } from "../support/until.js";
import { inductionFiles } from "../unit/attention/inductionModel.js";
import { opened, textSource, traceOf } from "../unit/attention/readingSupport.js";
import { folder } from "../unit/models/folders.js";
import { reading, sentence, show, traced } from "./attentionPage.js";
import type { Panel } from "./harness.js";
import { panelOpener, posted, sees } from "./support.js";
import { themeNames } from "./themes.js";

const open = panelOpener();
const fits = (panel: Panel, width: number) => until(`${width} px`, async () => (await panel.page.evaluate(() => document.documentElement.scrollWidth)) <= width);
const save = async (panel: Panel, label: string) => {
  await panel.page.getByRole("button", { name: "Export" }).click();
  await panel.page.getByRole("menuitem", { name: label }).click();
};
const BOOKS = "I am reading a book at home.\nPlease book a train ticket for me.\nThe book is on the table.";

describe("layers and pooling", () => {
  it("compares a word in its sentences, takes another one, and gives all in tables and files", async () => {
    const panel = await open(reading({ params: { tab: "layers" }, text: { name: "note.txt", text: BOOKS } }));
    const { layers: part } = await traced(panel, "the word", ({ layers }) => layers?.word === "book");
    await sees(panel, "h1", `“book” 3 times: mean cosine`);
    await sees(panel, ".story", "A word’s vector has 128 numbers. The same choice makes 768 of a bert-base.");
    expect(await panel.page.locator(".layers-word.equal").count()).toBe(3);
    await until("a curve for each pair and one for different words", async () => (await panel.page.locator(".layers-curves .curve").count()) === 3);
    await panel.screenshot("attention-layers");
    await panel.page.locator('.layers-word[data-word="4"]').focus();
    await panel.page.keyboard.press("ArrowLeft");
    await traced(panel, "the word before", ({ layers }) => layers?.word === "a");
    await sees(panel, "h1", "The two “a”: cosine");
    await until("the focus on it", async () => (await panel.page.evaluate(() => document.activeElement?.getAttribute("data-word"))) === "3");
    await panel.page.locator('.layers-word[data-word="4"]').click();
    await traced(panel, "the word again", ({ layers }) => layers?.word === "book");
    await panel.page.keyboard.press("t");
    await until("the tables", async () => (await panel.page.locator(".layers-tables table").nth(0).locator("tbody tr").count()) === part!.layerCount);
    await save(panel, "Cosines by layer (CSV)");
    const csv = await posted(panel, "save", (post) => post.name === "note-word-cosines.csv");
    expect(String(csv.data).split("\n")[0]).toBe("layer,1 – 2,1 – 3,2 – 3,different_words");
    await save(panel, "Picture (SVG)");
    const picture = await posted(panel, "save", (post) => post.name === "note-layers.svg");
    expect(String(picture.data)).toContain(">Cosine by layer</text>");
    expect(String(picture.data)).toContain("different words");
  });
});

describe("the inside", () => {
  it("reads each layer of the built-in model, and says that no head is an induction head", async () => {
    const panel = await open(reading({ params: { tab: "inside" }, height: 1500 }));
    const { inside, tokens } = await traced(panel, "the inside", (trace) => trace.inside !== undefined);
    const last = tokens.pieces.length - 1;
    expect(await panel.page.locator(".lens-grid rect[data-layer]").count()).toBe(5 * tokens.pieces.length);
    await sees(panel, ".story", "No head is an induction head: on 24 random tokens that come twice none puts more than");
    // Pictures in a file tell what they are of.
    await save(panel, "Picture (SVG)");
    expect(String((await posted(panel, "save", (post) => post.name === "note-inside.svg")).data)).toContain("Attention adds: length");
    await panel.fullScreenshot("attention-inside");
    await panel.page.locator(".lens-grid").focus();
    await panel.page.keyboard.press("ArrowUp");
    await sees(panel, ".lens-list h2", `behind layer 3`);
    await panel.page.keyboard.press("ArrowLeft");
    await traced(panel, "the token before", () => panel.state()?.params.token === last - 1);
    const lens = inside!.lens!;
    const name = new Map(inside!.names).get(lens.target[last - 1])!.trim();
    await sees(panel, ".lens-list p", `The text goes on with “${name}”: rank ${lens.rank[3 * lens.count + last - 1]},`);

    expect(await panel.steps()).toBe(inside!.pulls!.ids.length);
    await panel.step(2);
    await until("the new token", async () => (await panel.page.locator('.inside-token[aria-pressed="true"]').getAttribute("data-step")) === "2");
    await sees(panel, ".inside-pull-columns", inside!.pulls!.logit[2].toFixed(3));
    await panel.page.getByRole("radio", { name: "this text" }).click();
    await until("the scores on this text", async () => (await panel.page.getByRole("radio", { name: "this text" }).getAttribute("aria-checked")) === "true");
    await panel.page.keyboard.press("t");
    await until("the tables", async () => (await panel.page.locator(".map-tables table").nth(1).locator("tbody tr").count()) === 16);
    await save(panel, "Roles of heads (CSV)");
    const csv = await posted(panel, "save", (post) => post.name === "note-roles.csv");
    expect(String(csv.data).split("\n")).toHaveLength(18);
  });

  it("names an induction head and its pull, has what there is of BERT, and fits every width in every theme", async () => {
    const made: [string, AttentionTrace][] = [
      ["circuit", traceOf(textSource("7 3 9 4 7 3"), { tab: "inside", max_new_tokens: 8 }, opened(inductionFiles()))],
      ["bert", traceOf(textSource("5 9 11 3"), { tab: "inside", max_length: 7 }, opened(folder("tiny-bert")))],
      ["layers", traceOf(textSource(BOOKS), { tab: "layers", layers: "all", subtoken_pooling: "first_last" })],
    ];
    for (const theme of themeNames) {
      // In the dark theme all is Chinese.
      const language = theme === "dark" ? "zh-cn" : "en";
      const panel = await open({ explainer: "attention", live: false, theme, language, width: 340, text: { name: "note.txt", text: sentence } });
      for (const [name, trace] of theme === "light" ? made : [made[0], made[2]]) {
        await show(panel, trace, { tab: name === "layers" ? "layers" : "inside" });
        if (language !== "en") await sees(panel, ".story", name === "circuit" ? "归纳头" : "一个词的向量");
        else if (name === "circuit") {
          await sees(panel, ".story", "Layer 2, head 1 is an induction head (score 0.98)");
          await sees(panel, ".inside-pull-columns", "Layer 2, head 1 pulls most towards “3”");
        }
        else if (name === "bert") await sees(panel, ".story", "This model reads both ways");
        else await sees(panel, ".story", "A word’s vector: 5 layers × 128 × 2 (first and last token) = 1280. The same choice makes 19,968 of a bert-base.");
        for (const width of theme === "light" ? [300, 640, 1100] : [340]) {
          await panel.page.setViewportSize({ width, height: name === "layers" ? 1100 : 2000 });
          await fits(panel, width);
          if (width !== 640) await panel.screenshot(`attention-inside-${name}-${theme}-${width}`);
        }
      }
      await panel.close();
    }
  });
});
