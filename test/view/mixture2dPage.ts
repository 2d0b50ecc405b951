import type { Page } from "playwright-core";
import type { MixtureTrace } from "../../src/core/mixture/trace.js";
import { boxOf } from "../support/boxOf.js";

/** Reads the two-dimensional picture back from the page, and makes data for it. */

/** An axis of the plot as its numbers tell it. */
export type Axis = { readonly factor: number; value(pixel: number): number; pixel(value: number): number };

export async function axisOf(page: Page, name: "x" | "y"): Promise<Axis> {
  const ticks = await page.locator(`.axis[data-axis=${name}] .number`).evaluateAll((all, attribute) =>
    all.map((text) => ({ at: Number(text.getAttribute(attribute)), value: Number(text.textContent?.replace("\u2212", "-")) })), name);
  const [first, last] = [ticks[0], ticks[ticks.length - 1]];
  const factor = (last.at - first.at) / (last.value - first.value);
  return { factor, value: (pixel) => first.value + (pixel - first.at) / factor, pixel: (value) => first.at + (value - first.value) * factor };
}

/** The columns on x and y. */
export async function shownPair(page: Page, trace: MixtureTrace): Promise<[number, number]> {
  const [x, y] = await Promise.all(["x", "y"].map((name) => page.locator(`.axis[data-axis=${name}] .unit`).textContent()));
  return [trace.columns.indexOf(x ?? ""), trace.columns.indexOf(y ?? "")];
}

export type DrawnEllipse = {
  readonly component: number; readonly sigma: number; readonly kind: string;
  readonly x: number; readonly y: number; readonly rx: number; readonly ry: number; readonly angle: number;
};

export function ellipsesOf(page: Page): Promise<DrawnEllipse[]> {
  return page.locator(".mixture-scatter .ellipses ellipse").evaluateAll((all) => all.map((ellipse) => {
    const numbers = (ellipse.getAttribute("transform") ?? "").match(/-?[\d.]+(?:e-?\d+)?/g)?.map(Number) ?? [];
    const read = (name: string) => Number(ellipse.getAttribute(name));
    return {
      component: read("data-component"), sigma: read("data-sigma"), kind: ellipse.getAttribute("data-kind") ?? "",
      x: numbers[0], y: numbers[1], rx: read("rx"), ry: read("ry"), angle: (numbers[2] * Math.PI) / 180,
    };
  }));
}

export function attributesOf(page: Page, selector: string, name: string): Promise<string[]> {
  return page.locator(selector).evaluateAll((all, attribute) => all.map((element) => element.getAttribute(attribute) ?? ""), name);
}

/** The colours that texts really have, since a style sheet may override an attribute. */
export function computedFills(page: Page, selector: string): Promise<string[]> {
  return page.locator(selector).evaluateAll((all) => all.map((element) => {
    const numbers = getComputedStyle(element).fill.match(/\d+/g)?.map(Number) ?? [];
    return `#${numbers.slice(0, 3).map((v) => v.toString(16).padStart(2, "0")).join("")}`;
  }));
}

/** The colours in force, as the style sheet and the theme give them. */
export function coloursOf(page: Page, K: number): Promise<{ quiet: string; components: string[] }> {
  return page.evaluate((count) => {
    const style = getComputedStyle(document.body);
    const read = (name: string) => style.getPropertyValue(name).trim().toLowerCase();
    return { quiet: read("--lumen-quiet"), components: Array.from({ length: count }, (_, k) => read(`--lumen-c${(k % 8) + 1}`)) };
  }, K);
}

/** The plot's inside, in its own pixels. */
export function plotBox(page: Page): Promise<{ left: number; right: number; top: number; bottom: number }> {
  return page.locator("#mixture-clip-below rect").evaluate((rect) => {
    const [x, y, width, height] = ["x", "y", "width", "height"].map((name) => Number(rect.getAttribute(name)));
    return { left: x, right: x + width, top: y, bottom: y + height };
  });
}

/** Draws a closed path with the mouse, in the plot's pixels. */
export async function drawPath(page: Page, path: readonly number[][]): Promise<void> {
  const box = await boxOf(page.locator(".mixture-over"));
  await page.mouse.move(box.x + path[0][0], box.y + path[0][1]);
  await page.mouse.down();
  for (const [x, y] of [...path.slice(1), path[0]]) await page.mouse.move(box.x + x, box.y + y, { steps: 3 });
  await page.mouse.up();
}

/** The colour the canvas has at a place of the plot, whatever its opacity. */
export function canvasColour(page: Page, x: number, y: number): Promise<string> {
  return page.locator(".mixture-scatter canvas").evaluate((canvas: HTMLCanvasElement, [px, py]) => {
    const [r, g, b] = canvas.getContext("2d")?.getImageData(Math.floor(px * devicePixelRatio), Math.floor(py * devicePixelRatio), 1, 1).data ?? [0, 0, 0];
    return `#${[r, g, b].map((v) => v.toString(16).padStart(2, "0")).join("")}`;
  }, [x, y] as const);
}

/** Groups of normal numbers as CSV text, the same at every call (mulberry32 and Box–Muller). */
export function cloud({ N, D, groups }: { N: number; D: number; groups: number }): string {
  let state = 20;
  const random = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const centers = Array.from({ length: groups }, () => Array.from({ length: D }, () => 12 * random()));
  const lines = [Array.from({ length: D }, (_, d) => `column ${d + 1}`).join(",")];
  for (let i = 0; i < N; i++) {
    const center = centers[Math.floor(random() * groups)];
    const shared = 0.7 * normal();
    lines.push(center.map((c) => (c + shared + 0.7 * normal()).toFixed(3)).join(","));
  }
  return lines.join("\n");
}
