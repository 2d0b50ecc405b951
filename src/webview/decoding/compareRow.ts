import { msg } from "../../core/contract/index.js";
import type { ComparePart } from "../../core/decoding/trace.js";
import { h, linkButton, setAttributes, svg } from "../marks/dom.js";
import { percent } from "../text/number.js";
import type { ViewHost } from "../view.js";
import { configText, type WrittenStrategy } from "./compareConfig.js";
import { createStrategyEditor } from "./compareEdit.js";
import { barShare, metricText, type MetricColumn } from "./compareMetrics.js";
import { drawTokens, piecesOf } from "./compareTokens.js";

export type ComparedStrategy = ComparePart["strategies"][number];

export type RowScene = {
  readonly columns: readonly MetricColumn[];
  /** What all strategies have in a column, for bars that end at the largest. */
  values(column: MetricColumn): readonly (number | null)[];
  /** What the row shows: a strategy with its text, or one that was just written. */
  readonly written: WrittenStrategy;
  readonly compared: ComparedStrategy | undefined;
  readonly editing: boolean;
  readonly removable: boolean;
};

export type RowActions = { edit(on: boolean): void; save(strategy: WrittenStrategy): void; remove(): void };

export interface Row {
  readonly element: HTMLElement;
  draw(scene: RowScene): void;
  focus(): void;
}

export const BAR = 56;

/** One strategy: its name and parameters, its text, and its numbers with little bars. */
export function createRow(host: ViewHost, actions: RowActions): Row {
  const name = h("b");
  const params = h("span", { class: "compare-params mono" });
  const edit = linkButton(host.t(msg("Edit")), () => actions.edit(true));
  const remove = linkButton(host.t(msg("Remove")), () => actions.remove());
  const buttons = h("span", { class: "compare-actions" }, edit, remove);
  const editor = createStrategyEditor(host, (strategy) => {
    if (strategy) actions.save(strategy);
    actions.edit(false);
    edit.focus();
  });
  const head = h("div", { class: "compare-name", role: "rowheader" }, name, params, buttons, editor.element);
  const tokens = h("span");
  const state = h("span", { class: "compare-state" });
  const text = h("div", { class: "compare-text decoding-tokens", role: "cell" }, tokens, state);
  const element = h("div", { class: "compare-row", role: "row" }, head, text);
  const cells: { readonly box: HTMLElement; readonly title: HTMLElement; readonly figure: HTMLElement; readonly bar: SVGSVGElement }[] = [];
  let editing = false;

  return {
    element,
    focus: () => editor.focus(),
    draw(scene) {
      const { compared, written, columns } = scene;
      const palette = host.palette();
      name.textContent = written.name;
      params.textContent = configText(written.config);
      setAttributes(edit, { "aria-label": host.t(msg("Edit {0}", written.name)) });
      setAttributes(remove, { "aria-label": host.t(msg("Remove {0}", written.name)) });
      remove.hidden = !scene.removable;
      buttons.hidden = scene.editing;
      if (scene.editing && !editing) editor.open(written);
      editing = scene.editing;
      editor.element.hidden = !editing;
      drawText(compared);
      while (cells.length > columns.length) cells.pop()?.box.remove();
      while (cells.length < columns.length) {
        const [title, figure] = [h("span", { class: "compare-title small quiet" }), h("span", { class: "compare-figure" })];
        const bar = svg("svg", { width: BAR, height: 6, "aria-hidden": "true" });
        const box = h("div", { class: "compare-metric", role: "cell" }, title, figure, bar);
        cells.push({ box, title, figure, bar });
        element.append(box);
      }
      columns.forEach((column, i) => {
        const value = compared && compared.problem === null && compared.ids.length > 0 ? column.value(compared.metrics) : null;
        cells[i].title.textContent = column.title;
        cells[i].figure.textContent = metricText(column, value);
        cells[i].box.title = host.t(column.help);
        const red = column.red !== undefined && value !== null && value >= column.red;
        const share = value === null ? 0 : barShare(column, value, scene.values(column));
        cells[i].bar.replaceChildren(
          svg("rect", { x: 0, y: 1, width: BAR, height: 4, fill: palette.grid }),
          ...(value === null ? [] : [svg("rect", { class: red ? "red" : "", x: 0, y: 1, width: Math.max(1, share * BAR), height: 4, fill: red ? palette.red : palette.quiet })]),
        );
      });
    },
  };

  function drawText(compared: ComparedStrategy | undefined): void {
    const waiting = !compared || (compared.finish === "running" && compared.ids.length === 0);
    const problem = compared?.problem ?? null;
    text.classList.toggle("refused", problem !== null);
    if (!compared || problem || waiting) {
      drawTokens(tokens, [], host.palette());
      state.textContent = problem ? host.t(problem) : host.t(msg("waiting"));
      return;
    }
    drawTokens(tokens, piecesOf(compared.text, compared.ends).map((piece, i) => ({
      text: i === 0 ? piece.trimStart() : piece, strength: compared.modelProbability[i], repeated: compared.repeated[i] === 1, title: `p = ${percent(compared.modelProbability[i], 1)}`,
    })), host.palette());
    state.textContent = compared.finish === "running" ? "\u258f" : compared.finish === "eos" ? " \u25a0" : "";
    state.title = compared.finish === "eos" ? host.t(msg("The text ended by itself.")) : "";
  }
}
