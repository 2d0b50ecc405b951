import { attentionParams, type AttentionParams } from "../../core/attention/params.js";
import type { AttentionTrace } from "../../core/attention/trace.js";
import { msg, type Message } from "../../core/contract/index.js";
import { typedSource } from "../../core/protocol.js";
import { createTextBox } from "../controls/textBox.js";
import { h, linkButton } from "../marks/dom.js";
import type { ViewHost } from "../view.js";
import type { Marks } from "./tab.js";
import { placesIn } from "./tokenPlaces.js";

type Source = AttentionParams["source"];

/** The sources in few words, for a line under the text. */
const labels: { readonly [S in Source]: Message } = { auto: msg("the selected arrays, else the model"), model: msg("language model"), given: msg("selected arrays") };

export type TextState = {
  readonly trace: AttentionTrace | undefined;
  /** What was typed; empty for the source's own text. */
  readonly typed: string;
  readonly source: Source;
  readonly marks: Marks;
  /** What is shown is made from the text. */
  readonly reads: boolean;
  /** It is read as one text, of which the beginning may be cut. */
  readonly whole: boolean;
};

export type TextLine = { readonly element: HTMLElement; draw(state: TextState): void; dispose(): void };

/** The text that the model reads, to be typed in; tokens are tinted behind it by the attention that they get. */
export function createTextLine(host: ViewHost, change: (text: string) => void, choose: (source: Source) => void): TextLine {
  const box = createTextBox({ label: host.t(msg("Text")), placeholder: host.t(msg("Type a text for the model to read")) }, change);
  const { options, help } = attentionParams.source;
  const select = h("select", { class: "plain-select", "aria-label": host.t(msg("Source")), title: host.t(help) },
    ...options.map(({ value, label }) => h("option", { value, title: host.t(label) }, host.t(labels[value]))));
  select.addEventListener("change", () => choose(select.value as Source));
  const auto = select.options[0];
  const reset = linkButton("", () => box.settle(""));
  const between = h("span", {}, " · ");
  const cut = h("span", {});
  const from = h("span", { class: "source-choice" }, `${host.t(msg("From"))} `, select);
  const element = h("div", { class: "prompt" }, box.element, h("p", { class: "decoding-note" }, from, cut, between, reset));

  return {
    element,
    draw({ trace, typed, source, marks, reads, whole }) {
      const kind = trace?.source.kind;
      box.element.hidden = kind === "maps" || kind === "matrices" || kind === "states" || kind === "none" || !reads;
      // Where neither the text nor arrays of one's own are looked at, the choice would change nothing.
      from.hidden = kind !== undefined && !reads && kind !== "states" && source === "auto";
      if (select.value !== source) select.value = source;
      // What was found, once it is known.
      const found = kind === "model" ? (trace!.source.name === "" ? host.t(msg("built-in model")) : trace!.source.name) : kind === undefined || kind === "none" ? host.t(labels.auto) : host.t(labels.given);
      if (auto.textContent !== found) auto.textContent = found;
      box.show(typed !== "" ? typed : (trace?.tokens.text ?? ""), typed !== "");
      const lost = trace?.tokens.cut ?? 0;
      cut.textContent = lost !== 0 && reads && whole ? ` · ${host.t(lost < 0 ? msg("the beginning is cut") : lost === 1 ? msg("1 token at the beginning is cut") : msg("{0} tokens at the beginning are cut", lost))}` : "";
      reset.hidden = between.hidden = typed === "" || box.element.hidden;
      const info = host.source();
      reset.textContent = host.t(info?.text && info.uri !== typedSource ? msg("Back to the selection") : msg("Back to the default"));
      const fits = trace !== undefined && box.area.value === trace.tokens.text;
      const shown = fits ? marks : { tokens: [], looking: null };
      const key = JSON.stringify([host.palette().theme, shown.looking, shown.tokens.map(({ token, weight }) => [token, weight.toFixed(2)])]);
      box.mark(key, (text) => (fits ? tinted(host, trace, shown, text) : [text]));
    },
    dispose() {
      box.dispose();
      element.remove();
    },
  };
}

/** The text with its tokens on their tints, and the one that looks in a ring. */
function tinted(host: ViewHost, { tokens }: AttentionTrace, marks: Marks, text: string): (Node | string)[] {
  const palette = host.palette();
  const weights = new Map(marks.tokens.map(({ token, weight }) => [token, weight]));
  const nodes: (Node | string)[] = [];
  let end = 0;
  const places = placesIn(tokens);
  places.forEach(([from, to], token) => {
    // Several bytes may stand at one character: the strongest tints it.
    const here = [token];
    while (places[here[here.length - 1] + 1]?.[0] === from && places[here[here.length - 1] + 1][1] === to) here.push(here[here.length - 1] + 1);
    const known = here.flatMap((each) => weights.get(each) ?? []);
    const weight = known.length === 0 ? undefined : Math.max(...known);
    const looking = marks.looking !== null && here.includes(marks.looking);
    if ((weight === undefined && !looking) || from < end || to <= from) return;
    const mark = h("span", { class: looking ? "tint looking" : "tint" }, text.slice(from, to));
    // At most half of the way to the strength's colour, so that ink stays readable.
    const opacity = Math.round(128 * Math.min(1, weight ?? 0) ** 0.8);
    mark.style.backgroundColor = `${palette.strength(0.6)}${opacity.toString(16).padStart(2, "0")}`;
    nodes.push(text.slice(end, from), mark);
    end = to;
  });
  return [...nodes, text.slice(end)];
}
