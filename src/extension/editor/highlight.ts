import * as vscode from "vscode";
import type { Span } from "../../core/contract/index.js";
import { rangeOf, visibleEditors } from "./documents.js";

/** A place of a text; with a weight in [0, 1] it is tinted by it, else it looks as a found word does. */
export type Highlighted = Span & { readonly weight?: number };

type Shown = { readonly uri: string; readonly spans: readonly Highlighted[]; readonly ring: Span | undefined };

/** Steps of the tint, and its opacity at weight 1: ink stays readable on it. */
const STEPS = 12;
const OPACITY = 0.5;
/** The middle of the strength scale of src/webview/tokens.css, for light and dark themes. */
const tint = { light: [0x1e, 0x8a, 0x82], dark: [0x2e, 0x9c, 0x8c] } as const;

/** Marks the places that the picture points at, in every editor of their document, without scrolling. */
export class Highlight implements vscode.Disposable {
  /** By name: "plain", "ring" and the tints' steps; made when they are first needed. */
  private readonly types = new Map<string, vscode.TextEditorDecorationType>();
  private readonly shown = new Map<object, Shown>();

  /** Shows the places of one owner, in place of those it showed before. */
  show(owner: object, uri: string, spans: readonly Highlighted[], ring?: Span): void {
    const before = this.shown.get(owner);
    const some = spans.length > 0 || ring !== undefined;
    if (some) this.shown.set(owner, { uri, spans, ring });
    else this.shown.delete(owner);
    if (before && before.uri !== uri) this.apply(before.uri);
    if (before || some) this.apply(uri);
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
    const places = new Map<string, Span[]>();
    const add = (name: string, span: Span): void => {
      const list = places.get(name) ?? [];
      if (list.push(span) === 1) places.set(name, list);
    };
    for (const { spans, ring } of [...this.shown.values()].filter((each) => each.uri === uri)) {
      for (const span of spans) {
        const name = span.weight === undefined ? "plain" : String(stepOf(span.weight));
        if (name !== "0") add(name, span);
      }
      if (ring) add("ring", ring);
    }
    for (const name of places.keys()) if (!this.types.has(name)) this.types.set(name, makeType(name));
    for (const editor of visibleEditors(uri)) {
      for (const [name, type] of this.types) editor.setDecorations(type, (places.get(name) ?? []).map((span) => rangeOf(editor.document, span)));
    }
  }

  dispose(): void {
    for (const type of this.types.values()) type.dispose();
    this.types.clear();
    this.shown.clear();
  }
}

/** The step of a weight, 0 for none; small weights are told apart better than large ones. */
export function stepOf(weight: number): number {
  return Math.round(Math.max(0, Math.min(1, weight)) ** 0.8 * STEPS);
}

function makeType(name: string): vscode.TextEditorDecorationType {
  const rangeBehavior = vscode.DecorationRangeBehavior.ClosedClosed;
  if (name === "plain") {
    return vscode.window.createTextEditorDecorationType({
      backgroundColor: new vscode.ThemeColor("editor.findMatchHighlightBackground"),
      borderColor: new vscode.ThemeColor("editor.findMatchHighlightBorder"),
      borderStyle: "solid",
      borderWidth: "1px",
      overviewRulerColor: new vscode.ThemeColor("editorOverviewRuler.findMatchForeground"),
      overviewRulerLane: vscode.OverviewRulerLane.Center,
      rangeBehavior,
    });
  }
  if (name === "ring") {
    return vscode.window.createTextEditorDecorationType({ outline: "2px solid", outlineColor: new vscode.ThemeColor("focusBorder"), rangeBehavior });
  }
  const opacity = (Number(name) / STEPS) * OPACITY;
  const backgroundOf = (rgb: readonly number[]) => ({ backgroundColor: `rgba(${rgb.join(", ")}, ${opacity.toFixed(3)})` });
  return vscode.window.createTextEditorDecorationType({ light: backgroundOf(tint.light), dark: backgroundOf(tint.dark), rangeBehavior });
}
