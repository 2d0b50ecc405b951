import assert from "node:assert/strict";
import * as vscode from "vscode";
import { format } from "../../../src/core/contract/index.js";
import type { NeighboursPart, VectorsTrace } from "../../../src/core/vectors/trace.js";
import type { TestApi } from "../../../src/extension/testApi.js";
import { closePanels, fileOf, show, testApi, until } from "./lumen.js";

suite("Compare Vectors", () => {
  teardown(async () => closePanels(await testApi()));

  test("looks the selected words up in the built-in vectors, and asks for king - man + woman by itself", async () => {
    const api = await testApi();
    const editor = await show(fileOf("words.txt"));
    editor.selection = new vscode.Selection(1, 0, 25, 0);
    await vscode.commands.executeCommand("lumen.compareVectors");
    const trace = await traceWith(api, "a heatmap", ({ heatmap }) => heatmap !== undefined);
    assert.deepEqual([trace.origin, trace.n, trace.d, trace.names[0], trace.names[23]], ["words", 24, 100, "king", "mountain"]);
    assert.deepEqual(trace.store, { name: "", words: 10_000, dimensions: 100 });
    const [start, end] = trace.spans!;
    assert.equal(editor.document.getText().slice(start, end), "king");
    assert.deepEqual([trace.neighbours?.query, answerOf(trace).names[0], answerOf(trace).searched], ["king - man + woman", "queen", 10_000]);
    await until("the title", () => titles() === "Vectors: words.txt");
  });

  test("answers a word query in the same panel, and says which word is not there, with others spelled alike", async () => {
    const api = await testApi();
    await show(fileOf("words.txt"));
    await vscode.commands.executeCommand("lumen.compareVectorsFile");
    await traceWith(api, "a heatmap", ({ heatmap }) => heatmap !== undefined);
    await api.send(0, { type: "run", params: { tab: "neighbours", query: "paris - france + japan" } });
    const trace = await traceWith(api, "its answer", ({ neighbours }) => neighbours?.query === "paris - france + japan");
    assert.equal(answerOf(trace).names[0], "tokyo");
    await api.send(0, { type: "run", params: { tab: "neighbours", query: "quean" } });
    const { neighbours } = await traceWith(api, "the refusal", (each) => each.neighbours?.query === "quean");
    assert.ok(neighbours && !neighbours.answer.ok);
    assert.ok(neighbours.answer.problem.suggestions.includes("queen"), neighbours.answer.problem.suggestions.join());
  });

  test("counts and names words that the vectors do not have", async () => {
    const api = await testApi();
    await show("king\nqueen\nzzyzx\nking\n");
    await vscode.commands.executeCommand("lumen.compareVectorsFile");
    const trace = await traceWith(api, "a heatmap", ({ heatmap }) => heatmap !== undefined);
    assert.equal(trace.n, 2);
    const [{ outcome }] = api.sessions();
    const problems = [...trace.notes, ...(outcome?.type === "trace" ? outcome.problems : [])];
    assert.match(problems.map(({ message }) => format(message)).join("\n"), /zzyzx/);
  });

  test("takes a .npy file of the Explorer with the words beside it", async () => {
    const api = await testApi();
    const uri = fileOf("beside/matrix.npy");
    await vscode.workspace.fs.writeFile(uri, npy([[1, 0, 0], [1, 1, 0], [0, 0, 2]]));
    await vscode.workspace.fs.writeFile(fileOf("beside/words.txt"), new TextEncoder().encode("north\nnortheast\nup\n"));
    await vscode.commands.executeCommand("lumen.compareVectorsFile", uri, [uri]);
    const trace = await traceWith(api, "a heatmap", ({ heatmap }) => heatmap !== undefined);
    assert.deepEqual([trace.origin, trace.n, trace.d, trace.names.join()], ["file", 3, 3, "north,northeast,up"]);
    assert.deepEqual([trace.heatmap?.closest?.a, trace.heatmap?.closest?.b], [0, 1]);
    assert.ok(Math.abs(trace.heatmap!.closest!.value - Math.SQRT1_2) < 1e-6);
  });

  test("is run again when other word vectors are chosen, and when the setting names some", async () => {
    const api = await testApi();
    await show(fileOf("words.txt"));
    await vscode.commands.executeCommand("lumen.compareVectorsFile");
    await traceWith(api, "the built-in words", ({ store }) => store?.name === "");
    const settings = vscode.workspace.getConfiguration("lumen.vectors");
    await settings.update("file", "glove-small.txt", vscode.ConfigurationTarget.Workspace);
    try {
      const trace = await traceWith(api, "the words of the setting", ({ store }) => store?.name === "glove-small.txt");
      assert.deepEqual([trace.store?.words, trace.n], [300, 24]);
      const uri = fileOf("three.vec");
      await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode("3 2\nking 1 0\nqueen 1 1\nman 0 1\n"));
      await vscode.commands.executeCommand("lumen.useWordVectors", uri);
      assert.equal((await traceWith(api, "the chosen words", ({ store }) => store?.name === "three.vec")).n, 3);
    } finally {
      await settings.update("file", undefined, vscode.ConfigurationTarget.Workspace);
    }
    await traceWith(api, "the built-in words again", ({ store }) => store?.name === "");
  });

  test("restores a panel with its tab and its query", async () => {
    const api = await testApi();
    const state = { explainer: "vectors", params: { tab: "neighbours", query: "river" }, step: 0, uri: fileOf("words.txt").toString(), ranges: [], ui: {} };
    await api.restore("Vectors: words.txt", state);
    const trace = await traceWith(api, "the answer", ({ neighbours }) => neighbours?.query === "river");
    assert.equal(trace.origin, "words");
    assert.ok(!answerOf(trace).names.includes("river"));
    assert.equal(trace.heatmap, undefined);
  });

  test("reads a large text from its file, and keeps what belongs to one source to it", async () => {
    const api = await testApi();
    const uri = fileOf("large.txt");
    const row = (i: number) => `w${i} ${Array.from({ length: 60 }, (_, j) => Math.sin(i * 61 + j).toFixed(5)).join(" ")}\n`;
    await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(Array.from({ length: 11_000 }, (_, i) => row(i)).join("")));
    await show(uri);
    await vscode.commands.executeCommand("lumen.compareVectorsFile");
    const trace = await traceWith(api, "rows of the file", ({ heatmap }) => heatmap !== undefined);
    assert.deepEqual([trace.origin, trace.total, trace.d, trace.spans], ["file", 11_000, 60, null]);
    await api.send(0, { type: "run", params: { ...api.sessions()[0].params, tab: "neighbours", query: "w5", topn: 7 } });
    await traceWith(api, "an answer", ({ neighbours }) => neighbours?.query === "w5");
    await closePanels(api);
    await show(fileOf("words.txt"));
    await vscode.commands.executeCommand("lumen.compareVectorsFile");
    await traceWith(api, "a heatmap", ({ heatmap }) => heatmap !== undefined);
    const { tab, query, topn } = api.sessions()[0].params;
    assert.deepEqual([tab, query, topn], [undefined, undefined, 7]);
    await vscode.commands.executeCommand("lumen.resetParameters");
  });

  test("stands above lists of words and of vectors, without a worker", async () => {
    const api = await testApi();
    api.endWorker();
    assert.deepEqual((await lensesOf(fileOf("words.txt"))).map(({ command }) => command?.title), ["Compare 24 words", "Map"]);
    assert.deepEqual((await lensesOf(fileOf("glove-small.txt"))).map(({ command }) => command?.title), ["Fit GMM · 30,000 numbers", "Compare 300 vectors"]);
    assert.deepEqual((await lensesOf(fileOf("em1d.csv"))).map(({ command }) => command?.title), ["Fit GMM · 100 numbers"]);
    assert.equal(api.worker().worker, "none");
    const map = (await lensesOf(fileOf("words.txt")))[1].command!;
    await vscode.commands.executeCommand(map.command, ...(map.arguments as unknown[]));
    const { map: part } = await traceWith(api, "a map", (trace) => trace.map !== undefined);
    assert.deepEqual([part?.projection, part?.m], ["pca", 24]);
  });

  test("is linked to from hovers on vectors and on words", async () => {
    const api = await testApi();
    const vectorsFile = await show(fileOf("personality.json"));
    await follow(vectorsFile, "-0.3, 0.2]");
    const rows = await traceWith(api, "rows", ({ heatmap }) => heatmap !== undefined);
    assert.deepEqual([rows.origin, rows.n, rows.names.join()], ["vectors", 3, "Jay,Person 1,Person 2"]);
    await closePanels(api);
    const text = await show("The king is here, and the queen.\n");
    await follow(text, "king");
    const trace = await traceWith(api, "neighbours", ({ neighbours }) => neighbours?.query === "king");
    assert.equal(answerOf(trace).names[0], "prince");
  });
});

/** Waits until the only panel shows a trace for which `found` holds. */
function traceWith(api: TestApi, what: string, found: (trace: VectorsTrace) => boolean): Promise<VectorsTrace> {
  return until(what, () => {
    const session = api.sessions().at(0);
    if (!session || session.active || session.outcome?.type !== "trace") {
      const { outcome } = session ?? {};
      assert.ok(outcome?.type !== "failed" && outcome?.type !== "invalid", JSON.stringify(outcome));
      return undefined;
    }
    const trace = session.outcome.trace as VectorsTrace;
    return found(trace) && trace;
  });
}

function answerOf({ neighbours }: VectorsTrace): Extract<NeighboursPart["answer"], { ok: true }> {
  assert.ok(neighbours?.answer.ok, "the query has no answer");
  return neighbours.answer;
}

async function lensesOf(uri: vscode.Uri): Promise<vscode.CodeLens[]> {
  await show(uri);
  const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>("vscode.executeCodeLensProvider", uri, 100);
  return lenses.filter(({ command }) => command?.command.startsWith("lumen."));
}

/** Carries out "Compare" of the hover at a text. */
async function follow(editor: vscode.TextEditor, at: string): Promise<void> {
  const position = editor.document.positionAt(editor.document.getText().indexOf(at));
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>("vscode.executeHoverProvider", editor.document.uri, position);
  const texts = hovers.map(({ contents }) => (contents[0] as vscode.MarkdownString).value);
  const [, query] = /\(command:lumen\.compareVectors\?([^)]*)\)/.exec(texts.join("\n")) ?? [];
  assert.ok(query, `no link in ${texts.join()}`);
  await vscode.commands.executeCommand("lumen.compareVectors", ...(JSON.parse(decodeURIComponent(query)) as unknown[]));
}

function titles(): string {
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  return tabs.filter(({ input }) => input instanceof vscode.TabInputWebview).map(({ label }) => label).join();
}

/** A .npy file of 32-bit numbers. */
function npy(rows: readonly (readonly number[])[]): Uint8Array {
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${rows.length}, ${rows[0].length}), }`.padEnd(117) + "\n";
  const bytes = new Uint8Array(128 + 4 * rows.length * rows[0].length);
  bytes.set([0x93, ...new TextEncoder().encode("NUMPY"), 1, 0, 118, 0, ...new TextEncoder().encode(header)]);
  const view = new DataView(bytes.buffer);
  rows.flat().forEach((value, i) => view.setFloat32(128 + 4 * i, value, true));
  return bytes;
}
