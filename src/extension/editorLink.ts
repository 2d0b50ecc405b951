import * as vscode from "vscode";
import type { Problem, Span } from "../core/contract/index.js";
import type { SourceSpec, ViewToHost } from "../core/protocol.js";
import { rangeOf, showDocument } from "./editor/documents.js";
import type { Services } from "./services.js";
import type { Target } from "./target.js";

/** How the picture of one panel points at the text it is made of. */
export class EditorLink {
  constructor(
    private readonly target: () => Target,
    private readonly uri: () => string,
    private readonly services: Services,
  ) {}

  /** Shows a place of the source in its editor: a span, a line, or the selected ranges. */
  async reveal(span: Span | undefined, line: number | undefined): Promise<void> {
    const target = this.target();
    if (target.kind === "typed") return;
    if (target.kind === "data" && target.spec.kind === "folder") {
      await vscode.commands.executeCommand("revealInExplorer", vscode.Uri.parse(this.uri(), true));
      return;
    }
    const editor = target.kind === "data" && line === undefined ? undefined : await this.open();
    if (!editor) {
      // Binary or very large: VS Code shows it in its own way.
      await vscode.commands.executeCommand("vscode.open", vscode.Uri.parse(this.uri(), true), vscode.ViewColumn.One);
      return;
    }
    const { document } = editor;
    const spans = span
      ? this.toText([span])
      : target.kind === "text" && line === undefined
        ? target.followed.ranges()
        : [];
    const ranges = spans.map((each) => rangeOf(document, each));
    if (ranges.length === 0 && line !== undefined)
      ranges.push(document.lineAt(Math.min(Math.max(line, 1), document.lineCount) - 1).range);
    selectRanges(editor, ranges);
  }

  /** The source in a text editor; undefined when it is data that no text editor shows. */
  private async open(): Promise<vscode.TextEditor | undefined> {
    try {
      return await showDocument(this.uri(), false);
    } catch (error) {
      if (this.target().kind === "data") return undefined;
      throw error;
    }
  }

  async select(spans: readonly Span[]): Promise<void> {
    const places = this.toText(spans);
    if (places.length === 0) return;
    const editor = await showDocument(this.uri(), true);
    selectRanges(
      editor,
      places.map((span) => rangeOf(editor.document, span)),
    );
  }

  /** Highlights places, each by its weight where there are weights; `ring` is the place that they are the weights of. */
  highlight(spans: readonly Span[], weights?: readonly number[], ring?: Span): void {
    const places = spans.flatMap((span, i) => this.toText([span]).map((place) => ({ ...place, weight: weights?.[i] })));
    this.services.highlight.show(this, this.uri(), places, ring && this.toText([ring])[0]);
  }

  decorate({ bars, group, spans }: Extract<ViewToHost, { type: "decorate" }>): void {
    const offsets = Int32Array.from(
      group,
      (_, row) => this.toText([{ start: spans[2 * row], end: spans[2 * row + 1] }])[0]?.start ?? -1,
    );
    this.services.gutter.show(this, { uri: this.uri(), bars, group, offsets });
  }

  undecorate(): void {
    this.services.gutter.clear(this);
  }

  /** Shows the problems of a run on `source` that have a place in the text. */
  problems(problems: readonly Problem[], source: SourceSpec): void {
    const target = this.target();
    if (target.kind !== "text" || source.kind !== "text") return;
    this.services.diagnostics.show(this, this.uri(), problems, (span) => target.followed.toText(span, source));
  }

  clearProblems(): void {
    this.services.diagnostics.clear(this);
  }

  /** Takes everything away that is shown in editors. */
  clear(): void {
    this.services.highlight.clear(this);
    this.services.gutter.clear(this);
    this.services.diagnostics.clear(this);
  }

  /** Spans of the picture in the text of now; empty when the source is no text. */
  private toText(spans: readonly Span[]): Span[] {
    const target = this.target();
    if (target.kind !== "text") return [];
    return spans.map((span) => target.followed.toText(span)).filter((span) => span !== undefined);
  }
}

function selectRanges(editor: vscode.TextEditor, ranges: readonly vscode.Range[]): void {
  if (ranges.length === 0) return;
  editor.selections = ranges.map((range) => new vscode.Selection(range.start, range.end));
  editor.revealRange(ranges[0], vscode.TextEditorRevealType.InCenterIfOutsideViewport);
}
