import { msg } from "../../core/contract/index.js";
import type { TrainingPart } from "../../core/decoding/trace.js";
import { csvLine } from "../../core/text/csvLine.js";
import { h, linkButton } from "../marks/dom.js";
import { percent } from "../text/number.js";
import type { ViewHost } from "../view.js";

type Filter = TrainingPart["filters"][number];

export interface Filters {
  readonly element: HTMLElement;
  draw(part: TrainingPart): void;
}

/** What filters behind the model would take out of the text: a diff, the reasons, and what is left. */
export function createFilters(host: ViewHost): Filters {
  const list = h("div", { class: "filters-list" });
  const element = h("div", { class: "filters" }, h("h2", {}, host.t(msg("Filters behind the model")), " ", h("span", {}, host.t(msg("what they take out is struck through")))), list);
  let drawn: { readonly part: TrainingPart; readonly bundle: object } | undefined;
  return {
    element,
    draw(part) {
      if (drawn?.part === part && drawn.bundle === host.bundle) return;
      drawn = { part, bundle: host.bundle };
      list.replaceChildren(...part.filters.map((filter) => block(filter, part.text)));
    },
  };

  function block(filter: Filter, text: string): HTMLElement {
    const name = host.t(filter.name);
    const { removed } = filter;
    const kept = text.length === 0 ? 1 : filter.text.length / text.length;
    const share = percent(1 - kept, 0);
    const summary = removed.length === 0 ? msg("nothing to take out") : removed.length === 1 ? msg("1 place, {0} of the text", share) : msg("{0} places, {1} of the text", removed.length, share);
    const head = h("p", { class: "filters-head" }, h("b", {}, name), " ", h("span", { class: "small quiet" }, host.t(summary)));
    if (removed.length === 0) return h("div", { class: "filter" }, head);
    const copy = linkButton(host.t(msg("Copy the result")), () => host.post({ type: "copy", text: filter.text }), { class: "link small", "aria-label": host.t(msg("Copy the result of: {0}", name)) });
    return h("div", { class: "filter" }, head, h("p", { class: "decoding-tokens filter-text" }, ...diff(filter, text)), h("ol", { class: "small filter-reasons" }, ...removed.map(({ start, end, reason }) =>
      h("li", {}, h("span", { class: "mono" }, quoted(text.slice(start, end))), ": ", host.t(reason)))), copy);
  }

  function diff({ removed }: Filter, text: string): Node[] {
    const nodes: Node[] = [];
    let at = 0;
    for (const { start, end, reason } of removed) {
      if (start > at) nodes.push(document.createTextNode(text.slice(at, start)));
      nodes.push(h("del", { class: "struck", title: host.t(reason), tabindex: "0" }, text.slice(Math.max(at, start), end)));
      at = Math.max(at, end);
    }
    nodes.push(document.createTextNode(text.slice(at)));
    return nodes;
  }
}

function quoted(text: string): string {
  const line = text.trim().replace(/\s+/g, " ");
  return `\u201c${line.length > 60 ? `${line.slice(0, 59)}\u2026` : line}\u201d`;
}

/** A line for each part that a filter takes out. */
export function filtersCsv(host: ViewHost, { filters, text }: TrainingPart): string {
  const lines = filters.flatMap(({ name, removed }) => removed.map(({ start, end, reason }) => csvLine([host.t(name), start, end, text.slice(start, end), host.t(reason)])));
  return csvLine(["filter", "start", "end", "text", "reason"]) + lines.join("");
}
