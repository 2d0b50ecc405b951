import * as vscode from "vscode";
import { msg } from "../core/contract/index.js";
import { typedSource, type SourceSpec, type Values, type ViewState } from "../core/protocol.js";
import { hasTab, nameOf, openDocument, selectedSpans, textSpec } from "./editor/documents.js";
import { lineLabel, movedUri } from "./editor/ranges.js";
import { dataSpec, explorerSpec } from "./dataSource.js";
import { Panel, viewType } from "./panel.js";
import { PanelStore } from "./panelStore.js";
import type { Services } from "./services.js";
import { Session } from "./session.js";
import { updateContextKeys } from "./status.js";
import { panelTitle, subjectOf } from "./subjects.js";
import { panelSurface, type ViewSurface } from "./surface.js";
import { targetOf, type Target } from "./target.js";
import { titleFor } from "./titles.js";
import type { ConfigOf } from "./viewMessages.js";

export type OpenOptions = {
  readonly params?: Values;
  readonly column?: vscode.ViewColumn;
  readonly preserveFocus?: boolean;
};

/** All sessions of the window; documents and editors are watched once for all of them. */
export class Sessions implements vscode.Disposable, vscode.WebviewPanelSerializer<unknown> {
  private readonly sessions = new Set<Session>();
  private readonly disposables: vscode.Disposable[] = [];
  private lastActive: Session | undefined;
  private readonly store: PanelStore;

  constructor(
    private readonly services: Services,
    private readonly remembered: (explainer: string) => Values,
  ) {
    const { workspace, window } = vscode;
    this.store = new PanelStore(services.state, () => this.panels().map((session) => session.kept()), hasPanelTab);
    this.disposables.push(
      window.registerWebviewPanelSerializer(viewType, this),
      workspace.onDidChangeTextDocument((event) => this.each(event.document.uri, (session) => session.edited(event))),
      workspace.onDidOpenTextDocument((document) => this.each(document.uri, (session) => session.opened(document))),
      workspace.onDidCloseTextDocument((document) => this.each(document.uri, (session) => session.closed())),
      workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration("lumen.vectors")) for (const session of this.sessions) session.postSettings();
      }),
      workspace.onDidRenameFiles(({ files }) => {
        for (const { oldUri, newUri } of files) this.renamed(oldUri, newUri);
      }),
      window.onDidChangeTextEditorSelection(({ textEditor }) => this.caret(textEditor)),
      window.onDidChangeActiveTextEditor((editor) => this.caret(editor)),
      window.onDidChangeVisibleTextEditors(() => {
        services.highlight.refresh();
        services.gutter.refresh();
      }),
    );
  }

  /** Fits a source: in the panel that shows it already, else in a new one. */
  open(
    explainer: string,
    spec: SourceSpec,
    { params = {}, column = this.columnBeside(), preserveFocus = true }: OpenOptions = {},
  ): Session {
    const place = { uri: spec.uri, ranges: spec.kind === "text" ? spec.ranges : [], text: spec.kind === "text" && spec.uri !== typedSource };
    const known = this.panels().find((session) => session.shows(explainer, place));
    if (known) {
      known.panel.surface.reveal(preserveFocus);
      known.refresh(spec);
      known.run("fresh", params);
      return known;
    }
    const lines = () => (spec.kind === "text" ? lineLabel(spec.text, spec.ranges) : "");
    const title = titleFor(panelTitle(explainer, spec.name), lines, this.takenTitles());
    const webviewPanel = Panel.open(title, this.services.extensionUri, column, preserveFocus);
    const surface = panelSurface(webviewPanel, this.services.extensionUri);
    const session = this.add(explainer, spec.uri === typedSource ? typedTarget(explainer) : targetOf(spec), { ...this.remembered(explainer), ...params }, surface);
    session.run("fresh");
    return session;
  }

  /**
   * Where to put the panel of a source shown in `column`: where other panels are, else in the next column, else in a new
   * one. A third column would leave no room for any of them.
   */
  columnBeside(column: vscode.ViewColumn = vscode.ViewColumn.One): vscode.ViewColumn {
    const others = this.panels().map(({ panel }) => panel.surface.viewColumn);
    const used = others.find((each) => each !== undefined && each !== column);
    if (used !== undefined) return used;
    const count = vscode.window.tabGroups.all.length;
    if (count < 2) return vscode.ViewColumn.Beside;
    return column < count ? column + 1 : column - 1;
  }

  /** Fills a panel that VS Code restored after a reload. */
  async deserializeWebviewPanel(webviewPanel: vscode.WebviewPanel, state: unknown): Promise<void> {
    // VS Code saves a view's own state only now and then: after a crash the copy kept here stands in for it.
    const kept = this.store.take(webviewPanel.title);
    const view = isViewState(state) ? state : kept;
    if (!isViewState(view)) return webviewPanel.dispose();
    let closed = false;
    const listener = webviewPanel.onDidDispose(() => (closed = true));
    const target = await restoredTarget(view);
    listener.dispose();
    if (closed) return;
    const session = this.add(view.explainer, target, view.params, panelSurface(webviewPanel, this.services.extensionUri));
    session.run("fresh");
  }

  /** Lets a session live on a surface, until that is closed. */
  add(explainer: string, target: Target, params: Values, surface: ViewSurface, config?: ConfigOf): Session {
    const session = new Session(explainer, target, params, surface, this.services, config);
    this.sessions.add(session);
    if (surface.kind === "panel") this.lastActive = session;
    surface.onDidDispose(() => {
      this.sessions.delete(session);
      session.dispose();
      if (!this.inUse()) this.services.runner.end();
      this.changed();
    });
    this.changed();
    this.caret(vscode.window.activeTextEditor);
    return session;
  }

  /** The session that commands act on: the active panel's, else the one used last, if it still shows. */
  current(): Session | undefined {
    const all = [...this.sessions];
    const active = all.find(({ panel }) => panel.surface.active);
    if (active) this.lastActive = active;
    if (this.lastActive && this.sessions.has(this.lastActive)) return this.lastActive;
    return all.find(({ panel }) => panel.surface.visible) ?? this.panels()[0];
  }

  /** The session of an explainer that was used last. */
  latest(explainer: string): Session | undefined {
    const current = this.current();
    return current?.explainer === explainer ? current : this.all().filter((session) => session.explainer === explainer).at(-1);
  }

  all(): readonly Session[] {
    return [...this.sessions];
  }

  /** Those in panels. */
  panels(): readonly Session[] {
    return this.all().filter(({ panel }) => panel.surface.kind === "panel");
  }

  /** Whether a panel, or a view that can be seen, needs the worker. */
  inUse(): boolean {
    return this.all().some(({ panel: { surface } }) => surface.kind === "panel" || surface.visible);
  }

  /** Other word vectors, or another model, are in use. */
  runAgain(what: "looksUpWords" | "usesModel"): void {
    for (const session of this.sessions) if (subjectOf(session.explainer)[what]) session.run("change");
  }

  /** A panel came, went, or shows something else. */
  changed(): void {
    for (const session of this.sessions) session.retitle(this.takenTitles(session));
    this.store.keepSoon();
    updateContextKeys(this);
    // A new picture of an edited text has the caret elsewhere.
    this.caret(vscode.window.activeTextEditor);
  }

  /** The titles of all panels but one's own, also of those that VS Code has yet to restore. */
  private takenTitles(own?: Session): ReadonlySet<string> {
    const others = this.panels().filter((session) => session !== own);
    const titles = others.map(({ panel }) => panel.surface.title);
    return new Set([...titles, ...this.store.waiting().map(({ title }) => title)]);
  }

  /** A file or a folder has another name. */
  private renamed(from: vscode.Uri, to: vscode.Uri): void {
    for (const session of this.sessions) {
      const uri = movedUri(session.uri, from.toString(), to.toString());
      if (uri !== undefined) session.renamed(vscode.Uri.parse(uri, true));
    }
    this.changed();
  }

  private each(uri: vscode.Uri, act: (session: Session) => void): void {
    if (this.sessions.size === 0) return;
    const text = uri.toString();
    for (const session of this.sessions) if (session.uri === text) act(session);
  }

  private caret(editor: vscode.TextEditor | undefined): void {
    if (!editor || this.sessions.size === 0) return; // the keyboard is in a panel: the caret stays where it is
    const uri = editor.document.uri.toString();
    for (const session of this.sessions) {
      session.caret(session.uri === uri ? editor.document.offsetAt(editor.selection.active) : undefined);
    }
  }

  dispose(): void {
    for (const each of this.disposables) each.dispose();
    this.store.dispose();
    // The panels stay: after a reload of the window VS Code hands them back.
    for (const session of this.sessions) session.dispose();
  }
}

/** Nothing but what is typed in the panel. */
export function typedTarget(explainer: string): Target {
  return { kind: "typed", name: explainer === "attention" ? vscode.l10n.t("typed text") : vscode.l10n.t("typed prompt") };
}

/** The source of an editor: its selections, or the whole document, which a large one is read from its file for. */
export async function editorSpec(editor: vscode.TextEditor, whole: boolean, explainer: string): Promise<SourceSpec> {
  const spans = whole ? [] : selectedSpans(editor);
  const { document } = editor;
  const { textBelow } = subjectOf(explainer);
  const large = textBelow > 0 && spans.length === 0 && document.uri.scheme === "file" && document.getText().length > textBelow;
  return large ? explorerSpec(document.uri, textBelow) : textSpec(document, spans);
}

/** The source that a restored panel showed: from its editor where it has one, else from its file. */
async function restoredTarget({ explainer, uri, ranges, pinned = false }: ViewState): Promise<Target> {
  if (uri === typedSource) return typedTarget(explainer);
  const place = vscode.Uri.parse(uri, true);
  const name = nameOf(place);
  try {
    const open = openDocument(uri);
    const { textBelow } = subjectOf(explainer);
    if (textBelow > 0 && ranges.length === 0 && !pinned && place.scheme !== "untitled") return targetOf(await explorerSpec(place, textBelow));
    if (open || hasTab(uri) || ranges.length > 0 || pinned) {
      if (!open && place.scheme === "untitled" && !hasTab(uri)) throw new Error("closed");
      const document = open ?? (await vscode.workspace.openTextDocument(place));
      const kept = ranges.filter(({ end }) => end <= document.getText().length);
      const target = targetOf(textSpec(document, kept));
      if (target.kind === "text" && pinned) target.followed.pin(true);
      return target;
    }
    return targetOf(await dataSpec(place));
  } catch {
    const message = msg("{0} is not there any more. Open it and fit it again.", name);
    return { kind: "missing", uri, name, ranges, message };
  }
}

function hasPanelTab(title: string): boolean {
  const shows = ({ input, label }: vscode.Tab) => input instanceof vscode.TabInputWebview && label === title;
  return vscode.window.tabGroups.all.some((group) => group.tabs.some(shows));
}

function isViewState(state: unknown): state is ViewState {
  if (typeof state !== "object" || state === null) return false;
  const { explainer, params, uri, ranges } = state as Record<string, unknown>;
  return (
    typeof explainer === "string" &&
    typeof params === "object" &&
    params !== null &&
    typeof uri === "string" &&
    Array.isArray(ranges)
  );
}
