import { writeFile } from "node:fs/promises";
import path from "node:path";
import type { FrameLocator } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { until } from "../../support/until.js";
import { startWorkbench, type Workbench } from "../harness.js";

let workbench: Workbench;

beforeAll(async () => {
  // Without a pause after an edit, every keystroke starts a run: the newest has to win over the ones before it.
  workbench = await startWorkbench({ name: "mixture", settings: { "lumen.live.delay": 0 } });
});
afterAll(async () => workbench?.stop());

beforeEach(async () => {
  workbench.faults.errors.length = 0;
  workbench.faults.refused.length = 0;
});
afterEach(async ({ task }) => {
  if (task.result?.state === "fail") await workbench.picture(`failed-${task.name.replaceAll(/\W+/g, "-")}`);
  await workbench.runCommand("View: Close All Editors").catch(() => undefined);
  expect(workbench.faults).toEqual({ errors: [], refused: [] });
});

const numbers = { startLine: 2, startColumn: 1, endLine: 101, endColumn: 11 };

/** Waits for a drawn mixture and returns its headline. */
async function headline(panel: FrameLocator): Promise<string> {
  await panel.locator(".stage svg path:visible").first().waitFor();
  const title = panel.locator(".story h1");
  await title.waitFor();
  return title.innerText();
}

async function fitFirstSample(): Promise<FrameLocator> {
  await workbench.openFile("em1d.csv");
  await workbench.select(numbers);
  await workbench.rightClick("Lumen", "Fit GMM to Selection");
  return workbench.panelFrame();
}

describe("Fit GMM to Selection", () => {
  test("a right-click on selected numbers draws their mixture", async () => {
    const panel = await fitFirstSample();
    await expect.poll(() => headline(panel)).not.toBe("");
    await expect.poll(() => panel.locator(".head .source").innerText()).toContain("em1d.csv:2–101");
    await expect.poll(() => panel.locator(".head .rows").innerText()).toMatch(/\b100\b/);
    await expect.poll(() => panel.locator("table.twin").count()).toBeGreaterThan(0);
    expect(await workbench.notifications()).toEqual([]);
    await workbench.screenshot("right-click");
  });

  test("the player moves the picture and its headline through the steps", async () => {
    const panel = await fitFirstSample();
    const last = await headline(panel);
    const place = panel.locator(".player .player-place");
    const end = await place.innerText();
    await panel.locator(".player input.track").first().focus();
    await workbench.page.keyboard.press("Home");
    await until("the first step", async () => (await place.innerText()) !== end);
    await workbench.screenshot("first-step");
    await workbench.page.keyboard.press("End");
    await until("the last step", async () => (await place.innerText()) === end);
    await expect.poll(() => headline(panel)).toBe(last);
  });

  test("edits are fitted again as they come, and the newest wins; undo undoes the experiment", async () => {
    const panel = await fitFirstSample();
    const before = await headline(panel);
    const rows = panel.locator(".head .rows");
    const rowsBefore = await rows.innerText();
    await workbench.activateTab("em1d.csv");
    await workbench.goTo(50, 1);
    const added = 12;
    for (let i = 0; i < added; i++) await workbench.type(`9${i}\n`);
    await until("the run of the last edit", async () => (await rows.innerText()).includes(String(100 + added)));
    await expect.poll(() => panel.locator(".head .source").innerText()).toContain(`em1d.csv:2–${101 + added}`);
    await until("a fresh picture", async () => (await panel.locator(".stage.stale").count()) === 0 && (await panel.locator(".chip.warn").count()) === 0);
    await workbench.screenshot("edited");
    await expect.poll(() => headline(panel)).not.toBe(before);
    await until("the text as it was", async () => {
      await workbench.focusEditor();
      await workbench.page.keyboard.press("Control+z");
      return (await rows.innerText()) === rowsBefore;
    });
    await until("the first picture again", async () => (await headline(panel)) === before);
  });

  test("text without numbers gets a sentence, not a blank panel", async () => {
    await writeFile(path.join(workbench.folder, "prose.txt"), "No figures in here, only words.\nNot one.\n");
    await workbench.openFile("prose.txt");
    await workbench.select("all");
    await workbench.rightClick("Lumen", "Fit GMM to Selection");
    const problem = workbench.panelFrame().locator(".problem").first();
    await problem.waitFor();
    const sentence = await problem.innerText();
    expect(sentence).toMatch(/number/i);
    expect(sentence).not.toMatch(/\bat .+:\d+:\d+|undefined|NaN/);
    await workbench.screenshot("no-numbers");
  });

  test("a reload of the window restores the panel at its step", async () => {
    const panel = await fitFirstSample();
    await headline(panel);
    const place = panel.locator(".player .player-place");
    const end = await place.innerText();
    await panel.locator(".player input.track").first().focus();
    await workbench.page.keyboard.press("Home");
    const start = await until("the first step", async () => {
      const text = await place.innerText();
      return text !== end && text;
    });
    const title = await headline(panel);
    await workbench.reload();
    const restored = workbench.panelFrame();
    await expect.poll(() => headline(restored)).toBe(title);
    await expect.poll(() => restored.locator(".player .player-place").innerText()).toBe(start);
    await workbench.screenshot("reloaded");
  });
});
