import * as vscode from "vscode";
import { visibleEditors } from "./documents.js";
import { gutterSvg, quantise, svgDataUri, type Bar } from "./gutterSvg.js";

/** Bars beside rows: `bars[i]` is the bar of group i, `group[j]` the group of row j, `offsets[j]` where row j is. */
export type GutterBars = {
  readonly uri: string;
  readonly bars: readonly Bar[];
  readonly group: Int32Array;
  readonly offsets: Int32Array;
};

/** More kinds of bars than this are not kept when they are not in use. */
const typesKept = 400;

/** Draws shares as small bars in the gutter. A kind of bar becomes a decoration type when it is first needed. */
export class Gutter implements vscode.Disposable {
  private readonly types = new Map<string, vscode.TextEditorDecorationType>();
  private readonly shown = new Map<object, GutterBars>();
  private readonly waiting = new Set<string>();

  show(owner: object, bars: GutterBars): void {
    this.clear(owner);
    this.shown.set(owner, bars);
    this.applySoon(bars.uri);
  }

  clear(owner: object): void {
    const before = this.shown.get(owner);
    this.shown.delete(owner);
    if (before) this.applySoon(before.uri);
  }

  /** Editors have come or gone. */
  refresh(): void {
    for (const { uri } of this.shown.values()) this.applySoon(uri);
  }

  /** While the reader scrubs, only the newest of many bars is drawn. */
  private applySoon(uri: string): void {
    if (this.waiting.size === 0) setImmediate(() => this.applyAll());
    this.waiting.add(uri);
  }

  private applyAll(): void {
    for (const uri of this.waiting) this.apply(uri);
    this.waiting.clear();
    if (this.shown.size === 0) this.forgetTypes();
  }

  private apply(uri: string): void {
    const editors = visibleEditors(uri);
    if (editors.length === 0) return;
    const rows = new Map<string, vscode.Range[]>();
    const { document } = editors[0];
    for (const { bars, group, offsets } of [...this.shown.values()].filter((each) => each.uri === uri)) {
      const svgs = bars.map((bar) => gutterSvg(quantise(bar)));
      offsets.forEach((offset, row) => {
        const svg = svgs[group[row]];
        if (svg === undefined || offset < 0) return;
        const { line } = document.positionAt(offset);
        const list = rows.get(svg) ?? [];
        if (list.length === 0) rows.set(svg, list);
        list.push(new vscode.Range(line, 0, line, 0));
      });
    }
    for (const svg of rows.keys()) this.typeOf(svg);
    for (const editor of editors)
      for (const [svg, type] of this.types) editor.setDecorations(type, rows.get(svg) ?? []);
    if (this.types.size > typesKept) {
      for (const [svg, type] of this.types) {
        if (rows.has(svg)) continue;
        type.dispose();
        this.types.delete(svg);
      }
    }
  }

  private typeOf(svg: string): vscode.TextEditorDecorationType {
    const known = this.types.get(svg);
    if (known) return known;
    const gutterIconPath = vscode.Uri.parse(svgDataUri(svg));
    const type = vscode.window.createTextEditorDecorationType({ gutterIconPath, gutterIconSize: "contain" });
    this.types.set(svg, type);
    return type;
  }

  private forgetTypes(): void {
    for (const type of this.types.values()) type.dispose();
    this.types.clear();
  }

  dispose(): void {
    this.shown.clear();
    this.forgetTypes();
  }
}
