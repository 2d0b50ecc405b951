/**
 * Colour arithmetic without a screen. Contrast is WCAG 2's; mixing and lightness are done in OKLab (Ottosson, 2020),
 * where equal steps look equal.
 */
import { fromOklab, hex, linear, toOklab, type Oklab } from "../../core/math/oklab.js";

export { fromOklab, hex, toOklab, type Oklab };

/** Red, green, blue in sRGB and opacity, all in [0, 1]. */
export type Rgba = readonly [number, number, number, number];

/**
 * Reads what style sheets and computed styles hold: #rgb, #rgba, #rrggbb, #rrggbbaa, rgb(), rgba(), color(srgb …) and
 * oklab(). Undefined for anything else.
 */
export function parseColour(text: string): Rgba | undefined {
  const value = text.trim().toLowerCase();
  if (/^#([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})$/.test(value)) {
    const wide = value.length < 6 ? value.slice(1).replace(/./g, "$&$&") : value.slice(1);
    const at = (i: number): number => (i < wide.length ? parseInt(wide.slice(i, i + 2), 16) / 255 : 1);
    return [at(0), at(2), at(4), at(6)];
  }
  if (value === "transparent") return [0, 0, 0, 0];
  const call = /^(rgba?|color|oklab)\(([^)]*)\)$/.exec(value);
  if (!call) return undefined;
  const words = call[2].split(/[\s,/]+/).filter((word) => word !== "" && word !== "srgb");
  const numbers = words.map((word) => (word.endsWith("%") ? Number(word.slice(0, -1)) / 100 : word === "none" ? 0 : Number(word)));
  if (numbers.length < 3 || numbers.some(Number.isNaN)) return undefined;
  const alpha = numbers[3] ?? 1;
  if (call[1] === "oklab") return [...fromOklab([numbers[0], numbers[1], numbers[2]]), alpha];
  const scale = call[1] === "color" ? 1 : 255;
  const channel = (i: number): number => clamp(numbers[i] / (words[i].endsWith("%") ? 1 : scale));
  return [channel(0), channel(1), channel(2), alpha];
}

/** The opaque colour that `color` shows when it lies on `paper`. */
export function flatten(color: Rgba, paper: Rgba): Rgba {
  const a = color[3];
  return [0, 1, 2].map((i) => color[i] * a + paper[i] * (1 - a)).concat(1) as unknown as Rgba;
}

/** WCAG 2 relative luminance of a colour, in [0, 1]. */
export function luminance(color: string): number {
  const [r, g, b] = read(color);
  return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
}

/** WCAG 2 contrast ratio, from 1 to 21. */
export function contrast(a: string, b: string): number {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

/** Euclidean distance in OKLab. */
export function distance(a: string, b: string): number {
  const [p, q] = [toOklab(read(a)), toOklab(read(b))];
  return Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]);
}

/** Black or white, whichever reads better on the colour. */
export function inkOn(color: string): "#000000" | "#ffffff" {
  return contrast(color, "#ffffff") > contrast(color, "#000000") ? "#ffffff" : "#000000";
}

/** Mean of colours in OKLab. `weights` are taken as they are and should sum to 1. */
export function mixColours(colors: readonly string[], weights: ArrayLike<number>): string {
  const sum = [0, 0, 0];
  colors.forEach((color, i) => toOklab(read(color)).forEach((v, j) => (sum[j] += v * weights[i])));
  return hex(fromOklab(sum as unknown as Oklab));
}

/** Interpolates evenly spaced stops in OKLab; `t` is clipped to [0, 1]. */
export function ramp(stops: readonly string[], t: number): string {
  const at = clamp(t) * (stops.length - 1);
  const i = Math.min(stops.length - 2, Math.floor(at));
  return mixColours([stops[i], stops[i + 1]], [1 - (at - i), at - i]);
}

/**
 * The colour itself when its contrast with `paper` is at least `ratio`; else the same hue with the OKLab lightness moved
 * away from the paper just far enough. Chroma shrinks where the screen has no such colour. Where no lightness reaches
 * the ratio, black or white.
 */
export function legible(color: string, paper: string, ratio: number): string {
  if (contrast(color, paper) >= ratio) return color;
  const [L, a, b] = toOklab(read(color));
  const end = contrast("#ffffff", paper) >= contrast("#000000", paper) ? 1 : 0;
  let near = L;
  let far: number = end;
  let found: string = end === 1 ? "#ffffff" : "#000000";
  for (let i = 0; i < 30; i++) {
    const middle = (near + far) / 2;
    const candidate = hex(fromOklab(inGamut([middle, a, b])));
    if (contrast(candidate, paper) >= ratio) [far, found] = [middle, candidate];
    else near = middle;
  }
  return found;
}

/** The same lightness and hue with as much of the chroma as sRGB holds. */
function inGamut([L, a, b]: Oklab): Oklab {
  const fits = (k: number): boolean => fromOklab([L, a * k, b * k]).every((v) => v > -1e-4 && v < 1 + 1e-4);
  if (fits(1)) return [L, a, b];
  let [low, high] = [0, 1];
  for (let i = 0; i < 20; i++) {
    const middle = (low + high) / 2;
    if (fits(middle)) low = middle;
    else high = middle;
  }
  return [L, a * low, b * low];
}

function read(color: string): Rgba {
  return parseColour(color) ?? [0, 0, 0, 1];
}

function clamp(v: number): number {
  return Math.min(1, Math.max(0, v));
}
