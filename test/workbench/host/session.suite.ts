import assert from "node:assert/strict";
import * as vscode from "vscode";
import type { MixtureTrace } from "../../../src/core/mixture/trace.js";
import type { RunEvent, Values } from "../../../src/core/protocol.js";
import type { TestApi } from "../../../src/extension/testApi.js";
import { closePanels, fileOf, outcomeOf, show, testApi, until } from "./lumen.js";

const numbers = `${Array.from({ length: 40 }, (_, i) => (i < 20 ? i / 10 : 8 + i / 10)).join("\n")}\n`;

function traceOf(event: RunEvent | undefined): MixtureTrace {
  assert.equal(event?.type, "trace");
  return (event as RunEvent & { type: "trace" }).trace as MixtureTrace;
}

/** The trace of the only session's next run after the one numbered `after`. */
async function nextTrace(api: TestApi, after: number): Promise<{ readonly run: number; readonly trace: MixtureTrace }> {
  const outcome = await until("the next run", () => {
    const [session] = api.sessions();
    return session?.outcome && !session.active && session.outcome.run > after && session.outcome;
  });
  return { run: outcome.run, trace: traceOf(outcome) };
}

async function fit(text: string) {
  const api = await testApi();
  const editor = await show(text);
  await vscode.commands.executeCommand("lumen.fitGmm");
  const outcome = await outcomeOf(api, editor.document.uri);
  return { api, editor, uri: editor.document.uri, run: outcome.run, trace: traceOf(outcome) };
}

async function replace(editor: vscode.TextEditor, find: string, by: string): Promise<void> {
  const { document } = editor;
  const start = document.getText().indexOf(find);
  assert.ok(start >= 0, `${find} is not in the text`);
  const range = new vscode.Range(document.positionAt(start), document.positionAt(start + find.length));
  assert.ok(await editor.edit((edit) => edit.replace(range, by)));
}

const marksOf = (uri: vscode.Uri) => vscode.languages.getDiagnostics(uri).filter((each) => each.source === "Lumen");

suite("a session", () => {
  teardown(async () => {
    const api = await testApi();
    await closePanels(api);
    await vscode.commands.executeCommand("lumen.resetParameters");
  });

  test("undoes and redoes the experiment with the text", async () => {
    const { api, editor, run, trace } = await fit(numbers);
    await replace(editor, "0.5\n", "0.5\n55\n");
    const edited = await nextTrace(api, run);
    assert.equal(edited.trace.N, trace.N + 1);
    await vscode.window.showTextDocument(editor.document, vscode.ViewColumn.One);
    await vscode.commands.executeCommand("undo");
    const undone = await nextTrace(api, edited.run);
    assert.deepEqual(undone.trace, trace);
    await vscode.commands.executeCommand("redo");
    const redone = await nextTrace(api, undone.run);
    assert.deepEqual(redone.trace, edited.trace);
  });

  test("marks what is wrong in the text, until it is mended", async () => {
    const { api, editor, uri, run } = await fit(numbers);
    assert.deepEqual(marksOf(uri), []);
    await replace(editor, "0.5\n", "1e999\n");
    const broken = await nextTrace(api, run);
    const [mark] = await until("a mark", () => marksOf(uri).length > 0 && marksOf(uri));
    assert.equal(editor.document.getText(mark.range), "1e999");
    await replace(editor, "1e999\n", "0.5\n");
    await nextTrace(api, broken.run);
    await until("no mark", () => marksOf(uri).length === 0);
  });

  test("follows the selected range as text is put before it", async () => {
    const api = await testApi();
    const editor = await show(`a note\n${numbers}`);
    const { uri } = editor.document;
    editor.selection = new vscode.Selection(1, 0, 21, 0);
    await vscode.commands.executeCommand("lumen.fitGmm");
    const first = await outcomeOf(api, uri);
    assert.equal(traceOf(first).N, 20);
    await replace(editor, "a note", "a much longer note\non two lines");
    const { trace } = await nextTrace(api, first.run);
    assert.equal(trace.N, 20);
    assert.equal(trace.lines[0], 3);
  });

  test("stands still under its pin, and catches up when it is taken away", async () => {
    const { api, editor, run } = await fit(numbers);
    await vscode.commands.executeCommand("lumen.pin");
    assert.equal(api.sessions()[0].pinned, true);
    await replace(editor, "0.5\n", "0.5\n9\n9\n");
    await api.send(0, { type: "run", params: { n_components: 3 } });
    const pinned = await nextTrace(api, run);
    assert.equal(pinned.trace.N, 40);
    await vscode.commands.executeCommand("lumen.pin");
    assert.equal((await nextTrace(api, pinned.run)).trace.N, 42);
  });

  test("uses the panel of the same source again, and has one for each selection", async () => {
    const { api, editor } = await fit(numbers);
    await vscode.window.showTextDocument(editor.document, vscode.ViewColumn.One);
    await vscode.commands.executeCommand("lumen.fitGmm");
    assert.equal(api.sessions().length, 1);
    const again = await vscode.window.showTextDocument(editor.document, vscode.ViewColumn.One);
    again.selection = new vscode.Selection(0, 0, 20, 0);
    await vscode.commands.executeCommand("lumen.fitGmm");
    assert.equal(api.sessions().length, 2);
    await until("two pictures", () => api.sessions().every((each) => each.outcome && !each.active));
    assert.deepEqual(
      api
        .sessions()
        .map((each) => traceOf(each.outcome).N)
        .sort(),
      [20, 40],
    );
  });

  test("goes on without its document", async () => {
    const { api, editor, run } = await fit(numbers);
    await vscode.window.showTextDocument(editor.document, vscode.ViewColumn.One);
    await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
    await until("a closed document", () => editor.document.isClosed);
    await api.send(0, { type: "run", params: { n_components: 3 } });
    const { trace } = await nextTrace(api, run);
    assert.equal(trace.K, 3);
    assert.equal(trace.N, 40);
  });

  test("remembers the parameters that were changed, but not the columns, until they are reset", async () => {
    const first = await fit(numbers);
    const params: Values = { n_components: 3, columns: ["no such column"], init_params: "k-means++" };
    await first.api.send(0, { type: "run", params });
    await until("the run's end", () => first.api.sessions()[0].outcome && !first.api.sessions()[0].active);
    await closePanels(first.api);
    const second = await fit(numbers.replace("0.5", "0.55"));
    assert.equal(second.trace.K, 3);
    await closePanels(second.api);
    await vscode.commands.executeCommand("lumen.resetParameters");
    assert.equal((await fit(numbers.replace("0.5", "0.56"))).trace.K, 2);
  });

  test("selects and reveals rows in the editor", async () => {
    const { api, editor } = await fit(numbers);
    const text = editor.document.getText();
    const spans = ["0.5\n", "0.9\n"].map((row) => ({ start: text.indexOf(row), end: text.indexOf(row) + 3 }));
    await api.send(0, { type: "select", spans });
    const shown = await until("the editor", () =>
      vscode.window.visibleTextEditors.find((each) => each.document === editor.document),
    );
    const selected = () => shown.selections.map((selection) => shown.document.getText(selection));
    await until("two selected rows", () => selected().join() === "0.5,0.9");
    // A new picture would have spans of its own.
    await api.send(0, { type: "pin", pinned: true });
    await replace(shown, "0\n", "0\n0.05\n");
    await api.send(0, { type: "reveal", span: spans[1] });
    await until("the row where it is now", () => selected().join() === "0.9");
  });

  test("copies, and inserts at the caret of another editor in one undo step, else into a new document", async () => {
    const { api, editor } = await fit(numbers);
    await api.send(0, { type: "copy", text: "from sklearn.mixture import GaussianMixture" });
    assert.equal(await vscode.env.clipboard.readText(), "from sklearn.mixture import GaussianMixture");
    const before = editor.document.getText();
    await vscode.window.showTextDocument(editor.document, vscode.ViewColumn.One);
    await api.send(0, { type: "insert", text: "new", languageId: "json" });
    assert.equal(editor.document.getText(), before);
    const fresh = await until("a new document", () => {
      const active = vscode.window.activeTextEditor;
      return active?.document.getText() === "new" && active;
    });
    assert.equal(fresh.document.languageId, "json");
    await api.send(0, { type: "insert", text: "\ntwo", languageId: "json" });
    assert.match(fresh.document.getText(), /new\ntwo|\ntwonew/);
    await vscode.window.showTextDocument(fresh.document);
    await vscode.commands.executeCommand("undo");
    assert.equal(fresh.document.getText(), "new");
  });

  test("marks rows and gives them bars without a word, and takes them away again", async () => {
    const { api } = await fit(numbers);
    const bars = [
      [
        { color: "#1A6AE0", share: 0.7 },
        { color: "#B85400", share: 0.3 },
      ],
    ];
    await api.send(0, { type: "highlight", spans: [{ start: 0, end: 1 }] });
    await api.send(0, { type: "highlight", spans: [{ start: 0, end: 1 }, { start: 2, end: 3 }], weights: [0.9, 0.1], ring: { start: 2, end: 3 } });
    await api.send(0, { type: "decorate", bars, spans: Int32Array.of(0, 1, 2, 5), group: Int32Array.of(0, 0) });
    await api.send(0, { type: "highlight", spans: [] });
    await api.send(0, { type: "undecorate" });
  });
});

suite("sources", () => {
  teardown(async () => closePanels(await testApi()));

  test("a sample is opened in an editor and fitted with its own parameters", async () => {
    const api = await testApi();
    await vscode.commands.executeCommand("lumen.openSample", "em1d.csv");
    const outcome = await outcomeOf(api, fileOf("em1d.csv"));
    assert.equal(traceOf(outcome).N, 100);
    assert.equal(api.sessions()[0].params.stop_rule, "as-published");
    assert.ok(vscode.window.visibleTextEditors.some((each) => each.document.fileName.endsWith("em1d.csv")));
  });

  test("a file of the Explorer is read from disk, and from its editor when it has unsaved edits", async () => {
    const api = await testApi();
    const uri = fileOf("explorer.csv");
    await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(`x\n${numbers}`));
    await vscode.commands.executeCommand("lumen.fitGmmFile", uri, [uri]);
    const saved = traceOf(await outcomeOf(api, uri));
    assert.equal(saved.N, 40);
    assert.equal(saved.spans, null);
    await closePanels(api);
    const editor = await show(uri);
    await replace(editor, "0.5\n", "0.5\n9\n");
    await vscode.commands.executeCommand("lumen.fitGmmFile", uri, [uri]);
    const dirty = traceOf(await outcomeOf(api, uri));
    assert.equal(dirty.N, 41);
    assert.notEqual(dirty.spans, null);
    await vscode.window.showTextDocument(editor.document);
    await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
  });

  test("a CodeLens stands above a list of eight numbers or more, and fits it", async () => {
    const api = await testApi();
    const text = "few = [1, 2, 3]\n\nmany = [1, 2, 3, 4, 5, 11, 12, 13, 14, 15]\n";
    const { document } = await show(text, "python");
    const lenses = await until("one lens", () => lensesOf(document.uri));
    assert.equal(lenses.length, 1);
    const [lens] = lenses;
    assert.equal(lens.range.start.line, 2);
    assert.match(lens.command?.title ?? "", /GMM.*\b10\b/);
    assert.ok(lens.command?.arguments);
    await vscode.commands.executeCommand(lens.command.command, ...lens.command.arguments);
    const trace = traceOf(await outcomeOf(api, document.uri));
    assert.equal(trace.N, 10);
    assert.equal(trace.lines[0], 3);
  });
});

let asked: { readonly uri: string; lenses: readonly vscode.CodeLens[] } | undefined;

/** The code lenses of a document, once there are some. */
function lensesOf(uri: vscode.Uri): readonly vscode.CodeLens[] | false {
  if (asked?.uri !== uri.toString()) asked = { uri: uri.toString(), lenses: [] };
  const answer = asked;
  void vscode.commands.executeCommand<vscode.CodeLens[]>("vscode.executeCodeLensProvider", uri, 100).then((found) => {
    const ours = found.filter((each) => each.command?.command.startsWith("lumen."));
    if (ours.length > 0) answer.lenses = ours;
  });
  return answer.lenses.length > 0 && answer.lenses;
}
