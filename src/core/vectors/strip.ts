import { signColour, signPalettes, type SignPalette, type ThemeKind } from "../math/signScale.js";

export type StripOptions = {
  readonly theme: ThemeKind;
  /** Numbers beyond ± this are clipped. */
  readonly scale: number;
};

/** A vector as a picture of coloured cells. */
export type Strip = {
  readonly svg: string;
  readonly width: number;
  readonly height: number;
  readonly scale: number;
  /** Numbers beyond the scale; their cells carry a notch. */
  readonly clipped: number;
  /** Numbers that are NaN, or missing; their cells are empty. */
  readonly missing: number;
  /** How many numbers a cell stands for: the one of largest magnitude is drawn. More than 1 only past `MOST_CELLS`. */
  readonly perCell: number;
};

const WIDTH = 452;
const KEY_WIDTH = 100;
/** A row of more cells would have them narrower than a pixel. */
const CELLS_IN_ROW = 400;
/** A hover takes 100,000 characters; this many cells stay below that in any case. */
export const MOST_CELLS = 1600;
/** Steps of colour from zero to the end of the scale: too small to be told apart, and few enough to share their paths. */
const STEPS = 48;

/**
 * Draws a vector as rows of cells on the sign scale, with the scale itself below. The picture holds no words, so that it
 * needs no translation. The result is a whole SVG document without scripts, links or fonts of its own.
 */
export function stripOf(values: ArrayLike<number>, { theme, scale }: StripOptions): Strip {
  const palette = signPalettes[theme];
  const perCell = Math.max(1, Math.ceil(values.length / MOST_CELLS));
  const cells = perCell === 1 ? values : extremes(values, perCell);
  const rows = Math.max(1, Math.ceil(cells.length / CELLS_IN_ROW));
  const inRow = Math.ceil(cells.length / rows);
  const rowHeight = rows === 1 ? 22 : 12;
  const pitch = rows === 1 ? 22 : 14;
  const cellWidth = WIDTH / Math.max(1, inRow);
  // Lengths along a row are in cells: whole numbers keep the picture small.
  const notch = Math.min(1, 8 / cellWidth);

  const paths = new Map<number, string>();
  const notches: string[] = [];
  for (let i = 0; i < cells.length; i++) {
    const value = cells[i];
    if (Number.isNaN(value)) continue;
    const x = i % inRow;
    const y = Math.floor(i / inRow) * pitch;
    const step = Math.round(STEPS * Math.max(-1, Math.min(1, value / scale)));
    if (step !== 0) paths.set(step, `${paths.get(step) ?? ""}M${x} ${y}h1v${rowHeight}h-1z`);
    if (Math.abs(value) > scale) {
      notches.push(`M${short(x + 0.5 - notch / 2)} ${y}h${short(notch)}l-${short(notch / 2)} ${rows === 1 ? 5 : 4}z`);
    }
  }

  const { stops, edge, edgeOpacity } = palette;
  const frames = Array.from({ length: rows }, (_, row) => {
    const count = Math.min(inRow, cells.length - row * inRow);
    return `M0 ${row * pitch}h${short(count * cellWidth)}v${rowHeight}h-${short(count * cellWidth)}z`;
  }).join("");
  const bottom = (rows - 1) * pitch + rowHeight;
  const svg = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${bottom + 22}" viewBox="-0.5 -0.5 ${WIDTH + 1} ${bottom + 22}">`,
    `<path fill="${stops[2]}" d="${frames}"/>`,
    `<g transform="scale(${short(cellWidth, 6)} 1)">`,
    ...[...paths].map(([step, d]) => `<path fill="${signColour((step * scale) / STEPS, scale, palette)}" d="${d}"/>`),
    notches.length > 0 ? `<path fill="${stops[2]}" d="${notches.join("")}"/>` : "",
    "</g>",
    `<path fill="none" stroke="${edge}" stroke-opacity="${edgeOpacity}" d="${frames}"/>`,
    keyAt(bottom + 8, scale, palette),
    "</svg>",
  ].join("");
  const beyond = count(values, (value) => Math.abs(value) > scale);
  return { svg, width: WIDTH, height: bottom + 22, scale, clipped: beyond, missing: count(values, Number.isNaN), perCell };
}

/** The scale itself, with the numbers at its ends. */
function keyAt(y: number, end: number, palette: SignPalette): string {
  const { ink, edge, edgeOpacity } = palette;
  const right = WIDTH - 8 - 7 * (String(end).length + 1);
  const left = right - KEY_WIDTH;
  const stops = Array.from({ length: 17 }, (_, i) => `<stop offset="${i / 16}" stop-color="${signColour(((i - 8) / 8) * end, end, palette)}"/>`);
  const text = `font-family="sans-serif" font-size="11" fill="${ink}"`;
  return [
    `<defs><linearGradient id="k">${stops.join("")}</linearGradient></defs>`,
    `<rect x="${left}" y="${y}" width="${KEY_WIDTH}" height="8" fill="url(#k)" stroke="${edge}" stroke-opacity="${edgeOpacity}"/>`,
    `<text x="${left - 4}" y="${y + 8}" text-anchor="end" ${text}>\u2212${end}</text>`,
    `<text x="${right + 4}" y="${y + 8}" ${text}>+${end}</text>`,
  ].join("");
}

function count(values: ArrayLike<number>, test: (value: number) => boolean): number {
  let found = 0;
  for (let i = 0; i < values.length; i++) if (test(values[i])) found++;
  return found;
}

/** Of every `perCell` numbers the one of largest magnitude; NaN only where all are. */
function extremes(values: ArrayLike<number>, perCell: number): Float64Array {
  const cells = new Float64Array(Math.ceil(values.length / perCell)).fill(NaN);
  for (let i = 0; i < values.length; i++) {
    const cell = Math.floor(i / perCell);
    if (Number.isNaN(cells[cell]) || Math.abs(values[i]) > Math.abs(cells[cell])) cells[cell] = values[i];
  }
  return cells;
}

/** Hundredths are enough for lengths. */
function short(length: number, digits = 2): string {
  return String(Number(length.toFixed(digits)));
}
