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
  if (task.result?.state === "fail") await workbench.picture(`failed-${task.name.replaceAll(/\W+/g, "-")}`);
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

test("The rows of an array are compared with one another, and are the word vectors that a text is looked up in", async () => {
  await writeFile(path.join(workbench.folder, "kinds.safetensors"), kindsOfTensors());
  await writeFile(path.join(workbench.folder, "words.txt"), Array.from({ length: 300 }, (_, i) => `w${i}\n`).join(""));
  const row = workbench.page.locator(".explorer-folders-view .monaco-list-row", { hasText: "kinds.safetensors" });
  await row.waitFor();
  const openArray = async () => {
    await row.dblclick();
    const panel = workbench.panelFrame();
    await panel.locator(".array").filter({ hasText: "model.embed" }).click();
    await until("its picture", async () => (await panel.locator("h1").innerText()).includes("model.embed.weight: 300 × 96 numbers"));
    return panel;
  };
  await (await openArray()).getByText("Compare Rows").click();
  await until("a panel of vectors", async () => (await workbench.tabs()).includes("Vectors: model.embed.weight · kinds.safetensors"));
  const vectors = workbench.panelFrame();
  await vectors.locator(".heatmap-canvas").waitFor();
  await until("the closest rows", async () => /^w\d+ and w\d+ are the closest of 300 vectors$/.test(await vectors.locator("h1").innerText()));
  await expect.poll(() => vectors.locator(".head .rows").innerText()).toBe("300 vectors");
  await workbench.screenshot("rows");
  await workbench.runCommand("View: Close All Editors");
  await (await openArray()).getByText("Use as Word Vectors").click();
  await until("the news", async () => (await workbench.notifications()).some((text) => text.startsWith("300 words of 96 numbers each from kinds.safetensors are used now.")));
  await writeFile(path.join(workbench.folder, "rows.txt"), "w12 w54 w181\n");
  await workbench.openFile("rows.txt");
  await workbench.goTo(1, 5);
  await workbench.runCommand("Lumen: Pin Vector");
  await workbench.page.locator(".statusbar-item", { hasText: "w54" }).waitFor();
});
