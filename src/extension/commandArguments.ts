import * as vscode from "vscode";
import type { Span } from "../core/contract/index.js";
import type { Values } from "../core/protocol.js";

/** What CodeLens and quick fixes pass to a fit: a place in a text, or the owner of a problem and the parameters that mend it. */
export type FitArgument = {
  readonly uri: string;
  readonly span?: Span;
  readonly owner?: object;
  readonly params?: Values;
};

/** The files that a command of the Explorer's menu, or of a tab without text, is about; none where it is about an editor. */
export function chosenFiles(first: unknown, second: unknown, editor: vscode.TextEditor | undefined): readonly vscode.Uri[] {
  const chosen = Array.isArray(second) ? second.filter((each) => each instanceof vscode.Uri) : [];
  if (chosen.length > 0) return chosen;
  const named = first instanceof vscode.Uri ? first : fileInSight();
  return named && named.toString() !== editor?.document.uri.toString() ? [named] : [];
}

/** The file of the active tab where VS Code gives no text of it: a binary one, or a text that is too large. */
function fileInSight(): vscode.Uri | undefined {
  const input = vscode.window.activeTextEditor ? undefined : vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  return input instanceof vscode.TabInputCustom || input instanceof vscode.TabInputText ? input.uri : undefined;
}

export function isFitArgument(value: unknown): value is FitArgument {
  return (
    typeof value === "object" &&
    value !== null &&
    !(value instanceof vscode.Uri) &&
    "uri" in value &&
    typeof value.uri === "string"
  );
}

/** Whether ranges hold all of the document but blank space, so that they stand for the whole of it. */
export function coversAll(document: vscode.TextDocument, ranges: readonly Span[]): boolean {
  const text = document.getText();
  return ranges.some(({ start, end }) => text.slice(0, start).trim() === "" && text.slice(end).trim() === "");
}
