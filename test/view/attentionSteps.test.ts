import { describe, expect, it } from "vitest";
import type { AttentionTrace, StepsPart } from "../../src/core/attention/trace.js";
import { until } from "../support/until.js";
import { reading, traced } from "./attentionPage.js";
import type { OpenOptions, Panel } from "./harness.js";
import { panelOpener, pointsAt, posted, sees } from "./support.js";
import { themeNames } from "./themes.js";
import { boxOf } from "../support/boxOf.js";

const open = panelOpener();
const steps = (options: OpenOptions = {}): OpenOptions => reading({ width: 900, ...options, params: { tab: "steps", ...options.params } });
const figure = (panel: Panel) => panel.page.locator(".steps-list");
const row = (panel: Panel, place: number) => panel.page.locator(`.steps-list [data-row="${place}"]`);
const shown = (v: number, digits = 3): string => v.toFixed(digits).replace("-", "\u2212");
const parted = (panel: Panel, what: string, fits: (part: StepsPart) => boolean): Promise<AttentionTrace> => traced(panel, what, (trace) => trace.steps !== undefined && fits(trace.steps));

describe("the three steps", () => {
  it("write every number of a token's output, a row a key, and reveal them step by step", async () => {
    const panel = await open(steps({ params: { layer: 2, head: 1, token: 6 } }));
    const { steps: part, tokens } = await parted(panel, "the three steps", ({ layer, head, token }) => layer === 2 && head === 1 && token === 6);
    const { similarity, scaled, weights, masked } = part!;
    const n = tokens.pieces.length;
    await until("a row for each key", async () => (await panel.page.locator(".steps-list [data-row]").count()) === n);
    const texts = (place: number) => row(panel, place).locator("text").allTextContents();
    expect(await texts(0)).toEqual(["The", shown(similarity[0]), shown(scaled[0]), shown(weights[0])]);
    // The mask leaves the token itself and those before it.
    expect(Array.from(masked)).toEqual(Array.from({ length: n }, (_, i) => (i > 6 ? 1 : 0)));
    expect((await texts(7))[3]).toBe("masked");
    expect(await panel.page.locator(".steps-list [text-decoration=line-through]").count()).toBe(n - 7);

    await pointsAt(panel, async () => {
      const box = await boxOf(row(panel, 2));
      return { x: box.x + 20, y: box.y + 12 };
    }, ".steps-said", `“rose”: similarity ${shown(similarity[2])}, scaled ${shown(scaled[2])}, weight ${shown(weights[2])}.`);
    await expect.poll(async () => (await panel.page.locator(".steps-formula math").first().textContent())!.replace(/-/g, "\u2212")).toContain(shown(similarity[2]));
    await panel.page.mouse.move(2, 2);

    await sees(panel, ".player-place", "Step 3 of 3");
    await panel.step(0);
    await expect.poll(async () => (await texts(0)).length).toBe(3);
    await panel.step(1);
    await expect.poll(async () => (await texts(0)).length).toBe(4);
    await sees(panel, ".player-place", "Step 2 of 3: softmax");
    await panel.page.getByRole("button", { name: "Last step" }).click();
    await sees(panel, ".player-place", "Step 3 of 3: weighted sum");

    await figure(panel).focus();
    await panel.page.keyboard.press("ArrowUp");
    await panel.page.keyboard.press("ArrowDown");
    await panel.page.keyboard.press("Enter");
    await posted(panel, "reveal");
    await panel.page.getByRole("combobox", { name: "Token" }).selectOption("3");
    await parted(panel, "another token", ({ token }) => token === 3);
    await panel.page.locator(".steps-heads-figure svg").focus();
    await panel.page.keyboard.press("ArrowRight");
    await parted(panel, "the next head", ({ head }) => head === 2);
    await panel.page.getByRole("button", { name: /^W_Q / }).click();
    await sees(panel, ".steps-matrix-said", "Rows and columns count from 0");
    await panel.page.locator("h1").click();
    await panel.page.keyboard.press("t");
    await until("the table", async () => (await panel.page.locator(".attention-steps table.twin tbody tr").count()) === n);
    await panel.page.getByRole("button", { name: "Export" }).click();
    await panel.page.getByRole("menuitem", { name: "Keys, weights and values (CSV)" }).click();
    const csv = await posted(panel, "save", (post) => post.name === "note-steps.csv");
    expect(String(csv.data).split("\n")[1]).toMatch(/^0,The,0,/);
    await panel.page.getByRole("button", { name: "Export" }).click();
    await panel.page.getByRole("menuitem", { name: "Picture (SVG)" }).click();
    expect(String((await posted(panel, "save", (post) => post.name === "note-steps.svg")).data)).toContain("because");
  });

  it("follow a query that is typed, dragged and given back, beside the model's own weights", async () => {
    const panel = await open(steps());
    const { steps: own } = await parted(panel, "the model's own", () => true);
    const box = panel.page.getByRole("textbox", { name: "Number of the query" });
    await box.fill("3");
    await box.press("Enter");
    const { steps: typed } = await parted(panel, "the typed number", ({ query }) => query[0] === 3);
    expect(typed!.ownWeights).toEqual(own!.weights);
    await until("the own weights beside", async () => (await panel.page.locator(".steps-list .steps-ghost").count()) === own!.weights.length);
    const bars = panel.page.locator(".steps-query-bars");
    await bars.scrollIntoViewIfNeeded();
    await until("a dragged number", async () => {
      const area = await boxOf(bars);
      const x = area.x + (4.5 * area.width) / own!.size;
      await panel.page.mouse.move(x, area.y + area.height / 2);
      await panel.page.mouse.down();
      await panel.page.mouse.move(x, area.y + area.height - 6, { steps: 3 });
      await panel.page.mouse.up();
      await panel.drawn();
      const last = panel.outcomes.filter((each) => each.type === "trace").at(-1)?.trace as AttentionTrace;
      return last.steps!.query[4] < 0 && last.steps!.query[0] === 3;
    });
    await bars.focus();
    await panel.page.keyboard.press("Home");
    await panel.page.getByRole("button", { name: "Reset the query" }).click();
    await parted(panel, "the model's own again", ({ query, ownQuery }) => query.every((value, i) => value === ownQuery[i]));
    await until("no ghosts", async () => (await panel.page.locator(".steps-ghost").count()) === 0);
  });

  it("draw those in sight of thousands of keys, and lead to the strongest", async () => {
    const n = 3000;
    const K = Array.from({ length: n }, (_, i) => [i === 2000 ? 3 : ((i * 37) % 100) / 100, ((i * 53) % 100) / 100]);
    const panel = await open(steps({ width: 736, text: { name: "own.json", languageId: "json", text: JSON.stringify({ Q: [[1, 0.5], [2, 1]], K, V: K }) } }));
    const { source } = await parted(panel, "own matrices", ({ keys }) => keys.length === 2 * n);
    expect(source.kind).toBe("matrices");
    const places = () => panel.page.locator(".steps-list [data-row]").evaluateAll((rows) => rows.map((each) => Number(each.getAttribute("data-row"))));
    await until("the first rows", async () => (await places()).length > 10);
    expect((await places()).length).toBeLessThan(40);
    await panel.page.getByRole("button", { name: /go to the strongest/ }).click();
    await until("the strongest", async () => (await places()).includes(2000));
    await sees(panel, ".steps-said", "“2000”: similarity");
  });

  it("of maps say that weights alone are known", async () => {
    const attention = [[[0.25, 0.75], [0.5, 0.5]]];
    const panel = await open(steps({ width: 400, text: { name: "own.json", languageId: "json", text: JSON.stringify({ attention }) }, params: { token: 0, softmax_temperature: 0.5 } }));
    const { steps: part } = await parted(panel, "own maps", ({ size }) => size === 0);
    expect(part!.weights[1]).toBeCloseTo(0.9, 6);
    await until("its weights", async () => (await row(panel, 1).locator("text").allTextContents()).at(-1) === "0.900");
    expect(await panel.page.locator(".attention-steps .player").isVisible()).toBe(false);
    await sees(panel, ".attention-steps h2", "only the weights are known");
  });

  it("fit every width in every theme", async () => {
    for (const theme of themeNames) {
      const panel = await open(steps({ theme, params: { token: 8, query_scale: 2 } }));
      await parted(panel, `the steps in ${theme}`, () => true);
      for (const width of theme === "light" ? [300, 480, 736, 1100] : [340]) {
        await panel.page.setViewportSize({ width, height: 1000 });
        await until(`${theme} ${width} px`, async () => (await panel.page.evaluate(() => document.documentElement.scrollWidth)) <= width);
        await until("the figure", async () => (await panel.page.locator(".steps-list svg").boundingBox())!.width <= width);
      }
      await panel.screenshot(`attention-steps-${theme}`);
      await panel.close();
    }
  });
});
