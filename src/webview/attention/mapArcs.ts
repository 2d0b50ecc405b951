import { select } from "d3";
import { setAttributes, svg } from "../marks/dom.js";
import { shortened } from "../marks/labels.js";
import type { Palette } from "../marks/palette.js";
import { SLANT, type ArcLayout } from "./mapLayout.js";
import type { MapModel } from "./mapModel.js";

/** Weights from here on are drawn; of the chosen row in a short text, nearly all. */
const LEAST = 0.02;
const LEAST_CHOSEN = 0.005;
const SHORT = 20;
/** Width of an arc of weight 1. */
const THICK = 12;
/** The arcs of all rows are drawn of a text so short; of a longer one they would be a grey block. */
const MOST_ROWS = 40;
/** The longest name in pixels. */
const longest = 92;

export type ArcScene = {
  readonly model: MapModel;
  readonly palette: Palette;
  readonly layout: ArcLayout;
  readonly fontSize: number;
  readonly row: number;
  /** The column under the pointer; null for none. */
  readonly column: number | null;
  /** Columns whose names stand out. */
  readonly named: readonly number[];
  label(token: number): string;
  readonly description: string;
};

export type ArcTargets = {
  hover(token: number | null): void;
  /** The arc of the chosen row to a column is pointed at. */
  hoverArc(column: number | null): void;
  choose(token: number): void;
  /** Arrows: the token before or behind. */
  step(by: number): void;
  enter(): void;
};

/** The weights of a row as arcs over the text. One tab stop. */
export function createArcs(targets: ArcTargets): { readonly element: SVGSVGElement; draw(scene: ArcScene): void } {
  const others = svg("g", { class: "arc-others", fill: "none" });
  const chosen = svg("g", { class: "arc-chosen", fill: "none" });
  const names = svg("g");
  const element = svg("svg", { class: "map-arcs", role: "img", tabindex: 0 }, others, chosen, names);
  let drawn: readonly unknown[] = [];
  const tokenOf = (event: Event): number | null => {
    const token = event.target instanceof Element ? event.target.closest("[data-token]")?.getAttribute("data-token") : null;
    return token === null || token === undefined ? null : Number(token);
  };
  const columnOf = (event: Event): number | null => {
    const column = event.target instanceof Element ? event.target.getAttribute("data-column") : null;
    return column === null ? null : Number(column);
  };
  element.addEventListener("pointermove", (event) => {
    targets.hoverArc(columnOf(event));
    targets.hover(tokenOf(event));
  });
  element.addEventListener("pointerleave", () => {
    targets.hoverArc(null);
    targets.hover(null);
  });
  element.addEventListener("click", (event) => {
    const token = tokenOf(event);
    if (token !== null) targets.choose(token);
  });
  element.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const by = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (by !== undefined) targets.step(by);
    else if (event.key === "Enter") targets.enter();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  return {
    element,
    draw(scene) {
      const { model, palette, layout, row } = scene;
      setAttributes(element, { width: layout.width, height: layout.height, "aria-label": scene.description });
      const key = [model, palette, layout.width, layout.first, layout.count, layout.arcs, layout.slanted, row, scene.column];
      // All but the last two are of all arcs.
      const whole = key.slice(0, -2).some((each, i) => each !== drawn[i]);
      if (!whole && key.every((each, i) => each === drawn[i])) return;
      drawn = key;
      if (whole) {
        others.replaceChildren(...(model.rows <= MOST_ROWS ? allArcs(scene) : []));
      }
      chosen.replaceChildren(...rowArcs(scene, row));
      drawNames(names, scene);
    },
  };
}

function within({ first, count }: ArcLayout, token: number): boolean {
  return token >= first && token < first + count;
}

function allArcs({ model, palette, layout }: ArcScene): SVGElement[] {
  const arcs: SVGElement[] = [];
  for (let row = 0; row < model.rows; row++) {
    for (let column = 0; column < model.columns; column++) {
      const weight = model.weight(row, column);
      if (!(weight >= LEAST) || row === column || model.isMasked(row, column) || !within(layout, row) || !within(layout, column)) continue;
      arcs.push(svg("path", { d: arcPath(layout, row, column), stroke: palette.axis, "stroke-width": Math.max(0.5, weight * THICK * 0.6), "stroke-opacity": 0.28 }));
    }
  }
  return arcs;
}

function rowArcs({ model, palette, layout, column }: ArcScene, row: number): SVGElement[] {
  const color = palette.strength(0.6);
  const arcs: SVGElement[] = [];
  if (!within(layout, row)) return arcs;
  for (let to = layout.first; to < Math.min(model.columns, layout.first + layout.count); to++) {
    const weight = model.weight(row, to);
    if (!(weight >= (model.columns <= SHORT ? LEAST_CHOSEN : LEAST)) || model.isMasked(row, to)) continue;
    arcs.push(svg("path", { d: arcPath(layout, row, to), stroke: to === column ? palette.ink : color, "stroke-width": Math.max(0.75, weight * THICK), "data-column": to }));
  }
  return arcs;
}

/** An arc from token to token; a loop where they are the same. */
export function arcPath({ arcs, x }: ArcLayout, from: number, to: number): string {
  const [a, b] = [x(from), x(to)];
  if (from === to) return `M${a - 3} ${arcs}C${a - 14} ${arcs - 26} ${a + 14} ${arcs - 26} ${a + 3} ${arcs}`;
  const height = Math.min(arcs - 8, Math.max(14, Math.abs(a - b) * 0.36)) * 1.3;
  return `M${a} ${arcs}C${a} ${arcs - height} ${b} ${arcs - height} ${b} ${arcs}`;
}

function drawNames(g: SVGGElement, { model, layout, fontSize, row, named, column, label, palette }: ArcScene): void {
  const count = Math.min(layout.count, Math.max(model.rows, model.columns) - layout.first);
  const strong = column ?? named[0];
  const isBold = (token: number): boolean => token === row || token === strong;
  const place = (token: number): string => (layout.slanted
    ? `translate(${layout.x(token) + 4},${layout.arcs + 10}) rotate(${(-SLANT * 180) / Math.PI})`
    : `translate(${layout.x(token)},${layout.arcs + fontSize + 3})`);
  // Kept by token: a name that is pressed must be the one that is let go.
  select(g).selectAll<SVGTextElement, number>("text").data(Array.from({ length: count }, (_, i) => layout.first + i), (token) => token).join("text")
    .attr("data-token", (token) => token).attr("transform", place).attr("text-anchor", layout.slanted ? "end" : "middle")
    .attr("class", (token) => `mono-text${isBold(token) ? " strong-text" : model.isPadding(token) ? " quiet-text" : ""}`)
    .text((token) => shortened(label(token), longest, `${isBold(token) ? 600 : 400} ${fontSize}px ${palette.mono}`));
}
