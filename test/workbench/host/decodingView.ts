import * as vscode from "vscode";
import type { DecodingTrace } from "../../../src/core/decoding/trace.js";
import type { TestApi } from "../../../src/extension/testApi.js";
import { closePanels, sentencesOf, testApi, until } from "./lumen.js";

/** Opens the view of decoding, and looks at it. */

/** For a suite: the view is there at its beginning, each test leaves no editor or panel, and at the end there is no worker. */
export function withView(): void {
  suiteSetup(async () => {
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    await vscode.commands.executeCommand("lumen.exploreDecoding");
    const api = await testApi();
    await until("the view", () => api.decoding());
  });

  suiteTeardown(async () => {
    const api = await testApi();
    await vscode.commands.executeCommand("lumen.showGallery");
    await until("no view, and no worker without one", () => api.decoding() === undefined && api.worker().worker === "none");
  });

  teardown(async () => {
    await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    await closePanels(await testApi());
  });
}

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
