import * as vscode from "vscode";
import { format } from "../../core/contract/index.js";
import type { PinnedVector, StoreSpec, ThemeKind, VectorAnswer, VectorQuestion } from "../../core/protocol.js";
import { runAt } from "../editor/hoverPlace.js";
import type { AskListener, Runner } from "../runner.js";

export type Asked = {
  readonly document: vscode.TextDocument;
  readonly position: vscode.Position;
  /** Where words are looked up; undefined when only vectors of the text are asked for. */
  readonly store: StoreSpec | undefined;
  readonly pinned: PinnedVector | undefined;
  readonly spellings: boolean;
};

/** Thrown when the worker failed; the message is a sentence for the reader. */
export class AskError extends Error {}

const idleTime = 10 * 60_000;

/** Asks the worker about places of documents. Texts and bytes that it has already are not sent again. */
export class Questions implements vscode.Disposable {
  private readonly sent = new Map<string, number>();
  private generation = -1;
  private rest: NodeJS.Timeout | undefined;

  /** `inUse` tells whether somebody else needs the worker, so that it may not be ended after a while without questions. */
  constructor(
    private readonly runner: Runner,
    private readonly inUse: () => boolean,
  ) {}

  /** Undefined when it was cancelled. Throws an `AskError` when the worker failed. */
  async ask(asked: Asked, token?: vscode.CancellationToken): Promise<VectorAnswer | undefined> {
    const { document } = asked;
    this.endLater();
    if (this.runner.generation() !== this.generation) {
      this.generation = this.runner.generation();
      this.sent.clear();
    }
    const uri = document.uri.toString();
    const version = document.version;
    const whole = this.sent.get(uri) !== version;
    const answer = await this.send(questionOf(asked, whole, !this.sent.has(storeKey(asked.store))), token);
    if (answer?.kind !== "resend") {
      if (answer) this.remember(uri, version, asked.store);
      return answer;
    }
    const again = await this.send(questionOf(asked, true, true), token);
    if (again) this.remember(uri, version, asked.store);
    return again;
  }

  /** The worker holds whole files of vectors: it is not kept for a reader who went on to something else. */
  endLater(): void {
    clearTimeout(this.rest);
    this.rest = setTimeout(() => {
      if (!this.inUse() && this.runner.state().active === 0) this.runner.end();
    }, idleTime);
    this.rest.unref();
  }

  dispose(): void {
    clearTimeout(this.rest);
  }

  private remember(uri: string, version: number, store: StoreSpec | undefined) {
    this.sent.set(uri, version);
    if (store) this.sent.set(storeKey(store), 0);
  }

  private async send(question: VectorQuestion, token?: vscode.CancellationToken): Promise<VectorAnswer | undefined> {
    const ending = await ended(this.runner, (listener) => this.runner.ask(question, listener), token);
    return ending.type === "answer" ? ending.answer : undefined;
  }
}

/** Starts something on the worker and waits for its ending; progress goes to `report`. Throws an `AskError`. */
export function ended(
  runner: Runner,
  start: (listener: AskListener) => number,
  token?: vscode.CancellationToken,
  report?: (event: Parameters<AskListener>[0] & { type: "progress" }) => void,
): Promise<Exclude<Parameters<AskListener>[0], { type: "progress" | "failed" }>> {
  return new Promise((resolve, reject) => {
    const run = start((event) => {
      if (event.type === "progress") return report?.(event);
      watch?.dispose();
      if (event.type === "failed") reject(new AskError(format(event.message, vscode.l10n.bundle)));
      else resolve(event);
    });
    const watch = token?.onCancellationRequested(() => runner.cancel(run));
    if (token?.isCancellationRequested) runner.cancel(run);
  });
}

function storeKey(store: StoreSpec | undefined): string {
  return store ? `store ${store.uri}` : "";
}

function questionOf({ document, position, store, pinned, spellings }: Asked, withText: boolean, withBytes: boolean): VectorQuestion {
  const { uri, version, languageId } = document;
  const word = store && runAt(document.lineAt(position.line).text, position.character);
  const spec = store?.kind === "bytes" && !withBytes ? { ...store, bytes: undefined } : store;
  return {
    document: { uri: uri.toString(), version, languageId, ...(withText ? { text: document.getText() } : {}) },
    offset: document.offsetAt(position),
    spellings,
    theme: themeKind(),
    scale: vscode.workspace.getConfiguration("lumen.vectors").get("stripScale", 2),
    ...(word && spec ? { word: { ...word, store: spec } } : {}),
    ...(pinned ? { pinned } : {}),
  };
}

/** The kind of the theme in use, for pictures that can't read its colours. */
export function themeKind(): ThemeKind {
  switch (vscode.window.activeColorTheme.kind) {
    case vscode.ColorThemeKind.Light:
      return "light";
    case vscode.ColorThemeKind.HighContrast:
      return "hc-dark";
    case vscode.ColorThemeKind.HighContrastLight:
      return "hc-light";
    default:
      return "dark";
  }
}
