import { textWidth } from "../marks/labels.js";

/** Sizes of the heatmap's figure, CSS pixels. */
export type HeatmapLayout = {
  /** Room for the names at the left and above. */
  readonly left: number;
  readonly top: number;
  /** Side of the plot. */
  readonly side: number;
  /** Width of the dendrogram, 0 where there is none. */
  readonly tree: number;
  readonly width: number;
  readonly height: number;
  readonly fontSize: number;
  readonly font: string;
  /** Longest name that is written out. */
  readonly longest: number;
  /** Names above the columns lie level, since they are short. */
  readonly level: boolean;
};

/** Cells of a small matrix are no larger when all of it is shown. */
const LARGEST_CELL = 64;
const SMALLEST_SIDE = 180;
const LARGEST_SIDE = 500;
/** Slant of the names above the columns. */
export const SLANT = Math.PI / 3;
/** Names that are measured; those of the most letters. */
const MEASURED = 100;

export function heatmapLayout(width: number, names: readonly string[], fontFamily: string, fontSize: number): HeatmapLayout {
  const font = `600 ${fontSize}px ${fontFamily}`;
  const longest = width < 380 ? 64 : width < 480 ? 84 : 120;
  const some = names.length > MEASURED ? [...names].sort((a, b) => b.length - a.length).slice(0, MEASURED) : names;
  const widest = Math.min(longest, Math.max(16, ...some.map((name) => textWidth(name, font))));
  const left = Math.ceil(widest) + 8;
  const tree = width < 380 ? 0 : width < 480 ? 40 : 60;
  const room = width - left - (tree > 0 ? tree + 8 : 2);
  const side = Math.round(Math.max(Math.min(SMALLEST_SIDE, room), Math.min(room, LARGEST_SIDE, names.length * LARGEST_CELL)));
  const level = widest <= side / names.length - 6;
  const top = level ? fontSize + 12 : Math.ceil(widest * Math.sin(SLANT) + fontSize * Math.cos(SLANT)) + 8;
  return { left, top, side, tree, width, height: top + side + 1, fontSize, font, longest: widest + 1, level };
}
