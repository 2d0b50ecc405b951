import { msg, type Message } from "../../core/contract/index.js";
import { h, linkButton } from "../marks/dom.js";
import { drawTable } from "../marks/table.js";
import { compact, exact, fixed } from "../text/number.js";
import type { StepsModel } from "./stepsModel.js";
import type { Shared } from "./tab.js";

const atFirst = 60;
const more = 200;

/** The table twin: every key with its similarity, scaled score, weight and what it adds. */
export function createStepsTable(shared: Shared, label: (row: number) => string): { readonly element: HTMLElement; draw(model: StepsModel, width: number): void } {
  const { host } = shared;
  const t = (message: Message): string => host.t(message);
  const place = h("div", { class: "decoding-twin" });
  let count = atFirst;
  const next = linkButton("", () => {
    count += more;
    host.redraw();
  });
  return {
    element: h("div", {}, place, next),
    draw(model, width) {
      const { part, n } = model;
      const figure = (value: number, decimals = 3) => ({ text: fixed(value, decimals), title: exact(value) });
      const length = (row: number): number => Math.sqrt(model.product(row).reduce((sum, value) => sum + value * value, 0));
      drawTable(place, {
        caption: t(msg("Every key")),
        width,
        columns: [
          { title: t(msg("token")) }, { title: t(msg("place")), numeric: true, secondary: true },
          ...(model.complete ? [{ title: "q · k", numeric: true }, { title: t(msg("scaled")), numeric: true }] : []),
          { title: t(msg("weight")), numeric: true }, ...(model.changed ? [{ title: t(msg("unchanged")), numeric: true, secondary: true }] : []),
          ...(model.complete ? [{ title: "‖w v‖", numeric: true, secondary: true }] : []),
        ],
        rows: Array.from({ length: Math.min(n, count) }, (_, row) => ({
          key: String(row),
          className: row === part.token ? "chosen" : "",
          cells: [
            { text: label(row), className: model.isMasked(row) ? "mono struck" : "mono" }, String(row + 1),
            ...(model.complete ? [figure(part.similarity[row]), figure(part.scaled[row] + (part.bias?.[row] ?? 0))] : []),
            model.isMasked(row) ? t(msg("masked")) : figure(part.weights[row], 4), ...(model.changed ? [figure(part.ownWeights[row], 4)] : []),
            ...(model.complete ? [figure(length(row))] : []),
          ],
        })),
      });
      next.hidden = n <= count;
      next.textContent = t(msg("Show {0} more of {1}", Math.min(more, n - count), compact(n)));
    },
  };
}
