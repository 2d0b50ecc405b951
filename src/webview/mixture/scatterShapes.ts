import { line, select } from "d3";
import { ellipseOf } from "../../core/mixture/evaluate.js";
import type { Mixture } from "../../core/mixture/trace.js";
import { letter, type Palette } from "../marks/palette.js";
import type { Outline } from "./scatterLabels.js";

/** Stroke widths and opacities at 1, 2 and 3 σ. */
const sigmas = [
  { n: 3, width: 0.75, opacity: 0.6 },
  { n: 2, width: 1.25, opacity: 0.8 },
  { n: 1, width: 2, opacity: 1 },
] as const;

export const letterRadius = 9;
/** Vertices of a trail at most; a start of thousands of iterations is thinned. */
const trailLimit = 240;

/** The n-sigma ellipse of a component, in the pixels of the mixture given. */
export function outlineOf(mixture: Mixture, k: number, n: number): Outline {
  const { cx, cy, rx, ry, angle } = ellipseOf(mixture, k);
  return { x: cx, y: cy, rx: n * rx, ry: n * ry, angle };
}

type EllipseMark = Outline & { readonly k: number; readonly n: number; readonly kind: "now" | "previous" | "edge" };

export type EllipsesLook = {
  /** Shapes now and one step before, in pixels. */
  readonly now: Mixture;
  readonly previous: Mixture | null;
  readonly palette: Palette;
  /** The component pointed at: its lines are stronger. */
  readonly chosen: number | null;
  /** The ellipses lie over a crowd of points: their lines get an edge of paper and no fill. */
  readonly overCrowd: boolean;
};

/** Draws 1-2-3-sigma ellipses, and the dotted 2 sigma of the step before. */
export function drawEllipses(g: SVGGElement, { now, previous, palette, chosen, overCrowd }: EllipsesLook): void {
  const marks: EllipseMark[] = [];
  for (let k = 0; k < now.K; k++) {
    if (overCrowd) for (const { n } of sigmas) marks.push({ ...outlineOf(now, k, n), k, n, kind: "edge" });
    for (const { n } of sigmas) marks.push({ ...outlineOf(now, k, n), k, n, kind: "now" });
    if (previous) marks.push({ ...outlineOf(previous, k, 2), k, n: 2, kind: "previous" });
  }
  const fill = palette.dark ? 0.07 : 0.05;
  select(g)
    .selectAll<SVGEllipseElement, EllipseMark>("ellipse")
    .data(marks, (d) => (d ? `${d.k}${d.kind}${d.n}` : ""))
    .join("ellipse")
    .order()
    .attr("data-component", (d) => d.k)
    .attr("data-sigma", (d) => d.n)
    .attr("data-kind", (d) => d.kind)
    .attr("cx", 0)
    .attr("cy", 0)
    .attr("rx", (d) => Math.max(0.5, d.rx))
    .attr("ry", (d) => Math.max(0.5, d.ry))
    .attr("transform", (d) => `translate(${d.x},${d.y}) rotate(${(d.angle * 180) / Math.PI})`)
    .attr("fill", (d) => (d.kind === "now" && !overCrowd ? palette.component(d.k).color : "none"))
    .attr("fill-opacity", (d) => (d.k === chosen ? 2 * fill : fill))
    .each(function (d) {
      const { color, width, opacity, dash } = strokeOf(d, palette, d.k === chosen);
      select(this).attr("stroke", color).attr("stroke-width", width).attr("stroke-opacity", opacity).attr("stroke-dasharray", dash);
    });
}

function strokeOf({ kind, k, n }: EllipseMark, palette: Palette, strong: boolean) {
  const style = sigmas[3 - n];
  const { color, dash } = palette.component(k);
  if (kind === "edge") return { color: palette.paper, width: style.width + 1.5, opacity: 0.6, dash: null };
  if (kind === "previous") return { color, width: 1, opacity: 0.9, dash: "2 3" };
  return { color, width: style.width + (strong ? 0.75 : 0), opacity: strong ? 1 : style.opacity, dash: dash || null };
}

/** Places of one component's mean from the start to now, in pixels. */
export type Trail = readonly (readonly [number, number])[];

/** Evenly thinned indices 0 … last, both ends kept. */
export function thinned(last: number): number[] {
  const count = Math.min(last + 1, trailLimit);
  return Array.from({ length: count }, (_, i) => (count === 1 ? 0 : Math.round((i * last) / (count - 1))));
}

/** Draws where the means came from: a line from the start (○) to each mean. */
export function drawTrails(g: SVGGElement, trails: readonly Trail[], palette: Palette): void {
  const path = line();
  const root = select(g);
  const strokes = [
    { name: "mixture-trail-edge", color: palette.paper, width: 2.5, opacity: 0.6 },
    { name: "mixture-trail", color: palette.ink, width: 1, opacity: 0.85 },
  ];
  for (const { name, color, width, opacity } of strokes) {
    root
      .selectAll(`path.${name}`)
      .data(trails)
      .join("path")
      .attr("class", name)
      .attr("d", (trail) => path(trail as [number, number][]))
      .attr("fill", "none")
      .attr("stroke", color)
      .attr("stroke-width", width)
      .attr("stroke-opacity", opacity);
  }
  root
    .selectAll("circle")
    .data(trails)
    .join("circle")
    .attr("cx", (trail) => trail[0][0])
    .attr("cy", (trail) => trail[0][1])
    .attr("r", 2.5)
    .attr("fill", palette.paper)
    .attr("stroke", palette.ink)
    .raise();
}

/** Draws the letters on the means. `chosen` has an ink ring. */
export function drawLetters(g: SVGGElement, now: Mixture, palette: Palette, chosen: number | null): void {
  select(g)
    .selectAll<SVGGElement, number>("g")
    .data(Array.from({ length: now.K }, (_, k) => k))
    .join((enter) => {
      const mark = enter.append("g").attr("class", "mixture-letter");
      mark.append("circle");
      mark.append("text").attr("text-anchor", "middle").attr("y", 4);
      return mark;
    })
    .attr("data-component", (k) => k)
    .attr("transform", (k) => `translate(${now.means[2 * k]},${now.means[2 * k + 1]})`)
    .each(function (k) {
      const { color } = palette.component(k);
      const mark = select(this);
      mark
        .select("circle")
        .attr("r", letterRadius)
        .attr("fill", color)
        .attr("stroke", k === chosen ? palette.ink : palette.paper)
        .attr("stroke-width", 2);
      mark.select("text").style("fill", palette.inkOn(color)).text(letter(k));
    });
}
