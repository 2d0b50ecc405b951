import * as vscode from "vscode";
import type { Values } from "../core/protocol.js";

/** An entry of samples/index.json, with its words in the reader's language. */
export type Sample = {
  readonly file: string;
  readonly title: string;
  readonly description: string;
  /** Absent for a file to be read and pointed at. */
  readonly explainer?: string;
  readonly params?: Values;
};

/** The samples that come with Lumen; read once, when they are first wanted. */
export function createSamples(extensionUri: vscode.Uri, storage: vscode.Uri, log: vscode.LogOutputChannel) {
  const folder = vscode.Uri.joinPath(extensionUri, "samples");
  let reading: Promise<readonly Sample[]> | undefined;

  async function read(): Promise<readonly Sample[]> {
    const bytes = await vscode.workspace.fs.readFile(vscode.Uri.joinPath(folder, "index.json"));
    const entries = JSON.parse(new TextDecoder().decode(bytes)) as readonly Sample[];
    const translated = (text: string) => vscode.l10n.bundle?.[text] ?? text;
    return entries.map((entry) => ({
      ...entry,
      title: translated(entry.title),
      description: translated(entry.description),
    }));
  }

  /**
   * A copy of the sample that the reader may edit: the workspace's own where it has one, else one in Lumen's storage,
   * which keeps its edits.
   */
  async function place(file: string): Promise<vscode.Uri> {
    const folders = vscode.workspace.workspaceFolders ?? [];
    const places = folders.flatMap(({ uri }) => [
      vscode.Uri.joinPath(uri, file),
      vscode.Uri.joinPath(uri, "samples", file),
    ]);
    const copy = vscode.Uri.joinPath(storage, "samples", file);
    for (const uri of [...places, copy]) if (await exists(uri)) return uri;
    await vscode.workspace.fs.copy(vscode.Uri.joinPath(folder, file), copy);
    return copy;
  }

  /** All samples; none, when the list can't be read. */
  async function all(): Promise<readonly Sample[]> {
    reading ??= read();
    try {
      return await reading;
    } catch (error) {
      log.error(`The list of samples can't be read: ${String(error)}`);
      return [];
    }
  }

  return { all, place };
}

export type Samples = ReturnType<typeof createSamples>;

async function exists(uri: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(uri);
    return true;
  } catch {
    return false;
  }
}
