import { msg } from "../../core/contract/index.js";
import type { StagesAt } from "../../core/decoding/trace.js";
import { h, linkButton } from "../marks/dom.js";
import { fixed, percent, significant } from "../text/number.js";
import type { ViewHost } from "../view.js";
import { reasonOf, type Column, type Row } from "./pipelineModel.js";

export type CardState = {
  readonly at: StagesAt;
  readonly columns: readonly Column[];
  readonly row: Row;
  readonly name: string;
  readonly chosen: boolean;
  /** Whether the card waits for an answer, with its buttons. */
  readonly held: boolean;
  /** Whether another token may be chosen here. */
  readonly choosable: boolean;
};

export type Card = {
  readonly element: HTMLElement;
  draw(state: CardState | null, top: number): void;
  focus(): void;
};

/** One token at every stage: its number there, and in words why it changed or went. */
export function createCard(host: ViewHost, actions: { choose(id: number): void; close(): void }): Card {
  const element = h("div", { class: "pipeline-card", hidden: true });
  let shown = "";
  return {
    element,
    draw(state, top) {
      element.hidden = state === null;
      if (!state) return void (shown = "");
      element.style.top = `${top}px`;
      element.classList.toggle("held", state.held);
      const key = JSON.stringify([state.row, state.name, state.held, state.chosen, state.choosable, Array.from(state.at.entropy)]);
      if (key === shown) return;
      shown = key;
      element.replaceChildren(...content(host, state, actions));
    },
    focus: () => element.querySelector("button")?.focus(),
  };
}

function content(host: ViewHost, { at, columns, row, name, chosen, held, choosable }: CardState, actions: { choose(id: number): void; close(): void }): HTMLElement[] {
  const n = at.ids.length;
  const lines = columns.flatMap((column, k) => {
    if (row.removedAt > 0 && k > row.removedAt) return [];
    const gone = row.removedAt === k && k > 0;
    const reason = k === 0 ? null : reasonOf(at, row.id, k);
    const score = at.scores[k * n + row.index];
    return [h("tr", {},
      h("th", { scope: "row" }, column.head),
      h("td", { class: "figure" }, gone ? host.t(msg("removed")) : percent(at.probabilities[k * n + row.index], 2)),
      h("td", { class: "figure quiet" }, gone ? "" : fixed(score, 2)),
      h("td", { class: "why" }, reason ? host.t(reason) : ""))];
  });
  const title = h("div", { class: "pipeline-card-title" },
    h("b", { class: "mono" }, name), " ", h("span", { class: "quiet" }, host.t(chosen ? msg("token {0}, chosen", row.id) : msg("token {0}", row.id))));
  const table = h("table", {},
    h("thead", {}, h("tr", {}, h("th"), h("th", { scope: "col", class: "figure" }, host.t(msg("share"))), h("th", { scope: "col", class: "figure" }, host.t(msg("logit"))), h("th"))),
    h("tbody", {}, ...lines));
  if (!held) return [title, table];
  const buttons = h("p", { class: "pipeline-card-buttons" });
  if (choosable && !chosen) buttons.append(linkButton(host.t(msg("Choose it instead")), () => actions.choose(row.id)), " · ");
  buttons.append(linkButton(host.t(msg("Close")), () => actions.close()));
  return [title, table, buttons];
}

/** What a screen reader is told of a line. */
export function cardSentence(host: ViewHost, { at, columns, row, name }: Pick<CardState, "at" | "columns" | "row" | "name">): string {
  const n = at.ids.length;
  const raw = percent(at.probabilities[row.index], 1);
  if (row.removedAt > 0) {
    const reason = reasonOf(at, row.id, row.removedAt);
    const where = columns[row.removedAt].head;
    return host.t(reason ? msg("{0}, {1} raw, removed by {2}: {3}", name, raw, where, reason) : msg("{0}, {1} raw, removed by {2}", name, raw, where));
  }
  return host.t(msg("{0}, {1} raw, {2} at the end", name, raw, percent(at.probabilities[(columns.length - 1) * n + row.index], 1)));
}

/** A logit as the table prints it in full. */
export function fullLogit(score: number): string {
  return score === -Infinity ? "−∞" : significant(score, 8);
}
