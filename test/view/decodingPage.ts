import type { DecodingTrace, ExplorePart } from "../../src/core/decoding/trace.js";
import { until } from "../support/until.js";
import type { OpenOptions, Panel } from "./harness.js";
import { boxOf } from "../support/boxOf.js";

/** Opens and reads the decoding explorer. */

export const prompt = "The old king looked out at the snow and the sea, and past";

/** The built-in model goes on from the prompt, with the parameters of the mock-up. */
export function mocked(params: OpenOptions["params"] = {}, options: OpenOptions = {}): OpenOptions {
  return {
    text: { name: "prompt.txt", text: "A note.\n" }, explainer: "decoding", width: 340, height: 1300,
    params: { prompt, repetition_penalty: 1.2, temperature: 0.8, top_k: 12, top_p: 0.9, random_state: 7, max_new_tokens: 20, ...params },
    ...options,
  };
}

export function explored(panel: Panel): ExplorePart {
  const { explore } = panel.trace<DecodingTrace>();
  if (!explore) throw new Error("The trace has no stages.");
  return explore;
}

/** The texts of tokens as the trace gives them. */
export function pieceIn(panel: Panel, id: number): string {
  const { pieceIds, pieces } = panel.trace<DecodingTrace>();
  return pieces[pieceIds.indexOf(id)];
}

export const token = (panel: Panel, position: number) => panel.page.locator(`.token[data-position="${position}"]`);

/** Goes to a token of the text. */
export async function goTo(panel: Panel, position: number): Promise<void> {
  await token(panel, position).click();
  await until(`position ${position}`, async () => (await token(panel, position).getAttribute("aria-selected")) === "true");
  await panel.drawn();
}

/** Waits for a trace that fits, and until it is drawn. */
export async function traced(panel: Panel, what: string, fits: (trace: DecodingTrace) => boolean): Promise<DecodingTrace> {
  const trace = await until(what, () => {
    const last = panel.outcomes.filter((outcome) => outcome.type === "trace").at(-1)?.trace as DecodingTrace | undefined;
    return last && fits(last) ? last : undefined;
  });
  await panel.drawn();
  return trace;
}

/** Where a line of the pipeline stands in the window. */
export async function line(panel: Panel, row: number): Promise<{ x: number; y: number }> {
  const box = await boxOf(panel.page.locator(".pipeline-stages"));
  return { x: box.x + 30, y: box.y + 34 + 17 * row + 8 };
}

/** The names at the left of the pipeline, struck ones in brackets. */
export function rowNames(panel: Panel): Promise<string[]> {
  return panel.page.locator(".pipeline-names").evaluate((svg) => {
    const gone = Array.from(svg.querySelectorAll(".pipeline-gone"), (mark) => Number(mark.getAttribute("y1")));
    return Array.from(svg.querySelectorAll("text.m"), (text) => {
      const struck = gone.some((y) => Math.abs(y - Number(text.getAttribute("y")) + 4) < 1);
      return struck ? `(${text.textContent})` : (text.textContent ?? "");
    });
  });
}
