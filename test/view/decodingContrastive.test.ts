import { describe, expect, test } from "vitest";
import type { SearchPart } from "../../src/core/decoding/trace.js";
import { until } from "../support/until.js";
import { pieceIn } from "./decodingPage.js";
import { contrastive, minus, said, searched, shown } from "./decodingSearchPage.js";
import { panelOpener, posted, sees } from "./support.js";

const open = panelOpener();

type Contrastive = Extract<SearchPart, { kind: "contrastive" }>;
describe("contrastive search", () => {
  test("weighs probability against likeness, with the numbers", async () => {
    const panel = await open(contrastive());
    const part: Contrastive = searched(panel, "contrastive");
    const last = part.steps.length - 1;
    await sees(panel, ".contrastive .player-place", `Token ${last + 1} of ${part.steps.length}`);
    const step = part.steps[last];
    const scores = Array.from(step.probability, (p, i) => 0.4 * p - 0.6 * step.penalty[i]);
    const options = await panel.page.locator(".contrastive-bars [role=option]").evaluateAll((rows) => rows.map((row) => Array.from(row.querySelectorAll("text"), (text) => text.textContent).slice(1)));
    expect(options).toEqual(scores.map((score, i) => [shown(step.probability[i], 3), shown(step.penalty[i], 3), shown(score, 3)]));
    const chosen = panel.page.locator(".contrastive-bars [aria-selected=true]");
    await expect.poll(() => chosen.getAttribute("id")).toBe(`contrastive-${scores.indexOf(Math.max(...scores))}`);
    const formula = (await panel.page.locator(".contrastive .decoding-formula").textContent())!.replace(/-/g, minus);
    expect(formula.endsWith(shown(Math.max(...scores), 3))).toBe(true);
    // Lengths of the three columns can be held against one another.
    const bars = await panel.page.locator(".contrastive-bars [role=option]").first().evaluate((row) => Array.from(row.querySelectorAll("rect[height='11']"), (bar) => Number(bar.getAttribute("width"))));
    expect(bars[1] / bars[0]).toBeCloseTo(step.penalty[0] / step.probability[0], 0);
    expect(bars[2] / bars[1]).toBeCloseTo(-scores[0] / step.penalty[0], 2);
    // Here top_k is the number of candidates.
    await sees(panel, ".decoding-controls", "temperature and top_p do nothing, top_k is the number of candidates");
    await expect.poll(() => panel.page.locator(".decoding-controls .slider.idle .slider-name").allTextContents()).toEqual(["temperature", "top_p"]);
  });

  test("points at the token that a candidate is most like, in the text and in the heatmap", async () => {
    const panel = await open(contrastive());
    const part: Contrastive = searched(panel, "contrastive");
    await panel.step(4);
    const step = part.steps[4];
    const bars = panel.page.locator(".contrastive-bars");
    await bars.focus();
    await bars.press("ArrowDown");
    await until("the first candidate's nearest token", async () => (await panel.page.locator(".contrastive .outlined").getAttribute("data-token")) === String(step.nearest[0]));
    await sees(panel, ".contrastive-map .decoding-sentence", `(token ${step.nearest[0] + 1}): ${shown(step.penalty[0], 3)}`);
    await expect.poll(() => panel.page.locator(".contrastive .current").textContent()).toBe(pieceIn(panel, step.token[0]));
    const map = panel.page.locator(".similarity-map svg");
    await map.focus();
    // The candidates have lost the keyboard: the map begins at the one that was taken.
    await sees(panel, ".contrastive-map .decoding-sentence", `(token ${step.nearest[step.selected] + 1}): ${shown(step.penalty[step.selected], 3)}`);
    await panel.drawn();
    await map.press("ArrowUp");
    const n = part.ids.length;
    const row = n - part.steps.length + 4 - 1;
    const column = step.nearest[step.selected];
    const value = part.similarity[row * n + column];
    await until("the cell above", async () => (await said(panel)).endsWith(shown(value, 3)));
  });

  test("exports pictures and numbers", async () => {
    const panel = await open(contrastive());
    const part: Contrastive = searched(panel, "contrastive");
    const save = async (name: string): Promise<string> => {
      const from = panel.posts.length;
      await panel.page.getByRole("button", { name: "Export" }).click();
      await panel.page.getByRole("menuitem", { name }).click();
      return String((await posted(panel, "save", () => true, from)).data);
    };
    expect(await save("Picture (SVG)")).toContain("data:image/png;base64");
    const matrix = (await save("Token similarities (CSV)")).trim().split("\n");
    expect(matrix.length).toBeGreaterThanOrEqual(part.ids.length + 1);
    expect((await save("Candidates of all steps (CSV)")).split("\n")[0]).toBe("step,id,token,probability,nearest_token,penalty,score,selected");
  });
});
