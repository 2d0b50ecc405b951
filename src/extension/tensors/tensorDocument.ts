import * as vscode from "vscode";
import { msg, type Message } from "../../core/contract/index.js";
import type { StoreSpec } from "../../core/protocol.js";
import { dataSpec, SourceError } from "../dataSource.js";
import { nameOf } from "../editor/documents.js";

type Stamp = { readonly mtime: number; readonly size: number };

/** A file of arrays that is open in one or more editors. */
export class TensorDocument implements vscode.CustomDocument {
  private readonly changes = new vscode.EventEmitter<Message>();
  /** The file is no longer as it was when it was opened; once until `renew`. */
  readonly onDidChange = this.changes.event;
  private readonly disposables: vscode.Disposable[] = [this.changes];
  private opened: Stamp | undefined;
  private told = false;

  constructor(
    readonly uri: vscode.Uri,
    private readonly closed: (uri: string) => void,
  ) {
    const folder = vscode.Uri.joinPath(uri, "..");
    const watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(folder, "*"));
    const check = (changed: vscode.Uri) => {
      if (changed.toString() === uri.toString()) void this.check();
    };
    this.disposables.push(watcher, watcher.onDidChange(check), watcher.onDidDelete(check), watcher.onDidCreate(check));
  }

  get name(): string {
    return nameOf(this.uri);
  }

  /** Takes the file as it is now for what is shown. */
  async renew(): Promise<void> {
    this.opened = await this.stamp();
    this.told = false;
  }

  /** What the worker is asked about. Without `whole` it is taken to have a virtual file's bytes. Throws a `SourceError`. */
  async spec(whole: boolean): Promise<StoreSpec> {
    const place = { uri: this.uri.toString(), name: this.name };
    if (this.uri.scheme === "file") return { kind: "file", ...place, path: this.uri.fsPath };
    const modified = this.opened?.mtime ?? -1;
    if (!whole) return { kind: "bytes", ...place, modified };
    const spec = await dataSpec(this.uri);
    if (spec.kind !== "bytes") throw new SourceError(vscode.l10n.t("{0} is not there any more.", this.name));
    return { kind: "bytes", ...place, modified, bytes: spec.bytes };
  }

  /** Looks whether the file is still as it was. */
  async check(): Promise<void> {
    const { opened } = this;
    if (!opened || this.told) return;
    const now = await this.stamp();
    if (this.told || this.opened !== opened || (now?.mtime === opened.mtime && now.size === opened.size)) return;
    this.told = true;
    this.changes.fire(
      now
        ? msg("{0} was changed after it was read.", this.name)
        : msg("{0} is not there any more. What is shown was read before.", this.name),
    );
  }

  private async stamp(): Promise<Stamp | undefined> {
    return vscode.workspace.fs.stat(this.uri).then(
      ({ mtime, size }) => ({ mtime, size }),
      () => undefined,
    );
  }

  dispose(): void {
    for (const each of this.disposables.splice(0)) each.dispose();
    this.closed(this.uri.toString());
  }
}
