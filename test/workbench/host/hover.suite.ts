import assert from "node:assert/strict";
import * as vscode from "vscode";
import { closePanels, fileOf, show, testApi } from "./lumen.js";

suite("a hover", () => {
  teardown(async () => {
    await vscode.commands.executeCommand("lumen.unpinVector");
    const api = await testApi();
    await closePanels(api);
    api.endWorker();
  });

  test("on plain code asks nothing, so that no worker is started", async () => {
    const api = await testApi();
    const editor = await show("import os\n\ndef king(self):\n    return os\n", "python");
    assert.deepEqual(await ours(editor, "king"), []);
    assert.equal(api.worker().worker, "none");
  });

  test("on a vector says its figures, its strip and its nearest, with links to their lines", async () => {
    const editor = await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(fileOf("personality.json")));
    const shown = await hoverOn(editor, "-0.4, 0.8]");
    assert.match(shown.text, /^\*\*Jay\*\*, 2 numbers.*\n\n\| norm \| mean \| min \| max \|/);
    assert.match(shown.text, /!\[[^\]]*\]\(data:image\/svg\+xml;base64,[\w+/=]+\|width=\d+,height=\d+\)/);
    assert.match(shown.text, /\| Person 1 \| 0\.8682 \| \[4\]\([^)]*personality\.json#L4\) \|/);
    assert.match(shown.text, /\| Person 2 \| −0\.2095 \|/);
    assert.match(shown.text, /other lengths left out: 3/);
    assert.equal(editor.document.getText(shown.range), "[-0.4, 0.8]");
    assert.deepEqual(Object.keys(shown.trusted as object), ["enabledCommands"]);
    assert.match((await hoverOn(editor, "Person 2", 1)).text, /^\*\*Person 2\*\*/);
  });

  test("compares with the pinned vector, follows an edit, and forgets the pin", async () => {
    const editor = await show('{\n  "A": [2, 3],\n  "B": [1, 4]\n}\n', "json");
    place(editor, "2, 3");
    await vscode.commands.executeCommand("lumen.pinVector");
    const compared = (await hoverOn(editor, "1, 4")).text;
    assert.match(compared, /A·B = 1 × 2 \+ 4 × 3 = 14/);
    assert.match(compared, /With pinned \*\*A\*\*: .* = 14 \/ \(4\.123 × 3\.606\) = \*\*0\.9417\*\*/);
    assert.match((await hoverOn(editor, "2, 3")).text, /This vector is pinned/);
    await editor.edit((edit) => edit.replace(new vscode.Range(2, 8, 2, 12), "0, 0"));
    assert.match((await hoverOn(editor, "0, 0")).text, /All of its numbers are 0.*With pinned \*\*A\*\*: the cosine is undefined/s);
    await vscode.commands.executeCommand("lumen.unpinVector");
    assert.doesNotMatch((await hoverOn(editor, "2, 3")).text, /pinned/);
  });

  test("links to commands that pin and copy what it shows", async () => {
    const editor = await show('{"A": [2, 3.5],\n"B": [1, 4]}\n', "json");
    const { text } = await hoverOn(editor, "2, 3.5");
    for (const command of ["pinVector", "copyVector"]) {
      const [, query] = new RegExp(`\\(command:lumen\\.${command}\\?([^)]*)\\)`).exec(text) ?? [];
      assert.ok(query, `no link to ${command}`);
      await vscode.commands.executeCommand(`lumen.${command}`, ...(JSON.parse(decodeURIComponent(query)) as unknown[]));
    }
    assert.equal(await vscode.env.clipboard.readText(), "A = np.array([2., 3.5])");
    assert.match((await hoverOn(editor, "1, 4")).text, /With pinned \*\*A\*\*/);
  });

  test("on a word of plain text has the nearest of the built-in words, but not on one of a program", async () => {
    const editor = await show("The king is here; a zzyzx is not.\n", "plaintext");
    const { text, range } = await hoverOn(editor, "king");
    assert.match(text, /^\*\*king\*\*, 100 numbers, one of 10,000 words/);
    assert.match(text, /\| prince \| 0\.7682 \|\n\| queen \| 0\.7508 \|/);
    assert.equal(editor.document.getText(range), "king");
    assert.deepEqual(await ours(editor, "zzyzx"), []);
    const code = await show("# The king is here\n", "python");
    assert.deepEqual(await ours(code, "king"), []);
    place(editor, "king");
    await vscode.commands.executeCommand("lumen.pinVector");
  });

  test("uses the word vectors of a chosen file, and the built-in ones again", async () => {
    const uri = fileOf("tiny.vec");
    await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode("3 2\nking 1 0\nqueen 1 1\nman 0 1\n"));
    await vscode.commands.executeCommand("lumen.useWordVectors", uri);
    const editor = await show("A king.\n", "markdown");
    assert.match((await hoverOn(editor, "king")).text, /one of 3 words.*\| queen \| 0\.7071 \|\n\| man \| 0\.0000 \|/s);
    await vscode.workspace.fs.delete(uri);
    assert.match((await hoverOn(editor, "king")).text, /tiny\\\.vec is not there any more/);
    const settings = vscode.workspace.getConfiguration("lumen.vectors");
    await settings.update("file", "king.txt", vscode.ConfigurationTarget.Workspace);
    const own = await eventually("the setting's file", async () => {
      const { text } = await hoverOn(editor, "king");
      return /one of 1 words/.test(text) && text;
    });
    assert.match(own, /^\*\*king\*\*, 50 numbers/);
    await settings.update("file", undefined, vscode.ConfigurationTarget.Workspace);
    await eventually("the built-in words", async () => /10,000/.test((await hoverOn(editor, "king")).text));
  });

  test("can be turned off", async () => {
    const settings = vscode.workspace.getConfiguration("lumen.vectors");
    const editor = await show('{"a": [1, 2]}', "json");
    assert.equal((await ours(editor, "1, 2")).length, 1);
    await settings.update("hover.enabled", false, vscode.ConfigurationTarget.Workspace);
    try {
      await eventually("no hover", async () => (await ours(editor, "1, 2")).length === 0);
    } finally {
      await settings.update("hover.enabled", undefined, vscode.ConfigurationTarget.Workspace);
    }
  });
});

function place(editor: vscode.TextEditor, at: string): void {
  const position = editor.document.positionAt(editor.document.getText().indexOf(at));
  editor.selection = new vscode.Selection(position, position);
}

/** Lumen's hovers at a place. */
async function ours(editor: vscode.TextEditor, at: string, offset = 0): Promise<{ readonly hover: vscode.Hover; readonly content: vscode.MarkdownString }[]> {
  const start = editor.document.getText().indexOf(at);
  assert.ok(start >= 0, `${at} is not in the text`);
  const position = editor.document.positionAt(start + offset);
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>("vscode.executeHoverProvider", editor.document.uri, position);
  return hovers
    .map((hover) => ({ hover, content: hover.contents[0] as vscode.MarkdownString }))
    .filter(({ content }) => content.value.includes("command:lumen."));
}

async function hoverOn(editor: vscode.TextEditor, at: string, offset = 0) {
  const [found, ...more] = await ours(editor, at, offset);
  assert.ok(found, `no hover on ${at}`);
  assert.equal(more.length, 0);
  return { text: found.content.value.replaceAll("&emsp;", ""), range: found.hover.range, trusted: found.content.isTrusted };
}

/** Asks until the answer is something other than undefined or false. */
async function eventually<T>(what: string, probe: () => Promise<T | undefined | false>): Promise<T> {
  const end = Date.now() + 50_000;
  for (;;) {
    const found = await probe();
    if (found !== undefined && found !== false) return found;
    assert.ok(Date.now() < end, `waited too long for: ${what}`);
  }
}
