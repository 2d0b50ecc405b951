import { readFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import type { Values } from "../../src/core/protocol.js";
import { cosine } from "../../src/core/vectors/similarity.js";
import type { MapPart, VectorsTrace } from "../../src/core/vectors/trace.js";
import { until } from "../support/until.js";
import type { OpenOptions, Panel } from "./harness.js";
import { panelOpener, pointsAt, posted, sees } from "./support.js";
import { themeNames } from "./themes.js";
import { boxOf } from "../support/boxOf.js";

const openPanel = panelOpener();
const slow = 120_000;

type Open = { readonly panel: Panel; readonly trace: VectorsTrace; readonly map: MapPart };

async function open(params: Values, options: OpenOptions = {}): Promise<Open> {
  const panel = await openPanel({ height: 1200, sample: "words.txt", explainer: "vectors", params: { tab: "map", ...params }, ...options });
  await panel.page.waitForSelector(".map-plot .map-name");
  const trace = panel.trace<VectorsTrace>();
  return { panel, trace, map: trace.map! };
}

/** The first words of the built-in vectors as a text. */
async function commonWords(n: number): Promise<OpenOptions> {
  const words = await readFile(path.resolve(import.meta.dirname, "../../media/models/word-vectors/words.txt"), "utf8");
  return { sample: undefined, text: { name: "common.txt", text: words.split("\n").slice(0, n).join("\n") } };
}

/** Where a point of a PCA lies on the screen, by the ticks of both axes. */
async function placeOf({ panel, map }: Open, name: string): Promise<{ x: number; y: number }> {
  const box = await boxOf(panel.page.locator(".map-over"));
  const ticks = await panel.page.evaluate(() => ["x", "y"].map((axis) => Array.from(document.querySelectorAll(`[data-axis=${axis}] text.number`), (text) => {
    return [Number(text.textContent!.replace("\u2212", "-")), Number(text.getAttribute(axis))] as const;
  })));
  const point = map.names.indexOf(name);
  const [x, y] = ticks.map((all, axis) => {
    const [[v0, p0], [v1, p1]] = [all[0], all[all.length - 1]];
    return p0 + ((map.positions[2 * point + axis] - v0) / (v1 - v0)) * (p1 - p0);
  });
  return { x: box.x + x, y: box.y + y };
}

/** Waits until a drawing shows a text. */
async function drawn(panel: Panel, selector: string, text: string): Promise<void> {
  await until(`"${text}" in ${selector}`, async () => (await panel.page.locator(selector).allTextContents()).join("\n").includes(text));
}

/** The row of names and cosines in the margin. */
async function listed(panel: Panel): Promise<string[]> {
  return panel.page.locator(".map-near [role=option]").evaluateAll((options) => options.map((option) => option.getAttribute("aria-label") ?? ""));
}

/** The ten nearest words of a word by the trace's own numbers, as the margin writes them. */
function nearest({ names, values, d }: VectorsTrace, name: string): string[] {
  const row = (i: number) => values!.subarray(i * d, (i + 1) * d);
  const own = names.indexOf(name);
  const all = names.map((other, i) => ({ other, score: i === own ? -2 : cosine(row(own), row(i)) }));
  return all.sort((a, b) => b.score - a.score).slice(0, 10).map(({ other, score }) => `${other}, ${score.toFixed(3)}`);
}

describe("the map", () => {
  it("shows the shares of the variance on its axes, every name, and lines to a point's true neighbours", async () => {
    const opened = await open({});
    const { panel, trace, map } = opened;
    const share = (i: number) => `${(100 * map.explained[i]).toFixed(1)}%`;
    await drawn(panel, "[data-axis=x] .unit", `PC 1 · ${share(0)} of the variance`);
    await drawn(panel, "[data-axis=y] .unit", `PC 2 · ${share(1)} of the variance`);
    await drawn(panel, ".map-variance", `PC 1${share(0)}`);
    const names = await panel.page.locator(".map-name").allTextContents();
    expect(names.length).toBeGreaterThan(15);
    await pointsAt(panel, () => placeOf(opened, "king"), ".map-near h2", "Nearest to king");
    await expect.poll(() => listed(panel)).toEqual(nearest(trace, "king"));
    await expect.poll(() => panel.page.locator("[data-neighbour]").count()).toBe(10);
    await sees(panel, ".map-near .vectors-note", "Exact: by cosine among all 24 points");
    const king = trace.names.indexOf("king");
    await posted(panel, "highlight", (post) => post.spans.length === 1 && post.spans[0].start === trace.spans![2 * king]);
    // Off the points, nothing is pointed at.
    await panel.page.mouse.move(2, 2);
    await until("no lines", async () => (await panel.page.locator("[data-neighbour]").count()) === 0);
  });

  it("holds a clicked point, lights a neighbour of the list, and lets go with Esc", async () => {
    const opened = await open({});
    const { panel, trace } = opened;
    await pointsAt(panel, () => placeOf(opened, "queen"), ".map-near h2", "Nearest to queen");
    await panel.page.mouse.down();
    await panel.page.mouse.up();
    const queen = trace.names.indexOf("queen");
    await posted(panel, "reveal", (post) => post.span?.start === trace.spans![2 * queen]);
    await panel.page.mouse.move(2, 2);
    await sees(panel, ".map-near", "Held; Esc lets go.");
    await panel.page.locator(".map-near [role=option]").first().hover();
    await until("the neighbour's name in bold", async () => (await panel.page.locator(".map-name.strong").count()) === 2);
    await expect.poll(() => listed(panel)).toEqual(nearest(trace, "queen"));
    await panel.page.locator(".map-near [role=option]").first().click();
    const next = nearest(trace, "queen")[0].split(",")[0];
    await sees(panel, ".map-near h2", `Nearest to ${next}`);
    await panel.page.mouse.move(2, 2);
    await panel.page.locator(".map-plot").focus();
    await panel.page.keyboard.press("Escape");
    await sees(panel, ".map-near h2", "Nearest in all 100 dimensions");
  });

  it("is walked by keys, zoomed, and shown whole again", async () => {
    const { panel } = await open({});
    await panel.page.locator(".map-plot").focus();
    await panel.page.keyboard.press("ArrowLeft");
    await sees(panel, ".map-near h2", /Nearest to \w+/);
    const first = await panel.page.locator(".map-near h2 b").innerText();
    await panel.page.keyboard.press("ArrowLeft");
    await until("another point", async () => (await panel.page.locator(".map-near h2 b").innerText()) !== first);
    const before = await panel.page.locator("[data-axis=x] text.number").allTextContents();
    await panel.page.keyboard.press("+");
    await panel.page.keyboard.press("+");
    await until("finer ticks", async () => (await panel.page.locator("[data-axis=x] text.number").allTextContents()).join() !== before.join());
    await panel.page.keyboard.press("Enter");
    await sees(panel, ".map-near", "Held");
    await panel.page.locator(".map-plot").focus();
    await panel.page.keyboard.press("0");
    await until("all of it", async () => (await panel.page.locator("[data-axis=x] text.number").allTextContents()).join() === before.join());
    const box = await boxOf(panel.page.locator(".map-over"));
    await panel.page.mouse.move(box.x + 200, box.y + 150);
    await panel.page.mouse.wheel(0, -400);
    await panel.page.getByRole("button", { name: "Show all" }).click();
    await until("all of it again", async () => (await panel.page.locator("[data-axis=x] text.number").allTextContents()).join() === before.join());
  });

  it("finds a point by its name", async () => {
    const { panel } = await open({});
    await panel.page.keyboard.press("/");
    await panel.page.keyboard.type("quee");
    await sees(panel, ".map-found", "queen");
    await panel.page.keyboard.press("Enter");
    await sees(panel, ".map-near h2", "Nearest to queen");
    await panel.page.locator(".map-find-input").fill("nobody");
    await sees(panel, ".map-found", "No point is called so.");
  });

  it("selects the rows that are circled, and lists them", async () => {
    const { panel, trace } = await open({});
    await panel.page.getByRole("radio", { name: "Circle" }).click();
    await panel.drawn();
    const box = await boxOf(panel.page.locator(".map-over"));
    const corners = [[45, 5], [box.width - 4, 5], [box.width - 4, box.height - 42], [45, box.height - 42], [45, 8]];
    await panel.page.mouse.move(box.x + corners[0][0], box.y + corners[0][1]);
    await panel.page.mouse.down();
    for (const [x, y] of corners.slice(1)) await panel.page.mouse.move(box.x + x, box.y + y, { steps: 6 });
    await panel.page.mouse.up();
    await sees(panel, ".map-caught", "24 points lie inside; their rows are selected in the editor.");
    const post = await posted(panel, "select");
    expect(post.spans).toEqual(Array.from({ length: 24 }, (_, i) => ({ start: trace.spans![2 * i], end: trace.spans![2 * i + 1] })));
    await expect.poll(async () => (await panel.page.locator(".map-caught-names button").allInnerTexts()).sort()).toEqual([...trace.names].sort());
    await panel.page.getByRole("button", { name: "Let go" }).click();
    await until("nothing circled", async () => !(await panel.page.locator(".map-caught").isVisible()));
  });

  it("offers a perplexity that fits, then plays t-SNE over its divergence", async () => {
    const { panel } = await open({});
    await panel.page.getByRole("radio", { name: "t-SNE" }).click();
    await panel.page.getByRole("button", { name: "Use perplexity 7" }).click();
    await until("a map by t-SNE", () => panel.outcomes.some((each) => each.type === "trace" && (each.trace as VectorsTrace).map?.projection === "tsne"));
    const { map } = panel.trace<VectorsTrace>();
    await until("the player", async () => (await panel.steps()) === map!.iterations.length);
    await sees(panel, ".player-place", "Iteration 500 of 500");
    const last = map!.loss[map!.loss.length - 1].toFixed(3);
    await drawn(panel, ".map-loss", last);
    // The curve is the ruler: its extent is the range's.
    const curve = await boxOf(panel.page.locator(".map-loss line").first());
    const range = await boxOf(panel.page.locator(".player input[type=range]"));
    expect(Math.abs(range.x + 6 - curve.x)).toBeLessThan(2);
    expect(Math.abs(range.width - 12 - curve.width)).toBeLessThan(2);
    await panel.step(0);
    await sees(panel, ".player-place", "Iteration 0 of 500");
    await panel.page.keyboard.press("End");
    await sees(panel, ".player-place", "Iteration 500 of 500");
    await panel.page.keyboard.press("ArrowLeft");
    await sees(panel, ".player-place", `Iteration ${map!.iterations[map!.iterations.length - 2]} of 500`);
  }, slow);

  it("lays all word vectors in use out, marks those of the source, and asks for neighbours", async () => {
    const { panel, map } = await open({ points: "store" }, { width: 900 });
    expect(map.m).toBe(10_000);
    await panel.page.locator(".map-find-input").fill("queen");
    await panel.page.keyboard.press("Enter");
    const ask = await posted(panel, "ask");
    expect(ask.question).toEqual({ kind: "nearest", point: map.names.indexOf("queen"), k: 10 });
    await sees(panel, ".map-near .vectors-note", "Exact: by cosine among all 10,000 points");
    // By numpy over the file.
    await expect.poll(async () => (await listed(panel)).slice(0, 4)).toEqual(["princess, 0.795", "king, 0.751", "elizabeth, 0.736", "royal, 0.707"]);
    await sees(panel, ".map-reading", "On average over 1,000 points");
  }, slow);

  it("is watched while it is made, and stopped", async () => {
    const { panel } = await open({}, await commonWords(800));
    await panel.page.getByRole("radio", { name: "t-SNE" }).click();
    await until("the map of the end", () => panel.outcomes.length > 1, 60_000);
    const from = panel.outcomes.length;
    const running = panel.run({ tab: "map", projection: "tsne", max_iter: 10_000 });
    await sees(panel, ".lede, .progress-line, .head, .story", /iteration \d+ of 10,?000, divergence/);
    await until("a live curve", async () => (await panel.page.locator(".map-loss path").getAttribute("d"))!.split("L").length > 3);
    // Not a click of the pointer, which waits for a quiet moment: each progress writes the line anew.
    await panel.page.getByRole("button", { name: "Stop", exact: true }).dispatchEvent("click");
    await until("the stopped map", () => panel.outcomes.length > from, 60_000);
    await running;
    const { map } = panel.trace<VectorsTrace>();
    expect(map!.finished).toBe(false);
    await sees(panel, ".chip", `stopped at iteration ${map!.iterations[map!.iterations.length - 1]}`);
    await expect.poll(() => panel.steps()).toBe(map!.iterations.length);
    const posts = panel.posts.length;
    await panel.page.locator(".chip button", { hasText: "Continue" }).press("Enter");
    expect((await posted(panel, "run", () => true, posts)).params).toMatchObject({ tab: "map", projection: "tsne", max_iter: 10_000 });
    await panel.page.getByRole("button", { name: "Stop", exact: true }).dispatchEvent("click");
    await until("the map that was gone on with", () => panel.outcomes.length > from + 1, 60_000);
  }, slow);

  it("has a table twin and files in full precision", async () => {
    const { panel, trace, map } = await open({});
    await panel.page.keyboard.press("t");
    await sees(panel, ".map-table tbody tr >> nth=0", trace.names[0]);
    const first = await panel.page.locator(".map-table tbody tr").first().locator("td").allInnerTexts();
    expect(first[0]).toBe(map.positions[0].toFixed(3).replace("-", "\u2212"));
    expect(first[2].split(", ")).toEqual(nearest(trace, trace.names[0]).slice(0, 3).map((each) => each.split(",")[0]));
    const save = async (name: RegExp): Promise<string> => {
      const from = panel.posts.length;
      await panel.page.getByRole("button", { name: /^Export/ }).click();
      await panel.page.getByRole("menuitem", { name }).click();
      const { data } = await posted(panel, "save", () => true, from);
      return typeof data === "string" ? data : Buffer.from(data).toString("latin1");
    };
    const svg = await save(/Picture \(SVG\)/);
    expect(svg).toContain("<image");
    expect(svg).toContain("PC 1 · ");
    expect((await save(/Picture \(PNG\)/)).slice(1, 4)).toBe("PNG");
    const csv = (await save(/Map \(CSV\)/)).trim().split(/\r?\n/).map((line) => line.split(","));
    expect(csv[0]).toEqual(["name", "x", "y"]);
    for (const [i, name] of trace.names.entries()) expect(csv[i + 1]).toEqual([name, String(map.positions[2 * i]), String(map.positions[2 * i + 1])]);
    const json = JSON.parse(await save(/Map \(JSON\)/)) as { projection: string; explained_variance_ratio: number[]; positions: { name: string; x: number }[] };
    expect(json.projection).toBe("pca");
    expect(json.explained_variance_ratio).toEqual(Array.from(map.explained));
    expect(json.positions[3]).toMatchObject({ name: trace.names[3], x: map.positions[6] });
    await panel.page.getByRole("button", { name: /Copy as Python/ }).click();
    expect((await posted(panel, "copy")).text).toContain("from sklearn.decomposition import PCA");
  });

  for (const theme of themeNames) {
    it(`fits from 300 to 1100 px (${theme})`, async () => {
      for (const width of [300, 480, 736, 1100]) {
        const { panel } = await open(width === 480 ? { projection: "umap", n_neighbors: 5, max_iter: 100 } : {}, { width, theme });
        await panel.page.locator(".map-plot").focus();
        await panel.page.keyboard.press("ArrowRight");
        await sees(panel, ".map-near", "Exact");
        await expect.poll(() => panel.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
        await panel.fullScreenshot(`vectors-map-${theme}-${width}`);
      }
    }, slow);
  }
});

describe("a map of a hundred thousand points", () => {
  it("moves by frames, since its points are painted within one", async () => {
    const { panel } = await open({ points: "store" });
    const map = panel.trace<VectorsTrace>();
    // The same points ten times over, as a run would send them.
    const times = 10;
    const { m, names, positions, indices, rows } = map.map!;
    const repeat = <T>(make: (i: number, k: number) => T): T[] => Array.from({ length: m * times }, (_, i) => make(i % m, Math.floor(i / m)));
    const jitter = Float32Array.from(repeat((i, k) => i + k).flatMap((_, at) => {
      const i = at % m;
      const k = Math.floor(at / m);
      return [positions[2 * i] + 0.003 * k * Math.sin(at), positions[2 * i + 1] + 0.003 * k * Math.cos(at)];
    }));
    const large: MapPart = {
      ...map.map!, m: m * times, total: m * times, positions: jitter, names: repeat((i) => names[i]),
      indices: Int32Array.from(repeat((i) => indices[i])), rows: Int32Array.from(repeat((i, k) => (k === 0 ? rows[i] : -1))),
    };
    const run = 1_000_000;
    await panel.send({ type: "running", run, params: { tab: "map", points: "store" }, edited: false });
    await panel.send({ type: "trace", run, trace: { ...map, map: large }, problems: [] });
    await drawn(panel, ".map-near", "Nearest in all");
    // They are painted: an element a point would take seconds.
    const elements = await panel.page.evaluate(async () => {
      const plot = document.querySelector(".map-over")!;
      const box = plot.getBoundingClientRect();
      const wheel = (delta: number) => plot.dispatchEvent(new WheelEvent("wheel", { deltaY: delta, clientX: box.left + 200, clientY: box.top + 150, bubbles: true, cancelable: true }));
      for (let n = 0; n < 10; n++) {
        wheel(n % 2 === 0 ? -40 : 30);
        await new Promise((resolve) => requestAnimationFrame(resolve));
      }
      return document.querySelectorAll("*").length;
    });
    expect(elements).toBeLessThan(5000);
  }, slow);
});
