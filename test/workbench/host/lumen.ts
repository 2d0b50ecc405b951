import assert from "node:assert/strict";
import * as vscode from "vscode";
import { format, type Problem } from "../../../src/core/contract/index.js";
import type { RunEvent } from "../../../src/core/protocol.js";
import type { TestApi } from "../../../src/extension/testApi.js";

/** What Lumen shows its tests. */
export async function testApi(): Promise<TestApi> {
  const extension = vscode.extensions.getExtension<TestApi | undefined>("lumen.lumen");
  assert.ok(extension, "lumen.lumen is not installed");
  const api = await extension.activate();
  assert.ok(api, "Lumen does not know that it is tested");
  return api;
}

/** Waits until `probe` gives something other than undefined or false. */
export async function until<T>(what: string, probe: () => T | undefined | false): Promise<T> {
  const end = Date.now() + 50_000;
  for (;;) {
    const found = probe();
    if (found !== undefined && found !== false) return found;
    assert.ok(Date.now() < end, `waited too long for: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** The address of a file in the opened workspace. */
export function fileOf(name: string): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder, "no workspace is open");
  return vscode.Uri.joinPath(folder.uri, name);
}

/** How the run of the session that shows this file ended; waits for it. */
export async function outcomeOf(api: TestApi, uri: vscode.Uri): Promise<RunEvent> {
  return until(`the end of the run of ${uri.path}`, () => {
    const session = api.sessions().find((each) => each.uri === uri.toString());
    return session && !session.active && session.outcome;
  });
}

/** The sentences of the problems with which a run ended. */
export function sentencesOf(event: RunEvent): string[] {
  const problems: readonly Problem[] = event.type === "invalid" || event.type === "trace" ? event.problems : [];
  return problems.map((problem) => format(problem.message));
}

/** Opens a file, or new text of a language, in an editor. */
export async function show(source: vscode.Uri | string, language = "plaintext"): Promise<vscode.TextEditor> {
  const document =
    typeof source === "string"
      ? await vscode.workspace.openTextDocument({ content: source, language })
      : await vscode.workspace.openTextDocument(source);
  const editor = await vscode.window.showTextDocument(document, vscode.ViewColumn.One);
  return typeof source === "string" && (document.isClosed || document.getText() !== source) ? written(document.uri, source) : editor;
}

/** The same, and waits until VS Code calls its editor the active one, which may be a moment later. */
export async function active(source: vscode.Uri | string): Promise<vscode.TextEditor> {
  const { document } = await show(source);
  return until("the active editor", () => {
    const editor = vscode.window.activeTextEditor;
    return editor?.document.uri.toString() === document.uri.toString() && !editor.document.isClosed && editor;
  });
}

/**
 * The active editor of that document, once it holds that text: a new text may get the name of one that is being closed, and with
 * it what that one held.
 */
async function written(uri: vscode.Uri, text: string): Promise<vscode.TextEditor> {
  for (let left = 2500; left > 0; left--) {
    const editor = vscode.window.activeTextEditor;
    if (editor?.document.uri.toString() === uri.toString() && !editor.document.isClosed) {
      const { document } = editor;
      if (document.getText() === text) return editor;
      const all = new vscode.Range(new vscode.Position(0, 0), document.lineAt(document.lineCount - 1).range.end);
      await Promise.resolve(editor.edit((edit) => edit.replace(all, text))).catch(() => undefined); // it was closed meanwhile
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`The text did not come into ${uri.toString()}.`);
}

/** Closes all panels, and waits until Lumen has seen it. */
export async function closePanels(api: TestApi): Promise<void> {
  while (api.sessions().length > 0) {
    const count = api.sessions().length;
    api.close(0);
    await until("a closed panel", () => api.sessions().length < count);
  }
}
