import type { MapPart, VectorReply } from "../../../core/vectors/trace.js";
import { h, setAttributes, svg } from "../../marks/dom.js";
import type { ViewHost } from "../../view.js";
import type { Choice } from "./choice.js";
import { placeNames, type PlacedName } from "./names.js";
import { drawAxes, drawMarks, drawNames, type OverlayScene } from "./overlay.js";
import { paintPoints } from "./paint.js";
import { axisLabel } from "./sentences.js";
import type { Viewport } from "./viewport.js";

/** Where the points stand in the figure, and how large their plot is. */
export type Plot = { readonly left: number; readonly top: number; readonly width: number; readonly height: number };

export type PictureState = {
  readonly map: MapPart;
  readonly positions: Float32Array;
  readonly view: Viewport;
  readonly choice: Choice;
  readonly neighbours: VectorReply | undefined;
  /** Points that are drawn larger. */
  readonly marked: Uint8Array | null;
  /** Points whose names come before others. */
  readonly named: readonly number[];
};

let made = 0;

/** The figure: axes, points on a canvas, lines, rings and names over them. Paints again only what has changed. */
export function createPicture(host: ViewHost): {
  readonly figure: HTMLElement;
  /** Takes the pointer. */
  readonly over: SVGSVGElement;
  pictures(): (SVGSVGElement | HTMLCanvasElement)[];
  /** Gives the figure its size and returns the plot's. */
  layOut(map: MapPart, width: number): Plot;
  draw(state: PictureState): void;
} {
  const canvas = h("canvas", { class: "map-canvas" });
  const axes = { x: svg("g", { "data-axis": "x" }), y: svg("g", { "data-axis": "y" }) };
  const under = svg("svg", { class: "map-axes", "aria-hidden": "true" }, axes.x, axes.y);
  const id = `map-clip-${made++}`;
  const clip = svg("rect");
  const lines = svg("g", { "clip-path": `url(#${id})` });
  const texts = svg("g");
  const over = svg("svg", { class: "map-over", "aria-hidden": "true" }, svg("defs", {}, svg("clipPath", { id }, clip)), lines, texts);
  const figure = h("div", { class: "map-plot", role: "img", tabindex: "0" }, under, canvas, over);
  let plot: Plot = { left: 0, top: 0, width: 1, height: 1 };
  let painted: readonly unknown[] = [];
  let placed: readonly unknown[] = [];
  let names: readonly PlacedName[] = [];

  return {
    figure,
    over,
    pictures: () => [under, canvas, over],
    layOut(map, width) {
      const height = Math.max(260, Math.min(500, Math.round(width * 0.8)));
      plot = map.projection === "pca" ? { left: 40, top: 28, width: width - 40, height: height - 66 } : { left: 0, top: 0, width, height };
      for (const each of [under, over]) setAttributes(each, { width, height });
      figure.style.width = `${width}px`;
      figure.style.height = `${height}px`;
      canvas.style.left = `${plot.left}px`;
      canvas.style.top = `${plot.top}px`;
      setAttributes(clip, { width: plot.width, height: plot.height });
      for (const each of [lines, texts]) setAttributes(each, { transform: `translate(${plot.left} ${plot.top})` });
      return plot;
    },
    draw({ map, positions, view, choice, neighbours, marked, named }) {
      const palette = host.palette();
      const paint = [positions, palette, marked, view.x, view.y, view.scale, view.width, view.height, window.devicePixelRatio];
      if (paint.some((value, i) => value !== painted[i])) {
        painted = paint;
        paintPoints(canvas, { positions, view, palette, marked });
      }
      const { pointed, held, lit, lasso } = choice;
      const place = [...paint, pointed, neighbours, named, map.names];
      if (place.some((value, i) => value !== placed[i])) {
        placed = place;
        const first = [...(pointed === null ? [] : [pointed]), ...(neighbours?.indices ?? []), ...named];
        names = placeNames(positions, map.names, view, `12px ${palette.mono}`, first);
      }
      const scene: OverlayScene = { map, positions, view, palette, left: plot.left, top: plot.top, names, point: pointed, held, lit, neighbours, lasso };
      drawAxes(axes.x, axes.y, scene, [host.t(axisLabel(map, 0)), host.t(axisLabel(map, 1))]);
      drawMarks(lines, scene);
      drawNames(texts, scene);
    },
  };
}
