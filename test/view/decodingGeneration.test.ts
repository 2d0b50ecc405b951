import { describe, expect, it } from "vitest";
import type { DecodingTrace } from "../../src/core/decoding/trace.js";
import { until } from "../support/until.js";
import { explored, goTo, mocked, token, traced } from "./decodingPage.js";
import { panelOpener, posted, sees } from "./support.js";
import { boxOf } from "../support/boxOf.js";

const open = panelOpener();

describe("the generated text", () => {
  it("stands there whole, tinted by what the model gave each token", async () => {
    const panel = await open(mocked());
    const { text, ids, modelProbability } = explored(panel);
    const shown = await panel.page.locator(".generation-tokens").evaluate((element) => (element.textContent ?? "").replace(/[↵\u200b]/g, ""));
    expect(shown).toBe(text);
    await sees(panel, ".generation h2", `And so on, ${ids.length} tokens`);
    const order = Array.from(modelProbability, (_, i) => i).sort((a, b) => modelProbability[a] - modelProbability[b]);
    const lightness = (i: number) => token(panel, i).evaluate((element) => getComputedStyle(element).backgroundColor.match(/\d+/g)!.slice(0, 3).reduce((sum, each) => sum + Number(each), 0));
    expect(await lightness(order[0])).toBeGreaterThan(await lightness(order.at(-1)!));
  });

  it("goes to a token's distribution by a click and by the player's keys", async () => {
    const panel = await open(mocked());
    await sees(panel, ".player-place", "Token 1 of 20");
    await goTo(panel, 5);
    await sees(panel, ".player-place", "Token 6 of 20");
    await sees(panel, ".picker", "seed 7, draw 6");
    await panel.page.keyboard.press("ArrowRight");
    await sees(panel, ".player-place", "Token 7 of 20");
    await panel.page.keyboard.press("Home");
    await sees(panel, ".player-place", "Token 1 of 20");
    await panel.page.keyboard.press("End");
    await sees(panel, ".player-place", "After token 20");
    await sees(panel, ".picker h2", "Nothing was picked here");
    await panel.page.keyboard.press("Space");
    await until("play to move on", async () => /Token ([2-9]|1\d) of 20/.test((await panel.page.locator(".player-place").textContent()) ?? ""));
    await panel.page.keyboard.press("Space");
  });

  it("branches at another token and goes back to the model's choices", async () => {
    const panel = await open(mocked());
    const before = explored(panel);
    await goTo(panel, 3);
    const other = before.at[3].ids.find((id) => id !== before.ids[3])!;
    const row = before.at[3].ids.indexOf(other);
    const box = await boxOf(panel.page.locator(".pipeline-stages"));
    await panel.page.mouse.click(box.x + 20, box.y + 34 + 17 * row + 8);
    await panel.page.getByRole("button", { name: "Choose it instead" }).click();
    await posted(panel, "run", (post) => post.params.forced === `3:${other}`);
    const { explore: branched } = await traced(panel, "the branch", (trace) => trace.explore?.ids[3] === other);
    expect(Array.from(branched!.ids.slice(0, 3))).toEqual(Array.from(before.ids.slice(0, 3)));
    await sees(panel, ".picker h2", "You chose it:");
    await expect.poll(() => token(panel, 3).getAttribute("class")).toContain("forced");
    await panel.page.getByRole("button", { name: "Back to the model’s choices" }).click();
    const { explore: back } = await traced(panel, "the model's own text", (trace) => trace.explore?.forced[3] === 0);
    expect(Array.from(back!.ids)).toEqual(Array.from(before.ids));
  });

  it("underlines repeated n-grams, and says how often and why it ended", async () => {
    const panel = await open(mocked({ do_sample: false, repetition_penalty: 1, max_new_tokens: 80, prompt: "He went on and on and on and" }));
    const { repeated, metrics } = explored(panel);
    expect(repeated.some((each) => each === 1)).toBe(true);
    await expect.poll(() => panel.page.locator(".token.repeated").count()).toBe(repeated.filter((each) => each === 1).length);
    await sees(panel, ".generation-metrics", `seq-rep-4 ${metrics.seqRep[3]!.toFixed(2)}`);
    await sees(panel, ".generation", "max_new_tokens is reached: 80.");
    await panel.page.getByRole("button", { name: /all \d+ measures/ }).click();
    await sees(panel, ".generation-metrics", "distinct-1");
  });

  it("shows bytes that are no character of their own, and the character at its last byte", async () => {
    const panel = await open(mocked({ max_new_tokens: 5 }));
    const first = panel.trace<DecodingTrace>();
    const ids = Int32Array.of(900001, 900002, 900003, 900004, 900005);
    const pieceIds = Int32Array.of(...first.pieceIds, ...ids);
    const pieces = [...first.pieces, " a", "<0xE4>", "<0xBD>", "<0xA0>", "好"];
    const run = 2_000_000;
    await panel.send({ type: "running", run, params: mocked().params!, edited: false });
    await panel.send({ type: "trace", run, problems: [], trace: { ...first, pieceIds, pieces, explore: { ...first.explore!, ids, text: " a你好", ends: Int32Array.of(2, 2, 2, 3, 4) } } });
    await sees(panel, ".generation-text", "你好");
    await expect.poll(() => panel.page.locator(".token:not(.end)").allTextContents()).toEqual([" a", "E4", "BD", "你", "好"]);
    await expect.poll(() => panel.page.locator(".token.byte").allTextContents()).toEqual(["E4", "BD"]);
    await goTo(panel, 2);
    await sees(panel, ".picker h2", "<0xBD>");
  });

  it("grows while the model is at work; the picture of the place looked at stays until it is reached", async () => {
    const panel = await open(mocked({ max_new_tokens: 30 }));
    await goTo(panel, 8);
    const first = panel.trace<DecodingTrace>();
    const run = 2_000_000;
    const params = { ...mocked().params, temperature: 0.7 };
    const short = (count: number): DecodingTrace => {
      const explore = first.explore!;
      return { ...first, explore: { ...explore, finish: "running", ids: explore.ids.slice(0, count), at: explore.at.slice(0, count + 1), ends: explore.ends.slice(0, count), text: explore.text.slice(0, explore.ends[count - 1]) } };
    };
    const tall = await panel.page.locator(".generation-text").evaluate((element) => element.clientHeight);
    await panel.send({ type: "running", run, params, edited: false });
    await panel.send({ type: "progress", run, fraction: 0.1, message: { text: "Token {0}", args: [3] }, trace: short(3) });
    await sees(panel, ".generation h2", "And so on, 3 tokens");
    await sees(panel, ".picker", "draw 9");
    await expect.poll(() => panel.page.locator(".generation-text").evaluate((element) => element.clientHeight)).toBeGreaterThanOrEqual(tall);
    await panel.send({ type: "progress", run, fraction: 0.4, message: { text: "Token {0}", args: [12] }, trace: short(12) });
    await sees(panel, ".generation h2", "And so on, 12 tokens");
    await sees(panel, ".player-place", "Token 9 of 12");
    await panel.send({ type: "trace", run, trace: first, problems: [] });
    await sees(panel, ".generation h2", "And so on, 30 tokens");
    await sees(panel, ".player-place", "Token 9 of 30");
  });

  it("comes back after a reload where it was left", async () => {
    const panel = await open(mocked());
    await goTo(panel, 4);
    await until("the state", () => panel.state()?.ui.position === 4);
    const again = await open({ ...mocked(), state: panel.state() });
    await sees(again, ".player-place", "Token 5 of 20");
  });
});
