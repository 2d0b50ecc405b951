import { randomUUID } from "node:crypto";
import { homedir, tmpdir } from "node:os";
import path from "node:path";
import * as vscode from "vscode";
import { format } from "../core/contract/index.js";
import type { RunListener, Runner, WriteRequest } from "./runner.js";

const folderKey = "lumen.saveFolder";

/** Asks where to save a file, starting in the folder used last, else beside the source. */
export async function askWhere(
  state: vscode.Memento,
  name: string,
  sourceUri: string,
): Promise<vscode.Uri | undefined> {
  const remembered = state.get<string>(folderKey);
  const source = vscode.Uri.parse(sourceUri, true);
  const beside = source.scheme === "untitled" || source.scheme === "lumen" ? undefined : vscode.Uri.joinPath(source, "..");
  const folder = remembered
    ? vscode.Uri.parse(remembered)
    : (beside ?? vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file(homedir()));
  const extension = path.extname(name).slice(1);
  const target = await vscode.window.showSaveDialog({
    defaultUri: vscode.Uri.joinPath(folder, name),
    ...(extension ? { filters: { [extension.toUpperCase()]: [extension] } } : {}),
  });
  if (target) await state.update(folderKey, vscode.Uri.joinPath(target, "..").toString());
  return target;
}

/** Says that a file was saved and offers to look at it. */
export async function offerToOpen(target: vscode.Uri): Promise<void> {
  const open = vscode.l10n.t("Open");
  const reveal = vscode.l10n.t("Show in Folder");
  const actions = target.scheme === "file" && vscode.env.uiKind === vscode.UIKind.Desktop ? [open, reveal] : [open];
  const chosen = await vscode.window.showInformationMessage(
    vscode.l10n.t("Saved {0}.", path.posix.basename(target.path)),
    ...actions,
  );
  if (chosen === open) await vscode.commands.executeCommand("vscode.open", target, vscode.ViewColumn.One);
  if (chosen === reveal) await vscode.commands.executeCommand("revealFileInOS", target);
}

/**
 * Inserts text at the caret of an editor, in one undo step; where that is not possible, or the editor shows the source
 * itself, into a new document beside the picture.
 */
export async function insertText(
  text: string,
  languageId: string,
  editor: vscode.TextEditor | undefined,
  source: string,
): Promise<void> {
  if (editor && !editor.document.isClosed && editor.document.uri.toString() !== source) {
    const { document, viewColumn } = editor;
    const shown = await vscode.window.showTextDocument(document, { viewColumn: viewColumn ?? vscode.ViewColumn.One });
    const done = await shown.edit((edit) => {
      for (const selection of shown.selections) edit.replace(selection, text);
    });
    if (done) return;
  }
  const document = await vscode.workspace.openTextDocument({ content: text, language: languageId });
  // Where source and picture already stand side by side, a third column would leave no room for either.
  const room = vscode.window.tabGroups.all.length < 2;
  const viewColumn = room ? vscode.ViewColumn.Beside : (editor?.viewColumn ?? vscode.ViewColumn.One);
  await vscode.window.showTextDocument(document, { viewColumn });
}

/** Lets the worker write an export of all rows, which may be long, and says how far it is. */
export async function saveAllRows(
  runner: Runner,
  request: Omit<WriteRequest, "path">,
  target: vscode.Uri,
): Promise<void> {
  const local = target.scheme === "file";
  const file = local ? target.fsPath : path.join(tmpdir(), `lumen-${randomUUID()}`);
  const title = vscode.l10n.t("Saving {0}", path.posix.basename(target.path));
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  const ending = await vscode.window.withProgress(options, (_, token) => {
    return new Promise<Parameters<RunListener>[0]>((resolve) => {
      const run = runner.write({ ...request, path: file }, (event) => {
        if (event.type !== "progress") resolve(event);
      });
      token.onCancellationRequested(() => runner.cancel(run));
    });
  });
  switch (ending.type) {
    case "written":
      if (!local) await vscode.workspace.fs.rename(vscode.Uri.file(file), target, { overwrite: true });
      return offerToOpen(target);
    case "invalid":
      throw new Error(ending.problems.map((problem) => format(problem.message, vscode.l10n.bundle)).join(" "));
    case "failed":
      throw new Error(format(ending.message, vscode.l10n.bundle));
    default:
      return;
  }
}
