import { msg } from "../../core/contract/index.js";
import { covarianceOf, mixtureAt, varianceOf } from "../../core/mixture/evaluate.js";
import type { Mixture } from "../../core/mixture/trace.js";
import { h, linkButton } from "../marks/dom.js";
import { letter } from "../marks/palette.js";
import { drawTable, type TableCell, type TableColumn, type TableRow } from "../marks/table.js";
import { exact, fixed, signed } from "../text/number.js";
import type { ViewHost } from "../view.js";
import { decimalsFor } from "./oneDModel.js";
import type { Part, Shared } from "./shared.js";

/** With more components than this the rows "last move" and "at the end" are folded away. */
const openRows = 4;

/** Parameters at the step: the chart's twin for screen readers, in full precision in the cells' titles. */
export function createParameters(root: HTMLElement, host: ViewHost, shared: Shared): Part {
  const detail = h("span", { class: "quiet" });
  const toggle = linkButton("", () => host.setUi("parameterRows", !open()));
  const matrices = linkButton("", () => host.setUi("covariances", !host.ui("covariances", false)));
  const table = h("div", { class: "mixture-table" });
  const covariances = h("div", { class: "mixture-covariances" });
  const box = h("section", { class: "mixture-parameters", "aria-label": host.t(msg("Parameters")) }, h("h2", {}, host.t(msg("Parameters")), " ", detail, " ", toggle, " ", matrices), table, covariances);
  root.append(box);
  table.addEventListener("pointerover", (event) => {
    const row = (event.target as Element).closest<HTMLElement>("tr[data-key]");
    shared.hoverComponent(row?.dataset.key && /^\d+/.test(row.dataset.key) ? parseInt(row.dataset.key, 10) : null);
  });
  table.addEventListener("pointerleave", () => shared.hoverComponent(null));

  let fits: { readonly key: string; readonly way: Way } | undefined;

  function open(): boolean {
    return host.ui<boolean | null>("parameterRows", null) ?? (shared.trace.K <= openRows && shared.trace.D === 1);
  }

  return {
    draw(trace, frame) {
      const { D } = trace;
      detail.textContent = host.t(msg("at this step"));
      toggle.textContent = host.t(open() ? msg("hide moves") : msg("show moves"));
      matrices.hidden = D === 1;
      const matricesOpen = D > 1 && host.ui("covariances", false);
      matrices.textContent = host.t(matricesOpen ? msg("hide covariances") : msg("show covariances"));
      table.style.maxWidth = `${frame.width}px`;
      const content = rowsOf(host, shared, open());
      const caption = captionOf(host, shared);
      const put = (way: Way): void => {
        table.classList.toggle("tight", way.endsWith("tight"));
        table.classList.toggle("close", /close|short/.test(way));
        drawTable(table, { ...(way.startsWith("turned") ? turned(content, host) : content), caption, width: way.startsWith("short") ? 0 : Infinity });
      };
      // What fits depends on the fonts: the first way that does is kept as long as the table has the same size.
      const key = [frame.width, trace.columns.join("\u0001"), trace.K, open(), host.palette().font].join("\u0002");
      const ways: readonly Way[] = D === 1 ? ["whole", "close", "short"] : trace.K <= 4 ? ["whole", "turned", "turned, tight"] : ["whole", "close", "close, tight", "short, tight"];
      if (fits?.key === key) put(fits.way);
      else {
        const way = ways.find((each) => (put(each), table.scrollWidth <= frame.width + 0.5)) ?? ways[ways.length - 1];
        fits = { key, way };
      }
      if (matricesOpen) drawCovariances(covariances, host, shared);
      else covariances.replaceChildren();
    },
    dispose: () => box.remove(),
  };
}

/** Whole; with less space between columns; without the secondary ones; with rows as columns; deviations below the means. */
type Way = "whole" | "close" | "short" | "turned" | "turned, tight" | "close, tight" | "short, tight";

type Content = { readonly columns: readonly TableColumn[]; readonly rows: readonly TableRow[] };

function captionOf(host: ViewHost, shared: Shared): string {
  return host.t(msg("Parameters of each component after iteration {0}", shared.fit.kept[shared.shapesStep]));
}

/** Summed responsibilities of the shares shown, over all rows; those before where the trace does not hold them. */
export function countsNow(shared: Shared): Float64Array {
  const { trace, fit, S } = shared;
  const under = shared.sharesStep;
  const { K } = trace;
  if (under < 0) return new Float64Array(K).fill(NaN);
  if (under + 1 < S && fit.kept[under + 1] === fit.kept[under] + 1) return fit.counts.slice((under + 1) * K, (under + 2) * K);
  // A sample's sums would not be those of all rows: the last ones known are.
  if (shared.M < trace.N) return fit.counts.slice(under * K, (under + 1) * K);
  const sums = new Float64Array(K);
  const shares = shared.sharesUnder(under);
  for (let i = 0; i < shares.length; i++) sums[i % K] += shares[i];
  return sums;
}

function rowsOf(host: ViewHost, shared: Shared, open: boolean): Content {
  const { trace, mixture, previous, end } = shared;
  const { K, D, N, columns } = trace;
  const counts = countsNow(shared);
  const digits = (d: number): number => decimalsFor(trace.stats.std[d], D === 1 ? 4 : 2);
  const cell = (v: number, text: string): TableCell => ({ text, title: exact(v) });
  const spread = (m: Mixture, k: number, d: number): number => Math.sqrt(varianceOf(m, k, d));
  const heads: TableColumn[] = [
    { title: D === 1 ? "" : host.t(msg("component")) }, { title: host.t(msg("weight")), numeric: true },
    ...(D === 1 ? [] : [{ title: host.t(msg("points")), numeric: true, secondary: true }]),
    ...(D === 1 ? [{ title: host.t(msg("mean")), numeric: true }, { title: host.t(msg("std dev")), numeric: true }] : columns.map((title) => ({ title, numeric: true }))),
    ...(D === 1 ? [{ title: host.t(msg("points")), numeric: true, secondary: true }] : [{ title: host.t(msg("moved")), numeric: true, secondary: true }]),
  ];
  const rows: TableRow[] = [];
  for (let k = 0; k < K; k++) {
    const name = h("span", {}, h("b", { class: `c${k % 8}` }, letter(k)), D === 1 ? ` ${host.t(msg("now"))}` : "");
    const points = Number.isNaN(counts[k]) ? { text: "–", title: host.t(msg("No number belongs to a component before the first E-step.")) } : cell(counts[k], fixed(counts[k], 2));
    const move = previous ? Math.hypot(...Array.from({ length: D }, (_, d) => mixture.means[k * D + d] - previous.means[k * D + d])) : NaN;
    const values = (m: Mixture): TableCell[] =>
      D === 1 ? [cell(m.means[k], fixed(m.means[k], digits(0))), cell(spread(m, k, 0), fixed(spread(m, k, 0), digits(0)))]
      : columns.map((_, d) => plusMinus(m.means[k * D + d], spread(m, k, d), digits(d)));
    rows.push({
      key: `${k}`,
      className: "now",
      cells: [{ text: letter(k), node: name }, cell(mixture.weights[k], fixed(mixture.weights[k], 4)), ...(D === 1 ? [] : [points]), ...values(mixture), D === 1 ? points : Number.isNaN(move) ? "–" : cell(move, fixed(move, decimalsFor(trace.stats.std[0], 4)))],
    });
    if (!open) continue;
    const change = (now: number, was: number, d: number): TableCell => cell(now - was, signed(now - was, d));
    rows.push({
      key: `${k} move`,
      className: "quiet",
      cells: [
        { text: host.t(msg("last move")), className: "indent" },
        ...(previous
          ? [change(mixture.weights[k], previous.weights[k], 4), ...(D === 1 ? [] : [""]),
            ...(D === 1 ? [change(mixture.means[k], previous.means[k], digits(0)), change(spread(mixture, k, 0), spread(previous, k, 0), digits(0))]
            : columns.map((_, d) => change(mixture.means[k * D + d], previous.means[k * D + d], digits(d) + 2))), ""]
          : heads.slice(1).map((_, i) => (D === 1 && i === 3 ? "" : "–"))),
      ],
    });
    const last = end.weights[k] * N;
    rows.push({
      key: `${k} end`,
      className: "quiet",
      cells: [{ text: host.t(msg("at the end")), className: "indent" }, cell(end.weights[k], fixed(end.weights[k], 4)), ...(D === 1 ? [] : [cell(last, fixed(last, 2))]), ...values(end), D === 1 ? cell(last, fixed(last, 2)) : ""],
    });
  }
  return { columns: heads, rows };
}

function plusMinus(mean: number, sd: number, digits: number): TableCell {
  const text = `${fixed(mean, digits)} ± ${fixed(sd, digits)}`;
  return { text, title: `${exact(mean)} ± ${exact(sd)}`, node: h("span", {}, fixed(mean, digits), h("span", { class: "quiet" }, ` ± ${fixed(sd, digits)}`)) };
}

/** Rows become columns, so that several columns of data fit a narrow panel. Keeps the rows "now" only. */
function turned({ columns, rows }: Content, host: ViewHost): Content {
  const kept = rows.filter((row) => row.className === "now");
  return {
    columns: [{ title: host.t(msg("now")) }, ...kept.map((row) => ({ title: typeof row.cells[0] === "string" ? row.cells[0] : row.cells[0].text, numeric: true }))],
    rows: columns.slice(1).map(({ title }, i) => ({ cells: [title, ...kept.map((row) => row.cells[i + 1])] })),
  };
}

/** Each component's covariance as a small table, and for "tied" the one that all share. */
function drawCovariances(root: HTMLElement, host: ViewHost, shared: Shared): void {
  const { trace } = shared;
  const { D, K, columns, covarianceType } = trace;
  const mixture = mixtureAt(trace, shared.fitIndex, shared.shapesStep);
  const digits = decimalsFor(trace.stats.std.reduce((sum, v) => sum + v * v, 0) / D, 3);
  const shown = covarianceType === "tied" ? [0] : Array.from({ length: K }, (_, k) => k);
  while (root.children.length > shown.length) root.lastElementChild?.remove();
  while (root.children.length < shown.length) root.append(h("figure", {}, h("figcaption"), h("div", { class: "mixture-table" })));
  shown.forEach((k, i) => {
    const [caption, holder] = root.children[i].children as unknown as [HTMLElement, HTMLElement];
    const title = covarianceType === "tied" ? host.t(msg("Covariance shared by all components")) : host.t(msg("Covariance of {0}", letter(k)));
    caption.textContent = title;
    const matrix = covarianceOf(mixture, k);
    drawTable(holder, {
      caption: title,
      columns: [{ title: "" }, ...columns.map((name) => ({ title: name, numeric: true }))],
      rows: columns.map((name, a) => ({
        cells: [name, ...columns.map((_, b) => {
          const v = matrix[a * D + b];
          return { text: fixed(v, digits), title: exact(v) };
        })],
      })),
    });
  });
}

