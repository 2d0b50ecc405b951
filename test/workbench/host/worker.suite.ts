import assert from "node:assert/strict";
import * as vscode from "vscode";

/** How many worker threads this extension host has, whoever started them. */
function workers(): number {
  const report = process.report.getReport() as unknown as { workers: unknown[] };
  return report.workers.length;
}

async function until(what: string, holds: () => boolean): Promise<void> {
  const end = Date.now() + 50_000;
  while (!holds()) {
    assert.ok(Date.now() < end, `waited too long for: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const panels = () =>
  vscode.window.tabGroups.all.flatMap((group) => group.tabs).filter((tab) => tab.input instanceof vscode.TabInputWebview);

suite("the worker", () => {
  test("is started by the first run and ended with the last panel", async () => {
    const folder = vscode.workspace.workspaceFolders?.[0];
    assert.ok(folder);
    const editor = await vscode.window.showTextDocument(vscode.Uri.joinPath(folder.uri, "em1d.csv"));
    editor.selection = new vscode.Selection(1, 0, 101, 0);
    const before = workers();
    await vscode.commands.executeCommand("lumen.fitGmm");
    await until("a panel", () => panels().length === 1);
    await until("a worker", () => workers() === before + 1);
    await vscode.window.tabGroups.close(panels());
    await until("no panel", () => panels().length === 0);
    await until("no worker", () => workers() === before);
  });
});
