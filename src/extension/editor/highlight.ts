import * as vscode from "vscode";
import type { Span } from "../../core/contract/index.js";
import { rangeOf, visibleEditors } from "./documents.js";

/** Marks the rows that the picture points at, in every editor of their document, without scrolling. */
export class Highlight implements vscode.Disposable {
  private type: vscode.TextEditorDecorationType | undefined;
  private readonly shown = new Map<object, { readonly uri: string; readonly spans: readonly Span[] }>();

  /** Shows the spans of one owner, in place of those it showed before. */
  show(owner: object, uri: string, spans: readonly Span[]): void {
    const before = this.shown.get(owner);
    if (spans.length > 0) this.shown.set(owner, { uri, spans });
    else this.shown.delete(owner);
    if (before && before.uri !== uri) this.apply(before.uri);
    if (before || spans.length > 0) this.apply(uri);
  }

  clear(owner: object): void {
    const before = this.shown.get(owner);
    this.shown.delete(owner);
    if (before) this.apply(before.uri);
  }

  /** Editors have come or gone. */
  refresh(): void {
    for (const uri of new Set([...this.shown.values()].map((each) => each.uri))) this.apply(uri);
  }

  private apply(uri: string): void {
    this.type ??= vscode.window.createTextEditorDecorationType({
      backgroundColor: new vscode.ThemeColor("editor.findMatchHighlightBackground"),
      borderColor: new vscode.ThemeColor("editor.findMatchHighlightBorder"),
      borderStyle: "solid",
      borderWidth: "1px",
      overviewRulerColor: new vscode.ThemeColor("editorOverviewRuler.findMatchForeground"),
      overviewRulerLane: vscode.OverviewRulerLane.Center,
      rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
    });
    const spans = [...this.shown.values()].filter((each) => each.uri === uri).flatMap((each) => each.spans);
    for (const editor of visibleEditors(uri)) {
      editor.setDecorations(
        this.type,
        spans.map((span) => rangeOf(editor.document, span)),
      );
    }
  }

  dispose(): void {
    this.type?.dispose();
    this.shown.clear();
  }
}
