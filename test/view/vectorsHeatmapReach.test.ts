import { describe, expect, it } from "vitest";
import { distance } from "../../src/webview/marks/colour.js";
import { fixed } from "../../src/webview/text/number.js";
import { until } from "../support/until.js";
import { pointsAt, posted, sees } from "./support.js";
import { cellMiddle, coloursAt, exact, formulas, groupedRows, heatmapOpener, placeOf, plotOf, ready, strengthOf, words } from "./vectorsHeatmapPage.js";
import { boxOf } from "../support/boxOf.js";

const open = heatmapOpener();

describe("the table twin", () => {
  it("lists the most alike pairs, all of them on demand, and those of chosen rows", async () => {
    const { panel, trace } = await open(words);
    await panel.page.keyboard.press("t");
    await panel.page.locator(".heatmap-table table").waitFor();
    const cells = () => panel.page.locator(".heatmap-table tbody tr").evaluateAll((rows) => rows.map((row) => Array.from(row.children, (cell) => cell.textContent ?? "")));
    const pairs = trace.names.flatMap((a, i) => trace.names.slice(i + 1).map((b, j) => ({ a, b, value: exact(trace, "cosine", i, i + 1 + j) }))).sort((p, q) => q.value - p.value);
    const shown = await cells();
    expect(shown).toHaveLength(20);
    shown.forEach(([a, b, value], i) => expect([[a, b].sort().join(), value]).toEqual([[pairs[i].a, pairs[i].b].sort().join(), fixed(pairs[i].value, 4)]));
    await sees(panel, ".heatmap-table", "20 of 276 pairs");
    await panel.page.getByRole("button", { name: "Show 100 more" }).click();
    await until("120 rows", async () => (await cells()).length === 120);
    const field = panel.page.locator(".heatmap-table vscode-text-field").first().locator("input");
    await field.fill("king");
    await until("the pairs of king", async () => (await cells()).length === 20 && (await cells()).every(([a, b]) => a === "king" || b === "king"));
    await panel.page.locator(".heatmap-table vscode-text-field").nth(1).locator("input").fill("queen");
    await until("one pair", async () => (await cells()).length === 1);
    await panel.page.locator(".heatmap-table tbody button").first().click();
    await sees(panel, ".derivation h2", "the framed cell");
    const title = await panel.page.locator(".heatmap-table tbody td.figure").first().getAttribute("title");
    expect(Number(title)).toBe(exact(trace, "cosine", trace.names.indexOf("king"), trace.names.indexOf("queen")));
  });
});

describe("files and code", () => {
  it("are the picture, the numbers, the tree, and Python that computes them", async () => {
    const { panel, trace } = await open(words);
    await panel.page.getByRole("button", { name: "Copy as Python" }).click();
    if (await panel.page.getByRole("menuitem").count()) await panel.page.getByRole("menuitem").first().click();
    expect((await posted(panel, "copy")).text).toContain("import numpy as np");
    const save = async (name: RegExp): Promise<string> => {
      const from = panel.posts.length;
      await panel.page.getByRole("button", { name: "Export" }).click();
      await panel.page.getByRole("menuitem", { name }).click();
      const { data } = await posted(panel, "save", () => true, from);
      return typeof data === "string" ? data : new TextDecoder("latin1").decode(data);
    };
    const svg = await save(/Picture \(SVG\)/);
    expect(svg).toContain("data:image/png;base64");
    for (const name of ["mountain", "queen"]) expect(svg).toContain(`>${name}<`);
    expect((await save(/Picture \(PNG\)/)).slice(1, 4)).toBe("PNG");
    const csv = (await save(/Similarities/)).trim().split(/\r?\n/).map((line) => line.split(","));
    const order = Array.from(trace.heatmap!.clustered, (row) => trace.names[row]);
    expect(csv[0].slice(1)).toEqual(order);
    expect(Number(csv[1 + order.indexOf("king")][1 + order.indexOf("queen")])).toBe(exact(trace, "cosine", trace.names.indexOf("king"), trace.names.indexOf("queen")));
    expect((await save(/Tree of the clustering/)).trim().split("\n")).toHaveLength(24);
    expect((JSON.parse(await save(/Heatmap \(JSON\)/)) as { names: string[] }).names).toEqual(trace.names);
  });
});

describe("what the text says", () => {
  it("of a cosine is held against the numbers, with a link to its line", async () => {
    const { panel, trace } = await open({ sample: "cosine.json" });
    const [stated] = trace.stated;
    await sees(panel, "h1", "The text says 0.86; the numbers give 0.9417");
    await sees(panel, ".derivation-stated", "The text says 0.86, but the numbers give 0.9417.");
    await expect.poll(() => formulas(panel.page)).toEqual([
      "A⋅B‖A‖‖B‖", "=143.606×4.123=0.9417", "A⋅B", "=2×1", "+3×4", "=14", "‖A‖=22+32=3.606", "‖B‖=12+42=4.123",
    ]);
    await panel.page.locator(".derivation-stated button").click();
    const post = await posted(panel, "reveal");
    expect(post).toMatchObject({ span: stated.span, line: stated.line });
    await panel.fullScreenshot("vectors-heatmap-stated");
  });

  it("of a zero vector has no cosine: the cell is blank and says why", async () => {
    const text = JSON.stringify({ north: [0, 1], nowhere: [0, 0], east: [1, 0] }, null, 1);
    const { panel, trace } = await open({ text: { name: "zero.json", languageId: "json", text } });
    const strength = await strengthOf(panel.page);
    const places = ["nowhere", "north"].map((name) => placeOf(trace, name));
    const [color] = await coloursAt(panel.page, [[(places[0] + 0.1) / 3, (places[1] + 0.5) / 3]]);
    expect(distance(color, strength(0))).toBeLessThan(0.005);
    await pointsAt(panel, () => cellMiddle(panel.page, 3, places[0], places[1]), ".heatmap-readout", "undefined");
    await sees(panel, ".derivation", "nowhere is a zero vector: it has no direction, so the cosine is undefined.");
    await expect.poll(() => panel.page.locator("body").innerText()).not.toContain("NaN");
    await panel.fullScreenshot("vectors-heatmap-zero");
  });

  it("at the caret rings the row and the column", async () => {
    const { panel, trace } = await open(words);
    const row = trace.names.indexOf("tokyo");
    await panel.send({ type: "caret", offset: trace.spans![2 * row] + 1 });
    await until("the rings", async () => (await panel.page.locator(".heatmap-ring").count()) === 2);
    // Measured at one moment: the page may still move what stands above.
    const ringed = () => panel.page.evaluate((n) => {
      const [ring, plot] = [".heatmap-ring", ".heatmap-canvas"].map((each) => document.querySelector(each)!.getBoundingClientRect());
      return Math.floor((ring.y + ring.height / 2 - plot.y) / (plot.width / n));
    }, trace.n);
    await expect.poll(() => ringed()).toBe(placeOf(trace, "tokyo"));
    await panel.send({ type: "caret", offset: null });
    await until("no ring", async () => (await panel.page.locator(".heatmap-ring").count()) === 0);
  });
});

describe("thousands of rows", () => {
  it("are drawn in tiles, zoomed and dragged frame by frame, and exported by the worker", async () => {
    const n = 2500;
    const text = JSON.stringify(groupedRows(n, 4, 20)).replaceAll("],", "],\n");
    const { panel, trace } = await open({ text: { name: "many.json", languageId: "json", text }, params: { rows: n } });
    expect(trace.n).toBe(n);
    await sees(panel, ".heatmap-readout", "the mean of");
    const strength = await strengthOf(panel.page);
    const { clustered } = trace.heatmap!;
    await panel.fullScreenshot("vectors-heatmap-many");

    // How often a frame paints: by tiles, never cell by cell.
    await panel.page.evaluate(() => {
      const scope = window as unknown as { paints: number[] };
      scope.paints = [];
      let paints = 0;
      const context = CanvasRenderingContext2D.prototype;
      for (const name of ["drawImage", "putImageData", "fillRect"] as const) {
        const paint = context[name] as (...all: unknown[]) => void;
        Object.assign(context, { [name](this: CanvasRenderingContext2D, ...all: unknown[]) {
          paints++;
          paint.apply(this, all);
        } });
      }
      const next = window.requestAnimationFrame.bind(window);
      window.requestAnimationFrame = (work) => next((time) => {
        paints = 0;
        work(time);
        scope.paints.push(paints);
      });
    });
    const { x, y, side } = await plotOf(panel.page);
    const [px, py] = [0.37 * side, 0.61 * side];
    await panel.page.mouse.move(x + px, y + py);
    await sees(panel, ".heatmap-readout", `${trace.names[clustered[Math.floor(0.61 * n)]]} · ${trace.names[clustered[Math.floor(0.37 * n)]]}`);
    for (let i = 0; i < 40; i++) {
      await panel.page.mouse.wheel(0, -100);
      await panel.drawn();
    }
    await panel.page.mouse.down();
    for (let i = 0; i < 30; i++) {
      await panel.page.mouse.move(x + px - 3 * i, y + py - 2 * i);
      await panel.drawn();
    }
    await panel.page.mouse.up();
    const paints = await panel.page.evaluate(() => (window as unknown as { paints: number[] }).paints);
    expect(paints.length).toBeGreaterThan(60);
    expect(Math.max(...paints)).toBeGreaterThan(0);
    expect(Math.max(...paints)).toBeLessThan(1000);

    await ready(panel.page);
    const places = await panel.page.locator(".heatmap-names text[data-side=row]").evaluateAll((all) => all.map((each) => Number(each.getAttribute("data-place"))));
    expect(places.length).toBeGreaterThan(2);
    // A cell under the pointer has its own colour, not a mean.
    await until("the hovered cell's colour", async () => {
      const hovered = await boxOf(panel.page.locator(".heatmap-cursor"));
      const [color] = await coloursAt(panel.page, [[(hovered.x + 0.3 * hovered.width - x) / side, (hovered.y + 0.3 * hovered.height - y) / side]]);
      const said = (await panel.page.locator(".heatmap-readout").textContent())!;
      const value = Number(/(\S+)$/.exec(said)![1].replace("\u2212", "-"));
      return distance(color, strength(value)) < 0.02;
    });

    await panel.page.getByRole("button", { name: "More" }).click();
    await panel.page.getByRole("menuitem", { name: /similarities of all rows/ }).click();
    const post = await posted(panel, "write");
    expect(post).toMatchObject({ export: "similarity", at: { order: clustered } });
  });
});
