import { msg, type Message } from "../../core/contract/index.js";
import { decodingParams, type DecodingParams } from "../../core/decoding/params.js";
import type { DecodingTrace } from "../../core/decoding/trace.js";
import { typedSource } from "../../core/protocol.js";
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

/** What can be counted, in the document or in a folder. */
const counted = ["words", "characters"] as const;
const folderLabels = { words: msg("words of a folder…"), characters: msg("characters of a folder…") } as const;

export type SourceChoice = { readonly element: HTMLElement; draw(source: Source, trace: DecodingTrace | undefined): void };

/** Where the probabilities come from: a choice that reads as part of a sentence. */
export function createSourceChoice(host: ViewHost, change: (source: Source) => void): SourceChoice {
  const { options, help } = decodingParams.source;
  const own = options.map(({ value, label }) => h("option", { value, title: host.t(label) }, host.t(labels[value])));
  const folders = counted.map((source) => h("option", { value: `folder ${source}` }, host.t(folderLabels[source])));
  const select = h("select", { class: "plain-select", "aria-label": host.t(msg("Source")), title: host.t(help) }, ...own, ...folders);
  let shown: Source = "model";
  select.addEventListener("change", () => {
    const folder = counted.find((source) => select.value === `folder ${source}`);
    if (!folder) return change(select.value as Source);
    // What is shown stays until a folder has been chosen.
    select.value = shown;
    host.post({ type: "choose", choice: "textFolder", params: { source: folder, prompt: "", forced: "" } });
  });
  const name = (source: Source, text: string): void => {
    const option = own[options.findIndex(({ value }) => value === source)];
    if (option.textContent !== text) option.textContent = text;
  };
  const element = h("span", { class: "source-choice" }, `${host.t(msg("From"))} `, select);
  return {
    element,
    draw(source, trace) {
      // The model's own name, once it is known.
      const { kind, name: model } = trace?.source ?? { kind: "model", name: null };
      if (kind === "model") name("model", model === null ? host.t(labels.model) : model === "" ? host.t(msg("built-in model")) : model);
      // A folder, or a file that no editor shows, by its name.
      const info = host.source();
      const data = info !== undefined && !info.text && info.uri !== typedSource;
      name("words", host.t(data ? msg("words of {0}", info.name) : labels.words));
      name("characters", host.t(data ? msg("characters of {0}", info.name) : labels.characters));
      shown = source;
      if (select.value !== source) select.value = source;
    },
  };
}
