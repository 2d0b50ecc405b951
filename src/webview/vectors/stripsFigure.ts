import { msg } from "../../core/contract/index.js";
import { sizeCanvas } from "../marks/canvas.js";
import { h, setAttributes, svg } from "../marks/dom.js";
import { shortened, textWidth, wrapped } from "../marks/labels.js";
import { paintStrip } from "../marks/signStrip.js";
import { fixed } from "../text/number.js";
import type { ViewHost } from "../view.js";
import { listenToStrips, type StripsActions } from "./stripsGestures.js";
import { cellAt, layOutStrips, rulerPlaces, STRIP_HEIGHT, type StripsCursor, type StripsLayout, type StripsPicture } from "./stripsLayout.js";
import type { StripRow } from "./stripsModel.js";

/** Cells of this width have their number printed in them. */
const NUMBER_WIDTH = 52;

export type StripsFigure = {
  readonly element: HTMLElement;
  readonly svg: SVGSVGElement;
  readonly canvas: HTMLCanvasElement;
  draw(picture: StripsPicture): void;
  dispose(): void;
};

/** Strips under one another with names, ruler, cosines and a cursor through one dimension. Cells are on canvas, all else SVG. */
export function createStripsFigure(host: ViewHost, actions: StripsActions, cursor: StripsCursor): StripsFigure {
  const canvas = h("canvas", { "aria-hidden": "true" });
  const figure = svg("svg", { class: "strips-figure", role: "application", tabindex: "0", "aria-roledescription": host.t(msg("picture")) });
  const layers = { rows: svg("g"), ruler: svg("g"), cursor: svg("g"), sums: svg("g") };
  figure.append(...Object.values(layers));
  const element = h("div", { class: "strips-stage" }, canvas, figure);
  let shown: StripsPicture | undefined;
  let layout: StripsLayout | undefined;
  let painted: readonly unknown[] = [];
  const stop = listenToStrips(figure, actions, cursor, () => (shown && layout ? { picture: shown, layout } : undefined));

  function paint(picture: StripsPicture, { x0, x1, ys, bottom }: StripsLayout): void {
    const { rows, order, window: { from, to }, scale } = picture;
    const now = [rows.map((row) => row.key).join("\u0001"), rows[0]?.values, order, from, to, scale, x0, x1, bottom, ...rows.map((row) => row.values)];
    if (now.length === painted.length && now.every((value, i) => value === painted[i])) return;
    painted = now;
    const context = sizeCanvas(canvas, Math.max(1, x1 - x0), bottom);
    canvas.style.left = `${x0}px`;
    if (!context) return;
    rows.forEach((row, i) => paintStrip(context, row.values, order, from, to, { x: 0, y: ys[i], width: x1 - x0, height: STRIP_HEIGHT }, scale));
  }

  function drawRows(picture: StripsPicture, { width, x0, x1, ys, ruleY, valueX }: StripsLayout): void {
    const palette = host.palette();
    const { rows, cosines, cosineTitle, dimension, decimals } = picture;
    const parts: SVGElement[] = [];
    const pad = picture.movable > 0 ? 14 : 0;
    rows.forEach((row, i) => {
      const y = ys[i];
      const strong = i >= picture.above || i === cursor.row || (row.row >= 0 && picture.hovered.includes(row.row));
      const font = `${strong ? "600 " : ""}12px ${palette.font}`;
      const name = svg("text", { x: x0 - 8, y: y + 14, "text-anchor": "end", class: strong ? "t12 b" : "t12", "data-row": i }, shortened(row.label, x0 - 8 - pad, font));
      name.append(svg("title", {}, row.label));
      parts.push(name);
      parts.push(svg("rect", { x: x0 - 0.5, y: y - 0.5, width: x1 - x0 + 1, height: STRIP_HEIGHT + 1, fill: "none", stroke: palette.axis, "stroke-opacity": palette.contrast ? 1 : 0.6 }));
      if (valueX !== null) parts.push(svg("text", { x: valueX, y: y + 14, "text-anchor": "end", class: "t12" }, fixed(row.values[dimension], decimals)));
      const defined = !Number.isNaN(cosines[i]);
      const figureText = defined ? fixed(cosines[i], 3) : valueX === null ? "\u2013" : host.t(msg("undefined"));
      const cos = svg("text", { x: width, y: y + 14, "text-anchor": "end", class: i === picture.reference ? "t12 q u" : row.near ? "t12 b" : "t12 q", "data-cosine": i }, figureText);
      if (!defined) cos.append(svg("title", {}, host.t(msg("A vector of zeros has no direction, so its cosine is undefined."))));
      parts.push(cos);
      parts.push(...numbersIn(row, y, picture, x0, x1));
      if (i === cursor.row && i < picture.movable) parts.push(cross(2, y + 6, palette.quiet));
    });
    if (ruleY !== null) parts.push(svg("path", { class: "strips-rule", d: `M${x0 - 2} ${ruleY}H${x1}`, stroke: palette.axis }));
    parts.push(svg("text", { x: width, y: 9, "text-anchor": "end", class: "q" }, shortened(cosineTitle, width - (valueX ?? x1) - 4, `11px ${palette.font}`)));
    if (valueX !== null) parts.push(svg("text", { x: valueX, y: 9, "text-anchor": "end", class: "q" }, host.t(msg("at {0}", dimension + 1))));
    const { dragged } = cursor;
    if (dragged) {
      const at = dragged.to < dragged.row ? ys[dragged.to] - 2 : ys[dragged.to] + STRIP_HEIGHT + 2;
      parts.push(svg("path", { d: `M0 ${at}H${x1}`, stroke: palette.focus, "stroke-width": 2, "data-export": "none" }));
    }
    layers.rows.replaceChildren(...parts);
  }

  function drawRuler({ order, window: { from, to } }: StripsPicture, { x0, x1 }: StripsLayout): void {
    const x = (p: number): number => x0 + ((p + 0.5 - from) / (to - from)) * (x1 - x0);
    const places = rulerPlaces(from, to, x1 - x0);
    const texts = places.map((p, i) => {
      const anchor = places.length === 1 ? "middle" : i === 0 ? "start" : i === places.length - 1 ? "end" : "middle";
      return svg("text", { x: anchor === "start" ? x0 : anchor === "end" ? x1 : x(p), y: 9, "text-anchor": anchor, class: "q" }, fixed(p + 1, 0));
    });
    const unit = host.t(order === null ? msg("dimension") : msg("place"));
    if (textWidth(unit, `11px ${host.palette().font}`) <= x0 - 8) texts.push(svg("text", { x: x0 - 8, y: 9, "text-anchor": "end", class: "q" }, unit));
    layers.ruler.replaceChildren(...texts);
  }

  function drawCursor(picture: StripsPicture, { x0, x1, ys, bottom }: StripsLayout): void {
    const palette = host.palette();
    const { window: { d, from, to }, order, rows } = picture;
    const parts: SVGElement[] = [];
    const place = order === null ? picture.dimension : order.indexOf(picture.dimension);
    if (rows.length > 0 && place >= from && place < to) {
      const [left, right] = cellAt(place, picture, x0, x1);
      parts.push(svg("rect", { class: "strips-cursor", x: left - 1, y: ys[0] - 3, width: Math.max(3, right - left + 2), height: bottom - ys[0] + 6, fill: "none", stroke: palette.ink, "stroke-width": 1.25, "pointer-events": "none" }));
    }
    if (cursor.row !== null && cursor.row < rows.length && document.activeElement === figure) {
      parts.push(svg("rect", { x: x0 - 3, y: ys[cursor.row] - 2.5, width: x1 - x0 + 6, height: STRIP_HEIGHT + 5, fill: "none", stroke: palette.focus, "stroke-width": 1.5, "pointer-events": "none", "data-export": "none" }));
    }
    if (cursor.brush) {
      const [a, b] = [...cursor.brush].sort((p, q) => p - q);
      parts.push(svg("rect", { x: a, y: ys[0] - 4, width: Math.max(1, b - a), height: bottom - ys[0] + 8, fill: palette.focus, "fill-opacity": 0.18, stroke: palette.focus, "pointer-events": "none", "data-export": "none" }));
    }
    if (to - from < d) {
      const scale = (x1 - x0) / d;
      parts.push(svg("rect", { class: "strips-overview", x: x0, y: bottom + 6.5, width: x1 - x0, height: 5, fill: palette.grid }));
      parts.push(svg("rect", { class: "strips-thumb", x: x0 + from * scale, y: bottom + 5.5, width: Math.max(4, (to - from) * scale), height: 7, rx: 2, fill: palette.axis }));
    }
    layers.cursor.replaceChildren(...parts);
  }

  /** The numbers at the cursor in words, under it; returns where they end. */
  function drawSums(picture: StripsPicture, { width, x0, x1, bottom }: StripsLayout): number {
    const { window: { d, from, to }, order, dimension, sums } = picture;
    const font = `11px ${host.palette().font}`;
    const place = order === null ? dimension : order.indexOf(dimension);
    const x = x0 + ((Math.max(from, Math.min(to - 1, place)) + 0.5 - from) / (to - from)) * (x1 - x0);
    const lines = sums.flatMap((sum) => wrapped(sum, width - 4, font));
    let y = bottom + (to - from < d ? 30 : 20);
    const title = host.t(msg("dimension {0}", dimension + 1));
    const texts = [title, ...lines].map((line, i) => {
      const half = textWidth(line, i === 0 ? `600 11px ${host.palette().font}` : font) / 2;
      const text = svg("text", { x: Math.max(half, Math.min(width - half, x)), y, "text-anchor": "middle", class: i === 0 ? "b" : "q" }, line);
      y += i === 0 ? 15 : 14;
      return text;
    });
    layers.sums.replaceChildren(...(picture.rows.length > 0 ? texts : []));
    return y - 6;
  }

  return {
    element, svg: figure, canvas,
    draw(picture) {
      layout = layOutStrips(picture.width, picture.rows.map(({ label }) => label), picture.above, host.palette(), picture.movable > 0);
      shown = picture;
      if (cursor.row !== null && cursor.row >= picture.rows.length) cursor.row = null;
      paint(picture, layout);
      drawRows(picture, layout);
      drawRuler(picture, layout);
      drawCursor(picture, layout);
      const height = drawSums(picture, layout);
      setAttributes(figure, { width: picture.width, height, "aria-label": picture.label });
    },
    dispose: stop,
  };
}

/** Numbers in the cells, where they are wide enough. */
function numbersIn({ values }: StripRow, y: number, { order, window: { from, to }, scale, decimals }: StripsPicture, x0: number, x1: number): SVGElement[] {
  const cell = (x1 - x0) / (to - from);
  if (cell < NUMBER_WIDTH) return [];
  return Array.from({ length: to - from }, (_, i) => {
    const value = values[order === null ? from + i : order[from + i]];
    const text = svg("text", { x: x0 + (i + 0.5) * cell, y: y + 14, "text-anchor": "middle", class: "strips-number" }, fixed(value, decimals));
    text.style.fill = scale.ink(value);
    return text;
  });
}

function cross(x: number, y: number, color: string): SVGElement {
  return svg("path", { class: "strips-remove", d: `M${x} ${y}l8 8m0 -8l-8 8`, stroke: color, "stroke-width": 1.5, "data-export": "none" });
}
