import { describe, expect, it } from "vitest";
import { evaluator, responsibilitiesOf, marginal, mixtureAt } from "../../src/core/mixture/evaluate.js";
import type { MixtureTrace } from "../../src/core/mixture/trace.js";
import { distance, inkOn, mixColours } from "../../src/webview/marks/colour.js";
import type { Theme } from "../../src/webview/marks/palette.js";
import { until } from "../support/until.js";
import type { OpenOptions, Panel } from "./harness.js";
import { attributesOf, axisOf, canvasColour, cloud, coloursOf, computedFills, ellipsesOf, plotBox, shownPair, type Axis } from "./mixture2dPage.js";
import { panelOpener } from "./support.js";

const themes: readonly Theme[] = ["light", "dark", "hc-dark", "hc-light"];

let panel: Panel;
const openPanel = panelOpener();

async function open(options: OpenOptions): Promise<MixtureTrace> {
  panel = await openPanel({ height: 1100, ...options });
  await panel.page.locator(".mixture-plot, .mixture-sweep").first().waitFor();
  return panel.trace<MixtureTrace>();
}

/** What must hold at any position: shapes, colours, labels and crosses are the trace's. */
async function checkPicture(trace: MixtureTrace, position: number): Promise<void> {
  const { K, D, points } = trace;
  const fit = trace.fits[trace.best];
  const S = fit.kept.length;
  const shapes = Math.floor(position / 2);
  const shares = position >= 2 * (S - 1) ? S - 1 : position % 2 === 1 ? (position - 1) / 2 : position / 2 - 1;
  const [x, y] = [await axisOf(panel.page, "x"), await axisOf(panel.page, "y")];
  const dims = await shownPair(panel.page, trace);

  for (const ellipse of (await ellipsesOf(panel.page)).filter(({ kind }) => kind === "now")) {
    const mean = dims.map((d) => fit.means[(shapes * K + ellipse.component) * D + d]);
    expect(x.value(ellipse.x)).toBeCloseTo(mean[0], 6);
    expect(y.value(ellipse.y)).toBeCloseTo(mean[1], 6);
    const covariance = (a: number, b: number) => fit.covariances[((shapes * K + ellipse.component) * D + dims[a]) * D + dims[b]];
    const drawn = covarianceOfEllipse(ellipse, x, y);
    [covariance(0, 0), covariance(0, 1), covariance(1, 1)].forEach((v, i) => expect(drawn[i] / Math.max(covariance(0, 0), covariance(1, 1))).toBeCloseTo(v / Math.max(covariance(0, 0), covariance(1, 1)), 6));
  }

  const colours = await coloursOf(panel.page, K);
  const fills = await attributesOf(panel.page, ".points circle", "fill");
  expect(fills).toHaveLength(trace.lines.length);
  if (shares < 0) expect(new Set(fills)).toEqual(new Set([colours.quiet]));
  else {
    const R = responsibilitiesOf(mixtureAt(trace, trace.best, shares), points, trace.lines.length);
    fills.forEach((fill, i) => {
      const row = R.slice(i * K, (i + 1) * K);
      expect(distance(fill, mixColours(colours.components, row))).toBeLessThan(0.004);
      const certain = row.findIndex((share) => share > 0.9999);
      if (certain >= 0) expect(fill).toBe(colours.components[certain]);
    });
  }

  const inks = await computedFills(panel.page, ".mixture-letter[data-component] text");
  expect(inks).toEqual(colours.components.map(inkOn));
  await expect.poll(() => computedFills(panel.page, ".mixture-label-letter")).toEqual(colours.components);

  const labels = await panel.page.locator(".mixture-label-share").allTextContents();
  const percents = labels.map((text) => Number.parseFloat(text));
  expect(percents.reduce((a, b) => a + b)).toBe(100);
  percents.forEach((p, k) => expect(Math.abs(p - 100 * fit.weights[shapes * K + k])).toBeLessThan(1));
  if (shapes > 0) {
    const counts = await panel.page.locator(".mixture-label-points").allTextContents();
    // The points that the shares on screen add up to, as in the table.
    const R = responsibilitiesOf(mixtureAt(trace, trace.best, shares), points, trace.lines.length);
    counts.forEach((text, k) => expect(text).toBe(`${R.reduce((sum, r, i) => (i % K === k ? sum + r : sum), 0).toFixed(1)} points`));
  }
}

/** Covariance [xx, xy, yy] in the data's units of an n-sigma ellipse in pixels. */
function covarianceOfEllipse(e: { rx: number; ry: number; angle: number; sigma: number }, x: Axis, y: Axis): number[] {
  const [c, s] = [Math.cos(e.angle), Math.sin(e.angle)];
  const [a, b] = [(e.rx / e.sigma) ** 2, (e.ry / e.sigma) ** 2];
  return [(a * c * c + b * s * s) / x.factor ** 2, ((a - b) * c * s) / (x.factor * y.factor), (a * s * s + b * c * c) / y.factor ** 2];
}

describe("the picture of several columns", () => {
  for (const theme of themes) {
    it(`shows the trace at the first, a middle and the last step (${theme})`, async () => {
      const trace = await open({ sample: "iris.csv", theme });
      const end = (await panel.steps()) - 1;
      expect(end).toBe(2 * (trace.fits[trace.best].kept.length - 1));
      const middle = 2 * Math.floor(end / 4);
      for (const [name, position] of [["first", 0], ["middle", middle], ["half", middle + 1], ["last", end]] as const) {
        await panel.step(position);
        await checkPicture(trace, position);
        await panel.fullScreenshot(`mixture2d-iris-${theme}-${name}`);
      }
    });
  }

  it("recolours at E and moves at M, and never both", async () => {
    await open({ sample: "iris.csv" });
    const look = async () => ({
      ellipses: (await ellipsesOf(panel.page)).filter(({ kind }) => kind === "now"),
      colours: await attributesOf(panel.page, ".points circle", "fill"),
      axes: await panel.page.locator(".axis .number").allTextContents(),
    });
    await panel.step(4);
    const before = await look();
    await panel.step(5);
    const e = await look();
    await panel.step(6);
    const m = await look();
    expect(e.ellipses).toEqual(before.ellipses);
    expect(e.colours).not.toEqual(before.colours);
    expect(m.colours).toEqual(e.colours);
    expect(m.ellipses).not.toEqual(e.ellipses);
    expect(m.axes).toEqual(before.axes);
  });

  it("fades the marks and not the text of an older picture", async () => {
    await open({ sample: "iris.csv" });
    await panel.send({ type: "running", run: 1_000_000, params: {}, edited: true });
    const stale = panel.page.locator(".mixture-scatter.mixture-stale");
    await until("the stale picture", async () => (await stale.count()) === 1);
    const opacity = (selector: string) => panel.page.locator(`.mixture-scatter ${selector}`).first().evaluate((element) => getComputedStyle(element).opacity);
    await expect.poll(() => opacity(".points")).toBe("0.55");
    await expect.poll(() => opacity(".mixture-label text")).toBe("1");
  });

  it("keeps to its column at 300 px", async () => {
    await open({ sample: "iris.csv", width: 300 });
    await panel.step(4);
    await expect.poll(() => panel.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(300);
    const smallest = await panel.page.locator(".mixture svg text").evaluateAll((all) => Math.min(...all.map((text) => Number.parseFloat(getComputedStyle(text).fontSize))));
    expect(smallest).toBeGreaterThanOrEqual(11);
    await panel.fullScreenshot("mixture2d-iris-narrow");
  });

  it("draws density contours where the density is a half, a quarter … of the peak", async () => {
    const trace = await open({ sample: "iris.csv" });
    const end = (await panel.steps()) - 1;
    await panel.step(end);
    const toggle = panel.page.locator(".mixture-toggle");
    await expect.poll(() => panel.page.locator(".contours path").count()).toBe(0);
    await toggle.click();
    await panel.drawn();
    await expect.poll(() => toggle.getAttribute("aria-pressed")).toBe("true");
    const paths = await panel.page.locator(".contours path").evaluateAll((all) =>
      all.map((path) => ({ level: Number(path.getAttribute("data-level")), d: path.getAttribute("d") ?? "" })));
    expect(paths.map(({ level }) => level)).toEqual([1 / 64, 1 / 32, 1 / 16, 1 / 8, 1 / 4, 1 / 2]);
    const dims = await shownPair(panel.page, trace);
    const [x, y] = [await axisOf(panel.page, "x"), await axisOf(panel.page, "y")];
    const { logJoint } = evaluator(marginal(mixtureAt(trace, trace.best, end / 2), dims));
    const joint = new Float64Array(trace.K);
    const box = await plotBox(panel.page);
    const density = (px: number, py: number) => Math.exp(logJoint(Float64Array.of(x.value(px), y.value(py)), 0, joint));
    let peak = 0;
    for (let px = box.left; px < box.right; px++) for (let py = box.top; py < box.bottom; py++) peak = Math.max(peak, density(px, py));
    for (const { level, d } of paths) {
      const vertices = d.split(/[MLZ]/).filter((pair) => pair !== "").map((pair) => pair.split(",").map(Number));
      const inside = vertices.filter(([px, py]) => px > box.left + 3 && px < box.right - 3 && py > box.top + 3 && py < box.bottom - 3);
      const ratios = inside.map(([px, py]) => density(px, py) / peak / level).sort((a, b) => a - b);
      expect(inside.length).toBeGreaterThan(8);
      expect(ratios[ratios.length >> 1]).toBeGreaterThan(0.85);
      expect(ratios[ratios.length >> 1]).toBeLessThan(1.15);
    }
    await panel.fullScreenshot("mixture2d-contours");
  });
});

describe("choosing what is drawn", () => {
  it("switches axes by thumbnails, principal axes among them", async () => {
    const trace = await open({ sample: "iris.csv" });
    const thumbs = panel.page.locator(".mixture-thumb");
    await expect.poll(() => thumbs.count()).toBe(7);
    await panel.page.locator(`.mixture-thumb[data-plane='${JSON.stringify([trace.columns[0], trace.columns[3]])}']`).click();
    await panel.drawn();
    await expect.poll(() => panel.page.locator(".axis[data-axis=x] .unit").textContent()).toBe(trace.columns[0]);
    await expect.poll(() => panel.page.locator(".axis[data-axis=y] .unit").textContent()).toBe(trace.columns[3]);
    await panel.step(4);
    await checkPicture(trace, 4);
    await panel.page.locator(".mixture-thumb[data-plane=pca]").click();
    await panel.drawn();
    const explained = trace.pca?.explained ?? new Float64Array(2);
    await expect.poll(() => panel.page.locator(".axis[data-axis=x] .unit").textContent()).toContain(`${(100 * explained[0]).toFixed(1)}% of the variance`);
    await expect.poll(() => panel.page.locator(".axis[data-axis=y] .unit").textContent()).toContain(`${(100 * explained[1]).toFixed(1)}% of the variance`);
    await expect.poll(() => panel.page.locator(".mixture-thumb[aria-pressed=true]").getAttribute("data-plane")).toBe("pca");
    expect(panel.state()?.ui["plane"]).toBe("pca");
    await panel.fullScreenshot("mixture2d-pca");
  });

  it("shows all pairs, and a cell becomes the main figure", async () => {
    const trace = await open({ sample: "iris.csv" });
    await panel.step(4);
    await panel.page.getByRole("button", { name: "All pairs" }).click();
    await panel.drawn();
    const cells = panel.page.locator(".mixture-matrix-cell");
    await expect.poll(() => cells.count()).toBe(6);
    await expect.poll(() => panel.page.locator(".mixture-scatter").isVisible()).toBe(false);
    await panel.fullScreenshot("mixture2d-matrix");
    await panel.page.locator(`.mixture-matrix-cell[data-plane='${JSON.stringify([trace.columns[1], trace.columns[2]])}']`).click();
    await panel.drawn();
    await expect.poll(() => panel.page.locator(".mixture-scatter").isVisible()).toBe(true);
    await expect.poll(() => shownPair(panel.page, trace)).toEqual([1, 2]);
  });

  it("offers any pair of thirteen columns", async () => {
    const text = cloud({ N: 200, D: 13, groups: 3 });
    const trace = await open({ text: { name: "many.csv", text }, params: { n_components: 3, covariance_type: "diag", sweep_max: 2 } });
    await expect.poll(() => panel.page.locator(".mixture-thumb").count()).toBe(12);
    const [a, b] = [panel.page.locator("select[data-axis=x]"), panel.page.locator("select[data-axis=y]")];
    await a.selectOption({ index: 11 });
    await panel.drawn();
    await b.selectOption({ index: 4 });
    await panel.drawn();
    await expect.poll(() => shownPair(panel.page, trace)).toEqual([11, 4]);
    await panel.fullScreenshot("mixture2d-13-columns");
  });
});

describe("sizes", () => {
  for (const { N, K, theme, width } of [
    { N: 50, K: 1, theme: "light", width: 736 },
    { N: 50, K: 8, theme: "hc-light", width: 300 },
    { N: 5000, K: 8, theme: "dark", width: 1200 },
    { N: 100000, K: 3, theme: "light", width: 736 },
  ] as const) {
    it(`draws ${N} points in two columns with K = ${K}`, async () => {
      const text = cloud({ N, D: 2, groups: 3 });
      const trace = await open({
        text: { name: "cloud.csv", text }, theme, width,
        params: { n_components: K, sweep_max: 0, draw_limit: 200000, max_iter: 20 },
      });
      const end = (await panel.steps()) - 1;
      await panel.step(end);
      const canvas = panel.page.locator(".mixture-scatter canvas");
      await expect.poll(() => panel.page.locator(".points circle").count()).toBe(N <= 2000 ? N : 0);
      await expect.poll(() => canvas.isVisible()).toBe(N > 2000);
      await expect.poll(() => panel.page.locator(".mixture-letter[data-component]").count()).toBe(K);
      if (N > 2000) {
        await until("the canvas", async () => Number(await canvas.getAttribute("data-shown")) > 0);
        const colours = await coloursOf(panel.page, K);
        const R = responsibilitiesOf(mixtureAt(trace, trace.best, end / 2), trace.points, trace.lines.length);
        const [x, y] = [await axisOf(panel.page, "x"), await axisOf(panel.page, "y")];
        // A point that is alone: its disc has the colour of its shares.
        const lonely = Array.from({ length: N }, (_, i) => i).sort((a, b) => trace.points[2 * a] - trace.points[2 * b])[0];
        const expected = mixColours(colours.components, R.slice(lonely * K, (lonely + 1) * K));
        await until("the lonely point's colour", async () =>
          distance(await canvasColour(panel.page, x.pixel(trace.points[2 * lonely]), y.pixel(trace.points[2 * lonely + 1])), expected) < 0.03);
      }
      await expect.poll(() => panel.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      await panel.fullScreenshot(`mixture2d-${N}-points-K${K}`);
    });
  }
});
