import { describe, expect, it } from "vitest";
import { until } from "../support/until.js";
import { reading, sentence, show, traced } from "./attentionPage.js";
import { madeTrace, manyWords } from "./attentionTrace.js";
import type { Panel } from "./harness.js";
import { panelOpener, posted, sees } from "./support.js";
import { themeNames } from "./themes.js";

const open = panelOpener();
const runs = (panel: Panel) => panel.posts.filter((post) => post.type === "run");
const map = (panel: Panel) => panel.page.locator(".map-figure");
const name = (panel: Panel, token: number) => panel.page.locator(`.map-arcs [data-token="${token}"]`);
/** The piece of the sentence that a span of it covers. */
const pieceOf = ({ start, end }: { readonly start: number; readonly end: number }) => sentence.slice(start, end);

describe("the map of attention", () => {
  it("shows a head of the built-in model, ties its tokens to the text, and follows clicks, keys and the caret without a run", async () => {
    const panel = await open(reading({ params: { layer: 2, head: 1 } }));
    const trace = await traced(panel, "the map", ({ map }) => map !== undefined);
    const { shown } = trace.map!;
    const { pieces } = trace.tokens;
    const last = pieces.length - 1;
    expect([shown.layer, shown.head, shown.rows]).toEqual([2, 1, pieces.length]);
    await sees(panel, ".map-heat-box h2", "Layer 3, head 2");
    await sees(panel, ".map-readout", `sees ${pieces.length} tokens; entropy ${shown.entropy[last].toFixed(2)} of at most ${Math.log2(pieces.length).toFixed(2)} bits.`);
    await sees(panel, ".story", "Attention is not explanation");
    // All cells that the mask leaves, and no other.
    expect(await map(panel).locator("g").first().locator("rect").count()).toBe((pieces.length * (pieces.length + 1)) / 2);
    const tints = await posted(panel, "highlight", (post) => post.ring !== undefined && pieceOf(post.ring) === ".");
    tints.spans.forEach((span) => expect(pieceOf(span)).toBe(pieces[trace.tokens.spans!.indexOf(span.end) >> 1].trim()));
    expect(Math.max(...tints.weights!)).toBeCloseTo(Math.max(...shown.weights.slice(last * pieces.length)), 5);

    const because = pieces.indexOf(" because");
    await name(panel, because).click();
    await posted(panel, "reveal", (post) => post.span !== undefined && pieceOf(post.span) === "because");
    await posted(panel, "highlight", (post) => post.ring !== undefined && pieceOf(post.ring) === "because");
    await sees(panel, "h1", "“because”");
    // The pointer leaves, so that the keys alone say which row is looked at.
    await panel.page.mouse.move(2, 2);
    await map(panel).focus();
    await panel.page.keyboard.press("ArrowUp");
    await panel.page.keyboard.press("ArrowUp");
    await sees(panel, ".map-readout", `“rose” does not see “because”: it comes later.`);
    await panel.page.keyboard.press("ArrowLeft");
    const rose = pieces.indexOf(" rose");
    await sees(panel, ".map-readout", `“rose” looks at “rose” with weight ${shown.weights[rose * pieces.length + rose].toFixed(4)}.`);
    await panel.page.keyboard.press("Enter");
    await sees(panel, "h1", "“rose”");
    await panel.page.keyboard.press("Escape");

    await panel.send({ type: "caret", offset: sentence.indexOf("river") + 2 });
    await sees(panel, "h1", "“river”");
    await until("the row of the caret's token", async () => (await panel.page.locator(".map-names .strong-text").first().textContent()) === "river");
    expect(panel.state()?.params.token).toBe(1);
    expect(runs(panel)).toEqual([]);
  });

  it("takes another head, and what several make together, from the grid, the keys and the tools", async () => {
    const panel = await open(reading());
    await traced(panel, "the first map", ({ map }) => map?.shown.layer === 3 && map.shown.head === 0);
    await panel.page.locator(".map-grid").focus();
    await panel.page.keyboard.press("ArrowRight");
    await traced(panel, "the head at the right", ({ map }) => map?.shown.layer === 3 && map.shown.head === 1);
    await sees(panel, ".map-heat-box h2", "Layer 4, head 2");
    await panel.page.keyboard.press("[");
    await traced(panel, "the head before", ({ map }) => map?.shown.head === 0);
    await panel.page.getByRole("combobox", { name: "Layer" }).selectOption("1");
    await traced(panel, "the second layer", ({ map }) => map?.shown.layer === 1);
    const reduction = panel.page.getByRole("radiogroup", { name: "What is shown" });
    await reduction.getByRole("radio", { name: "rollout" }).click();
    const { map: rollout } = await traced(panel, "the rollout", ({ map }) => map?.shown.reduce === "rollout");
    expect(rollout!.shown.layer).toBe(1);
    await sees(panel, ".map-heat-box h2", "Rollout up to layer 2");
    // The heads that it is made of are framed: two layers of four.
    const frame = () => panel.page.locator(".map-chosen").evaluate((element) => Number(element.getAttribute("height")) / Number(element.getAttribute("width")));
    await until("the frame", async () => (await frame()) < 1);
    // A click on a thumbnail shows that head again.
    await panel.page.locator(".map-grid").click({ position: { x: 40, y: 40 } });
    await traced(panel, "the first head", ({ map }) => map?.shown.reduce === "head" && map.shown.layer === 0 && map.shown.head === 0);

    await panel.page.keyboard.press("t");
    await sees(panel, ".map-tables", "What “.” looks at");
    expect(await panel.page.locator(".map-tables table").nth(1).locator("tbody tr").count()).toBe(16);
    await panel.page.getByRole("button", { name: "Export" }).click();
    await panel.page.getByRole("menuitem", { name: "The shown map (CSV)" }).click();
    const csv = await posted(panel, "save", (post) => post.name === "note-layer-0-head-0.csv");
    expect(String(csv.data).split("\n")[1]).toMatch(/^The,1,,/);
    await panel.page.getByRole("button", { name: "Export" }).click();
    await panel.page.getByRole("menuitem", { name: "Picture (SVG)" }).click();
    const picture = await posted(panel, "save", (post) => post.name === "note-map.svg");
    expect(String(picture.data)).toContain("because");
  });

  it("says beside the picture of a long document what of it was read, on each tab its own", async () => {
    const lines = Array.from({ length: 200 }, (_, i) => `It is day ${i}, and the snow fell.`).join("\n");
    const panel = await open(reading({ text: { name: "long.txt", text: lines } }));
    const remarks = panel.page.locator(".attention-lead [role=status]");
    await expect.poll(() => remarks.innerText()).toMatch(/^The first 1,9\d\d of 6,\d\d\d characters are read, up to line \d+\./);
    await panel.page.getByRole("tab", { name: "Layers and pooling" }).click();
    await expect.poll(() => remarks.innerText()).toMatch(/The first 24 of \d+ sentences are compared/);
    await expect.poll(() => panel.page.locator(".panel").innerText()).not.toContain("are cut");
    await panel.page.getByRole("tab", { name: "Attention map" }).click();
    await expect.poll(() => remarks.innerText()).not.toContain("sentences are compared");
    await panel.page.getByRole("tab", { name: "Position" }).click();
    await expect.poll(() => remarks.isVisible()).toBe(false);
  });

  it("reads what is typed", async () => {
    const panel = await open(reading({ width: 360 }));
    await traced(panel, "the selection's map", ({ tokens }) => tokens.text === sentence);
    const area = panel.page.getByRole("textbox", { name: "Text" });
    await area.fill("Snow");
    const { map: one, tokens } = await traced(panel, "the typed text's map", ({ tokens }) => tokens.text === "Snow");
    expect([one!.shown.rows, tokens.spans]).toEqual([tokens.pieces.length, null]);
    await sees(panel, "h1", "“");
    await panel.page.getByRole("button", { name: "Back to the selection" }).click();
    await traced(panel, "the selection again", ({ tokens }) => tokens.text === sentence);
  });

  it("fits every width in every theme, and a text, a mask and a model of any size", async () => {
    const sizes = [{ tokens: ["The"] }, { tokens: manyWords(9) }, { tokens: manyWords(12), causal: false, padding: 3 }, { tokens: manyWords(60), layers: 2, heads: 500 }];
    for (const theme of themeNames) {
      const panel = await open({ explainer: "attention", live: false, theme, width: 340, text: { name: "note.txt", text: sentence } });
      for (const size of theme === "light" ? sizes : sizes.slice(1, 3)) {
        await show(panel, madeTrace(size));
        for (const width of theme === "light" ? [300, 480, 520, 620, 1100] : [340]) {
          await panel.page.setViewportSize({ width, height: 900 });
          await until(`${theme} ${width} px`, async () => (await panel.page.evaluate(() => document.documentElement.scrollWidth)) <= width);
          await until("the picture", async () => (await map(panel).boundingBox())!.width <= width);
        }
        await panel.screenshot(`attention-${theme}-${size.tokens.length}`);
      }
      await panel.close();
    }
  });

  it("comes closer to a long text, whose names are those in sight", async () => {
    const panel = await open({ explainer: "attention", live: false, width: 700, height: 1000, text: { name: "note.txt", text: sentence } });
    await show(panel, madeTrace({ tokens: manyWords(300), layers: 1, heads: 1 }), { layer: 0, head: 0, token: 150 });
    await sees(panel, ".map-arc-box p", /Tokens \d+ to \d+ of 300 have room here/);
    const places = () => panel.page.locator(".map-names text").evaluateAll((texts) => texts.map((text) => Number(text.getAttribute("data-place"))));
    await until("the row's own name", async () => (await places()).includes(150));
    await map(panel).focus();
    await panel.page.keyboard.press("ArrowRight");
    for (let i = 0; i < 8; i++) await panel.page.keyboard.press("+");
    await until("names about the place", async () => (await places()).every((place) => Math.abs(place - 150) < 30));
    await panel.page.keyboard.press("0");
    await until("all of it", async () => Math.min(...(await places())) === 0);
    expect(await panel.page.locator(".map-cells").isVisible()).toBe(true);
  });
});
