import { describe, expect, it } from "vitest";
import { until } from "../support/until.js";
import type { OpenOptions, Panel } from "./harness.js";
import { cloud, ellipsesOf } from "./mixture2dPage.js";
import { panelOpener } from "./support.js";
import { themes, type ThemeVariables } from "./themes.js";

/** Nothing that is said may be cut off, whatever the panel's width and the reader's fonts. */

let panel: Panel;
const openPanel = panelOpener();

/** The light theme with a wide font for words. */
const wide: ThemeVariables = {
  ...themes.light,
  variables: Object.fromEntries(
    Object.entries(themes.light.variables).map(([name, value]) => [name, name === "--vscode-font-family" ? '"DejaVu Sans", sans-serif' : value]),
  ),
};

async function open(options: OpenOptions): Promise<void> {
  panel = await openPanel({ height: 1000, ...options });
}

/** Elements whose content is wider than they are. */
function cut(selector: string): Promise<string[]> {
  return panel.page.locator(selector).evaluateAll((all) =>
    all.filter((element) => element.clientWidth > 0 && element.scrollWidth > element.clientWidth + 1).map((element) => element.textContent ?? ""));
}

const many = { name: "cloud.csv", text: cloud({ N: 300, D: 2, groups: 5 }) };
const columns13 = { name: "wide.csv", text: cloud({ N: 200, D: 13, groups: 3 }) };
const prices = { name: "prices.csv", text: `price\n${Array.from({ length: 200 }, (_, i) => (12000 + 900 * (i % 3) + ((i * 37) % 101)).toFixed(2)).join("\n")}` };

describe.each([300, 360, 480, 736])("at a width of %i", (width) => {
  it.each<[string, OpenOptions]>([
    ["one column", { sample: "em1d.csv" }],
    ["one column of large numbers", { text: prices, params: { n_components: 3 } }],
    ["four columns", { sample: "iris.csv" }],
    ["twelve components", { text: many, params: { n_components: 12 } }],
    ["thirteen columns", { text: columns13, params: { n_components: 3 } }],
    ["four columns in Chinese", { sample: "iris.csv", language: "zh-cn" }],
  ])("tables and formulas are whole: %s", async (_, options) => {
    for (const theme of [themes.light, wide]) {
      await open({ ...options, width, theme });
      await expect.poll(() => cut(".mixture-parameters > .mixture-table")).toEqual([]);
      await expect.poll(() => cut("[data-formula=share] .mixture-math, [data-formula=density] .mixture-math")).toEqual([]);
      if (theme === themes.light) await panel.close();
    }
  });
});

describe("the player", () => {
  const widths = [300, 360, 480, 620, 736];
  it.each(["iris.csv", "em1d.csv"].flatMap((sample) => widths.map((width) => [sample, width] as const)))("shows each speed whole, in a wide font, and not in a line of its own (%s, %i)", async (sample, width) => {
    await open({ sample, theme: wide, width });
    const list = panel.page.locator(".player-speed vscode-dropdown");
    for (const speed of ["0.25", "0.5", "1", "2", "4"]) {
      await list.evaluate((element: HTMLElement & { value: string }, value) => (element.value = value), speed);
      await panel.drawn();
      const shown = await list.evaluate((element) => {
        const value = element.shadowRoot?.querySelector<HTMLElement>(".selected-value");
        return { text: element.textContent, whole: value !== null && value !== undefined && value.scrollWidth <= value.clientWidth };
      });
      expect(shown.whole, `${speed}×`).toBe(true);
    }
    const middles = await panel.page.locator(".player-row > *").evaluateAll((all) => all.map((element) => {
      const box = element.getBoundingClientRect();
      return { speed: element.matches(".player-speed"), middle: box.y + box.height / 2 };
    }));
    const own = middles.find(({ speed }) => speed)!.middle;
    expect(middles.filter(({ speed, middle }) => !speed && Math.abs(middle - own) < 6).length).toBeGreaterThan(0);
    await panel.screenshot(`player-wide-font-${sample.slice(0, 4)}-${width}`);
  });
});

describe("the table of rows", () => {
  it("begins with what the fit says of each row where the panel is narrow, in aligned decimals", async () => {
    await open({ sample: "iris.csv", width: 300 });
    await panel.page.keyboard.press("t");
    const table = panel.page.locator(".mixture-rows-table");
    await table.waitFor();
    await expect.poll(() => table.locator("thead th").allInnerTexts()).toEqual(["line", "component", "r A", "r B", "r C", "sepal length (cm)", "sepal width (cm)", "petal length (cm)", "petal width (cm)"]);
    await expect.poll(() => table.locator("tbody tr").first().locator("th, td").allInnerTexts()).toEqual(["2", "A", "100.0%", "0.0%", "0.0%", "5.1", "3.5", "1.4", "0.2"]);
    const widths = await table.locator("tbody tr td:nth-child(7)").allInnerTexts();
    expect(widths).toContain("3.0");
  });
});

describe("a symbol of the formula", () => {
  it("emphasises its ellipse in the plane", async () => {
    await open({ sample: "iris.csv" });
    const strokes = (): Promise<number[]> => panel.page.locator(".mixture-scatter ellipse[data-kind=now][data-sigma='1']").evaluateAll((all) =>
      all.sort((a, b) => Number(a.getAttribute("data-component")) - Number(b.getAttribute("data-component"))).map((each) => Number(each.getAttribute("stroke-width"))));
    await expect.poll(async () => (await ellipsesOf(panel.page)).length).toBeGreaterThan(0);
    await expect.poll(async () => new Set(await strokes()).size).toBe(1);
    await panel.page.locator("[data-formula=share] .k1").first().hover();
    await until("a heavier B", async () => {
      const [a, b, c] = await strokes();
      return b > a && c === a;
    });
  });
});

describe("the sentence under the headline", () => {
  it("never begins a line with the comma behind a link", async () => {
    await open({ sample: "em1d.csv", theme: wide, width: 560, params: { n_components: 2, random_state: 0, sweep_max: 0 } });
    for (let width = 300; width <= 560; width += 13) {
      await panel.page.setViewportSize({ width, height: 1000 });
      const broken = await panel.page.locator(".lede .link").evaluateAll((links) =>
        links.filter((link) => {
          const text = link.nextSibling;
          if (!(text instanceof Text) || !/^[,.;:]/.test(text.data)) return false;
          const comma = document.createRange();
          comma.setStart(text, 0);
          comma.setEnd(text, 1);
          const [a, b] = [link.getBoundingClientRect(), comma.getBoundingClientRect()];
          return b.top > a.bottom || b.left < a.left;
        }).length);
      expect(broken, `at ${width} px`).toBe(0);
    }
    await expect.poll(() => panel.page.locator(".lede .link").count()).toBeGreaterThan(0);
  });
});
