import { describe, expect, it } from "vitest";
import type { VectorsTrace } from "../../src/core/vectors/trace.js";
import { until } from "../support/until.js";
import type { OpenOptions, Panel } from "./harness.js";
import { panelOpener, posted, sees } from "./support.js";
import { themeNames } from "./themes.js";
import { ready } from "./vectorsHeatmapPage.js";

const open = panelOpener();
const words: OpenOptions = { sample: "words.txt", explainer: "vectors", height: 1000 };

const tab = (panel: Panel, name: string) => panel.page.getByRole("tab", { name, exact: true });
const shownTab = (panel: Panel) => panel.page.locator('[role=tab][aria-selected="true"]').textContent();
const runs = (panel: Panel) => panel.posts.filter((post) => post.type === "run");

describe("the tabs", () => {
  it("compute what they lack, once, and nothing when they are gone back to", async () => {
    const panel = await open(words);
    await ready(panel.page);
    for (const name of ["Strips", "Neighbours"]) {
      await tab(panel, name).click();
      await panel.drawn();
      await expect.poll(() => shownTab(panel)).toBe(name);
    }
    expect(runs(panel)).toEqual([]);
    await tab(panel, "One-hot").click();
    await until("the one-hot rows", () => panel.trace<VectorsTrace>().oneHot !== undefined);
    await sees(panel, "h1", "one-hot");
    await tab(panel, "Heatmap").click();
    await ready(panel.page);
    await tab(panel, "One-hot").click();
    await sees(panel, "h1", "one-hot");
    await panel.drawn();
    expect(runs(panel).map((post) => post.params.tab)).toEqual(["onehot"]);
    const prepared = panel.posts.filter((post) => post.type === "params").at(-1);
    expect(prepared?.params.tab).toBe("onehot");
  });

  it("are walked by arrows and opened by Enter", async () => {
    const panel = await open(words);
    await tab(panel, "Heatmap").focus();
    await panel.page.keyboard.press("ArrowRight");
    await expect.poll(() => shownTab(panel)).toBe("Heatmap");
    await panel.page.keyboard.press("Enter");
    await until("the strips", async () => (await shownTab(panel)) === "Strips");
    await expect.poll(() => panel.page.locator("#vectors-panel").getAttribute("aria-labelledby")).toBe("vectors-tab-strips");
    await panel.page.keyboard.press("End");
    await panel.page.keyboard.press("Space");
    await until("the one-hot rows", async () => (await shownTab(panel)) === "One-hot");
  });

  it("follow a run that a command asked for, and not one of their own", async () => {
    const panel = await open(words);
    await ready(panel.page);
    await panel.run({ tab: "neighbours", query: "paris" });
    await until("the neighbours", async () => (await shownTab(panel)) === "Neighbours");
    await sees(panel, "h1", "paris");
    await tab(panel, "Heatmap").click();
    await ready(panel.page);
    const box = panel.page.locator(".vectors-neighbours.compact .query-input");
    await box.fill("king");
    await box.press("Enter");
    await until("an answer", () => panel.trace<VectorsTrace>().neighbours?.query === "king");
    await panel.drawn();
    await expect.poll(() => shownTab(panel)).toBe("Heatmap");
    expect(runs(panel).at(-1)?.params.tab).toBe("neighbours");
    // An edit computes what is shown.
    await posted(panel, "params", (post) => post.params.tab === "heatmap" && post.params.query === "king");
  });

  it("are there after one that was refused", async () => {
    const panel = await open({ text: { name: "x.txt", text: "king queen" }, explainer: "vectors", height: 1000 });
    await ready(panel.page);
    await tab(panel, "Map").click();
    await sees(panel, ".story .problem", "at least 3 vectors");
    await tab(panel, "One-hot").click();
    await sees(panel, "h1", "one-hot");
    await tab(panel, "Map").click();
    await sees(panel, ".story .problem", "at least 3 vectors");
    await tab(panel, "Heatmap").click();
    await ready(panel.page);
    await until("no mark of an old picture", async () => (await panel.page.locator(".stage.stale").count()) === 0);
    expect(runs(panel).map((post) => post.params.tab)).toEqual(["map", "onehot", "map", "strips"]);
  });

  /** Not a click of the pointer, which waits for a quiet moment: each progress writes the line anew. */
  const cancel = (panel: Panel) => panel.page.locator(".progress-text button", { hasText: "Cancel" }).dispatchEvent("click");

  /** A t-SNE of all built-in words, which takes many seconds and shows nothing before its end here. */
  async function longMap(): Promise<Panel> {
    const panel = await open({ ...words, blind: true, params: { tab: "strips", projection: "tsne", points: "store" } });
    await panel.page.locator(".vectors-strips").waitFor();
    await tab(panel, "Map").click();
    await sees(panel, "h1", "The map is being made");
    await sees(panel, ".story .progress-text", /Neighbours of [\d,]+ of 10,000 points · Cancel/);
    return panel;
  }

  it("say what is being done, and stay as they are, while another is computed", async () => {
    const panel = await longMap();
    await tab(panel, "Strips").click();
    await panel.page.locator(".vectors-strips").waitFor();
    await panel.drawn();
    await expect.poll(() => panel.page.locator(".stage.stale, .head .chip").count()).toBe(0);
    await sees(panel, ".story .progress-text", "Cancel");
    await tab(panel, "One-hot").click();
    await sees(panel, "h1", "The map is being made");
    expect(runs(panel).map((post) => post.params.tab)).toEqual(["map"]);
    await cancel(panel);
  });

  it("stay empty where their run was cancelled, and run again on request, or for another", async () => {
    const panel = await longMap();
    await cancel(panel);
    await sees(panel, ".head .chip", "cancelled · Run again");
    await sees(panel, ".story .lede", "It was cancelled before there was anything to draw.");
    await panel.drawn();
    expect(runs(panel).map((post) => post.params.tab)).toEqual(["map"]);
    await panel.page.locator(".head .chip button").click();
    await sees(panel, ".story .progress-text", "Cancel");
    await cancel(panel);
    await sees(panel, ".head .chip", "cancelled · Run again");
    await tab(panel, "One-hot").click();
    await sees(panel, "h1", "one-hot");
    expect(runs(panel).map((post) => post.params.tab)).toEqual(["map", "map", "onehot"]);
  });

  it("come back after a reload, with what they need", async () => {
    const first = await open(words);
    await ready(first.page);
    await tab(first, "Strips").click();
    await until("the state", () => first.state()?.ui.tab === "strips");
    const again = await open({ ...words, state: first.state() });
    await until("the strips", async () => (await shownTab(again)) === "Strips");
    expect(runs(again)).toEqual([]);
  });

  it("offer the parameters that matter to them, and none that the view sets itself", async () => {
    const panel = await open(words);
    await ready(panel.page);
    await panel.page.getByRole("button", { name: "Parameters" }).click();
    const labels = () => panel.page.locator(".form-row:not([hidden]) .field-label").allTextContents();
    await until("the heatmap's parameters", async () => (await labels()).join() === "metric,rows");
    await expect.poll(() => panel.page.locator(".summary-text").textContent()).toBe("cosine");
    await tab(panel, "Neighbours").click();
    // Method, number and place of the search are chosen in the tab itself.
    await until("those of neighbours", async () => (await labels()).join() === "rows");
    await expect.poll(() => panel.page.locator(".summary-text").textContent()).toBe("");
  });

  it("compute again with another metric, and keep the answer of the question", async () => {
    const panel = await open(words);
    await ready(panel.page);
    const from = panel.outcomes.length;
    await panel.run({ ...panel.state()?.params, metric: "euclidean" });
    expect(panel.outcomes.length).toBe(from + 1);
    await sees(panel, "h1", "closest");
    await sees(panel, ".lede", "Euclidean distance");
    await panel.edit("king queen man woman");
    await sees(panel, ".rows", "4 words");
  });

  for (const theme of themeNames) {
    for (const width of [300, 480, 1100]) {
      it(`have room for everything at ${width} px (${theme})`, async () => {
        const panel = await open({ ...words, theme, width });
        await ready(panel.page);
        await expect.poll(() => panel.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0);
        await panel.fullScreenshot(`vectors-tab-heatmap-${width}-${theme}`);
      });
    }
  }
});
