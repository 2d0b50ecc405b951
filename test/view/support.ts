import { expect } from "vitest";
import type { Message } from "../../src/core/contract/index.js";
import type { ViewToHost } from "../../src/core/protocol.js";
import { until } from "../support/until.js";
import type { Panel } from "./harness.js";

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
  let last = "";
  await until(`"${text}" in ${selector}, which has "${last}"`, async () => {
    last = (await panel.page.locator(selector).allInnerTexts()).join("\n");
    return typeof text === "string" ? last.includes(text) : text.test(last);
  });
}

/** No error in the console, no exception, nothing refused by the policy. */
export function expectFaultless(panel: Panel): void {
  expect(panel.faults).toEqual({ errors: [], refused: [] });
}
