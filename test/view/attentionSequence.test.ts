import { describe, expect, it } from "vitest";
import type { AttentionTrace, SequencePart } from "../../src/core/attention/trace.js";
import { until } from "../support/until.js";
import { reading, traced } from "./attentionPage.js";
import type { OpenOptions, Panel } from "./harness.js";
import { panelOpener, pointsAt, posted, sees } from "./support.js";
import { themeNames } from "./themes.js";
import { boxOf } from "../support/boxOf.js";

const open = panelOpener();
const sequence = (options: OpenOptions = {}): OpenOptions => reading({ width: 900, ...options, params: { tab: "sequence", ...options.params } });
const parted = (panel: Panel, what: string, fits: (part: SequencePart) => boolean): Promise<AttentionTrace> => traced(panel, what, (trace) => trace.sequence !== undefined && fits(trace.sequence));
const figure = (panel: Panel) => panel.page.locator(".sequence-figure svg");
const outputs = (panel: Panel) => panel.page.locator(".sequence-outputs dd .mono").allInnerTexts();

describe("sequence to sequence", () => {
  it("holds one fixed context against attention, step by step, with the numbers of a cell", async () => {
    const panel = await open(sequence());
    const { sequence: part } = await parted(panel, "the sample", ({ task }) => task === "dates");
    await sees(panel, "h1", "Attention gets “2 november 1987” right; one fixed context makes 1987-11-20 of it");
    expect(await outputs(panel)).toEqual(["1987-11-02", "1987-11-02", "1987-11-20"]);
    expect((await panel.page.locator(".sequence-outputs .wrong").allInnerTexts()).join("")).toBe("20");
    // The text of the editor is not what is translated.
    expect(await panel.page.getByRole("textbox", { name: "Text", exact: true }).isVisible()).toBe(false);
    const made = () => figure(panel).locator("[data-step]").evaluateAll((texts) => new Set(texts.map((text) => text.getAttribute("data-step"))).size);
    await expect.poll(made).toBe(11);
    await panel.step(3);
    await expect.poll(made).toBe(4);
    await sees(panel, ".player-place", "Step 4 of 11: 7");
    await panel.page.getByRole("button", { name: "Last step" }).click();
    await expect.poll(made).toBe(11);

    const weight = part!.attentive.weights[15 + 12];
    await pointsAt(panel, async () => {
      const cell = await boxOf(panel.page.locator(".sequence-row"));
      const canvas = await boxOf(figure(panel));
      const width = (cell.width - 3) / 15;
      const top = await panel.page.locator(".sequence-figure [data-step=\"1\"]").first().evaluate((text) => Number(text.getAttribute("y")));
      return { x: cell.x + 2 + 12.5 * width, y: canvas.y + top - 4 };
    }, ".attention-sequence", `Step 2, “9”: looks at “9” (character 13) with weight ${weight.toFixed(3)};`);
    await expect.poll(async () => panel.page.locator(".attention-sequence .decoding-formula").textContent()).toContain(weight.toFixed(3));
    await panel.page.mouse.move(2, 2);
    await figure(panel).focus();
    // The walk starts at the step that the player shows.
    await sees(panel, ".attention-sequence > .decoding-sentence", "Step 11, “end”: looks at");
    await panel.page.keyboard.press("ArrowUp");
    await panel.page.keyboard.press("ArrowLeft");
    await until("a walk over the cells", async () => /^Step 10, /.test(await panel.page.locator(".attention-sequence > .decoding-sentence").first().innerText()));

    const box = panel.page.getByRole("textbox", { name: "Input of the encoder" });
    await box.fill("march 3, 2021");
    await parted(panel, "what was written", ({ input }) => input.join("") === "march 3, 2021");
    await sees(panel, "h1", "Both get “march 3, 2021” right: 2021-03-03");
    await panel.page.getByRole("radiogroup", { name: "Task" }).getByRole("radio", { name: "reversal" }).click();
    await panel.page.getByRole("radiogroup", { name: "Score" }).getByRole("radio", { name: "concat" }).click();
    const { sequence: reversed } = await parted(panel, "the other task", ({ task, score }) => task === "reversal" && score === "concat");
    expect(reversed!.input.join("")).toBe("encoder-decoder");
    await sees(panel, ".attention-sequence section", "Of inputs of 15 characters attention gets 100.0% right, one fixed context 12.8%.");
    await panel.page.locator("h1").click();
    await panel.page.keyboard.press("t");
    await until("the table", async () => (await panel.page.locator(".attention-sequence table.twin").first().locator("tbody tr").count()) === 16);
    await panel.page.getByRole("button", { name: "Export" }).click();
    await panel.page.getByRole("menuitem", { name: "The alignment (CSV)" }).click();
    expect(String((await posted(panel, "save", (post) => post.name === "note-sequence.csv")).data)).toMatch(/^step,output,weight e,/);
    await panel.page.getByRole("button", { name: "Export" }).click();
    await panel.page.getByRole("menuitem", { name: "Picture (SVG)" }).click();
    expect(String((await posted(panel, "save", (post) => post.name === "note-sequence.svg")).data)).toContain("one fixed context");
  });

  it("aligns states of one's own", async () => {
    const states = { encoder: [[1, 0], [0, 1], [1, 1]], decoder: [[2, 0], [0, 3]], source: ["the", "cat", "sat"], target: ["die", "Katze"] };
    const panel = await open(sequence({ width: 480, text: { name: "own.json", languageId: "json", text: JSON.stringify(states) } }));
    const { sequence: part } = await parted(panel, "own states", ({ task }) => task === "own");
    expect(part!.score).toBe("dot");
    await sees(panel, "h1", "Most strongly, step “Katze” looks at “cat”");
    expect(await panel.page.locator(".sequence-outputs").isVisible()).toBe(false);
    expect(await panel.page.locator(".sequence-accuracy").isVisible()).toBe(false);
  });

  it("fits every width in every theme", async () => {
    for (const theme of themeNames) {
      const panel = await open(sequence({ theme, params: { sequence_task: theme === "dark" ? "reversal" : "dates" } }));
      await parted(panel, `the sample in ${theme}`, () => true);
      for (const width of theme === "light" ? [300, 480, 736, 1100] : [340]) {
        await panel.page.setViewportSize({ width, height: 1000 });
        await until(`${theme} ${width} px`, async () => (await panel.page.evaluate(() => document.documentElement.scrollWidth)) <= width);
        await until("the figure", async () => (await figure(panel).boundingBox())!.width <= width);
      }
      await panel.screenshot(`attention-sequence-${theme}`);
      await panel.close();
    }
  });
});
