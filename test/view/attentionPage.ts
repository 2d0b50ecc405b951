import type { AttentionTrace } from "../../src/core/attention/trace.js";
import { until } from "../support/until.js";
import type { OpenOptions, Panel } from "./harness.js";
import { madeRun } from "./support.js";

/** Opens and reads the attention explorer. */

export const sentence = "The river rose because the snow melted too fast.";

/** The built-in model reads a sentence of a note. */
export function reading(options: OpenOptions = {}): OpenOptions {
  return { explainer: "attention", text: { name: "note.txt", text: `${sentence}\n` }, width: 1100, height: 1000, ...options };
}

/** Waits for a trace that fits, and until it is drawn. */
export async function traced(panel: Panel, what: string, fits: (trace: AttentionTrace) => boolean): Promise<AttentionTrace> {
  const trace = await until(what, () => {
    const last = panel.outcomes.filter((outcome) => outcome.type === "trace").at(-1)?.trace as AttentionTrace | undefined;
    return last && fits(last) ? last : undefined;
  });
  await panel.drawn();
  return trace;
}

/** Shows a made trace, as a run would. */
export async function show(panel: Panel, trace: AttentionTrace, params: Readonly<Record<string, unknown>> = {}): Promise<void> {
  const run = madeRun();
  await panel.send({ type: "running", run, params, edited: false });
  await panel.send({ type: "trace", run, trace, problems: [] });
  await panel.drawn();
}
