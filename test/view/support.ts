import { afterEach, expect } from "vitest";
import type { Message } from "../../src/core/contract/index.js";
import type { ViewToHost } from "../../src/core/protocol.js";
import { until } from "../support/until.js";
import { openPanel, type OpenOptions, type Panel } from "./harness.js";

/** A run id that no real run of the tests reaches. */
let made = 1_000_000;
export function madeRun(): number {
  return made++;
}

/** A message from an English sentence. */
export function say(text: string): Message {
  return { text, args: [] };
}

/** Waits for a post of a kind that fits, among those since `from`, and returns it. */
export function posted<K extends ViewToHost["type"]>(
  panel: Panel, type: K, fits: (post: Extract<ViewToHost, { type: K }>) => boolean = () => true, from = 0,
): Promise<Extract<ViewToHost, { type: K }>> {
  return until(`a post "${type}"`, () =>
    panel.posts.slice(from).find((post): post is Extract<ViewToHost, { type: K }> => post.type === type && fits(post as Extract<ViewToHost, { type: K }>)),
  );
}

/** Waits until the page shows a text. */
export async function sees(panel: Panel, selector: string, text: string | RegExp): Promise<void> {
  await until(`"${text}" in ${selector}`, async () => {
    const shown = (await panel.page.locator(selector).allInnerTexts()).join("\n");
    if (typeof text === "string" ? shown.includes(text) : text.test(shown)) return true;
    throw new Error(`it shows "${shown}"`);
  });
}

/** Points at a place until the page shows a text for it. The place is measured anew each time: the page may still move it. */
export async function pointsAt(panel: Panel, place: () => Promise<{ readonly x: number; readonly y: number }>, selector: string, text: string | RegExp): Promise<void> {
  await until(`"${text}" in ${selector} under the pointer`, async () => {
    const { x, y } = await place();
    await panel.page.mouse.move(x, y);
    await panel.drawn();
    const shown = (await panel.page.locator(selector).allInnerTexts()).join("\n");
    if (typeof text === "string" ? shown.includes(text) : text.test(shown)) return true;
    throw new Error(`it shows "${shown}"`);
  });
}

/** No error in the console, no exception, nothing refused by the policy. */
export function expectFaultless(panel: Panel): void {
  expect(panel.faults).toEqual({ errors: [], refused: [] });
}

/** Gives a test file what opens panels in it. After each test they are closed, and must have been faultless. */
export function panelOpener(): (options: OpenOptions) => Promise<Panel> {
  let opened: Panel[] = [];
  afterEach(async ({ task }) => {
    const panels = opened;
    opened = [];
    for (const panel of panels) await panel.close(task.result?.state === "fail");
    panels.forEach(expectFaultless);
  });
  return async (options) => {
    const panel = await openPanel(options);
    opened.push(panel);
    return panel;
  };
}
