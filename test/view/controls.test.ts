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

describe("the parameter form", () => {
  it.each(themeNames)("reads as a sentence and opens to controls (%s)", async (theme) => {
    await open({ sample: "iris.csv", theme, width: 736 });
    await sees(panel, ".disclosure", "K 3 · full · k-means++ · 10 starts · tol 1e−3 · seed 0");
    await panel.page.locator(".disclosure").click();
    await expect.poll(() => panel.page.locator(".form vscode-dropdown").count()).toBeGreaterThanOrEqual(3);
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
    await expect.poll(() => panel.page.locator(".field-problem").first().innerText()).toBe("");
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
    for (const name of ["tol", "max_iter", "random_state"]) await expect.poll(() => panel.page.getByRole("textbox", { name, exact: true }).count()).toBe(1);
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
    await expect.poll(() => boxes.count()).toBe(60);
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
    await expect.poll(() => panel.page.locator(".presets .link").count()).toBeGreaterThan(1);
  });
});
