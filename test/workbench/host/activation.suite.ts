import assert from "node:assert/strict";
import * as vscode from "vscode";

suite("activation", () => {
  const lumen = () => {
    const extension = vscode.extensions.getExtension("lumen.lumen");
    assert.ok(extension, "lumen.lumen is not installed");
    return extension;
  };

  test("activates without an error", async () => {
    await lumen().activate();
    assert.equal(lumen().isActive, true);
  });

  test("registers every command that the manifest contributes", async () => {
    await lumen().activate();
    const registered = new Set(await vscode.commands.getCommands(true));
    const contributed: { command: string }[] = lumen().packageJSON.contributes.commands;
    assert.ok(contributed.length > 0);
    assert.deepEqual(contributed.map((each) => each.command).filter((command) => !registered.has(command)), []);
  });
});
