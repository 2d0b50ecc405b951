import type { FrameLocator } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { until } from "../../support/until.js";
import { startWorkbench, type Workbench } from "../harness.js";
import { boxOf } from "../../support/boxOf.js";

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

/** Where the editor's text stands in Lumen's ring, and where on its tints: pixels from the left. */
const marked = async (): Promise<{ readonly ring: readonly string[]; readonly tints: readonly string[] }> => {
  const all = await workbench.page.locator(".editor-instance .view-overlays .cdr").evaluateAll((marks) =>
    marks.map((mark) => {
      const { backgroundColor, outlineStyle } = getComputedStyle(mark);
      return [outlineStyle === "solid" ? "ring" : /^rgba\(30, 138, 130/.test(backgroundColor) ? "tint" : "", (mark as HTMLElement).style.left];
    }),
  );
  const at = (wanted: string) => all.flatMap(([kind, left]) => (kind === wanted ? [left] : [])).sort();
  return { ring: at("ring"), tints: at("tint") };
};

describe("Show Attention", () => {
  test("maps a selected sentence, and pointing at a token marks in the editor what it looks at", async () => {
    await workbench.openFile("attention.txt");
    await workbench.select({ startLine: 1, startColumn: 1, endLine: 1, endColumn: 67 });
    await workbench.rightClick("Lumen", "Show Attention");
    const panel = workbench.panelFrame();
    await panel.locator(".map-heat-box").waitFor();
    await until("a sentence", async () => (await headline(panel)) !== "");
    await expect.poll(() => panel.locator(".head .source").innerText()).toContain("attention.txt");
    await expect.poll(() => panel.locator(".prompt-area").inputValue()).toContain("because he wanted");
    await workbench.screenshot("maps");
    // The last token looks: it stands in a ring, and what it looks at on tints.
    const first = await until("marks in the text", async () => {
      const { ring, tints } = await marked();
      return ring.length === 1 && tints.length > 1 && { ring, tints };
    });

    // A row of the map is a token: pointing at another one marks that one instead.
    const cell = panel.locator(".map-figure g").first().locator("rect").nth((7 * 8) / 2 + 3); // row 7, column 3
    const pointed = await until("another token's marks", async () => {
      const box = await boxOf(cell);
      await workbench.page.mouse.move(box.x + box.width / 2 - 1, box.y + box.height / 2);
      await workbench.page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
      const { ring, tints } = await marked();
      return ring.length === 1 && ring[0] !== first.ring[0] && tints.length > 0 && { ring, tints };
    });
    expect(pointed.tints).not.toEqual(first.tints);
    await workbench.screenshot("pointed");
    await workbench.page.mouse.move(5, 5);
    await until("the first marks again", async () => {
      const { ring, tints } = await marked();
      return ring.join() === first.ring.join() && tints.join() === first.tints.join();
    });

    // The caret chooses a token.
    await workbench.goTo(1, 30);
    await until("the caret's token", async () => (await headline(panel)).includes("because"));
    await until("its ring", async () => (await marked()).ring.join() !== first.ring.join());

    // What is typed is read as soon as it rests, and the token at the caret is that of the new text: the second of two.
    const character = parseFloat(first.ring[0]) / 65;
    await workbench.goTo(1, 1);
    await workbench.type("The ");
    await until("the new text", async () => (await panel.locator(".prompt-area").inputValue()).startsWith("The The king"));
    await until("the second of two equal tokens", async () => (await headline(panel)).includes("(token 2)"));
    await until("the ring behind what was typed", async () => {
      const { ring } = await marked();
      return ring.length === 1 && Math.abs(parseFloat(ring[0]) - 4 * character) < 1;
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
