import assert from "node:assert/strict";
import * as vscode from "vscode";
import type { MixtureTrace } from "../../../src/core/mixture/trace.js";
import type { TestApi } from "../../../src/extension/testApi.js";
import { closePanels, fileOf, outcomeOf, show, testApi, until } from "./lumen.js";

const numbers = `${Array.from({ length: 40 }, (_, i) => (i < 20 ? i / 10 : 8 + i / 10)).join("\n")}\n`;

async function written(name: string, text: string): Promise<vscode.Uri> {
  const uri = fileOf(name);
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
  return uri;
}

/** Waits until the only panel's picture has so many rows. */
function rows(api: TestApi, N: number): Promise<unknown> {
  return until(`a picture of ${N} rows`, () => {
    const [{ active, outcome }] = api.sessions();
    return !active && outcome?.type === "trace" && (outcome.trace as MixtureTrace).N === N;
  });
}

async function append(editor: vscode.TextEditor, text: string): Promise<void> {
  const end = editor.document.positionAt(editor.document.getText().length);
  assert.ok(await editor.edit((edit) => edit.insert(end, text)));
}

async function rename(from: vscode.Uri, to: vscode.Uri): Promise<void> {
  const edit = new vscode.WorkspaceEdit();
  edit.renameFile(from, to);
  assert.ok(await vscode.workspace.applyEdit(edit));
}

const tabs = () => vscode.window.tabGroups.all.flatMap((group) => group.tabs);
const titles = () => tabs().filter(({ input }) => input instanceof vscode.TabInputWebview).map(({ label }) => label).sort();
const marksOf = (uri: vscode.Uri) => vscode.languages.getDiagnostics(uri).filter((each) => each.source === "Lumen");

suite("a panel", () => {
  teardown(async () => {
    await closePanels(await testApi());
    for (const document of vscode.workspace.textDocuments.filter((each) => each.isDirty && !each.isUntitled)) await document.save();
  });

  test("is restored with its pin, and follows its text again when that is taken away", async () => {
    const api = await testApi();
    const uri = await written("pinned.csv", numbers);
    const editor = await show(uri);
    const state = { explainer: "mixture", params: {}, step: 0, uri: uri.toString(), ranges: [], pinned: true, ui: {} };
    await api.restore("Mixture: pinned.csv", state);
    await rows(api, 40);
    assert.equal(api.sessions()[0].pinned, true);
    await append(editor, "9\n");
    await api.send(0, { type: "run", params: { n_components: 3 } });
    await until("the next run", () => (api.sessions()[0].outcome?.run ?? 0) > 0 && !api.sessions()[0].active);
    await rows(api, 40);
    await api.send(0, { type: "pin", pinned: false });
    await rows(api, 41);
  });

  test("has a title of its own among those of one file", async () => {
    const api = await testApi();
    const uri = await written("titled.csv", numbers);
    for (const [from, to] of [[0, 0], [0, 20], [20, 40]]) {
      const editor = await show(uri);
      editor.selection = new vscode.Selection(from, 0, to, 0);
      await vscode.commands.executeCommand("lumen.fitGmm");
    }
    const expected = ["Mixture: titled.csv", "Mixture: titled.csv:1–20", "Mixture: titled.csv:21–40"];
    await until(`the titles ${expected.join()}`, () => titles().join() === expected.join());
    await until("pictures", () => api.sessions().every((each) => each.outcome && !each.active));
  });

  test("is closed in the middle of a run: the run ends, nothing is marked, and other panels go on", async () => {
    const api = await testApi();
    await show(await written("other.csv", numbers));
    await vscode.commands.executeCommand("lumen.fitGmm");
    await rows(api, 40);
    const { started } = api.worker();
    const text = Array.from({ length: 60_000 }, (_, i) => `${Math.sin(i) * (i % 7)},${Math.cos(i * i)}`).join("\n");
    const uri = await written("long.csv", `a,b\n1e999,1\n${text}\n`);
    await show(uri);
    await vscode.commands.executeCommand("lumen.fitGmm");
    const at = await until("the second panel", () => api.sessions().findIndex((each) => each.uri === uri.toString()) + 1 || undefined);
    await api.send(at - 1, { type: "run", params: { n_components: 20, n_init: 50, tol: 1e-12 } });
    await until("a run under way", () => api.sessions()[at - 1].active && api.worker().active > 0);
    api.close(at - 1);
    await until("one panel", () => api.sessions().length === 1);
    await until("an idle worker", () => api.worker().active === 0);
    assert.deepEqual(marksOf(uri), []);
    await api.send(0, { type: "run", params: { n_components: 3 } });
    await until("the other's next picture", () => {
      const [{ active, outcome }] = api.sessions();
      return !active && outcome?.type === "trace" && (outcome.trace as MixtureTrace).K === 3;
    });
    assert.equal(api.worker().started, started);
  });

  test("goes along when its file is renamed, with unsaved edits, marks and title", async () => {
    const api = await testApi();
    const from = await written("before.csv", numbers.replace("0.5\n", "1e999\n"));
    const to = fileOf("after.csv");
    await append(await show(from), "9\n");
    await vscode.commands.executeCommand("lumen.fitGmm");
    await outcomeOf(api, from);
    await until("a mark", () => marksOf(from).length === 1);
    await rename(from, to);
    await until("the new address", () => api.sessions()[0].uri === to.toString());
    await until("the new title", () => titles().join() === "Mixture: after.csv");
    await until("the mark at the new address", () => marksOf(to).length === 1 && marksOf(from).length === 0);
    await rows(api, 40);
    await append(await show(to), "9.5\n");
    await rows(api, 41);
  });

  test("goes along with a file of the Explorer whose folder is renamed", async () => {
    const api = await testApi();
    const uri = await written("folder1/data.csv", numbers);
    await vscode.commands.executeCommand("lumen.fitGmmFile", uri, [uri]);
    await outcomeOf(api, uri);
    await rename(fileOf("folder1"), fileOf("folder2"));
    await until("the new address", () => api.sessions()[0].uri === fileOf("folder2/data.csv").toString());
    await api.send(0, { type: "run", params: { n_components: 3 } });
    await until("a run from there", () => {
      const [{ active, outcome }] = api.sessions();
      return !active && outcome?.type === "trace" && (outcome.trace as MixtureTrace).K === 3;
    });
  });
});
