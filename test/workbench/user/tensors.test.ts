import { writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { until } from "../../support/until.js";
import { kindsOfTensors } from "../../view/tensorFiles.js";
import { startWorkbench, type Workbench } from "../harness.js";

let workbench: Workbench;

beforeAll(async () => {
  workbench = await startWorkbench({ name: "tensors" });
});
afterAll(async () => workbench?.stop());
afterEach(async ({ task }) => {
  if (task.result?.state === "fail") await workbench.screenshot(`failed-${task.name.replaceAll(/\W+/g, "-")}`);
  await workbench.runCommand("View: Close All Editors").catch(() => undefined);
  expect(workbench.faults).toEqual({ errors: [], refused: [] });
});

test("A click on a .npy file shows its numbers, and another fits its columns", async () => {
  await workbench.runCommand("File: Focus on Files Explorer");
  await workbench.page.locator(".explorer-folders-view .monaco-list-row", { hasText: "draws.npy" }).dblclick();
  const panel = workbench.panelFrame();
  await until("the array", async () => (await panel.locator("h1").innerText()).includes("draws: 1,000 × 2 numbers"));
  await until("its count", async () => /They lie between/.test(await panel.locator(".story").innerText()));
  await panel.locator("canvas.cells").focus();
  await workbench.page.keyboard.press("Control+Home");
  await until("the first cell", async () => /^\[0, 0\] = −?\d/.test(await panel.locator(".tensor-readout").innerText()));
  await workbench.screenshot("npy");
  await panel.getByText("Fit GMM to Columns").click();
  await until("the fit", async () => (await workbench.tabs()).some((tab) => tab.includes("Mixture: draws.npy")));
});

test("A model's file lists its tensors; a click chooses one", async () => {
  await writeFile(path.join(workbench.folder, "kinds.safetensors"), kindsOfTensors());
  const row = workbench.page.locator(".explorer-folders-view .monaco-list-row", { hasText: "kinds.safetensors" });
  await row.waitFor();
  await row.dblclick();
  const panel = workbench.panelFrame();
  await panel.locator(".array").filter({ hasText: "model.embed" }).click();
  await until("its picture", async () => (await panel.locator("h1").innerText()).includes("model.embed.weight: 300 × 96 numbers"));
  await until("its count", async () => /They lie between/.test(await panel.locator(".story").innerText()));
  await workbench.screenshot("safetensors");
});
