import { msg } from "../../core/contract/index.js";
import type { ComparePart } from "../../core/decoding/trace.js";
import { h, linkButton, svg } from "../marks/dom.js";
import type { Frame } from "../view.js";
import { isMadeFrom, MOST_STRATEGIES, writtenStrategies, type WrittenStrategy } from "./compareConfig.js";
import { createLikeness } from "./compareLikeness.js";
import { columnsFor, metricColumns, type MetricColumn } from "./compareMetrics.js";
import { drawComparePicture } from "./comparePicture.js";
import { createRow, type ComparedStrategy, type Row } from "./compareRow.js";
import { compareCsv, drawCompareTable, tokensCsv } from "./compareTable.js";
import { plain } from "./searchFiles.js";
import type { Section, Shared } from "./tab.js";

/** Under this width a strategy's text stands under its name. */
const STACKED = 620;
const nameWidth = 158;
const metricWidth = 68;
const leastText = 250;

/** Up to six strategies on the same prompt, with what they write and how much of it is repeated. */
export function createCompare(shared: Shared): Section {
  const { host } = shared;
  const header = h("div", { class: "compare-row compare-head", role: "row" });
  const rows: Row[] = [];
  const body = h("div", { class: "compare-rows", role: "table", "aria-label": host.t(msg("Strategies")) }, header);
  const add = linkButton(host.t(msg("Add a strategy")), () => addStrategy());
  const reset = linkButton(host.t(msg("Back to Lumen's four")), () => setStrategies(null));
  const legend = h("p", { class: "compare-legend small quiet" },
    h("span", {}, h("u", { class: "repeated" }, host.t(msg("word"))), " ", h("span", { class: "compare-ngram" })), h("span", {}, h("span", { class: "compare-swatch", "aria-hidden": "true" }), " ", host.t(msg("stronger tint = the model was surer"))));
  const likeness = createLikeness(host);
  const promptsField = h("textarea", { class: "compare-input mono", rows: 3, spellcheck: "false", "aria-label": host.t(msg("Other prompts, one a line")) });
  const runPrompts = linkButton(host.t(msg("Compare their texts")), () => askPrompts());
  const prompts = h("div", { class: "compare-prompts" }, h("label", { class: "small quiet" }, host.t(msg("Other prompts, one a line")), promptsField), runPrompts);
  const table = h("div", { class: "decoding-twin" });
  const picture = svg("svg", { class: "compare-picture" });
  const element = h("section", { class: "decoding-compare", "aria-label": host.t(msg("Compare")) },
    body, h("p", { class: "compare-actions compare-list-actions" }, add, reset), legend, likeness.element, prompts, table, h("div", { class: "unseen", "aria-hidden": "true" }, picture));
  /** The row whose editor is open; that behind the last is a new strategy. */
  let editing: number | null = null;
  /** The prompts as they were last taken over from the parameters. */
  let taken: string | undefined;

  promptsField.addEventListener("input", () => host.redraw());
  promptsField.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    askPrompts();
  });

  const part = (): ComparePart | undefined => shared.trace.compare;
  const strategies = (): readonly ComparedStrategy[] => part()?.strategies ?? [];

  /** The strategies with the parameters that the reader wrote, without the defaults that they ran with. */
  function told(): ComparedStrategy[] {
    const written = writtenStrategies(host.shownParams());
    return strategies().map((strategy) => ({ ...strategy, config: written.find((each) => isMadeFrom(each, strategy))?.config ?? strategy.config }));
  }

  function askPrompts(): void {
    const text = promptsField.value.split("\n").map((line) => line.trim()).filter((line) => line !== "").join("\n");
    if (text !== (host.params().prompts ?? "")) shared.change({ prompts: text });
  }

  function setStrategies(list: readonly WrittenStrategy[] | null): void {
    editing = null;
    shared.change({ strategies: list === null ? "" : JSON.stringify(list) });
  }

  function addStrategy(): void {
    editing = writtenStrategies(host.params()).length;
    host.redraw();
    requestAnimationFrame(() => editing !== null && rows[editing]?.focus());
  }

  function rowAt(i: number): Row {
    return createRow(host, {
      edit(on) {
        editing = on ? i : null;
        host.redraw();
        if (on) requestAnimationFrame(() => rows[i]?.focus());
      },
      save(strategy) {
        const list = [...writtenStrategies(host.params())];
        list[i] = strategy;
        setStrategies(list);
      },
      remove() {
        const list = writtenStrategies(host.params());
        host.announce(host.t(msg("{0} is removed.", list[i]?.name ?? "")));
        setStrategies(list.filter((_, each) => each !== i));
      },
    });
  }

  function draw(frame: Frame): void {
    const now = part();
    if (!now) return;
    const stacked = frame.width < STACKED;
    element.classList.toggle("stacked", stacked);
    const count = stacked ? Math.max(3, Math.floor(frame.width / (metricWidth + 6))) : Math.max(2, Math.floor((frame.width - nameWidth - 12 - Math.max(leastText, 0.34 * frame.width)) / metricWidth));
    const columns = columnsFor(Math.min(count, stacked ? 4 : metricColumns.length));
    body.style.setProperty("--metrics", String(columns.length));
    const written = writtenStrategies(host.params());
    const adding = editing !== null && editing >= written.length;
    const shown: readonly WrittenStrategy[] = adding ? [...written, { name: host.t(msg("another")), config: { do_sample: true, top_p: 0.9 } }] : written;
    drawHeader(columns, stacked);
    while (rows.length > shown.length) rows.pop()?.element.remove();
    while (rows.length < shown.length) {
      const row = rowAt(rows.length);
      rows.push(row);
      body.append(row.element);
    }
    const found = shown.map((each, i) => madeFrom(each, i));
    shown.forEach((each, i) => rows[i].draw({
      columns, written: each, compared: found[i], editing: editing === i, removable: written.length > 1,
      values: (column) => strategies().map((strategy) => (strategy.problem === null && strategy.ids.length > 0 ? column.value(strategy.metrics) : null)),
    }));
    add.hidden = shown.length >= MOST_STRATEGIES;
    reset.hidden = (host.params().strategies ?? "") === "";
    const ngram = host.shownParams().ngram;
    (legend.querySelector(".compare-ngram") as HTMLElement).textContent = host.t(msg("part of a repeated {0}-gram", typeof ngram === "number" ? ngram : 4));
    likeness.draw(strategies(), frame.width);
    const asked = String(host.params().prompts ?? "");
    if (asked !== taken && document.activeElement !== promptsField) promptsField.value = asked;
    taken = asked;
    runPrompts.hidden = promptsField.value.trim() === asked.trim();
    table.hidden = !host.ui("compareTable", false);
    if (!table.hidden) drawCompareTable(table, host, strategies(), frame.width);
  }

  /** What is known of a written strategy: its own place first, since two may be written alike. */
  function madeFrom(written: WrittenStrategy, i: number): ComparedStrategy | undefined {
    const all = strategies();
    return all[i] && (all[i].problem !== null || isMadeFrom(written, all[i])) && all[i].name === written.name ? all[i] : all.find((each) => each.problem === null && isMadeFrom(written, each));
  }

  function drawHeader(columns: readonly MetricColumn[], stacked: boolean): void {
    header.hidden = stacked;
    const titles = ["", "", ...columns.map(({ title }) => title)];
    if (Array.from(header.children, (child) => child.textContent).join("|") === titles.join("|")) return;
    header.replaceChildren(...titles.map((title, i) => h("span", { role: "columnheader", class: "small quiet", title: i < 2 ? undefined : host.t(columns[i - 2].help) }, title)));
  }

  return {
    element,
    draw,
    pictures() {
      drawComparePicture(picture, told(), columnsFor(6), host.palette());
      return [picture];
    },
    files: () => [
      { label: msg("Compared strategies (CSV)"), name: "compare.csv", data: () => compareCsv(told()) },
      { label: msg("Tokens of all texts (CSV)"), name: "compare-tokens.csv", data: () => tokensCsv(strategies()) },
      { label: msg("Compared strategies (JSON)"), name: "compare.json", data: () => `${JSON.stringify(part(), plain, 1)}\n` },
    ],
    copies: () => [{ label: msg("Copy all texts"), text: () => strategies().filter(({ problem }) => problem === null).map(({ name, text }) => `${name}:${text.startsWith(" ") ? "" : " "}${text}`).join("\n\n") }],
    toggleTable: () => host.setUi("compareTable", !host.ui("compareTable", false)),
    dispose: () => element.remove(),
  };
}
