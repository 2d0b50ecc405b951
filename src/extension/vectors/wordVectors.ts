import * as vscode from "vscode";
import { format } from "../../core/contract/index.js";
import type { StoreSpec } from "../../core/protocol.js";
import { dataSpec, partOf, SourceError } from "../dataSource.js";
import { nameOf } from "../editor/documents.js";
import type { Runner } from "../runner.js";
import { sharedBytes } from "../sharedBytes.js";
import { chooseArray } from "../tensors/chooseArray.js";
import { ended } from "./questions.js";

const key = "lumen.wordVectors";
const endings = ["txt", "vec", "bin", "npy", "npz", "safetensors"];

/** Which word vectors are in use: a file chosen by the command, else the setting's, else the built-in ones. */
export class WordVectors implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  /** Others were chosen. */
  readonly onDidChange = this.changed.event;
  private readonly settings = vscode.workspace.onDidChangeConfiguration((event) => {
    // A new setting is meant to be seen.
    if (event.affectsConfiguration("lumen.vectors.file")) void this.state.update(key, undefined).then(() => this.changed.fire());
  });
  /** The last file that had to be read as a whole. */
  private bytes: Extract<StoreSpec, { kind: "bytes" }> | undefined;

  constructor(
    private readonly extensionUri: vscode.Uri,
    private readonly state: vscode.Memento,
    private readonly runner: Runner,
  ) {}

  /** The vectors in use. Throws a `SourceError` when their file is gone. */
  async spec(): Promise<StoreSpec> {
    const uri = this.chosen();
    return uri ? this.specOf(uri) : this.builtIn();
  }

  /** The same, for runs that may do without: of a file that is gone the worker has nothing to read, and says so. */
  async attached(): Promise<StoreSpec> {
    const uri = this.chosen();
    try {
      return await this.spec();
    } catch (error) {
      if (!(error instanceof SourceError) || !uri) throw error;
      return { kind: "bytes", uri: uri.toString(), name: nameOf(uri), modified: -1 };
    }
  }

  /** Which ones, for a report of a fault. */
  describe(): string {
    return this.chosen()?.toString() ?? "built-in";
  }

  private chosen(): vscode.Uri | undefined {
    const kept = this.state.get<string>(key);
    return kept === undefined ? settingUri() : kept === "" ? undefined : vscode.Uri.parse(kept, true);
  }

  private builtIn(): StoreSpec {
    const uri = vscode.Uri.joinPath(this.extensionUri, "media/models/word-vectors/vectors.npy");
    return { kind: "file", uri: uri.toString(), name: "vectors.npy", path: uri.fsPath, builtIn: true };
  }

  private async specOf(uri: vscode.Uri): Promise<StoreSpec> {
    // A local file is opened by the worker, which says it when the file is gone.
    const { part } = partOf(uri);
    const array = part === undefined ? {} : { part };
    if (uri.scheme === "file") return { kind: "file", uri: uri.toString(), name: nameOf(uri), path: uri.fsPath, ...array };
    const modified = await vscode.workspace.fs.stat(partOf(uri).file).then(
      ({ mtime }) => mtime,
      () => -1,
    );
    if (this.bytes?.uri === uri.toString() && this.bytes.modified === modified) return this.bytes;
    const spec = await dataSpec(uri);
    if (spec.kind !== "bytes") throw new SourceError(vscode.l10n.t("{0} is not there any more.", spec.name));
    this.bytes = { kind: "bytes", uri: spec.uri, name: spec.name, modified, bytes: sharedBytes(spec.bytes), ...(spec.beside ? { beside: spec.beside } : {}), ...array };
    return this.bytes;
  }

  /** The command: takes a file of the Explorer, or asks for one, reads it and uses it from now on. */
  async choose(given: unknown): Promise<void> {
    const asked = given instanceof vscode.Uri ? given : await this.ask();
    const choice = asked instanceof vscode.Uri ? await chooseArray(asked, this.runner, ({ noRows }) => noRows) : asked;
    if (choice === undefined) return;
    const builtIn = choice === "built-in";
    const spec = builtIn ? this.builtIn() : await this.specOf(choice);
    const name = builtIn ? vscode.l10n.t("the built-in word vectors") : spec.name;
    const ending = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title: vscode.l10n.t("Reading {0}", name), cancellable: true },
      (progress, token) => {
        let shown = 0;
        return ended(this.runner, (listener) => this.runner.load(spec, listener), token, ({ fraction, message }) => {
          const percent = Number.isFinite(fraction) ? Math.round(100 * fraction) : shown;
          progress.report({ message: format(message, vscode.l10n.bundle), increment: percent - shown });
          shown = percent;
        });
      },
    );
    if (ending.type === "invalid") throw new SourceError(sentences(ending.problems));
    if (ending.type !== "loaded") return;
    await this.state.update(key, builtIn ? "" : spec.uri);
    this.changed.fire();
    const sentence = vscode.l10n.t("{0} words of {1} numbers each from {2} are used now.", ending.words.toLocaleString("en-US"), ending.dimensions, name);
    void vscode.window.showInformationMessage([sentence, sentences(ending.problems)].filter(Boolean).join(" "));
  }

  private async ask(): Promise<vscode.Uri | "built-in" | undefined> {
    const shown = vscode.window.activeTextEditor?.document.uri;
    const here = shown && endings.some((ending) => shown.path.toLowerCase().endsWith(`.${ending}`)) ? shown : undefined;
    const browse = { label: vscode.l10n.t("Choose a file…"), detail: vscode.l10n.t("GloVe or word2vec text, fastText .vec, word2vec .bin, or an array in .npy, .npz or .safetensors with words.txt beside it") };
    const builtIn = { label: vscode.l10n.t("Built-in"), detail: vscode.l10n.t("10,000 English words of 100 numbers each, derived from GloVe") };
    const open = here && { label: nameOf(here), detail: vscode.l10n.t("The file in the editor") };
    const items: vscode.QuickPickItem[] = [...(open ? [open] : []), browse, builtIn];
    const picked = await vscode.window.showQuickPick(items, { placeHolder: vscode.l10n.t("Which word vectors?") });
    if (picked === builtIn) return "built-in";
    if (picked !== browse) return picked && here;
    const title = vscode.l10n.t("Use as Word Vectors");
    const files = await vscode.window.showOpenDialog({ title, filters: { [vscode.l10n.t("Word vectors")]: endings }, canSelectMany: false });
    return files?.[0];
  }

  dispose(): void {
    this.settings.dispose();
    this.changed.dispose();
  }
}

/** The file that the setting names, relative to the first folder of the workspace. */
function settingUri(): vscode.Uri | undefined {
  const file = vscode.workspace.getConfiguration("lumen.vectors").get("file", "").trim();
  if (file === "") return undefined;
  if (/^[a-z][\w+.-]+:\/\//i.test(file)) return vscode.Uri.parse(file, true);
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const absolute = /^(?:\/|\\\\|[a-z]:[\\/])/i.test(file);
  return absolute || !folder ? vscode.Uri.file(file) : vscode.Uri.joinPath(folder, file);
}

function sentences(problems: readonly { readonly message: Parameters<typeof format>[0] }[]): string {
  return problems.map(({ message }) => format(message, vscode.l10n.bundle)).join(" ");
}
