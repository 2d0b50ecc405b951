import * as vscode from "vscode";
import { format, msg, type Problem } from "../../core/contract/index.js";
import { isModelFile, isPickle } from "../../core/models/isModelFile.js";
import type { ModelSpec } from "../../core/protocol.js";
import { SourceError } from "../dataSource.js";
import { nameOf } from "../editor/documents.js";
import type { Runner } from "../runner.js";
import { sharedBytes } from "../sharedBytes.js";
import { ended } from "../vectors/questions.js";

const key = "lumen.modelFolder";

/** Which language model is in use: a folder chosen by the command, else the setting's, else the built-in one. */
export class LanguageModels implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  /** Another one was chosen. */
  readonly onDidChange = this.changed.event;
  private readonly settings = vscode.workspace.onDidChangeConfiguration((event) => {
    // A new setting is meant to be seen.
    if (event.affectsConfiguration("lumen.models.folder")) void this.state.update(key, undefined).then(() => this.changed.fire());
  });
  /** The last folder that had to be read as a whole. */
  private bytes: Extract<ModelSpec, { kind: "bytes" }> | undefined;

  constructor(
    private readonly extensionUri: vscode.Uri,
    private readonly state: vscode.Memento,
    private readonly runner: Runner,
  ) {}

  /** The model in use. Of a folder that can't be read the worker has no files, and says which it lacks; or why there are none. */
  async spec(): Promise<ModelSpec> {
    const uri = this.chosen();
    if (!uri) return this.builtIn();
    return this.specOf(uri).catch((error: unknown): ModelSpec => {
      const reason = error instanceof Error ? error.message : String(error);
      const message = error instanceof SourceError ? msg("{0}", reason) : msg("{0} could not be read: {1}", nameOf(uri), reason);
      return { kind: "refused", uri: uri.toString(), name: nameOf(uri), message };
    });
  }

  /** Which one, for a report of a fault. */
  describe(): string {
    return this.chosen()?.toString() ?? "built-in";
  }

  private chosen(): vscode.Uri | undefined {
    const kept = this.state.get<string>(key);
    return kept === undefined ? settingUri() : kept === "" ? undefined : vscode.Uri.parse(kept, true);
  }

  builtIn(): ModelSpec {
    const uri = vscode.Uri.joinPath(this.extensionUri, "media/models/tiny-gpt2");
    return { kind: "folder", uri: uri.toString(), name: "", path: uri.fsPath };
  }

  private async specOf(uri: vscode.Uri): Promise<ModelSpec> {
    const place = { uri: uri.toString(), name: nameOf(uri) };
    if (uri.scheme === "file") return { kind: "folder", ...place, path: uri.fsPath };
    return this.wholeOf(uri, place);
  }

  /** The files of a folder without ranges, in shared memory, so that each run can name them without another copy. */
  private async wholeOf(uri: vscode.Uri, place: { readonly uri: string; readonly name: string }): Promise<ModelSpec> {
    const names = await filesIn(uri);
    const found = await Promise.all(names.map(async (name) => ({ name, ...(await vscode.workspace.fs.stat(vscode.Uri.joinPath(uri, name))) })));
    const modified = found.reduce((newest, { mtime }) => Math.max(newest, mtime), found.length);
    if (this.bytes?.uri === place.uri && this.bytes.modified === modified) return this.bytes;
    const size = found.reduce((sum, each) => sum + each.size, 0) / 1e6;
    const limit = vscode.workspace.getConfiguration("lumen").get("maxVirtualFileSizeMB", 200);
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
    const files = Object.fromEntries(await Promise.all(names.map(async (name) => [name, sharedBytes(await vscode.workspace.fs.readFile(vscode.Uri.joinPath(uri, name)))] as const)));
    this.bytes = { kind: "bytes", ...place, modified, files };
    return this.bytes;
  }

  /** The command: takes a folder of the Explorer, or "built-in", or asks for one, reads it and uses it from now on. */
  async choose(given: unknown): Promise<void> {
    const choice = given instanceof vscode.Uri ? await folderOf(given) : given === "built-in" ? given : await ask();
    if (choice === undefined) return;
    const builtIn = choice === "built-in";
    const spec = builtIn ? this.builtIn() : await this.specOf(choice);
    const name = builtIn ? vscode.l10n.t("the built-in model") : spec.name;
    const ending = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title: vscode.l10n.t("Reading {0}", name), cancellable: true },
      (progress, token) =>
        ended(this.runner, (listener) => this.runner.loadModel(spec, listener), token, ({ message }) => progress.report({ message: format(message, vscode.l10n.bundle) })),
    );
    if (ending.type === "invalid") throw new SourceError(sentences(ending.problems));
    if (ending.type !== "modelLoaded") return;
    await this.state.update(key, builtIn ? "" : spec.uri);
    this.changed.fire();
    const sentence = vscode.l10n.t("{0} is used now: {1}, {2} layers, {3} parameters.", name, ending.family, ending.layers, ending.parameters.toLocaleString("en-US"));
    void vscode.window.showInformationMessage([sentence, sentences(ending.problems)].filter(Boolean).join(" "));
  }

  dispose(): void {
    this.settings.dispose();
    this.changed.dispose();
  }
}

async function ask(): Promise<vscode.Uri | "built-in" | undefined> {
  const browse = { label: vscode.l10n.t("Choose a folder…"), detail: vscode.l10n.t("With config.json, tokenizer.json and model.safetensors, of the GPT-2, the Llama or, for attention alone, the BERT family") };
  const builtIn = { label: vscode.l10n.t("Built-in"), detail: vscode.l10n.t("A GPT-2 of a million weights and 2,048 tokens, which repeats itself as small models do") };
  const picked = await vscode.window.showQuickPick([browse, builtIn], { placeHolder: vscode.l10n.t("Which language model?") });
  if (picked !== browse) return picked && "built-in";
  const folders = await vscode.window.showOpenDialog({ title: vscode.l10n.t("Use Model Folder"), canSelectFolders: true, canSelectFiles: false, canSelectMany: false });
  return folders?.[0];
}

/** The folder itself, or the one that a file of a model lies in. */
async function folderOf(uri: vscode.Uri): Promise<vscode.Uri> {
  const type = await vscode.workspace.fs.stat(uri).then(
    (stat) => stat.type,
    () => vscode.FileType.Unknown,
  );
  return (type & vscode.FileType.File) !== 0 ? vscode.Uri.joinPath(uri, "..") : uri;
}

/** The names of a model's files in a folder; none when it can't be read. */
async function filesIn(uri: vscode.Uri): Promise<string[]> {
  const entries = await vscode.workspace.fs.readDirectory(uri).then(
    (found) => found,
    () => [],
  );
  const names = entries.flatMap(([name, type]) => ((type & vscode.FileType.File) !== 0 && isModelFile(name) ? [name] : [])).sort();
  // A pickle is only looked at to be refused, so that it need not travel beside weights that can be read.
  return names.some((name) => name.endsWith(".safetensors")) ? names.filter((name) => !isPickle(name)) : names;
}

/** The folder that the setting names, relative to the first folder of the workspace. */
function settingUri(): vscode.Uri | undefined {
  const folder = vscode.workspace.getConfiguration("lumen.models").get("folder", "").trim();
  if (folder === "") return undefined;
  if (/^[a-z][\w+.-]+:\/\//i.test(folder)) return vscode.Uri.parse(folder, true);
  const first = vscode.workspace.workspaceFolders?.[0]?.uri;
  const absolute = /^(?:\/|\\\\|[a-z]:[\\/])/i.test(folder);
  return absolute || !first ? vscode.Uri.file(folder) : vscode.Uri.joinPath(first, folder);
}

function sentences(problems: readonly Problem[]): string {
  return problems.map(({ message }) => format(message, vscode.l10n.bundle)).join(" ");
}
