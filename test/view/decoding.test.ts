import { describe, expect, it } from "vitest";
import type { DecodingTrace } from "../../src/core/decoding/trace.js";
import { until } from "../support/until.js";
import { explored, mocked, prompt, traced } from "./decodingPage.js";
import type { Panel } from "./harness.js";
import { panelOpener, posted, sees } from "./support.js";
import { themeNames } from "./themes.js";

const open = panelOpener();
const slider = (panel: Panel, name: string) => panel.page.locator(`.slider input[type=range][aria-label="${name}"]`);
const runs = (panel: Panel) => panel.posts.filter((post) => post.type === "run");

describe("the frame of the decoding explorer", () => {
  it("fits every width in every theme, without a word of the console", async () => {
    for (const theme of themeNames) {
      for (const width of theme === "light" ? [300, 340, 480, 620, 900] : [340]) {
        const panel = await open(mocked({}, { theme, width }));
        await expect.poll(() => panel.page.evaluate(() => document.documentElement.scrollWidth), { message: `${theme} ${width}` }).toBeLessThanOrEqual(width);
        await panel.close();
      }
    }
  });

  it("runs at once when a slider moves, and shows the value of its box beside it", async () => {
    const panel = await open(mocked());
    await slider(panel, "temperature").evaluate((element: HTMLInputElement) => {
      element.value = "0.3";
      element.dispatchEvent(new Event("input", { bubbles: true }));
    });
    await posted(panel, "run", (post) => post.params.temperature === 0.3);
    await traced(panel, "the new temperature", (trace) => trace.config.temperature === 0.3);
    await expect.poll(() => panel.page.locator('.slider-value[aria-label="temperature"]').inputValue()).toBe("0.3");
    const box = panel.page.locator('.slider-value[aria-label="top_k"]');
    await box.fill("250");
    await box.press("Enter");
    await traced(panel, "the new top_k", (trace) => trace.config.top_k === 250);
    await expect.poll(() => slider(panel, "top_k").inputValue()).toBe("100");
    await box.fill("2.5");
    await sees(panel, ".slider", "top_k must be a whole number");
    expect(runs(panel).some((post) => post.params.top_k === 2.5)).toBe(false);
  });

  it("draws while a slider is dragged, with at most one run a frame, of which the last wins; nothing below the sentence moves", async () => {
    // Not where the drag ends, lest the first trace be taken for the last.
    const panel = await open(mocked({ max_new_tokens: 100, top_p: 0.95 }));
    const top = () => panel.page.locator(".pipeline").evaluate((element) => element.getBoundingClientRect().top);
    const [before, place] = [runs(panel).length, await top()];
    const { drawn, frames } = await slider(panel, "top_p").evaluate(async (element: HTMLInputElement) => {
      const seen = new Set<string>();
      let frames = 0;
      // A minute of frames at most: a slow machine has its runs seldom.
      for (let i = 0; i <= 120 || (seen.size < 3 && i <= 7200); i++) {
        element.value = String(i < 120 ? 0.3 + Math.floor(i / 2) / 100 : 0.5 + (Math.floor(i / 2) % 40) / 100);
        element.dispatchEvent(new Event("input", { bubbles: true }));
        if (i % 2 === 0) continue;
        await new Promise((resolve) => requestAnimationFrame(resolve));
        frames++;
        seen.add(document.querySelector(".pipeline-stages")!.textContent!);
      }
      element.value = "0.9";
      element.dispatchEvent(new Event("input", { bubbles: true }));
      return { drawn: seen.size, frames };
    });
    await traced(panel, "the last of the drag", (trace) => trace.config.top_p === 0.9 && trace.explore?.finish !== "running");
    const made = runs(panel).slice(before);
    expect(made.length).toBeLessThanOrEqual(frames + 1);
    expect(made.at(-1)?.params.top_p).toBe(0.9);
    expect(drawn).toBeGreaterThan(2);
    await expect.poll(() => panel.page.locator(".pipeline-bar").count()).toBeGreaterThan(20);
    await expect.poll(() => top()).toBe(place);
  });

  it("takes its probabilities from where the reader says", async () => {
    const panel = await open({ ...mocked({ prompt: "" }), text: { name: "logits.json", text: "[3, 2, 1]", languageId: "json" } });
    await panel.page.getByRole("combobox", { name: "Source" }).selectOption("given");
    await posted(panel, "run", (post) => post.params.source === "given");
    const { explore } = await traced(panel, "the given logits", (trace) => trace.source.kind === "given");
    expect(explore!.at[0].ids).toHaveLength(3);
    await until("no box for a prompt", async () => !(await panel.page.getByRole("textbox", { name: "Prompt" }).isVisible()));
    await expect.poll(() => panel.page.locator(".generation").isVisible()).toBe(false);
  });

  it("takes a prompt that is typed, after a pause, and gives the source's own back", async () => {
    const panel = await open(mocked());
    const area = panel.page.getByRole("textbox", { name: "Prompt" });
    await expect.poll(() => area.inputValue()).toBe(prompt);
    await area.fill("Once upon a time");
    await posted(panel, "run", (post) => post.params.prompt === "Once upon a time");
    await traced(panel, "the new prompt", (trace) => trace.prompt.text === "Once upon a time");
    await sees(panel, ".generation-text", "Once upon a time");
    await panel.page.getByRole("button", { name: "Back to the selection" }).click();
    await posted(panel, "run", (post) => post.params.prompt === "");
    const { prompt: own } = await traced(panel, "the source's prompt", (trace) => trace.prompt.text !== "Once upon a time");
    await until("the box", async () => (await area.inputValue()) === own.text);
  });

  it("shows the source's own prompt again when the emptied box is left", async () => {
    const panel = await open(mocked({ prompt: "Once upon a time" }));
    const area = panel.page.getByRole("textbox", { name: "Prompt" });
    await expect.poll(() => area.inputValue()).toBe("Once upon a time");
    await area.fill("");
    const { prompt: own } = await traced(panel, "the source's prompt", (trace) => trace.prompt.text !== "Once upon a time");
    expect(await area.inputValue()).toBe("");
    await area.blur();
    expect(await area.inputValue()).toBe(own.text);
  });

  it("does not run while an input method composes", async () => {
    const panel = await open(mocked());
    const area = panel.page.getByRole("textbox", { name: "Prompt" });
    await area.evaluate((element: HTMLTextAreaElement) => {
      element.dispatchEvent(new CompositionEvent("compositionstart", { bubbles: true }));
      element.value = "ni";
      element.dispatchEvent(new InputEvent("input", { bubbles: true }));
      element.value = "你";
      element.dispatchEvent(new CompositionEvent("compositionend", { bubbles: true }));
    });
    await posted(panel, "run", (post) => post.params.prompt === "你");
    expect(runs(panel).map((post) => post.params.prompt)).not.toContain("ni");
  });

  it("offers presets, which may lead to another tab", async () => {
    const panel = await open(mocked());
    await panel.page.getByRole("button", { name: "Presets" }).click();
    await panel.page.getByRole("menuitem", { name: "CTRL" }).click();
    await traced(panel, "the preset", (trace) => trace.config.repetition_penalty === 1.2 && trace.strategy === "greedy");
    await sees(panel, ".picker h2", "No number, the highest:");
    await panel.page.getByRole("button", { name: "Presets" }).click();
    await panel.page.getByRole("menuitem", { name: "Contrastive search" }).click();
    await until("the tab", async () => (await panel.page.locator('[role=tab][aria-selected="true"]').textContent()) === "Search");
    await traced(panel, "the search", (trace) => trace.search?.kind === "contrastive");
  });

  it("computes a tab once, and nothing when it is gone back to", async () => {
    const panel = await open(mocked());
    await panel.page.getByRole("tab", { name: "Search" }).click();
    await traced(panel, "the search", (trace) => trace.search !== undefined);
    await panel.page.getByRole("tab", { name: "Next token" }).click();
    await panel.page.locator(".pipeline").waitFor();
    await panel.page.getByRole("tab", { name: "Search" }).click();
    await panel.drawn();
    expect(runs(panel).map((post) => post.params.tab)).toEqual(["search"]);
  });

  it("names the file that changes are written to, and goes there", async () => {
    const panel = await open(mocked());
    const source = { uri: "file:///prompt.txt", name: "prompt.txt", lines: "", ranges: [], pinned: false, text: true };
    await panel.send({ type: "source", source: { ...source, config: { uri: "file:///generation_config.json", name: "generation_config.json", broken: false } } });
    await sees(panel, ".decoding-controls", "Writes to generation_config.json");
    await panel.page.getByRole("button", { name: "generation_config.json" }).click();
    await posted(panel, "revealConfig");
    await panel.send({ type: "source", source: { ...source, config: { uri: "file:///generation_config.json", name: "generation_config.json", broken: true } } });
    await sees(panel, ".decoding-controls", "Not written, since it can’t be read: generation_config.json");
  });

  it("keeps prompt and sliders where a run is refused, so that it can be mended there", async () => {
    const panel = await open(mocked({ num_beams: 3, num_beam_groups: 2 }));
    expect(panel.outcomes.at(-1)?.type).toBe("invalid");
    await expect.poll(() => slider(panel, "temperature").isVisible()).toBe(true);
    await expect.poll(() => panel.page.getByRole("textbox", { name: "Prompt" }).isVisible()).toBe(true);
  });

  it("exports picture and numbers, and copies the parameters", async () => {
    const panel = await open(mocked({}, { width: 620 }));
    const exported = async (name: string) => {
      const from = panel.posts.length;
      await panel.page.getByRole("button", { name: "Export" }).click();
      await panel.page.getByRole("menuitem", { name }).click();
      return posted(panel, "save", () => true, from);
    };
    const picture = await exported("Picture (SVG)");
    expect(String(picture.data)).toContain("<svg");
    expect(String(picture.data)).toContain("penalty");
    const csv = await exported("Stages of the next token (CSV)");
    const [at] = explored(panel).at;
    expect(String(csv.data).trim().split("\n")).toHaveLength(at.ids.length + 1);
    const json = JSON.parse(String((await exported("Everything of this tab (JSON)")).data)) as { text: string; stages: unknown[] };
    expect(json.text).toBe(panel.trace<DecodingTrace>().explore!.text);
    expect(json.stages).toHaveLength(explored(panel).at.length);
  });
});
