import { describe, expect, it } from "vitest";
import { until } from "../support/until.js";
import type { OpenOptions, Panel } from "./harness.js";
import { panelOpener, posted, sees } from "./support.js";
import { themeNames } from "./themes.js";

let panel: Panel;
const openPanel = panelOpener();

async function open(options: OpenOptions): Promise<void> {
  panel = await openPanel(options);
}

const slider = (name: string) => panel.page.locator(`.form input[type=range][aria-label="${name}"]`);
const field = (name: string) => panel.page.locator(`.form vscode-text-field[aria-label="${name}"] input`);
const lastRun = () => panel.posts.filter((post) => post.type === "run").at(-1);
/** The step that is drawn, as the saved state has it. */
const step = () => panel.state()?.step;
const settles = (n: number): Promise<unknown> => until(`step ${n}`, () => step() === n);

describe("the parameter form", () => {
  it.each(themeNames)("reads as a sentence and opens to controls (%s)", async (theme) => {
    await open({ sample: "iris.csv", theme, width: 736 });
    await sees(panel, ".disclosure", "K 3 · full · k-means++ · 10 starts · tol 1e−3 · seed 0");
    await panel.page.locator(".disclosure").click();
    expect(await panel.page.locator(".form vscode-dropdown").count()).toBeGreaterThanOrEqual(3);
    const rows = await panel.page.locator(".form-row:visible").evaluateAll((all) => all.map((row) => row.getBoundingClientRect().left));
    expect(new Set(rows.map(Math.round)).size).toBe(2); // two columns
    await panel.fullScreenshot(`form-${theme}`);
  });

  it("runs after a pause when a slider moves, and at once on Enter", async () => {
    await open({ sample: "em1d.csv" });
    await panel.page.locator(".disclosure").click();
    await slider("n_components").focus();
    await panel.page.keyboard.press("ArrowRight");
    // The means that were placed for two components go with them.
    expect((await posted(panel, "run")).params).toMatchObject({ n_components: 3, stop_rule: "as-published", init_params: "k-means++", means_init: [] });
    await sees(panel, ".disclosure", "K 3");
    await field("tol").fill("0,01");
    await field("tol").press("Enter");
    expect((await posted(panel, "run", (post) => post.params.tol === 0.01)).params).toMatchObject({ n_components: 3 });
  });

  it("says what is wrong with a value and does not run with it", async () => {
    await open({ sample: "em1d.csv" });
    await panel.page.locator(".disclosure").click();
    await field("n_components").fill("99");
    await field("n_components").press("Enter");
    await sees(panel, ".field-problem", "n_components must be a whole number from 1 to 30.");
    await panel.drawn();
    expect(lastRun()).toBeUndefined();
    await field("n_components").fill("4");
    await field("n_components").press("Enter");
    expect((await posted(panel, "run")).params).toMatchObject({ n_components: 4 });
    expect(await panel.page.locator(".field-problem").first().innerText()).toBe("");
  });

  it("chooses from lists by mouse and keyboard", async () => {
    await open({ sample: "iris.csv" });
    await panel.page.locator(".disclosure").click();
    const list = panel.page.locator('.form vscode-dropdown[aria-label="covariance_type"]');
    await list.click();
    await list.locator("vscode-option", { hasText: "tied" }).click();
    expect((await posted(panel, "run")).params).toMatchObject({ covariance_type: "tied" });
    await sees(panel, ".disclosure", "tied");
  });

  it("explains the parameter under the focus", async () => {
    await open({ sample: "em1d.csv" });
    await panel.page.locator(".disclosure").click();
    for (const name of ["tol", "max_iter", "random_state"]) expect(await panel.page.getByRole("textbox", { name, exact: true }).count()).toBe(1);
    await slider("n_init").focus();
    await sees(panel, ".form-help", "n_init: How many starts to try.");
  });

  it("picks columns, the numeric ones first chosen, and keeps at least one", async () => {
    await open({ sample: "iris.csv" });
    await panel.page.locator(".disclosure").click();
    const boxes = panel.page.locator(".column-list vscode-checkbox");
    const checked = await boxes.evaluateAll((all) => all.map((box) => [box.textContent, (box as HTMLInputElement).checked]));
    expect(checked.filter(([, on]) => on)).toHaveLength(4);
    await sees(panel, ".column-list", "150 numbers");
    await boxes.first().click();
    const { columns } = (await posted(panel, "run")).params as { columns: string[] };
    expect(columns).toHaveLength(3);
    await sees(panel, ".source", "3 columns");
    await boxes.first().click();
    expect((await posted(panel, "run", (post) => (post.params.columns as string[]).length === 0)).params.columns).toEqual([]);
  });

  it("lists some of very many columns, those that are chosen first, and finds the others", async () => {
    const names = Array.from({ length: 3000 }, (_, i) => `c${i}`);
    const rows = Array.from({ length: 9 }, (_, r) => names.map((_, i) => (r * 31 + i * 7 + r * r * i) % 101));
    await open({ text: { name: "wide.csv", text: [names, ...rows].map((row) => row.join(",")).join("\n"), languageId: "csv" }, params: { columns: ["c5", "c2500"] } });
    await panel.page.locator(".disclosure").click();
    const boxes = panel.page.locator(".column-list vscode-checkbox");
    await sees(panel, ".form", "60 of 3000 columns are listed.");
    expect(await boxes.count()).toBe(60);
    await sees(panel, ".column-list", /^c0 [^]*c2500 /);
    await panel.page.getByRole("textbox", { name: "Find a column" }).fill("C29");
    await sees(panel, ".column-list", /^c29 [^]*c290 [^]*c2900 /);
    await boxes.first().click();
    expect((await posted(panel, "run")).params.columns).toEqual(["c5", "c29", "c2500"]);
  });

  it("computes columns, and shows what is wrong with an expression under it", async () => {
    await open({ sample: "em1d.csv" });
    await panel.page.locator(".disclosure").click();
    await panel.page.getByRole("button", { name: "Add a column" }).click();
    const name = panel.page.locator(".computed-row vscode-text-field input").first();
    const expression = panel.page.locator(".computed-row vscode-text-field input").nth(1);
    await name.fill("y");
    await expression.fill("exp(x) +");
    await expression.press("Enter");
    await until("the problem under the line", async () => (await panel.page.locator(".computed-row .field-problem").innerText()).length > 10);
    await panel.fullScreenshot("form-computed-light");
    await expression.fill("exp(x / 2)");
    await expression.press("Enter");
    await until("a good run", () => panel.outcomes.at(-1)?.type === "trace");
    await until("the problem to go", async () => (await panel.page.locator(".computed-row .field-problem").innerText()) === "");
    await sees(panel, ".disclosure", "y");
    await panel.page.locator(".computed-row .link").click();
    expect((await posted(panel, "run", (post) => (post.params.computed as unknown[]).length === 0)).params.computed).toEqual([]);
  });

  it("offers presets, defaults, and takes placed means away", async () => {
    await open({ sample: "em1d.csv" });
    await panel.page.locator(".disclosure").click();
    await sees(panel, ".form", "2 rows, placed in the picture");
    await panel.page.getByRole("button", { name: "Defaults" }).click();
    const { params } = await posted(panel, "run");
    expect(params).toMatchObject({ n_components: 2, init_params: "k-means++", tol: 1e-3, means_init: [], stop_rule: "lower_bound" });
    await until("the row of placed means to go", async () => !(await panel.page.locator(".form").innerText()).includes("placed in the picture"));
    expect(await panel.page.locator(".presets .link").count()).toBeGreaterThan(1);
  });
});

describe("the player", () => {
  it("has the extent of the curve above it, and fills up to the step", async () => {
    await open({ sample: "em1d.csv" });
    await panel.step(6);
    const { left, right, filled } = await panel.page.locator(".player > input.track").evaluate((element: HTMLInputElement) => {
      const box = element.getBoundingClientRect();
      return { left: box.left + 6, right: box.right - 6, filled: element.style.getPropertyValue("--filled") };
    });
    expect(filled).toBe("25%");
    const ticks = await panel.page.locator(".mixture-ruler svg line").evaluateAll((all) => {
      const horizontal = all.map((line) => line.getBoundingClientRect()).filter((box) => box.width > 200);
      return horizontal.map((box) => [box.left, box.right]);
    });
    expect(ticks.some(([a, b]) => Math.abs(a - left) < 1.5 && Math.abs(b - right) < 1.5)).toBe(true);
  });

  it("switches between the halves of a step", async () => {
    await open({ sample: "em1d.csv" });
    await panel.step(4);
    expect(await panel.page.getByRole("button", { name: "M moves" }).getAttribute("aria-pressed")).toBe("true");
    await panel.page.getByRole("button", { name: "E recolours" }).click();
    await settles(3);
    await sees(panel, ".player-place", "Iteration 2 of 12, E half-step");
    expect(await panel.page.getByRole("button", { name: "E recolours" }).getAttribute("aria-pressed")).toBe("true");
    await panel.page.getByRole("button", { name: "M moves" }).click();
    await settles(4);
  });

  it("plays smoothly to the end, one half-step after another, and starts again from there", async () => {
    await open({ sample: "em1d.csv", state: { explainer: "mixture", params: {}, step: 0, uri: "", ranges: [], ui: { speed: 4 } }, params: { n_components: 2, max_iter: 2, tol: 0 } });
    await panel.page.evaluate(() => {
      const seen: number[] = [];
      (window as unknown as { seen: number[] }).seen = seen;
      const range = document.querySelector(".player input.track") as HTMLElement;
      new MutationObserver(() => seen.push(parseFloat(range.style.getPropertyValue("--filled")))).observe(range, { attributes: true, attributeFilter: ["style"] });
    });
    await panel.page.locator("body").press("Space");
    await until("play to end", async () => step() === 4 && (await panel.page.getByRole("button", { name: "Play" }).count()) === 1);
    const seen = await panel.page.evaluate(() => (window as unknown as { seen: number[] }).seen);
    const positions = seen.map((percent) => (percent / 100) * 4);
    expect(positions.every((position, i) => i === 0 || position >= positions[i - 1] - 1e-9)).toBe(true);
    expect(positions.some((position) => Math.abs(position - Math.round(position)) > 0.05)).toBe(true);
    expect(positions.at(-1)).toBe(4);
    expect(await panel.page.locator("[role=status]").textContent()).toContain("Iteration 2 of 2");
  });

  it("cuts from step to step where motion is unwanted, and can be paused", async () => {
    await open({ sample: "em1d.csv", reducedMotion: true });
    await panel.page.evaluate(() => {
      const seen: number[] = [];
      (window as unknown as { seen: number[] }).seen = seen;
      const range = document.querySelector(".player input.track") as HTMLElement;
      new MutationObserver(() => seen.push((parseFloat(range.style.getPropertyValue("--filled")) / 100) * 24)).observe(range, { attributes: true, attributeFilter: ["style"] });
    });
    await panel.page.locator("body").press("Space");
    await until("some steps", async () => (step() ?? 0) >= 2 && (step() ?? 99) < 20);
    await panel.page.getByRole("button", { name: "Pause" }).click();
    const stood = step();
    const seen = await panel.page.evaluate(() => (window as unknown as { seen: number[] }).seen);
    expect(seen.every((position) => Math.abs(position - Math.round(position)) < 1e-6)).toBe(true);
    await panel.drawn();
    expect(step()).toBe(stood);
    expect(await panel.page.getByRole("button", { name: "Play" }).count()).toBe(1);
  });

  it("keeps the chosen speed", async () => {
    await open({ sample: "em1d.csv" });
    const list = panel.page.locator(".player-speed vscode-dropdown");
    await list.click();
    await list.locator("vscode-option", { hasText: "2×" }).click();
    await until("the speed to be saved", () => panel.state()?.ui.speed === 2);
  });

  it("obeys commands of the palette", async () => {
    await open({ sample: "em1d.csv" });
    await panel.send({ type: "action", action: "stepBack" });
    await settles(23);
    await panel.send({ type: "action", action: "stepForward" });
    await settles(24);
    await panel.send({ type: "action", action: "copyPython" });
    expect((await posted(panel, "copy")).text).toContain("sklearn");
    await panel.send({ type: "action", action: "export" });
    await sees(panel, "[role=menu]", "SVG");
  });
});

describe("keys", () => {
  it("step by halves and wholes, and jump to the ends", async () => {
    await open({ sample: "em1d.csv" });
    const press = async (key: string, expected: number) => {
      await panel.page.keyboard.press(key);
      await settles(expected);
    };
    await press("Home", 0);
    await press("ArrowRight", 1);
    await press("Shift+ArrowRight", 2);
    await press("Shift+ArrowRight", 4);
    await press("ArrowLeft", 3);
    await press("Shift+ArrowLeft", 2);
    await press("End", 24);
    expect(await panel.page.locator("[role=status]").textContent()).toContain("Iteration 12 of 12");
    await panel.page.locator(".player input.track").focus();
    await press("ArrowLeft", 23);
    await press("Shift+ArrowLeft", 22);
  });

  it("open the list of keys, the exports, table and formula, and Esc lets go", async () => {
    await open({ sample: "em1d.csv" });
    await panel.page.keyboard.press("?");
    await sees(panel, "dialog", "play and pause");
    await panel.screenshot("keys-light");
    await panel.page.keyboard.press("Escape");
    await until("the list to close", async () => (await panel.page.locator("dialog[open]").count()) === 0);
    await panel.page.keyboard.press("e");
    await sees(panel, "[role=menu]", "PNG");
    await panel.screenshot("export-menu-light");
    await panel.page.keyboard.press("ArrowDown");
    await panel.page.keyboard.press("Escape");
    expect(await panel.page.locator("[role=menu]").count()).toBe(0);
    expect(await panel.page.evaluate(() => document.activeElement?.textContent)).toContain("Export");
    const formulas = () => panel.page.locator("math:visible").count();
    const before = await formulas();
    await panel.page.keyboard.press("f");
    await until("the formulas to go", async () => (await formulas()) < before);
    await panel.page.keyboard.press("f");
    await until("the formulas to come back", async () => (await formulas()) === before);
    const tables = () => panel.page.locator("table:visible").count();
    const shown = await tables();
    await panel.page.keyboard.press("t");
    await until("the table of rows", async () => (await tables()) > shown);
  });

  it("are text where the reader types, and move sliders of the form, not the step", async () => {
    await open({ sample: "em1d.csv" });
    await panel.page.locator(".disclosure").click();
    await field("tol").click();
    await panel.page.keyboard.type("te?f");
    expect(await panel.page.locator("[role=menu], dialog[open]").count()).toBe(0);
    await field("tol").fill("1e-6");
    await slider("n_components").focus();
    await panel.page.keyboard.press("ArrowRight");
    await panel.page.keyboard.press("End");
    await panel.drawn();
    expect(step()).toBe(24);
  });

  it("reach everything with a visible focus", async () => {
    await open({ sample: "em1d.csv" });
    const names: string[] = [];
    for (let i = 0; i < 16; i++) {
      await panel.page.keyboard.press("Tab");
      const found = await panel.page.evaluate(() => {
        const element = document.activeElement as HTMLElement;
        const style = getComputedStyle(element);
        const thumb = element.matches("input.track") || element.matches("vscode-dropdown");
        return { name: element.getAttribute("aria-label") ?? element.textContent ?? "", ring: thumb || (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2) };
      });
      expect(found.ring, `focus on ${found.name}`).toBe(true);
      names.push(found.name);
    }
    expect(names.some((name) => name.startsWith("Show the source"))).toBe(true);
    expect(names.some((name) => name.includes("Parameters"))).toBe(true);
  });
});
