import { describe, expect, it } from "vitest";
import { until } from "../support/until.js";
import type { OpenOptions, Panel } from "./harness.js";
import { panelOpener, posted, sees } from "./support.js";

let panel: Panel;
const openPanel = panelOpener();

async function open(options: OpenOptions): Promise<void> {
  panel = await openPanel(options);
}

const slider = (name: string) => panel.page.locator(`.form input[type=range][aria-label="${name}"]`);
const field = (name: string) => panel.page.locator(`.form vscode-text-field[aria-label="${name}"] input`);
/** The step that is drawn, as the saved state has it. */
const step = () => panel.state()?.step;
const settles = (n: number): Promise<unknown> => until(`step ${n}`, () => step() === n);

/** Notes from now on where the player's range is filled up to. */
const watchPlaces = () => panel.page.evaluate(() => {
  const seen: number[] = [];
  (window as unknown as { seen: number[] }).seen = seen;
  const range = document.querySelector(".player input.track") as HTMLElement;
  new MutationObserver(() => seen.push(parseFloat(range.style.getPropertyValue("--filled")))).observe(range, { attributes: true, attributeFilter: ["style"] });
});
/** Takes what was noted, in steps of `last` in all. */
const places = async (last: number): Promise<number[]> => {
  const seen = await panel.page.evaluate(() => (window as unknown as { seen: number[] }).seen.splice(0));
  return seen.map((percent) => (percent / 100) * last);
};

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
    await expect.poll(() => panel.page.getByRole("button", { name: "M moves" }).getAttribute("aria-pressed")).toBe("true");
    await panel.page.getByRole("button", { name: "E recolours" }).click();
    await settles(3);
    await sees(panel, ".player-place", "Iteration 2 of 12, E half-step");
    await expect.poll(() => panel.page.getByRole("button", { name: "E recolours" }).getAttribute("aria-pressed")).toBe("true");
    await panel.page.getByRole("button", { name: "M moves" }).click();
    await settles(4);
  });

  it("plays smoothly to the end, one half-step after another, and starts again from there", async () => {
    await open({ sample: "em1d.csv", state: { explainer: "mixture", params: {}, step: 0, uri: "", ranges: [], ui: { speed: 2 } }, params: { n_components: 2, max_iter: 2, tol: 0 } });
    await watchPlaces();
    let positions: number[] = [];
    // A machine that draws less than a frame in a fifth of a second shows no place between: another play may.
    await until("a place between two steps", async () => {
      await places(4);
      await panel.page.locator("body").press("Space");
      await until("play to end", async () => step() === 4 && (await panel.page.getByRole("button", { name: "Play" }).count()) === 1);
      await panel.drawn();
      positions = await places(4);
      return positions.some((position) => Math.abs(position - Math.round(position)) > 0.05);
    });
    positions = positions.slice(Math.max(0, positions.indexOf(0)));
    expect(positions.every((position, i) => i === 0 || position >= positions[i - 1] - 1e-9)).toBe(true);
    expect(positions.at(-1)).toBe(4);
    await expect.poll(() => panel.page.locator("[role=status]").textContent()).toContain("Iteration 2 of 2");
  });

  it("cuts from step to step where motion is unwanted, and can be paused", async () => {
    await open({ sample: "em1d.csv", reducedMotion: true });
    await watchPlaces();
    await panel.page.locator("body").press("Space");
    await until("some steps", async () => (step() ?? 0) >= 2 && (step() ?? 99) < 20);
    await panel.page.getByRole("button", { name: "Pause" }).click();
    await panel.drawn();
    const stood = step();
    const seen = await places(24);
    expect(seen.every((position) => Math.abs(position - Math.round(position)) < 1e-6)).toBe(true);
    await panel.drawn();
    expect(step()).toBe(stood);
    await expect.poll(() => panel.page.getByRole("button", { name: "Play" }).count()).toBe(1);
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
    await expect.poll(() => panel.page.locator("[role=status]").textContent()).toContain("Iteration 12 of 12");
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
    await expect.poll(() => panel.page.locator("[role=menu]").count()).toBe(0);
    await expect.poll(() => panel.page.evaluate(() => document.activeElement?.textContent)).toContain("Export");
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
    await expect.poll(() => panel.page.locator("[role=menu], dialog[open]").count()).toBe(0);
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
