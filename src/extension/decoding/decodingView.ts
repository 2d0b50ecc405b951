import * as vscode from "vscode";
import type { Span } from "../../core/contract/index.js";
import { typedSource, type SourceSpec, type Values, type ViewState } from "../../core/protocol.js";
import { textSpec } from "../editor/documents.js";
import type { Session } from "../session.js";
import { typedTarget, type Sessions } from "../sessions.js";
import { sideSurface } from "../surface.js";
import { targetOf, type Target } from "../target.js";
import { ConfigFile } from "./configFile.js";

const explainer = "decoding";

export type DecodingOptions = {
  readonly sessions: Sessions;
  /** The parameters that a new session begins with. */
  remembered(explainer: string): Values;
  lastEditor(): vscode.TextEditor | undefined;
  /** Brings the view into sight. */
  show(): Promise<void>;
  /** It was opened. */
  opened(): void;
};

/**
 * The explorer of decoding in the side bar: one session, whose source follows what the reader explores, and whose parameters
 * are those of the generation_config.json in sight.
 */
export class DecodingView implements vscode.WebviewViewProvider, vscode.Disposable {
  private session: Session | undefined;
  private target: Target = typedTarget(explainer);
  /** Of the session before, when VS Code has closed the view. */
  private params: Values | undefined;
  private readonly config: ConfigFile;
  /** The file's parameters have changed while the view was hidden. */
  private behind = false;

  constructor(private readonly options: DecodingOptions) {
    this.config = new ConfigFile(
      (values) => this.take(values),
      (name) => void vscode.window.showWarningMessage(vscode.l10n.t("{0} could not be changed. Is it read-only?", name)),
    );
  }

  resolveWebviewView(view: vscode.WebviewView, { state }: vscode.WebviewViewResolveContext): void {
    const { sessions, remembered, lastEditor, opened } = this.options;
    opened();
    const editor = lastEditor();
    if (editor && !this.config.info()) this.config.look(editor);
    const params = { ...remembered(explainer), ...(this.params ?? paramsIn(state)), ...this.config.values() };
    const session = sessions.add(explainer, this.target, params, sideSurface(view), {
      info: () => this.config.info(),
      changed: (before, after) => {
        this.config.changed(before, after);
        this.count(session, after);
      },
      reveal: () => this.config.reveal(),
    });
    this.session = session;
    view.onDidChangeVisibility(() => {
      if (view.visible && this.behind) this.take(this.config.values());
    });
    view.onDidDispose(() => {
      if (this.session !== session) return;
      this.params = session.parameters();
      this.target = session.shownTarget();
      this.session = undefined;
    });
    session.run("fresh");
  }

  /** Shows a source, or with none the prompt that is typed, with some parameters changed, in the view. */
  async explore(spec: SourceSpec | undefined, params: Values = {}): Promise<void> {
    this.target = spec ? targetOf(spec) : typedTarget(explainer);
    // The parameters of a file in sight are the file's.
    const patch = { ...params, ...this.config.values() };
    this.session?.retarget(this.target);
    if (this.session) this.session.run("fresh", patch);
    else this.params = { ...this.options.remembered(explainer), ...this.params, ...patch };
    await this.options.show();
  }

  /** Takes the parameters of a block of a document, and shows what they do. */
  async exploreConfig(document: vscode.TextDocument, offset: number): Promise<void> {
    this.config.choose(document, offset);
    await this.options.show();
  }

  /** What the view shows, for a panel of the same. */
  shown(): { readonly spec: SourceSpec; readonly params: Values } {
    const spec = this.session?.source() ?? { kind: "text", uri: typedSource, name: "", languageId: "plaintext", text: "", ranges: [] };
    return { spec, params: this.session?.parameters() ?? { ...this.options.remembered(explainer), ...this.params } };
  }

  /** For Lumen's own tests. */
  current(): Session | undefined {
    return this.session;
  }

  dispose(): void {
    this.config.dispose();
  }

  /** Words are counted in the open document, where nothing else was chosen. */
  private count(session: Session, { source }: Values): void {
    if ((source !== "words" && source !== "characters") || session.shownTarget().kind !== "typed") return;
    const config = this.config.info()?.uri;
    const editors = [this.options.lastEditor(), ...vscode.window.visibleTextEditors];
    const editor = editors.find((each) => each && each.document.uri.toString() !== config);
    if (!editor) return;
    this.target = targetOf(textSpec(editor.document, []));
    session.retarget(this.target);
  }

  /** The file in sight has these parameters; without any, only what is said of it has changed. */
  private take(values: Values | undefined): void {
    const { session } = this;
    if (!session) return;
    // A file that is merely opened starts nothing: a hidden view catches up when it is seen.
    this.behind = !session.panel.surface.visible;
    if (this.behind) return;
    const now = session.parameters();
    const changed = Object.entries(values ?? {}).filter(([name, value]) => now[name] !== value);
    if (changed.length === 0) return session.postSource();
    session.run("change", Object.fromEntries(changed));
  }
}

/** The parameters that a view kept over a reload of the window. */
function paramsIn(state: unknown): Values {
  const { params, explainer: id } = (typeof state === "object" && state !== null ? state : {}) as Partial<ViewState>;
  return id === explainer && typeof params === "object" && params !== null ? params : {};
}

/** The source of selected text, and the parameters by which it is a prompt, or numbers where it looks like such. */
export function selectionToExplore(document: vscode.TextDocument, ranges: readonly Span[], source: unknown): { readonly spec: SourceSpec; readonly params: Values } {
  const spec = textSpec(document, ranges);
  const text = ranges.map(({ start, end }) => spec.text.slice(start, end)).join("\n");
  const numbers = looksGiven(text);
  const followed = numbers ? "given" : source === "given" ? "model" : source;
  return { spec, params: { tab: "explore", prompt: "", forced: "", ...(followed === undefined ? {} : { source: followed }) } };
}

/** A string of JSON, or a number that Python and JavaScript write but JSON has not. */
const notInJson = /"(?:[^"\\]|\\.)*"|-?\b(?:NaN|nan|Infinity|inf)\b/g;

/** Whether a text holds a list or a map of numbers, or a server's response. */
export function looksGiven(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text.replace(notInJson, (each) => (each.startsWith('"') ? each : "0")));
    if (typeof value !== "object" || value === null) return false;
    if (/"(?:top_logprobs|top_probs)"/.test(text)) return true;
    const all = Object.values(value);
    return all.length > 0 && all.every((each) => typeof each === "number");
  } catch {
    return false;
  }
}
