import { msg } from "../../core/contract/index.js";
import { textField } from "../controls/toolkit.js";
import { h, linkButton } from "../marks/dom.js";
import { drawTable } from "../marks/table.js";
import { compact, exact } from "../text/number.js";
import { valueText } from "./derivationTex.js";
import type { Matrix } from "./heatmapMatrix.js";
import { topPairs } from "./heatmapPairs.js";
import type { Shared } from "./shared.js";

const atFirst = 20;
const more = 100;

/** The table twin: the pairs that are most alike, of all rows or of some by name. */
export function createHeatmapTable(shared: Shared, value: (a: number, b: number) => number): { readonly element: HTMLElement; draw(matrix: Matrix, width: number): void } {
  const { host } = shared;
  let shown = atFirst;
  let drawn: readonly unknown[] = [];
  const query = { row: "", column: "" };
  const change = (which: "row" | "column") => (text: string): void => {
    query[which] = text.trim().toLowerCase();
    shown = atFirst;
    host.redraw();
  };
  const field = (which: "row" | "column", label: string): HTMLElement => {
    const element = textField(label, "", { input: change(which), enter: () => undefined }, 14);
    element.setAttribute("placeholder", label);
    return element;
  };
  const fields = h("div", { class: "heatmap-table-fields" }, field("row", host.t(msg("one of the pair"))), field("column", host.t(msg("the other"))));
  const count = h("p", { class: "small quiet" });
  const place = h("div", { class: "heatmap-table-rows" });
  const next = linkButton("", () => {
    shown += more;
    host.redraw();
  });
  const element = h("section", { class: "heatmap-table" }, h("h2", {}, host.t(msg("Pairs, the most alike first"))), fields, count, place, next);
  return {
    element,
    draw(matrix, width) {
      const { trace } = shared;
      const content = [matrix, trace.names, query.row, query.column, shown, width, host.bundle];
      if (content.every((each, i) => each === drawn[i])) return;
      drawn = content;
      const { metric } = matrix.part;
      const chosen = (text: string): number[] | null => {
        if (text === "") return null;
        const rows = trace.names.flatMap((name, row) => (name.toLowerCase().includes(text) ? [row] : []));
        // A whole name is that row, even where it is a part of others.
        const whole = rows.filter((row) => trace.names[row].toLowerCase() === text);
        return whole.length > 0 ? whole : rows;
      };
      const { pairs, total } = topPairs(matrix, chosen(query.row), chosen(query.column), shown, value);
      count.textContent = host.t(pairs.length < total
        ? msg("{0} of {1} pairs; all of them are in the export.", compact(pairs.length), compact(total))
        : total === 1 ? msg("1 pair") : msg("{0} pairs", compact(total)));
      next.hidden = pairs.length >= total;
      next.textContent = host.t(msg("Show {0} more", Math.min(more, total - pairs.length)));
      const lines = trace.lines;
      drawTable(place, {
        caption: host.t(msg("Pairs, the most alike first")),
        width,
        columns: [
          { title: host.t(msg("one")) }, { title: host.t(msg("other")) }, { title: metric, numeric: true },
          ...(lines ? [{ title: host.t(msg("lines")), numeric: true, secondary: true }] : []),
        ],
        rows: pairs.map((pair) => ({
          key: `${pair.a} ${pair.b}`,
          cells: [
            { text: trace.names[pair.a], node: linkButton(trace.names[pair.a], () => shared.setPair([pair.a, pair.b])) },
            trace.names[pair.b],
            { text: valueText(metric, pair.value), title: exact(pair.value) },
            ...(lines ? [`${lines[pair.a]}, ${lines[pair.b]}`] : []),
          ],
        })),
      });
    },
  };
}
