import { select, type ScaleContinuousNumeric } from "d3";
import { fixed } from "../text/number.js";
import { textWidth } from "./labels.js";
import type { Palette } from "./palette.js";

export type AxisOptions = {
  readonly side: "bottom" | "left";
  readonly scale: ScaleContinuousNumeric<number, number>;
  /** y of a bottom axis, x of a left one. */
  readonly at: number;
  readonly palette: Palette;
  /** About how many ticks, or their values. */
  readonly ticks?: number | readonly number[];
  readonly format?: (value: number) => string;
  /** Extent of the gridlines across the axis; none without it. At most five are drawn. */
  readonly grid?: readonly [number, number];
  /** What the axis measures and its unit, in words, at its end. */
  readonly label?: string;
  /** Draw the axis line itself. */
  readonly line?: boolean;
};

const tickLength = 4;

/** Draws an axis into `g`, replacing the one drawn there: ticks outside, no box, quiet numbers. Idempotent. */
export function drawAxis(g: SVGGElement, options: AxisOptions): void {
  const { side, scale, at, palette } = options;
  const bottom = side === "bottom";
  const ticks = options.ticks ?? 5;
  const values = bottom && typeof ticks === "number" ? ticksApart(scale, ticks, options.format, palette) : tickValues(scale, ticks);
  const format = options.format ?? tickFormat(values);
  const [from, to] = scale.range();
  const root = select(g).attr("class", "axis").attr("aria-hidden", "true");

  const [start, end] = options.grid ?? [0, 0];
  const every = Math.ceil(values.length / 5);
  const ruled = options.grid ? values.filter((_, i) => i % every === 0) : [];
  root.selectAll<SVGLineElement, number>("line.grid").data(ruled).join((enter) => enter.insert("line", ":first-child")).attr("class", "grid")
    .attr("x1", (v) => (bottom ? scale(v) : start)).attr("x2", (v) => (bottom ? scale(v) : end))
    .attr("y1", (v) => (bottom ? start : scale(v))).attr("y2", (v) => (bottom ? end : scale(v)))
    .attr("stroke", palette.grid);

  root.selectAll<SVGLineElement, number>("line.tick").data(options.line === false ? [] : values).join("line").attr("class", "tick")
    .attr("x1", (v) => (bottom ? scale(v) : at)).attr("x2", (v) => (bottom ? scale(v) : at - tickLength))
    .attr("y1", (v) => (bottom ? at : scale(v))).attr("y2", (v) => (bottom ? at + tickLength : scale(v)))
    .attr("stroke", palette.axis);

  root.selectAll<SVGLineElement, number>("line.ruler").data(options.line === false ? [] : [0]).join("line").attr("class", "ruler")
    .attr("x1", bottom ? from : at).attr("x2", bottom ? to : at)
    .attr("y1", bottom ? at : from).attr("y2", bottom ? at : to)
    .attr("stroke", palette.axis);

  root.selectAll<SVGTextElement, number>("text.number").data(values).join("text").attr("class", "number")
    .attr("x", (v) => (bottom ? scale(v) : at - tickLength - 4)).attr("y", (v) => (bottom ? at + tickLength + 13 : scale(v)))
    .attr("dy", bottom ? null : "0.35em")
    .attr("text-anchor", bottom ? "middle" : "end").attr("fill", palette.quiet).text(format);

  root.selectAll<SVGTextElement, string>("text.unit").data(options.label ? [options.label] : []).join("text").attr("class", "unit")
    .attr("x", bottom ? Math.max(from, to) : Math.max(0, at - tickLength - 28))
    .attr("y", bottom ? at + tickLength + 29 : Math.min(from, to) - 14)
    .attr("text-anchor", bottom ? "end" : "start").attr("fill", palette.ink).text((v) => v);
}

/** Pixels between two numbers of a horizontal axis, at least. */
const numberGap = 8;

/** About as many ticks as asked for, or fewer where their numbers would meet. */
function ticksApart(scale: ScaleContinuousNumeric<number, number>, count: number, format: AxisOptions["format"], palette: Palette): number[] {
  for (let ticks = count; ; ticks--) {
    const values = scale.ticks(ticks);
    if (ticks <= 2 || values.length < 2) return values;
    const written = format ?? tickFormat(values);
    const widest = Math.max(...values.map((v) => textWidth(written(v), `11px ${palette.font}`)));
    if (widest + numberGap <= Math.abs(scale(values[1]) - scale(values[0]))) return values;
  }
}

/** Tick values within the scale's domain. */
export function tickValues(scale: ScaleContinuousNumeric<number, number>, ticks: number | readonly number[]): number[] {
  if (typeof ticks === "number") return scale.ticks(ticks);
  const [low, high] = [...scale.domain()].sort((a, b) => a - b);
  return ticks.filter((v) => v >= low && v <= high);
}

/** Formats ticks alike: as many decimals as their differences need. Very large or small values go to exponents. */
export function tickFormat(values: readonly number[]): (value: number) => string {
  const step = values.length > 1 ? Math.abs(values[1] - values[0]) : Math.abs(values[0] ?? 1) || 1;
  const largest = Math.max(...values.map(Math.abs), step);
  if (largest >= 1e7 || largest < 1e-4) {
    const digits = Math.max(0, Math.floor(Math.log10(largest)) - Math.floor(Math.log10(step)));
    return (v) => (v === 0 ? "0" : v.toExponential(Math.min(6, digits)).replace("e+", "e").replace(/-/g, "\u2212"));
  }
  const fits = (decimals: number): boolean => values.every((v) => Math.abs(Number(v.toFixed(decimals)) - v) < 1e-6 * step);
  let decimals = 0;
  while (decimals < 8 && !fits(decimals)) decimals++;
  return (v) => fixed(v, decimals);
}

/** The least of 1, 2, 5, 10, 20 … that is not below `least`. */
export function niceStep(least: number): number {
  for (let unit = 1; ; unit *= 10) {
    for (const m of [1, 2, 5]) if (m * unit >= least) return m * unit;
  }
}
