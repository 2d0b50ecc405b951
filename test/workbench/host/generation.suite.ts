import assert from "node:assert/strict";
import * as vscode from "vscode";
import { commandsOfLenses, diagnosticsOf, fixesAt, hoversOn, ours, written } from "./inText.js";
import { fileOf, show, testApi, until } from "./lumen.js";

const config = `{
  "do_sample": false,
  "temperature": 0.7,
  "num_beams": 1,
  "early_stopping": true
}
`;

suite("Generation parameters", () => {
  teardown(async () => {
    await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
    // Hovers on vectors, which are asked for along with ours, may have started one.
    (await testApi()).endWorker();
  });

  test("are linted, explained and named in the sample, without a worker", async () => {
    const api = await testApi();
    api.endWorker();
    const { document } = await show(fileOf("generation_config.json"));
    const found = await diagnosticsOf(document, 4);
    assert.deepEqual(found.map((each) => document.getText(each.range)), ['"temperature": 0.7', '"top_p": 0.9', '"early_stopping": true', '"max_length": 200']);
    assert.equal(found[0].message, "temperature does nothing while do_sample is false: no token is drawn. Set do_sample to true, or remove it.");
    assert.deepEqual([found[0].source, found[0].code, found[0].severity], ["Lumen", "needs-sampling", vscode.DiagnosticSeverity.Warning]);
    assert.deepEqual(await lensesOf(document), ["Greedy search · repetition_penalty 1.2"]);
    const all = await vscode.commands.executeCommand<vscode.CodeLens[]>("vscode.executeCodeLensProvider", document.uri);
    assert.equal(all.length, 1, "settings are not offered as data");
    assert.equal(api.worker().worker, "none");
    const hover = await hoverOn(document, "temperature");
    assert.match(hover, /\*\*`temperature`\*\* · a number above 0 · 1\.0 by default/);
    assert.match(hover, /Divides the logits before the softmax/);
    assert.match(hover, /In effect here: Greedy search\. do_sample is false and num_beams is 1\./);
  });

  test("are mended by every fix of every problem, each undone in one step", async () => {
    const editor = await written("a/generation_config.json", config);
    const { document } = editor;
    for (const [at, wanted] of [
      ["temperature", ["Set do_sample to true", "Remove temperature"]],
      ["early_stopping", ["Remove early_stopping", "Set num_beams to 4"]],
    ] as const) {
      const mended = (await diagnosticsOf(document, 2)).find(({ range }) => document.getText(range).includes(at));
      const labels = (await fixesAt(document, at)).map(({ title }) => title);
      assert.deepEqual(labels, wanted);
      for (const [i, label] of labels.entries()) {
        const [action] = (await fixesAt(document, at)).filter(({ title }) => title === label);
        assert.equal(action.isPreferred, i === 0);
        assert.ok(await vscode.workspace.applyEdit(action.edit!));
        JSON.parse(document.getText());
        const [left] = await diagnosticsOf(document, 1);
        assert.notEqual(left.code, mended?.code, label);
        await vscode.commands.executeCommand("undo");
        await until(`${label} undone`, () => document.getText() === config);
        await diagnosticsOf(document, 2);
      }
    }
  });

  test("are clean when their fixes have been applied one after the other", async () => {
    const { document } = await written("b/generation_config.json", config);
    for (let left = 2; left > 0; left--) {
      const [problem] = await diagnosticsOf(document, left);
      const [action] = await fixesAt(document, document.getText(problem.range));
      assert.ok(await vscode.workspace.applyEdit(action.edit!));
    }
    await diagnosticsOf(document, 0);
    assert.deepEqual(JSON.parse(document.getText()), { do_sample: true, temperature: 0.7, num_beams: 1 });
    assert.deepEqual(await lensesOf(document), ["Multinomial sampling · temperature 0.7 · top_k 50 (default)"]);
  });

  test("keep their problems, where their text is, while the file is half typed", async () => {
    const editor = await written("c/generation_config.json", config);
    const { document } = editor;
    const before = (await diagnosticsOf(document, 2)).map(({ range }) => range.start.line);
    await editor.edit((edit) => edit.insert(new vscode.Position(1, 0), '  "top_\n\n'));
    const moved = await until("the problems moved", () => {
      const lines = ours(document).map(({ range }) => range.start.line);
      return lines[0] === before[0] + 2 && lines;
    });
    assert.deepEqual(moved, before.map((line) => line + 2));
    // A fix of an older text would damage this one.
    assert.deepEqual(await fixesAt(document, "temperature"), []);
    await editor.edit((edit) => edit.replace(new vscode.Range(1, 0, 3, 0), ""));
    await until("the problems back", () => ours(document).length === 2 && ours(document)[0].range.start.line === before[0]);
    assert.equal((await fixesAt(document, "temperature")).length, 2);
  });

  test("are completed: names with a first value, values, and neither twice", async () => {
    const { document } = await written("d/generation_config.json", '{\n  "do_sample": true,\n  "te"\n  "num_beams": 1\n}\n');
    const names = await completionsAt(document, '"te');
    const temperature = names.filter((each) => labelOf(each) === "temperature");
    assert.equal(temperature.length, 1);
    assert.equal((temperature[0].insertText as vscode.SnippetString).value, '"temperature": ${1:0.7},');
    assert.equal(document.getText(temperature[0].range as vscode.Range), '"te"');
    assert.match((temperature[0].documentation as vscode.MarkdownString).value, /a number above 0/);
    assert.ok(!names.some((each) => labelOf(each) === "do_sample"));
    const values = await completionsAt(document, '"do_sample": t');
    assert.deepEqual(values.map(labelOf).filter((each) => each === "true" || each === "false"), ["true", "false"]);
  });

  test("are found in a generation_config block of another file, and nowhere else in it", async () => {
    const text = '{"temperature": 0, "model": {\n  "generation_config": {"temperature": 0.7, "topP": 0.9}\n}}\n';
    const { document } = await written("settings.json.d/model.json", text);
    const found = await diagnosticsOf(document, 2);
    assert.deepEqual(found.map(({ code }) => code), ["needs-sampling", "unknown-name"]);
    assert.deepEqual((await fixesAt(document, "topP")).map(({ title }) => title), ["Change to top_p"]);
    assert.deepEqual(await lensesOf(document), ["Greedy search"]);
  });

  test("are the same in Python's calls, and other calls are left alone", async () => {
    const { document } = await show(fileOf("generate.py"));
    const found = await diagnosticsOf(document, 2);
    assert.deepEqual(found.map(({ code, severity }) => [code, severity]), [
      ["needs-sampling", vscode.DiagnosticSeverity.Information],
      ["groups", vscode.DiagnosticSeverity.Error],
    ]);
    assert.deepEqual((await fixesAt(document, "num_beam_groups=4")).map(({ title }) => title), ["Set num_beams to 8", "Set num_beam_groups to 3"]);
    assert.deepEqual(await lensesOf(document), [
      "Greedy search",
      "Greedy search · unless the model's own config differs",
      "Multinomial sampling · top_k 50 (default) · top_p 0.9 · unless the model's own config differs",
      "Beam search · num_beams 4 · early_stopping true · no_repeat_ngram_size 3 · unless the model's own config differs",
      "Diverse beam search · num_beams 6 · num_beam_groups 4 · diversity_penalty 0.5",
      "Contrastive search · penalty_alpha 0.6 · top_k 4",
    ]);
    assert.match(await hoverOn(document, "penalty_alpha"), /not set by default[\s\S]*In effect here: Contrastive search/);
    assert.equal(await hoverOn(document, "return_tensors"), "");
  });

  test("are let be where the settings say so", async () => {
    const { document } = await written("e/generation_config.json", config);
    await diagnosticsOf(document, 2);
    const settings = vscode.workspace.getConfiguration("lumen.decoding");
    try {
      await settings.update("lints.enabled", false, vscode.ConfigurationTarget.Workspace);
      await settings.update("hover.enabled", false, vscode.ConfigurationTarget.Workspace);
      await diagnosticsOf(document, 0);
      assert.deepEqual(await fixesAt(document, "temperature"), []);
      assert.equal(await hoverOn(document, "temperature"), "");
    } finally {
      await settings.update("lints.enabled", undefined, vscode.ConfigurationTarget.Workspace);
      await settings.update("hover.enabled", undefined, vscode.ConfigurationTarget.Workspace);
    }
    await diagnosticsOf(document, 2);
  });
});

async function hoverOn(document: vscode.TextDocument, text: string): Promise<string> {
  return (await hoversOn(document, text)).filter((each) => /In effect here|by default|transformers knows no/.test(each)).join("\n");
}

async function lensesOf(document: vscode.TextDocument): Promise<string[]> {
  return (await commandsOfLenses(document)).flatMap(({ command, title }) => (command === "lumen.exploreDecoding" ? [title] : []));
}

async function completionsAt(document: vscode.TextDocument, text: string): Promise<vscode.CompletionItem[]> {
  const position = document.positionAt(document.getText().indexOf(text) + text.length);
  return (await vscode.commands.executeCommand<vscode.CompletionList>("vscode.executeCompletionItemProvider", document.uri, position)).items;
}

const labelOf = ({ label }: vscode.CompletionItem): string => (typeof label === "string" ? label : label.label);
