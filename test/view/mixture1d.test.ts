import { describe, expect, it } from "vitest";
import type { MixtureTrace } from "../../src/core/mixture/trace.js";
import type { Theme } from "../../src/webview/marks/palette.js";
import type { Panel } from "./harness.js";
import { bells, colourOf, marks, minus, normal, published, sharesAt, stepsAt, useHarness } from "./mixture1dPage.js";

const opened = useHarness();

async function checkPicture(panel: Panel, position: number): Promise<void> {
  const { page } = panel;
  const trace = panel.trace<MixtureTrace>();
  const fit = trace.fits[trace.best];
  const { shapes, shares } = stepsAt(position, fit.kept.length);
  const letters = ["A", "B", "C"].slice(0, trace.K);

  // Direct labels say the parameters of the shapes that are drawn.
  for (const [k, { w, m, v }] of bells(trace, shapes).entries()) {
    const [label] = await marks(page, `[data-label=${letters[k]}]`);
    expect(label.text).toBe(minus(`${letters[k]}${w.toFixed(3)} × 𝒩(μ ${m.toFixed(3)}, σ ${Math.sqrt(v).toFixed(3)})`));
  }

  // The bars are a density: their areas sum to 1, and each component's to its mean share.
  const bars = await marks(page, "rect[data-bin]");
  const width = (trace.stats.max[0] - trace.stats.min[0]) / 30;
  const area = (part: string): number => bars.filter((bar) => bar["data-part"] === part).reduce((sum, bar) => sum + Number(bar["data-density"]) * width, 0);
  const own = Array.from(trace.points, (x) => (shares < 0 ? [] : sharesAt(trace, shares, x)));
  if (shares < 0) expect(area("")).toBeCloseTo(1, 7);
  else for (const [k, part] of letters.entries()) expect(area(part)).toBeCloseTo(own.reduce((sum, r) => sum + r[k], 0) / trace.N, 7);
  // What is drawn is in proportion to what it stands for.
  const tall = bars.map((bar) => Number(bar.height) / Number(bar["data-density"])).filter((_, i) => Number(bars[i].height) > 20);
  expect(Math.max(...tall) / Math.min(...tall)).toBeLessThan(1.02);

  // Each number has its tick, as high as its share and in the colour of its component.
  const ticks = await marks(page, "rect[data-tick]");
  const colours = await Promise.all(letters.map((_, k) => colourOf(page, k)));
  for (let i = 0; i < trace.points.length; i++) {
    const parts = ticks.filter((tick) => tick["data-tick"] === String(i));
    if (shares < 0) {
      expect(parts.map((tick) => [tick["data-part"], Number(tick.height)])).toEqual([["", 56]]);
      continue;
    }
    for (const tick of parts) {
      const k = letters.indexOf(tick["data-part"]);
      expect(tick.colour).toBe(colours[k]);
      expect(Number(tick.height) / 56).toBeCloseTo(own[i][k], 2);
    }
    expect(parts.reduce((sum, tick) => sum + Number(tick.height), 0)).toBeCloseTo(56, 0);
  }

  // The hairline stands on the number that is torn most; the formula ends in its responsibility.
  const least = shares < 0 ? Array.from(trace.points, (x) => sharesAt(trace, 0, x)) : own;
  const torn = least.reduce((best, r, i) => (Math.max(...r) < Math.max(...least[best]) ? i : best), 0);
  const [hairline] = await marks(page, "[data-hairline]");
  expect(hairline["data-hairline"]).toBe(String(torn));
  const top = Math.max(...least[torn]);
  const [result] = await marks(page, "[data-formula=share] .result");
  expect(result.text).toBe(top.toFixed(4));
  const dots = await marks(page, "circle[data-dot][data-density]");
  bells(trace, shapes).forEach(({ w, m, v }, k) => expect(Number(dots[k]["data-density"])).toBeCloseTo(w * normal(trace.points[torn], m, v), 9));

  // The ruler: the place and its value, and the end.
  const [place] = await marks(page, "[data-place]");
  expect(place["data-place"]).toBe(String(position));
  const [value] = await marks(page, "[data-value]");
  expect(value.text).toBe(minus(fit.logLikelihood[shapes].toFixed(3)));
  const [end] = await marks(page, "[data-end]");
  expect(end.text).toBe("\u2212209.566");

  // The table twin has the same numbers, in full precision in its titles.
  const cells = await page.locator(".mixture-table tr[data-key='0'] td").evaluateAll((all) => all.map((cell) => [cell.textContent, (cell as HTMLElement).title]));
  const [a] = bells(trace, shapes);
  expect(cells.slice(0, 3)).toEqual([a.w, a.m, Math.sqrt(a.v)].map((v) => [minus(v.toFixed(4)), minus(String(v))]));
}

describe.each<Theme>(["light", "dark", "hc-dark", "hc-light"])("the 1-D picture in %s", (theme) => {
  it("shows the trace at the first, a middle and the last step", () =>
    opened({ theme, sample: "em1d.csv", params: published }, async (panel) => {
      await expect.poll(() => panel.steps()).toBe(25);
      for (const position of [0, 3, 12, 24]) {
        await panel.step(position);
        await checkPicture(panel, position);
        if (position !== 12) await panel.fullScreenshot(`mixture-1d-${theme}-${position}`);
      }
    }));
});

describe("what the published program did", () => {
  it("is marked where it stopped, with what came after", () =>
    opened({ sample: "em1d.csv", params: published }, async (panel) => {
      await panel.step(3);
      const notes = await marks(panel.page, "[data-note]");
      // From the article's printed numbers and the fixed point: −209.736 against −209.566, A's mean 0.116 against 0.156.
      expect(notes.map((note) => note.text)).toEqual([
        "here the published program stopped, after one iteration",
        "eleven more add only 0.170, yet move A’s mean by 0.040",
      ]);
      await expect.poll(async () => (await marks(panel.page, "[data-published]"))[0]["data-published"]).toBe("1");
      await expect.poll(() => panel.page.locator("select.mixture-bins").first().inputValue()).toBe("30");
      await expect.poll(() => panel.page.locator("h1").textContent()).toBe("Two bells share 100 numbers");
      await expect.poll(() => panel.page.locator(".lede").textContent()).toBe(
        "Each number asks which bell made it. Nearly all are certain; line 26, caught between, goes 90% to A and 10% to B.",
      );
    }));
});

describe("layout", () => {
  it.each([300, 360, 500, 736, 1100])("fits %i px without scrolling sideways", (width) =>
    opened({ sample: "em1d.csv", params: { ...published, sweep_max: 3, sweep_n_init: 2 }, width }, async (panel) => {
      await panel.step(3);
      const wide = await panel.page.evaluate(() => {
        const { scrollWidth, clientWidth } = document.documentElement;
        if (scrollWidth <= clientWidth) return [];
        return Array.from(document.querySelectorAll("body *")).filter((element) => element.getBoundingClientRect().right > clientWidth)
          .map((element) => `${element.tagName}.${element.getAttribute("class")} ${element.textContent?.slice(0, 30)}`);
      });
      expect(wide).toEqual([]);
      // The player's range shares its extent with the curve above it.
      const [range, ...ticks] = await panel.page.evaluate(() => {
        const x = (element: Element): number => element.getBoundingClientRect().left;
        const track = document.querySelector(".player input[type=range]")!.getBoundingClientRect();
        const lines = Array.from(document.querySelectorAll("[data-iteration]"));
        return [[track.left + 6, track.right - 6], x(lines[0]), x(lines[lines.length - 1])] as [number[], number, number];
      });
      expect(Math.abs(range[0] - ticks[0])).toBeLessThan(1.5);
      expect(Math.abs(range[1] - ticks[1])).toBeLessThan(1.5);
      // No two direct labels cover each other.
      const boxes = await panel.page.locator("[data-label] text, .mixture-figure text.red").evaluateAll((all) => all.map((text) => {
        const { left, right, top, bottom } = text.getBoundingClientRect();
        return { left, right, top, bottom, text: text.textContent };
      }));
      for (const a of boxes) {
        for (const b of boxes) {
          const covered = a !== b && a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 3 && b.top < a.bottom - 3;
          expect(covered, `${a.text} covers ${b.text}`).toBe(false);
        }
      }
      await panel.fullScreenshot(`mixture-1d-width-${width}`);
    }));

  it.each<Theme>(["dark", "hc-light"])("is narrow in %s", (theme) =>
    opened({ sample: "em1d.csv", params: published, width: 360, theme }, async (panel) => {
      await panel.step(3);
      await panel.fullScreenshot(`mixture-1d-narrow-${theme}`);
    }));
});
