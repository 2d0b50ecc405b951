import * as vscode from "vscode";
import assert from "node:assert/strict";
import { closePanels, fileOf, outcomeOf, show, testApi, until } from "./lumen.js";

/** The worker threads of this extension host, whoever started them, by their ids, which are never given twice. */
function threads(): number[] {
  const report = process.report.getReport() as unknown as { workers: { header: { threadId: number } }[] };
  return report.workers.map(({ header }) => header.threadId);
}

/** The threads started since. One that was still ending then does not count. */
function startedSince(before: readonly number[]): number[] {
  return threads().filter((id) => !before.includes(id));
}

suite("the worker", () => {
  test("is started by the first run and ended with the last panel", async () => {
    const api = await testApi();
    await closePanels(api);
    const before = threads();
    assert.equal(api.worker().worker, "none");
    const editor = await show(fileOf("em1d.csv"));
    editor.selection = new vscode.Selection(1, 0, 101, 0);
    await vscode.commands.executeCommand("lumen.fitGmm");
    assert.equal((await outcomeOf(api, editor.document.uri)).type, "trace");
    assert.equal(startedSince(before).length, 1);
    await closePanels(api);
    await until("the end of the thread", () => startedSince(before).length === 0);
    assert.equal(api.worker().worker, "none");
  });

  test("serves all panels: two of them need one thread", async () => {
    const api = await testApi();
    await closePanels(api);
    const before = threads();
    for (const name of ["em1d.csv", "iris.csv"]) {
      const editor = await show(fileOf(name));
      editor.selection = new vscode.Selection(0, 0, 0, 0);
      await vscode.commands.executeCommand("lumen.fitGmm");
      assert.equal((await outcomeOf(api, editor.document.uri)).type, "trace");
    }
    assert.equal(api.sessions().length, 2);
    assert.equal(startedSince(before).length, 1);
    await closePanels(api);
    await until("the end of the thread", () => startedSince(before).length === 0);
  });

  test("calculates in WebAssembly, or with what lumen.kernels names, from the next run on", async () => {
    const api = await testApi();
    const settings = vscode.workspace.getConfiguration("lumen");
    const fit = async () => {
      await closePanels(api);
      const editor = await show(fileOf("em1d.csv"));
      editor.selection = new vscode.Selection(1, 0, 101, 0);
      await vscode.commands.executeCommand("lumen.fitGmm");
      assert.equal((await outcomeOf(api, editor.document.uri)).type, "trace");
      return api.worker().kernels;
    };
    const first = await fit();
    assert.ok(first?.implementation === "relaxed" || first?.implementation === "simd", JSON.stringify(first));
    try {
      // The last is no choice, and is taken as that which is made without one.
      for (const [written, choice, implementation] of [["relaxed", "relaxed", "relaxed"], ["simd", "simd", "simd"], ["typescript", "typescript", "typescript"], ["fast", "auto", first.implementation]]) {
        await settings.update("kernels", written, vscode.ConfigurationTarget.Global);
        await until("the worker's end", () => api.worker().worker === "none");
        const found = await fit();
        assert.deepEqual([found?.choice, found?.implementation], [choice, implementation]);
      }
    } finally {
      await settings.update("kernels", undefined, vscode.ConfigurationTarget.Global);
      await closePanels(api);
    }
  });
});
