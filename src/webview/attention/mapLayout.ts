import { textWidth } from "../marks/labels.js";

/** Widths of the tab's two columns, CSS pixels; one column where `beside` is false. */
export type MapColumns = { readonly beside: boolean; readonly grid: number; readonly heat: number };

const gap = 24;
const marginWidth = 212;
const largestHeat = 640;
/** Cells of a short text are no larger when all of it is shown. */
const LARGEST_CELL = 40;
const SMALLEST_SIDE = 160;
/** Slant of the names above the columns. */
export const SLANT = Math.PI / 3;
const MEASURED = 120;

/** The grid of heads stands beside the head from 620 px on, and takes what a short text leaves of the width. */
export function mapColumns(width: number, wanted: number): MapColumns {
  if (width < 588) return { beside: false, grid: width, heat: width };
  const heat = Math.min(largestHeat, width - marginWidth - gap, Math.max(wanted, 300));
  return { beside: true, grid: width - heat - gap, heat };
}

/** Sizes of one head's figure, CSS pixels. */
export type HeatLayout = {
  readonly left: number;
  readonly top: number;
  /** Side of the square plot. */
  readonly side: number;
  readonly width: number;
  readonly height: number;
  readonly fontSize: number;
  readonly font: string;
  /** Longest name that is written out. */
  readonly longest: number;
};

/** Room below the plot for what is said of its rows. */
const foot = 18;

export function heatLayout(width: number, names: readonly string[], n: number, mono: string, fontSize: number): HeatLayout {
  const font = `600 ${fontSize}px ${mono}`;
  const longest = width < 380 ? 64 : 92;
  const some = names.length > MEASURED ? [...names].sort((a, b) => b.length - a.length).slice(0, MEASURED) : names;
  const widest = Math.min(longest, Math.max(14, ...some.map((name) => textWidth(name, font))));
  const left = Math.ceil(widest) + 9;
  const top = Math.ceil(widest * Math.sin(SLANT) + fontSize * Math.cos(SLANT)) + 8;
  // Names slant out over the last columns.
  const over = Math.min(28, Math.ceil(widest * Math.cos(SLANT) * 0.6));
  const room = width - left - over - 2;
  const side = Math.round(Math.max(Math.min(SMALLEST_SIDE, room), Math.min(room, n * LARGEST_CELL)));
  return { left, top, side, width: left + side + over + 2, height: top + side + foot, fontSize, font, longest: widest + 1 };
}

/** Places of the thumbnails, CSS pixels. */
export type GridLayout = {
  readonly left: number;
  readonly top: number;
  readonly thumb: number;
  readonly pitchX: number;
  readonly pitchY: number;
  /** All of the grid. */
  readonly fullWidth: number;
  readonly fullHeight: number;
  /** What is seen of it at once. */
  readonly width: number;
  readonly height: number;
};

const LEAST_THUMB = 22;
const LARGEST_THUMB = 92;
/** From this size on there is room for what a head does, in a word or two. */
export const ROLE_FROM = 72;
/** Room below a thumbnail for its entropy, and for its role. */
const caption = 18;
const roleLine = 13;
const band = 18;

export function gridLayout(width: number, highest: number, layers: number, heads: number, side: number, roles: boolean): GridLayout {
  const pitch = (width - band - 4) / heads;
  const between = pitch < 44 ? 6 : 10;
  const room = pitch - between;
  const free = Math.max(LEAST_THUMB, Math.min(LARGEST_THUMB, Math.floor(room)));
  // Cells of whole pixels, where there is room for more than one.
  const even = side > 0 ? Math.floor(free / side) * side : 0;
  const thumb = even >= 0.85 * free ? even : free;
  const pitchX = thumb + between;
  const pitchY = thumb + caption + (roles && thumb >= ROLE_FROM ? roleLine : 0) + 10;
  const fullWidth = band + heads * pitchX;
  const fullHeight = band + layers * pitchY;
  return { left: band, top: band, thumb, pitchX, pitchY, fullWidth, fullHeight, width: Math.min(width, fullWidth + 4), height: Math.min(highest, fullHeight + 4) };
}

/** The heads that a window over the grid touches: first and last layer, first and last head. */
export function gridWindow(layout: GridLayout, x: number, y: number, layers: number, heads: number): { readonly layers: readonly [number, number]; readonly heads: readonly [number, number] } {
  const range = (from: number, size: number, start: number, pitch: number, count: number): [number, number] => [
    Math.max(0, Math.min(count - 1, Math.floor((from - start) / pitch))), Math.max(0, Math.min(count - 1, Math.floor((from + size - start) / pitch))),
  ];
  return { layers: range(y, layout.height, layout.top, layout.pitchY, layers), heads: range(x, layout.width, layout.left, layout.pitchX, heads) };
}

/** How the tokens stand in a row under the arcs. */
export type ArcLayout = {
  readonly width: number;
  /** Height of the arcs alone. */
  readonly arcs: number;
  readonly height: number;
  readonly slanted: boolean;
  /** First token and how many are shown. */
  readonly first: number;
  readonly count: number;
  x(token: number): number;
};

/** Tokens need at least so much room each, in pixels; of a longer text, those around the chosen one are shown. */
const LEAST_PITCH = 13;

/** `before` is the first token that was shown: as long as the chosen one is in sight, nothing moves. */
export function arcLayout(width: number, widths: readonly number[], around: number, before: number, fontSize: number): ArcLayout {
  const n = widths.length;
  const widest = Math.max(0, ...widths.slice(0, 2000));
  const edge = 8;
  const count = Math.max(1, Math.min(n, Math.floor((width - 2 * edge) / LEAST_PITCH)));
  const level = count === n && widest + 8 <= (width - 2 * edge) / n;
  const first = Math.max(0, Math.min(n - count, around >= before && around < before + count ? before : around - Math.floor(count * 0.75)));
  const inset = level ? Math.max(edge, widest / 2 + 2) : edge + 6;
  const left = level ? inset : Math.max(inset, Math.min(60, widest * 0.5));
  const pitch = count === 1 ? 0 : Math.min(level ? 110 : 60, (width - left - inset) / (count - 1));
  const span = pitch * (count - 1);
  const arcs = Math.round(Math.max(70, Math.min(130, span * 0.2)));
  const names = level ? fontSize + 8 : Math.ceil(Math.min(widest, 92) * Math.sin(SLANT)) + fontSize + 4;
  return { width, arcs, height: arcs + names, slanted: !level, first, count, x: (token) => left + (count === 1 ? 0 : (token - first) * pitch) };
}
