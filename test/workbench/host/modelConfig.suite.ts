import assert from "node:assert/strict";
import * as vscode from "vscode";
import { commandsOfLenses, diagnosticsOf, fixesAt, hoversOn, ours, written } from "./inText.js";
import { fileOf, show, testApi, until } from "./lumen.js";

suite("A model's config.json", () => {
  teardown(async () => {
    await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
    // Hovers on vectors, which are asked for along with ours, may have started one.
    (await testApi()).endWorker();
  });

  test("has its size above it and its costs in hovers, without a worker", async () => {
    const api = await testApi();
    api.endWorker();
    const { document } = await show(fileOf("gpt2-config.json"));
    assert.deepEqual(await titles(document), ["GPT-2 · 12 layers × 12 heads × 768 · 124,439,808 parameters · 249 MB in F16 · Show cost"]);
    assert.equal(api.worker().worker, "none");
    const table = (await hoversOn(document, "model_type"))[0].replace(/&nbsp;/g, " ");
    assert.match(table, /positions, 1,024 × 768 \|[^\n|]*786,432 \|/);
    assert.match(table, /INT4 \|[^\n|]*62\.2 MB/);
    assert.match(table, /KV cache of 1,024 tokens, F16 \|[^\n|]*37\.7 MB/);
    assert.match(table, /trains 294,912 parameters/);
    assert.match((await hoversOn(document, "n_layer")).join(), /7,087,872 parameters in each, 85,054,464 in all 12/);
    assert.deepEqual(ours(document), []);
  });

  test("is read in each of the samples", async () => {
    for (const [name, title, key, sentence] of [
      ["bert-base", "BERT · 12 layers × 12 heads × 768 · 109,514,298 parameters · 219 MB in F16", "model_type", /with its pooler: 109,482,240 parameters/],
      ["llama-2-7b", "Llama · 32 layers × 32 heads × 4,096 · 6,738,415,616 parameters · 13.5 GB in F16", "max_position_embeddings", /2\.15 GB in F16/],
      ["mistral-7b", "Mistral · 32 layers × 32 heads (8 for keys and values) × 4,096 · 7,241,732,096 parameters · 14.5 GB in F16", "num_key_value_heads", /shared by 4 query heads/],
    ] as const) {
      const { document } = await show(fileOf(`${name}-config.json`));
      assert.deepEqual(await titles(document), [`${title} · Show cost`]);
      assert.match((await hoversOn(document, key)).join(), sentence);
      assert.deepEqual(ours(document), []);
    }
  });

  test("is mended problem by problem, each fix undone in one step", async () => {
    const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(fileOf("slips-config.json")));
    const { document } = await written("slips/config.json", text);
    const found = await diagnosticsOf(document, 7);
    assert.deepEqual(found.map(({ code }) => code), ["size", "heads", "kv-heads", "activation", "rope-context", "rope-names", "token-id"]);
    assert.deepEqual(await titles(document), ["Llama · the sizes do not fit together"]);
    for (const problem of found) {
      const at = document.getText(problem.range);
      const [first] = await fixesAt(document, at.slice(1));
      assert.equal(first.isPreferred, true, at);
      assert.ok(await vscode.workspace.applyEdit(first.edit!));
      assert.notEqual(document.getText(), text);
      await vscode.commands.executeCommand("undo");
      await until(`${first.title} undone`, () => document.getText() === text);
    }
    for (let left = 7; left > 0; left--) {
      const [problem] = await diagnosticsOf(document, left);
      const [first] = await fixesAt(document, document.getText(problem.range).slice(1));
      assert.ok(await vscode.workspace.applyEdit(first.edit!));
    }
    await diagnosticsOf(document, 0);
    assert.match((await titles(document))[0], /^Llama · 22 layers × 32 heads \(8 for keys and values\) × 2,048 · /);
  });

  test("keeps its last size and its problems while it is half typed", async () => {
    const editor = await written("typed/config.json", '{\n  "model_type": "gpt2",\n  "n_embd": 768,\n  "hidden_act": "gelu",\n  "pad_token_id": 60000\n}\n');
    const { document } = editor;
    const [before] = await titles(document);
    assert.match(before, /^GPT-2 · 12 layers/);
    const [problem] = await diagnosticsOf(document, 1);
    await editor.edit((edit) => edit.insert(new vscode.Position(1, 0), '  "n_la\n'));
    await until("the problem moved", () => ours(document)[0]?.range.start.line === problem.range.start.line + 1);
    assert.deepEqual(await titles(document), [before]);
    assert.match((await hoversOn(document, "n_embd")).join(), /50,257 × 768/);
    await editor.edit((edit) => edit.replace(new vscode.Range(1, 0, 2, 0), '  "n_layer": 6,\n'));
    await until("the new size", () => ours(document).length === 1);
    assert.match((await titles(document))[0], /^GPT-2 · 6 layers/);
  });

  test("is not seen in other files, and is let be where the settings say so", async () => {
    for (const [name, text] of [["other/config.json", '{"name": "app", "hidden_size": 3}'], ["other/tsconfig.json", '{"model_type": "gpt2", "n_embd": 7}']]) {
      const { document } = await written(name, text);
      assert.deepEqual(await titles(document), [], name);
      assert.deepEqual(ours(document), []);
    }
    const unknown = await written("mamba/config.json", '{"model_type": "mamba", "hidden_size": 768}');
    assert.match((await titles(unknown.document))[0], /^mamba · parameters not counted: Lumen knows BERT/);
    assert.match((await hoversOn(unknown.document, "model_type")).join(), /can’t count the parameters of mamba/);

    const { document } = await written("off/config.json", '{"model_type": "gpt2", "n_embd": 768, "n_head": 10}');
    await diagnosticsOf(document, 1);
    const settings = vscode.workspace.getConfiguration("lumen");
    const off = ["models.lints.enabled", "models.hover.enabled", "codeLens.enabled"];
    try {
      for (const name of off) await settings.update(name, false, vscode.ConfigurationTarget.Workspace);
      await diagnosticsOf(document, 0);
      assert.deepEqual(await titles(document), []);
      assert.deepEqual(await fixesAt(document, "n_head"), []);
      assert.doesNotMatch((await hoversOn(document, "n_embd")).join(), /embedding/);
    } finally {
      for (const name of off) await settings.update(name, undefined, vscode.ConfigurationTarget.Workspace);
    }
    await diagnosticsOf(document, 1);
  });
});

/** The lines above a document. */
async function titles(document: vscode.TextDocument): Promise<string[]> {
  return (await commandsOfLenses(document)).map(({ title }) => title);
}
