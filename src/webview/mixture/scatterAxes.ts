import { scaleLinear, type ScaleLinear } from "d3";
import { drawAxis, tickFormat } from "../marks/axis.js";
import type { Palette } from "../marks/palette.js";
import type { Plane, Range, ToPixels } from "./projection.js";

/** The plot's inner box and its map from the plane to pixels. */
export type Layout = {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly x: ScaleLinear<number, number>;
  readonly y: ScaleLinear<number, number>;
  readonly map: ToPixels;
};

const digitWidth = 6.4; // of the 11 px axis font
const ticksX = (width: number): number => Math.max(3, Math.round(width / 70));
const ticksY = (height: number): number => Math.max(3, Math.round(height / 80));

/** Lays out a plot of a given size; the left margin is as wide as the longest number on the y-axis. */
export function layoutOf(ranges: readonly [Range, Range], width: number, height: number): Layout {
  const [top, bottom, right] = [24, height - 38, width - 4];
  const y = scaleLinear(ranges[1], [bottom, top]);
  const values = y.ticks(ticksY(height));
  const left = Math.max(24, 10 + digitWidth * Math.max(...values.map((v) => tickFormat(values)(v).length)));
  const x = scaleLinear(ranges[0], [left, right]);
  return { width, height, left, right, top, bottom, x, y, map: { x: affine(x), y: affine(y) } };
}

function affine(scale: ScaleLinear<number, number>): [number, number] {
  const [low, high] = scale.domain();
  const [from, to] = scale.range();
  const factor = (to - from) / (high - low);
  return [from - low * factor, factor];
}

/** Draws both axes, each named in words at its end. */
export function drawAxes(x: SVGGElement, y: SVGGElement, layout: Layout, plane: Plane, palette: Palette): void {
  const { left, bottom, width, height } = layout;
  drawAxis(x, { side: "bottom", scale: layout.x, at: bottom, ticks: ticksX(width), label: plane.labels[0], palette });
  drawAxis(y, { side: "left", scale: layout.y, at: left, ticks: ticksY(height), label: plane.labels[1], palette });
}
