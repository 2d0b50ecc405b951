import assert from "node:assert/strict";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import * as vscode from "vscode";
import { DEFAULT_PROMPT } from "../../../src/core/decoding/promptText.js";
import type { DecodingTrace } from "../../../src/core/decoding/trace.js";
import type { TestApi } from "../../../src/extension/testApi.js";
import { closePanels, fileOf, sentencesOf, show, testApi, until } from "./lumen.js";

const configFile = "decoding/generation_config.json";

suite("Explore Decoding", () => {
  suiteSetup(async () => {
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    await vscode.commands.executeCommand("lumen.exploreDecoding");
    const api = await testApi();
    await until("the view", () => api.decoding());
  });

  suiteTeardown(async () => {
    const api = await testApi();
    await vscode.commands.executeCommand("lumen.showGallery");
    await until("no view, and no worker without one", () => api.decoding() === undefined && api.worker().worker === "none");
  });

  teardown(async () => {
    await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    await closePanels(await testApi());
  });

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
  });

  test("counts the words of the open document", async () => {
    const api = await testApi();
    await vscode.commands.executeCommand("lumen.exploreDecoding");
    await active("the cat sat on the mat . the cat ate on the mat . the dog sat on the cat .");
    await api.sendDecoding({ type: "run", params: { prompt: "the cat", source: "words", tab: "explore", max_new_tokens: 5 } });
    const trace = await traceWith(api, "counted words", ({ source }) => source.kind === "words");
    assert.ok(trace.source.vocabularySize >= 8 && trace.source.vocabularySize < 20, String(trace.source.vocabularySize));
    await api.sendDecoding({ type: "run", params: { prompt: "", source: "model", tab: "explore", max_new_tokens: 5 } });
    await traceWith(api, "the model again", ({ source }) => source.kind === "model");
  });

  test("counts the words of a folder's texts, and says what it left out", async () => {
    const api = await testApi();
    const folder = fileOf("texts");
    const write = (name: string, text: string) => vscode.workspace.fs.writeFile(vscode.Uri.joinPath(folder, name), new TextEncoder().encode(text));
    await write("a.txt", "the cat sat on the mat . the cat ate . ");
    await write("deeper/b.md", "an owl flew over the house . ");
    await write("node_modules/c.js", "secret");
    await write("picture.png", "\u0000");
    await vscode.commands.executeCommand("lumen.exploreFolder", folder);
    const trace = await traceWith(api, "counted words", ({ source }) => source.kind === "words" && source.name === "texts");
    assert.equal(trace.source.vocabularySize, 13 + 1);
    assert.match(sentencesOf(api.decoding()!.outcome!).join(" "), /Counted in 2 files of texts.*Left out: 1 of other kinds \(\.png\); 1 node_modules or \.git\./);
    // An empty one can't be counted; the command that has chosen it can choose another.
    const empty = fileOf("no-texts");
    await vscode.workspace.fs.createDirectory(empty);
    await vscode.commands.executeCommand("lumen.exploreFolder", empty);
    await refusal(api, /There is no text to count/);
    await vscode.commands.executeCommand("lumen.exploreDecoding");
    await api.sendDecoding({ type: "run", params: { prompt: "", source: "model", tab: "explore", max_new_tokens: 5 } });
    await traceWith(api, "the model again", ({ source }) => source.kind === "model");
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

  test("starts nothing while it is hidden, and then catches up with the file", async () => {
    const api = await testApi();
    await vscode.commands.executeCommand("workbench.view.explorer");
    await until("an end", () => !api.decoding()?.active);
    await active("nothing");
    api.endWorker();
    const document = await config('{ "do_sample": true, "temperature": 0.35 }');
    await until("the hidden view's file", () => api.decoding()?.config?.uri === document.uri.toString());
    assert.equal(api.worker().worker, "none");
    await vscode.commands.executeCommand("lumen.decoding.focus");
    await settled(api, "its parameters", () => api.decoding()?.params.temperature === 0.35);
  });

  test("is opened by the line above parameters in Python, and writes to that call", async () => {
    const api = await testApi();
    const document = await vscode.workspace.openTextDocument({ language: "python", content: "a = model.generate(ids, do_sample=True, temperature=0.4)\nb = model.generate(ids, do_sample=False, max_new_tokens=9)\n" });
    await vscode.window.showTextDocument(document);
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>("vscode.executeCodeLensProvider", document.uri);
    const lens = lenses.filter(({ command }) => command?.command === "lumen.exploreDecoding")[1];
    await vscode.commands.executeCommand(lens.command!.command, ...(lens.command!.arguments as unknown[]));
    await settled(api, "the second call", () => api.decoding()?.params.do_sample === false && api.decoding()?.params.max_new_tokens === 9);
    await api.sendDecoding({ type: "run", params: { ...api.decoding()!.params, max_new_tokens: 11 } });
    await until("the new argument", () => document.getText().includes("do_sample=False, max_new_tokens=11)"));
    assert.ok(document.getText().startsWith("a = model.generate(ids, do_sample=True, temperature=0.4)\n"));
  });

  test("asks the reader's server once a text, token by token, and says what is wrong with it", async () => {
    const api = await testApi();
    let answer: (response: ServerResponse) => void = () => undefined;
    const prompts: string[] = [];
    const server = createServer((request, response) => {
      let body = "";
      request.on("data", (chunk: Buffer) => (body += chunk.toString()));
      request.on("end", () => {
        prompts.push((JSON.parse(body) as { readonly prompt: string }).prompt);
        answer(response);
      });
    });
    const address = await listening(server);
    const settings = vscode.workspace.getConfiguration("lumen.decoding");
    const ask = (more: Record<string, unknown>) => api.sendDecoding({ type: "run", params: { tab: "explore", source: "server", do_sample: false, max_new_tokens: 3, ...more } });
    try {
      await vscode.commands.executeCommand("lumen.exploreDecoding");
      await ask({ prompt: "Once" });
      assert.match(await refusal(api, /No server is set/), /lumen\.decoding\.server/);
      answer = (response) => json(response, { choices: [{ text: " upon", logprobs: { top_logprobs: [{ " upon": -0.1, " a": -3 }] } }] });
      await settings.update("server", address, vscode.ConfigurationTarget.Global);
      const trace = await traceWith(api, "the server's answer", ({ source }) => source.kind === "server");
      assert.ok(trace.pieces.includes(" upon"), trace.pieces.join());
      assert.equal(trace.explore?.text, " upon upon upon");
      await ask({ prompt: "Once", temperature: 0.5 });
      await settled(api, "another temperature", () => lastTrace(api)?.config.temperature === 0.5);
      assert.deepEqual(prompts, ["Once", "Once upon", "Once upon upon", "Once upon upon upon"]);
      answer = (response) => response.writeHead(200, { "content-type": "text/html" }).end("<!doctype html><p>login");
      await ask({ prompt: "Twice" });
      await refusal(api, /HTML instead of JSON/);
      answer = () => undefined; // hangs
      await ask({ prompt: "Thrice" });
      await until("the question", () => prompts.includes("Thrice"));
      assert.ok(api.decoding()?.active);
      await api.sendDecoding({ type: "cancel" });
      await until("no run", () => !api.decoding()?.active);
      await ask({ prompt: "Thrice" });
      await until("a further question", () => prompts.filter((each) => each === "Thrice").length === 2);
      // A newer run does not wait for an older question.
      await api.sendDecoding({ type: "run", params: { tab: "explore", source: "model", prompt: "The sea", max_new_tokens: 3 } });
      await traceWith(api, "the model's text", ({ source, prompt }) => source.kind === "model" && prompt.text === "The sea");
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await ask({ prompt: "Gone" });
      await refusal(api, /No server answers at 127\.0\.0\.1/);
    } finally {
      await settings.update("server", undefined, vscode.ConfigurationTarget.Global);
      server.closeAllConnections();
      server.close();
    }
  });

  test("uses another model's folder when the setting names one, and says what it lacks", async () => {
    const api = await testApi();
    const models = vscode.workspace.getConfiguration("lumen.models");
    await api.sendDecoding({ type: "run", params: { tab: "explore", source: "model", prompt: "The sea", max_new_tokens: 3 } });
    await traceWith(api, "the built-in model", ({ source }) => source.kind === "model" && source.name === "");
    const folder = fileOf("own-model");
    const builtIn = vscode.Uri.joinPath(vscode.extensions.getExtension("lumen.lumen")!.extensionUri, "media/models/tiny-gpt2");
    for (const name of ["config.json", "tokenizer.json"]) await vscode.workspace.fs.copy(vscode.Uri.joinPath(builtIn, name), vscode.Uri.joinPath(folder, name), { overwrite: true });
    try {
      await models.update("folder", "own-model", vscode.ConfigurationTarget.Workspace);
      await refusal(api, /own-model has no model\.safetensors/);
      await vscode.workspace.fs.copy(vscode.Uri.joinPath(builtIn, "model.safetensors"), vscode.Uri.joinPath(folder, "model.safetensors"), { overwrite: true });
      await vscode.commands.executeCommand("lumen.useModelFolder", folder);
      await traceWith(api, "the folder's model", ({ source }) => source.name === "own-model");
    } finally {
      await models.update("folder", undefined, vscode.ConfigurationTarget.Workspace);
    }
    await traceWith(api, "the built-in model again", ({ source }) => source.name === "");
  });
});

function lastTrace(api: TestApi): DecodingTrace | undefined {
  return api.decoding()?.trace?.trace as DecodingTrace | undefined;
}

/** Waits for the end of a run. */
async function settled(api: TestApi, what: string, holds: () => boolean | undefined): Promise<void> {
  await until(what, () => !api.decoding()?.active && api.decoding()?.outcome?.type === "trace" && holds());
}

/** The finished trace of the view that has something. */
async function traceWith(api: TestApi, what: string, has: (trace: DecodingTrace) => boolean | undefined): Promise<DecodingTrace> {
  let said = "";
  const found = () => {
    const state = api.decoding();
    said = state ? [state.uri, state.params.source, state.active ? "running" : state.outcome?.type, lastTrace(api)?.prompt.text, ...(state.outcome ? sentencesOf(state.outcome) : [])].join(" · ") : "no view";
    if (!state || state.active || state.outcome?.type !== "trace") return undefined;
    const trace = lastTrace(api);
    return trace && has(trace) ? trace : undefined;
  };
  return until(what, found).catch((error: unknown) => Promise.reject(new Error(`${what}: ${said}`, { cause: error })));
}

async function refusal(api: TestApi, sentence: RegExp): Promise<string> {
  return until(String(sentence), () => {
    const state = api.decoding();
    const said = state && !state.active && state.outcome?.type === "invalid" ? sentencesOf(state.outcome).join(" ") : "";
    return sentence.test(said) ? said : undefined;
  });
}

/** A generation_config.json in an editor. */
async function config(text: string): Promise<vscode.TextDocument> {
  await vscode.workspace.fs.writeFile(fileOf(configFile), new TextEncoder().encode(text));
  return (await active(fileOf(configFile))).document;
}

/** Shows a file or text, and waits until VS Code calls its editor the active one, which may be a moment later. */
async function active(source: vscode.Uri | string): Promise<vscode.TextEditor> {
  const editor = await show(source);
  await until("the active editor", () => vscode.window.activeTextEditor?.document === editor.document);
  return editor;
}

async function replace(document: vscode.TextDocument, old: string, text: string): Promise<void> {
  const at = document.getText().indexOf(old);
  assert.ok(at >= 0, document.getText());
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, new vscode.Range(document.positionAt(at), document.positionAt(at + old.length)), text);
  assert.ok(await vscode.workspace.applyEdit(edit));
}

async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function json(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { "content-type": "application/json" });
  response.end(JSON.stringify(value));
}
