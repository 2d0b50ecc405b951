import assert from "node:assert/strict";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import * as vscode from "vscode";
import { lastTrace, refusal, settled, traceWith, withView } from "./decodingView.js";
import { active, fileOf, sentencesOf, testApi, until } from "./lumen.js";

suite("Explore Decoding: sources", () => {
  withView();

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
    assert.equal(trace.source.vocabularySize, 12 + 1);
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

  test("reads a model from a file system that is no disk as a whole, and refuses one that is too large for that", async () => {
    const api = await testApi();
    const builtIn = vscode.Uri.joinPath(vscode.extensions.getExtension("lumen.lumen")!.extensionUri, "media/models/tiny-gpt2");
    const files = new Map<string, Uint8Array>();
    for (const name of ["config.json", "tokenizer.json", "model.safetensors"]) files.set(`/model/${name}`, await vscode.workspace.fs.readFile(vscode.Uri.joinPath(builtIn, name)));
    const provider = vscode.workspace.registerFileSystemProvider("lumen-memory", memoryFiles(files), { isReadonly: true });
    const folder = vscode.Uri.parse("lumen-memory:/model");
    const limit = vscode.workspace.getConfiguration("lumen");
    try {
      await vscode.commands.executeCommand("lumen.useModelFolder", folder);
      await api.sendDecoding({ type: "run", params: { tab: "explore", source: "model", prompt: "The sea", max_new_tokens: 3 } });
      const trace = await traceWith(api, "the model in memory", ({ source }) => source.kind === "model" && source.name === "model");
      assert.equal(trace.source.vocabularySize, 2048);
      files.delete("/model/model.safetensors");
      await api.sendDecoding({ type: "run", params: { tab: "explore", source: "model", prompt: "The snow", max_new_tokens: 3 } });
      await refusal(api, /model has no model\.safetensors/);
      files.set("/model/model.safetensors", new Uint8Array(2e6));
      await limit.update("maxVirtualFileSizeMB", 1, vscode.ConfigurationTarget.Global);
      await api.sendDecoding({ type: "run", params: { tab: "explore", source: "model", prompt: "The wind", max_new_tokens: 3 } });
      await refusal(api, /can only be read as a whole, which is limited to 1 MB/);
      // Its texts can't be looked through: the command says so, and what was shown stays.
      await vscode.commands.executeCommand("lumen.exploreFolder", folder);
      assert.equal(api.decoding()?.params.source, "model");
    } finally {
      await limit.update("maxVirtualFileSizeMB", undefined, vscode.ConfigurationTarget.Global);
      await vscode.commands.executeCommand("lumen.useModelFolder", "built-in");
      provider.dispose();
    }
    await api.sendDecoding({ type: "run", params: { tab: "explore", source: "model", prompt: "The sea", max_new_tokens: 3 } });
    await traceWith(api, "the built-in model again", ({ source }) => source.name === "");
  });
});

/** Files of one folder that are in memory alone. */
function memoryFiles(files: ReadonlyMap<string, Uint8Array>): vscode.FileSystemProvider {
  const changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  const refuse = (): never => {
    throw vscode.FileSystemError.NoPermissions();
  };
  return {
    onDidChangeFile: changed.event,
    watch: () => ({ dispose() {} }),
    stat({ path }) {
      const content = files.get(path);
      if (content) return { type: vscode.FileType.File, ctime: 0, mtime: content.length, size: content.length };
      if (path === "/model") return { type: vscode.FileType.Directory, ctime: 0, mtime: 0, size: 0 };
      throw vscode.FileSystemError.FileNotFound(path);
    },
    readDirectory: () => Array.from(files.keys(), (name): [string, vscode.FileType] => [name.slice("/model/".length), vscode.FileType.File]),
    readFile: ({ path }) => files.get(path) ?? refuse(),
    createDirectory: refuse, writeFile: refuse, delete: refuse, rename: refuse,
  };
}

async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function json(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { "content-type": "application/json" });
  response.end(JSON.stringify(value));
}
