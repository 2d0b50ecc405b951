import { msg, type Message } from "../../core/contract/index.js";
import type { StagesAt } from "../../core/decoding/trace.js";
import { h, setAttributes, svg } from "../marks/dom.js";
import { shortened, textWidth } from "../marks/labels.js";
import type { Palette } from "../marks/palette.js";
import { compact, fixed, percent } from "../text/number.js";
import type { ViewHost } from "../view.js";
import { logPlace, lossOf, scaleOf, type Column, type Row, type Tail } from "./pipelineModel.js";

export type Picture = {
  readonly at: StagesAt;
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  readonly tail: Tail;
  readonly chosen: number | null;
  /** The row under the pointer or the keyboard's cursor. */
  readonly cursor: number | null;
  readonly log: boolean;
  readonly width: number;
  name(id: number): string;
};

/** Sizes shared by the drawing and by what finds the row under the pointer. */
export const rowHeight = 17;
export const headHeight = 34;
const footRow = 18;
const leastColumn = 38;
const mostColumn = 104;
/** Where the last column's numbers may stand that have no room in it. */
const margin = 14;

export type Figure = {
  readonly element: HTMLElement;
  readonly names: SVGSVGElement;
  readonly stages: SVGSVGElement;
  draw(picture: Picture): void;
  /** The line at a place of the window, or null. */
  rowAt(clientY: number): number | null;
};

/** The names at the left stand still; the columns scroll under them where they do not fit. */
export function createFigure(host: ViewHost): Figure {
  const names = svg("svg", { class: "pipeline-names", "aria-hidden": "true" });
  const stages = svg("svg", { class: "pipeline-stages" });
  const scroller = h("div", { class: "pipeline-scroll" }, stages);
  const element = h("div", { class: "pipeline-figure" }, names, scroller);
  let lines = 0;
  return {
    element, names, stages,
    draw(picture) {
      const { columns, rows } = picture;
      const palette = host.palette();
      lines = rows.length;
      const left = nameWidth(host, picture, palette);
      const wide = Math.min(mostColumn, Math.max(leastColumn, (picture.width - left - margin) / columns.length));
      const height = headHeight + (rows.length + 1) * rowHeight + 10 + 3 * footRow;
      setAttributes(names, { width: left, height });
      setAttributes(stages, { width: wide * columns.length + margin, height });
      names.replaceChildren(...drawNames(host, picture, palette, left));
      stages.replaceChildren(...drawStages(picture, palette, wide));
    },
    rowAt(clientY) {
      const row = Math.floor((clientY - stages.getBoundingClientRect().top - headHeight) / rowHeight);
      return row >= 0 && row < lines ? row : null;
    },
  };
}

/** Names may be cut, but not what stands below them. */
function nameWidth(host: ViewHost, { rows, at, tail, name, width }: Picture, palette: Palette): number {
  const widest = Math.max(...rows.map(({ id }) => textWidth(name(id), `12px ${palette.mono}`)), 52);
  const others = othersOf(at, tail);
  const below = others ? textWidth(host.t(others), `11px ${palette.font}`) - 4 : 0;
  return Math.ceil(Math.max(below, Math.min(width < 300 ? 56 : 88, widest))) + 12;
}

function othersOf(at: Picture["at"], tail: Picture["tail"]): Message | null {
  return at.rest > 0 ? msg("the rest") : tail.count > 0 ? msg("{0} more", compact(tail.count)) : null;
}

function band(y: number, width: number, palette: Palette, strong: boolean): SVGElement {
  return svg("rect", { x: -4, y, width: width + 8, height: rowHeight, fill: palette.ink, "fill-opacity": strong ? 0.12 : 0.07, "data-export": strong ? "none" : null });
}

function drawNames(host: ViewHost, { rows, tail, at, chosen, cursor, name }: Picture, palette: Palette, width: number): SVGElement[] {
  const marks: SVGElement[] = [];
  const end = width - 8;
  rows.forEach((row, i) => {
    const y = headHeight + i * rowHeight;
    if (row.id === chosen || i === cursor) marks.push(band(y, width, palette, i === cursor));
    const text = shortened(name(row.id), end - 2, `12px ${palette.mono}`);
    const gone = row.removedAt > 0;
    marks.push(svg("text", { x: end, y: y + 12.5, "text-anchor": "end", class: `t12 m${gone ? " q" : ""}${row.id === chosen ? " b" : ""}` }, text));
    if (gone) {
      const size = textWidth(text, `12px ${palette.mono}`);
      marks.push(svg("line", { class: "pipeline-gone", x1: end - size - 1, x2: end + 1, y1: y + 8.5, y2: y + 8.5, stroke: palette.quiet }));
    }
  });
  const below = headHeight + rows.length * rowHeight;
  const others = othersOf(at, tail);
  if (others) marks.push(svg("text", { class: "q", x: end, y: below + 12.5, "text-anchor": "end" }, host.t(others)));
  const foot = below + rowHeight + 6;
  marks.push(svg("line", { x1: 0, x2: width, y1: foot, y2: foot, stroke: palette.axis }));
  [msg("kept"), msg("mass"), msg("bits")].forEach((label, r) => {
    marks.push(svg("text", { class: "q", x: end, y: foot + 15 + r * footRow, "text-anchor": "end" }, host.t(label)));
  });
  return marks;
}

function drawStages(picture: Picture, palette: Palette, wide: number): SVGElement[] {
  const { at, columns, rows, tail, chosen, cursor, log } = picture;
  const n = at.ids.length;
  const last = columns.length - 1;
  const room = wide - 8;
  const scale = scaleOf(at);
  const length = (p: number): number => (log ? logPlace(p) : Math.min(1, p / scale)) * room;
  const strong = palette.strength(0.6);
  const soft = palette.tint(strong, 0.62);
  const marks: SVGElement[] = [];
  const below = headHeight + rows.length * rowHeight;
  const foot = below + rowHeight + 6;
  rows.forEach((row, i) => {
    if (row.id === chosen || i === cursor) marks.push(band(headHeight + i * rowHeight, wide * columns.length + margin, palette, i === cursor));
  });
  columns.forEach((column, k) => {
    const x = k * wide + 1;
    marks.push(
      svg("text", { class: "t12 b", x, y: 11 }, headOf(column, wide - 3, palette), svg("title", {}, column.name)),
      svg("text", { class: "q m", x, y: 25 }, shortened(column.values, wide - 4, `11px ${palette.mono}`)),
      svg("line", { x1: x - 0.5, x2: x - 0.5, y1: headHeight - 4, y2: below + rowHeight, stroke: palette.axis }),
    );
    rows.forEach((row, i) => {
      const y = headHeight + i * rowHeight;
      const p = at.probabilities[k * n + row.index];
      let end = length(p);
      if (row.removedAt === k && k > 0) marks.push(...struck(x, y, Math.max(7, length(at.probabilities[(k - 1) * n + row.index])), palette, room));
      if (row.removedAt > 0 && k >= row.removedAt) return;
      const fill = k === last ? strong : soft;
      if (log) marks.push(...dot(x, y, length(p), p > 1e-6, fill, palette, room));
      else {
        marks.push(svg("rect", { class: "pipeline-bar", x, y: y + 3, width: Math.max(p > 0 ? 1 : 0, length(p)), height: rowHeight - 6, fill, stroke: palette.contrast ? palette.ink : null, "stroke-width": palette.contrast ? 0.75 : null }));
        const lost = k > 0 ? lossOf(at, columns, row, k) : null;
        if (lost !== null && length(lost) - length(p) > 1) {
          end = length(lost);
          marks.push(svg("rect", { class: "pipeline-loss", x: x + length(p), y: y + 3.5, width: length(lost) - length(p), height: rowHeight - 7, fill: "none", stroke: strong, "stroke-dasharray": "2 2" }));
        }
      }
      if (k === last && p > 0) marks.push(share(x, y, length(p), end, p, log, strong, palette, room));
    });
    const mass = tail.mass[k];
    if (tail.removedAt === k && k > 0) marks.push(...struck(x, below, Math.max(7, length(tail.mass[k - 1])), palette, room));
    else if (mass > 0 && !(tail.removedAt > 0 && k > tail.removedAt)) {
      if (log) marks.push(...dot(x, below, length(mass), mass > 1e-6, palette.quiet, palette, room));
      // Many small ones together may be more than any of the listed tokens: then the number stands for the bar.
      else if (mass > scale) marks.push(svg("text", { class: "q", x: x + 3, y: below + 12.5 }, percent(mass)));
      else marks.push(svg("rect", { class: "pipeline-tail", x, y: below + 3, width: Math.max(1, length(mass)), height: rowHeight - 6, fill: palette.tint(palette.quiet, 0.45) }));
    }
    const weight = k === last ? "t12 b" : "t12";
    const cut = k > 0 && at.kept[k] < at.kept[k - 1];
    const left = at.keptMass[k];
    [count(at.kept[k], wide - 5, palette), cut ? percent(left, left >= 0.9995 ? 0 : 1) : "", fixed(at.entropy[k], 2)].forEach((text, r) => {
      if (text !== "") marks.push(svg("text", { class: weight, x: x + room - 1, y: foot + 15 + r * footRow, "text-anchor": "end" }, text));
    });
  });
  marks.push(svg("line", { x1: 0, x2: wide * columns.length + margin, y1: foot, y2: foot, stroke: palette.axis }));
  return marks;
}

function headOf({ head, brief }: Column, wide: number, palette: Palette): string {
  const font = `600 12px ${palette.font}`;
  return textWidth(head, font) <= wide ? head : shortened(brief, wide, font);
}

/** A count that fits: in thousands where its digits would run into the next column. */
function count(n: number, wide: number, palette: Palette): string {
  const text = compact(n);
  return textWidth(text, `600 12px ${palette.font}`) <= wide ? text : `${fixed(n / 1000, n < 9950 ? 1 : 0)}k`;
}

/** A removed token: a hollow bar of its last length, struck through. */
function struck(x: number, y: number, width: number, palette: Palette, room: number): SVGElement[] {
  const long = Math.min(width, room - 6);
  return [
    svg("rect", { class: "pipeline-struck", x: x + 0.5, y: y + 3.5, width: long, height: rowHeight - 7, fill: "none", stroke: palette.quiet }),
    svg("line", { x1: x - 1, x2: x + long + 5, y1: y + rowHeight / 2, y2: y + rowHeight / 2, stroke: palette.red, "stroke-width": 1.5 }),
  ];
}

/** On a logarithmic scale there is no zero, so that bars become dots on a hairline. */
function dot(x: number, y: number, length: number, inside: boolean, fill: string, palette: Palette, room: number): SVGElement[] {
  const middle = y + rowHeight / 2;
  return [
    svg("line", { x1: x, x2: x + room, y1: middle, y2: middle, stroke: palette.grid }),
    svg("circle", { class: "pipeline-dot", cx: x + length, cy: middle, r: 3.4, fill: inside ? fill : palette.paper, stroke: palette.contrast || !inside ? palette.ink : null, "stroke-width": 0.75 }),
  ];
}

/** The number of the last column: beside the bar and what it lost; in the bar where there is no room beside. */
function share(x: number, y: number, length: number, end: number, p: number, log: boolean, fill: string, palette: Palette, room: number): SVGElement {
  const text = p < 0.005 ? percent(p, 1) : percent(p);
  const size = textWidth(text, `11px ${palette.font}`);
  const inside = !log && end + size + 4 > room + 6 + margin && length >= size + 3;
  const beside = log ? (length + size + 8 <= room ? x + length + 6 : x + length - 6 - size) : x + end + 3;
  if (!inside) return svg("text", { class: "q", x: beside, y: y + 12.5 }, text);
  const on = svg("text", { x: x + length - 2, y: y + 12.5, "text-anchor": "end" }, text);
  on.style.fill = palette.inkOn(fill);
  return on;
}
