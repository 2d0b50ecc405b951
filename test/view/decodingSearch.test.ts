import { describe, expect, test } from "vitest";
import type { DecodingTrace, SearchPart } from "../../src/core/decoding/trace.js";
import { until } from "../support/until.js";
import { mocked, pieceIn } from "./decodingPage.js";
import { beams, contrastive, minus, plain, said, searched, shown } from "./decodingSearchPage.js";
import type { Panel } from "./harness.js";
import { madeRun, panelOpener, pointsAt, posted, sees } from "./support.js";
import { themeNames } from "./themes.js";
import { boxOf } from "../support/boxOf.js";

const open = panelOpener();
const figure = ".beams-lanes";

type Beams = Extract<SearchPart, { kind: "beams" }>;
/** Where the box of a rank stands in the window, at the closest size. */
async function spot(panel: Panel, step: number, rank: number): Promise<{ x: number; y: number }> {
  const texts = panel.page.locator(`${figure} .base [data-step="${step}"] text.mono-text`);
  // Boxes are drawn in the order of the candidates, which is that of their ranks where nothing is drawn at random.
  const box = await boxOf(texts.nth(rank));
  return { x: box.x + 4, y: box.y + box.height / 2 };
}

describe("beam search", () => {
  test("ranks the candidates of each step, cuts under those that go on, and colours the best text's path", async () => {
    const panel = await open(beams());
    const part: Beams = searched(panel, "beams");
    const column = panel.page.locator(`${figure} .base [data-step="1"]`);
    const sums = [...part.steps[1][0].candidates].map(({ sum }) => sum).sort((a, b) => b - a).map((sum) => shown(sum, 2));
    await expect.poll(() => column.locator("text[text-anchor=end]").allTextContents()).toEqual(sums);
    // Below the rule stand as many as were cut.
    const rule = Number(await column.locator(".beams-rule").getAttribute("y1"));
    const heights = await column.locator("text[text-anchor=end]").evaluateAll((texts) => texts.map((text) => Number(text.getAttribute("y"))));
    expect(heights.filter((y) => y > rule)).toHaveLength(part.steps[1][0].candidates.filter(({ fate }) => fate === "pruned" || fate === "dropped").length);
    const [best] = part.finished;
    for (const [step, index] of Array.from(best.path).entries()) {
      if (step > 3) break;
      const framed = panel.page.locator(`${figure} .base [data-step="${step}"] rect[stroke-width="2"]`);
      await expect.poll(() => framed.count()).toBe(1);
      const name = await framed.locator("xpath=following-sibling::*[local-name()='text'][1]").textContent();
      expect(pieceIn(panel, part.steps[step][0].candidates[index].token).trim().startsWith(name!.replace("·", "").replace("…", ""))).toBe(true);
    }
  });

  test("lists the finished texts with their sum, length and quotient", async () => {
    const panel = await open(beams({ length_penalty: 2 }));
    const part: Beams = searched(panel, "beams");
    const rows = panel.page.locator(".beams-finished tbody tr");
    await expect.poll(() => rows.count()).toBe(part.finished.length);
    const cells = await rows.evaluateAll((lines) => lines.map((line) => Array.from(line.children, (cell) => cell.textContent ?? "")));
    part.finished.forEach(({ path, text }, i) => {
      const sum = Array.from(path).reduce((all, index, t) => all + part.steps[t][0].candidates[index].logProbability, 0);
      expect(cells[i].slice(1)).toEqual([shown(sum, 3), String(path.length), shown(sum / path.length ** 2, 3)]);
      expect(cells[i][0]).toBe(`past${text}`);
    });
    await sees(panel, ".beams-finished thead", "sum / length^2");
  });

  test("tells of a candidate what it is worth, and how it came about", async () => {
    const panel = await open(beams());
    const part: Beams = searched(panel, "beams");
    await pointsAt(panel, () => spot(panel, 2, 5), ".beams .decoding-sentence", "It is cut: 3 others are better.");
    const candidate = part.steps[2][0].candidates[5];
    const formula = (await panel.page.locator(".beams .decoding-formula").textContent())!.replace(/-/g, minus);
    expect(formula).toContain(shown(candidate.sum, 3));
    expect(formula.endsWith(shown(candidate.sum / 3, 3))).toBe(true);
    await expect.poll(() => panel.page.locator(`${figure} .over path`).count()).toBe(3);
    await expect.poll(() => panel.page.locator(".beams-path").textContent()).toMatch(new RegExp(`^… past.*${pieceIn(panel, candidate.token).trim()}$`));
    await panel.page.mouse.move(5, 5);
    await until("the best path again", async () => (await panel.page.locator(`${figure} .over path`).count()) === 0);
  });

  test("is walked through by keys: ranks, beams, finished texts", async () => {
    const panel = await open(beams());
    const part: Beams = searched(panel, "beams");
    await panel.page.locator(figure).focus();
    await panel.page.keyboard.press("ArrowLeft");
    const last = part.steps.length;
    await until("the best text's end", async () => (await said(panel)).includes(`step ${last}, rank`));
    await panel.page.keyboard.press("ArrowLeft");
    await until("its parent", async () => (await said(panel)).includes(`step ${last - 1}, rank`));
    await panel.page.keyboard.press("ArrowDown");
    await panel.page.keyboard.press("ArrowUp");
    await panel.page.keyboard.press("Escape");
    await panel.page.keyboard.press("]");
    await until("the second text", async () => (await panel.page.locator(".beams-finished tr.chosen").getAttribute("data-key")) === "1");
    await panel.page.keyboard.press("[");
    await until("the first text", async () => (await panel.page.locator(".beams-finished tr.chosen").getAttribute("data-key")) === "0");
  });

  test("steps through the search; what comes later is pale", async () => {
    const panel = await open(beams());
    await sees(panel, ".beams .player-place", "Token 6 of 6");
    await panel.page.locator(figure).focus();
    await panel.page.keyboard.press("Home");
    await sees(panel, ".beams .player-place", "Token 1 of 6, 3 of 6 candidates go on");
    const opacity = (step: number) => panel.page.locator(`${figure} .base g[data-step="${step}"]`).getAttribute("opacity");
    await expect.poll(async () => [await opacity(0), Number(await opacity(1)) < 0.5]).toEqual(["1", true]);
    await panel.step(3);
    await expect.poll(() => opacity(3)).toBe("1");
  });

  test("draws groups as bands", async () => {
    const panel = await open(beams({ num_beams: 6, num_beam_groups: 3, diversity_penalty: 1 }, { width: 1000 }));
    await sees(panel, ".beams h2", "How 6 beams in 3 groups got there");
    const texts = await panel.page.locator(`${figure} text.quiet-text`).allTextContents();
    for (const group of [1, 2, 3]) expect(texts).toContain(`group ${group}`);
    // A group's name is over its lanes, wherever they are scrolled to.
    await until("the names above", async () => {
      await panel.page.locator(".beams-scroll").evaluate((element) => (element.scrollLeft = 60));
      await panel.drawn();
      return panel.page.locator(figure).evaluate((svg) => {
        const boxes = Array.from(svg.querySelectorAll("rect"), (each) => each.getBoundingClientRect());
        const names = Array.from(svg.querySelectorAll("text")).filter((each) => each.textContent?.startsWith("group ")).map((each) => each.getBoundingClientRect());
        return names.length === 3 && names.every((name) => boxes.every((box) => name.bottom <= box.top + 3 || name.top >= box.bottom - 1));
      });
    });
    await expect.poll(() => panel.page.locator(`${figure} .beams-rule`).count()).toBeGreaterThan(6);
  });

  test("holds 20 beams of 100 tokens: names go, zooming in brings them back, the file has every step", async () => {
    const panel = await open(beams({ num_beams: 20, max_new_tokens: 100 }));
    const part: Beams = searched(panel, "beams");
    expect(part.steps).toHaveLength(100);
    await expect.poll(() => panel.page.locator(`${figure} .mono-text`).count()).toBeLessThanOrEqual(1);
    const scroll = await panel.page.locator(".beams-scroll").evaluate((element) => [element.scrollWidth > element.clientWidth, document.documentElement.scrollWidth <= window.innerWidth]);
    expect(scroll).toEqual([true, true]);
    const zoomIn = panel.page.getByRole("button", { name: "Zoom in" });
    for (let i = 0; i < 4; i++) await zoomIn.click();
    await until("names", async () => (await panel.page.locator(`${figure} .mono-text`).count()) > 40);
    // Only what is seen is drawn: most of the 100 columns are not.
    await expect.poll(() => panel.page.locator(`${figure} .base g[data-step]`).count()).toBeLessThan(40);
    const from = panel.posts.length;
    await panel.page.getByRole("button", { name: "Export" }).click();
    await panel.page.getByRole("menuitem", { name: "Picture (SVG)" }).click();
    const { data } = await posted(panel, "save", () => true, from);
    expect(String(data)).toContain(">step 1<");
    expect(String(data)).toContain(">step 100<");
    await panel.page.getByRole("button", { name: "Fit" }).click();
    await until("no names", async () => (await panel.page.locator(`${figure} .mono-text`).count()) <= 1);
  });

  test("has a table twin of each step and files of all", async () => {
    const panel = await open(beams());
    const part: Beams = searched(panel, "beams");
    await panel.page.locator(figure).focus();
    await panel.page.keyboard.press("t");
    await panel.step(1);
    await until("the candidates of step 2", async () => (await panel.page.locator(".decoding-twin caption").textContent()) === "Candidates of step 2");
    const rows = panel.page.locator(".decoding-twin tbody tr");
    await expect.poll(() => rows.count()).toBe(part.steps[1][0].candidates.length);
    await expect.poll(async () => Number((await rows.first().locator("td").nth(4).getAttribute("title"))!.replace(minus, "-"))).toBe(part.steps[1][0].candidates[0].sum);
    const from = panel.posts.length;
    await panel.page.getByRole("button", { name: "Export" }).click();
    await panel.page.getByRole("menuitem", { name: "Candidates of all steps (CSV)" }).click();
    const csv = String((await posted(panel, "save", () => true, from)).data).trim().split("\n");
    expect(csv).toHaveLength(1 + part.steps.reduce((sum, groups) => sum + groups[0].candidates.length, 0));
  });
});

describe("beams that end early", () => {
  /** Step 2: the best ends and is kept, another ends below the first two and is dropped; so the rule lies lower. */
  function ended(trace: DecodingTrace): DecodingTrace {
    const [a, b, c, d, e] = Array.from(trace.pieceIds);
    const eos = trace.source.eos[0];
    const part: Beams = {
      kind: "beams", width: 2, groups: 1, lengthPenalty: 1, finish: "eos", milliseconds: 1,
      steps: [
        [{ candidates: [{ parent: 0, token: a, logProbability: -0.5, sum: -0.5, fate: "running" }, { parent: 0, token: b, logProbability: -1, sum: -1, fate: "running" }, { parent: 0, token: c, logProbability: -2, sum: -2, fate: "pruned" }], running: Int32Array.of(0, 1) }],
        [{
          candidates: [
            { parent: 1, token: eos, logProbability: -0.2, sum: -1.2, fate: "finished" }, { parent: 0, token: d, logProbability: -0.9, sum: -1.4, fate: "running" },
            { parent: 0, token: eos, logProbability: -1, sum: -1.5, fate: "dropped" }, { parent: 1, token: e, logProbability: -0.7, sum: -1.7, fate: "running" }, { parent: 0, token: c, logProbability: -3, sum: -3.5, fate: "pruned" },
          ], running: Int32Array.of(1, 3),
        }],
        [{ candidates: [{ parent: 0, token: eos, logProbability: -1, sum: -2.4, fate: "finished" }, { parent: 1, token: eos, logProbability: -2, sum: -3.7, fate: "dropped" }], running: Int32Array.of() }],
      ],
      finished: [
        { group: 0, text: "", ids: Int32Array.of(b, eos), sum: -1.2, length: 2, score: -0.6, path: Int32Array.of(1, 0), returned: true },
        { group: 0, text: "", ids: Int32Array.of(a, d, eos), sum: -2.4, length: 3, score: -0.8, path: Int32Array.of(0, 1, 0), returned: false },
      ],
    };
    return { ...trace, search: part };
  }

  test("are marked, and move the rule", async () => {
    const real = await open(beams());
    const panel = await open(beams({}, { live: false }));
    const run = madeRun();
    await panel.send({ type: "running", run, params: beams().params!, edited: false });
    await panel.send({ type: "trace", run, trace: ended(real.trace<DecodingTrace>()), problems: [] });
    const column = panel.page.locator(`${figure} .base [data-step="1"]`);
    await until("the ended", async () => (await column.locator(".beams-end").count()) === 2);
    const names = await column.locator("text.mono-text").allTextContents();
    expect([names[0], names[2]]).toEqual(["end", "end"]);
    await expect.poll(() => column.locator("text[text-decoration=line-through]").count()).toBe(1);
    const y = async (text: string) => Number(await column.locator("text", { hasText: text }).getAttribute("y"));
    const rule = Number(await column.locator(".beams-rule").getAttribute("y1"));
    await expect.poll(async () => [(await y(`${minus}1.70`)) < rule, (await y(`${minus}3.50`)) > rule]).toEqual([true, true]);
    // The returned text's end is filled with the colour of its path.
    const solid = await column.locator("rect").first().evaluate((rect) => [rect.getAttribute("fill"), rect.getAttribute("stroke")]);
    expect(solid[0]).toBe(solid[1]);
    const fills = await column.locator("text.mono-text").evaluateAll((texts) => texts.map((text) => getComputedStyle(text).fill));
    expect(fills[0]).toBe("rgb(255, 255, 255)");
    expect(new Set(fills).size).toBe(3);
    await sees(panel, ".beams .decoding-sentence", "It ended and is finished text 1 of 2.");
    await pointsAt(panel, () => spot(panel, 1, 2), ".beams .decoding-sentence", "It ended, but not among the first 2, so it is dropped.");
    await panel.fullScreenshot("decoding-beams-ended");
  });
});

describe("without a search", () => {
  test("offers beams and contrastive search, and runs them", async () => {
    const panel = await open(mocked({ ...plain }));
    await sees(panel, ".search-none", "The parameters search for nothing");
    await panel.page.locator(".search-none").getByText("num_beams 4", { exact: true }).click();
    await posted(panel, "run", ({ params }) => params.num_beams === 4 && params.do_sample === false);
    await sees(panel, ".beams h2", "How 4 beams got there");
    await panel.run({ ...plain, prompt: "The king", max_new_tokens: 5, penalty_alpha: 0.6, top_k: 4 });
    await sees(panel, ".contrastive h2", "Probable, but unlike what came before");
  });
});

describe("the search tab", () => {
  test.each(themeNames)("fits from 300 to 1100 pixels in %s", async (theme) => {
    for (const [name, options] of [["beams", beams], ["contrastive", contrastive]] as const) {
      for (const width of [300, 736]) {
        const panel = await open(options({}, { theme, width }));
        await panel.fullScreenshot(`decoding-${name}-${theme}-${width}`);
        for (const other of [width, 1.5 * width]) {
          await panel.page.setViewportSize({ width: other, height: 900 });
          await panel.drawn();
          const { wide, inner } = await panel.page.evaluate(() => ({ wide: document.documentElement.scrollWidth, inner: window.innerWidth }));
          expect(wide, `${other} px`).toBeLessThanOrEqual(inner);
        }
      }
    }
  });
});
