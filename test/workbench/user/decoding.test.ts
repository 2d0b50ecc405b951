import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import type { FrameLocator, Locator } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { until } from "../../support/until.js";
import { startWorkbench, type Workbench } from "../harness.js";

let workbench: Workbench;

beforeAll(async () => {
  workbench = await startWorkbench({ name: "decoding", theme: "light", viewport: { width: 1500, height: 1000 } });
});
afterAll(async () => workbench?.stop());
afterEach(async ({ task }) => {
  if (task.result?.state === "fail") await workbench.picture(`failed-${task.name.replaceAll(/\W+/g, "-")}`);
  await workbench.runCommand("View: Close All Editors").catch(() => undefined);
  expect(workbench.faults).toEqual({ errors: [], refused: [] });
});

/** The view in the side bar; it is the only webview while no panel is open. */
const view = (): FrameLocator => workbench.page.frameLocator(".part.sidebar iframe.webview.ready, iframe.webview.ready:visible").first().frameLocator("#active-frame");
const slider = (frame: FrameLocator, name: string): Locator => frame.locator(`input[type="range"][aria-label="${name}"]`);
const editorText = async (): Promise<string> => (await workbench.editor.locator(".view-lines").innerText()).replaceAll(/\u00a0/g, " ");

async function explorePrompt(): Promise<FrameLocator> {
  await workbench.openFile("prompt.txt");
  await workbench.select({ startLine: 1, startColumn: 1, endLine: 1, endColumn: 13 });
  await workbench.rightClick("Lumen", "Explore Decoding from Here");
  const frame = view();
  await until("the selection as the prompt", async () => (await frame.locator(".prompt-area").inputValue()) === "The old king");
  // The view takes the keyboard last; what is opened before would be closed by that.
  await until("the keyboard in the view", () => workbench.page.evaluate(() => document.activeElement?.classList.contains("webview") ?? false));
  return frame;
}

describe("Explore Decoding from Here", () => {
  test("goes on from the selected text in the side bar, and a slider is felt", async () => {
    const frame = await explorePrompt();
    await until("a sentence", async () => (await frame.locator(".story h1").innerText()) !== "");
    const text = async () => frame.locator(".decoding").innerText();
    const before = await text();
    await workbench.screenshot("sidebar");
    await slider(frame, "temperature").focus();
    await workbench.page.keyboard.press("Home");
    await until("another picture", async () => (await text()) !== before);
    await workbench.screenshot("cold");
    expect(await workbench.notifications()).toEqual([]);
  });

  test("every token of the text stands there once, and the last one too has its distribution", async () => {
    const frame = await explorePrompt();
    const tokens = frame.locator(".generation-tokens .token[data-position]:not(.end)");
    await until("the whole text", async () => /^And so on, 40 /.test(await frame.locator(".generation h2").innerText()) && (await tokens.count()) === 40);
    // A token of this model has ten letters at most; an array that has not come along would make each the whole text.
    expect((await tokens.allInnerTexts()).filter((text) => text.length > 12)).toEqual([]);
    await tokens.last().click();
    await until("the last token's distribution", async () => (await frame.locator(".pipeline-names text.m").count()) > 5);
    await workbench.screenshot("last-token");
  });

  test("a slider writes to the generation_config.json in sight, and undo takes it back, in the text and in the view", async () => {
    const frame = await explorePrompt();
    const file = path.join(workbench.folder, "generation_config.json");
    await writeFile(file, '{\n  "do_sample": true,\n  "top_p": 0.9\n}\n');
    await workbench.openFile("generation_config.json");
    await frame.getByText("generation_config.json").first().waitFor();
    await until("the file's value", async () => (await slider(frame, "top_p").inputValue()) === "0.9");
    // The editor that was opened may take the keyboard late; each press gives it back to the slider.
    for (let i = 0; i < 10; i++) await slider(frame, "top_p").press("ArrowLeft");
    await until("the value in the text", async () => /"top_p": 0\.8\b/.test(await editorText()));
    await workbench.screenshot("writes");
    expect(await readFile(file, "utf8")).toContain("0.9"); // not saved for the reader
    // Where the machine is slow, ten keys make more than one edit.
    await until("the value before", async () => {
      await workbench.editor.locator(".view-lines").click();
      await workbench.page.keyboard.press("Control+z");
      return /"top_p": 0\.9\b/.test(await editorText());
    });
    await until("the slider back", async () => (await slider(frame, "top_p").inputValue()) === "0.9");
    await workbench.screenshot("undone");
  });

  test("strategies are compared in a panel, on the same prompt", async () => {
    const frame = await explorePrompt();
    await frame.locator(".story h1").waitFor();
    await workbench.runCommand("Lumen: Compare Decoding Strategies");
    const panel = workbench.page.frameLocator(".part.editor iframe.webview.ready, iframe.webview.ready:visible").last().frameLocator("#active-frame");
    await panel.locator('[role="tab"][aria-selected="true"]', { hasText: /compare/i }).waitFor();
    await until("several strategies", async () => /beam/i.test(await panel.locator(".decoding").innerText()));
    await workbench.screenshot("compare");
    await expect.poll(() => workbench.tabs()).toContainEqual(expect.stringContaining("Decoding: prompt.txt"));
  });
});
