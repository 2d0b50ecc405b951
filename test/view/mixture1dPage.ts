import type { Page } from "playwright-core";
import { expect } from "vitest";
import type { MixtureTrace } from "../../src/core/mixture/trace.js";
import type { OpenOptions, Panel } from "./harness.js";
import { panelOpener } from "./support.js";

/** The article's fit, started from the means of its program. */
export const published = {
  n_components: 2, covariance_type: "full", init_params: "given", means_init: [[-0.8877857476301128], [5.729090562177537]],
  n_init: 1, stop_rule: "as-published", max_iter: 100, tol: 1e-6, reg_covar: 0, random_state: 0, sweep_max: 0,
};

/** Opens a panel for some work, which must leave no fault behind. */
export type Opened = <R>(options: OpenOptions, work: (panel: Panel) => Promise<R>) => Promise<R>;

/** Gives a test file its own harness, and returns what opens panels in it. */
export function useHarness(): Opened {
  const openPanel = panelOpener();
  return async (options, work) => {
    const panel = await openPanel(options);
    const result = await work(panel);
    expect(panel.posts.filter((post) => post.type === "error")).toEqual([]);
    return result;
  };
}

/** The normal density, written out here so that nothing is compared with itself. */
export function normal(x: number, mean: number, variance: number): number {
  return Math.exp(-((x - mean) ** 2) / (2 * variance)) / Math.sqrt(2 * Math.PI * variance);
}

/** Weight, mean and variance of each component at a kept step of a trace with one column. */
export function bells(trace: MixtureTrace, s: number): { readonly w: number; readonly m: number; readonly v: number }[] {
  const { weights, means, covariances } = trace.fits[trace.best];
  return Array.from({ length: trace.K }, (_, k) => ({ w: weights[s * trace.K + k], m: means[s * trace.K + k], v: covariances[s * trace.K + k] }));
}

export function sharesAt(trace: MixtureTrace, s: number, x: number): number[] {
  const products = bells(trace, s).map(({ w, m, v }) => w * normal(x, m, v));
  const sum = products.reduce((a, b) => a + b, 0);
  return products.map((p) => p / sum);
}

/** Kept steps of shapes and of shares at a whole position of the player; −1: no shares yet. */
export function stepsAt(position: number, S: number): { readonly shapes: number; readonly shares: number } {
  const shapes = Math.floor(position / 2);
  if (position === 2 * (S - 1)) return { shapes, shares: S - 1 };
  return { shapes, shares: position % 2 === 1 ? shapes : shapes - 1 };
}

export type Mark = { readonly [name: string]: string };

/** The attributes of all elements that match, as strings, with their text and resolved fill. */
export function marks(page: Page, selector: string): Promise<Mark[]> {
  return page.evaluate((wanted) => Array.from(document.querySelectorAll(wanted), (element) => ({
    ...Object.fromEntries(Array.from(element.attributes, ({ name, value }) => [name, value])),
    text: element.textContent ?? "",
    colour: getComputedStyle(element).fill,
  })), selector);
}

export function colourOf(page: Page, k: number): Promise<string> {
  return page.evaluate((n) => {
    const probe = document.createElement("i");
    probe.style.color = `var(--lumen-c${n})`;
    document.body.append(probe);
    const { color } = getComputedStyle(probe);
    probe.remove();
    return color;
  }, (k % 8) + 1);
}

export const minus = (text: string): string => text.replace("-", "\u2212");
