import { scaleLinear } from "d3";
import { msg, type Message } from "../../core/contract/index.js";
import type { Histogram, Statistics } from "../../core/formats/tensors.js";
import { isWhole } from "../../core/formats/tensorTypes.js";
import type { TensorInfo } from "../../core/protocol.js";
import { drawAxis, tickFormat } from "../marks/axis.js";
import { h, linkButton, svg } from "../marks/dom.js";
import type { Palette } from "../marks/palette.js";
import { drawTable } from "../marks/table.js";
import { compact, exact, percent, significant } from "../text/number.js";
import { number } from "./sentences.js";

/** How far the counting is. */
export type Counting =
  | { readonly kind: "waiting" }
  | { readonly kind: "running"; readonly fraction: number; readonly message: Message; readonly known?: Statistics }
  | { readonly kind: "done"; readonly known: Statistics }
  /** Not begun by itself, since it reads much; or stopped. `bytes` are to be read, twice. */
  | { readonly kind: "offered"; readonly bytes: string; readonly stopped: boolean; readonly known?: Statistics }
  | { readonly kind: "failed"; readonly sentences: readonly Message[] };

export type FactsState = {
  readonly tensor: TensorInfo;
  readonly counting: Counting;
  readonly palette: Palette;
  readonly width: number;
  readonly table: boolean;
};

export interface Facts {
  readonly element: HTMLElement;
  draw(state: FactsState): void;
}

const height = 84;

/** The figures of an array and their histogram. */
export function createFacts(t: (message: Message) => string, on: { count(): void; cancel(): void }): Facts {
  const figures = h("dl", { class: "tensor-figures" });
  const state = h("p", { class: "quiet small counting", role: "status" });
  const line = h("div", { class: "progress", role: "progressbar", hidden: true });
  const axis = svg("g");
  const bars = svg("g");
  const picture = svg("svg", { role: "img", tabindex: 0 }, bars, axis);
  const readout = h("p", { class: "quiet small", "aria-live": "polite" });
  const chart = h("div", { class: "tensor-histogram" }, picture, readout);
  const twin = h("div", { class: "twin-place histogram-twin" });
  const element = h("section", { class: "tensor-facts" }, h("div", { class: "facts-row" }, figures, chart), line, state, twin);
  let shownBin: number | null = null;
  let last: FactsState | undefined;

  function drawFigures(known: Statistics | undefined, { dtype, size }: TensorInfo): void {
    const cell = (name: string, value: string, title?: string): HTMLElement => h("div", {}, h("dt", {}, name), h("dd", { title }, value));
    const real = (value: number | undefined): [string, string | undefined] => (value === undefined || Number.isNaN(value) ? ["–", undefined] : [significant(value, 5), exact(value)]);
    const edge = (value: number | undefined): [string, string | undefined] => (value === undefined || Number.isNaN(value) ? ["–", undefined] : [number(value, dtype), exact(value)]);
    const count = (value: number | undefined): string => (value === undefined ? "–" : compact(value));
    const cells = [
      cell("count", compact(size)),
      cell("mean", ...real(known?.mean)),
      cell("std", ...real(known?.std)),
      cell("min", ...edge(known?.min)),
      cell("max", ...edge(known?.max)),
      cell("zeros", count(known?.zeros)),
    ];
    if (!isWhole(dtype)) cells.push(cell("NaN", count(known?.nan)), cell("+∞", count(known?.positiveInfinity)), cell("−∞", count(known?.negativeInfinity)));
    figures.replaceChildren(...cells);
  }

  function drawState(counting: Counting): void {
    const running = counting.kind === "running";
    line.hidden = !running;
    if (running) {
      line.style.setProperty("--done", `${100 * counting.fraction}%`);
      line.setAttribute("aria-valuenow", String(Math.round(100 * counting.fraction)));
      line.setAttribute("aria-label", t(counting.message));
    }
    switch (counting.kind) {
      case "running":
        return state.replaceChildren(`${t(counting.message)}: ${percent(counting.fraction)}`, " · ", linkButton(t(msg("Cancel")), on.cancel));
      case "offered":
        return state.replaceChildren(t(counting.stopped ? msg("Counting was stopped.") : msg("To count them, {0} have to be read twice.", counting.bytes)), " ", linkButton(t(counting.stopped ? msg("Go on") : msg("Count them")), on.count));
      case "failed":
        return state.replaceChildren(counting.sentences.map(t).join(" "), " ", linkButton(t(msg("Try again")), on.count));
      default:
        return state.replaceChildren();
    }
  }

  function drawHistogram(histogram: Histogram | null, { palette, tensor, width, table }: FactsState): void {
    chart.hidden = histogram === null;
    twin.hidden = histogram === null || !table;
    if (!histogram) return;
    const { edges, counts } = histogram;
    const most = counts.reduce((a, b) => Math.max(a, b), 1);
    const total = counts.reduce((a, b) => a + b, 0);
    const [left, right] = [8, width - 8];
    const flat = edges[0] === edges[edges.length - 1];
    const x = scaleLinear().domain(flat ? [edges[0] - 0.5, edges[0] + 0.5] : [edges[0], edges[edges.length - 1]]).range([left, right]);
    const top = 6;
    picture.setAttribute("width", String(width));
    picture.setAttribute("height", String(height));
    const y = (value: number): number => top + (height - 22 - top) * (1 - value / most);
    bars.replaceChildren(...Array.from(counts, (value, k) => {
      const [from, to] = flat ? [x(edges[0]) - 8, x(edges[0]) + 8] : [x(edges[k]), x(edges[k + 1])];
      const room = to - from > 3 ? 1 : 0;
      return svg("rect", { x: from, y: value > 0 ? Math.min(y(value), height - 23) : height - 22, width: Math.max(0.5, to - from - room), height: value > 0 ? Math.max(1, height - 22 - y(value)) : 0, fill: k === shownBin ? palette.ink : palette.axis });
    }));
    const ticks = x.ticks(width < 260 ? 3 : 5).filter((tick) => x(tick) >= left && x(tick) <= right);
    drawAxis(axis, { side: "bottom", scale: x, at: height - 22, palette, ticks, format: tickFormat(ticks), line: true });
    picture.setAttribute("aria-label", t(msg("Histogram of {0} finite numbers from {1} to {2}; the fullest of {3} bins holds {4}.", compact(total), number(edges[0], tensor.dtype), number(edges[edges.length - 1], tensor.dtype), counts.length, compact(most))));
    readout.textContent = shownBin === null || shownBin >= counts.length ? fullestSentence(most) : binSentence(histogram, shownBin);
    if (!table) return;
    drawTable(twin, {
      caption: t(msg("Histogram")),
      columns: [{ title: t(msg("from")), numeric: true }, { title: t(msg("to")), numeric: true }, { title: t(msg("numbers")), numeric: true }],
      rows: Array.from(counts, (value, k) => ({ cells: [{ text: significant(edges[k], 5), title: exact(edges[k]) }, { text: significant(edges[k + 1], 5), title: exact(edges[k + 1]) }, compact(value)] })),
      width,
    });
  }

  function fullestSentence(most: number): string {
    return t(most === 1 ? msg("Histogram: no bin holds more than one number.") : msg("Histogram: the fullest bin holds {0} numbers.", compact(most)));
  }

  function binSentence({ edges, counts }: Histogram, k: number): string {
    const [from, to] = [significant(edges[k], 5), significant(edges[k + 1], 5)];
    return t(counts[k] === 1 ? msg("One number from {0} to {1}.", from, to) : msg("{0} numbers from {1} to {2}.", compact(counts[k]), from, to));
  }

  const showBin = (k: number | null): void => {
    shownBin = k;
    if (last) draw(last);
  };
  const bins = (): number => (last?.counting.kind === "done" ? (last.counting.known.histogram?.counts.length ?? 0) : 0);
  picture.addEventListener("pointermove", (event) => {
    const box = picture.getBoundingClientRect();
    const share = (event.clientX - box.left - 8) / Math.max(1, box.width - 16);
    showBin(share < 0 || share >= 1 ? null : Math.floor(share * bins()));
  });
  picture.addEventListener("pointerleave", () => showBin(null));
  picture.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (event.key === "Escape" && shownBin !== null) showBin(null);
    else if (step !== undefined && bins() > 0) showBin(Math.max(0, Math.min(bins() - 1, shownBin === null ? (step > 0 ? 0 : bins() - 1) : shownBin + step)));
    else return;
    event.preventDefault();
    event.stopPropagation();
  });

  function draw(next: FactsState): void {
    last = next;
    const { counting, tensor } = next;
    const known = counting.kind === "done" || counting.kind === "running" || counting.kind === "offered" ? counting.known : undefined;
    drawFigures(known, tensor);
    drawState(counting);
    drawHistogram(known?.histogram ?? null, next);
  }
  return { element, draw };
}
