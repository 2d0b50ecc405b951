import type { FrameLocator } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { until } from "../../support/until.js";
import { startWorkbench, type Workbench } from "../harness.js";

let workbench: Workbench;

beforeAll(async () => {
  workbench = await startWorkbench({ name: "attention", theme: "light", viewport: { width: 1600, height: 1000 } });
});
afterAll(async () => workbench?.stop());
afterEach(async ({ task }) => {
  if (task.result?.state === "fail") await workbench.picture(`failed-${task.name.replaceAll(/\W+/g, "-")}`);
  await workbench.runCommand("View: Close All Editors").catch(() => undefined);
  expect(workbench.faults).toEqual({ errors: [], refused: [] });
});

const headline = (panel: FrameLocator): Promise<string> => panel.locator(".story h1").innerText();

/** Pieces of the editor's text on a tint of Lumen's, or in its ring. */
const marked = (what: "tint" | "ring"): Promise<number> =>
  workbench.page.locator(".editor-instance .view-overlays .cdr").evaluateAll(
    (marks, wanted) =>
      marks.filter((mark) => {
        const { backgroundColor, outlineStyle } = getComputedStyle(mark);
        return wanted === "ring" ? outlineStyle === "solid" : /^rgba\(30, 138, 130/.test(backgroundColor);
      }).length,
    what,
  );

describe("Show Attention", () => {
  test("maps a selected sentence, and pointing at a token marks in the editor what it looks at", async () => {
    await workbench.openFile("attention.txt");
    await workbench.select({ startLine: 1, startColumn: 1, endLine: 3, endColumn: 17 });
    await workbench.rightClick("Lumen", "Show Attention");
    const panel = workbench.panelFrame();
    await panel.locator(".map-heat-box").waitFor();
    await until("a sentence", async () => (await headline(panel)) !== "");
    await expect.poll(() => panel.locator(".head .source").innerText()).toContain("attention.txt");
    await expect.poll(() => panel.locator(".prompt-area").inputValue()).toContain("because the snow");
    await workbench.screenshot("maps");
    expect(await marked("tint")).toBe(0);

    // A row of the map is a token: the keyboard walks there, and what it looks at is tinted where it stands in the text.
    const canvas = panel.locator(".map-heat-box canvas").first();
    await until("tints in the text", async () => {
      const box = (await canvas.boundingBox())!;
      await workbench.page.mouse.move(box.x + box.width * 0.45, box.y + box.height * 0.86);
      await workbench.page.mouse.move(box.x + box.width * 0.45, box.y + box.height * 0.85);
      return (await marked("tint")) > 0;
    });
    await workbench.screenshot("pointed");
    await workbench.page.mouse.move(5, 5);
    await until("no tints any more", async () => (await marked("tint")) === 0);

    // The caret chooses a token.
    const before = await headline(panel);
    await workbench.goTo(2, 14);
    await until("the caret's token", async () => {
      const now = await headline(panel);
      return now !== before && now.includes("snow");
    });
    expect(await workbench.notifications()).toEqual([]);
    await workbench.screenshot("caret");
  });

  test("counts the cost of a model at a click on the line above its config.json", async () => {
    await workbench.openFile("gpt2-config.json");
    await workbench.page.locator(".codelens-decoration a", { hasText: "Show cost" }).first().click();
    const panel = workbench.panelFrame();
    await panel.locator('#attention-tab-cost[aria-selected="true"]').waitFor();
    await until("the parameters", async () => /124[,.]4/.test(await panel.locator("#attention-panel").innerText()));
    await workbench.screenshot("cost");
  });
});
