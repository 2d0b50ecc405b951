import * as vscode from "vscode";
import type { HostToView, Values } from "../core/protocol.js";
import type { Live } from "./following.js";
import type { Services } from "./services.js";

/** The first message to a view that has just begun: everything that does not change. */
export async function greeting(explainer: string, services: Services): Promise<HostToView> {
  const samples = (await services.samples()).flatMap(({ file, title, explainer }) =>
    explainer === undefined ? [] : [{ file, title, explainer }],
  );
  return { type: "init", explainer, language: vscode.env.language, bundle: vscode.l10n.bundle ?? {}, samples };
}

/** Settings that pictures begin with. */
export function viewSettings(): HostToView {
  const settings: Values = { stripScale: vscode.workspace.getConfiguration("lumen.vectors").get("stripScale", 2) };
  return { type: "settings", settings };
}

/** Whether and how soon pictures follow their texts. */
export function liveSettings(): Live {
  const live = vscode.workspace.getConfiguration("lumen.live");
  return { enabled: live.get("enabled", true), delay: live.get("delay", 250) };
}
