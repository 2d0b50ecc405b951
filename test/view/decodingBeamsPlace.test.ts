import { expect, test } from "vitest";
import type { DecodingTrace, SearchPart } from "../../src/core/decoding/trace.js";
import { until } from "../support/until.js";
import { mocked } from "./decodingPage.js";
import { madeRun, panelOpener, say, sees } from "./support.js";

const open = panelOpener();
const figure = ".beams-lanes";

test("beams show the column of the player's step, and stay where they are while a slider is dragged", async () => {
  const panel = await open(mocked({ tab: "search", do_sample: false, repetition_penalty: 1, num_beams: 3, max_new_tokens: 20 }, { width: 300 }));
  const inSight = (step: number) => panel.page.locator(figure).evaluate((svg, at) => {
    const [column, window] = [svg.querySelector(`.base g[data-step="${at}"] rect`)?.getBoundingClientRect(), svg.parentElement!.getBoundingClientRect()];
    return column !== undefined && column.left >= window.left && column.right <= window.right + 1;
  }, step);
  await sees(panel, ".beams .player-place", "Token 20 of 20");
  await until("the last column", () => inSight(19));
  await panel.step(2);
  await until("the third column", () => inSight(2));
  // While a slider is dragged, a search that begins anew grows where the last one was.
  const scroller = panel.page.locator(".beams-scroll");
  await panel.step(12);
  await until("the thirteenth column", () => inSight(12));
  const place = () => panel.page.locator(figure).evaluate((svg) => [svg.getAttribute("width"), svg.getAttribute("height"), svg.parentElement!.scrollLeft]);
  const before = await place();
  const trace = panel.trace<DecodingTrace>();
  const part = trace.search as Extract<SearchPart, { kind: "beams" }>;
  const params = { ...panel.state()!.params, repetition_penalty: 1.3 };
  const run = madeRun();
  await panel.send({ type: "running", run, params, edited: false });
  await panel.send({ type: "progress", run, fraction: 0.1, message: say("step 3"), trace: { ...trace, search: { ...part, steps: part.steps.slice(0, 3), finished: [], finish: "running" } } });
  await until("the new search", async () => (await panel.page.locator(`${figure} .base [data-step="19"]`).count()) === 0 && (await panel.page.locator(".beams-finished:visible").count()) === 0);
  expect(await place()).toEqual(before);
  await panel.send({ type: "trace", run, trace: { ...trace, search: part }, problems: [] });
  await until("the whole search", () => inSight(12));
  expect(await place()).toEqual(before);
  expect(await scroller.evaluate((element) => element.scrollLeft)).toBeGreaterThan(0);
});
