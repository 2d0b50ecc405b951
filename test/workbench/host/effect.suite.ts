import assert from "node:assert/strict";
import * as vscode from "vscode";
import type { DecodingTrace } from "../../../src/core/decoding/trace.js";
import { fileOf, show, testApi, until } from "./lumen.js";

const config = `{
  "do_sample": true,
  "temperature": 0.7,
  "top_p": 1.5
}
`;
const image = /!\[[^\]]*\]\(data:image\/svg\+xml;base64,([\w+/=]+)\|width=452,height=\d+\)/;

suite("The effect of a generation parameter", () => {
  teardown(async () => {
    await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
    (await testApi()).endWorker();
  });

  test("is drawn in its hover, with numbers that follow the value", async () => {
    const editor = await written("effect/generation_config.json", config);
    const cold = await drawn(editor.document, "temperature");
    assert.match(cold.text, /The next token after “…the sea, and past” by the built-in model/);
    assert.match(cold.text, /The other parameters as they stand: top_k 50 \(default\)\. Left out of the drawing: top_p\./);
    assert.match(cold.text, /50 of 50 tokens kept; entropy/);
    assert.ok(cold.entropy[1] < cold.entropy[0], cold.text);
    assert.match(cold.text, /\| token \| (?:&emsp;)?temperature 1 \| (?:&emsp;)?temperature 0\.7 \|/);
    assert.match(cold.svg, />temperature 0\.7</);
    await editor.edit((edit) => edit.replace(rangeOf(editor.document, "0.7"), "2.5"));
    const hot = await drawn(editor.document, "temperature");
    assert.ok(hot.entropy[1] > hot.entropy[0], hot.text);
    assert.equal(hot.entropy[0], cold.entropy[0]);
    assert.match(hot.svg, />temperature 2\.5</);
    assert.match(hot.text, /\[Open in the decoding explorer\]\(command:lumen\.exploreDecoding\?[^)]+\)$/);
    const wrong = await hoverOn(editor.document, "top_p");
    assert.match(wrong, /^\*\*`top_p`\*\* · a number from 0 to 1/);
    assert.doesNotMatch(wrong, image);
    // What is underlined VS Code says above our hover.
    assert.doesNotMatch(wrong, /must be from 0 to 1/);
  });

  test("is drawn in Python and in other JSON, and said where it is not the next token's", async () => {
    const { document } = await show(fileOf("generate.py"));
    assert.match((await drawn(document, "top_p=0.9")).text, /\d+ of 50 tokens kept, with 9\d\.\d% of the probability/);
    const idle = await drawn(document, "temperature=0.7");
    assert.match(idle.text, /Acts only when do_sample is true\.\n\nDrawn as if do_sample were true\./);
    assert.match((await drawn(document, "num_beams=4")).text, /The 4 beams begin with the marked tokens/);
    assert.match((await drawn(document, "penalty_alpha")).text, /score = \(1 − 0\.6\) p − 0\.6 max cos/);
    const length = await hoverOn(document, "max_new_tokens");
    assert.match(length, /It says where the text ends/);
    assert.doesNotMatch(length, image);
    const other = await written("effect/model.json", '{"generation_config": {"do_sample": true, "top_k": 5}}');
    assert.match((await drawn(other.document, "top_k")).text, /5 of 2,048 tokens kept/);
  });

  test("stands alone over lists of token ids, which are no vectors", async () => {
    const { document } = await written("ids/generation_config.json", '{\n  "eos_token_id": [1, 2, 3],\n  "do_sample": true\n}\n');
    assert.match(await hoverOn(document, "eos_token_id"), /The token, or tokens, that end the text/);
    for (const place of ["eos_token_id", "1, 2", "3"]) {
      const hovers = await vscode.commands.executeCommand<vscode.Hover[]>("vscode.executeHoverProvider", document.uri, rangeOf(document, place).start);
      assert.doesNotMatch(hovers.flatMap(({ contents }) => contents.map((each) => (each as vscode.MarkdownString).value)).join(), /lumen\.pinVector/);
    }
  });

  test("is that of the prompt that the explorer shows", async () => {
    const api = await testApi();
    await vscode.commands.executeCommand("lumen.exploreDecoding");
    await until("the view", () => api.decoding());
    try {
      await api.sendDecoding({ type: "run", params: { prompt: "The wall of snow", source: "model", tab: "explore", max_new_tokens: 3 } });
      await until("its text", () => {
        const session = api.decoding();
        return session && !session.active && (session.trace?.trace as DecodingTrace | undefined)?.prompt.text === "The wall of snow";
      });
      const { document } = await written("effect/generation_config.json", config);
      assert.match((await drawn(document, "temperature")).text, /The next token after “The wall of snow” by the built-in model/);
    } finally {
      await api.sendDecoding({ type: "run", params: { prompt: "" } });
      await vscode.commands.executeCommand("lumen.showGallery");
      await until("no view", () => api.decoding() === undefined);
    }
  });

  test("needs no worker where it is not wanted, or there is nothing to draw", async () => {
    const api = await testApi();
    api.endWorker();
    const { document } = await written("effect/generation_config.json", config);
    const settings = vscode.workspace.getConfiguration("lumen");
    const set = (name: string, value: boolean | undefined) => settings.update(`${name}.hover.enabled`, value, vscode.ConfigurationTarget.Workspace);
    try {
      // A vector is looked for where numbers stand.
      await set("vectors", false);
      assert.match(await hoverOn(document, "top_p"), /a number from 0 to 1/);
      await settings.update("decoding.lints.enabled", false, vscode.ConfigurationTarget.Workspace);
      assert.match(await hoverOn(document, "top_p"), /top_p must be from 0 to 1, not 1\.5/);
      assert.equal(api.worker().worker, "none");
      await set("decoding", false);
      assert.equal(await hoverOn(document, "temperature"), "");
      assert.equal(api.worker().worker, "none");
    } finally {
      await set("vectors", undefined);
      await set("decoding", undefined);
      await settings.update("decoding.lints.enabled", undefined, vscode.ConfigurationTarget.Workspace);
    }
  });
});

async function written(name: string, text: string): Promise<vscode.TextEditor> {
  const uri = fileOf(name);
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
  return show(uri);
}

function rangeOf(document: vscode.TextDocument, text: string): vscode.Range {
  const at = document.getText().indexOf(text);
  assert.ok(at >= 0, `no ${text} in the document`);
  return new vscode.Range(document.positionAt(at), document.positionAt(at + text.length));
}

/** Our hover on a parameter, without what Markdown needs; "" when there is none. */
async function hoverOn(document: vscode.TextDocument, text: string): Promise<string> {
  const position = rangeOf(document, text).start.translate(0, 1);
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>("vscode.executeHoverProvider", document.uri, position);
  const texts = hovers.flatMap(({ contents }) => contents.map((each) => (each as vscode.MarkdownString).value.replace(/\\(.)/g, "$1")));
  return texts.filter((each) => /by default/.test(each)).join("\n");
}

/** The hover once it has its picture: a worker that is slow to start leaves the text at first. */
async function drawn(document: vscode.TextDocument, text: string): Promise<{ readonly text: string; readonly svg: string; readonly entropy: readonly number[] }> {
  const end = Date.now() + 50_000;
  for (;;) {
    const shown = await hoverOn(document, text);
    const [, picture] = image.exec(shown) ?? [];
    if (picture) {
      const [, ...entropy] = /entropy ([\d.]+) → ([\d.]+) bits/.exec(shown) ?? [];
      return { text: shown, svg: Buffer.from(picture, "base64").toString("utf8"), entropy: entropy.map(Number) };
    }
    assert.ok(Date.now() < end, `no picture in the hover on ${text}: ${shown}`);
  }
}
