import { describe, expect, test } from "vitest";
import type { ComparePart, DecodingTrace } from "../../src/core/decoding/trace.js";
import type { Values } from "../../src/core/protocol.js";
import { until } from "../support/until.js";
import { mocked, traced } from "./decodingPage.js";
import type { OpenOptions, Panel } from "./harness.js";
import { madeRun, panelOpener, posted, say, sees } from "./support.js";
import { themeNames } from "./themes.js";

const open = panelOpener();
const compare = (params: Values = {}, options: OpenOptions = {}): OpenOptions => mocked({ tab: "compare", max_new_tokens: 30, samples: 2, ...params }, { width: 736, ...options });
const rows = ".compare-rows > .compare-row:not(.compare-head)";
const list = (...strategies: readonly { readonly name: string; readonly config: object }[]): string => JSON.stringify(strategies);
const greedy = { name: "greedy", config: { do_sample: false } };
const drawn = { name: "drawn", config: { do_sample: true, top_p: 0.9 } };

function compared(panel: Panel): ComparePart {
  const { compare: part } = panel.trace<DecodingTrace>();
  if (!part) throw new Error("The trace compares nothing.");
  return part;
}

/** 1 − different n-grams / n-grams, counted afresh. */
function seqRep(ids: ArrayLike<number>, n: number): number {
  const grams = Array.from({ length: ids.length - n + 1 }, (_, i) => Array.from(ids).slice(i, i + n).join());
  return 1 - new Set(grams).size / grams.length;
}

describe("compared strategies", () => {
  test("stand with their texts and numbers beside one another", async () => {
    const panel = await open(compare());
    const { strategies } = compared(panel);
    expect(strategies.map(({ name }) => name)).toEqual(["greedy", "beam search", "contrastive", "nucleus"]);
    await expect.poll(() => panel.page.locator(`${rows} .compare-name b`).allTextContents()).toEqual(strategies.map(({ name }) => name));
    await expect.poll(() => panel.page.locator(".compare-params").allTextContents()).toEqual(["do_sample false", "num_beams 3, no_repeat_ngram_size 3", "penalty_alpha 0.6, top_k 4", "top_p 0.9, temperature 0.8"]);
    await expect.poll(() => panel.page.locator(".compare-head [role=columnheader]").allTextContents()).toEqual(["", "", "seq-rep-1", "seq-rep-4", "distinct-2", "perplexity"]);
    for (const [i, { ids, text, modelProbability }] of strategies.entries()) {
      const row = panel.page.locator(rows).nth(i);
      await expect.poll(() => row.locator(".compare-text > span").first().textContent()).toBe(text.trimStart());
      const nll = Array.from(modelProbability, (p) => -Math.log(p)).reduce((sum, each) => sum + each, 0) / ids.length;
      await expect.poll(() => row.locator(".compare-figure").allTextContents()).toEqual([seqRep(ids, 1).toFixed(2), seqRep(ids, 4).toFixed(2), (1 - seqRep(ids, 2)).toFixed(2), Math.exp(nll).toFixed(1)]);
    }
  });

  test("have repeated n-grams underlined, and tokens tinted by what the model gave them", async () => {
    const panel = await open(compare({ ngram: 2, strategies: list(greedy) }));
    const [{ repeated, modelProbability }] = compared(panel).strategies;
    const tokens = panel.page.locator(`${rows} .shown-token`);
    const underlined = await tokens.evaluateAll((spans) => spans.map((span) => (getComputedStyle(span).textDecorationStyle === "wavy" ? 1 : 0)));
    expect(underlined).toEqual(Array.from(repeated));
    expect(underlined).toContain(1);
    await sees(panel, ".compare-legend", "part of a repeated 2-gram");
    const light = await tokens.evaluateAll((spans) => spans.map((span) => (getComputedStyle(span).backgroundColor.match(/\d+/g) ?? []).slice(0, 3).reduce((sum, each) => sum + Number(each), 0)));
    const order = Array.from(modelProbability, (_, i) => i).sort((a, b) => modelProbability[a] - modelProbability[b]);
    expect(light[order[0]]).toBeGreaterThan(light[order.at(-1)!]);
  });

  test("are changed by name and JSON; what is wrong is said and not run", async () => {
    const panel = await open(compare({ strategies: list(greedy, drawn) }));
    await panel.page.getByRole("button", { name: "Edit drawn" }).click();
    const json = panel.page.getByRole("textbox", { name: "Parameters as JSON" });
    await until("the field of the name", () => panel.page.evaluate(() => document.activeElement?.getAttribute("aria-label") === "Name"));
    const before = panel.posts.length;
    await json.fill('{\n "top_p": 0.9,,\n}');
    await sees(panel, ".compare-problem", "This is not valid JSON (line 2, column 15).");
    await json.fill('{"topp": 0.9}');
    await sees(panel, ".compare-problem", "There is no parameter topp. Did you mean top_p?");
    await json.fill('{"top_p": 2}');
    await sees(panel, ".compare-problem", "top_p must be from 0 to 1, not 2.");
    await json.fill("[1]");
    await sees(panel, ".compare-problem", "The parameters must be a JSON object.");
    await json.press("Control+Enter");
    expect(panel.posts.slice(before).filter(({ type }) => type === "run")).toEqual([]);
    await json.fill('{"do_sample": true, "top_k": 3}');
    await panel.page.getByRole("textbox", { name: "Name", exact: true }).fill("three");
    await json.press("Control+Enter");
    await posted(panel, "run", ({ params }) => params.strategies === list(greedy, { name: "three", config: { do_sample: true, top_k: 3 } }));
    await traced(panel, "the new strategy", (trace) => trace.compare?.strategies[1]?.name === "three");
    await sees(panel, `${rows} >> nth=1`, "top_k 3");
    await expect.poll(() => json.isVisible()).toBe(false);
  });

  test("are added, removed and set back, six at most", async () => {
    const panel = await open(compare({ strategies: list(greedy, drawn, { ...drawn, name: "c" }, { ...drawn, name: "d" }, { ...drawn, name: "e" }) }));
    await panel.page.getByRole("button", { name: "Add a strategy" }).click();
    await panel.page.getByRole("textbox", { name: "Name", exact: true }).fill("sixth");
    await panel.page.getByRole("button", { name: "Save" }).click();
    await traced(panel, "the sixth", (trace) => trace.compare?.strategies.length === 6);
    await until("no more to add", async () => !(await panel.page.getByRole("button", { name: "Add a strategy" }).isVisible()));
    await panel.page.getByRole("button", { name: "Remove greedy" }).click();
    await traced(panel, "five", (trace) => trace.compare?.strategies.length === 5 && trace.compare.strategies[0].name === "drawn");
    await panel.page.getByRole("button", { name: "Back to Lumen's four" }).click();
    await posted(panel, "run", ({ params }) => params.strategies === "");
    await traced(panel, "the four", (trace) => trace.compare?.strategies.length === 4);
    await until("four rows", async () => (await panel.page.locator(rows).count()) === 4);
  });

  test("go on when one of them can't run", async () => {
    const panel = await open(compare({ strategies: list({ name: "odd", config: { num_beams: 4, num_beam_groups: 3 } }, greedy) }));
    await sees(panel, `${rows} >> nth=0`, "num_beams (4) must be a multiple of num_beam_groups (3).");
    const [, { text }] = compared(panel).strategies;
    await sees(panel, `${rows} >> nth=1`, text.trim().slice(0, 12));
    await expect.poll(() => panel.page.locator(rows).nth(0).locator(".compare-figure").first().textContent()).toBe("\u2013");
  });

  test("come row by row", async () => {
    const done = await open(compare({ strategies: list(greedy, drawn) }));
    const whole = done.trace<DecodingTrace>();
    const panel = await open(compare({ strategies: list(greedy, drawn) }, { live: false }));
    const run = madeRun();
    const [first, second] = whole.compare!.strategies;
    const part: ComparePart = { ...whole.compare!, strategies: [first, { ...second, ids: new Int32Array(0), modelProbability: new Float64Array(0), repeated: new Uint8Array(0), text: "", ends: new Int32Array(0), finish: "running" }] };
    await panel.send({ type: "running", run, params: { ...compare().params, strategies: list(greedy, drawn) }, edited: false });
    await panel.send({ type: "progress", run, fraction: 0.5, message: say("half"), trace: { ...whole, compare: part } });
    await sees(panel, `${rows} >> nth=0`, first.text.trim().slice(0, 12));
    await sees(panel, `${rows} >> nth=1`, "waiting");
    await panel.send({ type: "trace", run, trace: whole, problems: [] });
    await sees(panel, `${rows} >> nth=1`, second.text.trim().slice(0, 12));
  });

  test("tell how alike their texts of one prompt and of other prompts are", async () => {
    const panel = await open(compare({ strategies: list(greedy, drawn) }));
    await until("greedy's likeness", async () => (await panel.page.locator(".likeness-row").first().locator(".figure").textContent()) === "1.00");
    await sees(panel, ".likeness", "Write other prompts below");
    const box = panel.page.getByRole("textbox", { name: "Other prompts, one a line" });
    await box.fill("Once upon a time\n\nThe wolf said\n");
    await panel.page.getByRole("button", { name: "Compare their texts" }).click();
    await posted(panel, "run", ({ params }) => params.prompts === "Once upon a time\nThe wolf said");
    const { compare: part } = await traced(panel, "texts of the other prompts", (trace) => trace.compare?.prompts.length === 2 && trace.compare.strategies.every(({ otherPrompts }) => otherPrompts.likeness !== null));
    const figures = panel.page.locator(".likeness-row").first().locator(".figure");
    await until("both numbers", async () => (await figures.count()) === 2);
    const [{ samePrompt, otherPrompts }] = part!.strategies;
    await expect.poll(() => figures.allTextContents()).toEqual([samePrompt.likeness!.toFixed(2), otherPrompts.likeness!.toFixed(2)]);
    await panel.page.locator(".likeness summary").first().click();
    await expect.poll(() => panel.page.locator(".likeness details").first().locator("li").allTextContents()).toEqual([...samePrompt.texts, ...otherPrompts.texts]);
  });

  test("have all numbers in the table twin and the files", async () => {
    const panel = await open(compare({ strategies: list(greedy, drawn) }));
    await panel.page.locator(".compare-actions button").first().focus();
    await panel.page.keyboard.press("t");
    const table = panel.page.locator(".decoding-compare .decoding-twin tbody tr");
    await until("the table", async () => (await table.count()) > 10);
    const names = await table.locator("th").allTextContents();
    for (const name of ["seq-rep-1", "seq-rep-2", "seq-rep-3", "seq-rep-4", "distinct-1", "distinct-2", "distinct-3", "distinct-4", "diversity", "uniq-seq", "rep", "wrep", "perplexity"]) expect(names).toContain(name);
    const save = async (name: string): Promise<string> => {
      const from = panel.posts.length;
      await panel.page.getByRole("button", { name: "Export" }).click();
      await panel.page.getByRole("menuitem", { name }).click();
      return String((await posted(panel, "save", () => true, from)).data);
    };
    const csv = (await save("Compared strategies (CSV)")).split("\n");
    expect(csv[0]).toContain("strategy,parameters,tokens,seq-rep-1");
    expect(csv[1]).toMatch(/^greedy,do_sample false,30,/);
    const part = compared(panel);
    expect((await save("Tokens of all texts (CSV)")).trim().split("\n").length).toBeGreaterThan(part.strategies[0].ids.length);
    const picture = await save("Picture (SVG)");
    for (const text of ["greedy", "drawn", "seq-rep-4"]) expect(picture).toContain(`>${text}<`);
    const json = JSON.parse(await save("Compared strategies (JSON)")) as ComparePart;
    expect(json.strategies[0].ids).toEqual(Array.from(part.strategies[0].ids));
  });

  test("show more numbers where there is room, and the names with them where there is little", async () => {
    const panel = await open(compare({ strategies: list(greedy, drawn) }, { width: 1100 }));
    await expect.poll(() => panel.page.locator(".compare-head [role=columnheader]").count()).toBeGreaterThan(7);
    await panel.page.setViewportSize({ width: 320, height: 900 });
    await until("stacked rows", async () => (await panel.page.locator(".decoding-compare.stacked").count()) === 1);
    await expect.poll(() => panel.page.locator(rows).first().locator(".compare-title").allInnerTexts()).toContain("seq-rep-4");
  });

  test.each(themeNames)("fits from 300 to 1100 pixels in %s", async (theme) => {
    for (const width of [300, 736]) {
      const panel = await open(compare({}, { theme, width }));
      await panel.fullScreenshot(`decoding-compare-${theme}-${width}`);
      for (const other of [width, 1.5 * width]) {
        await panel.page.setViewportSize({ width: other, height: 900 });
        await panel.drawn();
        const { wide, inner } = await panel.page.evaluate(() => ({ wide: document.documentElement.scrollWidth, inner: window.innerWidth }));
        expect(wide, `${other} px`).toBeLessThanOrEqual(inner);
      }
    }
  });
});
