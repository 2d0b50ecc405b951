import assert from "node:assert/strict";
import * as vscode from "vscode";
import { DEFAULT_PROMPT } from "../../../src/core/decoding/promptText.js";
import type { DecodingTrace } from "../../../src/core/decoding/trace.js";
import { lastTrace, settled, traceWith, withView } from "./decodingView.js";
import { active, fileOf, show, testApi, until } from "./lumen.js";

const configFile = "decoding/generation_config.json";

suite("Explore Decoding", () => {
  withView();

  test("goes on from a prompt by the built-in model, and the same seed gives the same text", async () => {
    const api = await testApi();
    await api.sendDecoding({ type: "run", params: { prompt: "", source: "model", tab: "explore", random_state: 3, max_new_tokens: 12 } });
    const first = await traceWith(api, "twelve tokens", ({ explore, prompt }) => prompt.text === DEFAULT_PROMPT && explore?.ids.length === 12);
    assert.deepEqual([first.source.kind, first.source.name, first.source.vocabularySize], ["model", "", 2048]);
    await api.sendDecoding({ type: "run", params: { prompt: "The sea", source: "model", tab: "explore", random_state: 3, max_new_tokens: 12 } });
    await traceWith(api, "another prompt", ({ prompt }) => prompt.text === "The sea");
    await api.sendDecoding({ type: "run", params: { prompt: "", source: "model", tab: "explore", random_state: 3, max_new_tokens: 12 } });
    const again = await traceWith(api, "the first prompt again", ({ prompt }) => prompt.text === DEFAULT_PROMPT);
    assert.deepEqual(again.explore?.text, first.explore?.text);
  });

  test("begins from the selected text, follows its edits, and keeps to it in a panel that compares strategies", async () => {
    const api = await testApi();
    const editor = await active("Nothing here.\nThe wall of snow\n");
    editor.selection = new vscode.Selection(1, 0, 1, 16);
    await vscode.commands.executeCommand("lumen.exploreDecoding");
    const trace = await traceWith(api, "the selection", ({ prompt }) => prompt.text === "The wall of snow");
    assert.deepEqual([trace.prompt.spans?.[0], api.decoding()?.uri, api.decoding()?.lines], [14, editor.document.uri.toString(), "2"]);
    await editor.edit((edit) => edit.insert(new vscode.Position(1, 16), " and sea"));
    await traceWith(api, "the edit", ({ prompt }) => prompt.text === "The wall of snow and sea");
    await vscode.commands.executeCommand("lumen.compareDecoding");
    const compared = await until("the panel", () => {
      const [session] = api.sessions();
      return session && !session.active && (session.trace?.trace as DecodingTrace | undefined);
    });
    assert.equal(compared.prompt.text, "The wall of snow and sea");
    assert.ok((compared.compare?.strategies.length ?? 0) >= 4);
    assert.equal(api.sessions()[0].params.tab, "compare");
    assert.equal(api.decoding()?.params.tab, "explore");
  });

  test("takes selected numbers as logits, and text after them as a prompt again", async () => {
    const api = await testApi();
    const editor = await active("[3, 2, 1]\nThe king");
    editor.selection = new vscode.Selection(0, 0, 0, 9);
    await vscode.commands.executeCommand("lumen.exploreDecoding");
    const given = await traceWith(api, "three tokens", ({ source }) => source.kind === "given");
    assert.equal(given.source.vocabularySize, 3);
    editor.selection = new vscode.Selection(1, 0, 1, 8);
    await vscode.commands.executeCommand("lumen.exploreDecoding");
    await traceWith(api, "a prompt", ({ source, prompt }) => source.kind === "model" && prompt.text === "The king");
    // As json.dumps writes logits that a mask has taken out.
    const masked = await active('{"a": 1.5, "NaN": 2, "b": -Infinity}');
    masked.selection = new vscode.Selection(0, 0, 0, masked.document.lineAt(0).text.length);
    await vscode.commands.executeCommand("lumen.exploreDecoding");
    const { pieces } = await traceWith(api, "named tokens", ({ source }) => source.kind === "given");
    assert.deepEqual([...pieces].sort(), ["NaN", "a", "b"]);
  });

  test("takes its parameters from the generation_config.json in sight, and writes a slider's move back as one step to undo", async () => {
    const api = await testApi();
    const document = await config('{\n  "do_sample": true,\n  "temperature": 0.7\n}\n');
    await until("the file's parameters", () => api.decoding()?.params.temperature === 0.7 && api.decoding()?.params.do_sample === true);
    assert.deepEqual(api.decoding()?.config, { uri: document.uri.toString(), name: "generation_config.json", broken: false });
    const before = api.decoding()!.params;
    // A drag sends many; what is written is the last.
    for (const temperature of [0.8, 0.9, 1.1, 1.3]) await api.sendDecoding({ type: "run", params: { ...before, temperature } });
    await until("the new value in the text", () => document.getText().includes('"temperature": 1.3'));
    assert.equal(document.getText(), '{\n  "do_sample": true,\n  "temperature": 1.3\n}\n');
    await settled(api, "its run", () => api.decoding()?.params.temperature === 1.3);
    await api.sendDecoding({ type: "run", params: { ...api.decoding()!.params, top_k: 7 } });
    await until("the new line", () => document.getText().includes('"top_k": 7'));
    assert.equal(document.getText(), '{\n  "do_sample": true,\n  "temperature": 1.3,\n  "top_k": 7\n}\n');
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand("undo");
    await settled(api, "the value before", () => api.decoding()?.params.top_k === 50);
    await vscode.commands.executeCommand("undo");
    await settled(api, "the first value", () => api.decoding()?.params.temperature === 0.7);
    assert.equal(document.getText(), '{\n  "do_sample": true,\n  "temperature": 0.7\n}\n');
    const trace = lastTrace(api);
    assert.equal(trace?.config.temperature, 0.7);
  });

  test("keeps the last valid parameters while the file is half typed, and lets go of a file that is closed", async () => {
    const api = await testApi();
    const document = await config('{ "do_sample": true, "temperature": 0.6 }');
    await until("the file's parameters", () => api.decoding()?.params.temperature === 0.6);
    await replace(document, "0.6 }", "");
    await until("a broken file", () => api.decoding()?.config?.broken);
    assert.equal(api.decoding()?.params.temperature, 0.6);
    await api.sendDecoding({ type: "run", params: { ...api.decoding()!.params, top_k: 5 } });
    await settled(api, "the run", () => api.decoding()?.params.top_k === 5);
    await replace(document, '"temperature":', '"temperature": 0.5 }');
    await settled(api, "a whole file", () => api.decoding()?.config?.broken === false && api.decoding()?.params.temperature === 0.5);
    // What was moved meanwhile was not the file's.
    assert.equal(document.getText(), '{ "do_sample": true, "temperature": 0.5 } ');
    await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
    await until("no file", () => api.decoding()?.config === undefined);
    // As it was saved: its last state, which the reader goes on from.
    assert.equal(api.decoding()?.params.temperature, 0.6);
  });

  test("starts nothing while it is hidden, and then catches up with its text and the file", async () => {
    const api = await testApi();
    const editor = await active("The wall");
    editor.selection = new vscode.Selection(0, 0, 0, 8);
    await vscode.commands.executeCommand("lumen.exploreDecoding");
    await traceWith(api, "the text", ({ prompt }) => prompt.text === "The wall");
    await vscode.commands.executeCommand("workbench.view.explorer");
    await until("a hidden view at rest", () => api.decoding()?.visible === false && !api.decoding()?.active);
    api.endWorker();
    const live = vscode.workspace.getConfiguration("lumen.live");
    try {
      // A text that is followed at once would have been by the time that the file is.
      await live.update("delay", 0, vscode.ConfigurationTarget.Workspace);
      await replace(editor.document, "wall", "snow");
      const document = await config('{ "do_sample": true, "temperature": 0.35 }');
      await until("the hidden view's file", () => api.decoding()?.config?.uri === document.uri.toString());
      assert.deepEqual([api.decoding()?.visible, api.worker().worker], [false, "none"]);
    } finally {
      await live.update("delay", undefined, vscode.ConfigurationTarget.Workspace);
    }
    await vscode.commands.executeCommand("lumen.decoding.focus");
    await traceWith(api, "its text and parameters", ({ prompt, config: { temperature } }) => prompt.text === "The snow" && temperature === 0.35);
  });

  test("is opened by the line above parameters in Python, and writes to that call", async () => {
    const api = await testApi();
    const { document } = await show("a = model.generate(ids, do_sample=True, temperature=0.4)\nb = model.generate(ids, do_sample=False, max_new_tokens=9)\n", "python");
    const { command } = await secondLens(document);
    await vscode.commands.executeCommand(command!.command, ...(command!.arguments as unknown[]));
    await settled(api, "the second call", () => api.decoding()?.params.do_sample === false && api.decoding()?.params.max_new_tokens === 9);
    await api.sendDecoding({ type: "run", params: { ...api.decoding()!.params, max_new_tokens: 11 } });
    await until("the new argument", () => document.getText().includes("do_sample=False, max_new_tokens=11)"));
    assert.ok(document.getText().startsWith("a = model.generate(ids, do_sample=True, temperature=0.4)\n"));
  });
});

/** The second of Lumen's lenses on a text, once VS Code has asked for them: a text just opened may have none yet. */
async function secondLens(document: vscode.TextDocument): Promise<vscode.CodeLens> {
  let all: vscode.CodeLens[] = [];
  for (let left = 500; left > 0; left--) {
    all = await vscode.commands.executeCommand<vscode.CodeLens[]>("vscode.executeCodeLensProvider", document.uri);
    const ours = all.filter(({ command }) => command?.command === "lumen.exploreDecoding");
    if (ours.length > 1) return ours[1];
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const seen = all.map(({ command }) => command?.command ?? "none").join(", ");
  throw new Error(`There are no two lenses, but (${seen}), on ${document.languageId} of version ${document.version}: ${document.getText()}`);
}

/** A generation_config.json in an editor. */
async function config(text: string): Promise<vscode.TextDocument> {
  await vscode.workspace.fs.writeFile(fileOf(configFile), new TextEncoder().encode(text));
  return (await active(fileOf(configFile))).document;
}

async function replace(document: vscode.TextDocument, old: string, text: string): Promise<void> {
  const at = document.getText().indexOf(old);
  assert.ok(at >= 0, document.getText());
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, new vscode.Range(document.positionAt(at), document.positionAt(at + old.length)), text);
  assert.ok(await vscode.workspace.applyEdit(edit));
}
