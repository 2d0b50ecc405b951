import * as vscode from "vscode";
import type { NamedBytes, SourceSpec } from "../core/protocol.js";
import { holdsArrays, wordsNames } from "../core/vectors/files/wordsNames.js";
import { textFolderSpec } from "./decoding/textFolders.js";
import { nameOf, openDocument, textSpec } from "./editor/documents.js";

/** Something the reader can mend before anything is opened. */
export class SourceError extends Error {}

/**
 * The source of a file chosen in the Explorer. On disk the worker reads it by ranges; elsewhere it has to fit into
 * memory. A file with unsaved edits is taken from its editor, and one of text up to `textBelow` bytes is read as an editor
 * would. Throws a `SourceError` with a sentence.
 */
export async function explorerSpec(uri: vscode.Uri, textBelow = 0): Promise<SourceSpec> {
  const document = openDocument(uri.toString());
  const text = document?.isDirty || document?.isUntitled ? document : await smallText(uri, textBelow);
  return text ? textSpec(text, []) : dataSpec(uri);
}

async function smallText(uri: vscode.Uri, textBelow: number): Promise<vscode.TextDocument | undefined> {
  if (textBelow === 0 || /\.(?:npy|npz|safetensors|bin)$/i.test(uri.path)) return undefined;
  try {
    const { size } = await vscode.workspace.fs.stat(uri);
    return size <= textBelow ? await vscode.workspace.openTextDocument(uri) : undefined;
  } catch {
    // Not text, or gone: whoever reads it as a file says so.
    return undefined;
  }
}

const partMark = "array=";

/** The address of one array of a file. */
export function withPart(uri: vscode.Uri, part: string): vscode.Uri {
  return uri.with({ fragment: `${partMark}${part}` });
}

/** The file of an address, and the array that it means, if it means one. */
export function partOf(uri: vscode.Uri): { readonly file: vscode.Uri; readonly part?: string } {
  if (!uri.fragment.startsWith(partMark)) return { file: uri };
  return { file: uri.with({ fragment: "" }), part: uri.fragment.slice(partMark.length) };
}

/** The source of a file as it is saved, or of the array of it that the address means. */
export async function dataSpec(uri: vscode.Uri): Promise<SourceSpec> {
  const { file, part } = partOf(uri);
  const place = { uri: uri.toString(), name: nameOf(file), ...(part === undefined ? {} : { part }) };
  const stat = await vscode.workspace.fs.stat(file).then(
    (found) => found,
    () => undefined,
  );
  if (!stat) throw new SourceError(vscode.l10n.t("{0} is not there any more.", place.name));
  if ((stat.type & vscode.FileType.Directory) !== 0) return textFolderSpec(file);
  if (file.scheme === "file") return { kind: "file", ...place, path: file.fsPath };
  const limit = vscode.workspace.getConfiguration("lumen").get("maxVirtualFileSizeMB", 200);
  const size = stat.size / 1e6;
  if (size > limit) {
    throw new SourceError(
      vscode.l10n.t(
        "{0} has {1} MB, and its file system can only be read as a whole, which is limited to {2} MB. Copy it to a disk, or raise lumen.maxVirtualFileSizeMB.",
        place.name,
        size.toFixed(0),
        limit,
      ),
    );
  }
  const bytes = Uint8Array.from(await vscode.workspace.fs.readFile(file));
  return { kind: "bytes", ...place, bytes, ...(holdsArrays(place.name) ? { beside: await besideOf(file) } : {}) };
}

/** The files beside one of arrays that may hold its words. */
async function besideOf(file: vscode.Uri): Promise<NamedBytes[]> {
  const folder = vscode.Uri.joinPath(file, "..");
  const entries = await vscode.workspace.fs.readDirectory(folder).then(
    (found) => new Map(found),
    () => new Map<string, vscode.FileType>(),
  );
  const names = wordsNames(nameOf(file)).filter((name) => ((entries.get(name) ?? 0) & vscode.FileType.File) !== 0);
  return Promise.all(names.map(async (name) => ({ name, bytes: Uint8Array.from(await vscode.workspace.fs.readFile(vscode.Uri.joinPath(folder, name))) })));
}
