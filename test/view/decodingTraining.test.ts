import { describe, expect, test } from "vitest";
import type { DecodingTrace, TrainingPart } from "../../src/core/decoding/trace.js";
import type { Values } from "../../src/core/protocol.js";
import { until } from "../support/until.js";
import { mocked } from "./decodingPage.js";
import type { OpenOptions, Panel } from "./harness.js";
import { panelOpener, posted, sees } from "./support.js";
import { themeNames } from "./themes.js";

const open = panelOpener();
const minus = "\u2212";
/** Greedy search on this prompt repeats itself. */
const training = (params: Values = {}, options: OpenOptions = {}): OpenOptions =>
  mocked({ tab: "training", do_sample: false, repetition_penalty: 1, max_new_tokens: 40, ngram: 3, ...params }, { width: 736, ...options });

function trained(panel: Panel): TrainingPart {
  const { training: part } = panel.trace<DecodingTrace>();
  if (!part) throw new Error("The trace has nothing of training.");
  return part;
}

const shown = (v: number, digits: number): string => v.toFixed(digits).replace("-", minus);
const signed = (v: number, digits: number): string => (Number(v.toFixed(digits)) === 0 ? `±${shown(0, digits)}` : `${v > 0 ? "+" : ""}${shown(v, digits)}`);
const token = (panel: Panel, place: number) => panel.page.locator(`.training-text [data-token="${place}"]`);
const formulas = async (panel: Panel): Promise<string> => ((await panel.page.locator(".training-loss .decoding-formula").first().textContent()) ?? "").replace(/-/g, minus);

/** The gradients that the bars show: the token itself, then the largest. */
async function gradients(panel: Panel): Promise<string[]> {
  return panel.page.locator(".training-gradients").evaluate((bars) => Array.from(bars.querySelectorAll("text[text-anchor=end]"), (text) => text.textContent ?? "").filter((text) => /\d\.\d{4}$/.test(text)));
}

async function choose(panel: Panel, place: number): Promise<void> {
  await token(panel, place).click();
  await sees(panel, ".training-loss h2", `token ${place + 1}`);
}

describe("unlikelihood", () => {
  test("shows what each token costs, and the sum for one with its numbers", async () => {
    const panel = await open(training());
    const part = trained(panel);
    const places = Array.from(part.ids.keys()).filter((t) => !Number.isNaN(part.likelihood[t]));
    const total = places.reduce((sum, t) => sum + part.likelihood[t] + part.unlikelihood[t], 0);
    await sees(panel, ".decoding-training > .decoding-sentence", `Over ${places.length} tokens ${minus}log p and α = 1.00 times unlikelihood sum to ${total.toFixed(2)}`);
    await expect.poll(() => panel.page.locator(".training-text").textContent()).toBe(part.text.replace(/\n/g, "↵\n"));
    const place = part.promptLength + 3;
    await choose(panel, place);
    const [cost, term] = [part.likelihood[place], part.unlikelihood[place]];
    await expect.poll(async () => (await formulas(panel)).endsWith(`${shown(cost, 3)}+1⋅${shown(term, 3)}=${shown(cost + term, 3)}`)).toBe(true);
    const before = new Set(Array.from(part.ids.slice(0, place)).filter((id) => id !== part.ids[place]));
    await sees(panel, ".training-loss .decoding-sentence", `${before.size} tokens that stand before it are pushed down`);
    const marked = await panel.page.locator(".training-text .candidate").evaluateAll((tokens) => tokens.map((each) => Number((each as HTMLElement).dataset.token)));
    expect(marked).toEqual(Array.from({ length: place }, (_, t) => t).filter((t) => part.ids[t] !== part.ids[place]));
  });

  test("shows the gradients on the logits, at token and at sequence level", async () => {
    const panel = await open(training());
    const part = trained(panel);
    const repeated = part.sequenceMask.indexOf(1);
    expect(repeated).toBeGreaterThan(part.promptLength);
    await choose(panel, repeated);
    const at = part.gradients[repeated];
    const self = at.ids.indexOf(part.ids[repeated]);
    await expect.poll(async () => (await gradients(panel))[0]).toBe(signed(at.token[self], 4));
    expect(at.token[self]).toBeLessThan(0);
    await panel.page.getByRole("radio", { name: "sequence level" }).click();
    await sees(panel, ".training-loss .decoding-sentence", "it is pushed down, everything else up");
    // The gradient of −log(1 − p) on the token's own logit is p.
    const p = Math.exp(-part.likelihood[repeated]);
    await until("the gradient of the sequence level", async () => (await gradients(panel))[0] === signed(p, 4));
    await expect.poll(async () => (await formulas(panel)).endsWith(shown(-Math.log(1 - p), 3))).toBe(true);
    await choose(panel, part.promptLength);
    await sees(panel, ".training-loss .decoding-sentence", "nothing is pushed here");
    await expect.poll(() => panel.page.locator(".training-gradients").isVisible()).toBe(false);
  });

  test("is walked through by keys, from the first token, which nothing predicts", async () => {
    const panel = await open(training());
    const bars = panel.page.locator(".training-bars");
    await bars.focus();
    await bars.press("Home");
    await sees(panel, ".training-loss .decoding-sentence", "The model predicts nothing here");
    await bars.press("ArrowRight");
    await sees(panel, ".training-loss h2", "token 2");
    await bars.press("End");
    await sees(panel, ".training-loss h2", `token ${trained(panel).ids.length}`);
  });

  test("has every token in the table twin and the files", async () => {
    const panel = await open(training());
    const part = trained(panel);
    await panel.page.locator(".training-bars").focus();
    await panel.page.keyboard.press("t");
    const rows = panel.page.locator(".decoding-training .decoding-twin tbody tr");
    await until("the table", async () => (await rows.count()) === part.ids.length);
    const cells = await rows.nth(5).locator("td").allTextContents();
    expect(cells.slice(1, 3)).toEqual([shown(part.likelihood[5], 3), shown(part.unlikelihood[5], 3)]);
    const save = async (name: string): Promise<string> => {
      const from = panel.posts.length;
      await panel.page.getByRole("button", { name: "Export" }).click();
      await panel.page.getByRole("menuitem", { name }).click();
      return String((await posted(panel, "save", () => true, from)).data);
    };
    expect((await save("Gradients (CSV)")).split("\n")[0]).toBe("place,id,token,gradient_token_level,gradient_sequence_level");
    expect(await save("Losses by token (CSV)")).toContain("sequence_unlikelihood");
    expect(await save("Picture (SVG)")).toContain("data:image/png;base64");
    expect((JSON.parse(await save("Training and after (JSON)")) as TrainingPart).ids).toEqual(Array.from(part.ids));
  });
});

describe("SimCTG", () => {
  test("shows the similarities before and after, with the losses", async () => {
    const panel = await open(training());
    const { contrastive, ids } = trained(panel);
    const titles = await panel.page.locator(".training-pair h3").allTextContents();
    expect(titles).toEqual([`before: loss ${shown(contrastive!.lossBefore, 3)}`, `after: loss ${shown(contrastive!.lossAfter, 3)}`]);
    const map = panel.page.locator(".training-pair svg").first();
    await map.focus();
    for (const key of ["ArrowDown", "ArrowDown", "ArrowDown", "ArrowRight"]) await map.press(key);
    const at = 3 * ids.length + 1;
    await sees(panel, ".training-maps", `${shown(contrastive!.before[at], 3)} before, ${shown(contrastive!.after[at], 3)} after`);
    // The same pair is ringed in both.
    await expect.poll(() => panel.page.locator(".training-pair rect[stroke-width='2']").count()).toBe(2);
  });

  test("says where a source has no hidden states", async () => {
    const text = "The cat sat on the mat. The dog sat on the mat. The cat saw the dog. ".repeat(20);
    const panel = await open({ ...training({ source: "words", prompt: "The cat sat" }), text: { name: "cats.txt", text } });
    await sees(panel, ".training-maps", "This source has no hidden states");
    await expect.poll(() => panel.page.locator(".training-pair").isVisible()).toBe(false);
  });
});

describe("filters behind the model", () => {
  test("strike out what they remove, say why, and give what is left", async () => {
    const panel = await open(training({ prompt: "He saw the king. He saw the king. Then" }));
    const { filters, text } = trained(panel);
    const working = filters.filter(({ removed }) => removed.length > 0);
    expect(working.length).toBeGreaterThan(0);
    const blocks = panel.page.locator(".filter:has(del)");
    await expect.poll(() => blocks.count()).toBe(working.length);
    for (const [i, { removed, text: left }] of working.entries()) {
      await expect.poll(() => blocks.nth(i).locator("del").allTextContents()).toEqual(removed.map(({ start, end }) => text.slice(start, end)));
      await expect.poll(() => blocks.nth(i).locator("del").first().getAttribute("title")).not.toBe("");
      await expect.poll(() => blocks.nth(i).locator("li").count()).toBe(removed.length);
      // What stands there without what is struck is the result.
      await expect.poll(() => blocks.nth(i).locator(".filter-text").evaluate((block) => Array.from(block.childNodes, (node) => (node.nodeName === "DEL" ? "" : node.textContent)).join(""))).toBe(left);
      const from = panel.posts.length;
      await blocks.nth(i).getByRole("button").click();
      expect((await posted(panel, "copy", () => true, from)).text).toBe(left);
    }
  });
});

describe("the training tab", () => {
  test.each(themeNames)("fits from 300 to 1100 pixels in %s", async (theme) => {
    for (const width of [300, 736]) {
      const panel = await open(training({}, { theme, width }));
      await panel.fullScreenshot(`decoding-training-${theme}-${width}`);
      for (const other of [width, 1.5 * width]) {
        await panel.page.setViewportSize({ width: other, height: 900 });
        await panel.drawn();
        const { wide, inner } = await panel.page.evaluate(() => ({ wide: document.documentElement.scrollWidth, inner: window.innerWidth }));
        expect(wide, `${other} px`).toBeLessThanOrEqual(inner);
      }
    }
  });
});
