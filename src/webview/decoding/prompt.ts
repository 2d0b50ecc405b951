import { msg } from "../../core/contract/index.js";
import type { DecodingParams } from "../../core/decoding/params.js";
import type { DecodingTrace, StagesAt } from "../../core/decoding/trace.js";
import { typedSource } from "../../core/protocol.js";
import { h, linkButton } from "../marks/dom.js";
import type { ViewHost } from "../view.js";
import { penalisedIds } from "./pipelineModel.js";
import { createSourceChoice } from "./source.js";
import { spansOf } from "./tokens.js";

/** Typing rests so long before it runs, in milliseconds. */
const pause = 350;

export type PromptState = {
  /** The trace, once there is one, and the stages of the position looked at. */
  readonly trace: DecodingTrace | undefined;
  readonly at: StagesAt | undefined;
  /** What was typed; empty for the source's own text. */
  readonly typed: string;
  readonly source: DecodingParams["source"];
  readonly piece: (id: number) => string;
};

export type PromptBox = {
  readonly element: HTMLElement;
  draw(state: PromptState): void;
  dispose(): void;
};

/** The prompt, to be typed in; the tokens that a penalty lowers are underlined behind what is typed. */
export function createPromptBox(host: ViewHost, change: (prompt: string) => void, choose: (source: DecodingParams["source"]) => void): PromptBox {
  const area = h("textarea", { class: "prompt-area", rows: 1, spellcheck: "false", autocapitalize: "off", "aria-label": host.t(msg("Prompt")), maxlength: 200000, placeholder: host.t(msg("Type a text to go on from")) });
  const behind = h("div", { class: "prompt-behind", "aria-hidden": "true" });
  const source = createSourceChoice(host, choose);
  const underlined = h("span", {}, " · ", host.t(msg("Underlined: penalised.")));
  const reset = linkButton("", () => settle(""));
  const between = h("span", {}, " · ");
  const box = h("div", { class: "prompt-box" }, behind, area);
  const element = h("div", { class: "prompt" }, box, h("p", { class: "decoding-note" }, source.element, underlined, between, reset));
  let timer: ReturnType<typeof setTimeout> | undefined;
  let composing = false;
  let dirty = false;
  let shown = "";

  function settle(text: string): void {
    clearTimeout(timer);
    dirty = false;
    change(text);
  }

  function typed(): void {
    dirty = true;
    behind.textContent = `${area.value}\u200b`;
    shown = "";
    clearTimeout(timer);
    if (!composing) timer = setTimeout(() => settle(area.value), pause);
  }

  area.addEventListener("compositionstart", () => (composing = true));
  area.addEventListener("compositionend", () => {
    composing = false;
    typed();
  });
  area.addEventListener("input", typed);
  area.addEventListener("blur", () => (dirty && !composing ? settle(area.value) : undefined));
  area.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    settle(area.value);
  });
  area.addEventListener("scroll", () => (behind.scrollTop = area.scrollTop));

  return {
    element,
    draw({ trace, at, typed: own, source: from, piece }) {
      // Numbers of one place need no text before them.
      box.hidden = from === "given";
      source.draw(from, trace);
      const text = own !== "" ? own : (trace?.prompt.text ?? "");
      const mine = document.activeElement === area && (dirty || own === "");
      const changed = !mine && !dirty && area.value !== text;
      if (changed) area.value = text;
      const marks = trace && at && area.value === trace.prompt.text ? penalised(trace, at, piece) : [];
      underlined.hidden = marks.length === 0;
      reset.hidden = between.hidden = own === "" || from === "given";
      const info = host.source();
      reset.textContent = host.t(info?.text && info.config === undefined && info.uri !== typedSource ? msg("Back to the selection") : msg("Back to the default"));
      const key = JSON.stringify([area.value, marks]);
      if (key === shown) return;
      shown = key;
      let end = 0;
      const nodes: (Node | string)[] = [];
      for (const [from, to] of marks) {
        nodes.push(area.value.slice(end, from), h("u", {}, area.value.slice(from, to)));
        end = to;
      }
      behind.replaceChildren(...nodes, `${area.value.slice(end)}\u200b`);
      behind.scrollTop = area.scrollTop;
    },
    dispose() {
      clearTimeout(timer);
      element.remove();
    },
  };
}

/** Where tokens stand that are candidates here and were lowered by a penalty, without the blanks before them. */
function penalised({ prompt }: DecodingTrace, at: StagesAt, piece: (id: number) => string): (readonly [number, number])[] {
  const ids = penalisedIds(at);
  if (ids.size === 0) return [];
  const spans = spansOf(prompt.text, Array.from(prompt.ids, piece));
  return spans.flatMap(([from, to], i) => {
    if (!ids.has(prompt.ids[i])) return [];
    const blanks = /^\s*/.exec(prompt.text.slice(from, to))![0].length;
    return from + blanks < to ? [[from + blanks, to] as const] : [];
  });
}
