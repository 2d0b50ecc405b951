import { msg, type Message } from "../../core/contract/index.js";
import { h } from "../marks/dom.js";
import { drawTable } from "../marks/table.js";
import { compact, exact, fixed, percent } from "../text/number.js";
import { ROLES, type InsideModel } from "./insideModel.js";
import { roleName, type Where } from "./insideRoles.js";
import type { Shared } from "./tab.js";
import { tokenLabel } from "./tokenPlaces.js";

/** The table twins: the chosen token through the layers, and the heads' scores. */
export function createInsideTables(shared: Shared): { readonly element: HTMLElement; draw(model: InsideModel, where: Where, token: number, width: number): void } {
  const { host } = shared;
  const t = (message: Message): string => host.t(message);
  const stream = h("div", { class: "map-table-rows" });
  const heads = h("div", { class: "map-table-rows" });
  const title = h("h2", {});
  return {
    element: h("section", { class: "map-tables" }, h("div", {}, title, stream), h("div", {}, h("h2", {}, t(msg("What heads do"))), heads)),
    draw(model, where, token, width) {
      const { part, layers, tokens } = model;
      const { lens } = part;
      const column = lens && token >= lens.from && token < lens.from + lens.count ? token - lens.from : -1;
      title.textContent = t(msg("“{0}” through the layers", shared.label(token)));
      const number = (value: number) => ({ text: fixed(value, 3), title: exact(value) });
      drawTable(stream, {
        caption: title.textContent, width,
        columns: [
          { title: t(msg("layer")) },
          ...(column >= 0 ? [{ title: t(msg("first guess")) }, { title: t(msg("probability")), numeric: true }, { title: t(msg("rank of the true token")), numeric: true, secondary: true }] : []),
          { title: t(msg("length")), numeric: true }, { title: t(msg("attention adds")), numeric: true, secondary: true }, { title: t(msg("MLP adds")), numeric: true, secondary: true },
        ],
        rows: Array.from({ length: layers + 1 }, (_, layer) => {
          const guess = column >= 0 ? model.guesses(layer, column)[0] : undefined;
          const rank = lens && column >= 0 ? lens.rank[layer * lens.count + column] : 0;
          return {
            key: String(layer),
            cells: [
              layer === 0 ? t(msg("embedding")) : String(layer),
              ...(guess ? [{ text: tokenLabel(guess.name), className: "mono" }, { text: percent(guess.probability, 1), title: exact(guess.probability) }, rank > 0 ? compact(rank) : "\u2013"] : []),
              number(part.stream[layer * tokens + token]), layer === 0 ? "" : number(part.attention[(layer - 1) * tokens + token]), layer === 0 ? "" : number(part.mlp[(layer - 1) * tokens + token]),
            ],
          };
        }),
      });
      const { scores } = model.roles(where);
      drawTable(heads, {
        caption: t(msg("What heads do")), width,
        columns: [{ title: t(msg("Layer")) }, { title: t(msg("Head")), numeric: true }, ...ROLES.map((role) => ({ title: t(roleName(role)), numeric: true, secondary: role !== "induction" && role !== "previous" })), { title: t(msg("named")) }],
        rows: Array.from({ length: layers * model.heads }, (_, i) => {
          const [layer, head] = [Math.floor(i / model.heads), i % model.heads];
          const role = model.named(where, layer, head);
          return { key: String(i), cells: [String(layer + 1), String(head + 1), ...ROLES.map((each) => number(model.score(scores, each, layer, head))), role ? t(roleName(role)) : ""] };
        }),
      });
    },
  };
}
