import { msg } from "../../core/contract/index.js";
import { hasLines } from "../../core/mixture/story.js";
import type { MixtureTrace } from "../../core/mixture/trace.js";
import { h, setAttributes } from "../marks/dom.js";
import { letter } from "../marks/palette.js";
import { compact, exact, fixed, percent, significant } from "../text/number.js";
import type { ViewHost } from "../view.js";
import type { Part, Shared } from "./shared.js";

const rowHeight = 22;
const headHeight = 24;
/** Browsers lose precision in far taller boxes; beyond it, scrolling is scaled. */
const tallest = 8_000_000;
const visible = 14;

/** All drawn rows with their values and responsibilities. Only those in sight are in the document. */
export function createRows(root: HTMLElement, host: ViewHost, shared: Shared): Part & { readonly element: HTMLElement } {
  const heading = h("h2", {}, host.t(msg("Rows")), " ", h("span", { class: "quiet" }));
  const head = h("tr");
  const body = h("tbody");
  const table = h("table", { class: "twin mixture-rows-table" }, h("caption", { class: "unseen" }), h("thead", {}, head), body);
  const spacer = h("div");
  const scroller = h("div", { class: "mixture-rows", tabindex: 0, role: "region", "aria-label": host.t(msg("Rows with their responsibilities")) }, h("div", { class: "mixture-rows-window" }, table), spacer);
  const box = h("section", { class: "mixture-rows-box" }, heading, scroller);
  root.append(box);
  let digits: { readonly trace: MixtureTrace; readonly of: readonly (number | null)[] } | undefined;
  let narrow = false;
  let first = -1;
  let chosen: number | null = null;

  scroller.addEventListener("scroll", () => drawRows());
  body.addEventListener("pointerover", (event) => shared.hover(rowUnder(event)));
  body.addEventListener("pointerleave", () => shared.hover(null));
  body.addEventListener("click", (event) => {
    const row = rowUnder(event);
    if (row !== null) shared.hold(row === shared.held ? null : row);
  });

  /** A value with as many decimals as its column has, so that points stand below each other. */
  function written(point: number, d: number): string {
    const { trace } = shared;
    if (digits?.trace !== trace) digits = { trace, of: trace.columns.map((_, column) => decimalsOf(trace, column)) };
    const value = trace.points[point * trace.D + d];
    const decimals = digits.of[d];
    return decimals === null ? significant(value, 6) : fixed(value, decimals);
  }

  const rowsHeight = (): number => Math.min(tallest, shared.M * rowHeight);
  const windowHeight = (): number => Math.min(visible, shared.M) * rowHeight;
  /** The first row in sight at the scroll position. */
  function top(): number {
    const range = rowsHeight() - windowHeight();
    return range > 0 ? Math.round((scroller.scrollTop / range) * (shared.M - Math.min(visible, shared.M))) : 0;
  }

  function drawRows(): void {
    const { trace, M } = shared;
    const { K, D } = trace;
    const from = Math.min(top(), Math.max(0, M - visible));
    const count = Math.min(visible + 1, M - from);
    first = from;
    while (body.rows.length > count) body.deleteRow(-1);
    while (body.rows.length < count) body.append(h("tr"));
    for (let r = 0; r < count; r++) {
      const i = from + r;
      const row = body.rows[r];
      const own = shared.sharesOf(i);
      const best = own ? own.indexOf(Math.max(...own)) : -1;
      const cells = 1 + D + K + 1;
      while (row.cells.length > cells) row.deleteCell(-1);
      while (row.cells.length < cells) row.append(row.cells.length === 0 ? h("th", { scope: "row", class: "figure" }) : h("td", { class: "figure" }));
      setAttributes(row, { "aria-rowindex": i + 2, class: i === shared.hovered || i === shared.held ? "chosen" : null, "data-row": i });
      row.cells[0].textContent = compact(trace.lines[i]);
      const at = placesOf(narrow, D, K);
      for (let d = 0; d < D; d++) put(row.cells[at.values + d], written(i, d), exact(trace.points[i * D + d]));
      for (let k = 0; k < K; k++) put(row.cells[at.shares + k], own ? percent(own[k], 1) : "–", own ? exact(own[k]) : "");
      for (const cell of row.cells) cell.className = "figure";
      const letterCell = row.cells[at.component];
      letterCell.textContent = best < 0 ? "–" : letter(best);
      letterCell.title = "";
      letterCell.className = best < 0 ? "" : `c${best % 8}`;
    }
  }

  return {
    element: box,
    draw(trace, frame) {
      const { K, D } = trace;
      narrow = frame.width < 480;
      const shares = Array.from({ length: K }, (_, k) => `r ${letter(k)}`);
      const component = host.t(msg("component"));
      const names = [
        hasLines(trace) ? host.t(msg("line")) : host.t(msg("row")),
        ...(narrow ? [component, ...shares, ...trace.columns] : [...trace.columns, ...shares, component]),
      ];
      const key = names.join("\u0000");
      if (head.dataset.key !== key) {
        head.dataset.key = key;
        head.replaceChildren(...names.map((name, i) => h("th", { scope: "col", class: i === placesOf(narrow, D, K).component ? "" : "figure" }, name)));
      }
      table.caption!.textContent = host.t(msg("Rows with their responsibilities"));
      table.setAttribute("aria-rowcount", String(shared.M + 1));
      heading.lastElementChild!.textContent = shared.M < trace.N
        ? host.t(msg("{0} of {1}, those that are drawn", compact(shared.M), compact(trace.N)))
        : host.t(msg("all {0}, with their responsibilities at this step", compact(trace.N)));
      spacer.style.height = `${rowsHeight() - windowHeight()}px`;
      scroller.style.height = `${windowHeight() + headHeight + 2}px`;
      const point = shared.hovered ?? shared.held;
      if (point !== null && point !== chosen && !body.matches(":hover") && (point < first || point >= first + visible)) {
        const range = rowsHeight() - windowHeight();
        scroller.scrollTop = ((point - visible / 2) / Math.max(1, shared.M - visible)) * range;
      }
      chosen = point;
      drawRows();
    },
    dispose: () => box.remove(),
  };
}

/** Cells of a row. In a narrow panel what the fit says of a row comes first, since the columns may need scrolling. */
function placesOf(narrow: boolean, D: number, K: number): { readonly values: number; readonly shares: number; readonly component: number } {
  return narrow ? { component: 1, shares: 2, values: 2 + K } : { values: 1, shares: 1 + D, component: 1 + D + K };
}

/** Rows looked at for the decimals of their column. */
const looked = 400;

/** The decimals that a column's numbers have, as far as six digits show them; null where sizes differ too much for that. */
function decimalsOf({ points, D, stats }: MixtureTrace, column: number): number | null {
  const largest = Math.max(Math.abs(stats.min[column]), Math.abs(stats.max[column]));
  const size = largest > 0 ? Math.floor(Math.log10(largest)) : 0;
  if (size < -3 || size > 8) return null;
  const most = Math.max(0, 5 - size);
  const step = Math.max(1, Math.floor(points.length / D / looked));
  let decimals = 0;
  for (let i = column; i < points.length && decimals < most; i += step * D) {
    while (decimals < most && Math.abs(Number(points[i].toFixed(decimals)) - points[i]) > 1e-9 * largest) decimals++;
  }
  return decimals;
}

function put(cell: HTMLElement, text: string, title: string): void {
  if (cell.textContent !== text) cell.textContent = text;
  if (cell.title !== title) cell.title = title;
}

function rowUnder(event: Event): number | null {
  const row = (event.target as Element).closest<HTMLElement>("tr[data-row]");
  return row ? Number(row.dataset.row) : null;
}
