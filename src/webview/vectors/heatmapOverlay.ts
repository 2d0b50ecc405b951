import { setAttributes, svg } from "../marks/dom.js";
import { shortened, textWidth } from "../marks/labels.js";
import type { Palette } from "../marks/palette.js";
import { SLANT, type HeatmapLayout } from "./heatmapLayout.js";
import { labelled, type Viewport } from "../marks/viewport.js";

export type OverlayScene = {
  readonly layout: HeatmapLayout;
  readonly view: Viewport;
  readonly n: number;
  readonly palette: Palette;
  /** Name at a place of the screen's order. */
  name(place: number): string;
  /** The cell under the pointer or the keyboard's cursor, [column, row]. */
  readonly cursor: readonly [number, number] | null;
  /** What is said at the cursor. */
  readonly hint: string | null;
  /** The framed pair, as places. */
  readonly framed: readonly [number, number] | null;
  /** The place whose row the editor's caret is on. */
  readonly ringed: number | null;
  /** Places that are pointed at elsewhere, such as a branch's. */
  readonly marked: readonly number[];
};

export interface Overlay {
  readonly element: SVGSVGElement;
  /** Where pulses are drawn; left alone by `draw`. */
  readonly pulses: SVGGElement;
  /** Its role, and what it is, for those who can't see it. */
  describe(role: string, label: string): void;
  /** Names at the edges: the place that a name stands for is in `data-place`. */
  draw(scene: OverlayScene): void;
}

/** Names, frames and the cursor over the cells. */
export function createOverlay(): Overlay {
  const clip = svg("rect");
  const names = svg("g", { class: "heatmap-names" });
  const marks = svg("g", { "clip-path": "url(#heatmap-clip)" });
  const pulses = svg("g", { "data-export": "none" });
  const hint = svg("g", { class: "heatmap-hint", "pointer-events": "none", "data-export": "none" });
  const element = svg("svg", { class: "heatmap-overlay" }, svg("defs", {}, svg("clipPath", { id: "heatmap-clip" }, clip)), names, marks, pulses, hint);
  return {
    element,
    pulses,
    describe(role, label) {
      setAttributes(element, { role: "application", tabindex: 0, "aria-roledescription": role, "aria-label": label });
    },
    draw(scene) {
      const { layout, palette } = scene;
      const { left, top, side, height } = layout;
      const width = left + side + 2; // the tree beside it has pointers of its own
      setAttributes(element, { width, height, viewBox: `0 0 ${width} ${height}` });
      setAttributes(clip, { x: left - 2, y: top - 2, width: side + 4, height: side + 4 });
      names.replaceChildren(...namesOf(scene));
      marks.replaceChildren(...marksOf(scene));
      hint.replaceChildren(...hintOf(scene, palette));
    },
  };
}

function namesOf({ layout, view, n, palette, name, cursor, framed, marked, ringed }: OverlayScene): SVGElement[] {
  const { left, top, side, font, fontSize, longest, level } = layout;
  const room = fontSize + 2;
  const last = (at: number): number => Math.min(n - 1, Math.ceil(at + side / view.cell) - 1);
  const strong = new Set([...(cursor ?? []), ...(framed ?? [])]);
  const others = [...(framed ?? []), ...(ringed === null ? [] : [ringed])];
  const made: SVGElement[] = [];
  const text = (place: number, row: boolean, at: number): SVGElement => {
    const bold = strong.has(place) || marked.includes(place);
    const position = row
      ? { x: left - 6, y: top + at, dy: "0.35em", "text-anchor": "end" }
      : level ? { x: left + at, y: top - 8, "text-anchor": "middle" }
      : { transform: `translate(${left + at} ${top - 6}) rotate(${(-SLANT * 180) / Math.PI})`, dy: "0.3em" };
    const label = svg("text", { ...position, "data-place": place, "data-side": row ? "row" : "column", class: bold ? "strong" : "", fill: palette.ink },
      shortened(name(place), longest, font));
    if (label.textContent !== name(place)) label.append(svg("title", {}, name(place)));
    return label;
  };
  for (const row of [true, false]) {
    const start = row ? view.y : view.x;
    // What the cursor is on comes first on its own side; a frame has both of its names on both sides.
    const own = cursor ? [cursor[row ? 1 : 0]] : [];
    for (const place of labelled(Math.max(0, Math.ceil(start - 0.5)), last(start), view.cell, room, [...own, ...others])) {
      const at = (place + 0.5 - start) * view.cell;
      if (at >= -1 && at <= side + 1) made.push(text(place, row, at));
    }
  }
  return made;
}

function marksOf({ layout, view, palette, n, cursor, framed, ringed, marked }: OverlayScene): SVGElement[] {
  const { left, top, side } = layout;
  const x = (column: number): number => left + (column - view.x) * view.cell;
  const y = (row: number): number => top + (row - view.y) * view.cell;
  const made: SVGElement[] = [svg("rect", { x: left, y: top, width: side, height: side, fill: "none", stroke: palette.grid, class: "heatmap-edge" })];
  const box = (column: number, row: number, wide: number, high: number, kind: string, strokeWidth: number, color: string): SVGElement => {
    // A cell of less than three pixels is framed by a box that can be seen.
    const grow = Math.max(0, (5 - view.cell) / 2);
    return svg("rect", {
      class: kind, x: x(column) - grow, y: y(row) - grow, width: Math.max(0, wide * view.cell + 2 * grow), height: Math.max(0, high * view.cell + 2 * grow),
      fill: "none", stroke: color, "stroke-width": strokeWidth, "pointer-events": "none",
    });
  };
  if (marked.length > 0 && marked.length < n) {
    const [first, last] = [Math.min(...marked), Math.max(...marked)];
    if (last - first + 1 === marked.length) made.push(box(first, first, marked.length, marked.length, "heatmap-branch-box", 1.5, palette.ink));
  }
  if (ringed !== null) made.push(box(0, ringed, n, 1, "heatmap-ring", 1.25, palette.ink), box(ringed, 0, 1, n, "heatmap-ring", 1.25, palette.ink));
  if (framed) {
    const [a, b] = framed;
    made.push(box(Math.min(a, b), Math.max(a, b), 1, 1, "heatmap-frame", 2.5, palette.focus), box(Math.max(a, b), Math.min(a, b), 1, 1, "heatmap-mirror", 1.25, palette.focus));
  }
  if (cursor) {
    const [column, row] = cursor;
    made.push(box(column, row, 1, 1, "heatmap-halo", 4, palette.paper), box(column, row, 1, 1, "heatmap-cursor", 2, palette.ink));
  }
  return made;
}

/** The value in words beside the cursor; the line under the figure says it as well. */
function hintOf({ layout, view, cursor, hint }: OverlayScene, palette: Palette): SVGElement[] {
  if (!cursor || hint === null) return [];
  const { left, top, side, width, fontSize, font } = layout;
  const wide = textWidth(hint, font) + 12;
  const high = fontSize + 10;
  const [px, py] = [left + (cursor[0] + 0.5 - view.x) * view.cell, top + (cursor[1] + 0.5 - view.y) * view.cell];
  const away = Math.min(view.cell / 2, 12) + 8;
  const x = Math.max(0, Math.min(width - wide, px + away + wide > width ? px - away - wide : px + away));
  const below = py + away + high <= top + side + 8;
  const y = below ? py + away : Math.max(0, py - away - high);
  return [
    svg("rect", { x, y, width: wide, height: high, fill: palette.paper, stroke: palette.axis }),
    svg("text", { x: x + 6, y: y + high / 2, dy: "0.35em", fill: palette.ink }, hint),
  ];
}
