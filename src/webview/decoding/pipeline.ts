import { msg, type Message } from "../../core/contract/index.js";
import { decodingParams } from "../../core/decoding/params.js";
import type { ExplorePart, StagesAt } from "../../core/decoding/trace.js";
import { h, linkButton, setAttributes } from "../marks/dom.js";
import { drawTable } from "../marks/table.js";
import { exact, fixed, percent } from "../text/number.js";
import type { ViewHost } from "../view.js";
import { cardSentence, createCard, fullLogit, type CardState } from "./pipelineCard.js";
import { createFigure, headHeight, rowHeight } from "./pipelineFigure.js";
import { columnsOf, orderSentence, rowsOf, tailOf, tieSentence, type Column, type Row } from "./pipelineModel.js";

export type PipelineState = {
  readonly at: StagesAt;
  readonly order: ExplorePart["order"];
  readonly temperature: number;
  /** Where nothing is drawn, the stages that the orders differ in are absent. */
  readonly sampled: boolean;
  /** How the other order would differ; undefined where that is not known. */
  readonly other: ExplorePart["other"] | undefined;
  /** The token that was taken here; null where the text ended. */
  readonly chosen: number | null;
  /** Whether another token may be taken here. */
  readonly choosable: boolean;
  readonly width: number;
};

export type PipelineActions = {
  name(id: number): string;
  choose(id: number): void;
  order(order: "transformers" | "llama.cpp"): void;
  /** A token is pointed at, here or elsewhere. */
  point(id: number | null): void;
};

export type Pipeline = {
  readonly element: HTMLElement;
  /** `pointed`: a token that is pointed at elsewhere. */
  draw(state: PipelineState, pointed: number | null): void;
  pictures(): readonly SVGSVGElement[];
};

/** What the form says of an order. */
function optionOf(order: ExplorePart["order"]): Message {
  return decodingParams.order.options.find(({ value }) => value === order)!.label;
}

const shortList = 17;
let figures = 0;

/** The next token, stage by stage: from the model's own distribution to the one that is drawn from. */
export function createPipeline(host: ViewHost, actions: PipelineActions): Pipeline {
  const id = `pipeline-${figures++}`;
  const orders = (["transformers", "llama.cpp"] as const).map((order) => {
    const button = linkButton(order === "transformers" ? "HF" : order, () => actions.order(order), { class: "link order", "data-order": order, title: host.t(optionOf(order)) });
    return { order, button };
  });
  const log = linkButton("", () => host.setUi("pipelineLog", !isLog()), { class: "link" });
  const all = linkButton("", () => host.setUi("pipelineAll", !showsAll()), { class: "link" });
  const figure = createFigure(host);
  const card = createCard(host, {
    choose(token) {
      held = null;
      actions.choose(token);
    },
    close: () => release(),
  });
  const spoken = h("div", { class: "unseen", id: `${id}-now`, role: "option", "aria-selected": "true" });
  const list = h("div", { class: "pipeline-list", role: "listbox", tabindex: "0", "aria-label": host.t(msg("Tokens by their probability, stage by stage")) }, figure.element, spoken);
  const box = h("div", { class: "pipeline-box" }, list, card.element);
  const sentence = h("p", { class: "decoding-note" });
  const between = h("span", {}, " · ");
  const tools = h("p", { class: "decoding-note" }, all, between, log);
  const table = h("div", { class: "pipeline-table" });
  const element = h("section", { class: "pipeline", "aria-label": host.t(msg("The next token, stage by stage")) },
    h("div", { class: "decoding-head" }, h("h2", {}, host.t(msg("The next token, stage by stage"))), h("span", { class: "orders small", role: "group", "aria-label": host.t(msg("Order of the stages")) }, orders[0].button, " · ", orders[1].button)),
    box, tools, sentence, table);

  let state: PipelineState | undefined;
  let columns: readonly Column[] = [];
  let rows: readonly Row[] = [];
  /** The token under the pointer or the keyboard's cursor, and the one whose card is held. */
  let at: number | null = null;
  let held: number | null = null;

  const isLog = (): boolean => host.ui("pipelineLog", false);
  const showsAll = (): boolean => host.ui("pipelineAll", false);
  const rowOf = (token: number | null): number | null => {
    const row = token === null ? -1 : rows.findIndex((each) => each.id === token);
    return row < 0 ? null : row;
  };

  function point(token: number | null): void {
    if (token === at) return;
    at = token;
    actions.point(token);
    host.redraw();
  }

  function hold(token: number | null): void {
    held = token;
    host.redraw();
  }

  function release(): void {
    hold(null);
    list.focus({ preventScroll: true });
  }

  box.addEventListener("pointermove", (event) => {
    if (event.target instanceof Node && card.element.contains(event.target)) return;
    const row = figure.rowAt(event.clientY);
    point(row === null ? null : rows[row].id);
  });
  box.addEventListener("pointerleave", () => point(null));
  box.addEventListener("click", (event) => {
    if (event.target instanceof Node && card.element.contains(event.target)) return;
    const row = figure.rowAt(event.clientY);
    hold(row === null || rows[row].id === held ? null : rows[row].id);
  });
  box.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || rows.length === 0) return;
    if (event.key === "Escape" && (held !== null || at !== null)) {
      if (held === null) point(null);
      release();
    } else if (card.element.contains(event.target as Node)) return;
    else if (event.key === "Enter" && at !== null) {
      hold(at);
      requestAnimationFrame(() => requestAnimationFrame(() => card.focus()));
    } else {
      const row = rowOf(at);
      const to = { ArrowDown: row === null ? 0 : row + 1, ArrowUp: row === null ? rows.length - 1 : row - 1 }[event.key];
      if (to === undefined) return;
      point(rows[Math.max(0, Math.min(rows.length - 1, to))].id);
    }
    event.preventDefault();
    event.stopPropagation();
  });
  box.addEventListener("focusout", (event) => {
    if (!(event.relatedTarget instanceof Node && box.contains(event.relatedTarget))) point(null);
  });

  function draw(next: PipelineState, pointed: number | null): void {
    if (state && next.at !== state.at && held !== null && !next.at.ids.includes(held)) held = null;
    state = next;
    columns = columnsOf(next.at);
    rows = rowsOf(next.at, showsAll() ? next.at.ids.length : shortList, next.chosen);
    const tail = tailOf(next.at, rows);
    const cursor = rowOf(at ?? pointed ?? held);
    figure.draw({ at: next.at, columns, rows, tail, chosen: next.chosen, cursor, log: isLog(), width: next.width, name: actions.name });
    for (const { order, button } of orders) setAttributes(button, { "aria-pressed": String(order === next.order) });
    log.textContent = host.t(isLog() ? msg("Linear scale") : msg("Log scale"));
    all.hidden = between.hidden = next.at.ids.length <= shortList;
    all.textContent = host.t(showsAll() ? msg("Fewer tokens") : msg("All {0} listed tokens", next.at.ids.length));
    const told = next.sampled ? orderSentence(next.order, next.temperature, next.other, actions.name) : null;
    const sentences = [tieSentence(next.at), told].filter((each) => each !== null);
    sentence.hidden = sentences.length === 0;
    sentence.textContent = sentences.map((each) => host.t(each)).join(" ");
    drawCard(next);
    table.hidden = !host.ui("decodingTable", false);
    if (!table.hidden) drawTwin(next);
  }

  function drawCard(next: PipelineState): void {
    const line = rowOf(held ?? at);
    const row = line === null ? undefined : rows[line];
    const shown: CardState | null = row
      ? { at: next.at, columns, row, name: actions.name(row.id), chosen: row.id === next.chosen, held: held === row.id, choosable: next.choosable }
      : null;
    card.draw(shown, headHeight + ((line ?? 0) + 1) * rowHeight + 2);
    const text = shown ? cardSentence(host, shown) : "";
    if (spoken.textContent !== text) spoken.textContent = text;
    setAttributes(list, { "aria-activedescendant": shown ? spoken.id : null });
  }

  function drawTwin({ at: stages, width }: PipelineState): void {
    const n = stages.ids.length;
    drawTable(table, {
      caption: host.t(msg("Probabilities of the listed tokens, stage by stage")),
      columns: [{ title: host.t(msg("token")) }, { title: "id", numeric: true, secondary: true }, ...columns.map(({ head }) => ({ title: head, numeric: true }))],
      rows: Array.from(stages.ids, (token, i) => ({
        cells: [
          { text: actions.name(token), className: "mono" }, String(token),
          ...columns.map((_, k) => {
            const score = stages.scores[k * n + i];
            const p = stages.probabilities[k * n + i];
            return { text: score === -Infinity ? "×" : percent(p, 2), title: host.t(msg("probability {0}, logit {1}", exact(p), fullLogit(score))) };
          }),
        ],
      })),
      width,
    });
    const foot = table.querySelector("tfoot") ?? table.querySelector("table")!.appendChild(h("tfoot"));
    const line = (title: string, value: (k: number) => string): HTMLElement =>
      h("tr", {}, h("th", { scope: "row" }, title), width < 380 ? null : h("td"), ...columns.map((_, k) => h("td", { class: "figure" }, value(k))));
    foot.replaceChildren(
      line(host.t(msg("kept")), (k) => fixed(stages.kept[k], 0)),
      line(host.t(msg("mass")), (k) => percent(stages.keptMass[k], 2)),
      line(host.t(msg("entropy (bits)")), (k) => fixed(stages.entropy[k], 3)),
    );
  }

  return { element, draw, pictures: () => [figure.names, figure.stages] };
}
