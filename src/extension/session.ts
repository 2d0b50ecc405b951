import * as vscode from "vscode";
import type { Span } from "../core/contract/index.js";
import type { RunEvent, SourceInfo, SourceSpec, Values, ViewToHost } from "../core/protocol.js";
import { answer } from "./answers.js";
import { changesOf, nameOf } from "./editor/documents.js";
import { EditorLink } from "./editorLink.js";
import { createExperiment, type Experiment, type StartRequest } from "./experiment.js";
import { sameSpans } from "./followed.js";
import { Panel } from "./panel.js";
import type { KeptPanel } from "./panelStore.js";
import { rememberChanges } from "./remembered.js";
import type { Services } from "./services.js";
import { panelTitle } from "./subjects.js";
import { specOf, type Target } from "./target.js";

/** One source and one panel, and the runs that turn the one into a picture on the other. */
export class Session {
  readonly panel: Panel;
  readonly link: EditorLink;
  private readonly experiment: Experiment;
  private pause: ReturnType<typeof setTimeout> | undefined;
  private caretOffset: number | null = null;

  constructor(
    readonly explainer: string,
    private readonly target: Target,
    private params: Values,
    webviewPanel: vscode.WebviewPanel,
    private readonly services: Services,
  ) {
    const receive = (message: ViewToHost) => void this.receive(message).catch((error: unknown) => this.report(error));
    this.panel = new Panel(webviewPanel, services.extensionUri, receive, () => this.viewChanged());
    this.link = new EditorLink(target, () => this.uri, services);
    this.experiment = createExperiment({
      explainer,
      runner: services.runner,
      post: (message) => this.panel.post(message),
      ended: (event, request) => this.ended(event, request),
    });
  }

  get uri(): string {
    const { target } = this;
    if (target.kind === "text") return target.followed.uri();
    return target.kind === "data" ? target.spec.uri : target.uri;
  }

  get pinned(): boolean {
    return this.target.kind === "text" && this.target.followed.pinned();
  }

  /** Whether this panel shows that source, so that it can be used again for it. */
  shows(
    explainer: string,
    { uri, ranges, text }: { readonly uri: string; readonly ranges: readonly Span[]; readonly text: boolean },
  ): boolean {
    const { target } = this;
    if (this.explainer !== explainer || this.uri !== uri || (target.kind === "text") !== text || this.pinned)
      return false;
    return target.kind !== "text" || sameSpans(target.followed.ranges(), ranges);
  }

  /** The source was read anew; its older contents are of no more use. */
  refresh(spec: SourceSpec): void {
    if (this.target.kind === "data" && spec.kind !== "text") this.target.spec = spec;
  }

  /** A hidden view is gone, and with it what the pointer was on. */
  private viewChanged(): void {
    if (!this.panel.webviewPanel.visible) this.link.highlight([]);
    this.services.changed();
  }

  /** What it takes to show this panel again; the step is known to the view alone. */
  kept(): KeptPanel {
    const { explainer, params } = this;
    const { uri, ranges, pinned } = this.info();
    const { title } = this.panel.webviewPanel;
    return { title, state: { explainer, params, step: 0, uri, ranges, pinned, ui: {} } };
  }

  /** What "Show Diagnostics" and the tests look at. */
  state() {
    const { experiment, params, pinned } = this;
    const [outcome, trace] = [experiment.outcome(), experiment.trace()];
    return {
      uri: this.uri,
      params,
      pinned,
      active: experiment.active(),
      outcome,
      trace,
      duration: experiment.duration(),
    };
  }

  /** Runs with some parameters changed. */
  run(why: StartRequest["why"], patch: Values = {}, from?: number): void {
    clearTimeout(this.pause);
    this.params = { ...this.params, ...patch };
    const source = specOf(this.target);
    if (!source) return this.postMissing();
    this.experiment.start({ source, params: this.params, why, ...(from === undefined ? {} : { from }) });
    this.postSource();
  }

  /** Forgets all parameters but these, and runs. */
  reset(params: Values): void {
    this.params = params;
    this.run("fresh");
  }

  /** Lets the view carry out one of its actions, as from its own buttons. */
  action(action: string): void {
    const { webviewPanel } = this.panel;
    if (!webviewPanel.visible) webviewPanel.reveal(undefined, true);
    this.panel.action(action);
  }

  togglePin(pinned = !this.pinned): void {
    const { target } = this;
    if (target.kind !== "text") return;
    target.followed.pin(pinned);
    this.postSource();
    this.services.changed();
    if (!pinned && target.followed.changed()) this.run("edit");
  }

  /** The source's document was edited. */
  edited(event: vscode.TextDocumentChangeEvent): void {
    const changes = changesOf(event);
    if (this.target.kind !== "text" || changes.length === 0) return;
    this.target.followed.edit(changes, () => event.document.getText(), event.reason !== undefined);
    this.followSoon();
  }

  /** The source's document was opened again, perhaps with another text. */
  opened(document: vscode.TextDocument): void {
    if (this.target.kind !== "text") return;
    this.target.followed.replace(document.getText());
    if (this.target.followed.changed()) this.followSoon();
  }

  /** The document is closed, often after its edits were thrown away: the picture stays, with the text it is made of. */
  closed(): void {
    clearTimeout(this.pause);
    this.link.clearProblems();
    if (this.target.kind === "text" && this.target.followed.settle()) this.run("edit");
  }

  renamed(uri: vscode.Uri): void {
    if (this.target.kind !== "text") return;
    this.link.clear();
    this.target.followed.rename(uri.toString(), nameOf(uri));
    this.panel.webviewPanel.title = panelTitle(this.explainer, nameOf(uri));
    this.postSource();
  }

  /** Follows the text once it has rested for a moment. */
  private followSoon(): void {
    clearTimeout(this.pause);
    const live = vscode.workspace.getConfiguration("lumen.live");
    // A pinned picture stays, but the view has to know where its ranges have moved, since it keeps them for a reload.
    const follows = !this.pinned && live.get("enabled", true);
    this.pause = setTimeout(
      () => {
        if (follows) return this.run("edit");
        this.postSource();
        this.services.changed();
      },
      live.get("delay", 250),
    );
  }

  /** The caret is at this offset of the source's text of now; undefined when it is elsewhere. */
  caret(offset: number | undefined): void {
    const { target } = this;
    const place = offset === undefined || target.kind !== "text" ? undefined : target.followed.toPicture(offset);
    if ((place ?? null) === this.caretOffset) return;
    this.caretOffset = place ?? null;
    this.panel.post({ type: "caret", offset: this.caretOffset });
  }

  private ended(event: RunEvent, { source }: StartRequest): void {
    const { target, services, link } = this;
    if (event.type === "trace" && target.kind === "text" && source.kind === "text") target.followed.shown(source);
    if (event.type === "trace" || event.type === "invalid") link.problems(event.problems, source);
    if (event.type === "failed") services.log.error(`Run ${event.run} of ${source.name} failed: ${event.detail}`);
    else services.log.debug(`Run ${event.run} of ${source.name}: ${event.type}`);
    services.changed();
  }

  private info(): SourceInfo {
    const { target } = this;
    if (target.kind === "text") {
      const { followed } = target;
      const outdated = !followed.pinned() && !this.experiment.active() && followed.changed();
      return {
        uri: followed.uri(),
        name: followed.name(),
        ranges: followed.ranges(),
        lines: followed.lines(),
        pinned: followed.pinned(),
        outdated,
        text: true,
      };
    }
    const { uri, name } = target.kind === "data" ? target.spec : target;
    return { uri, name, ranges: target.kind === "missing" ? target.ranges : [], lines: "", pinned: false, text: false };
  }

  private postSource(): void {
    this.panel.post({ type: "source", source: this.info() });
  }

  private postMissing(): void {
    if (this.target.kind !== "missing") return;
    this.panel.post({ type: "running", run: 0, params: this.params, edited: false });
    this.panel.post({ type: "invalid", run: 0, problems: [{ severity: "error", message: this.target.message }] });
  }

  /** Tells a view that has just begun everything it needs. */
  private async begin(): Promise<void> {
    const { panel, services } = this;
    const samples = (await services.samples()).flatMap(({ file, title, explainer }) =>
      explainer === undefined ? [] : [{ file, title, explainer }],
    );
    panel.post({
      type: "init",
      explainer: this.explainer,
      language: vscode.env.language,
      bundle: vscode.l10n.bundle ?? {},
      samples,
    });
    this.postSource();
    this.postMissing();
    for (const message of this.experiment.replay()) panel.post(message);
    panel.post({ type: "caret", offset: this.caretOffset });
    panel.told();
  }

  /** Does what the view asks for. */
  async receive(message: ViewToHost): Promise<void> {
    const { services, panel, experiment, link } = this;
    switch (message.type) {
      case "ready":
        return this.begin();
      case "run": {
        const before = this.params;
        services.remember(this.explainer, (values) => rememberChanges(values, before, message.params));
        return this.run("change", message.params, message.from);
      }
      case "stop":
        return experiment.stop();
      case "cancel":
        return experiment.cancel();
      case "pin":
        return this.togglePin(message.pinned);
      case "reveal":
        return link.reveal(message.span, message.line);
      case "highlight":
        return link.highlight(message.spans);
      case "select":
        return link.select(message.spans);
      case "decorate":
        return link.decorate(message);
      case "undecorate":
        return link.undecorate();
      case "params":
        this.params = message.params;
        return;
      default:
        return answer(message, {
          services,
          panel,
          explainer: this.explainer,
          uri: this.uri,
          shown: experiment.shown(),
        });
    }
  }

  /** What the reader asked for could not be done, for a reason outside Lumen such as a full disk. */
  private report(error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    this.services.log.error(error instanceof Error ? error : reason);
    void vscode.window.showErrorMessage(vscode.l10n.t("That did not work: {0}", reason));
  }

  dispose(): void {
    clearTimeout(this.pause);
    this.experiment.cancel();
    this.link.clear();
    this.panel.dispose();
  }
}
