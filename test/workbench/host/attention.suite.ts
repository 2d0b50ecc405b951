import assert from "node:assert/strict";
import * as vscode from "vscode";
import { DEFAULT_TEXT } from "../../../src/core/attention/inputText.js";
import type { AttentionTrace } from "../../../src/core/attention/trace.js";
import type { Values } from "../../../src/core/protocol.js";
import type { TestApi } from "../../../src/extension/testApi.js";
import { commandsOfLenses } from "./inText.js";
import { active, closePanels, fileOf, sentencesOf, show, testApi, until } from "./lumen.js";

const sentence = "The king went to the sea because he wanted to see the great river.";

suite("Show Attention", () => {
  teardown(async () => {
    const api = await testApi();
    await closePanels(api);
    await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
  });

  test("maps the selected text by the built-in model, follows an edit, and undo brings the first maps back", async () => {
    const api = await testApi();
    const editor = await show(fileOf("attention.txt"));
    editor.selection = new vscode.Selection(0, 0, 0, sentence.length);
    await vscode.commands.executeCommand("lumen.showAttention");
    const first = await traceWith(api, "the maps", ({ map }) => map !== undefined);
    const { tokens, source, map } = first;
    assert.deepEqual([tokens.text, source.kind, source.name, source.causal], [sentence, "model", "", true]);
    await until("the title", () => vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).some(({ label }) => label.startsWith("Attention: attention.txt")));
    const { rows, columns, weights } = map!.shown;
    assert.equal(rows, tokens.pieces.length);
    for (let row = 0; row < rows; row++) {
      const own = weights.subarray(row * columns, (row + 1) * columns);
      assert.ok(Math.abs(own.reduce((sum, each) => sum + each) - 1) < 1e-5);
      assert.ok(own.subarray(row + 1).every((each) => each === 0));
    }
    tokens.pieces.forEach((piece, token) => assert.equal(sentence.slice(tokens.spans![2 * token], tokens.spans![2 * token + 1]), piece));

    await editor.edit((edit) => edit.insert(new vscode.Position(0, sentence.length - 1), " and the town"));
    await traceWith(api, "the edit", ({ tokens }) => tokens.text === sentence.replace("river", "river and the town"));
    await vscode.window.showTextDocument(editor.document, vscode.ViewColumn.One);
    await vscode.commands.executeCommand("undo");
    const undone = await traceWith(api, "the text before", ({ tokens }) => tokens.text === sentence);
    assert.deepEqual(undone.map!.shown, map!.shown);
  });

  test("reads arrays of other programs: maps, Q, K and V, and states, each in its tab", async () => {
    const api = await testApi();
    for (const [file, kind, tab] of [["attention.json", "maps", "map"], ["qkv.py", "matrices", "map"], ["states.json", "states", "sequence"]] as const) {
      const { document } = await show(fileOf(file));
      const lens = (await commandsOfLenses(document)).find(({ title }) => title === "Show Attention");
      assert.ok(lens, file);
      await vscode.commands.executeCommand(lens.command, ...(lens.arguments as unknown[]));
      const trace = await traceWith(api, file, ({ source }) => source.kind === kind);
      assert.ok(trace[tab], file);
      assert.equal(api.sessions()[0].params.tab, tab);
      await closePanels(api);
    }
    // From the Explorer, and a file that no editor shows.
    const uri = fileOf("maps.npy");
    await vscode.workspace.fs.writeFile(uri, npy([2, 3, 3], [1, 0, 0, 0.5, 0.5, 0, 0.2, 0.3, 0.5, 1, 0, 0, 0, 1, 0, 0, 0, 1]));
    await vscode.commands.executeCommand("lumen.showAttention", uri, [uri]);
    const { source, map } = await traceWith(api, "the file's maps", ({ source }) => source.kind === "maps");
    assert.deepEqual([source.layers, source.heads, map?.shown.rows], [1, 2, 3]);
  });

  test("is offered above a config.json as its cost, and above a short text", async () => {
    const api = await testApi();
    const config = await show(fileOf("gpt2-config.json"));
    const [{ title, command, arguments: given = [] }] = await commandsOfLenses(config.document);
    assert.match(title, / · Show cost$/);
    await vscode.commands.executeCommand(command, ...(given as unknown[]));
    const { cost } = await traceWith(api, "its cost", (each) => each.cost !== undefined);
    assert.deepEqual([cost?.parameters, cost?.sizes.layers, cost?.sizes.width], [124_439_808, 12, 768]);
    await closePanels(api);

    const prose = await show(fileOf("attention.txt"));
    const lenses = await commandsOfLenses(prose.document);
    assert.deepEqual(lenses.map((each) => each.title), ["Show Attention", "Explore Decoding"]);
    await vscode.commands.executeCommand(lenses[0].command, ...(lenses[0].arguments as unknown[]));
    await traceWith(api, "the text's maps", ({ tokens, map }) => tokens.text === sentence && map !== undefined);
  });

  test("is made again when another model is chosen, BERT as well, and when the built-in one is taken back", async () => {
    const api = await testApi();
    const { document } = await show("7 40 12 7 40\n");
    await vscode.commands.executeCommand("lumen.showAttention");
    await traceWith(api, "the built-in model", ({ source }) => source.family === "gpt2");
    try {
      const { extensionUri } = vscode.extensions.getExtension("lumen.lumen")!;
      await vscode.commands.executeCommand("lumen.useModelFolder", vscode.Uri.joinPath(extensionUri, "test/fixtures/oracle/models/tiny-bert"));
      const { source, tokens, map } = await traceWith(api, "BERT", (each) => each.source.family === "bert");
      assert.deepEqual([source.name, source.causal, [...tokens.ids]], ["tiny-bert", false, [7, 40, 12, 7, 40]]);
      assert.ok(map!.shown.weights.every((weight) => weight > 0), "both ways");
      assert.equal(tokens.text, document.getText().trim());
    } finally {
      await vscode.commands.executeCommand("lumen.useModelFolder", "built-in");
    }
    await traceWith(api, "the built-in model again", ({ source }) => source.family === "gpt2");
  });

  test("makes something of any selection: none, blanks, a character, several, signs beyond the plane, other line ends, a long text", async () => {
    const api = await testApi();
    await vscode.commands.executeCommand("lumen.showAttention");
    await traceWith(api, "a sentence of its own without an editor", ({ tokens }) => tokens.text === DEFAULT_TEXT);
    await closePanels(api);
    const whole = (end: number): [number, number][] => [[0, end]];
    const long = "The old king slept. ".repeat(5000);
    for (const [what, text, selections, read] of [
      ["nothing", "", [], DEFAULT_TEXT],
      ["blanks", "a  \n b", [[1, 4]], "a  \n b"],
      ["one character", "snow", [[0, 1]], "s"],
      ["several places", "The king slept", [[0, 3], [9, 14]], "The\nslept"],
      ["an emoji and Chinese", "雪🏔️融化了 fast", whole(12), "雪🏔️融化了 fast"],
      ["half of a surrogate pair", "a🙂b", [[0, 2]], undefined],
      ["other line ends", "The snow\r\nmelted", whole(16), "The snow\r\nmelted"],
      ["half typed arrays", '{"attention": [[[0.5, 0.', whole(24), undefined],
      ["100,000 characters", long, whole(long.length), undefined],
    ] as const) {
      const editor = await active(text);
      editor.selections = selections.map(([from, to]) => new vscode.Selection(editor.document.positionAt(from), editor.document.positionAt(to)));
      await vscode.commands.executeCommand("lumen.showAttention");
      const outcome = await until(what, () => {
        const [session] = api.sessions();
        return session?.uri === editor.document.uri.toString() && !session.active && session.outcome;
      });
      assert.ok(outcome.type === "trace" || outcome.type === "invalid", `${what}: ${JSON.stringify(outcome)}`);
      if (read !== undefined) assert.equal(outcome.type === "trace" && (outcome.trace as AttentionTrace).tokens.text, read, what);
      await closePanels(api);
      await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
    }
  });

  test("shows the tab that was asked for last, and can be closed at work", async () => {
    const api = await testApi();
    const editor = await show(`${"The old king and the sea. ".repeat(30)}\n`);
    editor.selection = new vscode.Selection(0, 0, 0, 26 * 30);
    await vscode.commands.executeCommand("lumen.showAttention");
    await until("a session", () => api.sessions().length === 1);
    const { params } = api.sessions()[0];
    for (const tab of ["steps", "map", "sequence", "cost", "position", "map", "steps"]) await api.send(0, { type: "run", params: { ...params, tab } as Values });
    const trace = await traceWith(api, "the last tab", ({ steps }) => steps !== undefined);
    assert.equal(trace.map, undefined);
    for (let i = 0; i < 5; i++) {
      await vscode.commands.executeCommand("lumen.showAttention");
      await until("a run", () => api.sessions()[0]?.active || api.sessions()[0]?.outcome);
      await closePanels(api);
    }
    await until("no worker without a panel", () => api.worker().worker === "none");
  });
});

/** The finished trace of the only panel that has something. */
async function traceWith(api: TestApi, what: string, has: (trace: AttentionTrace) => boolean): Promise<AttentionTrace> {
  let said = "";
  const found = () => {
    const [state] = api.sessions();
    said = state ? [state.uri, state.params.tab, state.active ? "running" : state.outcome?.type, ...(state.outcome ? sentencesOf(state.outcome) : [])].join(" · ") : "no panel";
    const trace = state && !state.active && state.outcome?.type === "trace" ? (state.outcome.trace as AttentionTrace) : undefined;
    return trace && has(trace) ? trace : undefined;
  };
  return until(what, found).catch((error: unknown) => Promise.reject(new Error(`${what}: ${said}`, { cause: error })));
}

/** A .npy file of 32-bit numbers. */
function npy(shape: readonly number[], values: readonly number[]): Uint8Array {
  const dict = `{'descr': '<f4', 'fortran_order': False, 'shape': (${shape.join(", ")}), }`;
  const header = `${dict.padEnd(64 * Math.ceil((dict.length + 11) / 64) - 11)}\n`;
  const prefix = Uint8Array.of(0x93, ...new TextEncoder().encode("NUMPY"), 1, 0, header.length & 255, header.length >> 8);
  return Uint8Array.of(...prefix, ...new TextEncoder().encode(header), ...new Uint8Array(Float32Array.from(values).buffer));
}
