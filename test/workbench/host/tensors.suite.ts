import assert from "node:assert/strict";
import { rm, writeFile } from "node:fs/promises";
import * as vscode from "vscode";
import { format } from "../../../src/core/contract/index.js";
import type { TestApi } from "../../../src/extension/testApi.js";
import { archive, binaryWords, kindsOfTensors, noise } from "../../view/tensorFiles.js";
import { npy, raw } from "../../unit/vectors/files/helpers.js";
import { fileOf, outcomeOf, testApi, until } from "./lumen.js";

suite("the editor of arrays", () => {
  let api: TestApi;
  const made: vscode.Uri[] = [];

  suiteSetup(async () => {
    api = await testApi();
  });
  teardown(async () => {
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    for (const uri of made.splice(0)) await rm(uri.fsPath, { force: true });
  });

  async function make(name: string, content: Uint8Array): Promise<vscode.Uri> {
    const uri = fileOf(name);
    await writeFile(uri.fsPath, content);
    made.push(uri);
    return uri;
  }
  const shown = (uri: vscode.Uri) => api.tensors().find((each) => each.uri === uri.toString());
  const tab = () => vscode.window.tabGroups.activeTabGroup.activeTab?.input;

  for (const [name, content, arrays] of [
    ["plain.npy", npy("<f4", [40, 30], raw(noise(1200))), ["plain"]],
    ["several.npz", archive(), ["image", "swapped", "line"]],
    ["kinds.safetensors", kindsOfTensors(), ["model.layers.0.attention.query.weight", "model.layers.0.attention.query.bias", "model.embed.weight", "model.blocks", "position_ids", "mask", "scale", "empty"]],
  ] as const) {
    test(`opens ${name} as a click does, with its arrays, a window and the count`, async () => {
      const uri = await make(name, content);
      await vscode.commands.executeCommand("vscode.open", uri);
      const input = tab();
      assert.ok(input instanceof vscode.TabInputCustom && input.viewType === "lumen.tensors");
      const state = await until(`the arrays of ${name}`, () => {
        const found = shown(uri);
        return found?.window && found.counted !== undefined && found;
      });
      assert.deepEqual(state.arrays, arrays);
      assert.ok(state.window && state.window.rowCount > 0 && state.window.colCount > 0);
    });
  }

  test("opens word2vec .bin on request, with the words as labels", async () => {
    const uri = await make("words.bin", binaryWords(["king", "Zürich", "北京"], 4));
    await vscode.commands.executeCommand("vscode.openWith", uri, "lumen.binaryVectors");
    const state = await until("the words", () => shown(uri)?.labels && shown(uri));
    assert.deepEqual(state.labels, ["king", "Zürich", "北京"]);
  });

  test("says why a file can't be shown, and opens it again once it is mended", async () => {
    const uri = await make("broken.npy", new TextEncoder().encode("1,2\n"));
    await vscode.commands.executeCommand("vscode.open", uri);
    const state = await until("the sentence", () => shown(uri)?.faults && shown(uri));
    assert.match(format(state.faults![0]), /does not begin with the mark of numpy/);
    await writeFile(uri.fsPath, npy("<f4", [2, 2], raw(Float32Array.of(1, 2, 3, 4))));
    await api.sendTensor(api.tensors().findIndex((each) => each.uri === uri.toString()), { type: "ask", ask: 9001, question: { kind: "open" } });
    await until("the array", () => shown(uri)?.arrays?.[0] === "broken");
  });

  test("says that a file changed or vanished", async () => {
    const uri = await make("changing.npy", npy("<f4", [2, 2], raw(Float32Array.of(1, 2, 3, 4))));
    await vscode.commands.executeCommand("vscode.open", uri);
    await until("the count", () => shown(uri)?.counted === 4);
    await writeFile(uri.fsPath, npy("<f4", [3, 2], raw(Float32Array.of(1, 2, 3, 4, 5, 6))));
    await until("the change", () => /was changed after it was read/.test(format(shown(uri)?.stale ?? { text: "", args: [] })));
    await api.sendTensor(api.tensors().findIndex((each) => each.uri === uri.toString()), { type: "ask", ask: 9001, question: { kind: "open" } });
    await until("the newer array", () => shown(uri)?.stale === undefined);
    await rm(uri.fsPath);
    await until("its end", () => /is not there any more/.test(format(shown(uri)?.stale ?? { text: "", args: [] })));
  });

  test("lives on when the worker ends, and lets the worker go when the last editor closes", async () => {
    const uri = await make("long.npy", npy("<f4", [4000, 500], raw(noise(2_000_000))));
    await vscode.commands.executeCommand("vscode.open", uri);
    await until("a window", () => shown(uri)?.window);
    api.endWorker();
    await until("the count, by another worker", () => shown(uri)?.counted === 2_000_000);
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    await until("no editor", () => api.tensors().length === 0);
    await until("no worker", () => api.worker().worker === "none");
  });

  test("fits the columns of one array of several", async () => {
    const uri = await make("fit.npz", archive());
    await vscode.commands.executeCommand("vscode.open", uri);
    await until("the arrays", () => shown(uri)?.arrays?.length === 3);
    await api.sendTensor(api.tensors().findIndex((each) => each.uri === uri.toString()), { type: "fitGmm", tensor: "line", only: false });
    const event = await outcomeOf(api, uri.with({ fragment: "array=line" }));
    assert.equal(event.type, "trace");
    assert.equal((event as { trace: { N: number } }).trace.N, 500);
    await until("a panel that names file and array", () =>
      vscode.window.tabGroups.all.some((group) => group.tabs.some((each) => each.label === "Mixture: line · fit.npz")),
    );
  });
});
