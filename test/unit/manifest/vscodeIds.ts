/**
 * The menus that an extension without proposed API may contribute to, as VS Code 1.100 and later know them
 * (src/vs/workbench/services/actions/common/menusExtensionPoint.ts). VS Code ignores an unknown one in silence.
 */
export const knownMenus = new Set([
  "commandPalette", "comments/comment/context", "comments/comment/title", "comments/commentThread/context",
  "comments/commentThread/title", "debug/callstack/context", "debug/toolBar", "debug/variables/context", "debug/watch/context",
  "editor/context", "editor/context/copy", "editor/lineNumber/context", "editor/title", "editor/title/context", "editor/title/run",
  "explorer/context", "extension/context", "file/newFile", "interactive/cell/title", "interactive/toolbar", "issue/reporter",
  "menuBar/edit/copy", "notebook/cell/execute", "notebook/cell/title", "notebook/toolbar", "notebook/variables/context",
  "ports/item/context", "ports/item/origin/inline", "ports/item/port/inline", "scm/change/title", "scm/repository",
  "scm/resourceFolder/context", "scm/resourceGroup/context", "scm/resourceState/context", "scm/sourceControl", "scm/title",
  "statusBar/remoteIndicator", "terminal/context", "terminal/title/context", "testing/item/context", "testing/item/gutter",
  "testing/item/result", "testing/message/content", "testing/message/context", "testing/profiles/context", "timeline/item/context",
  "timeline/title", "touchBar", "view/item/context", "view/title", "webview/context",
]);

/** VS Code's context keys that the manifest uses. */
export const knownContextKeys = new Set([
  "activeWebviewPanelId", "editorHasSelection", "editorLangId", "editorIsOpen", "editorReadonly", "editorTextFocus", "explorerResourceIsFolder", "resourceScheme",
  "resourceExtname", "resourceFilename", "resourcePath", "view", "viewItem",
]);

/** VS Code's own commands that the manifest links to. */
export const knownCommands = new Set(["workbench.action.openWalkthrough"]);

/** VS Code's language ids, and those that extensions for tables and JSON Lines use. */
export const knownLanguages = new Set(["csv", "tsv", "plaintext", "json", "jsonc", "jsonl", "python", "markdown"]);
