import { describe, expect, it } from "vitest";
import { metrics } from "../../src/core/vectors/similarity.js";
import type { VectorsTrace } from "../../src/core/vectors/trace.js";
import { distance } from "../../src/webview/marks/colour.js";
import { fixed } from "../../src/webview/text/number.js";
import { until } from "../support/until.js";
import { pointsAt, posted, sees } from "./support.js";
import { themeNames } from "./themes.js";
import { cellMiddle, coloursAt, exact, formulas, heatmapOpener, namesAt, placeOf, plotOf, reads, ready, strengthOf, words } from "./vectorsHeatmapPage.js";
import { boxOf } from "../support/boxOf.js";

const open = heatmapOpener();

describe("the heatmap", () => {
  for (const theme of themeNames) {
    it(`has the colour of each pair's cosine, and its diagonal is paper (${theme})`, async () => {
      const { panel, trace } = await open({ ...words, theme });
      const { n, heatmap } = trace;
      const strength = await strengthOf(panel.page);
      const places = Array.from({ length: n * n }, (_, i) => [i % n, Math.floor(i / n)] as const);
      // Beside the middle, where the diagonal has its dot.
      const found = await coloursAt(panel.page, places.map(([column, row]) => [(column + 0.3) / n, (row + 0.3) / n] as const));
      places.forEach(([column, row], i) => {
        const value = column === row ? 0 : exact(trace, "cosine", heatmap!.clustered[row], heatmap!.clustered[column]);
        expect(distance(found[i], strength(value)), `${column} ${row}`).toBeLessThan(0.01);
      });
      await panel.fullScreenshot(`vectors-heatmap-${theme}`);
    });
  }

  it("names every row and column in the clustered order, as given and by name", async () => {
    const { panel, trace } = await open(words);
    const clustered = Array.from(trace.heatmap!.clustered, (row) => trace.names[row]);
    await expect.poll(() => namesAt(panel.page, "row")).toEqual(clustered);
    await expect.poll(() => namesAt(panel.page, "column")).toEqual(clustered);
    await expect.poll(() => panel.page.locator(".heatmap-tree").isVisible()).toBe(true);
    await panel.page.getByRole("radio", { name: "as given" }).click();
    await until("the rows as given", async () => (await namesAt(panel.page, "row")).join() === trace.names.join());
    await expect.poll(() => panel.page.locator(".heatmap-tree").isVisible()).toBe(false);
    await panel.page.keyboard.press("ArrowRight");
    await until("the rows by name", async () => (await namesAt(panel.page, "row")).join() === [...trace.names].sort().join());
    await expect.poll(() => panel.page.getByRole("radio", { name: "by name" }).getAttribute("aria-checked")).toBe("true");
  });

  it("says the pair under the pointer, fills the formula, and highlights both rows in the editor", async () => {
    const { panel, trace } = await open(words);
    const [king, queen] = ["king", "queen"].map((name) => trace.names.indexOf(name));
    await pointsAt(panel, () => cellMiddle(panel.page, trace.n, placeOf(trace, "queen"), placeOf(trace, "king")), ".heatmap-readout", "cosine, king · queen: 0.7508");
    await sees(panel, ".derivation h2", "king · queen under the pointer");
    await expect.poll(() => formulas(panel.page)).toEqual([
      "king⋅queen‖king‖‖queen‖", "=27.5896.117×6.007=0.7508", "king⋅queen", "=(−0.323)×(−0.5)", "+(−0.876)×(−0.708)", "+…98moreterms", "=27.589",
    ]);
    await expect.poll(async () => (await panel.page.locator(".heatmap-names .strong").allTextContents()).sort()).toEqual(
      expect.arrayContaining(["king", "queen"]));
    const spans = (rows: readonly number[]) => rows.map((row) => ({ start: trace.spans![2 * row], end: trace.spans![2 * row + 1] }));
    await posted(panel, "highlight", (post) => JSON.stringify(post.spans) === JSON.stringify(spans([king, queen])));
    const from = panel.posts.length;
    await panel.page.mouse.move(2, 2);
    await posted(panel, "highlight", (post) => post.spans.length === 0, from);
    await sees(panel, ".derivation h2", "monday · tuesday the closest pair");
  });

  it("frames the clicked cell with its mirror, selects both rows, and keeps the pair over a reload", async () => {
    const { panel, trace } = await open(words);
    const [column, row] = [placeOf(trace, "king"), placeOf(trace, "queen")];
    const cell = await cellMiddle(panel.page, trace.n, column, row);
    await panel.page.mouse.click(cell.x, cell.y);
    const selected = await posted(panel, "select");
    expect(selected.spans.map(({ start }) => trace.spans!.indexOf(start) / 2).sort()).toEqual(["king", "queen"].map((name) => trace.names.indexOf(name)));
    await panel.page.mouse.move(2, 2);
    await sees(panel, ".derivation h2", "king · queen the framed cell");
    const { side } = await plotOf(panel.page);
    for (const kind of ["heatmap-frame", "heatmap-mirror"]) {
      const box = await boxOf(panel.page.locator(`.${kind}`));
      const plot = await plotOf(panel.page);
      const at = [(box.x + box.width / 2 - plot.x) / (side / trace.n), (box.y + box.height / 2 - plot.y) / (side / trace.n)].map(Math.floor);
      expect([...at].sort((a, b) => a - b)).toEqual([column, row].sort((a, b) => a - b));
    }
    const again = await open({ ...words, state: panel.state() });
    await sees(again.panel, ".derivation h2", "king · queen the framed cell");
  });

  it("is walked by the keys: the cursor speaks, Enter holds, Esc lets go", async () => {
    const { panel, trace } = await open(words);
    const { clustered } = trace.heatmap!;
    await panel.page.locator(".heatmap-overlay").focus();
    for (const key of ["ArrowRight", "ArrowRight", "ArrowDown"]) await panel.page.keyboard.press(key);
    const [a, b] = [clustered[1], clustered[1]];
    expect(a).toBe(b);
    await sees(panel, "[role=status]", trace.names[clustered[1]]);
    await panel.page.keyboard.press("ArrowRight");
    const value = fixed(exact(trace, "cosine", clustered[1], clustered[2]), 4);
    await sees(panel, "[role=status]", `${trace.names[clustered[1]]} · ${trace.names[clustered[2]]}: ${value}`);
    await panel.page.keyboard.press("Enter");
    await posted(panel, "select", (post) => post.spans.length === 2);
    await panel.page.keyboard.press("Escape");
    await sees(panel, ".derivation h2", "the closest pair");
    expect(panel.state()?.ui.pair ?? null).toBeNull();
    await panel.page.keyboard.press("End");
    await panel.page.keyboard.press("End");
    await sees(panel, ".heatmap-readout", trace.names[clustered[trace.n - 1]]);
  });

  it("comes closer about the pointer, prints numbers in large cells, is dragged, and goes back to all", async () => {
    const { panel, trace } = await open(words);
    const [column, row] = [placeOf(trace, "king"), placeOf(trace, "queen")];
    const cell = await cellMiddle(panel.page, trace.n, column, row);
    await panel.page.mouse.move(cell.x, cell.y);
    const all = (await namesAt(panel.page, "row")).length;
    for (let i = 0; i < 8; i++) await panel.page.mouse.wheel(0, -120);
    await until("fewer rows", async () => (await namesAt(panel.page, "row")).length < all / 2);
    await sees(panel, ".heatmap-readout", "cosine, queen · king: 0.7508");
    const before = await namesAt(panel.page, "row");
    await panel.page.mouse.down();
    await panel.page.mouse.move(cell.x, cell.y + 90, { steps: 4 });
    await panel.page.mouse.up();
    await until("other rows", async () => (await namesAt(panel.page, "row")).join() !== before.join());
    await panel.screenshot("vectors-heatmap-close");
    await panel.page.locator(".heatmap-overlay").focus();
    await panel.page.keyboard.press("0");
    await until("all rows", async () => (await namesAt(panel.page, "row")).length === all);
    expect(panel.posts.filter((post) => post.type === "select")).toEqual([]);
  });

  it("fades what is below the threshold, and counts what is left", async () => {
    const { panel, trace } = await open(words);
    const { n, heatmap } = trace;
    const slider = panel.page.locator(".heatmap-threshold input");
    await slider.evaluate((element: HTMLInputElement) => {
      element.value = "150";
      element.dispatchEvent(new Event("input", { bubbles: true }));
    });
    let said = "";
    await until("the count", async () => /^At (\S+) or above/.test((said = (await panel.page.locator(".heatmap-threshold p").textContent()) ?? "")));
    const [, limit, count, total] = /^At (\S+) or above: (\d+) of (\d+) pairs$/.exec(said)!;
    const threshold = panel.state()!.ui["threshold-cosine"] as number;
    expect(Number(limit)).toBe(threshold);
    let pairs = 0;
    for (let a = 0; a < n; a++) for (let b = 0; b < a; b++) if (exact(trace, "cosine", a, b) >= threshold) pairs++;
    expect(Number(count)).toBe(pairs);
    expect(Number(total)).toBe((n * (n - 1)) / 2);
    await ready(panel.page);
    const strength = await strengthOf(panel.page);
    const at = (a: string, b: string) => [(placeOf(trace, a) + 0.3) / n, (placeOf(trace, b) + 0.3) / n] as const;
    const [strong, weak] = await coloursAt(panel.page, [at("monday", "tuesday"), at("king", "river")]);
    expect(distance(strong, strength(exact(trace, "cosine", trace.names.indexOf("monday"), trace.names.indexOf("tuesday"))))).toBeLessThan(0.01);
    expect(distance(weak, strength(0))).toBeLessThan(0.06);
    expect(heatmap!.metric).toBe("cosine");
  });

  for (const metric of metrics) {
    it(`derives ${metric} with its own numbers, and its cells have that colour`, async () => {
      const { panel, trace } = await open({ ...words, params: { metric } });
      const [king, queen] = ["king", "queen"].map((name) => trace.names.indexOf(name));
      await pointsAt(panel, () => cellMiddle(panel.page, trace.n, placeOf(trace, "queen"), placeOf(trace, "king")), ".derivation h2", "king · queen under the pointer");
      const value = exact(trace, metric, king, queen);
      const shown = metric === "dot" || metric === "euclidean" || metric === "manhattan" ? Number(value.toPrecision(5)) : Number(value.toFixed(4));
      await expect.poll(async () => (await formulas(panel.page)).some((line) => line.endsWith(`=${shown}`))).toBe(true);
      const limit = metric === "dot" || metric === "euclidean" || metric === "manhattan"
        ? Math.max(...[trace.heatmap!.closest, trace.heatmap!.farthest].map((pair) => Math.abs(pair!.value))) : 1;
      const strength = await strengthOf(panel.page);
      const [color] = await coloursAt(panel.page, [[(placeOf(trace, "queen") + 0.3) / trace.n, (placeOf(trace, "king") + 0.3) / trace.n]]);
      expect(distance(color, strength((metric === "euclidean" || metric === "manhattan" ? -1 : 1) * (value / limit)))).toBeLessThan(0.012);
      await panel.fullScreenshot(`vectors-heatmap-${metric}`);
    });
  }
});

describe("the tree", () => {
  it("says which rows a branch joins, marks them, and a click selects them", async () => {
    const { panel, trace } = await open(words);
    await panel.page.locator(".heatmap-tree").focus();
    await panel.page.keyboard.press("ArrowDown");
    await sees(panel, ".heatmap-readout", "24 rows joined at cosine");
    const { left, right, clustered } = trace.heatmap!;
    const root = left.length - 1;
    await panel.page.keyboard.press("ArrowDown");
    const lower = [left[root], right[root]].find((cluster) => cluster >= trace.n && rowsUnder(trace, cluster).includes(clustered[trace.n - 1]))!;
    const rows = rowsUnder(trace, lower);
    await sees(panel, ".heatmap-readout", `${rows.length} rows joined at cosine`);
    await panel.page.keyboard.press("Enter");
    const post = await posted(panel, "select");
    expect(post.spans).toHaveLength(rows.length);
    await panel.page.keyboard.press("Escape");
    await reads(panel.page, ".heatmap-readout", (text) => !text.includes("joined"));
    const from = panel.posts.length;
    const box = await boxOf(panel.page.locator(".heatmap-tree"));
    const path = (await panel.page.locator(".tree-branches").getAttribute("d"))!;
    const [top, stem, bottom] = /M[\d.]+ ([\d.]+)H([\d.]+)V([\d.]+)/.exec(path)!.slice(1).map(Number); // the first merge is of two rows
    await panel.page.mouse.move(box.x + stem, box.y + (top + bottom) / 2);
    await sees(panel, ".heatmap-readout", "2 rows joined at cosine");
    await panel.page.mouse.down();
    await panel.page.mouse.up();
    expect((await posted(panel, "select", () => true, from)).spans).toHaveLength(2);
  });
});

function rowsUnder({ n, heatmap }: VectorsTrace, cluster: number): number[] {
  return cluster < n ? [cluster] : [heatmap!.left[cluster - n], heatmap!.right[cluster - n]].flatMap((child) => rowsUnder({ n, heatmap } as VectorsTrace, child));
}
