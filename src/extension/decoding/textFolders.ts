import * as vscode from "vscode";
import { textEndings } from "../../core/models/ngram/isTextFile.js";
import type { FolderSpec, HiddenGlob } from "../../core/protocol.js";
import { SourceError } from "../dataSource.js";
import { nameOf } from "../editor/documents.js";

/**
 * The texts of a folder as a source. What files.exclude hides is left out.
 * @throws SourceError for a folder that is not on a disk
 */
export function textFolderSpec(uri: vscode.Uri): FolderSpec {
  const name = nameOf(uri);
  if (uri.scheme !== "file") throw new SourceError(vscode.l10n.t("{0} is not on a disk, so that its files can't be looked through. Copy it to a disk, or open one of its documents.", name));
  const root = vscode.workspace.getWorkspaceFolder(uri)?.uri;
  const below = root && uri.path.startsWith(`${root.path}/`) ? uri.path.slice(root.path.length + 1) : "";
  return { kind: "folder", uri: uri.toString(), name, path: uri.fsPath, asked: Date.now(), hidden: hiddenGlobs(uri), below };
}

/** What files.exclude hides, where the setting is on. */
function hiddenGlobs(uri: vscode.Uri): HiddenGlob[] {
  const set = vscode.workspace.getConfiguration("files", uri).get<Record<string, unknown>>("exclude", {});
  return Object.entries(set).flatMap(([glob, value]): HiddenGlob[] => {
    const when = typeof value === "object" && value !== null ? (value as { when?: unknown }).when : undefined;
    if (typeof when === "string") return [{ glob, when }];
    return value === true ? [{ glob }] : [];
  });
}

/** The folder given, or the one that the reader chooses; undefined where none is chosen. */
export async function chooseTextFolder(given?: unknown): Promise<vscode.Uri | undefined> {
  if (given instanceof vscode.Uri) return given;
  const endings = textEndings.slice(0, 6).map((ending) => `.${ending}`);
  const title = vscode.l10n.t("Count the Words of a Folder: {0} and other texts", endings.join(" "));
  const folders = await vscode.window.showOpenDialog({ title, openLabel: vscode.l10n.t("Count"), canSelectFolders: true, canSelectFiles: false, canSelectMany: false });
  return folders?.[0];
}
