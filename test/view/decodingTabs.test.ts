import { describe, expect, it } from "vitest";
import type { DecodingTrace } from "../../src/core/decoding/trace.js";
import { until } from "../support/until.js";
import { mocked, traced } from "./decodingPage.js";
import type { Panel } from "./harness.js";
import { madeRun, panelOpener, posted, say, sees } from "./support.js";

const open = panelOpener();
const tab = (panel: Panel, name: string) => panel.page.getByRole("tab", { name });
const tabNow = (panel: Panel) => panel.page.locator('[role=tab][aria-selected="true"]').textContent();
const choosePreset = async (panel: Panel, name: string) => {
  await panel.page.locator(".decoding-controls").getByRole("button", { name: "Presets" }).click();
  await panel.page.getByRole("menuitem", { name, exact: true }).click();
};

describe("the tabs of the decoding explorer", () => {
  it("lead from a search that finds nothing to the next token, and keep the step of a search over a reload", async () => {
    const panel = await open(mocked({ tab: "search", do_sample: false, num_beams: 3, max_new_tokens: 8 }));
    expect(await panel.steps()).toBe(8);
    expect(await panel.page.locator(".beams .player-place b").textContent()).toBe("Token 8 of 8");
    await panel.step(3);
    await until("the saved step", () => panel.state()?.ui.searchStep === 3);
    await tab(panel, "Next token").click();
    await panel.page.locator(".pipeline").waitFor();
    await tab(panel, "Search").click();
    await sees(panel, ".beams .player-place b", "Token 4 of 8");
    const again = await open({ ...mocked(), params: undefined, state: panel.state() });
    await sees(again, ".beams .player-place b", "Token 4 of 8");

    await choosePreset(again, "Creative");
    await traced(again, "the preset", (trace) => trace.explore !== undefined && trace.config.temperature === 1.1);
    await until("the next token", async () => (await tabNow(again)) === "Next token");
    expect(again.posts.filter(({ type }) => type === "run")).toHaveLength(1);
    await tab(again, "Search").click();
    await sees(again, ".search-none", "The parameters search for nothing");
    await again.page.locator(".search-none").getByRole("button", { name: "Look at the next token" }).click();
    await until("the next token again", async () => (await tabNow(again)) === "Next token");
  });

  it("say what they wait for while another is computed, and can be had at once; nothing that is hidden moves on", async () => {
    const panel = await open(mocked({ max_new_tokens: 12 }, { live: false }));
    const params = { tab: "compare", prompt: "The sea" };
    await panel.send({ type: "running", run: madeRun(), params, edited: false });
    const source = { kind: "model", name: "", vocabularySize: 4, contextLength: 8, hiddenSize: 4, parameters: 1, eos: [] };
    const trace = { key: "k", source, prompt: { text: "The sea", ids: new Int32Array(1), cut: 0, spans: null }, pieceIds: new Int32Array(1), pieces: ["a"], config: {}, strategy: "sampling", notes: [], compare: { strategies: [], prompts: [] } };
    const run = madeRun();
    await panel.send({ type: "running", run, params, edited: false });
    await panel.send({ type: "progress", run, fraction: 0.1, message: say("greedy: text 1 of 8"), trace });
    await tab(panel, "Search").click();
    await sees(panel, ".decoding-waiting", "This waits until “Compare” is computed.");
    await panel.page.locator(".decoding-waiting").getByText("Cancel", { exact: true }).click();
    await posted(panel, "cancel");
    await panel.page.locator(".decoding-waiting").getByText("Compute this now", { exact: true }).click();
    expect((await posted(panel, "run")).params).toMatchObject({ tab: "search", prompt: "The sea" });
    const next = madeRun();
    await panel.send({ type: "running", run: next, params: { ...params, tab: "search" }, edited: false });
    await sees(panel, ".decoding-waiting", "This is being computed.");
  });

  it("leave the editor its own keys, and other tabs' players where they are", async () => {
    const panel = await open(mocked({ max_new_tokens: 6 }));
    const { explore } = panel.trace<DecodingTrace>();
    expect(explore?.ids.length).toBe(6);
    await panel.page.evaluate(() => {
      const heard: string[] = [];
      Object.assign(window, { heard });
      window.addEventListener("keydown", (event) => heard.push(event.key));
    });
    await tab(panel, "Compare").click();
    await traced(panel, "the comparison", (trace) => trace.compare !== undefined);
    await panel.page.locator(".compare-row").nth(1).click();
    for (const key of ["ArrowRight", " ", "End"]) await panel.page.keyboard.press(key);
    await tab(panel, "Training and after").click();
    await traced(panel, "the losses", (trace) => trace.training !== undefined);
    await panel.page.locator(".decoding-training h2").first().click();
    for (const key of ["ArrowRight", " ", "End"]) await panel.page.keyboard.press(key);
    await panel.drawn();
    expect([panel.state()?.ui.position ?? 0, panel.state()?.step]).toEqual([0, 0]);

    await tab(panel, "Compare").click();
    const prompts = panel.page.getByRole("textbox", { name: "Other prompts, one a line" });
    await prompts.fill("The queen");
    await prompts.press("Control+p");
    await prompts.press("F1");
    await panel.page.getByRole("button", { name: /^Edit / }).first().click();
    const name = panel.page.getByRole("textbox", { name: "Name" });
    await name.press("Control+Shift+p");
    await name.press("Escape");
    const heard = await panel.page.evaluate(() => (window as unknown as { heard: string[] }).heard);
    expect(heard.filter((key) => key === "p" || key === "F1")).toEqual(["p", "F1", "p"]);
    await tab(panel, "Next token").click();
    await panel.page.locator(".generation").waitFor();
    expect(panel.state()?.ui.position ?? 0).toBe(0);
  });

  it("say beside the picture what was cut or guessed, and grey what a file that can't be read has left", async () => {
    const response = JSON.stringify({ choices: [{ logprobs: { top_logprobs: [{ " the": Math.log(0.5), " a": Math.log(0.2) }] } }] });
    const panel = await open({ ...mocked({ source: "given", prompt: "" }), text: { name: "answer.json", text: response, languageId: "json" } });
    await sees(panel, ".remarks", "The response names 2 tokens, which have 70% together.");
    const source = { uri: "file:///answer.json", name: "answer.json", lines: "", ranges: [], pinned: false, text: true };
    const config = { uri: "file:///generation_config.json", name: "generation_config.json" };
    const opacity = (selector: string) => panel.page.locator(selector).evaluate((element) => getComputedStyle(element).opacity);
    for (const [broken, shown] of [[true, "0.6"], [false, "1"]] as const) {
      await panel.send({ type: "source", source: { ...source, config: { ...config, broken } } });
      await until(`${broken} ${shown}`, async () => (await opacity(".decoding-panel")) === shown && (await opacity(".decoding-sliders")) === shown);
    }
    const select = panel.page.getByRole("combobox", { name: "Source" });
    await select.selectOption("folder words");
    expect(await posted(panel, "choose")).toMatchObject({ choice: "textFolder", params: { source: "words" } });
    await until("the choice as it was", async () => (await select.inputValue()) === "given");
  });

  it("draw no more of 20 beams by 100 steps than the trail, where one is pointed at", async () => {
    const panel = await open(mocked({ tab: "search", do_sample: false, num_beams: 20, max_new_tokens: 100 }));
    await panel.page.locator(".beams-lanes .base path").first().waitFor({ state: "attached" });
    await panel.drawn();
    const { strangers, trails, measured } = await panel.page.evaluate(async () => {
      const picture = document.querySelector<SVGSVGElement>(".beams-lanes")!;
      const strangers = new Set<string>();
      const allowed = ".over, .beams-path, .beams .decoding-sentence, .beams .decoding-formula";
      const watch = new MutationObserver((records) => {
        for (const { target } of records) {
          const element = target instanceof Element ? target : target.parentElement!;
          if (!element.closest(allowed)) strangers.add(`${element.tagName} ${element.getAttribute("class")}`);
        }
      });
      watch.observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
      // Sizes that are asked for make the browser lay the page out in the middle of a frame.
      let measured = 0;
      for (const [owner, name] of [[Element, "clientWidth"], [Element, "scrollLeft"], [HTMLElement, "offsetWidth"], [HTMLElement, "offsetHeight"]] as const) {
        const { get } = Object.getOwnPropertyDescriptor(owner.prototype, name)!;
        Object.defineProperty(owner.prototype, name, { configurable: true, get(this: Element) {
          measured++;
          return get!.call(this) as number;
        } });
      }
      const { left, top, width, height } = picture.getBoundingClientRect();
      const trails = new Set<number>();
      for (let i = 1; i < 30; i++) {
        const [clientX, clientY] = [left + (Math.min(width, innerWidth) * i) / 31, top + 30 + ((height - 40) * ((i * 7) % 30)) / 30];
        picture.dispatchEvent(new PointerEvent("pointermove", { clientX, clientY, bubbles: true }));
        await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
        trails.add(picture.querySelector(".over")!.childElementCount);
      }
      watch.disconnect();
      return { strangers: [...strangers], trails: trails.size, measured };
    });
    expect(strangers).toEqual([]);
    // Less than once a move: a frame that was due before may still come.
    expect(measured).toBeLessThan(20);
    expect(trails).toBeGreaterThan(5);
  });
});
