import * as vscode from "vscode";
import type { ViewToHost, ViewToTensor } from "../core/protocol.js";
import type { DecodingView } from "./decoding/decodingView.js";
import { viewType } from "./panel.js";
import type { Runner } from "./runner.js";
import type { Session } from "./session.js";
import type { Sessions } from "./sessions.js";
import type { TensorEditors } from "./tensors/tensorEditors.js";
import type { TensorPanel } from "./tensors/tensorPanel.js";

/** What Lumen's tests in the extension host see; nobody else gets it. */
export type TestApi = {
  readonly activation: number;
  sessions(): readonly ReturnType<Session["state"]>[];
  /** What the view of decoding shows; undefined before it was opened. */
  decoding(): ReturnType<Session["state"]> | undefined;
  /** Acts as that view would. */
  sendDecoding(message: ViewToHost): Promise<void>;
  /** What the editors of arrays were told last. */
  tensors(): readonly ReturnType<TensorPanel["state"]>[];
  /** Acts as the view of such an editor would. */
  sendTensor(index: number, message: ViewToTensor): Promise<void>;
  worker(): ReturnType<Runner["state"]>;
  /** Acts as the view of the session would. */
  send(index: number, message: ViewToHost): Promise<void>;
  close(index: number): void;
  /** Hands a panel over as VS Code does after a reload of the window. */
  restore(title: string, state: unknown): Promise<void>;
  endWorker(): void;
};

export function createTestApi(sessions: Sessions, decoding: DecodingView, tensors: TensorEditors, runner: Runner, activation: number): TestApi {
  return {
    activation,
    sessions: () => sessions.panels().map((session) => session.state()),
    decoding: () => decoding.current()?.state(),
    sendDecoding: async (message) => decoding.current()?.receive(message),
    tensors: () => tensors.all().map((panel) => panel.state()),
    sendTensor: (index, message) => tensors.all()[index].receive(message),
    worker: runner.state,
    send: (index, message) => sessions.panels()[index].receive(message),
    close: (index) => sessions.panels()[index].panel.surface.dispose(),
    restore: (title, state) =>
      sessions.deserializeWebviewPanel(
        vscode.window.createWebviewPanel(viewType, title, vscode.ViewColumn.Beside),
        state,
      ),
    endWorker: runner.end,
  };
}
