import { msg } from "../../core/contract/index.js";
import { h, linkButton } from "../marks/dom.js";
import { drawTable } from "../marks/table.js";
import { exact, fixed } from "../text/number.js";
import type { ViewHost } from "../view.js";
import { decimalsOf, largest, type StripRow, type Window } from "./stripsModel.js";

/** Dimensions a page of the table lists. */
const PAGE = 100;

export type StripsTable = {
  readonly rows: readonly StripRow[];
  readonly order: Int32Array | null;
  readonly window: Window;
  readonly cosines: readonly number[];
  readonly cosineTitle: string;
  readonly width: number;
};

/** The strips' twin: a line a dimension, a column a strip, after a line of cosines. Long ones have pages. */
export function drawStripsTable(root: HTMLElement, host: ViewHost, { rows, order, window: { from, to }, cosines, cosineTitle, width }: StripsTable): void {
  const decimals = decimalsOf(largest(rows));
  const start = Math.min(host.ui("stripPage", 0), Math.floor((to - from - 1) / PAGE)) * PAGE + from;
  const end = Math.min(to, start + PAGE);
  const line = Array.from({ length: end - start }, (_, i) => {
    const j = order === null ? start + i : order[start + i];
    return { cells: [fixed(j + 1, 0), ...rows.map(({ values }) => ({ text: fixed(values[j], decimals), title: exact(values[j]) }))] };
  });
  const cosineLine = { cells: [cosineTitle, ...cosines.map((value) => (Number.isNaN(value) ? host.t(msg("undefined")) : { text: fixed(value, 3), title: exact(value) }))] };
  const box = root.querySelector<HTMLElement>(":scope > .table-scroll") ?? h("div", { class: "table-scroll", tabindex: "0", role: "region", "aria-label": host.t(msg("Strips as a table")) });
  const pages = root.querySelector<HTMLElement>(":scope > .table-pages") ?? h("p", { class: "table-pages small" });
  if (!box.parentElement) root.append(box, pages);
  drawTable(box, {
    caption: host.t(msg("Numbers of each strip by dimension")),
    columns: [{ title: host.t(msg("dimension")) }, ...rows.map(({ label }) => ({ title: label, numeric: true }))],
    rows: [...(cosines.length > 0 ? [cosineLine] : []), ...line],
    width: Math.max(380, width),
  });
  pages.hidden = to - from <= PAGE;
  const page = Math.floor((start - from) / PAGE);
  const turn = (step: number): void => host.setUi("stripPage", page + step);
  const links = [
    ...(start > from ? [linkButton(host.t(msg("Previous")), () => turn(-1)), " "] : []),
    host.t(msg("Lines {0} to {1} of {2}", start - from + 1, end - from, fixed(to - from, 0))),
    ...(end < to ? [" ", linkButton(host.t(msg("Next")), () => turn(1))] : []),
  ];
  if (pages.textContent !== links.map((link) => (typeof link === "string" ? link : link.textContent)).join("")) pages.replaceChildren(...links);
}
