import { select } from "d3";
import type { Palette } from "../marks/palette.js";
import type { Layout } from "./scatterAxes.js";
import type { PointIndex } from "./scatterIndex.js";
import { backCanvas, inSlices, show } from "./scatterCanvas.js";
import { startDensity } from "./scatterDensity.js";

/** Up to so many points are SVG marks; above, a canvas draws the same discs. */
export const svgLimit = 2000;
/** Above so many points the opacity tells the density. */
export const discLimit = 20000;

export const pointRadius = 3.1;
export const selectedRadius = 3.9;
/** Discs a slice of a frame may draw. */
const slice = 4000;

export type PointsLook = {
  readonly layout: Layout;
  readonly index: PointIndex;
  readonly palette: Palette;
  /** Colour of a point as CSS; used up to `discLimit` points. */
  color(point: number): string;
  /** The same as 0xRRGGBB; used above. */
  colorNumber(point: number): number;
  readonly selected: Uint8Array | null;
  /** Changes with the places, the selection and the palette. */
  readonly placesKey: string;
  /** Changes with the colours; canvases, which do not fade, take only its change of step. */
  readonly coloursKey: string;
};

/** The points of a scatter plot, drawn by SVG or by canvas as their number asks. */
export type Points = { draw(look: PointsLook): void; dispose(): void };

export function createPoints(group: SVGGElement, canvas: HTMLCanvasElement): Points {
  let job: { stop(): void } | undefined;
  let places = "";
  let colours = "";
  return {
    draw(look) {
      const M = look.index.x.length;
      canvas.hidden = M <= svgLimit;
      const placed = look.placesKey === places;
      if (placed && look.coloursKey === colours) return;
      places = look.placesKey;
      colours = look.coloursKey;
      job?.stop();
      if (M <= svgLimit) {
        if (!placed) placeCircles(group, look);
        select(group).selectAll<SVGCircleElement, number>("circle").attr("fill", (i) => look.color(i));
        return;
      }
      select(group).selectAll("circle").remove();
      job = M <= discLimit ? startDiscs(canvas, look) : startDensity(canvas, look);
    },
    dispose() {
      job?.stop();
    },
  };
}

function placeCircles(group: SVGGElement, { index, palette, selected }: PointsLook): void {
  select(group)
    .selectAll<SVGCircleElement, number>("circle")
    .data(Array.from(index.x.keys()))
    .join("circle")
    .attr("data-point", (i) => i)
    .attr("cx", (i) => index.x[i])
    .attr("cy", (i) => index.y[i])
    .attr("r", (i) => (selected?.[i] ? selectedRadius : pointRadius))
    .attr("stroke", (i) => (selected?.[i] ? palette.ink : palette.paper))
    .attr("stroke-width", (i) => (selected?.[i] ? 1.25 : 0.75));
}

/** Draws the discs of the SVG look on a canvas behind the scenes, a slice a frame, and shows them when all are there. */
function startDiscs(canvas: HTMLCanvasElement, { layout, index, palette, color, selected }: PointsLook) {
  const { back, ratio } = backCanvas(canvas, layout);
  const context = back.getContext("2d");
  context?.scale(ratio, ratio);
  return inSlices(index.x.length, slice, (from, to) => {
    if (!context) return;
    for (let i = from; i < to; i++) {
      context.beginPath();
      context.arc(index.x[i], index.y[i], selected?.[i] ? selectedRadius : pointRadius, 0, 2 * Math.PI);
      context.fillStyle = color(i);
      context.fill();
      context.strokeStyle = selected?.[i] ? palette.ink : palette.paper;
      context.lineWidth = selected?.[i] ? 1.25 : 0.75;
      context.stroke();
    }
  }, () => show(canvas, back, layout));
}
