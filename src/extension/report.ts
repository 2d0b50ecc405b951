import * as vscode from "vscode";

/** Says that what the reader asked for could not be done, for a reason outside Lumen such as a full disk. */
export function reportFailure(error: unknown, log?: vscode.LogOutputChannel): void {
  const reason = error instanceof Error ? error.message : String(error);
  log?.error(error instanceof Error ? error : reason);
  void vscode.window.showErrorMessage(vscode.l10n.t("That did not work: {0}", reason));
}
