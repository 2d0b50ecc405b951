import { msg } from "../../../core/contract/index.js";
import type { MapPart } from "../../../core/vectors/trace.js";
import { h, linkButton } from "../../marks/dom.js";
import { drawTable } from "../../marks/table.js";
import { compact, exact, fixed } from "../../text/number.js";
import type { ViewHost } from "../../view.js";
import type { Neighbours } from "./neighbours.js";

const PAGE = 25;

/** The map as a table: each point's place, and its nearest in the original space. A page of points a time. */
export function drawMapTable(root: HTMLElement, host: ViewHost, map: MapPart, positions: Float32Array, neighbours: Neighbours, width: number): void {
  const box = root.querySelector<HTMLElement>(":scope > .map-rows") ?? h("div", { class: "map-rows" });
  const pages = root.querySelector<HTMLElement>(":scope > .table-pages") ?? h("p", { class: "table-pages small" });
  if (!box.parentElement) root.append(box, pages);
  const last = Math.ceil(map.m / PAGE) - 1;
  const page = Math.max(0, Math.min(last, host.ui("mapPage", 0)));
  const points = Array.from({ length: Math.min(PAGE, map.m - page * PAGE) }, (_, i) => page * PAGE + i);
  const number = (value: number) => ({ text: fixed(value, 3), title: exact(value) });
  drawTable(box, {
    caption: host.t(msg("Places of the points on the map, and their nearest in all dimensions")),
    columns: [{ title: host.t(msg("name")) }, { title: "x", numeric: true }, { title: "y", numeric: true }, { title: host.t(msg("nearest")), secondary: true }],
    rows: points.map((i) => {
      const near = neighbours.of(i, false);
      const names = near ? Array.from(near.indices.subarray(0, 3), (j) => map.names[j]).join(", ") : "";
      return { cells: [map.names[i], number(positions[2 * i]), number(positions[2 * i + 1]), { text: names, className: "map-nearest" }] };
    }),
    width: Math.max(380, width),
  });
  pages.hidden = last === 0;
  const turn = (step: number): void => host.setUi("mapPage", page + step);
  const links = [
    ...(page > 0 ? [linkButton(host.t(msg("Previous")), () => turn(-1)), " "] : []),
    host.t(msg("Points {0} to {1} of {2}", page * PAGE + 1, page * PAGE + points.length, compact(map.m))),
    ...(page < last ? [" ", linkButton(host.t(msg("Next")), () => turn(1))] : []),
  ];
  if (pages.textContent !== links.map((link) => (typeof link === "string" ? link : link.textContent)).join("")) pages.replaceChildren(...links);
}
