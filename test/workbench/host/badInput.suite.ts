import assert from "node:assert/strict";
import * as vscode from "vscode";
import { closePanels, fileOf, outcomeOf, sentencesOf, show, testApi, until } from "./lumen.js";

/** Texts that cannot be fitted, and what the sentence about them has to say. */
const texts: readonly (readonly [name: string, text: string, says: RegExp])[] = [
  ["no numbers", "No figures in here, only words.\n", /number/i],
  ["an empty file", "", /empty|number/i],
  ["one number", "42\n", /one|1\b|number/i],
  ["equal values", "7\n".repeat(20), /equal|same|differ/i],
  ["numpy's shortened print", "[1.0 2.0 3.0 ... 7.0 8.0 9.0]\n", /printoptions|\.npy/],
];

/** The head of a .npy file of version 1.0 with this dictionary. */
function npyHead(dictionary: string): Buffer {
  const text = `${dictionary.padEnd(117)}\n`;
  return Buffer.concat([Buffer.from("\x93NUMPY\x01\x00", "latin1"), Buffer.from([text.length, 0]), Buffer.from(text, "latin1")]);
}

const files: readonly (readonly [name: string, bytes: Buffer, says: RegExp])[] = [
  ["pickled.npy", Buffer.concat([npyHead("{'descr': '|O', 'fortran_order': False, 'shape': (2,), }"), Buffer.from("\x80\x03]")]), /object|pickle/i],
  ["truncated.npy", Buffer.concat([npyHead("{'descr': '<f8', 'fortran_order': False, 'shape': (100,), }"), Buffer.alloc(80)]), /end|short|truncat|missing|bytes/i],
  ["lying.npy", npyHead("{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000000, 3), }"), /end|short|truncat|missing|bytes|shape/i],
  ["noise.csv", Buffer.from(Array.from({ length: 4096 }, (_, i) => (i * 197 + (i >> 3)) & 0xff)), /binary|text|number/i],
];

suite("bad input", () => {
  suiteTeardown(async () => closePanels(await testApi()));

  for (const [name, text, says] of texts) {
    test(`${name}: a sentence, and the worker goes on`, async () => {
      const api = await testApi();
      const editor = await show(text);
      await vscode.commands.executeCommand("lumen.fitGmm");
      checkRefusal(sentencesOf(await outcomeOf(api, editor.document.uri)), says);
      await closePanels(api);
    });
  }

  for (const [name, bytes, says] of files) {
    test(`${name}: a sentence, and the worker goes on`, async () => {
      const api = await testApi();
      const uri = fileOf(name);
      await vscode.workspace.fs.writeFile(uri, bytes);
      await vscode.commands.executeCommand("lumen.fitGmmFile", uri);
      const outcome = await outcomeOf(api, uri);
      assert.equal(outcome.type, "invalid");
      checkRefusal(sentencesOf(outcome), says);
      await closePanels(api);
    });
  }

  test("an infinite value is marked in the editor where it stands", async () => {
    const api = await testApi();
    const editor = await show("x\n1\n2\n1e999\n4\n5\n6\n");
    await vscode.commands.executeCommand("lumen.fitGmm");
    await outcomeOf(api, editor.document.uri);
    const [mark] = await until("a mark in the editor", () => {
      const marks = vscode.languages.getDiagnostics(editor.document.uri).filter((each) => each.source === "Lumen");
      return marks.length > 0 && marks;
    });
    assert.equal(editor.document.getText(mark.range), "1e999");
    await closePanels(api);
    await until("no mark", () => vscode.languages.getDiagnostics(editor.document.uri).every((each) => each.source !== "Lumen"));
  });
});

function checkRefusal(sentences: readonly string[], says: RegExp): void {
  assert.ok(sentences.length > 0, "no problem was reported");
  assert.match(sentences.join("\n"), says);
  for (const sentence of sentences) assert.doesNotMatch(sentence, /undefined|\[object|\bat .+:\d+:\d+|\{\d\}/);
}
