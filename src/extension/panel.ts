import { randomBytes } from "node:crypto";
import * as vscode from "vscode";
import type { HostToView, ViewToHost } from "../core/protocol.js";
import { packed } from "./packed.js";
import { panelHtml } from "./panelHtml.js";
import type { ViewSurface } from "./surface.js";

export const viewType = "lumen.explainer";

/**
 * A webview with the explainers' script. Its content is destroyed whenever it is hidden and starts again with `ready`,
 * upon which the session tells it everything; nothing is posted to a webview that is not there.
 */
export class Panel {
  private live = false;
  private waiting: string | undefined;
  private readonly disposables: vscode.Disposable[] = [];

  /** Takes over a panel or a view: a new one, or one that VS Code restored. */
  constructor(
    readonly surface: ViewSurface,
    extensionUri: vscode.Uri,
    receive: (message: ViewToHost) => void,
    changed: () => void,
  ) {
    const { webview } = surface;
    const dist = vscode.Uri.joinPath(extensionUri, "dist");
    webview.options = { enableScripts: true, localResourceRoots: [dist] };
    this.disposables.push(
      webview.onDidReceiveMessage((message: ViewToHost) => {
        if (message.type === "ready") this.live = true;
        receive(message);
      }),
      surface.onDidChange(() => {
        if (!surface.visible) this.live = false;
        changed();
      }),
    );
    const uri = (file: string) => webview.asWebviewUri(vscode.Uri.joinPath(dist, file)).toString();
    webview.html = panelHtml({
      scriptUri: uri("webview.js"),
      styleUri: uri("webview.css"),
      cspSource: webview.cspSource,
      nonce: randomBytes(16).toString("base64url"),
      lang: vscode.env.language,
    });
  }

  static open(
    title: string,
    extensionUri: vscode.Uri,
    column: vscode.ViewColumn,
    preserveFocus: boolean,
  ): vscode.WebviewPanel {
    const dist = vscode.Uri.joinPath(extensionUri, "dist");
    return vscode.window.createWebviewPanel(
      viewType,
      title,
      { viewColumn: column, preserveFocus },
      { enableScripts: true, localResourceRoots: [dist], enableFindWidget: true },
    );
  }

  post(message: HostToView): void {
    if (this.live) void this.surface.webview.postMessage(packed(message));
  }

  /** Passes a command on; to a view that is just being shown, once it has been told everything. */
  action(action: string): void {
    if (this.live) this.post({ type: "action", action });
    else this.waiting = action;
  }

  /** The view has been told everything. */
  told(): void {
    if (this.waiting !== undefined) this.post({ type: "action", action: this.waiting });
    this.waiting = undefined;
  }

  /** Listeners go first, so that nothing is told to a session that is ending. */
  dispose(): void {
    this.live = false;
    for (const each of this.disposables.splice(0)) each.dispose();
  }
}
