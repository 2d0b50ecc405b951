import { msg } from "../../core/contract/index.js";
import type { DecodingParams } from "../../core/decoding/params.js";
import type { DecodingTrace, StagesAt } from "../../core/decoding/trace.js";
import { typedSource } from "../../core/protocol.js";
import { createTextBox } from "../controls/textBox.js";
import { h, linkButton } from "../marks/dom.js";
import { spansOf } from "../text/tokenSpans.js";
import type { ViewHost } from "../view.js";
import { penalisedIds } from "./pipelineModel.js";
import { createSourceChoice } from "./source.js";

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
  const box = createTextBox({ label: host.t(msg("Prompt")), placeholder: host.t(msg("Type a text to go on from")) }, change);
  const source = createSourceChoice(host, choose);
  const underlined = h("span", {}, " · ", host.t(msg("Underlined: penalised.")));
  const reset = linkButton("", () => box.settle(""));
  const between = h("span", {}, " · ");
  const element = h("div", { class: "prompt" }, box.element, h("p", { class: "decoding-note" }, source.element, underlined, between, reset));

  return {
    element,
    draw({ trace, at, typed: own, source: from, piece }) {
      // Numbers of one place need no text before them.
      box.element.hidden = from === "given";
      source.draw(from, trace);
      box.show(own !== "" ? own : (trace?.prompt.text ?? ""), own !== "");
      const marks = trace && at && box.area.value === trace.prompt.text ? penalised(trace, at, piece) : [];
      underlined.hidden = marks.length === 0;
      reset.hidden = between.hidden = own === "" || from === "given";
      const info = host.source();
      reset.textContent = host.t(info?.text && info.config === undefined && info.uri !== typedSource ? msg("Back to the selection") : msg("Back to the default"));
      box.mark(JSON.stringify(marks), (text) => {
        let end = 0;
        const nodes: (Node | string)[] = [];
        for (const [from, to] of marks) {
          nodes.push(text.slice(end, from), h("u", {}, text.slice(from, to)));
          end = to;
        }
        return [...nodes, text.slice(end)];
      });
    },
    dispose() {
      box.dispose();
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
