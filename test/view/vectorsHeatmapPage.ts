import type { Page } from "playwright-core";
import { valueBetween } from "../../src/core/vectors/derive.js";
import type { Metric } from "../../src/core/vectors/similarity.js";
import type { VectorsTrace } from "../../src/core/vectors/trace.js";
import { ramp } from "../../src/webview/marks/colour.js";
import { until } from "../support/until.js";
import { boxOf } from "../support/boxOf.js";
import type { OpenOptions, Panel } from "./harness.js";
import { panelOpener } from "./support.js";

/** Opens heatmaps, and reads them back from the page. */

/** The sample of words. */
export const words: OpenOptions = { sample: "words.txt", explainer: "vectors" };

/** Gives a test file what opens panels with a heatmap that is drawn. */
export function heatmapOpener(): (options: OpenOptions) => Promise<{ panel: Panel; trace: VectorsTrace }> {
  const openPanel = panelOpener();
  return async (options) => {
    const panel = await openPanel({ height: 1100, explainer: "vectors", ...options });
    await ready(panel.page);
    return { panel, trace: panel.trace<VectorsTrace>() };
  };
}

/** The plot's square in the window's pixels. */
export async function plotOf(page: Page): Promise<{ x: number; y: number; side: number }> {
  const box = await boxOf(page.locator(".heatmap-canvas"));
  return { x: box.x, y: box.y, side: box.width };
}

/** The middle of a cell when all of the matrix is shown. */
export async function cellMiddle(page: Page, n: number, column: number, row: number): Promise<{ x: number; y: number }> {
  const { x, y, side } = await plotOf(page);
  return { x: x + ((column + 0.5) * side) / n, y: y + ((row + 0.5) * side) / n };
}

/** Waits until every tile of the picture is drawn. */
export async function ready(page: Page): Promise<void> {
  await page.locator('.heatmap-canvas[data-ready="true"]').waitFor();
}

/** The canvas's colours at several places, given in shares of the plot. */
export function coloursAt(page: Page, places: readonly (readonly [x: number, y: number])[]): Promise<string[]> {
  return page.locator(".heatmap-canvas").evaluate((canvas: HTMLCanvasElement, wanted) => {
    const context = canvas.getContext("2d")!;
    return wanted.map(([x, y]) => {
      const [r, g, b] = context.getImageData(Math.floor(x * canvas.width), Math.floor(y * canvas.height), 1, 1).data;
      return `#${[r, g, b].map((v) => v.toString(16).padStart(2, "0")).join("")}`;
    });
  }, places);
}

/** The strength scale of the theme in force, as the style sheet gives it. */
export async function strengthOf(page: Page): Promise<(value: number) => string> {
  const { paper, strengths, ochres } = await page.evaluate(() => {
    const style = getComputedStyle(document.body);
    const read = (name: string) => style.getPropertyValue(name).trim();
    return { paper: read("--vscode-editor-background"), strengths: [1, 2, 3, 4, 5].map((i) => read(`--lumen-seq${i}`)), ochres: [1, 2].map((i) => read(`--lumen-och${i}`)) };
  });
  return (value) => (value < 0 ? ramp([paper, ...ochres], -value) : ramp([paper, ...strengths], value));
}

export async function namesAt(page: Page, side: "row" | "column"): Promise<string[]> {
  return page.locator(`.heatmap-names text[data-side="${side}"]`).evaluateAll((all) => all.map((text) => text.firstChild?.textContent ?? ""));
}

/** The lines of the formulas, without blanks and invisible operators. */
export async function formulas(page: Page): Promise<string[]> {
  const texts = await page.locator(".derivation-formulas > div").allTextContents();
  return texts.map((text) => text.replace(/[\s\u2061-\u2064]+/g, ""));
}

/** Waits until something in the page reads as it should. */
export async function reads(page: Page, selector: string, test: (text: string) => boolean): Promise<void> {
  let last = "";
  await until(`what is wanted in ${selector}, which has "${last}"`, async () => {
    last = (await page.locator(selector).allTextContents()).join("\n");
    return test(last);
  });
}

/** Groups of rows as a JSON list of vectors, the same at every call. */
export function groupedRows(n: number, d: number, groups: number): number[][] {
  let state = 99;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 4294967296 - 0.5;
  };
  const centers = Array.from({ length: groups }, () => Array.from({ length: d }, () => 4 * random()));
  return Array.from({ length: n }, (_, i) => centers[(i * 7) % groups].map((c) => Number((c + random()).toFixed(3))));
}

/** The metric of two rows, from their numbers. */
export function exact({ n, d, values }: VectorsTrace, metric: Metric, a: number, b: number): number {
  return valueBetween({ n, d, values: values! }, metric, a, b);
}

/** The place of a row on the screen, clustered. */
export function placeOf({ heatmap, names }: VectorsTrace, name: string): number {
  return heatmap!.clustered.indexOf(names.indexOf(name));
}
