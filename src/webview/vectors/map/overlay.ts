import { curveLinearClosed, line, scaleLinear } from "d3";
import type { MapPart, VectorReply } from "../../../core/vectors/trace.js";
import { drawAxis } from "../../marks/axis.js";
import { setAttributes, svg } from "../../marks/dom.js";
import type { Palette } from "../../marks/palette.js";
import type { PlacedName } from "./names.js";
import { placeAt, toX, toY, type Viewport } from "./viewport.js";

export type OverlayScene = {
  readonly map: MapPart;
  readonly positions: Float32Array;
  readonly view: Viewport;
  readonly palette: Palette;
  /** Where the plot stands in the figure. */
  readonly left: number;
  readonly top: number;
  readonly names: readonly PlacedName[];
  /** The point whose neighbours are drawn. */
  readonly point: number | null;
  readonly held: number | null;
  /** A neighbour that is pointed at elsewhere. */
  readonly lit: number | null;
  readonly neighbours: VectorReply | undefined;
  readonly lasso: readonly (readonly [number, number])[] | null;
};

/** What stands over the points: lines to neighbours, rings, the lasso. */
export function drawMarks(g: SVGGElement, scene: OverlayScene): void {
  const { positions, view, palette, point, held, lit, neighbours, lasso } = scene;
  const at = (i: number): readonly [number, number] => [toX(view, positions[2 * i]), toY(view, positions[2 * i + 1])];
  const nodes: SVGElement[] = [];
  if (lasso) {
    const path = line().curve(curveLinearClosed)(lasso.map(([x, y]) => [toX(view, x), toY(view, y)] as [number, number]));
    nodes.push(svg("path", { d: path, fill: palette.ink, "fill-opacity": 0.06, stroke: palette.ink, "stroke-width": 1.25, "stroke-dasharray": "4 3", "data-lasso": true }));
  }
  if (point !== null && neighbours) {
    const [x, y] = at(point);
    for (const [n, i] of Array.from(neighbours.indices.entries()).reverse()) {
      const [x2, y2] = at(i);
      const strength = Math.max(0.25, neighbours.cosines[n]);
      nodes.push(svg("line", { x1: x, y1: y, x2, y2, stroke: palette.paper, "stroke-width": 3.5, "stroke-opacity": 0.7 }));
      nodes.push(svg("line", { x1: x, y1: y, x2, y2, stroke: palette.strength(strength), "stroke-width": 1 + 1.5 * strength, "data-neighbour": i }));
      nodes.push(svg("circle", { cx: x2, cy: y2, r: 4.2, fill: palette.strength(strength), stroke: palette.ink, "stroke-width": 1 }));
    }
  }
  if (lit !== null) nodes.push(ring(at(lit), 8, palette.ink, 1.5));
  if (point !== null) {
    const [x, y] = at(point);
    nodes.push(svg("circle", { cx: x, cy: y, r: 4.2, fill: palette.ink, stroke: palette.paper, "stroke-width": 1 }));
    nodes.push(ring([x, y], held === point ? 8 : 7, palette.ink, held === point ? 2.25 : 1.25));
  }
  g.replaceChildren(...nodes);
}

/** Names beside their points, that of the point shown in bold. */
export function drawNames(g: SVGGElement, { names, point, lit }: OverlayScene): void {
  g.replaceChildren(...names.map(({ point: of, x, y, text }) => svg("text", { x: round(x), y: round(y), class: of === point || of === lit ? "map-name strong" : "map-name", "data-point": of }, text)));
}

function ring([cx, cy]: readonly [number, number], r: number, stroke: string, width: number): SVGElement {
  return svg("circle", { cx, cy, r, fill: "none", stroke, "stroke-width": width });
}

function round(v: number): number {
  return Math.round(v * 2) / 2;
}

/** The axes of PCA, each with its share of the variance; nothing for the others, whose axes mean nothing. */
export function drawAxes(x: SVGGElement, y: SVGGElement, { map, view, palette, left, top }: OverlayScene, labels: readonly [string, string]): void {
  const shown = map.projection === "pca";
  setAttributes(x, { display: shown ? null : "none" });
  setAttributes(y, { display: shown ? null : "none" });
  if (!shown) return;
  const [x0, y0] = placeAt(view, 0, view.height);
  const [x1, y1] = placeAt(view, view.width, 0);
  drawAxis(x, { side: "bottom", scale: scaleLinear([x0, x1], [left, left + view.width]), at: top + view.height, ticks: Math.max(3, Math.round(view.width / 90)), label: labels[0], palette });
  drawAxis(y, { side: "left", scale: scaleLinear([y0, y1], [top + view.height, top]), at: left, ticks: Math.max(3, Math.round(view.height / 80)), label: labels[1], palette });
}
