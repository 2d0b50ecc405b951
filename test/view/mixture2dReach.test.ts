import { describe, expect, it } from "vitest";
import { responsibilitiesOf, mixtureAt } from "../../src/core/mixture/evaluate.js";
import type { MixtureTrace } from "../../src/core/mixture/trace.js";
import type { ViewToHost } from "../../src/core/protocol.js";
import { until } from "../support/until.js";
import type { OpenOptions, Panel } from "./harness.js";
import { attributesOf, axisOf, drawPath, ellipsesOf, shownPair } from "./mixture2dPage.js";
import { panelOpener } from "./support.js";
import { boxOf } from "../support/boxOf.js";

let panel: Panel;
const openPanel = panelOpener();

async function open(options: OpenOptions): Promise<MixtureTrace> {
  panel = await openPanel({ height: 1100, ...options });
  await panel.page.locator(".mixture-plot, .mixture-sweep").first().waitFor();
  return panel.trace<MixtureTrace>();
}

function last<T extends ViewToHost["type"]>(type: T): Extract<ViewToHost, { type: T }> | undefined {
  return panel.posts.findLast((post): post is Extract<ViewToHost, { type: T }> => post.type === type);
}

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
    await expect.poll(() => hint.textContent()).toContain(`${rows.length} rows`);
    const sizes = await attributesOf(panel.page, ".points circle", "r");
    expect(Array.from(sizes.keys()).filter((i) => sizes[i] === "3.9")).toEqual(rows);
    await panel.fullScreenshot("mixture2d-lasso");
    await panel.page.keyboard.press("Escape");
    await panel.drawn();
    await expect.poll(() => panel.page.locator(".mixture-lasso").count()).toBe(0);
    await expect.poll(() => hint.textContent()).not.toContain("selected");
  });

  it("starts EM from a mean that was dragged, and not when Esc gave it up", async () => {
    const trace = await open({ sample: "iris.csv" });
    await panel.step(4);
    const dims = await shownPair(panel.page, trace);
    const [x, y] = [await axisOf(panel.page, "x"), await axisOf(panel.page, "y")];
    const letter = await boxOf(panel.page.locator(".letters g[data-component='1'] circle"));
    const over = await boxOf(panel.page.locator(".mixture-over"));
    const [px, py] = [letter.x + letter.width / 2, letter.y + letter.height / 2];
    const runs = () => panel.posts.filter(({ type }) => type === "run").length;
    const before = runs();
    const { mouse, keyboard } = panel.page;
    await mouse.move(px, py);
    await mouse.down();
    await mouse.move(px + 40, py - 20, { steps: 4 });
    await panel.drawn();
    await expect.poll(() => panel.page.locator(".moved circle").count()).toBe(1);
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
    await expect.poll(() => panel.page.locator(".mixture-callout-title").textContent()).toContain(`line ${reveal.line}`);
    await keyboard.press("2");
    await keyboard.press("ArrowRight");
    await panel.drawn();
    await expect.poll(() => panel.page.locator(".mixture-scatter .mixture-hint").textContent()).toContain("B");
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
    const over = await boxOf(panel.page.locator(".mixture-over"));
    const circles = await panel.page.locator(".points circle").evaluateAll((all) => all.map((c) => [Number(c.getAttribute("cx")), Number(c.getAttribute("cy"))]));
    const letters = await ellipsesOf(panel.page);
    const far = ([cx, cy]: number[]) => letters.every((l) => Math.hypot(l.x - cx, l.y - cy) > 16);
    const point = Array.from(circles.keys()).filter((i) => far(circles[i])).sort((a, b) => Math.max(...R.slice(a * K, a * K + K)) - Math.max(...R.slice(b * K, b * K + K)))[0];
    await panel.page.mouse.move((over?.x ?? 0) + circles[point][0], (over?.y ?? 0) + circles[point][1]);
    await panel.drawn();
    const span = (await until("the highlight", () => last("highlight")))?.spans[0];
    const hovered = Array.from(trace.lines.keys()).find((i) => trace.spans?.[2 * i] === span.start) ?? -1;
    expect(circles[hovered]).toEqual(circles[point]); // points may lie on each other
    await expect.poll(() => panel.page.locator(".mixture-callout-title").textContent()).toContain(`line ${trace.lines[hovered]}`);
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
    await expect.poll(() => restarts("path[data-restart]")).toEqual(collapsed);
    await expect.poll(() => restarts("circle[data-restart]")).toEqual(Array.from(sweep.k.keys()).filter((i) => sweep.collapsed[i] === 0));
    await expect.poll(() => panel.page.locator(".mixture-lowest").textContent()).toBe(`${sweep.bic[sweep.bestBic].toFixed(1)} lowest`);
    await panel.page.locator(".mixture-criterion[data-criterion=aic]").click();
    await panel.drawn();
    await expect.poll(() => panel.page.locator(".mixture-lowest").textContent()).toBe(`${sweep.aic[sweep.bestAic].toFixed(1)} lowest`);
    await panel.page.locator(".mixture-column[data-k='2']").click();
    await until("the run with K = 2", () => last("run")?.params["n_components"] === 2);
    await until("its trace", () => panel.trace<MixtureTrace>().K === 2);
    await panel.drawn();
    await expect.poll(() => panel.page.locator(".mixture-k.mixture-strong").textContent()).toBe("2");
  });

  it("compares K when asked, for one column too", async () => {
    await open({ sample: "em1d.csv", params: { n_components: 2, sweep_max: 0 } });
    await panel.page.getByRole("button", { name: "Compare K = 1…6" }).click();
    await until("the sweep", () => panel.trace<MixtureTrace>().sweep !== null);
    await panel.drawn();
    await expect.poll(() => panel.page.locator(".mixture-column").count()).toBe(6);
    await panel.page.getByRole("button", { name: "Try 10 starts" }).click();
    await until("ten starts", () => panel.trace<MixtureTrace>().fits.length === 10);
  });

  it("overlays the restarts and shows another when it is clicked or stepped to", async () => {
    const trace = await open({ sample: "restarts.csv" });
    const curves = panel.page.locator(".mixture-restarts path[data-fit]");
    await expect.poll(async () => new Set(await attributesOf(panel.page, ".mixture-restarts [fill=none][data-fit]", "data-fit")).size).toBe(trace.fits.length);
    await expect.poll(() => curves.count()).toBeGreaterThanOrEqual(trace.fits.length);
    const final = (i: number) => trace.fits[i].logLikelihood[trace.fits[i].iterations];
    const worst = trace.fits.map((_, i) => i).sort((a, b) => final(a) - final(b))[0];
    await boxOf(panel.page.locator(".mixture-restart-figure"));
    const end = await boxOf(panel.page.locator(`.mixture-restarts [data-fit='${worst}']`).last());
    await panel.page.mouse.click(end.x + end.width / 2, end.y + end.height / 2);
    await panel.drawn();
    const shown = async () => Number((await panel.page.locator(".mixture-restarts .mixture-note").textContent())?.match(/\d+/)?.[0]) - 1;
    await expect.poll(async () => final(await shown())).toBeCloseTo(final(worst), 1);
    const before = await shown();
    await panel.page.locator(".mixture-plot").first().focus();
    await panel.page.keyboard.press("]");
    await panel.drawn();
    await expect.poll(() => shown()).toBe((before + 1) % trace.fits.length);
    await panel.fullScreenshot("mixture2d-restarts");
  });
});
