import { describe, expect, it } from "vitest";
import { tokenName } from "../../src/core/text/tokenName.js";
import { until } from "../support/until.js";
import { explored, line, mocked, pieceIn, rowNames, traced } from "./decodingPage.js";
import { panelOpener, pointsAt, posted, sees } from "./support.js";

const open = panelOpener();

describe("the pipeline", () => {
  it("lists tokens in the order of raw, strikes out the removed ones, and says why each went", async () => {
    const panel = await open(mocked());
    const { at, ids } = explored(panel);
    const [first] = at;
    const expected = Array.from(first.ids.slice(0, 17), (id, i) => {
      const name = tokenName(pieceIn(panel, id));
      return first.removedAt[i] > 0 ? `(${name})` : name;
    });
    expect(first.ids.slice(0, 17)).toContain(ids[0]);
    await expect.poll(() => rowNames(panel)).toEqual(expected);
    const cut = first.removedAt.findIndex((stage) => first.stages[stage - 1]?.name === "TopKLogitsWarper");
    expect(cut).toBeGreaterThan(0);
    expect(cut).toBeLessThan(17);
    await pointsAt(panel, () => line(panel, cut), ".pipeline-card", "not among the 12 highest scores");
    await panel.page.mouse.move(4, 4);
    await until("no card", async () => !(await panel.page.locator(".pipeline-card").isVisible()));
  });

  it("has bars as long as the probabilities, over the same scale in every column", async () => {
    const panel = await open(mocked({ repetition_penalty: 1 }));
    const [at] = explored(panel).at;
    const n = at.ids.length;
    const bars = await panel.page.locator(".pipeline-bar").evaluateAll((all) => all.map((bar) => Number(bar.getAttribute("width"))));
    const probabilities: number[] = [];
    for (let k = 0; k < at.kept.length; k++) {
      for (let i = 0; i < 17; i++) if (at.removedAt[i] === 0 || k < at.removedAt[i]) probabilities.push(at.probabilities[k * n + i]);
    }
    expect(bars).toHaveLength(probabilities.length);
    const longest = probabilities.indexOf(Math.max(...probabilities));
    const unit = bars[longest] / probabilities[longest];
    bars.forEach((bar, i) => expect(bar).toBeCloseTo(Math.max(1, unit * probabilities[i]), 3));
  });

  it("prints kept, mass and bits of every stage", async () => {
    const panel = await open(mocked());
    const [at] = explored(panel).at;
    const texts = await panel.page.locator(".pipeline-stages text").allTextContents();
    const last = at.kept.length - 1;
    expect(texts).toContain(String(at.kept[last]));
    expect(texts).toContain(at.entropy[last].toFixed(2));
    expect(texts).toContain(`${(100 * at.keptMass[last]).toFixed(1)}%`);
    expect(texts).toContain(at.kept[0].toLocaleString("en"));
  });

  it("draws what the penalty took as a dotted remainder, and underlines those tokens in the prompt", async () => {
    const panel = await open(mocked({ repetition_penalty: 2 }));
    await expect.poll(() => panel.page.locator(".pipeline-loss").count()).toBeGreaterThan(0);
    await expect.poll(() => panel.page.locator(".prompt-behind u").allTextContents()).toContain("the");
    await sees(panel, ".prompt", "Underlined: penalised.");
    const plain = await open(mocked({ repetition_penalty: 1 }));
    await expect.poll(() => plain.page.locator(".pipeline-loss").count()).toBe(0);
    await expect.poll(() => plain.page.locator(".prompt-behind u").count()).toBe(0);
  });

  it("marks in the editor where the prompt has the token that is pointed at", async () => {
    const text = "The king and the queen looked at the sea and the";
    const panel = await open({ ...mocked({ prompt: "", repetition_penalty: 1.5 }), text: { name: "prompt.txt", text, ranges: [{ start: 0, end: text.length }] } });
    const [at] = explored(panel).at;
    const row = at.ids.findIndex((id) => pieceIn(panel, id) === " king");
    expect(row).toBeGreaterThanOrEqual(0);
    if (row >= 17) await panel.page.getByRole("button", { name: "All 40 listed tokens" }).click();
    await pointsAt(panel, () => line(panel, row), ".pipeline-card", "king");
    const { spans } = await posted(panel, "highlight", (post) => post.spans.length > 0);
    expect(spans.map(({ start, end }) => text.slice(start, end))).toEqual([" king"]);
    const from = panel.posts.length;
    await panel.page.mouse.move(4, 4);
    await posted(panel, "highlight", (post) => post.spans.length === 0, from);
  });

  it("changes the order of the stages, and tells the difference", async () => {
    const panel = await open(mocked({ temperature: 0.5, top_k: 50 }));
    await expect.poll(() => panel.page.locator('[data-order="transformers"]').getAttribute("aria-pressed")).toBe("true");
    const before = explored(panel).at[0].stages.map(({ name }) => name);
    await panel.page.locator('[data-order="llama.cpp"]').click();
    await posted(panel, "run", (post) => post.params.order === "llama.cpp");
    const { explore } = await traced(panel, "the other order", (trace) => trace.explore?.order === "llama.cpp");
    expect(explore!.at[0].stages.map(({ name }) => name)).not.toEqual(before);
    expect(explore!.at[0].stages.at(-1)?.name).toBe("TemperatureLogitsWarper");
    await sees(panel, ".pipeline", /In the order of transformers|Here both orders/);
  });

  it("is walked by keys: each token is spoken with its shares, Enter holds its card, and another may be chosen there", async () => {
    const panel = await open(mocked());
    const [at] = explored(panel).at;
    const box = panel.page.locator(".pipeline-list");
    await box.focus();
    await panel.page.keyboard.press("ArrowDown");
    await panel.page.keyboard.press("ArrowDown");
    await sees(panel, ".pipeline-card", tokenName(pieceIn(panel, at.ids[1])));
    const spoken = await box.getAttribute("aria-activedescendant");
    await expect.poll(() => panel.page.locator(`[id="${spoken}"]`).textContent()).toContain("raw");
    await panel.page.keyboard.press("Enter");
    const choose = panel.page.getByRole("button", { name: "Choose it instead" });
    await until("the button to have the focus", () => choose.evaluate((element) => element === document.activeElement));
    await panel.page.keyboard.press("Enter");
    await posted(panel, "run", (post) => post.params.forced === `0:${at.ids[1]}`);
    const { explore } = await traced(panel, "the branch", (trace) => trace.explore?.forced[0] === 1);
    expect(explore!.ids[0]).toBe(at.ids[1]);
    await sees(panel, ".picker", "You chose it:");
  });

  it("shows all listed tokens, and a logarithmic scale of dots", async () => {
    const panel = await open(mocked());
    await panel.page.getByRole("button", { name: "All 40 listed tokens" }).click();
    await until("all lines", async () => (await rowNames(panel)).length >= 40);
    await panel.page.getByRole("button", { name: "Log scale" }).click();
    await until("dots", async () => (await panel.page.locator(".pipeline-dot").count()) > 40);
    await expect.poll(() => panel.page.locator(".pipeline-bar").count()).toBe(0);
    await panel.page.getByRole("button", { name: "Linear scale" }).click();
    await until("bars", async () => (await panel.page.locator(".pipeline-bar").count()) > 40);
  });

  it("has a table twin with every number", async () => {
    const panel = await open(mocked());
    await panel.page.keyboard.press("t");
    const table = panel.page.locator(".pipeline-table table");
    await table.waitFor();
    const [at] = explored(panel).at;
    await expect.poll(() => table.locator("tbody tr").count()).toBe(at.ids.length);
    await expect.poll(() => table.locator("tbody tr").first().locator("td").nth(0).textContent()).toBe(`${(100 * at.probabilities[0]).toFixed(2)}%`);
    await panel.page.keyboard.press("t");
    await until("no table", async () => !(await table.isVisible()));
  });

  it("fits 300 px with eight columns: the names stand still, the columns scroll", async () => {
    const panel = await open(mocked({ no_repeat_ngram_size: 2, min_p: 0.02, typical_p: 0.95 }, { width: 300 }));
    expect(explored(panel).at[0].stages).toHaveLength(7);
    await expect.poll(() => panel.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(300);
    const scroller = panel.page.locator(".pipeline-scroll");
    await expect.poll(() => scroller.evaluate((element) => element.scrollWidth > element.clientWidth)).toBe(true);
    // Five fit without scrolling, with every number of the last one.
    const few = await open(mocked({}, { width: 300 }));
    expect(explored(few).at[0].stages).toHaveLength(4);
    await expect.poll(() => few.page.locator(".pipeline-scroll").evaluate((element) => element.scrollWidth - element.clientWidth)).toBe(0);
    const beyond = await few.page.locator(".pipeline-stages").evaluate((svg) => {
      const { right } = svg.getBoundingClientRect();
      return Array.from(svg.querySelectorAll("text")).filter((text) => text.getBoundingClientRect().right > right + 0.5).map((text) => text.textContent);
    });
    expect(beyond).toEqual([]);
  });
});

describe("the line of the picking number", () => {
  it("is cut at u within the chosen token's share", async () => {
    const panel = await open(mocked());
    const { ids, uniform, below, upTo } = explored(panel);
    await sees(panel, ".picker h2", `One number picks it: ${tokenName(pieceIn(panel, ids[0]))}`);
    await sees(panel, ".picker", "seed 7, draw 1");
    await sees(panel, ".picker", `u = ${uniform[0].toFixed(3)}`);
    const width = Number(await panel.page.locator(".picker-figure").getAttribute("width"));
    const chosen = panel.page.locator(".picker-chosen");
    // A pixel of paper parts it from its neighbours.
    await expect.poll(async () => Number(await chosen.getAttribute("x"))).toBeCloseTo(below[0] * width + 0.5, 6);
    await expect.poll(async () => Number(await chosen.getAttribute("width"))).toBeCloseTo((upTo[0] - below[0]) * width - 1, 6);
  });

  it("says that no number is drawn where the highest is taken", async () => {
    const panel = await open(mocked({ do_sample: false }));
    await sees(panel, ".picker h2", "No number, the highest:");
    await expect.poll(() => panel.page.locator(".picker text", { hasText: "u =" }).count()).toBe(0);
    await sees(panel, ".decoding-controls", "temperature, top_k and top_p do nothing");
    await panel.page.getByRole("button", { name: "Set do_sample" }).click();
    await posted(panel, "run", (post) => post.params.do_sample === true);
    await sees(panel, ".picker h2", "One number picks it:");
  });
});
