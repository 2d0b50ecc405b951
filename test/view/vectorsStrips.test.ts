import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import type { VectorsTrace } from "../../src/core/vectors/trace.js";
import { until } from "../support/until.js";
import type { OpenOptions, Panel } from "./harness.js";
import { panelOpener, posted, sees } from "./support.js";
import { themeNames } from "./themes.js";
import { boxOf } from "../support/boxOf.js";

const open = panelOpener();
const words: OpenOptions = { sample: "words.txt", explainer: "vectors", params: { tab: "strips" } };
const figure = ".vectors-strips .strips-figure";

const names = (page: Page): Promise<string[]> => page.locator(`${figure} [data-row]`).evaluateAll((found) => found.map((name) => name.querySelector("title")?.textContent ?? ""));
const cosines = (page: Page): Promise<(string | null)[]> => page.locator(`${figure} [data-cosine]`).evaluateAll((found) => found.map((each) => each.firstChild?.textContent ?? null));
const reads = (panel: Panel, text: string): Promise<unknown> => until(`"${text}" in the strips`, async () => (await panel.page.locator(figure).textContent())?.includes(text));
const named = (panel: Panel, expected: readonly string[]): Promise<unknown> => until(`the strips ${expected.join(", ")}`, async () => (await names(panel.page)).join() === expected.join());

/** Rows of a made file: names and numbers, one a line. */
function text(rows: readonly (readonly [string, readonly number[]])[]): OpenOptions {
  return { text: { name: "vectors.json", languageId: "json", text: JSON.stringify(Object.fromEntries(rows)) }, explainer: "vectors", params: { tab: "strips" } };
}

/** The colour of the canvas's pixel at a share of its width and a height, as 0–255. */
function pixel(page: Page, share: number, y: number): Promise<number[]> {
  return page.locator(".vectors-strips canvas").evaluate((canvas: HTMLCanvasElement, [at, down]) => {
    const density = canvas.width / canvas.getBoundingClientRect().width;
    const context = canvas.getContext("2d") as CanvasRenderingContext2D;
    return Array.from(context.getImageData(Math.floor(at * canvas.width), Math.floor(down * density), 1, 1).data.slice(0, 3));
  }, [share, y] as const);
}

const rgb = (hex: string): number[] => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));

describe("strips", () => {
  test("have their numbers behind their names, also behind one that runs from right to left", async () => {
    const panel = await open({ ...text([["dog", [1, 2]], ["שלום", [3, 4]], ["cat", [1, 1]]]), width: 300 });
    await reads(panel, "4.00");
    const [name, number] = await panel.page.locator(`${figure} text`, { hasText: /ש.*4\.00/ }).first().evaluate((line: SVGTextElement) => {
      const content = line.textContent ?? "";
      return [content.indexOf("ש"), content.indexOf("4.00")].map((at) => line.getStartPositionOfChar(at).x);
    });
    expect(number).toBeGreaterThan(name);
  });

  test("show the first eight rows, with cosines to the first, and take rows in and out by name", async () => {
    const panel = await open(words);
    const first = ["king", "queen", "prince", "princess", "man", "woman", "boy", "girl"];
    await expect.poll(() => names(panel.page)).toEqual(first);
    // By numpy, in double precision.
    await expect.poll(() => cosines(panel.page)).toEqual(["1.000", "0.751", "0.768", "0.574", "0.512", "0.366", "0.466", "0.362"]);
    await panel.page.getByRole("button", { name: "Choose rows: 8 of 24 have a strip" }).click();
    await panel.page.getByRole("searchbox", { name: "Find rows by name" }).fill("ber");
    const boxes = panel.page.locator(".strips-list label");
    await until("one name", async () => (await boxes.count()) === 1);
    await boxes.first().click();
    await named(panel, [...first, "berlin"]);
    await panel.page.getByRole("searchbox").fill("zzz");
    await sees(panel, ".strips-picker", "No row has “zzz” in its name.");
    await panel.page.getByRole("button", { name: "None" }).click();
    await sees(panel, ".vectors-strips", "No row is chosen.");
    await panel.page.getByRole("button", { name: "Show the first ones" }).click();
    await named(panel, first);
  });

  test("compute a row from others, spell a number of it out, and say what can't be computed", async () => {
    const panel = await open(words);
    const input = panel.page.getByRole("textbox", { name: "Row to add" });
    await input.fill("king - man");
    await input.press("Enter");
    await named(panel, ["king", "queen", "prince", "princess", "man", "woman", "boy", "girl", "king \u2212 man"]);
    await expect.poll(() => panel.page.locator(".strips-rule").count()).toBe(1);
    await panel.page.locator(figure).focus();
    await panel.page.keyboard.press("Home");
    // The first numbers of king and man in the built-in vectors are −0.323 and 0.373: rounded, they do not quite add up.
    await reads(panel, "king \u2212 man: (\u22120.32) \u2212 (0.37) \u2248 \u22120.70");
    await input.fill("king - quen");
    await input.press("Enter");
    await sees(panel, ".strips-refused", /king - quen.*quen.*Did you mean.*queen/s);
    await expect.poll(() => panel.page.locator(".strips-refused u").textContent()).toBe("quen");
    await panel.page.locator(".strips-refused .query-suggestions button", { hasText: /^queen$/ }).click();
    await until("both rows", async () => (await names(panel.page)).includes("king \u2212 queen"));
    await expect.poll(() => panel.page.locator(".strips-refused > *").count()).toBe(0);
  });

  test("sort the dimensions by the difference of two rows", async () => {
    const panel = await open(words);
    const { values, d } = panel.trace<VectorsTrace>();
    const difference = Array.from({ length: d }, (_, j) => Math.abs(values![j] - values![4 * d + j]));
    const sorted = difference.map((_, j) => j).sort((i, j) => difference[j] - difference[i]);
    await panel.page.getByRole("combobox", { name: "Order of the dimensions" }).selectOption("difference");
    await panel.page.getByRole("combobox", { name: "Row to subtract" }).selectOption("man");
    await panel.page.locator(figure).focus();
    await panel.page.keyboard.press("Home");
    await reads(panel, `dimension ${sorted[0] + 1}`);
    await panel.page.keyboard.press("ArrowRight");
    await reads(panel, `dimension ${sorted[1] + 1}`);
    await panel.page.keyboard.press("End");
    await reads(panel, `dimension ${sorted[d - 1] + 1}`);
  });

  test("are walked, moved, taken away and made the reference by keys", async () => {
    const panel = await open(words);
    await panel.page.locator(figure).focus();
    await panel.page.keyboard.press("ArrowDown");
    await panel.page.keyboard.press("Alt+ArrowDown");
    await named(panel, ["queen", "king", "prince", "princess", "man", "woman", "boy", "girl"]);
    await panel.page.keyboard.press("r");
    await reads(panel, "cos to king");
    await panel.page.keyboard.press("ArrowDown");
    await panel.page.keyboard.press("Delete");
    await named(panel, ["queen", "king", "princess", "man", "woman", "boy", "girl"]);
    await panel.page.keyboard.press("ArrowUp");
    await panel.page.keyboard.press("Enter");
    const { span } = await posted(panel, "reveal");
    expect(span).toBeDefined();
  });

  test("are dragged to another place by their names", async () => {
    const panel = await open(words);
    const box = await boxOf(panel.page.locator(`${figure} [data-row]`).first());
    await panel.page.mouse.move(box.x + box.width / 2, box.y + 6);
    await panel.page.mouse.down();
    await panel.page.mouse.move(box.x + box.width / 2, box.y + 58, { steps: 5 });
    await panel.page.mouse.up();
    await named(panel, ["queen", "prince", "king", "princess", "man", "woman", "boy", "girl"]);
  });

  test("colour numbers by sign between the ends of the scale, paper at zero, a notch beyond", async () => {
    const rows = text([["a", [2, 0, -2, -3]], ["b", [1, 0, -1, 0.5]]]);
    const panel = await open({ ...rows, theme: "dark" });
    const at = (i: number, y = 30): Promise<number[]> => pixel(panel.page, (i + 0.5) / 4, y);
    await expect.poll(() => panel.page.locator(`${figure} .strips-number`).allTextContents()).toEqual(["2.00", "0.00", "\u22122.00", "\u22123.00", "1.00", "0.00", "\u22121.00", "0.50"]);
    // The stops of DESIGN's table for dark themes; zero is the editor's background.
    await expect.poll(() => at(0)).toEqual(rgb("#FF9C90"));
    await expect.poll(() => at(1)).toEqual(rgb("#1F1F1F"));
    await expect.poll(() => at(2)).toEqual(rgb("#8CC6FF"));
    await expect.poll(() => at(3)).toEqual(rgb("#8CC6FF"));
    await expect.poll(() => at(0, 54)).toEqual(rgb("#A8443C"));
    await expect.poll(() => at(3, 17)).not.toEqual(rgb("#8CC6FF"));
    await expect.poll(() => at(2, 17)).toEqual(rgb("#8CC6FF"));
    await sees(panel, ".vectors-strips > .vectors-note", "One number lies beyond the scale; its cell has a notch.");
    await panel.page.getByRole("checkbox", { name: "white zero" }).check();
    await until("white", async () => (await at(1)).join() === "255,255,255");
    await expect.poll(() => at(0)).toEqual(rgb("#A50F1C"));
    await panel.page.getByRole("button", { name: "fit to the data" }).click();
    await until("the scale", async () => (await panel.page.getByRole("textbox", { name: "Where the colours end" }).inputValue()) === "3");
    await expect.poll(() => panel.page.locator(".vectors-strips > .vectors-note").first().textContent()).toBe("");
    const limit = panel.page.getByRole("textbox", { name: "Where the colours end" });
    await limit.fill("-1");
    await limit.press("Enter");
    await expect.poll(() => limit.getAttribute("aria-invalid")).toBe("true");
    expect(panel.state()?.ui.stripScale).toBe(3);
    await panel.send({ type: "settings", settings: { stripScale: 4 } });
    await panel.page.getByRole("button", { name: "Back to a scale of ±4" }).click();
    await until("the scale of the settings", async () => (await limit.inputValue()) === "4");
    await panel.send({ type: "settings", settings: { stripScale: 0.5 } });
    await until("the new scale of the settings", async () => (await limit.inputValue()) === "0.5");
  });

  test("draw 12,288 dimensions, several to a cell, and come closer by a brush", async () => {
    const d = 12288;
    const wave = (phase: number): number[] => Array.from({ length: d }, (_, j) => Math.round(1000 * Math.sin(j / 300 + phase)) / 1000);
    const spike = wave(0);
    spike[6143] = -9;
    const panel = await open(text([["a", spike], ["b", wave(1)], ["c", wave(2)]]));
    await sees(panel, ".strips-head", /12,288 dimensions, \d+ to a cell: the strongest is drawn/);
    const box = await boxOf(panel.page.locator(".vectors-strips canvas"));
    const middle = box.x + box.width * (6143.5 / d);
    await panel.page.mouse.move(middle, box.y + 30);
    // Of the cell's dimensions the strongest is the one pointed at.
    await reads(panel, "dimension 6144");
    await reads(panel, "\u22129.00");
    await panel.page.mouse.move(middle - 12, box.y + 30);
    await panel.page.mouse.down();
    await panel.page.mouse.move(middle + 12, box.y + 40, { steps: 4 });
    await panel.page.mouse.up();
    await sees(panel, ".strips-head", /places [\d,]+ to [\d,]+ of 12,288/);
    await expect.poll(() => panel.page.locator(".strips-thumb").count()).toBe(1);
    const { from, to } = panel.state()?.ui["stripWindow rows"] as { from: number; to: number };
    expect(from).toBeLessThan(6143);
    expect(to).toBeGreaterThan(6143);
    expect(to - from).toBeLessThan(1500);
    await panel.page.getByRole("button", { name: "Show all 12288 dimensions" }).click();
    await until("all", async () => (await panel.page.locator(".strips-thumb").count()) === 0);
  });

  test("say that a vector of zeros has no cosine", async () => {
    const panel = await open(text([["a", [1, 2, 3]], ["nought", [0, 0, 0]]]));
    await expect.poll(() => cosines(panel.page)).toEqual(["1.000", "undefined"]);
    await sees(panel, ".vectors-strips > .vectors-note", "nought: all zeros, so there is no direction to compare and the cosine is undefined.");
    await expect.poll(() => panel.page.locator("body").innerText()).not.toContain("NaN");
  });

  test("have a table twin in the order of the picture, with every digit", async () => {
    const panel = await open(text([["a", [0.123456789, 2, -3]], ["b", [1, 0, 0.25]]]));
    await panel.page.getByRole("combobox", { name: "Order of the dimensions" }).selectOption("value");
    await panel.page.locator(figure).focus();
    await panel.page.keyboard.press("t");
    const lines = panel.page.locator(".strips-table tbody tr");
    await until("the table", async () => (await lines.count()) === 4);
    await expect.poll(() => lines.locator("th").allTextContents()).toEqual(["cos to a", "2", "1", "3"]);
    await expect.poll(() => lines.nth(2).locator("td").first().getAttribute("title")).toBe("0.123456789");
  });

  test("leave as CSV, JSON, picture and Python", async () => {
    const panel = await open(text([["a, b", [0.1, 2, -3]], ["c", [1, 0, 0.25]], ["d", [0, 0, 1]]]));
    await panel.page.locator(figure).focus();
    await panel.page.keyboard.press("ArrowUp");
    await panel.page.keyboard.press("Delete");
    await named(panel, ["a, b", "c"]);
    const saved = async (label: string): Promise<string> => {
      const before = panel.posts.length;
      await panel.page.getByRole("button", { name: "Export" }).click();
      await panel.page.getByRole("menuitem", { name: label, exact: true }).click();
      const { data } = await posted(panel, "save", () => true, before);
      return String(data);
    };
    expect(await saved("Strips (CSV)")).toBe('name,1,2,3\n"a, b",0.1,2,-3\nc,1,0,0.25\n');
    expect(await saved("All vectors (CSV)")).toBe('name,1,2,3\n"a, b",0.1,2,-3\nc,1,0,0.25\nd,0,0,1\n');
    const [first] = JSON.parse(await saved("Strips (JSON)")) as { name: string; cosine: number; values: number[] }[];
    expect(first).toEqual({ name: "a, b", cosine: 1, values: [0.1, 2, -3] });
    const picture = await saved("Picture (SVG)");
    expect(picture).toMatch(/<image [^>]*data:image\/png/);
    expect(picture).toContain("cos to a, b");
    await panel.send({ type: "action", action: "copyPython" });
    const { text: code } = await posted(panel, "copy");
    expect(code).toContain("matplotlib");
    expect(code).toContain("vmin=-2");
  });

  test.each(themeNames)("fit from 300 to 1100 pixels in %s", async (theme) => {
    for (const width of [300, 736]) {
      const panel = await open({ ...words, theme, params: { tab: "strips", expressions: "king - man + woman; 0.5 * (paris + berlin)" }, width });
      await panel.fullScreenshot(`vectors-strips-${theme}-${width}`);
      for (const other of [width, 1.5 * width]) {
        await panel.page.setViewportSize({ width: other, height: 900 });
        await panel.drawn();
        const { wide, inner } = await panel.page.evaluate(() => ({ wide: document.documentElement.scrollWidth, inner: window.innerWidth }));
        expect(wide, `${other} px`).toBeLessThanOrEqual(inner);
      }
    }
  });
});
