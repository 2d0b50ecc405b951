import type { Problem } from "../core/contract/index.js";
import { h } from "./marks/dom.js";
import { replaceIfChanged } from "./shellHeader.js";
import { problemLine } from "./shellProblems.js";
import type { ViewHost } from "./view.js";

/** The prominent ones of a run's notes: what its picture would be misread without. */
export function createRemarks(host: ViewHost): { readonly element: HTMLElement; show(notes: readonly Problem[]): void } {
  const element = h("div", { class: "remarks small", role: "status" });
  return {
    element,
    show(notes) {
      const told = notes.filter(({ prominent }) => prominent);
      element.hidden = told.length === 0;
      replaceIfChanged(element, JSON.stringify(told), () => told.map((note) => problemLine(host, note)));
    },
  };
}
