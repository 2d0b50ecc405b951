import * as vscode from "vscode";
import type { Block } from "../../core/decoding/config/index.js";
import type { ConfigInfo, Values } from "../../core/protocol.js";
import { blocksIn, languages } from "../editor/configLanguages.js";
import { nameOf, openDocument, rangeOf, showDocument, visibleEditors } from "../editor/documents.js";
import { differenceOf } from "../editor/ranges.js";

/** Changes rest for so long before they are written, so that a drag of a slider is one step to undo. */
const rest = 350;

type Attached = { readonly uri: string; readonly at: number; values: Values; broken: boolean };

/**
 * The file that the explorer's parameters are taken from and written to: the last editor with generation parameters in JSON,
 * while it can be seen, or the block that a lens was clicked above.
 */
export class ConfigFile implements vscode.Disposable {
  private attached: Attached | undefined;
  private pending: Record<string, unknown> = {};
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly disposables: readonly vscode.Disposable[];

  /**
   * @param took called with parameters that differ from those before; without any, what `info` says may have changed
   * @param failed called when a change could not be written
   */
  constructor(
    private readonly took: (values: Values | undefined) => void,
    private readonly failed: (name: string) => void,
  ) {
    const { window, workspace } = vscode;
    this.disposables = [
      window.onDidChangeActiveTextEditor((editor) => editor && this.look(editor)),
      window.onDidChangeVisibleTextEditors(() => this.watch()),
      workspace.onDidChangeTextDocument(({ document }) => this.edited(document)),
      workspace.onDidOpenTextDocument((document) => this.edited(document)),
      workspace.onDidCloseTextDocument((document) => document.uri.toString() === this.attached?.uri && this.detach()),
    ];
  }

  /** Takes a file's parameters if its editor has some that can be written to. */
  look(editor: vscode.TextEditor): void {
    const { document } = editor;
    const uri = document.uri.toString();
    if (uri === this.attached?.uri || document.languageId === "python") return;
    if (blocksOf(document).length > 0) this.attach(document, 0);
    else this.watch();
  }

  /** Takes the block at an offset of a document, of whichever language. */
  choose(document: vscode.TextDocument, offset: number): void {
    const blocks = blocksOf(document);
    const at = blocks.findIndex(({ start, inside }) => offset >= start && offset <= inside.end);
    if (blocks.length > 0) this.attach(document, Math.max(0, at));
  }

  info(): ConfigInfo | undefined {
    const { attached } = this;
    return attached && { uri: attached.uri, name: nameOf(vscode.Uri.parse(attached.uri, true)), broken: attached.broken };
  }

  /** The file's parameters in their last valid state, with the changes that are yet to be written. */
  values(): Values | undefined {
    return this.attached && { ...this.attached.values, ...this.pending };
  }

  /** The reader changed parameters in the view. */
  changed(before: Values, after: Values): void {
    // What is changed while the file is half typed is not the file's: its own values count again once it is whole.
    if (!this.attached || this.attached.broken) return;
    const { writtenParams } = languages();
    const changes = Object.entries(after).filter(([name, value]) => value !== before[name] && writtenParams.includes(name));
    if (changes.length === 0) return;
    Object.assign(this.pending, Object.fromEntries(changes));
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.write(), rest);
  }

  async reveal(): Promise<void> {
    if (!this.attached) return;
    const editor = await showDocument(this.attached.uri, false);
    const block = blocksOf(editor.document)[this.attached.at];
    if (!block) return;
    const range = rangeOf(editor.document, { start: block.start, end: block.start });
    editor.selection = new vscode.Selection(range.start, range.start);
    editor.revealRange(range, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  }

  dispose(): void {
    clearTimeout(this.timer);
    for (const each of this.disposables) each.dispose();
  }

  private attach(document: vscode.TextDocument, at: number): void {
    this.forget();
    const block = blocksOf(document)[at];
    // What was never valid has no last valid state: the parameters stay those of the reader until it has one.
    this.attached = { uri: document.uri.toString(), at, values: block?.complete ? languages().paramsOfBlock(block) : {}, broken: !block?.complete };
    this.took(this.attached.values);
  }

  private detach(): void {
    if (!this.attached) return;
    this.forget();
    this.attached = undefined;
    this.took(undefined);
  }

  private forget(): void {
    clearTimeout(this.timer);
    this.pending = {};
  }

  /** Lets go of a file that nobody sees any more. */
  private watch(): void {
    if (this.attached && visibleEditors(this.attached.uri).length === 0) this.detach();
  }

  private edited(document: vscode.TextDocument): void {
    const { attached } = this;
    if (document.uri.toString() !== attached?.uri) return;
    const block = blocksOf(document)[attached.at];
    const broken = !block?.complete;
    const before = attached.broken;
    attached.broken = broken;
    if (block && !broken) {
      attached.values = languages().paramsOfBlock(block);
      return this.took(this.values());
    }
    if (broken !== before) this.took(undefined);
  }

  private async write(): Promise<void> {
    const { attached, pending } = this;
    this.pending = {};
    const document = attached && openDocument(attached.uri);
    if (!document) return;
    const { languageId, uri } = document;
    const text = document.getText();
    const changed = languages().withParams(text, languageId, nameOf(uri), attached.at, pending);
    const difference = changed === undefined ? undefined : differenceOf(text, changed);
    if (!difference || changed === undefined) return;
    const { offset, removed, inserted } = difference;
    const edit = new vscode.WorkspaceEdit();
    edit.replace(uri, rangeOf(document, { start: offset, end: offset + removed }), changed.slice(offset, offset + inserted));
    if (!(await vscode.workspace.applyEdit(edit))) this.failed(nameOf(uri));
  }
}

function blocksOf(document: vscode.TextDocument): readonly Block[] {
  return blocksIn(document.getText(), document.languageId, nameOf(document.uri));
}
