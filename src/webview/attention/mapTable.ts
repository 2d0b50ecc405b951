import { msg, type Message } from "../../core/contract/index.js";
import { h, linkButton } from "../marks/dom.js";
import { drawTable } from "../marks/table.js";
import { compact, exact, fixed, percent } from "../text/number.js";
import type { MapModel } from "./mapModel.js";
import { roleWord } from "./mapText.js";
import type { Shared } from "./tab.js";

const atFirst = 60;
const more = 200;

/** The table twin: the weights of the chosen row, and all heads with what they do. */
export function createMapTable(shared: Shared): { readonly element: HTMLElement; draw(model: MapModel, row: number, width: number): void } {
  const { host } = shared;
  const t = (message: Message): string => host.t(message);
  const weights = section(shared, msg("Weights"));
  const heads = section(shared, msg("All heads"));
  return {
    element: h("section", { class: "map-tables" }, weights.element, heads.element),
    draw(model, row, width) {
      weights.title.textContent = t(msg("What “{0}” looks at", shared.name(row)));
      const seen = Array.from({ length: model.columns }, (_, column) => column).filter((column) => !model.isMasked(row, column));
      drawTable(weights.place, {
        caption: weights.title.textContent,
        width,
        columns: [{ title: t(msg("token")) }, { title: t(msg("place")), numeric: true, secondary: true }, { title: t(msg("weight")), numeric: true }],
        rows: weights.some(seen).map((column) => ({
          key: String(column),
          className: column === row ? "chosen" : "",
          cells: [
            { text: shared.name(column), className: "mono", node: linkButton(shared.name(column), () => shared.choose(column), { "data-token": column }) },
            String(column + 1),
            { text: fixed(model.weight(row, column), 4), title: exact(model.weight(row, column)) },
          ],
        })),
      });
      const { part, trace: { source } } = model;
      const share = (value: number) => ({ text: Number.isNaN(value) ? "\u2013" : percent(value), title: exact(value) });
      drawTable(heads.place, {
        caption: t(msg("All heads")),
        width,
        columns: [
          { title: t(msg("Layer")), numeric: true }, { title: t(msg("Head")), numeric: true }, { title: t(msg("bits")), numeric: true },
          { title: t(msg("before")), numeric: true, secondary: true }, { title: t(msg("first")), numeric: true, secondary: true },
          { title: t(msg("itself")), numeric: true, secondary: true }, { title: t(msg("same")), numeric: true, secondary: true }, { title: t(msg("mostly")) },
        ],
        rows: heads.some(Array.from({ length: source.layers * source.heads }, (_, i) => i)).map((index) => {
          const role = model.role(index);
          const [layer, head] = [Math.floor(index / source.heads), index % source.heads];
          return {
            key: String(index),
            className: layer === shared.layer && head === shared.head ? "chosen" : "",
            cells: [
              String(layer + 1), { text: String(head + 1), node: linkButton(String(head + 1), () => shared.change({ layer, head, reduce: "head" })) },
              { text: fixed(part.entropy[index], 3), title: exact(part.entropy[index]) },
              share(part.previous[index]), share(part.first[index]), share(part.self[index]), share(part.same[index]), role ? t(roleWord(role.role)) : "",
            ],
          };
        }),
      });
    },
  };
}

/** A table that begins short. */
function section({ host }: Shared, name: Message) {
  let shown = atFirst;
  const title = h("h2", {}, host.t(name));
  const place = h("div", { class: "map-table-rows" });
  const next = linkButton("", () => {
    shown += more;
    host.redraw();
  });
  return {
    title,
    place,
    element: h("div", {}, title, place, next),
    some<T>(rows: readonly T[]): readonly T[] {
      next.hidden = rows.length <= shown;
      next.textContent = host.t(msg("Show {0} more of {1}", Math.min(more, rows.length - shown), compact(rows.length)));
      return rows.slice(0, shown);
    },
  };
}
