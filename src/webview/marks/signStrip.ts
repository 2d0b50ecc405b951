import { signColour, signPalettes } from "../../core/math/signScale.js";
import { setAttributes, svg } from "./dom.js";
import type { Palette } from "./palette.js";
import { significant } from "../text/number.js";

/** Steps of colour on each side of zero: too small to be told apart. */
const STEPS = 128;

/** Colours of numbers by their sign, clipped beyond ±limit. */
export type SignScale = {
  readonly limit: number;
  /** Colour of zero: the paper, or white where the reader wants it. */
  readonly zero: string;
  colour(value: number): string;
  /** Black or white, for what is drawn on a cell of that value. */
  ink(value: number): string;
};

/** The theme's sign scale; `whiteZero` takes that of print, whose zero is white, in dark themes too. */
export function signScale(palette: Palette, limit: number, whiteZero = false): SignScale {
  const asPrint = whiteZero && palette.dark;
  const at = (i: number): string => (asPrint ? signColour(i, STEPS, signPalettes.light) : palette.sign(i, STEPS));
  const colours = Array.from({ length: 2 * STEPS + 1 }, (_, i) => at(i - STEPS));
  const step = (value: number): number => STEPS + Math.round(STEPS * Math.max(-1, Math.min(1, value / limit)));
  return {
    limit,
    zero: colours[STEPS],
    colour: (value) => colours[step(value)],
    ink: (value) => palette.inkOn(colours[step(value)]),
  };
}

export type StripBox = { readonly x: number; readonly y: number; readonly width: number; readonly height: number };

/** How many numbers share a cell so that none is narrower than a pixel. */
export function numbersPerCell(count: number, width: number): number {
  return Math.max(1, Math.ceil(count / Math.max(1, Math.floor(width))));
}

/** Place among `from` … `to` of the number of largest magnitude. */
export function strongest(values: ArrayLike<number>, order: ArrayLike<number> | null, from: number, to: number): number {
  let best = from;
  for (let p = from + 1; p < to; p++) if (Math.abs(values[at(order, p)]) > Math.abs(values[at(order, best)])) best = p;
  return best;
}

/**
 * Paints the numbers at places `from` … `to` as touching cells in `box`. Where they are more than pixels, a cell shows the
 * strongest of those it stands for. Clipped cells carry a notch; what is not a number stays empty.
 * @param order dimension at each place; null: as given
 */
export function paintStrip(
  context: CanvasRenderingContext2D, values: ArrayLike<number>, order: ArrayLike<number> | null, from: number, to: number, box: StripBox, scale: SignScale,
): void {
  const count = to - from;
  if (count <= 0) return;
  const density = window.devicePixelRatio || 1;
  const perCell = numbersPerCell(count, box.width);
  const edge = (p: number): number => Math.round((box.x + ((p - from) / count) * box.width) * density) / density;
  context.fillStyle = scale.zero;
  context.fillRect(box.x, box.y, box.width, box.height);
  for (let p = from; p < to; p += perCell) {
    const end = Math.min(to, p + perCell);
    const value = values[at(order, perCell === 1 ? p : strongest(values, order, p, end))];
    if (Number.isNaN(value)) continue;
    const [left, right] = [edge(p), edge(end)];
    context.fillStyle = scale.colour(value);
    context.fillRect(left, box.y, right - left, box.height);
    if (Math.abs(value) > scale.limit) paintNotch(context, left, right, box.y, scale.ink(value));
  }
}

function paintNotch(context: CanvasRenderingContext2D, left: number, right: number, y: number, ink: string): void {
  const half = Math.min(right - left, 8) / 2;
  const middle = (left + right) / 2;
  context.fillStyle = ink;
  context.beginPath();
  context.moveTo(middle - half, y);
  context.lineTo(middle + half, y);
  context.lineTo(middle, y + 4);
  context.fill();
}

function at(order: ArrayLike<number> | null, place: number): number {
  return order === null ? place : order[place];
}

let keys = 0;

/** An empty picture for `drawSignKey`; hidden from screen readers, since its numbers are those of the scale's field. */
export function createSignKey(): SVGSVGElement {
  const id = `sign-key-${keys++}`;
  const stops = Array.from({ length: 17 }, (_, i) => svg("stop", { offset: i / 16 }));
  const bar = svg("rect", { x: 34, y: 2, width: 96, height: 9, fill: `url(#${id})`, "shape-rendering": "crispEdges" });
  const texts = [svg("text", { x: 30, y: 11, "text-anchor": "end" }), svg("text", { x: 82, y: 23, "text-anchor": "middle" }), svg("text", { x: 134, y: 11 })];
  return svg("svg", { class: "strip-key", width: 166, height: 26, "aria-hidden": "true" },
    svg("defs", {}, svg("linearGradient", { id }, ...stops)), bar, ...texts);
}

/** The scale with the numbers at its ends. Idempotent. */
export function drawSignKey(key: SVGSVGElement, scale: SignScale, palette: Palette): void {
  key.querySelectorAll("stop").forEach((stop, i) => stop.setAttribute("stop-color", scale.colour(((i - 8) / 8) * scale.limit)));
  setAttributes(key.querySelector("rect") as Element, { stroke: palette.axis, "stroke-opacity": palette.contrast ? 1 : 0.6 });
  const end = significant(scale.limit, 3);
  key.querySelectorAll("text").forEach((text, i) => {
    text.textContent = [`\u2212${end}`, "0", `+${end}`][i];
    text.setAttribute("class", "q");
  });
}
