import { describe, expect, it } from "vitest";
import type { AttentionTrace } from "../../src/core/attention/trace.js";
import { until } from "../support/until.js";
import type { OpenOptions, Panel } from "./harness.js";
import { panelOpener, posted, sees } from "./support.js";

const open = panelOpener();
const opened = (params: OpenOptions["params"], options: OpenOptions = {}): OpenOptions => ({ text: { name: "note.txt", text: "A note.\n" }, explainer: "attention", width: 736, height: 1500, params, ...options });

/** Waits for a trace that fits, and until it is drawn. */
async function traced(panel: Panel, what: string, fits: (trace: AttentionTrace) => boolean): Promise<AttentionTrace> {
  const trace = await until(what, () => {
    const last = panel.outcomes.filter((outcome) => outcome.type === "trace").at(-1)?.trace as AttentionTrace | undefined;
    return last && fits(last) ? last : undefined;
  });
  await panel.drawn();
  return trace;
}

/** Waits until labels in a picture say it: those have no inner text. */
async function labelled(panel: Panel, selector: string, text: RegExp): Promise<void> {
  await until(`${text} in ${selector}`, async () => text.test((await panel.page.locator(selector).allTextContents()).join("\n")));
}

/** Everything in the panel is within its width. */
async function expectWithin(panel: Panel): Promise<void> {
  const [scroll, client] = await panel.page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
  expect(scroll).toBeLessThanOrEqual(client);
}

describe("the Position tab", () => {
  it("says what interpolation makes of a position, follows its sliders, and shows each number's formula", async () => {
    const panel = await open(opened({ tab: "position", position: 10000 }));
    await sees(panel, ".story", "16,384 positions on 2048: position 10,000 becomes 1250");
    await labelled(panel, ".curve-label", /NTK-aware/);
    expect(await panel.page.locator(".clock").count()).toBeGreaterThan(5);
    await panel.screenshot("attention-position-light");
    await panel.fullScreenshot("attention-position");
    await sees(panel, ".position-said", "positions 10,000 and 4 score");

    await panel.page.locator('input[data-name="position"]').fill("0");
    await traced(panel, "position 0", ({ position }) => position?.position === 0);
    await sees(panel, ".story", "position 0 becomes 0");
    await panel.page.locator('input[data-name="other"]').fill("12");
    await sees(panel, ".position-said", "positions 0 and 12 score");

    await panel.page.locator(".code-heat").focus();
    const before = await panel.page.locator(".code-heat").getAttribute("aria-label");
    await panel.page.keyboard.press("ArrowRight");
    await until("the next cell", async () => (await panel.page.locator(".code-heat").getAttribute("aria-label")) !== before);
    await panel.page.locator('[data-value="learned"]').click();
    await sees(panel, ".attention-position", "The built-in model has learned 256 positions");
    await panel.page.locator('[data-value="alibi"]').click();
    await sees(panel, ".attention-position", "a key’s score falls with its distance");
    await panel.screenshot("attention-position-alibi");

    await panel.page.locator(".clocks").focus();
    await panel.page.keyboard.press("ArrowRight");
    await until("the next pair", async () => panel.state()?.ui.positionPair !== undefined);
    await panel.page.keyboard.press("t");
    await sees(panel, ".position-tables caption", "Rotated pairs");
    await expectWithin(panel);
  });
});

describe("the Cost tab", () => {
  it("shows curves, crossings and counts of any known model, and measures this machine when asked", async () => {
    const panel = await open(opened({ tab: "cost", shape: "gpt2" }, { height: 1700 }));
    await sees(panel, ".story", "From 66 tokens on, linear attention takes fewer operations a token");
    await sees(panel, ".story", "GPT-2 has 124,439,808 parameters");
    await sees(panel, ".cost-facts", "1.99 GB … 2.49 GB");
    await panel.screenshot("attention-cost-light");
    await panel.fullScreenshot("attention-cost");
    await panel.page.locator(".cost-tools select").selectOption("Llama-3.1-8B");
    await traced(panel, "another model", ({ cost }) => cost?.parameters === 8_030_261_248);
    await sees(panel, ".story", "8,030,261,248 parameters");
    await panel.page.locator('input[data-name="sequence_length"]').fill("0");
    await traced(panel, "one token", ({ cost }) => cost?.length === 1);

    await panel.page.locator(".cost-measure-line vscode-button").click();
    expect((await posted(panel, "ask")).question).toMatchObject({ kind: "costTimes", headSize: 128 });
    await sees(panel, ".cost-times", "Measure again");
    await labelled(panel, ".cost-times .curve-label", /full .+s/);
    expect(await panel.page.locator(".cost-times .curve-dot").count()).toBe(21);
    await panel.page.keyboard.press("t");
    await sees(panel, ".cost-tables caption", "Where curves cross");
    await panel.fullScreenshot("attention-cost-measured");
    await expectWithin(panel);
  });

  it("fits the side bar", async () => {
    for (const tab of ["position", "cost"]) {
      const panel = await open(opened({ tab }, { width: 300, height: 1400, theme: "dark" }));
      await panel.page.locator(tab === "cost" ? ".cost-bars" : ".clocks").waitFor();
      await panel.fullScreenshot(`attention-${tab}-narrow`);
      await expectWithin(panel);
    }
  });
});
