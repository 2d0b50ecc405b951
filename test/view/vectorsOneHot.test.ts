import { describe, expect, test } from "vitest";
import type { VectorsTrace } from "../../src/core/vectors/trace.js";
import { until } from "../support/until.js";
import type { OpenOptions } from "./harness.js";
import { panelOpener, posted, sees } from "./support.js";
import { themeNames } from "./themes.js";
import { boxOf } from "../support/boxOf.js";

const open = panelOpener();
const four: OpenOptions = { sample: "one-hot.txt", explainer: "vectors", params: { tab: "onehot" } };
const figure = ".onehot-figure";
const minus = (value: number): string => value.toFixed(2).replace("-", "\u2212");

describe("one-hot", () => {
  test("draws the words' rows and looks a row of Q up by its product", async () => {
    const panel = await open(four);
    const { words, q, d } = panel.trace<VectorsTrace>().oneHot!;
    expect(words).toEqual(["秃", "头", "小", "苏"]);
    const cells = (await panel.page.locator(`${figure} text.cell`).allTextContents()).filter((text) => text === "0" || text === "1");
    // Four rows and x, each with a single 1.
    expect(cells.join("").match(/.{4}/g)).toEqual(["1000", "0100", "0010", "0001", "1000"]);
    await panel.page.locator(figure).focus();
    await panel.page.keyboard.press("ArrowDown");
    await panel.page.keyboard.press("ArrowDown");
    await sees(panel, ".onehot-sentence", "“小” is word 3 of 4: its row is 0 but for a 1 at place 3, so x · Q is row 3 of Q.");
    const numbers = (await panel.page.locator(`${figure} text.cell`).allTextContents()).slice(-d);
    expect(numbers).toEqual(Array.from(q.slice(2 * d, 3 * d), minus));
    await panel.page.keyboard.press("ArrowRight");
    await until("the second dimension", async () => {
      const formula = (await panel.page.locator(".onehot-formula").first().textContent()) ?? "";
      return formula.replace(/-/g, "\u2212").endsWith(minus(q[2 * d + 1]));
    });
    const row = panel.page.locator(".onehot-row");
    const product = panel.page.locator(".onehot-product");
    const [above, below] = [await boxOf(row), await boxOf(product)];
    expect(above.x).toBeCloseTo(below.x, 0);
    expect(above.width).toBeCloseTo(below.width, 0);
  });

  test("says that every cosine is 0", async () => {
    const panel = await open(four);
    await sees(panel, ".vectors-onehot", "Every cosine of two different words is 0, all 6 of them");
    const formula = await panel.page.locator(".onehot-formula").nth(1).textContent();
    expect(formula?.replace(/\s/g, "")).toMatch(/1⋅0\+0⋅1\+0⋅0\+0⋅01⋅1=01⋅1=0$/);
  });

  test("takes other words, counts repeated ones once and names those without a vector", async () => {
    const panel = await open(four);
    const box = panel.page.getByRole("textbox", { name: "Words" });
    await box.fill("king queen king xyzzyx");
    await posted(panel, "run", ({ params }) => params.words === "king queen king xyzzyx");
    await until("the words", () => panel.trace<VectorsTrace>().oneHot?.words.join(" ") === "king queen xyzzyx");
    await sees(panel, ".vectors-onehot > .vectors-note", "king");
    await sees(panel, ".vectors-onehot > .vectors-note", "Without a vector: xyzzyx.");
    await box.fill("king queen");
    await until("vectors of the store", () => panel.trace<VectorsTrace>().oneHot?.from === "store");
    await sees(panel, ".vectors-onehot > .vectors-note", "Q holds the words' vectors from the word vectors in use.");
    await sees(panel, ".onehot-sentence", "“king” is word 1 of 2");
  });

  test("compares memory, at any size of the vocabulary", async () => {
    const panel = await open(four);
    const memory = panel.page.locator(".onehot-memory");
    const slider = memory.getByRole("slider", { name: "words" });
    const to = async (wanted: string): Promise<void> => {
      await slider.focus();
      await panel.page.keyboard.press("Home");
      const shown = () => slider.getAttribute("aria-valuetext");
      await until("the fewest words", async () => (await slider.inputValue()) === "0");
      await panel.drawn();
      for (let now = await shown(); now !== wanted; ) {
        const before = now;
        await panel.page.keyboard.press("ArrowRight");
        now = await until(`a step from ${before} on`, async () => ((await shown()) === before ? undefined : shown()));
      }
    };
    await to("10,000");
    // 10,000² and 10,000 × 100 numbers of four bytes.
    await sees(panel, ".onehot-memory .onehot-sentence", "10,000 words: 400 MB as one-hot rows against 4 MB as dense ones; 9,999 of 10,000 numbers a word are 0.");
    await to("1,000,000");
    await sees(panel, ".onehot-memory .onehot-sentence", "1,000,000 words: 4 TB as one-hot rows against 400 MB as dense ones; 999,999 of 1,000,000 numbers a word are 0.");
    // On the log axis each factor of 1,000 has the same length.
    const x = await memory.locator("svg").evaluate((chart) => {
      const at = (text: string): number => Number(Array.from(chart.querySelectorAll("text")).filter((each) => each.textContent === text).at(-1)?.getAttribute("x"));
      return [at("1 MB"), at("1 GB"), at("1 TB")];
    });
    expect(x[2] - x[1]).toBeCloseTo(x[1] - x[0], 6);
    expect(x[1]).toBeGreaterThan(x[0]);
  });

  test("has table twins of both", async () => {
    const panel = await open(four);
    await panel.page.locator(figure).focus();
    await panel.page.keyboard.press("t");
    await sees(panel, ".onehot-table", /小\s+3\s/);
    await sees(panel, ".onehot-sizes", /100,000\s+40 GB\s+40 MB\s+99,999/);
  });

  test("draws many words around the chosen one", async () => {
    const panel = await open({ ...four, sample: "glove-small.txt" });
    await sees(panel, ".onehot-head", "100 of 300 words are drawn, around the chosen one");
    await panel.page.locator(figure).focus();
    await panel.page.keyboard.press("End");
    await sees(panel, ".onehot-sentence", "is word 300 of 300");
  });

  test.each(themeNames)("fits from 300 to 1100 pixels in %s", async (theme) => {
    for (const width of [300, 736]) {
      const panel = await open({ ...four, theme, width });
      await panel.fullScreenshot(`vectors-onehot-${theme}-${width}`);
      for (const other of [width, 1.5 * width]) {
        await panel.page.setViewportSize({ width: other, height: 900 });
        await panel.drawn();
        const { wide, inner } = await panel.page.evaluate(() => ({ wide: document.documentElement.scrollWidth, inner: window.innerWidth }));
        expect(wide, `${other} px`).toBeLessThanOrEqual(inner);
      }
    }
  });
});
