import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import type { VectorsTrace } from "../../src/core/vectors/trace.js";
import { until } from "../support/until.js";
import type { OpenOptions, Panel } from "./harness.js";
import { panelOpener, posted, sees } from "./support.js";
import { themeNames } from "./themes.js";

const open = panelOpener();
const words: OpenOptions = { sample: "words.txt", explainer: "vectors", params: { tab: "neighbours", query: "king - man + woman" } };
const box = ".vectors-neighbours .query-input";
const bars = ".neighbours-bars";
const note = ".vectors-neighbours > .vectors-note:not(.neighbours-method)";

/** Computed by numpy from the built-in vectors, in double precision: cosines with the plain sum, words of the question left out. */
const numpy = [
  ["queen", "0.783"], ["monarch", "0.693"], ["throne", "0.683"], ["daughter", "0.681"], ["prince", "0.671"],
  ["princess", "0.664"], ["mother", "0.658"], ["elizabeth", "0.656"], ["father", "0.639"],
];

const listed = (page: Page): Promise<string[]> => page.locator(`${bars} [role=option]`).evaluateAll((options) => options.map((option) => option.getAttribute("aria-label") ?? ""));

/** Waits until the box, the answer and the picture agree on a question. */
async function asked(panel: Panel, query: string): Promise<VectorsTrace> {
  await until(`the neighbours of ${query}`, () => panel.outcomes.some((outcome) => outcome.type === "trace") && panel.trace<VectorsTrace>().neighbours?.query === query);
  await panel.drawn();
  return panel.trace<VectorsTrace>();
}

/** Waits until the strips' picture holds a text. */
const reads = (panel: Panel, text: string): Promise<unknown> => until(`"${text}" in the strips`, async () => (await panel.page.locator(".strips-figure").textContent())?.includes(text));

/** Types as an input method does: what is composed is no question until it is finished. */
async function compose(page: Page, pieces: readonly string[], text: string): Promise<void> {
  const input = page.locator(box).first();
  await input.evaluate((element: HTMLInputElement) => {
    element.value = "";
    element.dispatchEvent(new CompositionEvent("compositionstart", { bubbles: true }));
  });
  for (const piece of pieces) {
    await input.evaluate((element: HTMLInputElement, value) => {
      element.value = value;
      element.dispatchEvent(new InputEvent("input", { bubbles: true, isComposing: true, data: value }));
      element.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, isComposing: true }));
    }, piece);
  }
  // Timers fire in the order of their times: one that was set for the pause of typing would have asked before this one.
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 600)));
  await input.evaluate((element: HTMLInputElement, value) => {
    element.value = value;
    element.dispatchEvent(new CompositionEvent("compositionend", { bubbles: true, data: value }));
    element.dispatchEvent(new InputEvent("input", { bubbles: true, data: value }));
  }, text);
}

describe("neighbours", () => {
  test("lists what numpy finds, says what was searched, and counts the question's words in", async () => {
    const panel = await open(words);
    await expect.poll(async () => (await listed(panel.page)).slice(0, 9)).toEqual(numpy.map(([name, cosine]) => `${name}, ${cosine}`));
    await sees(panel, note, /^Exact, over all 10,000 words, in (\d+|under 1)\u00a0ms\. Those in the question are left out: king itself would lead with 0\.855\. Count them in$/);
    await panel.page.getByRole("button", { name: "Count them in" }).click();
    await sees(panel, note, "Those in the question are counted. Leave them out");
    await expect.poll(async () => (await listed(panel.page))[0]).toBe("king, 0.855");
  });

  test("shows the terms, their sum and the nearest word as strips, with a number of them spelled out", async () => {
    const panel = await open(words);
    const figure = panel.page.locator(".strips-figure");
    await expect.poll(() => figure.locator("[data-row]").evaluateAll((names) => names.map((name) => name.firstChild?.textContent)))
      .toEqual(["king", "man", "woman", "king \u2212 man + woman", "queen"]);
    // By numpy: the cosines of each with the sum.
    await expect.poll(() => figure.locator("[data-cosine]").allTextContents()).toEqual(["0.855", "0.393", "0.558", "1.000", "0.783"]);
    await reads(panel, "dimension 56");
    await reads(panel, "(\u22122.32) \u2212 (\u22122.25) + (\u22122.00) = \u22122.07; queen has \u22122.00");
    await panel.page.locator(bars).hover({ position: { x: 120, y: 33 } });
    await reads(panel, "monarch has");
  });

  test("draws all numbers of the store's words, however many the source's vectors have", async () => {
    const own = '{"cat": [1, 2, 3], "dog": [2, 1, 3], "kit": [0, 1, 1]}';
    const panel = await open({ text: { name: "own.json", text: own, languageId: "json" }, explainer: "vectors", params: { tab: "neighbours", query: "king", search: "store" } });
    await sees(panel, ".vectors-strips h2", "each cell one of 100 dimensions");
    await expect.poll(() => panel.page.locator(".strips-figure").getAttribute("aria-label")).toContain("4 strips of 100 numbers");
  });

  test("asks while somebody types, and not what an input method only composes", async () => {
    const panel = await open(words);
    const input = panel.page.locator(box);
    await input.fill("paris");
    expect((await asked(panel, "paris")).neighbours?.answer.ok).toBe(true);
    await expect.poll(() => input.inputValue()).toBe("paris");
    const before = panel.posts.length;
    await compose(panel.page, ["b", "be", "ber"], "berlin");
    await asked(panel, "berlin");
    const questions = panel.posts.slice(before).flatMap((post) => (post.type === "run" ? [post.params.query] : []));
    expect(questions).toEqual(["berlin"]);
  });

  test("underlines a word that does not exist and takes one that does", async () => {
    const panel = await open(words);
    const input = panel.page.locator(box);
    await input.fill("king - man + womn");
    await input.press("Enter");
    await sees(panel, ".query-problem", /womn.*Did you mean.*woman/s);
    await expect.poll(() => panel.page.locator(".query-under u").textContent()).toBe("womn");
    await expect.poll(() => input.getAttribute("aria-invalid")).toBe("true");
    const at = await panel.page.evaluate((selector) => {
      const range = (element: Element) => element.getBoundingClientRect();
      const field = document.querySelector(selector) as HTMLInputElement;
      const mark = document.querySelector(".query-under u") as HTMLElement;
      const context = document.createElement("canvas").getContext("2d") as CanvasRenderingContext2D;
      context.font = getComputedStyle(field).font;
      return { mark: range(mark).left - range(field).left, text: context.measureText("king - man + ").width + parseFloat(getComputedStyle(field).paddingLeft) + 1 };
    }, box);
    expect(at.mark).toBeCloseTo(at.text, 0);
    await panel.page.locator(".query-suggestions button", { hasText: /^woman$/ }).click();
    await asked(panel, "king - man + woman");
    await until("the problem to go", async () => (await panel.page.locator(".query-problem").first().textContent()) === "");
    await expect.poll(async () => (await listed(panel.page))[0]).toBe("queen, 0.783");
  });

  test("brings past questions back", async () => {
    const panel = await open(words);
    const input = panel.page.locator(box);
    for (const query of ["paris", "tokyo"]) {
      await input.fill(query);
      await input.press("Enter");
      await asked(panel, query);
    }
    await input.press("ArrowUp");
    await expect.poll(() => input.inputValue()).toBe("paris");
    await asked(panel, "paris");
    await input.press("ArrowDown");
    await asked(panel, "tokyo");
  });

  test("works by keyboard: walks, asks a neighbour, adds one to the strips", async () => {
    const panel = await open(words);
    const list = panel.page.locator(bars);
    await list.focus();
    await list.press("ArrowDown");
    await list.press("ArrowDown");
    await until("monarch under the cursor", async () => {
      const active = await list.getAttribute("aria-activedescendant");
      return active !== null && (await panel.page.locator(`#${active}`).getAttribute("aria-label")) === "monarch, 0.693";
    });
    await list.press("+");
    await posted(panel, "run", ({ params }) => params.expressions === "monarch");
    await until("the strip", () => panel.trace<VectorsTrace>().strips?.rows.some(({ text, ok }) => ok && text === "monarch") === true);
    await panel.drawn();
    await list.press("Home");
    await list.press("Enter");
    await asked(panel, "queen");
    await expect.poll(() => panel.page.locator(box).inputValue()).toBe("queen");
  });

  test("changes the method, where to search and how many", async () => {
    const panel = await open(words);
    await panel.page.getByRole("button", { name: "3CosMul" }).click();
    await until("3CosMul", () => panel.trace<VectorsTrace>().neighbours?.method === "3CosMul");
    await sees(panel, ".neighbours-method", "quotients");
    const count = panel.page.locator(".neighbours-options .small-input");
    await count.fill("3");
    await count.press("Enter");
    await until("three", async () => (await listed(panel.page)).length === 3);
    await panel.page.locator(".neighbours-options select").selectOption("rows");
    await sees(panel, note, "Exact, over all 24 words");
    await count.fill("0");
    await count.press("Enter");
    await expect.poll(() => count.getAttribute("aria-invalid")).toBe("true");
  });

  test("has a table twin and files with every digit", async () => {
    const panel = await open(words);
    await panel.page.locator(bars).focus();
    await panel.page.keyboard.press("t");
    const rows = panel.page.locator(".neighbours-table tbody tr");
    await until("the table", async () => (await rows.count()) >= 10);
    await expect.poll(() => rows.first().locator("th, td").allTextContents()).toEqual(["1", "queen", "0.783"]);
    const exact = Number(await rows.first().locator("td").last().getAttribute("title"));
    const answer = panel.trace<VectorsTrace>().neighbours?.answer;
    expect(answer?.ok && answer.scores[0]).toBe(exact);
    expect(exact).toBeCloseTo(0.7834, 4);
  });

  test.each(themeNames)("fits from 300 to 1100 pixels in %s", async (theme) => {
    for (const width of [300, 736]) {
      const panel = await open({ ...words, theme, width });
      await panel.fullScreenshot(`vectors-neighbours-${theme}-${width}`);
      for (const other of [width, 1.5 * width]) {
        await panel.page.setViewportSize({ width: other, height: 900 });
        await panel.drawn();
        const { wide, inner } = await panel.page.evaluate(() => ({ wide: document.documentElement.scrollWidth, inner: window.innerWidth }));
        expect(wide, `${other} px`).toBeLessThanOrEqual(inner);
      }
    }
  });
});
