import { writeFile } from "node:fs/promises";
import path from "node:path";
import type { FrameLocator } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { until } from "../../support/until.js";
import { startWorkbench, type Workbench } from "../harness.js";
import { boxOf } from "../../support/boxOf.js";

let workbench: Workbench;

beforeAll(async () => {
  workbench = await startWorkbench({ name: "vectors", theme: "light", viewport: { width: 1500, height: 1000 } });
});
afterAll(async () => workbench?.stop());
afterEach(async ({ task }) => {
  if (task.result?.state === "fail") await workbench.picture(`failed-${task.name.replaceAll(/\W+/g, "-")}`);
  await workbench.runCommand("View: Close All Editors").catch(() => undefined);
  expect(workbench.faults).toEqual({ errors: [], refused: [] });
});

const words = { startLine: 2, startColumn: 1, endLine: 25, endColumn: 9 };
const neighboursIn = (panel: FrameLocator) => panel.locator(".neighbours-bars").first();

async function compareWords(): Promise<FrameLocator> {
  await workbench.openFile("words.txt");
  await workbench.select(words);
  await workbench.rightClick("Lumen", "Compare Vectors");
  const panel = workbench.panelFrame();
  await panel.locator(".heatmap-canvas").waitFor();
  return panel;
}

async function openTab(panel: FrameLocator, tab: string): Promise<void> {
  await panel.locator(`#vectors-tab-${tab}`).click();
  await panel.locator(`#vectors-tab-${tab}[aria-selected="true"]`).waitFor();
}

async function ask(panel: FrameLocator, query: string): Promise<void> {
  const box = panel.locator(".query-input").first();
  await box.fill(query);
  await box.press("Enter");
}

describe("Compare Vectors", () => {
  test("a right-click on selected words draws their heatmap, and a click on a cell selects both words", async () => {
    const panel = await compareWords();
    await expect.poll(() => panel.locator(".story h1").innerText()).not.toBe("");
    await expect.poll(() => panel.locator(".head .source").innerText()).toContain("words.txt:2–25");
    await expect.poll(() => panel.locator(".head .rows").innerText()).toMatch(/\b24\b/);
    await until("queen as the answer", async () => (await neighboursIn(panel).textContent())?.includes("queen"));
    await workbench.screenshot("right-click");
    const box = await boxOf(panel.locator(".heatmap-canvas"));
    await workbench.page.mouse.click(box.x + 0.75 * box.width, box.y + 0.5 * box.height);
    const selected = workbench.page.locator(".editor-instance .view-overlays .selected-text");
    await until("two selected words", async () => (await selected.count()) === 2);
    await until("its derivation", async () => /=.*0\.\d{4}/s.test(await panel.locator(".derivation").innerText()));
    expect(await workbench.notifications()).toEqual([]);
    await workbench.screenshot("cell");
  });

  test("the tabs each show their part, and a query is answered by the built-in vectors", async () => {
    const panel = await compareWords();
    await openTab(panel, "neighbours");
    await ask(panel, "paris - france + germany");
    await until("berlin as the answer", async () => (await neighboursIn(panel).textContent())?.includes("berlin"));
    await workbench.screenshot("neighbours");
    await ask(panel, "quean");
    await until("other spellings", async () => (await panel.locator(".query-suggestions").first().innerText()).includes("queen"));
    await panel.locator(".query-suggestions").getByText("queen", { exact: true }).first().click();
    await until("queen's neighbours", async () => (await neighboursIn(panel).textContent())?.includes("princess"));
    for (const [tab, part] of [["strips", ".vectors-strips"], ["onehot", ".vectors-onehot"], ["heatmap", ".heatmap-canvas"]]) {
      await openTab(panel, tab);
      await panel.locator(part).first().waitFor();
      await workbench.screenshot(`tab-${tab}`);
    }
  });

  test("the map of all built-in words shows the true neighbours of a point", async () => {
    const panel = await compareWords();
    await openTab(panel, "map");
    await panel.locator(".map-canvas").waitFor();
    await panel.locator(".map-bar").getByText("all word vectors in use").click();
    const find = panel.locator(".map-find-input");
    await until("a point that is not in the text", async () => {
      await find.fill("minister");
      return (await panel.locator(".map-found").innerText()).includes("minister");
    });
    await find.press("Enter");
    await until("its neighbours", async () => /prime/.test((await panel.locator(".map-near").textContent()) ?? ""));
    await workbench.screenshot("map");
  });

  test("the word at the caret is asked for by a command, in the panel there is", async () => {
    const panel = await compareWords();
    await workbench.goTo(4, 3);
    await workbench.rightClick("Lumen", "Find Neighbours of…");
    const box = workbench.quickInput.locator("input").first();
    await until("the word at the caret", async () => (await box.inputValue()) === "prince");
    await box.press("Enter");
    await panel.locator('#vectors-tab-neighbours[aria-selected="true"]').waitFor();
    await until("its neighbours", async () => (await panel.locator(".query-input").first().inputValue()) === "prince" && (await neighboursIn(panel).textContent())?.includes("king"));
    await expect.poll(async () => (await workbench.tabs()).filter((title) => title.startsWith("Vectors"))).toHaveLength(1);
  });

  test("words that are not in the vectors get a sentence", async () => {
    await writeFile(path.join(workbench.folder, "unknown.txt"), "zzyzx\nqwrtp\n");
    await workbench.openFile("unknown.txt");
    await workbench.runCommand("Lumen: Compare Vectors of File");
    const panel = workbench.panelFrame();
    const problem = panel.locator(".problem").first();
    await problem.waitFor();
    const sentence = await problem.innerText();
    expect(sentence).toMatch(/zzyzx/);
    expect(sentence).not.toMatch(/undefined|NaN/);
    // Nothing was edited, so nothing is from before an edit.
    await expect.poll(() => panel.locator(".head .chip").allInnerTexts()).toEqual([]);
    await workbench.screenshot("unknown");
  });

  test("a .npy file of the Explorer is compared without an editor", async () => {
    await workbench.runCommand("File: Focus on Files Explorer");
    const row = workbench.page.locator(".explorer-folders-view .monaco-list-row", { hasText: "draws.npy" });
    await workbench.contextMenu(row, "Compare Vectors of File");
    const panel = workbench.panelFrame();
    await panel.locator(".heatmap-canvas").waitFor();
    await until("the rows of the file", async () => /1,000/.test(await panel.locator(".head .rows").innerText()));
    await workbench.screenshot("explorer");
  });

  test("the lens above a list of words opens it, and a reload of the window restores tab and query", async () => {
    await workbench.openFile("words.txt");
    await workbench.page.keyboard.press("Control+Home");
    await workbench.page.locator(".codelens-decoration a", { hasText: "Compare 24 words" }).click();
    const panel = workbench.panelFrame();
    await panel.locator(".heatmap-canvas").waitFor();
    await openTab(panel, "neighbours");
    await ask(panel, "tokyo - japan + france");
    await until("paris as the answer", async () => (await neighboursIn(panel).textContent())?.includes("paris"));
    await workbench.reload();
    const restored = workbench.panelFrame();
    await restored.locator('#vectors-tab-neighbours[aria-selected="true"]').waitFor();
    await until("the same answer", async () => (await neighboursIn(restored).textContent())?.includes("paris"));
    await expect.poll(() => restored.locator(".query-input").first().inputValue()).toBe("tokyo - japan + france");
    await workbench.screenshot("reloaded");
  });
});
