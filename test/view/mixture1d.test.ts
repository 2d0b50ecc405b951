import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { MixtureTrace } from "../../src/core/mixture/trace.js";
import type { ViewToHost } from "../../src/core/protocol.js";
import type { Theme } from "../../src/webview/marks/palette.js";
import { until } from "../support/until.js";
import { startHarness, type Harness, type OpenOptions, type Panel } from "./harness.js";

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());

const published = {
  n_components: 2, covariance_type: "full", init_params: "given", means_init: [[-0.8877857476301128], [5.729090562177537]],
  n_init: 1, stop_rule: "as-published", max_iter: 100, tol: 1e-6, reg_covar: 0, random_state: 0, sweep_max: 0,
};

async function opened<R>(options: OpenOptions, work: (panel: Panel) => Promise<R>): Promise<R> {
  const panel = await harness.open(options);
  try {
    const result = await work(panel);
    expect(panel.faults).toEqual({ errors: [], refused: [] });
    expect(panel.posts.filter((post) => post.type === "error")).toEqual([]);
    return result;
  } finally {
    await panel.close();
  }
}

/** The normal density, written out here so that nothing is compared with itself. */
function normal(x: number, mean: number, variance: number): number {
  return Math.exp(-((x - mean) ** 2) / (2 * variance)) / Math.sqrt(2 * Math.PI * variance);
}

/** Weight, mean and variance of each component at a kept step of a trace with one column. */
function bells(trace: MixtureTrace, s: number): { readonly w: number; readonly m: number; readonly v: number }[] {
  const { weights, means, covariances } = trace.fits[trace.best];
  return Array.from({ length: trace.K }, (_, k) => ({ w: weights[s * trace.K + k], m: means[s * trace.K + k], v: covariances[s * trace.K + k] }));
}

function sharesAt(trace: MixtureTrace, s: number, x: number): number[] {
  const products = bells(trace, s).map(({ w, m, v }) => w * normal(x, m, v));
  const sum = products.reduce((a, b) => a + b, 0);
  return products.map((p) => p / sum);
}

/** Kept steps of shapes and of shares at a whole position of the player; −1: no shares yet. */
function stepsAt(position: number, S: number): { readonly shapes: number; readonly shares: number } {
  const shapes = Math.floor(position / 2);
  if (position === 2 * (S - 1)) return { shapes, shares: S - 1 };
  return { shapes, shares: position % 2 === 1 ? shapes : shapes - 1 };
}

type Mark = { readonly [name: string]: string };

/** The attributes of all elements that match, as strings, with their text and resolved fill. */
function marks(page: Page, selector: string): Promise<Mark[]> {
  return page.evaluate((wanted) => Array.from(document.querySelectorAll(wanted), (element) => ({
    ...Object.fromEntries(Array.from(element.attributes, ({ name, value }) => [name, value])),
    text: element.textContent ?? "",
    colour: getComputedStyle(element).fill,
  })), selector);
}

function colourOf(page: Page, k: number): Promise<string> {
  return page.evaluate((n) => {
    const probe = document.createElement("i");
    probe.style.color = `var(--lumen-c${n})`;
    document.body.append(probe);
    const { color } = getComputedStyle(probe);
    probe.remove();
    return color;
  }, (k % 8) + 1);
}

const minus = (text: string): string => text.replace("-", "\u2212");

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
      expect(await panel.steps()).toBe(25);
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
      expect((await marks(panel.page, "[data-published]"))[0]["data-published"]).toBe("1");
      expect(await panel.page.locator("select.mixture-bins").first().inputValue()).toBe("30");
      expect(await panel.page.locator("h1").textContent()).toBe("Two bells share 100 numbers");
      expect(await panel.page.locator(".lede").textContent()).toBe(
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

describe("choosing", () => {
  const last = <T extends ViewToHost["type"]>(panel: Panel, type: T): Extract<ViewToHost, { type: T }> | undefined =>
    panel.posts.filter((post) => post.type === type).at(-1) as Extract<ViewToHost, { type: T }> | undefined;

  /** The tick of a point, in the page's pixels. */
  async function tickOf(panel: Panel, point: number): Promise<{ x: number; y: number }> {
    const box = await panel.page.locator(`rect[data-tick="${point}"]`).first().boundingBox();
    if (!box) throw new Error("no tick");
    return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  }

  it("a hovered number highlights its row, fills the formula and is named; a click holds and reveals it", () =>
    opened({ sample: "em1d.csv", params: published }, async (panel) => {
      const trace = panel.trace<MixtureTrace>();
      const spans = trace.spans as Int32Array;
      const lowest = trace.points.indexOf(Math.min(...trace.points));
      const at = await tickOf(panel, lowest);
      await panel.page.mouse.move(at.x, at.y);
      await panel.drawn();
      const span = { start: spans[2 * lowest], end: spans[2 * lowest + 1] };
      await until("the highlight", () => last(panel, "highlight")?.spans.length === 1);
      expect(last(panel, "highlight")?.spans).toEqual([span]);
      expect(await panel.page.locator(".mixture-question h2").textContent()).toContain(`How much of line ${trace.lines[lowest]} does A explain?`);
      await panel.page.mouse.click(at.x, at.y);
      await until("the reveal", () => last(panel, "reveal"));
      expect(last(panel, "reveal")).toMatchObject({ span, line: trace.lines[lowest] });
      await panel.page.mouse.move(5, 5);
      await panel.drawn();
      expect((await marks(panel.page, "[data-hairline]"))[0]["data-hairline"]).toBe(String(lowest));
      expect(await panel.page.locator(".lede").textContent()).toContain(`line ${trace.lines[lowest]} goes wholly to A.`);
      await panel.page.keyboard.press("Escape");
      await until("the highlight to go", () => last(panel, "highlight")?.spans.length === 0);
    }));

  it("the keyboard walks over rows, chooses components and opens panes", () =>
    opened({ sample: "em1d.csv", params: published }, async (panel) => {
      const { page } = panel;
      await page.locator("svg.mixture-figure").focus();
      await page.keyboard.press("ArrowDown");
      await panel.drawn();
      expect((await marks(page, "[data-hairline]"))[0]["data-hairline"]).toBe("0");
      await page.keyboard.press("ArrowDown");
      await panel.drawn();
      expect((await marks(page, "[data-hairline]"))[0]["data-hairline"]).toBe("1");
      await page.keyboard.press("Escape");
      await page.locator("h1").click();
      await page.keyboard.press("2");
      await panel.drawn();
      expect(await page.locator(".mixture-question h2").textContent()).toContain("does B explain?");
      await page.keyboard.press("f");
      await panel.drawn();
      expect(await page.locator(".mixture-formulas").isVisible()).toBe(false);
      await page.keyboard.press("t");
      await until("the rows", () => page.locator(".mixture-rows-table").isVisible());
      const first = await page.locator(".mixture-rows-table tbody tr").first().locator("th, td").allTextContents();
      const trace = panel.trace<MixtureTrace>();
      const own = sharesAt(trace, trace.fits[0].kept.length - 1, trace.points[0]);
      expect([first[0], first[2], first[4]]).toEqual(["2", `${(own[0] * 100).toFixed(1)}%`, own[0] > 0.5 ? "A" : "B"]);
    }));

  it("the caret's row pulses its tick once", () =>
    opened({ sample: "em1d.csv", params: published }, async (panel) => {
      const spans = panel.trace<MixtureTrace>().spans as Int32Array;
      await panel.send({ type: "caret", offset: spans[20] + 1 });
      await until("the pulse", async () => (await panel.page.locator("circle.pulse").count()) > 0);
      await until("the pulse to go", async () => (await panel.page.locator("circle.pulse").count()) === 0);
    }));

  it("a symbol of the formula under the pointer emphasises its curve and leaves the formula", () =>
    opened({ sample: "em1d.csv", params: published }, async (panel) => {
      await panel.step(3);
      await panel.page.locator("[data-formula=share] .k1").first().hover();
      await panel.drawn();
      const widths = (await marks(panel.page, "path[data-component]")).map((path) => [path["data-component"], path["stroke-width"]]);
      expect(Object.fromEntries(widths)).toEqual({ A: "2.75", B: "3.75" });
      expect(await panel.page.locator(".mixture-question h2").textContent()).toContain("does A explain?");
    }));

  it("colours the rows by component at the step, in tenths of the two largest shares, and off again", () =>
    opened({ sample: "em1d.csv", params: published }, async (panel) => {
      const trace = panel.trace<MixtureTrace>();
      await panel.step(3);
      await panel.send({ type: "action", action: "colourRows" });
      await until("the decoration", () => last(panel, "decorate"));
      const sent = last(panel, "decorate");
      expect(sent?.spans).toEqual(trace.spans);
      const colours = await panel.page.evaluate(() => [1, 2].map((n) => getComputedStyle(document.body).getPropertyValue(`--lumen-c${n}`).trim().toLowerCase()));
      trace.points.forEach((x, i) => {
        const bar = sent!.bars[sent!.group[i]];
        const a = bar.find((part) => part.color.toLowerCase() === colours[0])?.share ?? 0;
        expect(Math.abs(a - sharesAt(trace, 1, x)[0])).toBeLessThanOrEqual(0.0501);
        expect(bar.reduce((sum, part) => sum + part.share, 0)).toBeCloseTo(1, 9);
      });
      const before = panel.posts.filter((post) => post.type === "decorate").length;
      await panel.step(7);
      await until("the next decoration", () => panel.posts.filter((post) => post.type === "decorate").length > before);
      await panel.send({ type: "action", action: "colourRows" });
      await until("it to be taken away", () => panel.posts.at(-1)?.type === "undecorate");
    }));
});

describe("starting elsewhere", () => {
  it("a dragged mean starts a new fit from there", () =>
    opened({ sample: "em1d.csv", params: published }, async (panel) => {
      const trace = panel.trace<MixtureTrace>();
      const end = bells(trace, trace.fits[0].kept.length - 1);
      const handle = await panel.page.locator("[data-mean=A]").boundingBox();
      const other = await panel.page.locator("[data-mean=B]").boundingBox();
      if (!handle || !other) throw new Error("no handles");
      const [x, y] = [handle.x + handle.width / 2, handle.y + handle.height / 2];
      const scale = (end[1].m - end[0].m) / (other.x - handle.x);
      await panel.page.mouse.move(x, y);
      await panel.page.mouse.down();
      await panel.page.mouse.move(x + 20, y);
      await panel.page.mouse.move(x + 60, y);
      expect(await panel.page.locator(".mixture-figure").textContent()).toContain("release to fit from here");
      await panel.page.mouse.up();
      const run = await until("the run", () => panel.posts.find((post) => post.type === "run")) as Extract<ViewToHost, { type: "run" }>;
      const rows = run.params.means_init as number[][];
      expect(run.params.init_params).toBe("given");
      expect(rows[1]).toEqual([end[1].m]);
      expect(rows[0][0]).toBeCloseTo(end[0].m + 60 * scale, 1);
      await until("its trace", () => panel.outcomes.length === 2);
      expect(panel.trace<MixtureTrace>().fits[0].means[0]).toBe(rows[0][0]);
    }));

  it("and so does a mean moved by the keyboard", () =>
    opened({ sample: "em1d.csv", params: published }, async (panel) => {
      const { page } = panel;
      const trace = panel.trace<MixtureTrace>();
      const [a] = bells(trace, trace.fits[0].kept.length - 1);
      await page.locator("svg.mixture-figure").focus();
      await page.keyboard.press("1");
      await page.keyboard.press("Shift+ArrowRight");
      await page.keyboard.press("ArrowRight");
      expect(panel.posts.some((post) => post.type === "run")).toBe(false);
      await page.keyboard.press("Enter");
      const run = await until("the run", () => panel.posts.find((post) => post.type === "run")) as Extract<ViewToHost, { type: "run" }>;
      const range = (trace.stats.max[0] - trace.stats.min[0]) * 1.14;
      expect((run.params.means_init as number[][])[0][0]).toBeCloseTo(a.m + range / 20 + range / 200, 6);
    }));
});

describe("the histogram", () => {
  it("takes numpy's rules or a number of bins, and keeps the choice", () =>
    opened({ sample: "em1d.csv", params: { ...published, stop_rule: "parameters" } }, async (panel) => {
      const bins = panel.page.locator("select.mixture-bins").first();
      expect(await bins.inputValue()).toBe("auto");
      const count = async (): Promise<number> => Math.max(...(await marks(panel.page, "rect[data-bin]")).map((bar) => Number(bar["data-bin"]))) + 1;
      // numpy.histogram_bin_edges(x, "auto") of these 100 numbers has 8 bins, "sqrt" 10.
      expect(await count()).toBe(8);
      await bins.selectOption("sqrt");
      await panel.drawn();
      expect(await count()).toBe(10);
      await bins.selectOption("50");
      await panel.drawn();
      expect(await count()).toBe(50);
      expect(panel.state()?.ui.bins).toBe(50);
      const state = panel.state();
      await opened({ sample: "em1d.csv", params: published, state }, async (again) => {
        expect(await again.page.locator("select.mixture-bins").first().inputValue()).toBe("50");
      });
    }));

  it("of a sample is that of all rows", () => {
    const values = Array.from({ length: 3000 }, (_, i) => Math.sin(i * 12.9898) * 2 + (i % 3) * 4);
    return opened({ text: { name: "many.txt", text: values.join("\n") }, params: { n_components: 3, draw_limit: 150, sweep_max: 0 } }, async (panel) => {
      const trace = panel.trace<MixtureTrace>();
      expect([trace.N, trace.lines.length, trace.cells !== null]).toEqual([3000, 150, true]);
      await panel.page.locator("select.mixture-bins").first().selectOption("20");
      await panel.drawn();
      const bars = await marks(panel.page, "rect[data-bin]");
      const [min, max] = [Math.min(...values), Math.max(...values)];
      const heights = new Array<number>(20).fill(0);
      for (const bar of bars) heights[Number(bar["data-bin"])] += Number(bar["data-density"]);
      const expected = new Array<number>(20).fill(0);
      for (const v of values) expected[Math.min(19, Math.floor(((v - min) / (max - min)) * 20))] += 20 / (3000 * (max - min));
      heights.forEach((height, i) => expect(height).toBeCloseTo(expected[i], 7));
      // Responsibilities of all rows are written by the worker, under the mixture that is shown.
      await panel.page.getByRole("button", { name: "More" }).click();
      await panel.page.getByRole("menuitem", { name: "Export responsibilities of all rows (CSV)" }).click();
      const write = await until("the request", () => panel.posts.find((post) => post.type === "write")) as Extract<ViewToHost, { type: "write" }>;
      const last = trace.fits[trace.best].kept.length - 1;
      expect(write).toMatchObject({ export: "responsibilities", at: { K: 3, D: 1, means: trace.fits[trace.best].means.slice(3 * last, 3 * last + 3) } });
    });
  });
});

/** log N(x; μ, Σ) by Gaussian elimination, with the squared Mahalanobis distance and log |Σ|. */
function gaussian(x: ArrayLike<number>, mean: ArrayLike<number>, covariance: ArrayLike<number>): { readonly log: number; readonly squared: number; readonly logDet: number } {
  const D = x.length;
  const rows = Array.from({ length: D }, (_, i) => [...Array.from({ length: D }, (_, j) => covariance[i * D + j]), x[i] - mean[i]]);
  const right = Array.from({ length: D }, (_, i) => x[i] - mean[i]);
  let logDet = 0;
  for (let i = 0; i < D; i++) {
    logDet += Math.log(rows[i][i]);
    for (let j = i + 1; j < D; j++) {
      const f = rows[j][i] / rows[i][i];
      for (let c = i; c <= D; c++) rows[j][c] -= f * rows[i][c];
    }
  }
  const z = new Array<number>(D).fill(0);
  for (let i = D - 1; i >= 0; i--) z[i] = (rows[i][D] - z.reduce((sum, v, j) => (j > i ? sum + v * rows[i][j] : sum), 0)) / rows[i][i];
  const squared = z.reduce((sum, v, i) => sum + v * right[i], 0);
  return { log: -0.5 * (D * Math.log(2 * Math.PI) + logDet + squared), squared, logDet };
}

describe("several columns", () => {
  const params = { n_components: 3, n_init: 2, sweep_max: 0, random_state: 1 };

  it("shows the density with its distance and determinant, and the updates", () =>
    opened({ sample: "iris.csv", params }, async (panel) => {
      const trace = panel.trace<MixtureTrace>();
      const { K, D, N } = trace;
      const fit = trace.fits[trace.best];
      await panel.step(3);
      const at = (values: Float64Array, size: number, s: number, k: number): Float64Array => values.slice((s * K + k) * size, (s * K + k + 1) * size);
      const row = (i: number): Float64Array => trace.points.slice(i * D, (i + 1) * D);
      const parts = (i: number) => Array.from({ length: K }, (_, k) => gaussian(row(i), at(fit.means, D, 1, k), at(fit.covariances, D * D, 1, k)));
      const shares = (i: number): number[] => {
        const joint = parts(i).map(({ log }, k) => log + Math.log(fit.weights[K + k]));
        const top = Math.max(...joint);
        const sum = joint.reduce((total, v) => total + Math.exp(v - top), 0);
        return joint.map((v) => Math.exp(v - top) / sum);
      };
      const all = Array.from({ length: N }, (_, i) => shares(i));
      const torn = all.reduce((best, r, i) => (Math.max(...r) < Math.max(...all[best]) ? i : best), 0);
      const k = all[torn].indexOf(Math.max(...all[torn]));
      const { page } = panel;
      expect(await page.locator(".mixture-question h2").textContent()).toContain(`How much of line ${trace.lines[torn]} does ${"ABC"[k]} explain?`);
      expect(await page.locator("[data-formula=share] .result").textContent()).toBe(all[torn][k].toFixed(4));
      const text = ((await page.locator("[data-formula=density]").textContent()) ?? "").replaceAll("\u2212", "-");
      const own = parts(torn)[k];
      const squared = /=(-?[\d.]+)\|/.exec(text);
      expect(Number(squared?.[1])).toBeCloseTo(own.squared, 2);
      const density = Number(await page.locator("[data-formula=density] .result").textContent());
      expect(Math.abs(density / Math.exp(own.log) - 1)).toBeLessThan(1e-3);
      // The M-step that follows: the mean of the trace's next step.
      const mean = await page.locator("[data-formula=update] .mixture-math").first().locator(".result mtd").allTextContents();
      expect(mean.map((v) => Number(v))).toEqual(Array.from(at(fit.means, D, 2, k), (v) => Number(v.toFixed(4))));
      const now = await page.locator(`.mixture-table tr[data-key="${k}"] td`).evaluateAll((cells) => cells.map((cell) => (cell as HTMLElement).title));
      expect(now[0]).toBe(String(fit.weights[K + k]));
      expect(now[2]).toBe(`${at(fit.means, D, 1, k)[0]} ± ${Math.sqrt(at(fit.covariances, D * D, 1, k)[0])}`);
      await page.getByRole("button", { name: "show covariances" }).click();
      await panel.drawn();
      const covariances = await page.locator(".mixture-covariances figure").nth(k).locator("td").evaluateAll((cells) => cells.map((cell) => (cell as HTMLElement).title.replace("\u2212", "-")));
      expect(covariances.map(Number)).toEqual(Array.from(at(fit.covariances, D * D, 1, k)));
      await panel.fullScreenshot("mixture-4d-formulas");
    }));

  it.each(["tied", "diag", "spherical"])("has formulas for covariance_type %s in a narrow panel", (covariance_type) =>
    opened({ sample: "iris.csv", params: { ...params, covariance_type }, width: 300 }, async (panel) => {
      await panel.step(2);
      const overflow = await panel.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      expect(overflow).toBeLessThanOrEqual(0);
      expect(await panel.page.locator("[data-formula=update] math").count()).toBeGreaterThan(2);
      expect(await panel.page.locator("[data-formula] .temml-error, [data-formula] merror").count()).toBe(0);
      // Columns of the table are the components here: three letters.
      expect(await panel.page.locator(".mixture-table thead th").allTextContents()).toEqual(["now", "A", "B", "C"]);
      await panel.fullScreenshot(`mixture-4d-narrow-${covariance_type}`);
    }));
});

describe("long, broken and large", () => {
  it("draws 10,000 iterations", () =>
    opened({ sample: "em1d.csv", params: { ...published, n_components: 3, means_init: [[-1], [2], [5]], stop_rule: "lower_bound", tol: 0, max_iter: 10000, reg_covar: 1e-6 } }, async (panel) => {
      const trace = panel.trace<MixtureTrace>();
      const fit = trace.fits[0];
      expect(fit.iterations).toBe(10000);
      const [curve] = await marks(panel.page, "path[data-curve]");
      expect(curve.d.length).toBeLessThan(60_000);
      const steps = await panel.steps();
      await panel.step(Math.floor(steps / 4) * 2);
      const s = Math.floor(steps / 4);
      const [value] = await marks(panel.page, "[data-value]");
      expect(value.text).toBe(minus(fit.logLikelihood[fit.kept[s]].toFixed(3)));
      const numbers = await panel.page.locator(".mixture-likelihood text.q").allTextContents();
      expect(numbers).toContain("10000");
      await panel.fullScreenshot("mixture-1d-long");
    }));

  it("shows a fall of the likelihood as a cross with its size, and stops there", () =>
    opened({ sample: "em1d.csv", params: { ...published, stop_rule: "lower_bound", tol: 0, max_iter: 12, reg_covar: 2, means_init: [[0.1], [5]] } }, async (panel) => {
      const { fits: [fit] } = panel.trace<MixtureTrace>();
      expect(fit.fell.length).toBeGreaterThan(0);
      const crosses = await marks(panel.page, "[data-fell]");
      expect(crosses.map((cross) => Number(cross["data-fell"]))).toEqual(Array.from(fit.fell));
      const i = fit.fell[0];
      expect(await panel.page.locator(".mixture-likelihood").textContent()).toContain(`fell by ${(fit.logLikelihood[i - 1] - fit.logLikelihood[i]).toFixed(3)}`);
      await panel.step(2 * i);
      expect(await panel.page.locator("h1").textContent()).toBe(`The log-likelihood fell at iteration ${i}`);
      await panel.screenshot("mixture-1d-fell");
      await panel.page.getByRole("button", { name: "Set reg_covar to 1e-6" }).click();
      const run = await until("the run", () => panel.posts.find((post) => post.type === "run")) as Extract<ViewToHost, { type: "run" }>;
      expect(run.params.reg_covar).toBe(1e-6);
      await until("its trace", () => panel.outcomes.length === 2);
    }));

  it.each([1, 3, 8, 30])("has a picture for K = %i", (K) =>
    opened({ sample: "em1d.csv", params: { n_components: K, sweep_max: 0, init_params: "kmeans", tol: 1e-4 } }, async (panel) => {
      const trace = panel.trace<MixtureTrace>();
      await panel.step(1);
      expect(await panel.page.locator("path[data-component]").count()).toBe(K);
      expect(await panel.page.locator("[data-mean]").count()).toBe(K);
      expect(await panel.page.locator(".mixture-table tr[data-key] .c0").count()).toBeGreaterThan(0);
      const text = (await panel.page.locator("[data-formula=share]").textContent()) ?? "";
      if (K > 3) {
        // The terms of the sum that are written out and those that are not make K.
        const more = /… (\d+) more/.exec(text.replaceAll("\u00a0", " "));
        const sum = await panel.page.locator("[data-formula=share] mfrac").nth(1).evaluate((fraction) => fraction.children[1].textContent ?? "");
        expect(sum.replace(/10\D?\d+/g, "").split("+").length - 1 + Number(more?.[1])).toBe(K);
      }
      expect(trace.K).toBe(K);
      await panel.fullScreenshot(`mixture-1d-K${K}`);
    }));

  it("keeps only the rows in sight in the document", () => {
    const values = Array.from({ length: 20000 }, (_, i) => ((i * 7919) % 20011) / 1000);
    return opened({ text: { name: "rows.txt", text: values.join("\n") }, params: { n_components: 2, sweep_max: 0, max_iter: 5 } }, async (panel) => {
      const { page } = panel;
      await page.keyboard.press("t");
      await until("the rows", () => page.locator(".mixture-rows-table").isVisible());
      const rows = page.locator(".mixture-rows-table tbody tr");
      expect(await rows.count()).toBeLessThan(20);
      await page.locator(".mixture-rows").evaluate((element) => (element.scrollTop = element.scrollHeight));
      await until("the last row", async () => (await rows.last().locator("th").textContent()) === "20,000");
      expect(await rows.count()).toBeLessThan(20);
      expect(await page.locator(".mixture-rows-table").getAttribute("aria-rowcount")).toBe("20001");
      await panel.fullScreenshot("mixture-1d-rows");
    });
  });
});

describe("taking it along", () => {
  it("copies Python, inserts JSON, and saves picture, tables and trace", () =>
    opened({ sample: "em1d.csv", params: published }, async (panel) => {
      const trace = panel.trace<MixtureTrace>();
      await panel.send({ type: "action", action: "copyPython" });
      const copy = await until("the copy", () => panel.posts.find((post) => post.type === "copy")) as Extract<ViewToHost, { type: "copy" }>;
      expect(copy.text).toContain("GaussianMixture(");
      await panel.send({ type: "action", action: "insertParameters" });
      const insert = await until("the insertion", () => panel.posts.find((post) => post.type === "insert")) as Extract<ViewToHost, { type: "insert" }>;
      const [a, b] = bells(trace, 12);
      expect(insert.languageId).toBe("json");
      expect(JSON.parse(insert.text)).toMatchObject({ weights: [a.w, b.w], means: [[a.m], [b.m]] });

      const saved = async (label: string): Promise<{ name: string; data: string | Uint8Array }> => {
        const before = panel.posts.length;
        await panel.page.getByRole("button", { name: /^Export/ }).click();
        await panel.page.getByRole("menuitem", { name: label }).click();
        return await until(`${label} to be saved`, () => panel.posts.slice(before).find((post) => post.type === "save")) as Extract<ViewToHost, { type: "save" }>;
      };
      const csv = await saved("Responsibilities (CSV)");
      const lines = String(csv.data).trim().split("\n");
      expect(lines.length).toBe(101);
      const [line, x, rA] = lines[25].split(",").map(Number);
      expect([line, x]).toEqual([26, trace.points[24]]);
      expect(rA).toBeCloseTo(sharesAt(trace, 12, trace.points[24])[0], 12);
      expect(String((await saved("Parameters (CSV)")).data)).toContain(String(a.m));
      expect(String((await saved("Every iteration (CSV)")).data).trim().split("\n").length).toBe(14);
      const svg = String((await saved("Picture (SVG)")).data);
      const shown = await panel.page.evaluate((text) => {
        const file = new DOMParser().parseFromString(text, "image/svg+xml");
        return { error: file.querySelector("parsererror")?.textContent ?? null, text: file.documentElement.textContent ?? "", variables: text.includes("var(--") };
      }, svg);
      expect(shown.error).toBeNull();
      expect(shown.variables).toBe(false);
      expect(shown.text).toContain(`𝒩(μ ${a.m.toFixed(3)}, σ ${Math.sqrt(a.v).toFixed(3)})`);
      expect(shown.text).toContain("converged");
      const png = (await saved("Picture (PNG)")).data as Uint8Array;
      expect(Array.from(png.slice(0, 4))).toEqual([0x89, 0x50, 0x4e, 0x47]);
    }));
});
