import { msg, type Message } from "../../core/contract/index.js";
import { decodingParams, type DecodingParams } from "../../core/decoding/params.js";
import type { DecodingTrace } from "../../core/decoding/trace.js";
import { h } from "../marks/dom.js";
import type { ViewHost } from "../view.js";

type Source = DecodingParams["source"];

/** The sources in few words, for a line under the prompt. */
const labels: { readonly [S in Source]: Message } = {
  model: msg("language model"),
  words: msg("words of the document"),
  characters: msg("characters of the document"),
  given: msg("selected numbers"),
  server: msg("server"),
};

export type SourceChoice = { readonly element: HTMLElement; draw(source: Source, trace: DecodingTrace | undefined): void };

/** Where the probabilities come from: a choice that reads as part of a sentence. */
export function createSourceChoice(host: ViewHost, change: (source: Source) => void): SourceChoice {
  const { options, help } = decodingParams.source;
  const select = h("select", { class: "plain-select", "aria-label": host.t(msg("Source")), title: host.t(help) },
    ...options.map(({ value, label }) => h("option", { value, title: host.t(label) }, host.t(labels[value]))));
  select.addEventListener("change", () => change(select.value as Source));
  const model = select.querySelector<HTMLOptionElement>('option[value="model"]')!;
  const element = h("span", { class: "source-choice" }, `${host.t(msg("From"))} `, select);
  return {
    element,
    draw(source, trace) {
      // The model's own name, once it is known.
      const { kind, name } = trace?.source ?? { kind: "model", name: null };
      if (kind === "model") {
        const text = name === null ? host.t(labels.model) : name === "" ? host.t(msg("built-in model")) : name;
        if (model.textContent !== text) model.textContent = text;
      }
      if (select.value !== source) select.value = source;
    },
  };
}
