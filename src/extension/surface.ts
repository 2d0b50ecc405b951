import * as vscode from "vscode";

/** A place where a session can be seen: a panel among the editors, or a view in the side bar. */
export type ViewSurface = {
  readonly kind: "panel" | "view";
  readonly webview: vscode.Webview;
  readonly visible: boolean;
  /** It has the keyboard; of a view nobody knows. */
  readonly active: boolean;
  /** The column of a panel. */
  readonly viewColumn: vscode.ViewColumn | undefined;
  title: string;
  reveal(preserveFocus: boolean): void;
  /** It became visible, hidden or active, or the contrary. */
  onDidChange(listener: () => void): vscode.Disposable;
  onDidDispose(listener: () => void): vscode.Disposable;
  /** Closes a panel; a view is the side bar's. */
  dispose(): void;
};

export function panelSurface(panel: vscode.WebviewPanel, extensionUri: vscode.Uri): ViewSurface {
  panel.iconPath = vscode.Uri.joinPath(extensionUri, "media", "icon.svg");
  return {
    kind: "panel",
    webview: panel.webview,
    get visible() {
      return panel.visible;
    },
    get active() {
      return panel.active;
    },
    get viewColumn() {
      return panel.viewColumn;
    },
    get title() {
      return panel.title;
    },
    set title(title) {
      panel.title = title;
    },
    reveal: (preserveFocus) => panel.reveal(undefined, preserveFocus),
    onDidChange: (listener) => panel.onDidChangeViewState(() => listener()),
    onDidDispose: (listener) => panel.onDidDispose(() => listener()),
    dispose: () => panel.dispose(),
  };
}

export function sideSurface(view: vscode.WebviewView): ViewSurface {
  return {
    kind: "view",
    webview: view.webview,
    get visible() {
      return view.visible;
    },
    active: false,
    viewColumn: undefined,
    title: view.title ?? "",
    reveal: (preserveFocus) => view.show(preserveFocus),
    onDidChange: (listener) => view.onDidChangeVisibility(() => listener()),
    onDidDispose: (listener) => view.onDidDispose(() => listener()),
    dispose() {},
  };
}
