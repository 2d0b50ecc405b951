import type { DecodingTrace } from "../../../src/core/decoding/trace.js";
import type { TestApi } from "../../../src/extension/testApi.js";
import { sentencesOf, until } from "./lumen.js";

/** Looks at the view of decoding. */

export function lastTrace(api: TestApi): DecodingTrace | undefined {
  return api.decoding()?.trace?.trace as DecodingTrace | undefined;
}

/** Waits for the end of a run. */
export async function settled(api: TestApi, what: string, holds: () => boolean | undefined): Promise<void> {
  await until(what, () => !api.decoding()?.active && api.decoding()?.outcome?.type === "trace" && holds());
}

/** The finished trace of the view that has something. */
export async function traceWith(api: TestApi, what: string, has: (trace: DecodingTrace) => boolean | undefined): Promise<DecodingTrace> {
  let said = "";
  const found = () => {
    const state = api.decoding();
    said = state ? [state.uri, state.params.source, state.active ? "running" : state.outcome?.type, lastTrace(api)?.prompt.text, ...(state.outcome ? sentencesOf(state.outcome) : [])].join(" · ") : "no view";
    if (!state || state.active || state.outcome?.type !== "trace") return undefined;
    const trace = lastTrace(api);
    return trace && has(trace) ? trace : undefined;
  };
  return until(what, found).catch((error: unknown) => Promise.reject(new Error(`${what}: ${said}`, { cause: error })));
}

export async function refusal(api: TestApi, sentence: RegExp): Promise<string> {
  return until(String(sentence), () => {
    const state = api.decoding();
    const said = state && !state.active && state.outcome?.type === "invalid" ? sentencesOf(state.outcome).join(" ") : "";
    return sentence.test(said) ? said : undefined;
  });
}
