import { randomBytes } from "node:crypto";
import * as vscode from "vscode";
import { msg, type Message } from "../../core/contract/index.js";
import type { Statistics, TensorPlace, TensorQuestion, TensorToView, TensorWindow, ViewToTensor } from "../../core/protocol.js";
import { SourceError, withPart } from "../dataSource.js";
import { packed } from "../packed.js";
import { panelHtml } from "../panelHtml.js";
import { reportFailure } from "../report.js";
import type { Runner } from "../runner.js";
import type { TensorDocument } from "./tensorDocument.js";

export type TensorPanelOptions = {
  readonly extensionUri: vscode.Uri;
  readonly runner: Runner;
  readonly log: vscode.LogOutputChannel;
  /** Where the reader was in this file. */
  place(): TensorPlace | undefined;
  keep(place: TensorPlace): void;
};

type Asked = { readonly question: TensorQuestion; run?: number; tries: number; cancelled: boolean };

/** What a view was told last of each kind, without its numbers. */
type Shown = {
  arrays?: readonly string[];
  window?: TensorWindow["window"];
  labels?: readonly string[];
  counted?: number;
  faults?: readonly Message[];
  stale?: Message;
};

function note(shown: Shown, message: TensorToView): void {
  if (message.type === "stale") shown.stale = message.message;
  if (message.type === "refused") shown.faults = message.problems.map((problem) => problem.message);
  if (message.type !== "answer") return;
  const { answer } = message;
  if (answer.kind === "opened") {
    shown.arrays = answer.tensors.map(({ name }) => name);
    delete shown.stale;
    delete shown.faults;
  } else if (answer.kind === "window") {
    shown.window = answer.window;
    shown.labels = answer.labels;
  } else if (answer.kind === "statistics") shown.counted = answer.statistics.count;
}

/** A worker that is ended while it is asked is asked again so often. */
const mostTries = 3;

/** One editor of a file of arrays: passes the view's questions on to the worker, the newest of each kind. */
export class TensorPanel implements vscode.Disposable {
  private live = false;
  private readonly asked = new Map<number, Asked>();
  private readonly disposables: vscode.Disposable[] = [];
  private readonly shown: Shown = {};

  constructor(
    private readonly panel: vscode.WebviewPanel,
    private readonly document: TensorDocument,
    private readonly options: TensorPanelOptions,
  ) {
    const { webview } = panel;
    const dist = vscode.Uri.joinPath(options.extensionUri, "dist");
    webview.options = { enableScripts: true, localResourceRoots: [dist] };
    this.disposables.push(
      webview.onDidReceiveMessage((message: ViewToTensor) => void this.receive(message).catch((error: unknown) => reportFailure(error, this.options.log))),
      panel.onDidChangeViewState(() => {
        if (panel.visible) return void document.check();
        this.live = false;
        this.cancelAll();
      }),
      document.onDidChange((message) => this.post({ type: "stale", message })),
    );
    const uri = (file: string) => webview.asWebviewUri(vscode.Uri.joinPath(dist, file)).toString();
    webview.html = panelHtml({
      scriptUri: uri("tensors.js"),
      styleUri: uri("webview.css"),
      cspSource: webview.cspSource,
      nonce: randomBytes(16).toString("base64url"),
      lang: vscode.env.language,
    });
  }

  /** What the view was told of the file, for tests. */
  state(): Readonly<Shown> & { readonly uri: string; readonly live: boolean } {
    return { uri: this.document.uri.toString(), live: this.live, ...this.shown };
  }

  private post(message: TensorToView): void {
    note(this.shown, message);
    if (this.live) void this.panel.webview.postMessage(packed(message));
  }

  async receive(message: ViewToTensor): Promise<void> {
    switch (message.type) {
      case "ready": {
        this.live = true;
        const limit = vscode.workspace.getConfiguration("lumen.vectors").get("stripScale", 2);
        const place = this.options.place();
        return this.post({
          type: "init",
          name: this.document.name,
          language: vscode.env.language,
          bundle: vscode.l10n.bundle ?? {},
          limit,
          ...(place ? { place } : {}),
        });
      }
      case "ask":
        return this.ask(message.ask, message.question);
      case "cancel":
        return this.cancel(message.ask);
      case "place":
        return this.options.keep(message.place);
      case "useAsWordVectors":
        return this.pass("lumen.useWordVectors", message);
      case "fitGmm":
        return this.pass("lumen.fitGmmFile", message);
      case "compareRows":
        return this.pass("lumen.compareVectorsFile", message);
      case "showAttention":
        return this.pass("lumen.showAttention", message);
      case "copy":
        await vscode.env.clipboard.writeText(message.text);
        return this.post({ type: "notice", message: msg("Copied.") });
      case "error":
        return this.options.log.error(`The editor of ${this.document.uri}: ${message.message}\n${message.stack}`);
    }
  }

  /** Runs a command of the Explorer on the file, or on one array of it. */
  private async pass(command: string, { tensor, only }: { readonly tensor: string; readonly only: boolean }): Promise<void> {
    await vscode.commands.executeCommand(command, only ? this.document.uri : withPart(this.document.uri, tensor));
  }

  private async ask(ask: number, question: TensorQuestion): Promise<void> {
    for (const [older, asked] of this.asked) if (asked.question.kind === question.kind) this.cancel(older);
    const asked: Asked = { question, tries: 0, cancelled: false };
    this.asked.set(ask, asked);
    if (question.kind === "open") await this.document.renew();
    await this.start(ask, asked, false);
  }

  private async start(ask: number, asked: Asked, whole: boolean): Promise<void> {
    asked.tries++;
    const { question } = asked;
    const end = (message: TensorToView): void => {
      this.asked.delete(ask);
      this.post(message);
    };
    const problem = (text: string) => end({ type: "refused", ask, problems: [{ severity: "error", message: { text, args: [] } }] });
    let spec;
    try {
      spec = await this.document.spec(whole);
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      return problem(error.message);
    }
    if (asked.cancelled) return end({ type: "cancelled", ask });
    asked.run = this.options.runner.inspect(spec, question, (event): void => {
      switch (event.type) {
        case "progress": {
          const { fraction, message, trace } = event;
          return this.post({ type: "progress", ask, fraction, message, ...(question.kind === "statistics" && trace ? { statistics: trace as Statistics } : {}) });
        }
        case "inspected":
          if (event.answer.kind === "resend" && asked.tries < mostTries) return void this.start(ask, asked, true).catch((error: unknown) => reportFailure(error, this.options.log));
          return end({ type: "answer", ask, answer: event.answer });
        case "invalid":
          return end({ type: "refused", ask, problems: event.problems });
        case "cancelled":
          // The worker may have been ended because others no longer need it.
          if (!asked.cancelled && asked.tries < mostTries) return void this.start(ask, asked, false).catch((error: unknown) => reportFailure(error, this.options.log));
          return end({ type: "cancelled", ask });
        case "failed":
          this.options.log.error(`Reading ${this.document.uri} failed: ${event.detail}`);
          return end({ type: "failed", ask, message: event.message });
        default:
          return undefined;
      }
    });
  }

  private cancel(ask: number): void {
    const asked = this.asked.get(ask);
    if (!asked) return;
    asked.cancelled = true;
    if (asked.run !== undefined) this.options.runner.cancel(asked.run);
  }

  private cancelAll(): void {
    for (const ask of [...this.asked.keys()]) this.cancel(ask);
  }

  dispose(): void {
    this.live = false;
    this.cancelAll();
    for (const each of this.disposables.splice(0)) each.dispose();
  }
}
