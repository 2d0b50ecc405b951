import type * as vscode from "vscode";
import type { Span } from "../core/contract/index.js";
import type { RunEvent, SourceInfo, SourceSpec, Values, ViewToHost } from "../core/protocol.js";
import { changesOf, nameOf, openDocument } from "./editor/documents.js";
import { EditorLink } from "./editorLink.js";
import { createExperiment, type Experiment, type StartRequest } from "./experiment.js";
import { sameSpans } from "./followed.js";
import { Following } from "./following.js";
import { greeting, liveSettings, viewSettings } from "./greeting.js";
import { Panel } from "./panel.js";
import type { KeptPanel } from "./panelStore.js";
import { reportFailure } from "./report.js";
import { Gathering } from "./resources.js";
import type { Services } from "./services.js";
import { panelTitle, subjectOf } from "./subjects.js";
import type { ViewSurface } from "./surface.js";
import { receive, type ConfigOf } from "./viewMessages.js";
import { infoOf, moveTarget, placeOf, specOf, targetOf, type Target } from "./target.js";
import { titleFor } from "./titles.js";

/** One source and one panel, and the runs that turn the one into a picture on the other. */
export class Session {
  readonly panel: Panel;
  readonly link: EditorLink;
  private readonly experiment: Experiment;
  private readonly following: Following;
  private readonly gathering: Gathering;
  /** The panel is closed: a run may end yet, but marks nothing any more. */
  private over = false;
  private caretOffset: number | null = null;

  constructor(
    readonly explainer: string,
    private target: Target,
    private params: Values,
    surface: ViewSurface,
    private readonly services: Services,
    private readonly config?: ConfigOf,
  ) {
    const report = (error: unknown) => reportFailure(error, services.log);
    this.panel = new Panel(surface, services.extensionUri, (message) => void this.receive(message).catch(report), () => this.viewChanged());
    this.link = new EditorLink(() => this.target, () => this.uri, services);
    // A panel behind another may have its marks in the text: only a view in the side bar waits until it is seen.
    this.following = new Following(liveSettings, () => surface.kind === "panel" || surface.visible, (follows) => this.follow(follows));
    this.experiment = createExperiment({
      explainer,
      runner: services.runner,
      post: (message) => this.panel.post(message),
      ended: (event, request) => this.ended(event, request),
      askServer: (text, _request, signal) => services.server.askBehind(text, signal),
    });
    this.gathering = new Gathering(subjectOf(explainer), services, this.experiment, report);
  }

  get uri(): string {
    return placeOf(this.target).uri;
  }

  get pinned(): boolean {
    return this.target.kind === "text" && this.target.followed.pinned();
  }

  /** Whether this panel shows that source, so that it can be used again for it. */
  shows(explainer: string, { uri, ranges, text }: { readonly uri: string; readonly ranges: readonly Span[]; readonly text: boolean }): boolean {
    const { target } = this;
    if (this.explainer !== explainer || this.uri !== uri || (target.kind === "text") !== text || this.pinned) return false;
    return target.kind !== "text" || sameSpans(target.followed.ranges(), ranges);
  }

  /** The source was read anew; its older contents are of no more use. */
  refresh(spec: SourceSpec): void {
    if (this.target.kind === "data" && spec.kind !== "text") this.target.spec = spec;
  }

  /** A hidden view is gone, and with it what the pointer was on. */
  private viewChanged(): void {
    if (!this.panel.surface.visible) this.link.highlight([]);
    this.following.looked();
    this.services.changed();
  }

  /** What it takes to show this panel again; the step is known to the view alone. */
  kept(): KeptPanel {
    const { explainer, params } = this;
    const { uri, ranges, pinned } = this.info();
    const { title } = this.panel.surface;
    return { title, state: { explainer, params, step: 0, uri, ranges, pinned, ui: {} } };
  }

  /** What "Show Diagnostics" and the tests look at. */
  state() {
    const { experiment, params, pinned } = this;
    const { config, lines } = this.info();
    const { visible } = this.panel.surface;
    const run = { active: experiment.active() || this.gathering.busy(), outcome: experiment.outcome(), trace: experiment.trace(), duration: experiment.duration(), request: experiment.shown() };
    return { uri: this.uri, lines, params, pinned, config, visible, ...run };
  }

  /** Runs with some parameters changed. */
  run(why: StartRequest["why"], patch: Values = {}, from?: number): void {
    this.following.stop();
    this.params = { ...this.params, ...patch };
    const source = specOf(this.target);
    if (!source) return this.postMissing();
    this.gathering.start({ source, params: this.params, why, ...(from === undefined ? {} : { from }) }, (request) => {
      this.experiment.start(request);
      this.postSource();
    });
  }

  /** Another source, or other parts of the same one, is what the next run is about. */
  retarget(target: Target): void {
    const same = placeOf(target).uri === this.uri;
    this.link.clear();
    this.target = target;
    if (!same) this.experiment.forget();
    this.postSource();
  }

  /** The parameters of now. */
  parameters(): Values {
    return this.params;
  }

  /** What is shown of now, for a session that takes its place. */
  shownTarget(): Target {
    return this.target;
  }

  /** The source of now, for another session of the same. */
  source(): SourceSpec | undefined {
    return specOf(this.target);
  }

  /** Forgets all parameters but these, and runs. */
  reset(params: Values): void {
    this.params = params;
    this.run("fresh");
  }

  /** Lets the view carry out one of its actions, as from its own buttons. */
  action(action: string): void {
    const { surface } = this.panel;
    if (!surface.visible) surface.reveal(true);
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
    this.following.soon();
  }

  /** The source's document was opened again, perhaps with another text. */
  opened(document: vscode.TextDocument): void {
    if (this.target.kind !== "text") return;
    this.target.followed.replace(document.getText());
    this.mark();
    if (this.target.followed.changed()) this.following.soon();
  }

  /** The document is closed, often after its edits were thrown away: the picture stays, with the text it is made of. */
  closed(): void {
    this.following.stop();
    this.link.clearProblems();
    if (this.target.kind === "text" && this.target.followed.settle()) this.run("edit");
  }

  /** The source has another address. The view takes that for another source, so it is told everything again. */
  renamed(uri: vscode.Uri): void {
    const { target, experiment } = this;
    if (target.kind === "missing") return;
    this.link.clear();
    moveTarget(target, { uri: uri.toString(), name: nameOf(uri), path: uri.fsPath });
    if (target.kind === "data") experiment.moved(target.spec);
    this.postSource();
    for (const message of experiment.replay()) this.panel.post(message);
    const document = openDocument(this.uri);
    if (document) this.opened(document);
  }

  /** Keeps the panel's title true, and unlike the others. */
  retitle(taken: ReadonlySet<string>): void {
    const { target, explainer } = this;
    const { surface } = this.panel;
    if (surface.kind === "view") return;
    const lines = () => (target.kind === "text" ? target.followed.lines() : "");
    const title = titleFor(panelTitle(explainer, placeOf(target).name), lines, taken, surface.title);
    if (title !== surface.title) surface.title = title;
  }

  /** The text has rested. A pinned picture stays, but the view has to know where its ranges are, since it keeps them for a reload. */
  private follow(follows: boolean): void {
    if (follows && !this.pinned) return this.run("edit");
    this.postSource();
    this.services.changed();
  }

  /** The caret is at this offset of the source's text of now; undefined when it is elsewhere. */
  caret(offset: number | undefined): void {
    const { target } = this;
    const place = offset === undefined || target.kind !== "text" ? undefined : target.followed.toPicture(offset);
    if ((place ?? null) === this.caretOffset) return;
    this.caretOffset = place ?? null;
    this.panel.post({ type: "caret", offset: this.caretOffset });
  }

  /** Shows in the text what the latest run found wrong with it. */
  private mark(): void {
    const { link, experiment } = this;
    const [event, request] = [experiment.outcome(), experiment.latest()];
    if (request && (event?.type === "trace" || event?.type === "invalid")) link.problems(event.problems, request.source);
  }

  private ended(event: RunEvent, { source }: StartRequest): void {
    const { target, services } = this;
    if (this.over) return;
    // A sentence in place of the first picture is about the text that it was made of, too.
    const told = event.type === "trace" || (event.type === "invalid" && !this.experiment.trace());
    if (told && target.kind === "text" && source.kind === "text") target.followed.shown(source);
    this.mark();
    if (event.type === "failed") services.log.error(`Run ${event.run} of ${source.name} failed: ${event.detail}`);
    else services.log.debug(`Run ${event.run} of ${source.name}: ${event.type}`);
    services.changed();
  }

  private info(): SourceInfo {
    const config = this.config?.info();
    return { ...infoOf(this.target, this.experiment.active()), ...(config ? { config } : {}) };
  }

  /** A view that is not there is told when it begins. */
  postSettings(): void {
    this.panel.post(viewSettings());
  }

  postSource(): void {
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
    panel.post(await greeting(this.explainer, services));
    this.postSettings();
    this.postSource();
    this.postMissing();
    for (const message of this.experiment.replay()) panel.post(message);
    panel.post({ type: "caret", offset: this.caretOffset });
    panel.told();
  }

  /** Does what the view asks for. */
  async receive(message: ViewToHost): Promise<void> {
    return receive(message, {
      explainer: this.explainer, uri: this.uri, params: this.params,
      services: this.services,
      panel: this.panel,
      link: this.link,
      experiment: this.experiment,
      ...(this.config ? { config: this.config } : {}),
      begin: () => this.begin(),
      run: (params, from) => this.run("change", params, from),
      prepare: (params) => void (this.params = params),
      pin: (pinned) => this.togglePin(pinned),
      turnTo: (source, params) => {
        this.retarget(targetOf(source));
        this.run("fresh", params);
        this.services.changed();
      },
    });
  }

  dispose(): void {
    this.over = true;
    this.following.stop();
    this.gathering.dispose();
    this.panel.dispose();
    this.experiment.cancel();
    this.link.clear();
  }
}
