import type { Locator } from "playwright-core";
import { until } from "./until.js";

type Box = NonNullable<Awaited<ReturnType<Locator["boundingBox"]>>>;

/** Where an element is once it stays there: one that was just drawn may be drawn anew, or moved by what comes above it. */
export function boxOf(locator: Locator): Promise<Box> {
  let last = "";
  return until(`a place of ${locator.toString()}`, async () => {
    const box = await locator.boundingBox();
    const before = last;
    last = JSON.stringify(box);
    return box !== null && last === before ? box : undefined;
  });
}
