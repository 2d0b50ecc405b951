import { describe, expect, it } from "vitest";
import type { MixtureTrace } from "../../src/core/mixture/trace.js";
import type { ViewToHost } from "../../src/core/protocol.js";
import { until } from "../support/until.js";
import { marks, minus, published, useHarness } from "./mixture1dPage.js";

const opened = useHarness();

describe("the histogram", () => {
  it("takes numpy's rules or a number of bins, and keeps the choice", () =>
    opened({ sample: "em1d.csv", params: { ...published, stop_rule: "parameters" } }, async (panel) => {
      const bins = panel.page.locator("select.mixture-bins").first();
      await expect.poll(() => bins.inputValue()).toBe("auto");
      const count = async (): Promise<number> => Math.max(...(await marks(panel.page, "rect[data-bin]")).map((bar) => Number(bar["data-bin"]))) + 1;
      // numpy.histogram_bin_edges(x, "auto") of these 100 numbers has 8 bins, "sqrt" 10.
      await expect.poll(() => count()).toBe(8);
      await bins.selectOption("sqrt");
      await panel.drawn();
      await expect.poll(() => count()).toBe(10);
      await bins.selectOption("50");
      await panel.drawn();
      await expect.poll(() => count()).toBe(50);
      expect(panel.state()?.ui.bins).toBe(50);
      const state = panel.state();
      await opened({ sample: "em1d.csv", params: published, state }, async (again) => {
        await expect.poll(() => again.page.locator("select.mixture-bins").first().inputValue()).toBe("50");
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
      await expect.poll(() => page.locator(".mixture-question h2").textContent()).toContain(`How much of line ${trace.lines[torn]} does ${"ABC"[k]} explain?`);
      await expect.poll(() => page.locator("[data-formula=share] .result").textContent()).toBe(all[torn][k].toFixed(4));
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
      await expect.poll(() => panel.page.locator("[data-formula=update] math").count()).toBeGreaterThan(2);
      await expect.poll(() => panel.page.locator("[data-formula] .temml-error, [data-formula] merror").count()).toBe(0);
      // Columns of the table are the components here: three letters.
      await expect.poll(() => panel.page.locator(".mixture-table thead th").allTextContents()).toEqual(["now", "A", "B", "C"]);
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
      await expect.poll(() => panel.page.locator(".mixture-likelihood").textContent()).toContain(`fell by ${(fit.logLikelihood[i - 1] - fit.logLikelihood[i]).toFixed(3)}`);
      await panel.step(2 * i);
      await expect.poll(() => panel.page.locator("h1").textContent()).toBe(`The log-likelihood fell at iteration ${i}`);
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
      await expect.poll(() => panel.page.locator("path[data-component]").count()).toBe(K);
      await expect.poll(() => panel.page.locator("[data-mean]").count()).toBe(K);
      await expect.poll(() => panel.page.locator(".mixture-table tr[data-key] .c0").count()).toBeGreaterThan(0);
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
      await expect.poll(() => rows.count()).toBeLessThan(20);
      await page.locator(".mixture-rows").evaluate((element) => (element.scrollTop = element.scrollHeight));
      await until("the last row", async () => (await rows.last().locator("th").textContent()) === "20,000");
      await expect.poll(() => rows.count()).toBeLessThan(20);
      await expect.poll(() => page.locator(".mixture-rows-table").getAttribute("aria-rowcount")).toBe("20001");
      await panel.fullScreenshot("mixture-1d-rows");
    });
  });
});
