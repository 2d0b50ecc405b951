import assert from "node:assert/strict";
import * as vscode from "vscode";
import type { MixtureTrace } from "../../../src/core/mixture/trace.js";
import type { RunEvent } from "../../../src/core/protocol.js";
import { closePanels, outcomeOf, show, testApi, until } from "./lumen.js";

const numbers = Array.from({ length: 40 }, (_, i) => (i < 20 ? i / 10 : 8 + i / 10)).join("\n");

suite("an edit of the source", () => {
  teardown(async () => closePanels(await testApi()));

  test("is fitted by a newer run, and the newest of many edits is the one that stays", async () => {
    const api = await testApi();
    const editor = await show(`${numbers}\n`);
    const { uri } = editor.document;
    await vscode.commands.executeCommand("lumen.fitGmm");
    const first = await outcomeOf(api, uri);
    assert.equal(first.type, "trace");
    for (let i = 0; i < 8; i++) await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), `${100 + i}\n`));
    const { outcome } = await until("the run of the last edit", () => {
      const session = api.sessions().find((each) => each.uri === uri.toString());
      return session?.outcome && !session.active && rowsOf(session.outcome) === 48 && session;
    });
    assert.equal(rowsOf(first), 40);
    assert.ok(outcome && outcome.run > first.run);
  });
});

/** How many rows a mixture's trace was made of. */
function rowsOf(event: RunEvent): number | undefined {
  return event.type === "trace" ? (event.trace as MixtureTrace).N : undefined;
}
