import * as vscode from "vscode";
import type { TensorPlace } from "../../core/protocol.js";
import type { Runner } from "../runner.js";
import { TensorDocument } from "./tensorDocument.js";
import { TensorPanel } from "./tensorPanel.js";

/** The editor of .npy, .npz and .safetensors, and that of word2vec .bin, which is opened only on request. */
export const tensorViewTypes = ["lumen.tensors", "lumen.binaryVectors"] as const;

const key = "lumen.tensorPlaces";
const placesKept = 100;

export type TensorEditorsOptions = {
  readonly extensionUri: vscode.Uri;
  readonly runner: Runner;
  readonly log: vscode.LogOutputChannel;
  readonly state: vscode.Memento;
  /** The last of them was closed. */
  idle(): void;
};

/** Opens files of arrays in read-only editors. */
export class TensorEditors implements vscode.CustomReadonlyEditorProvider<TensorDocument>, vscode.Disposable {
  private readonly panels = new Set<TensorPanel>();
  private readonly registrations = tensorViewTypes.map((viewType) =>
    vscode.window.registerCustomEditorProvider(viewType, this, {
      supportsMultipleEditorsPerDocument: true,
      webviewOptions: { enableFindWidget: true },
    }),
  );

  constructor(private readonly options: TensorEditorsOptions) {}

  openCustomDocument(uri: vscode.Uri): TensorDocument {
    return new TensorDocument(uri, (closed) => this.options.runner.release(closed));
  }

  resolveCustomEditor(document: TensorDocument, webviewPanel: vscode.WebviewPanel): void {
    const uri = document.uri.toString();
    const panel = new TensorPanel(webviewPanel, document, {
      ...this.options,
      place: () => this.places()[uri],
      keep: (place) => this.keep(uri, place),
    });
    this.panels.add(panel);
    webviewPanel.onDidDispose(() => {
      this.panels.delete(panel);
      panel.dispose();
      if (!this.open) this.options.idle();
    });
  }

  /** Whether any is open, so that the worker is still needed. */
  get open(): boolean {
    return this.panels.size > 0;
  }

  all(): readonly TensorPanel[] {
    return [...this.panels];
  }

  private places(): Readonly<Record<string, TensorPlace>> {
    return this.options.state.get<Record<string, TensorPlace>>(key, {});
  }

  private keep(uri: string, place: TensorPlace): void {
    const { [uri]: _, ...others } = this.places();
    const entries = [...Object.entries(others), [uri, place] as const];
    void this.options.state.update(key, Object.fromEntries(entries.slice(-placesKept)));
  }

  dispose(): void {
    for (const each of this.registrations) each.dispose();
    for (const panel of this.panels) panel.dispose();
  }
}
