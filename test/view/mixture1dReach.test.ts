import { describe, expect, it } from "vitest";
import type { MixtureTrace } from "../../src/core/mixture/trace.js";
import type { ViewToHost } from "../../src/core/protocol.js";
import { until } from "../support/until.js";
import type { Panel } from "./harness.js";
import { bells, marks, published, sharesAt, useHarness } from "./mixture1dPage.js";
import { pointsAt } from "./support.js";
import { boxOf } from "../support/boxOf.js";

const opened = useHarness();

describe("choosing", () => {
  const last = <T extends ViewToHost["type"]>(panel: Panel, type: T): Extract<ViewToHost, { type: T }> | undefined =>
    panel.posts.filter((post) => post.type === type).at(-1) as Extract<ViewToHost, { type: T }> | undefined;

  /** The tick of a point, in the page's pixels. */
  async function tickOf(panel: Panel, point: number): Promise<{ x: number; y: number }> {
    const box = await boxOf(panel.page.locator(`rect[data-tick="${point}"]`).first());
    return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  }

  it("a hovered number highlights its row, fills the formula and is named; a click holds and reveals it", () =>
    opened({ sample: "em1d.csv", params: published }, async (panel) => {
      const trace = panel.trace<MixtureTrace>();
      const spans = trace.spans as Int32Array;
      const lowest = trace.points.indexOf(Math.min(...trace.points));
      await pointsAt(panel, () => tickOf(panel, lowest), ".mixture-question h2", `How much of line ${trace.lines[lowest]} does A explain?`);
      const span = { start: spans[2 * lowest], end: spans[2 * lowest + 1] };
      await until("the highlight", () => last(panel, "highlight")?.spans.length === 1);
      expect(last(panel, "highlight")?.spans).toEqual([span]);
      await panel.page.mouse.down();
      await panel.page.mouse.up();
      await until("the reveal", () => last(panel, "reveal"));
      expect(last(panel, "reveal")).toMatchObject({ span, line: trace.lines[lowest] });
      await panel.page.mouse.move(5, 5);
      await panel.drawn();
      await expect.poll(async () => (await marks(panel.page, "[data-hairline]"))[0]["data-hairline"]).toBe(String(lowest));
      await expect.poll(() => panel.page.locator(".lede").textContent()).toContain(`line ${trace.lines[lowest]} goes wholly to A.`);
      await panel.page.keyboard.press("Escape");
      await until("the highlight to go", () => last(panel, "highlight")?.spans.length === 0);
    }));

  it("the keyboard walks over rows, chooses components and opens panes", () =>
    opened({ sample: "em1d.csv", params: published }, async (panel) => {
      const { page } = panel;
      await page.locator("svg.mixture-figure").focus();
      await page.keyboard.press("ArrowDown");
      await panel.drawn();
      await expect.poll(async () => (await marks(page, "[data-hairline]"))[0]["data-hairline"]).toBe("0");
      await page.keyboard.press("ArrowDown");
      await panel.drawn();
      await expect.poll(async () => (await marks(page, "[data-hairline]"))[0]["data-hairline"]).toBe("1");
      await page.keyboard.press("Escape");
      await page.locator("h1").click();
      await page.keyboard.press("2");
      await panel.drawn();
      await expect.poll(() => page.locator(".mixture-question h2").textContent()).toContain("does B explain?");
      await page.keyboard.press("f");
      await panel.drawn();
      await expect.poll(() => page.locator(".mixture-formulas").isVisible()).toBe(false);
      await page.keyboard.press("t");
      await until("the rows", () => page.locator(".mixture-rows-table").isVisible());
      const first = await page.locator(".mixture-rows-table tbody tr").first().locator("th, td").allTextContents();
      const trace = panel.trace<MixtureTrace>();
      const own = sharesAt(trace, trace.fits[0].kept.length - 1, trace.points[0]);
      expect([first[0], first[2], first[4]]).toEqual(["2", `${(own[0] * 100).toFixed(1)}%`, own[0] > 0.5 ? "A" : "B"]);
    }));

  it("the caret's row pulses its tick once", () =>
    opened({ sample: "em1d.csv", params: published }, async (panel) => {
      const spans = panel.trace<MixtureTrace>().spans as Int32Array;
      // It is there for less than half a second, which may pass between two looks.
      await panel.page.evaluate(() => {
        const scope = window as unknown as { pulses: number };
        scope.pulses = 0;
        new MutationObserver((records) => {
          for (const { addedNodes } of records) scope.pulses += Array.from(addedNodes).filter((node) => (node as Element).matches?.("circle.pulse")).length;
        }).observe(document.body, { childList: true, subtree: true });
      });
      await panel.send({ type: "caret", offset: spans[20] + 1 });
      // One at its tick and one under the curves.
      await expect.poll(() => panel.page.evaluate(() => (window as unknown as { pulses: number }).pulses)).toBe(2);
      await until("the pulse to go", async () => (await panel.page.locator("circle.pulse").count()) === 0);
    }));

  it("a symbol of the formula under the pointer emphasises its curve and leaves the formula", () =>
    opened({ sample: "em1d.csv", params: published }, async (panel) => {
      await panel.step(3);
      await panel.page.locator("[data-formula=share] .k1").first().hover();
      const widths = async () => Object.fromEntries((await marks(panel.page, "path[data-component]")).map((path) => [path["data-component"], path["stroke-width"]])) as object;
      await expect.poll(widths).toEqual({ A: "2.75", B: "3.75" });
      await expect.poll(() => panel.page.locator(".mixture-question h2").textContent()).toContain("does A explain?");
    }));

  it("colours the rows by component at the step, in tenths of the two largest shares, and off again", () =>
    opened({ sample: "em1d.csv", params: published }, async (panel) => {
      const trace = panel.trace<MixtureTrace>();
      await panel.step(3);
      await panel.send({ type: "action", action: "colourRows" });
      await until("the decoration", () => last(panel, "decorate"));
      const sent = last(panel, "decorate");
      expect(sent?.spans).toEqual(trace.spans);
      const colours = await panel.page.evaluate(() => [1, 2].map((n) => getComputedStyle(document.body).getPropertyValue(`--lumen-c${n}`).trim().toLowerCase()));
      trace.points.forEach((x, i) => {
        const bar = sent!.bars[sent!.group[i]];
        const a = bar.find((part) => part.color.toLowerCase() === colours[0])?.share ?? 0;
        expect(Math.abs(a - sharesAt(trace, 1, x)[0])).toBeLessThanOrEqual(0.0501);
        expect(bar.reduce((sum, part) => sum + part.share, 0)).toBeCloseTo(1, 9);
      });
      const before = panel.posts.filter((post) => post.type === "decorate").length;
      await panel.step(7);
      await until("the next decoration", () => panel.posts.filter((post) => post.type === "decorate").length > before);
      await panel.send({ type: "action", action: "colourRows" });
      await until("it to be taken away", () => panel.posts.at(-1)?.type === "undecorate");
    }));
});

describe("starting elsewhere", () => {
  it("a dragged mean starts a new fit from there", () =>
    opened({ sample: "em1d.csv", params: published }, async (panel) => {
      const trace = panel.trace<MixtureTrace>();
      const end = bells(trace, trace.fits[0].kept.length - 1);
      const handle = await boxOf(panel.page.locator("[data-mean=A]"));
      const other = await boxOf(panel.page.locator("[data-mean=B]"));
      const [x, y] = [handle.x + handle.width / 2, handle.y + handle.height / 2];
      const scale = (end[1].m - end[0].m) / (other.x - handle.x);
      await panel.page.mouse.move(x, y);
      await panel.page.mouse.down();
      await panel.page.mouse.move(x + 20, y);
      await panel.page.mouse.move(x + 60, y);
      await expect.poll(() => panel.page.locator(".mixture-figure").textContent()).toContain("release to fit from here");
      await panel.page.mouse.up();
      const run = await until("the run", () => panel.posts.find((post) => post.type === "run")) as Extract<ViewToHost, { type: "run" }>;
      const rows = run.params.means_init as number[][];
      expect(run.params.init_params).toBe("given");
      expect(rows[1]).toEqual([end[1].m]);
      expect(rows[0][0]).toBeCloseTo(end[0].m + 60 * scale, 1);
      await until("its trace", () => panel.outcomes.length === 2);
      expect(panel.trace<MixtureTrace>().fits[0].means[0]).toBe(rows[0][0]);
    }));

  it("and so does a mean moved by the keyboard", () =>
    opened({ sample: "em1d.csv", params: published }, async (panel) => {
      const { page } = panel;
      const trace = panel.trace<MixtureTrace>();
      const [a] = bells(trace, trace.fits[0].kept.length - 1);
      await page.locator("svg.mixture-figure").focus();
      await page.keyboard.press("1");
      await page.keyboard.press("Shift+ArrowRight");
      await page.keyboard.press("ArrowRight");
      expect(panel.posts.some((post) => post.type === "run")).toBe(false);
      await page.keyboard.press("Enter");
      const run = await until("the run", () => panel.posts.find((post) => post.type === "run")) as Extract<ViewToHost, { type: "run" }>;
      const range = (trace.stats.max[0] - trace.stats.min[0]) * 1.14;
      expect((run.params.means_init as number[][])[0][0]).toBeCloseTo(a.m + range / 20 + range / 200, 6);
    }));
});

describe("taking it along", () => {
  it("copies Python, inserts JSON, and saves picture, tables and trace", () =>
    opened({ sample: "em1d.csv", params: published }, async (panel) => {
      const trace = panel.trace<MixtureTrace>();
      await panel.send({ type: "action", action: "copyPython" });
      const copy = await until("the copy", () => panel.posts.find((post) => post.type === "copy")) as Extract<ViewToHost, { type: "copy" }>;
      expect(copy.text).toContain("GaussianMixture(");
      await panel.send({ type: "action", action: "insertParameters" });
      const insert = await until("the insertion", () => panel.posts.find((post) => post.type === "insert")) as Extract<ViewToHost, { type: "insert" }>;
      const [a, b] = bells(trace, 12);
      expect(insert.languageId).toBe("json");
      expect(JSON.parse(insert.text)).toMatchObject({ weights: [a.w, b.w], means: [[a.m], [b.m]] });

      const saved = async (label: string): Promise<{ name: string; data: string | Uint8Array }> => {
        const before = panel.posts.length;
        await panel.page.getByRole("button", { name: /^Export/ }).click();
        await panel.page.getByRole("menuitem", { name: label }).click();
        return await until(`${label} to be saved`, () => panel.posts.slice(before).find((post) => post.type === "save")) as Extract<ViewToHost, { type: "save" }>;
      };
      const csv = await saved("Responsibilities (CSV)");
      const lines = String(csv.data).trim().split("\n");
      expect(lines.length).toBe(101);
      const [line, x, rA] = lines[25].split(",").map(Number);
      expect([line, x]).toEqual([26, trace.points[24]]);
      expect(rA).toBeCloseTo(sharesAt(trace, 12, trace.points[24])[0], 12);
      expect(String((await saved("Parameters (CSV)")).data)).toContain(String(a.m));
      expect(String((await saved("Every iteration (CSV)")).data).trim().split("\n").length).toBe(14);
      const svg = String((await saved("Picture (SVG)")).data);
      const shown = await panel.page.evaluate((text) => {
        const file = new DOMParser().parseFromString(text, "image/svg+xml");
        return { error: file.querySelector("parsererror")?.textContent ?? null, text: file.documentElement.textContent ?? "", variables: text.includes("var(--") };
      }, svg);
      expect(shown.error).toBeNull();
      expect(shown.variables).toBe(false);
      expect(shown.text).toContain(`𝒩(μ ${a.m.toFixed(3)}, σ ${Math.sqrt(a.v).toFixed(3)})`);
      expect(shown.text).toContain("converged");
      const png = (await saved("Picture (PNG)")).data as Uint8Array;
      expect(Array.from(png.slice(0, 4))).toEqual([0x89, 0x50, 0x4e, 0x47]);
    }));
});
