import { select } from "d3";
import { h, setAttributes, svg } from "../marks/dom.js";
import type { GestureTargets } from "../marks/heatmapGestures.js";
import { watchHeatmap } from "../marks/heatmapGestures.js";
import { shortened, wrapped } from "../marks/labels.js";
import { isWhole, labelled, type Viewport } from "../marks/viewport.js";
import type { Inks } from "./ink.js";
import { CellCanvas, cellShapes, MOST_DRAWN } from "./mapCells.js";
import { SLANT, type HeatLayout } from "./mapLayout.js";
import type { MapModel } from "./mapModel.js";

export type HeatScene = {
  readonly model: MapModel;
  readonly inks: Inks;
  readonly layout: HeatLayout;
  readonly view: Viewport;
  /** The row that is looked at: under the pointer, else the chosen one. */
  readonly row: number;
  /** [column, row] under the pointer or the keys. */
  readonly cursor: readonly [number, number] | null;
  /** Columns that are named before others. */
  readonly named: readonly number[];
  label(token: number): string;
  /** What stands in the masked corner, and under the plot. */
  readonly masked: string;
  readonly foot: string;
  readonly description: string;
};

export type Heat = {
  readonly element: HTMLElement;
  readonly parts: readonly (SVGSVGElement | HTMLCanvasElement)[];
  /** How many cells a side a dot stands for. */
  draw(scene: HeatScene): number;
};

/** Least distance of two names. */
const nameRoom = 13;

/** One head in full: cells, names, the row that is looked at. One tab stop. */
export function createHeat(targets: GestureTargets): Heat {
  const cells = new CellCanvas(h("canvas", { class: "map-cells", "aria-hidden": "true" }));
  const hatch = svg("pattern", { id: "map-hatch", width: 5, height: 5, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" }, svg("line", { x1: 0, x2: 0, y1: 0, y2: 5 }));
  const clip = svg("rect");
  const shapes = svg("g", { "clip-path": "url(#map-clip)" });
  const over = svg("g", { "clip-path": "url(#map-clip)" });
  const names = svg("g", { class: "map-names" });
  const words = svg("g");
  const place = svg("g");
  const figure = svg("svg", { class: "map-figure", role: "img" }, svg("defs", {}, hatch, svg("clipPath", { id: "map-clip" }, clip)), shapes, over, words, place, names);
  const element = h("div", { class: "map-heat" }, cells.element, figure);
  watchHeatmap(figure, targets);
  let drawn: readonly unknown[] = [];

  function drawCells(scene: HeatScene): number {
    const { model, inks, layout: { left, top, side }, view } = scene;
    const asShapes = model.n <= MOST_DRAWN;
    cells.element.style.display = asShapes ? "none" : "";
    const asked = [model, inks, left, top, side, view.x, view.y, view.cell];
    if (asShapes && asked.every((each, i) => each === drawn[i])) return 1;
    drawn = asked;
    shapes.setAttribute("transform", `translate(${left},${top})`);
    shapes.replaceChildren(...(asShapes ? cellShapes(model, { view, side }, inks) : []));
    if (asShapes) return 1;
    cells.element.style.left = `${left}px`;
    cells.element.style.top = `${top}px`;
    return cells.draw(model, inks, { view, side });
  }

  return {
    element,
    parts: [cells.element, figure],
    draw(scene) {
      const { model, inks: { palette }, layout, view } = scene;
      const { left, top, side, width, height } = layout;
      element.style.width = `${width}px`;
      element.style.height = `${height}px`;
      setAttributes(figure, { width, height, "aria-label": scene.description });
      setAttributes(hatch.firstElementChild!, { stroke: palette.axis, "stroke-width": 1 });
      setAttributes(clip, { x: 0, y: 0, width: side, height: side });
      const dots = drawCells(scene);
      over.setAttribute("transform", `translate(${left},${top})`);
      over.replaceChildren(...overCells(scene));
      const whole = isWhole(view, model.n, side);
      words.replaceChildren(...(whole ? maskedWords(scene) : []), svg("text", { x: left + side, y: top + side + 14, "text-anchor": "end", class: "quiet-text" }, scene.foot));
      place.replaceChildren(...placeMarks(scene));
      drawNames(names, scene);
      return dots;
    },
  };
}

/** Edges of what the mask leaves, and padding. */
function overCells({ model, layout: { side }, view: { x, y, cell }, inks: { palette } }: HeatScene): SVGElement[] {
  const at = (place: number, from: number): number => Math.max(-1, Math.min(side + 1, (place - from) * cell));
  const marks: SVGElement[] = [];
  if (model.trace.source.causal && model.rows === model.columns) {
    const first = Math.max(0, Math.floor(Math.max(x, y)));
    const last = Math.min(model.n - 1, Math.ceil(Math.min(x, y) + side / cell));
    const steps = cell >= 3
      ? Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => `V${(first + i - y) * cell}H${(first + i + 1 - x) * cell}`).join("").concat(`V${(last + 1 - y) * cell}`)
      : `L${(last + 1 - x) * cell} ${(last + 1 - y) * cell}`;
    marks.push(svg("path", { d: `M${(first - x) * cell} ${(first - y) * cell}${steps}`, fill: "none", stroke: palette.axis, "stroke-width": 0.75 }));
    marks.push(svg("path", { d: `M${at(0, x)} ${at(0, y)}V${at(model.n, y)}H${at(model.n, x)}`, fill: "none", stroke: palette.axis, "stroke-width": 0.75 }));
  } else {
    marks.push(svg("rect", { x: at(0, x), y: at(0, y), width: at(model.columns, x) - at(0, x), height: at(model.rows, y) - at(0, y), fill: "none", stroke: palette.axis, "stroke-width": 0.75 }));
  }
  if (!model.padded) return marks;
  for (let token = 0; token < model.columns; token++) {
    if (!model.isPadding(token)) continue;
    let end = token;
    while (end < model.columns && model.isPadding(end)) end++;
    marks.push(svg("rect", { class: "map-padding", x: at(token, x), y: at(0, y), width: at(end, x) - at(token, x), height: at(model.rows, y) - at(0, y), fill: "url(#map-hatch)" }));
    if (model.rows === model.columns) {
      marks.push(svg("rect", { class: "map-padding", x: at(0, x), y: at(token, y), width: at(model.columns, x) - at(0, x), height: at(end, y) - at(token, y), fill: "url(#map-hatch)", opacity: 0.5 }));
    }
    token = end;
  }
  return marks;
}

/** A word in the corner that the mask leaves blank. */
function maskedWords({ model, masked, layout: { left, top, side }, inks: { palette } }: HeatScene): SVGElement[] {
  if (!model.trace.source.causal || side < 150 || model.n < 4) return [];
  const width = Math.max(104, side * 0.36);
  return wrapped(masked, width, `12px ${palette.font}`).map((line, i) => svg("text", { x: left + side, y: top + side * 0.14 + i * 15, "text-anchor": "end", class: "quiet-text" }, line));
}

/** The row that is looked at, and the cell under the pointer. */
function placeMarks({ model, row, cursor, layout: { left, top, side }, view: { x, y, cell }, inks: { palette } }: HeatScene): SVGElement[] {
  const marks: SVGElement[] = [];
  const up = (row - y) * cell;
  if (up > -cell && up < side) {
    const [from, to] = [Math.max(0, up), Math.min(side, up + cell)];
    const [start, end] = [Math.max(0, -x * cell), Math.min(side, (model.columns - x) * cell)];
    marks.push(svg("rect", { class: "map-row", x: left + start - 2, y: top + from - 2, width: end - start + 3, height: Math.max(3, to - from) + 3, rx: 2, fill: "none", stroke: palette.focus, "stroke-width": 2 }));
  }
  if (cursor) {
    const [cx, cy] = [(cursor[0] - x) * cell, (cursor[1] - y) * cell];
    const size = Math.max(5, cell);
    const shift = (size - cell) / 2;
    marks.push(svg("rect", { class: "map-cursor", x: left + cx - shift - 0.5, y: top + cy - shift - 0.5, width: size, height: size, fill: "none", stroke: palette.ink, "stroke-width": 2 }));
  }
  return marks;
}

/** Names of rows at the left and of columns above: as many as have room, the looked at first. */
function drawNames(g: SVGGElement, scene: HeatScene): void {
  const { model, layout, view: { x, y, cell }, row, cursor, label } = scene;
  const { left, top, side, font, longest } = layout;
  const last = (at: number, count: number): number => Math.min(count - 1, Math.ceil(at + side / cell) - 1);
  const first = (at: number): number => Math.max(0, Math.ceil(at - 0.5));
  const inside = (place: number, at: number): boolean => (place + 0.5 - at) * cell >= 0 && (place + 0.5 - at) * cell <= side;
  const rows = labelled(first(y), last(y, model.rows), cell, nameRoom, [row]).filter((place) => inside(place, y));
  const columns = labelled(first(x), last(x, model.columns), cell, nameRoom, cursor ? [cursor[0], ...scene.named] : scene.named).filter((place) => inside(place, x));
  const strong = cursor ? cursor[0] : scene.named[0];
  const items: readonly Name[] = [
    ...rows.map((place) => ({ key: `r${place}`, place, bold: place === row, transform: `translate(${left - 6},${top + (place + 0.5 - y) * cell + 4})`, anchor: "end" })),
    ...columns.map((place) => ({ key: `c${place}`, place, bold: place === strong, transform: `translate(${left + (place + 0.5 - x) * cell + 4},${top - 5}) rotate(${(-SLANT * 180) / Math.PI})`, anchor: "start" })),
  ];
  // Kept by place: a name that is pressed must be the one that is let go.
  select(g).selectAll<SVGTextElement, Name>("text").data(items, (name) => name.key).join("text")
    .attr("data-place", ({ place }) => place).attr("transform", ({ transform }) => transform).attr("text-anchor", ({ anchor }) => anchor)
    .attr("class", ({ place, bold }) => `mono-text${bold ? " strong-text" : model.isPadding(place) ? " quiet-text" : ""}`)
    .text(({ place }) => shortened(label(place), longest, font));
}

type Name = { readonly key: string; readonly place: number; readonly bold: boolean; readonly transform: string; readonly anchor: string };
