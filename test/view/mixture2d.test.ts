import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { evaluator, responsibilitiesOf, marginal, mixtureAt } from "../../src/core/mixture/evaluate.js";
import type { MixtureTrace } from "../../src/core/mixture/trace.js";
import type { ViewToHost } from "../../src/core/protocol.js";
import { distance, inkOn, mixColours } from "../../src/webview/marks/colour.js";
import type { Theme } from "../../src/webview/marks/palette.js";
import { until } from "../support/until.js";
import { startHarness, type Harness, type OpenOptions, type Panel } from "./harness.js";
import { attributesOf, axisOf, canvasColour, cloud, coloursOf, computedFills, drawPath, ellipsesOf, plotBox, shownPair, type Axis } from "./mixture2dPage.js";

const themes: readonly Theme[] = ["light", "dark", "hc-dark", "hc-light"];

let harness: Harness;
let panel: Panel;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());
afterEach(async () => {
  expect(panel.faults).toEqual({ errors: [], refused: [] });
  await panel.close();
});

async function open(options: OpenOptions): Promise<MixtureTrace> {
  panel = await harness.open({ height: 1100, ...options });
  await panel.page.locator(".mixture-plot, .mixture-sweep").first().waitFor();
  return panel.trace<MixtureTrace>();
}

function last<T extends ViewToHost["type"]>(type: T): Extract<ViewToHost, { type: T }> | undefined {
  return panel.posts.findLast((post): post is Extract<ViewToHost, { type: T }> => post.type === type);
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
  expect(await computedFills(panel.page, ".mixture-label-letter")).toEqual(colours.components);

  const labels = await panel.page.locator(".mixture-label-share").allTextContents();
  const percents = labels.map((text) => Number.parseFloat(text));
  expect(percents.reduce((a, b) => a + b)).toBe(100);
  percents.forEach((p, k) => expect(Math.abs(p - 100 * fit.weights[shapes * K + k])).toBeLessThan(1));
  if (shapes > 0) {
    const counts = await panel.page.locator(".mixture-label-points").allTextContents();
    counts.forEach((text, k) => expect(Number.parseFloat(text)).toBeCloseTo(fit.counts[shapes * K + k], 0));
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
    expect(await opacity(".points")).toBe("0.55");
    expect(await opacity(".mixture-label text")).toBe("1");
  });

  it("keeps to its column at 300 px", async () => {
    await open({ sample: "iris.csv", width: 300 });
    await panel.step(4);
    expect(await panel.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(300);
    const smallest = await panel.page.locator(".mixture svg text").evaluateAll((all) => Math.min(...all.map((text) => Number.parseFloat(getComputedStyle(text).fontSize))));
    expect(smallest).toBeGreaterThanOrEqual(11);
    await panel.fullScreenshot("mixture2d-iris-narrow");
  });

  it("draws density contours where the density is a half, a quarter … of the peak", async () => {
    const trace = await open({ sample: "iris.csv" });
    const end = (await panel.steps()) - 1;
    await panel.step(end);
    const toggle = panel.page.locator(".mixture-toggle");
    expect(await panel.page.locator(".contours path").count()).toBe(0);
    await toggle.click();
    await panel.drawn();
    expect(await toggle.getAttribute("aria-pressed")).toBe("true");
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
    expect(await thumbs.count()).toBe(7);
    await panel.page.locator(`.mixture-thumb[data-plane='${JSON.stringify([trace.columns[0], trace.columns[3]])}']`).click();
    await panel.drawn();
    expect(await panel.page.locator(".axis[data-axis=x] .unit").textContent()).toBe(trace.columns[0]);
    expect(await panel.page.locator(".axis[data-axis=y] .unit").textContent()).toBe(trace.columns[3]);
    await panel.step(4);
    await checkPicture(trace, 4);
    await panel.page.locator(".mixture-thumb[data-plane=pca]").click();
    await panel.drawn();
    const explained = trace.pca?.explained ?? new Float64Array(2);
    expect(await panel.page.locator(".axis[data-axis=x] .unit").textContent()).toContain(`${(100 * explained[0]).toFixed(1)}% of the variance`);
    expect(await panel.page.locator(".axis[data-axis=y] .unit").textContent()).toContain(`${(100 * explained[1]).toFixed(1)}% of the variance`);
    expect(await panel.page.locator(".mixture-thumb[aria-pressed=true]").getAttribute("data-plane")).toBe("pca");
    expect(panel.state()?.ui["plane"]).toBe("pca");
    await panel.fullScreenshot("mixture2d-pca");
  });

  it("shows all pairs, and a cell becomes the main figure", async () => {
    const trace = await open({ sample: "iris.csv" });
    await panel.step(4);
    await panel.page.getByRole("button", { name: "All pairs" }).click();
    await panel.drawn();
    const cells = panel.page.locator(".mixture-matrix-cell");
    expect(await cells.count()).toBe(6);
    expect(await panel.page.locator(".mixture-scatter").isVisible()).toBe(false);
    await panel.fullScreenshot("mixture2d-matrix");
    await panel.page.locator(`.mixture-matrix-cell[data-plane='${JSON.stringify([trace.columns[1], trace.columns[2]])}']`).click();
    await panel.drawn();
    expect(await panel.page.locator(".mixture-scatter").isVisible()).toBe(true);
    expect(await shownPair(panel.page, trace)).toEqual([1, 2]);
  });

  it("offers any pair of thirteen columns", async () => {
    const text = cloud({ N: 200, D: 13, groups: 3 });
    const trace = await open({ text: { name: "many.csv", text }, params: { n_components: 3, covariance_type: "diag", sweep_max: 2 } });
    expect(await panel.page.locator(".mixture-thumb").count()).toBe(12);
    const [a, b] = [panel.page.locator("select[data-axis=x]"), panel.page.locator("select[data-axis=y]")];
    await a.selectOption({ index: 11 });
    await panel.drawn();
    await b.selectOption({ index: 4 });
    await panel.drawn();
    expect(await shownPair(panel.page, trace)).toEqual([11, 4]);
    await panel.fullScreenshot("mixture2d-13-columns");
  });
});

describe("points and letters answer", () => {
  it("selects the rows inside a lasso in the editor", async () => {
    const trace = await open({ sample: "iris.csv" });
    await panel.step(0);
    const dims = await shownPair(panel.page, trace);
    const [x, y] = [await axisOf(panel.page, "x"), await axisOf(panel.page, "y")];
    const middle = dims.map((d) => (trace.stats.min[d] + trace.stats.max[d]) / 2);
    // Values have one decimal: the lasso's edges run between them.
    const [left, right, low, high] = [middle[0] - 0.95, middle[0] + 0.95, middle[1] - 0.45, middle[1] + 0.45].map((v) => Math.floor(v * 10) / 10 + 0.05);
    await drawPath(panel.page, [[left, low], [right, low], [right, high], [left, high]].map(([u, v]) => [x.pixel(u), y.pixel(v)]));
    const rows = Array.from(trace.lines.keys()).filter((i) => {
      const [u, v] = dims.map((d) => trace.points[i * trace.D + d]);
      return u > left && u < right && v > low && v < high;
    });
    expect(rows.length).toBeGreaterThan(5);
    const select = await until("the selection", () => last("select"));
    expect(select.spans).toEqual(rows.map((i) => ({ start: trace.spans?.[2 * i], end: trace.spans?.[2 * i + 1] })));
    const hint = panel.page.locator(".mixture-scatter .mixture-hint");
    await panel.drawn();
    expect(await hint.textContent()).toContain(`${rows.length} rows`);
    const sizes = await attributesOf(panel.page, ".points circle", "r");
    expect(Array.from(sizes.keys()).filter((i) => sizes[i] === "3.9")).toEqual(rows);
    await panel.fullScreenshot("mixture2d-lasso");
    await panel.page.keyboard.press("Escape");
    await panel.drawn();
    expect(await panel.page.locator(".mixture-lasso").count()).toBe(0);
    expect(await hint.textContent()).not.toContain("selected");
  });

  it("starts EM from a mean that was dragged, and not when Esc gave it up", async () => {
    const trace = await open({ sample: "iris.csv" });
    await panel.step(4);
    const dims = await shownPair(panel.page, trace);
    const [x, y] = [await axisOf(panel.page, "x"), await axisOf(panel.page, "y")];
    const letter = await panel.page.locator(".letters g[data-component='1'] circle").boundingBox();
    const over = await panel.page.locator(".mixture-over").boundingBox();
    if (!letter || !over) throw new Error("The letter B is not drawn.");
    const [px, py] = [letter.x + letter.width / 2, letter.y + letter.height / 2];
    const runs = () => panel.posts.filter(({ type }) => type === "run").length;
    const before = runs();
    const { mouse, keyboard } = panel.page;
    await mouse.move(px, py);
    await mouse.down();
    await mouse.move(px + 40, py - 20, { steps: 4 });
    await panel.drawn();
    expect(await panel.page.locator(".moved circle").count()).toBe(1);
    await panel.screenshot("mixture2d-drag");
    await keyboard.press("Escape");
    await mouse.up();
    await panel.drawn();
    expect(runs()).toBe(before);
    await mouse.move(px, py);
    await mouse.down();
    await mouse.move(px + 60, py - 30, { steps: 4 });
    await mouse.up();
    await until("the run", () => runs() > before);
    const params = last("run")?.params ?? {};
    expect(params["init_params"]).toBe("given");
    const means = params["means_init"] as number[][];
    const { K, D } = trace;
    const shown = trace.fits[trace.best].means.slice(2 * K * D, 3 * K * D);
    means.forEach((mean, k) => mean.forEach((v, d) => {
      const at = dims.indexOf(d);
      if (k !== 1 || at < 0) expect(v).toBe(shown[k * D + d]);
      else expect(v).toBeCloseTo(at === 0 ? x.value(px + 60 - over.x) : y.value(py - 30 - over.y), 6);
    }));
    const next = await until("the new trace", () => {
      const newest = panel.trace<MixtureTrace>();
      return newest !== trace && newest;
    });
    Array.from(next.fits[0].means.slice(0, K * D)).forEach((v, i) => expect(v).toBeCloseTo(means.flat()[i], 9));
    await panel.drawn();
  });

  it("walks over points, holds one, and moves a mean by keys", async () => {
    const trace = await open({ sample: "iris.csv" });
    await panel.step(5);
    await panel.page.locator(".mixture-plot").first().focus();
    const { keyboard } = panel.page;
    for (const key of ["ArrowDown", "ArrowRight", "ArrowUp", "Enter"]) {
      await keyboard.press(key);
      await panel.drawn();
    }
    const reveal = await until("the revealed row", () => last("reveal"));
    const row = Array.from(trace.lines).indexOf(reveal.line ?? -1);
    expect(reveal.span).toEqual({ start: trace.spans?.[2 * row], end: trace.spans?.[2 * row + 1] });
    expect(last("highlight")?.spans).toEqual([reveal.span]);
    expect(await panel.page.locator(".mixture-callout-title").textContent()).toContain(`line ${reveal.line}`);
    await keyboard.press("2");
    await keyboard.press("ArrowRight");
    await panel.drawn();
    expect(await panel.page.locator(".mixture-scatter .mixture-hint").textContent()).toContain("B");
    const runs = panel.posts.filter(({ type }) => type === "run").length;
    await keyboard.press("Enter");
    await until("the run", () => panel.posts.filter(({ type }) => type === "run").length > runs);
    expect(last("run")?.params["init_params"]).toBe("given");
    await until("the new trace", () => panel.trace<MixtureTrace>() !== trace);
    await panel.drawn();
  });

  it("names the hovered point with its shares, highlights its row, and pulses at the caret", async () => {
    const trace = await open({ sample: "iris.csv" });
    const end = (await panel.steps()) - 1;
    await panel.step(end);
    const R = responsibilitiesOf(mixtureAt(trace, trace.best, end / 2), trace.points, trace.lines.length);
    const { K } = trace;
    const over = await panel.page.locator(".mixture-over").boundingBox();
    const circles = await panel.page.locator(".points circle").evaluateAll((all) => all.map((c) => [Number(c.getAttribute("cx")), Number(c.getAttribute("cy"))]));
    const letters = await ellipsesOf(panel.page);
    const far = ([cx, cy]: number[]) => letters.every((l) => Math.hypot(l.x - cx, l.y - cy) > 16);
    const point = Array.from(circles.keys()).filter((i) => far(circles[i])).sort((a, b) => Math.max(...R.slice(a * K, a * K + K)) - Math.max(...R.slice(b * K, b * K + K)))[0];
    await panel.page.mouse.move((over?.x ?? 0) + circles[point][0], (over?.y ?? 0) + circles[point][1]);
    await panel.drawn();
    const span = (await until("the highlight", () => last("highlight")))?.spans[0];
    const hovered = Array.from(trace.lines.keys()).find((i) => trace.spans?.[2 * i] === span.start) ?? -1;
    expect(circles[hovered]).toEqual(circles[point]); // points may lie on each other
    expect(await panel.page.locator(".mixture-callout-title").textContent()).toContain(`line ${trace.lines[hovered]}`);
    const texts = await panel.page.locator(".mixture-share-text").allTextContents();
    for (const text of texts) {
      const [name, percent] = text.split(" ");
      expect(Math.abs(Number.parseFloat(percent) - 100 * R[hovered * K + "ABC".indexOf(name)])).toBeLessThan(0.1);
    }
    const caret = trace.spans?.[2 * 20] ?? 0;
    const pulsed = panel.page.evaluate(() => new Promise<string>((resolve) => {
      const layer = document.querySelector(".mixture-over .pulse");
      if (layer) new MutationObserver((records) => resolve((records[0].addedNodes[0] as Element).getAttribute("cx") ?? "")).observe(layer, { childList: true });
    }));
    await panel.drawn();
    await panel.send({ type: "caret", offset: caret });
    expect(Number(await pulsed)).toBeCloseTo(circles[20][0], 6);
  });
});

describe("K and restarts", () => {
  it("crosses out exactly the collapsed fits and marks the least BIC that counts", async () => {
    const trace = await open({ sample: "iris.csv", params: { n_components: 3, n_init: 2, sweep_max: 8, random_state: 1 } });
    const { sweep } = trace;
    if (!sweep) throw new Error("There is no sweep.");
    const collapsed = Array.from(sweep.k.keys()).filter((i) => sweep.collapsed[i] === 1 && Number.isFinite(sweep.bic[i]));
    expect(collapsed.length).toBeGreaterThan(0);
    const restarts = async (layer: string) => (await attributesOf(panel.page, `.mixture-sweep ${layer}`, "data-restart")).map(Number);
    expect(await restarts("path[data-restart]")).toEqual(collapsed);
    expect(await restarts("circle[data-restart]")).toEqual(Array.from(sweep.k.keys()).filter((i) => sweep.collapsed[i] === 0));
    expect(await panel.page.locator(".mixture-lowest").textContent()).toBe(`${sweep.bic[sweep.bestBic].toFixed(1)} lowest`);
    await panel.page.locator(".mixture-criterion[data-criterion=aic]").click();
    await panel.drawn();
    expect(await panel.page.locator(".mixture-lowest").textContent()).toBe(`${sweep.aic[sweep.bestAic].toFixed(1)} lowest`);
    await panel.page.locator(".mixture-column[data-k='2']").click();
    await until("the run with K = 2", () => last("run")?.params["n_components"] === 2);
    await until("its trace", () => panel.trace<MixtureTrace>().K === 2);
    await panel.drawn();
    expect(await panel.page.locator(".mixture-k.mixture-strong").textContent()).toBe("2");
  });

  it("compares K when asked, for one column too", async () => {
    await open({ sample: "em1d.csv", params: { n_components: 2, sweep_max: 0 } });
    await panel.page.getByRole("button", { name: "Compare K = 1…6" }).click();
    await until("the sweep", () => panel.trace<MixtureTrace>().sweep !== null);
    await panel.drawn();
    expect(await panel.page.locator(".mixture-column").count()).toBe(6);
    await panel.page.getByRole("button", { name: "Try 10 starts" }).click();
    await until("ten starts", () => panel.trace<MixtureTrace>().fits.length === 10);
  });

  it("overlays the restarts and shows another when it is clicked or stepped to", async () => {
    const trace = await open({ sample: "restarts.csv" });
    const curves = panel.page.locator(".mixture-restarts path[data-fit]");
    expect(new Set(await attributesOf(panel.page, ".mixture-restarts [fill=none][data-fit]", "data-fit")).size).toBe(trace.fits.length);
    expect(await curves.count()).toBeGreaterThanOrEqual(trace.fits.length);
    const final = (i: number) => trace.fits[i].logLikelihood[trace.fits[i].iterations];
    const worst = trace.fits.map((_, i) => i).sort((a, b) => final(a) - final(b))[0];
    const figure = await panel.page.locator(".mixture-restart-figure").boundingBox();
    const end = await panel.page.locator(`.mixture-restarts [data-fit='${worst}']`).last().boundingBox();
    if (!figure || !end) throw new Error("The worst start has no end mark.");
    await panel.page.mouse.click(end.x + end.width / 2, end.y + end.height / 2);
    await panel.drawn();
    const shown = async () => Number((await panel.page.locator(".mixture-restarts .mixture-note").textContent())?.match(/\d+/)?.[0]) - 1;
    expect(final(await shown())).toBeCloseTo(final(worst), 1);
    const before = await shown();
    await panel.page.locator(".mixture-plot").first().focus();
    await panel.page.keyboard.press("]");
    await panel.drawn();
    expect(await shown()).toBe((before + 1) % trace.fits.length);
    await panel.fullScreenshot("mixture2d-restarts");
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
      expect(await panel.page.locator(".points circle").count()).toBe(N <= 2000 ? N : 0);
      expect(await canvas.isVisible()).toBe(N > 2000);
      expect(await panel.page.locator(".mixture-letter[data-component]").count()).toBe(K);
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
      expect(await panel.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      await panel.fullScreenshot(`mixture2d-${N}-points-K${K}`);
    });
  }
});
