import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import type { FrameLocator } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { until } from "../../support/until.js";
import { startWorkbench, type Workbench } from "../harness.js";

let workbench: Workbench;

beforeAll(async () => {
  workbench = await startWorkbench({ name: "reach" });
});
afterAll(async () => workbench?.stop());
afterEach(async ({ task }) => {
  if (task.result?.state === "fail") await workbench.picture(`failed-${task.name.replaceAll(/\W+/g, "-")}`);
  await workbench.runCommand("View: Close All Editors").catch(() => undefined);
  expect(workbench.faults).toEqual({ errors: [], refused: [] });
});

/** Waits for a drawn picture and returns its headline. */
async function headline(panel: FrameLocator): Promise<string> {
  const title = panel.locator(".story h1");
  await panel.locator(".stage").first().waitFor();
  await title.waitFor();
  return title.innerText();
}

/** A .npy file of shapeless noise, on which EM goes on for long, by a fixed sequence. */
function noise(rows: number, columns: number): Buffer {
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${rows}, ${columns}), }`.padEnd(117) + "\n";
  const values = new Float32Array(rows * columns);
  let state = 1;
  const uniform = (): number => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
  for (let i = 0; i < values.length; i++) values[i] = uniform() + uniform() + uniform();
  return Buffer.concat([Buffer.from("\x93NUMPY\x01\x00\x76\x00", "latin1"), Buffer.from(header, "latin1"), Buffer.from(values.buffer)]);
}

describe("Lumen is reached", () => {
  test("from the Explorer: a binary file is fitted without an editor", async () => {
    await workbench.runCommand("File: Focus on Files Explorer");
    const row = workbench.page.locator(".explorer-folders-view .monaco-list-row", { hasText: "draws.npy" });
    await workbench.contextMenu(row, "Fit GMM to File");
    const panel = workbench.panelFrame();
    await until("a picture of the file", async () => /\b1,000 of 1,000\b/.test(await panel.locator(".head .rows").innerText()));
    await expect.poll(() => headline(panel)).not.toBe("");
    await expect.poll(() => panel.locator(".head .source").innerText()).toContain("draws.npy");
    await workbench.screenshot("explorer");
  });

  test("from the gallery: a sample opens in an editor and is fitted as its entry says", async () => {
    await workbench.runCommand("Lumen: Show the Samples");
    await workbench.page.locator(".pane-body .monaco-list-row", { hasText: "published" }).first().click();
    const panel = workbench.panelFrame();
    await until("the published stop", async () => (await panel.locator("body").innerText()).includes("published program stopped"));
    await expect.poll(() => workbench.tabs()).toContain("em1d.csv");
    await workbench.screenshot("gallery");
  });

  test("a picture follows the theme, in all four", async () => {
    await workbench.openFile("em1d.csv");
    await workbench.select("all");
    await workbench.rightClick("Lumen", "Fit GMM to Selection");
    const panel = workbench.panelFrame();
    await headline(panel);
    const drawn = new Set<string>();
    for (const [name, theme, kind] of [
      ["light", "Light Modern", "vscode-light"],
      ["hc-dark", "Default High Contrast", "vscode-high-contrast"],
      ["hc-light", "Default High Contrast Light", "vscode-high-contrast-light"],
      ["dark", "Dark Modern", "vscode-dark"],
    ]) {
      await mkdir(path.join(workbench.folder, ".vscode"), { recursive: true });
      await writeFile(path.join(workbench.folder, ".vscode", "settings.json"), JSON.stringify({ "workbench.colorTheme": theme }));
      await panel.locator(`body[data-vscode-theme-kind="${kind}"]`).waitFor({ state: "attached" });
      // Component A's letter stands in its own colour, another in each theme.
      const colour = await until(`the colours of ${theme}`, async () => {
        const found = await panel.locator(".story .lede b").first().evaluate((letter) => getComputedStyle(letter).color);
        return !drawn.has(found) && found;
      });
      drawn.add(colour);
      await workbench.screenshot(`theme-${name}`);
    }
  });

  test("rows are coloured in the editor, and a cancelled run leaves Lumen at work", async () => {
    await workbench.openFile("em1d.csv");
    await workbench.select("all");
    await workbench.rightClick("Lumen", "Fit GMM to Selection");
    await headline(workbench.panelFrame());
    await workbench.runCommand("Lumen: Colour Rows by Component");
    const bars = workbench.page.locator(".monaco-editor .glyph-margin-widgets [class*=ced], .monaco-editor .margin-view-overlays [class*=ced]");
    await bars.first().waitFor({ state: "attached" });
    await workbench.screenshot("coloured-rows");
    await workbench.runCommand("View: Close All Editors");

    await writeFile(path.join(workbench.folder, "many.npy"), noise(400_000, 40));
    await workbench.runCommand("File: Focus on Files Explorer");
    const row = workbench.page.locator(".explorer-folders-view .monaco-list-row", { hasText: "many.npy" });
    await row.waitFor();
    await workbench.contextMenu(row, "Fit GMM to File");
    const panel = workbench.panelFrame();
    const cancel = panel.locator(".story").getByText("Cancel", { exact: true });
    // Not a click of the pointer, which waits for a quiet moment that a quick machine's run may not have.
    await cancel.dispatchEvent("click");
    await panel.locator("h1, .chip", { hasText: /cancelled/i }).first().waitFor();
    await workbench.screenshot("cancelled");
    await expect.poll(async () => (await panel.locator("body").innerText()).trim()).not.toBe("");
    await workbench.contextMenu(workbench.page.locator(".explorer-folders-view .monaco-list-row", { hasText: "draws.npy" }), "Fit GMM to File");
    await until("the next run", async () => (await workbench.tabs()).some((tab) => tab.includes("draws.npy")));
    await until("its picture", async () => /1,000 of 1,000/.test(await workbench.panelFrame().locator(".head .rows").innerText()));
  });

  test("Show Diagnostics says what is calculated with, and how fast", async () => {
    await workbench.runCommand("Lumen: Show Diagnostics");
    // Only lines in view can be read.
    await workbench.runCommand("View: Toggle Maximized Panel");
    const lines = workbench.page.locator(".output-view .view-lines, [id='workbench.panel.output'] .view-lines").first();
    // The editor writes blanks that do not break.
    const text = async () => (await lines.innerText()).replaceAll("\u00a0", " ");
    await until("the kernels", async () => /kernels: (relaxed|simd) \(lumen\.kernels: auto\)/.test(await text()));
    await until("a time of each topic", async () => (await text()).match(/: \d+\.\d{3} ms, TypeScript \d+\.\d{3} ms/g)?.length === 8);
    await until("the helpers", async () => /helper threads: /.test(await text()));
    await workbench.screenshot("diagnostics");
    await workbench.runCommand("View: Toggle Maximized Panel");
  });
});
