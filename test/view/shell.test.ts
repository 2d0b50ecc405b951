import { describe, expect, it } from "vitest";
import { until } from "../support/until.js";
import type { Problem } from "../../src/core/contract/index.js";
import type { OpenOptions, Panel } from "./harness.js";
import { expectFaultless, madeRun, panelOpener, posted, say, sees } from "./support.js";
import { themeNames } from "./themes.js";

let panel: Panel;
const openPanel = panelOpener();

async function open(options: OpenOptions): Promise<void> {
  panel = await openPanel(options);
}

const opacityOf = (selector: string): Promise<string> => panel.page.locator(selector).first().evaluate((element) => getComputedStyle(element).opacity);
const problem: Problem = { severity: "error", message: say("Line 27 says “2.2.69”, which is not a number."), line: 27, span: { start: 200, end: 206 } };

describe("an empty panel", () => {
  it.each(themeNames)("says what to select and offers the samples (%s)", async (theme) => {
    await open({ theme });
    await sees(panel, "h1", "Select numbers, then “Fit GMM to Selection”");
    await expect.poll(() => panel.page.locator(".stage").isVisible()).toBe(false);
    await expect.poll(() => panel.page.locator(".sample-picture .bar").count()).toBe(30);
    await panel.screenshot(`state-empty-${theme}`);
    await panel.page.locator("vscode-button").click();
    expect((await posted(panel, "openSample")).file).toBe("em1d.csv");
    await panel.page.getByRole("button", { name: "Iris flowers" }).click();
    expect((await posted(panel, "openSample", (post) => post.file === "iris.csv")).file).toBe("iris.csv");
  });
});

describe("a run", () => {
  it("speaks of its progress and can be cancelled", async () => {
    await open({ sample: "em1d.csv", live: false });
    const run = madeRun();
    await panel.send({ type: "running", run, params: {}, edited: false });
    await panel.send({ type: "progress", run, fraction: 0.41, message: say("iteration 41, log-likelihood −209.57") });
    await sees(panel, ".progress-text", "iteration 41, log-likelihood −209.57 · Cancel");
    await sees(panel, "h1", "Reading em1d.csv");
    const [line, whole] = await panel.page.evaluate(() => {
      const progress = document.querySelector(".progress") as HTMLElement;
      return [parseFloat(getComputedStyle(progress, "::before").width), progress.clientWidth];
    });
    expect(line / whole).toBeCloseTo(0.41, 2);
    await expect.poll(() => panel.page.getByRole("button", { name: "Stop", exact: true }).count()).toBe(0);
    await panel.screenshot("state-starting-light");
    await panel.page.getByRole("button", { name: "Cancel" }).click();
    await posted(panel, "cancel");
    await panel.send({ type: "cancelled", run });
    await sees(panel, ".instead-of-picture", "Nothing was kept of this run.");
    await panel.page.locator("vscode-button").click();
    await posted(panel, "run");
  });

  it("draws what it has so far, and can be stopped to keep it", async () => {
    await open({ sample: "em1d.csv", theme: "dark" });
    const run = madeRun();
    await panel.send({ type: "running", run, params: {}, edited: false });
    await panel.send({ type: "progress", run, fraction: NaN, message: say("iteration 7"), trace: panel.trace() });
    await sees(panel, ".progress-text", "iteration 7 · Cancel · Stop");
    await expect.poll(() => panel.page.locator(".stage").isVisible()).toBe(true);
    await expect.poll(() => panel.page.locator(".stage.stale").count()).toBe(0);
    await panel.screenshot("state-running-dark");
    await panel.page.getByRole("button", { name: "Stop", exact: true }).click();
    await posted(panel, "stop");
  });

  it("drops the outcome of an old run", async () => {
    await open({ sample: "em1d.csv" });
    const [old, newer] = [madeRun(), madeRun()];
    await panel.send({ type: "running", run: old, params: {}, edited: true });
    await panel.send({ type: "running", run: newer, params: {}, edited: true });
    await panel.send({ type: "trace", run: newer, trace: panel.trace(), problems: [] });
    await panel.send({ type: "invalid", run: old, problems: [problem] });
    await panel.send({ type: "failed", run: old, message: say("Too late."), detail: "" });
    await panel.drawn();
    await expect.poll(() => panel.page.locator(".chip.warn").count()).toBe(0);
    await expect.poll(() => panel.page.locator("body").innerText()).not.toContain("Too late.");
  });

  it("that failed says so and can be tried again", async () => {
    await open({ sample: "em1d.csv", live: false });
    const run = madeRun();
    await panel.send({ type: "running", run, params: {}, edited: false });
    await panel.send({ type: "failed", run, message: say("The worker ended. A new one has been started."), detail: "stack" });
    await sees(panel, ".instead-of-picture", "The worker ended. A new one has been started.");
    await panel.page.locator("vscode-button").click();
    await posted(panel, "run");
  });
});

describe("an edit", () => {
  it.each(themeNames)("leaves the old marks at 55% and the text readable until the new picture is there (%s)", async (theme) => {
    await open({ sample: "em1d.csv", theme });
    const run = madeRun();
    await panel.send({ type: "running", run, params: {}, edited: true });
    await sees(panel, ".chip.warn", "before your edit");
    await expect.poll(() => opacityOf(".stage svg:not(.icon) rect")).toBe("0.55");
    await expect.poll(() => opacityOf(".stage svg:not(.icon) text")).toBe("1");
    await panel.screenshot(`state-stale-${theme}`);
    await panel.send({ type: "trace", run, trace: panel.trace(), problems: [] });
    await until("the chip to go", async () => (await panel.page.locator(".chip.warn").count()) === 0);
    await expect.poll(() => opacityOf(".stage svg:not(.icon) rect")).toBe("1");
  });

  it("that can't be read keeps the last picture and says where", async () => {
    await open({ sample: "em1d.csv" });
    const run = madeRun();
    await panel.send({ type: "running", run, params: {}, edited: true });
    await panel.send({ type: "invalid", run, problems: [{ severity: "warning", message: say("Another thing.") }, problem] });
    await sees(panel, ".instead", "Line 27 says “2.2.69”, which is not a number. Go to line 27");
    await sees(panel, "h1", "Two bells share 100 numbers");
    await expect.poll(() => panel.page.locator(".stage.stale").isVisible()).toBe(true);
    await panel.screenshot("state-invalid-edit-light");
    await panel.page.getByRole("button", { name: "Go to line 27" }).click();
    expect(await posted(panel, "reveal")).toMatchObject({ span: { start: 200, end: 206 }, line: 27 });
  });
});

describe("problems", () => {
  it("of real text without numbers stand in the picture's place", async () => {
    await open({ text: { name: "notes.txt", text: "no numbers in here\n" } });
    await sees(panel, "h1:visible", "No numbers to read");
    await expect.poll(async () => (await panel.page.locator(".problems .problem").first().innerText()).length).toBeGreaterThan(20);
    await expect.poll(() => panel.page.locator(".stage").isVisible()).toBe(false);
  });

  it.each(themeNames)("offer their remedies as buttons and their line as a link (%s)", async (theme) => {
    await open({ sample: "em1d.csv", live: false, theme });
    const run = madeRun();
    await panel.send({ type: "running", run, params: { n_components: 3, tol: 0.5 }, edited: false });
    const message = say("K = 3, but lines 2–41 hold only two different points. Choose K of 2 or less, or select more rows.");
    await panel.send({ type: "invalid", run, problems: [{ severity: "error", message, line: 2, fixes: [{ label: say("Set K to 2"), params: { n_components: 2 } }] }] });
    await sees(panel, ".problems", "Choose K of 2 or less, or select more rows. Go to line 2");
    await panel.screenshot(`state-error-${theme}`);
    await panel.page.locator("vscode-button", { hasText: "Set K to 2" }).click();
    expect((await posted(panel, "run")).params).toEqual({ n_components: 2, tol: 0.5 });
  });

  it("have a headline of their own, and lead to the lines where they are of all of them", async () => {
    await open({ text: { name: "points.csv", text: `x\n${"3.5\n7.25\n".repeat(20)}` }, params: { n_components: 3 }, width: 480, height: 300 });
    await sees(panel, "h1:visible", "No component can be fitted");
    await expect.poll(() => panel.page.locator("vscode-button").allInnerTexts()).toEqual(["Use 2 components"]);
    await panel.send({ type: "source", source: { uri: "file:///points.csv", name: "points.csv", lines: "2–41", ranges: [], pinned: false, text: true } });
    await sees(panel, ".buttons", "Show lines 2–41");
    await panel.screenshot("state-error-headline-light");
    const before = panel.posts.length;
    await panel.page.locator("vscode-button", { hasText: "Show lines 2–41" }).click();
    expect(await posted(panel, "reveal", undefined, before)).toEqual({ type: "reveal" });
  });

  it("are not repeated where the story has said them, but keep their remedy", async () => {
    await open({ text: { name: "c.csv", text: `x\n${[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 100, 100, 100, 100].join("\n")}` }, params: { n_components: 2 } });
    await sees(panel, "h1:visible", "One component has collapsed");
    const story = await panel.page.locator(".story").innerText();
    expect(story.match(/collapsed/g)).toHaveLength(1);
    expect(story).toContain("Try fewer components, another start, or a larger reg_covar. Use one component");
    await panel.screenshot("state-collapsed-light");
    await panel.step(0);
    await sees(panel, ".notes", "Component B has collapsed"); // the story is of the start here
    await panel.page.getByRole("button", { name: "Use one component" }).click();
    expect((await posted(panel, "run")).params).toMatchObject({ n_components: 1 });
  });

  it("of a good run stand under its sentence with their remedy", async () => {
    await open({ sample: "em1d.csv" });
    const run = madeRun();
    await panel.send({ type: "running", run, params: { reg_covar: 0.5 }, edited: false });
    const note: Problem = { severity: "warning", message: say("reg_covar changes the model."), fixes: [{ label: say("Set it to 1e-6"), params: { reg_covar: 1e-6 } }] };
    await panel.send({ type: "trace", run, trace: panel.trace(), problems: [note] });
    await sees(panel, ".notes", "reg_covar changes the model. Set it to 1e-6");
    await panel.page.getByRole("button", { name: "Set it to 1e-6" }).click();
    expect((await posted(panel, "run")).params).toMatchObject({ reg_covar: 1e-6 });
  });
});

describe("an exception in the picture", () => {
  it("becomes a sentence and a line for the log, and the next trace is drawn", async () => {
    await open({ sample: "em1d.csv" });
    const good = panel.trace();
    let run = madeRun();
    await panel.send({ type: "running", run, params: {}, edited: false });
    await panel.send({ type: "trace", run, trace: { nonsense: true }, problems: [] });
    await sees(panel, ".instead-of-picture", "The picture could not be drawn:");
    expect((await posted(panel, "error")).stack).toContain("Error");
    for (let i = 0; i < 5; i++) await panel.drawn();
    expect(panel.posts.filter((post) => post.type === "error").length).toBeLessThan(4); // it is not asked again and again
    await expect.poll(() => panel.page.locator(".stage").isVisible()).toBe(false);
    run = madeRun();
    await panel.send({ type: "running", run, params: {}, edited: false });
    await panel.send({ type: "trace", run, trace: good, problems: [] });
    await until("the picture", () => panel.page.locator(".stage").isVisible());
    await sees(panel, "h1:visible", "Two bells share 100 numbers");
  });
});

describe("chips", () => {
  it("say that a run ended early and go on from it", async () => {
    await open({ sample: "iris.csv", params: { n_components: 3, max_iter: 2, tol: 0 } });
    await sees(panel, ".chip", /iteration 2\b.*Continue/s);
    const shown = panel.outcomes.at(-1)?.run;
    await panel.page.getByRole("button", { name: "Continue" }).click();
    expect((await posted(panel, "run")).from).toBe(shown);
  });

  it("say what was sampled and draw all of it", async () => {
    await open({ sample: "draws.npy", params: { draw_limit: 100 }, theme: "dark" });
    await sees(panel, ".chip", "100 of 1,000 drawn");
    await panel.screenshot("state-sampled-dark");
    await panel.page.getByRole("button", { name: "Draw all" }).click();
    expect((await posted(panel, "run")).params).toMatchObject({ draw_limit: 1000 });
    await until("the chip to go", async () => !(await panel.page.locator(".head").innerText()).includes("drawn"));
  });

  it("say that play was stopped where the likelihood fell", async () => {
    await open({ sample: "em1d.csv", params: { reg_covar: 0.5, n_components: 2, tol: 1e-9, max_iter: 30 }, reducedMotion: true });
    const trace = panel.trace<{ fits: { fell: Int32Array }[] }>();
    expect(trace.fits[0].fell.length).toBeGreaterThan(0);
    await panel.step(0);
    await panel.page.getByRole("button", { name: "Play" }).click();
    await sees(panel, ".chip.red", "paused");
    await sees(panel, "h1", "The log-likelihood fell");
    await panel.screenshot("state-law-light");
    await panel.page.keyboard.press("Home");
    await until("the chip to go", async () => (await panel.page.locator(".chip.red").count()) === 0);
  });
});

describe("the header", () => {
  it("reveals the source, pins it, and says why rows were left out", async () => {
    await open({ sample: "messy.csv" });
    await panel.page.locator(".source").click();
    await posted(panel, "reveal");
    await panel.page.getByRole("button", { name: "Stop following the source" }).click();
    expect((await posted(panel, "pin")).pinned).toBe(true);
    await panel.page.getByRole("button", { name: "Follow the source again" }).click();
    await posted(panel, "pin", (post) => !post.pinned);
    const rows = panel.page.locator(".rows");
    await expect.poll(() => rows.getAttribute("aria-expanded")).toBe("false");
    await rows.click();
    await sees(panel, ".reasons", /line|row/);
    const before = panel.posts.length;
    await panel.page.locator(".reasons .link").first().click();
    await posted(panel, "reveal", (post) => post.line !== undefined || post.span !== undefined, before);
    await panel.page.keyboard.press("Escape");
    await expect.poll(() => panel.page.locator(".reasons").isVisible()).toBe(false);
  });

  it("copies, exports and inserts; in a narrow panel from the menu", async () => {
    await open({ sample: "em1d.csv", width: 320 });
    await expect.poll(() => panel.page.getByRole("button", { name: "Copy as Python" }).isVisible()).toBe(false);
    await panel.page.getByRole("button", { name: "More" }).click();
    await panel.page.getByRole("menuitem", { name: /Copy as Python/ }).click();
    expect((await posted(panel, "copy")).text).toContain("GaussianMixture");
    await panel.page.getByRole("button", { name: "More" }).click();
    await panel.page.getByRole("menuitem", { name: /Insert parameters/ }).click();
    expect((await posted(panel, "insert")).text).toContain("means");
    await expect.poll(() => panel.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
  });

  it("confirms what the host has done, aloud", async () => {
    await open({ sample: "em1d.csv" });
    await panel.send({ type: "notice", message: say("Copied.") });
    await sees(panel, ".notice", "Copied.");
    await expect.poll(() => panel.page.locator("[role=status]").textContent()).toBe("Copied.");
  });
});

describe("a reload", () => {
  it("comes back to the saved step, parameters and choices", async () => {
    await open({ sample: "em1d.csv" });
    await panel.page.locator(".disclosure").click();
    await panel.step(5);
    const state = panel.state();
    expect(state).toMatchObject({ explainer: "mixture", step: 5, uri: "file:///em1d.csv", ui: { parametersOpen: true } });
    expectFaultless(panel);
    await panel.close();
    await open({ sample: "em1d.csv", state });
    await until("the saved step", () => panel.state()?.step === 5);
    await sees(panel, ".player-place", "Iteration 3 of 12");
    await expect.poll(() => panel.page.locator(".form").isVisible()).toBe(true);
  });
});

describe("languages", () => {
  it("speaks Chinese where the reader does, and says so to screen readers", async () => {
    await open({ sample: "em1d.csv", language: "zh-cn" });
    await expect.poll(() => panel.page.evaluate(() => document.documentElement.lang)).toBe("zh-cn");
    await sees(panel, ".disclosure", "参数");
    await sees(panel, ".head", "导出");
  });
});
