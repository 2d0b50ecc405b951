import type { BeamsModel, Place } from "./beamsModel.js";

/** How large a candidate is drawn, and what is written on it. */
export type Size = {
  /** From one step to the next, and from one rank to the next. */
  readonly column: number;
  readonly row: number;
  readonly width: number;
  readonly height: number;
  readonly text: "name and sum" | "name" | "none";
};

/** From close to far. */
export const sizes: readonly Size[] = [
  { column: 156, row: 34, width: 106, height: 27, text: "name and sum" },
  { column: 130, row: 26, width: 98, height: 21, text: "name and sum" },
  { column: 82, row: 19, width: 58, height: 17, text: "name" },
  { column: 30, row: 10, width: 14, height: 7, text: "none" },
  { column: 9, row: 5, width: 4, height: 3, text: "none" },
];

const headHeight = 24;
const groupGap = 14;
/** Over each of several groups stands its name. */
const groupHead = 14;
const edge = 6;
/** Between columns that stand as close as names allow. */
const leastGap = 26;
/** No higher by itself, so that the table below can be seen. */
const tallest = 560;

export type Layout = {
  readonly size: Size;
  /** Where the first column begins: the prompt's end stands before it. */
  readonly left: number;
  readonly width: number;
  readonly height: number;
  readonly groupTops: readonly number[];
};

/** The closest size that is not too high, and at most four screens wide. */
export function fittingSize(model: BeamsModel, width: number): number {
  const { groups } = model.part;
  const fits = ({ row, column }: Size): boolean => groups * (model.rows * row + bandGap(groups)) <= tallest && model.steps * column <= 4 * Math.max(width, 600);
  const first = sizes.findIndex(fits);
  const narrow = width < 480 && first === 0 ? 1 : first;
  return narrow < 0 ? sizes.length - 1 : narrow;
}

/** @param width room for the picture: where a little closer columns let all of them be seen, they stand closer */
export function layoutOf(model: BeamsModel, level: number, left: number, width: number): Layout {
  const given = sizes[Math.max(0, Math.min(sizes.length - 1, level))];
  const whole = (width - left - given.width - edge) / Math.max(1, model.steps - 1);
  const column = whole >= given.width + leastGap ? Math.min(given.column, whole) : given.column;
  const size = { ...given, column };
  const { groups } = model.part;
  const band = model.rows * size.row + bandGap(groups);
  const first = headHeight + bandGap(groups) - groupGap;
  return {
    size,
    left,
    width: Math.ceil(left + (model.steps - 1) * size.column + size.width + edge),
    height: Math.ceil(first + groups * band - bandGap(groups) + 6),
    groupTops: Array.from({ length: groups }, (_, group) => first + group * band),
  };
}

/** What a finished search was drawn in: one that takes its place grows in it, so that nothing moves while a slider is dragged. */
export type Settled = { readonly key: string; readonly level: number; readonly step: number; readonly width: number; readonly height: number };

/** No smaller than what was settled. */
export function within(layout: Layout, { width, height }: Pick<Settled, "width" | "height">): Layout {
  return { ...layout, width: Math.max(layout.width, width), height: Math.max(layout.height, height) };
}

function bandGap(groups: number): number {
  return groupGap + (groups > 1 ? groupHead : 0);
}

/** The left end and the middle of a candidate's box. */
export function spotOf({ size, left, groupTops }: Layout, model: BeamsModel, place: Place): { readonly x: number; readonly y: number } {
  return { x: left + place.step * size.column, y: groupTops[place.group] + (model.rank(place) + 0.5) * size.row };
}

/** The candidate under a point: anywhere in its row from its box to the gap behind it. */
export function placeAt(layout: Layout, model: BeamsModel, x: number, y: number): Place | null {
  const { size, left, groupTops } = layout;
  const step = Math.floor((x - left + (size.column - size.width) / 4) / size.column);
  if (step < 0 || step >= model.steps) return null;
  for (let group = groupTops.length - 1; group >= 0; group--) {
    const rank = Math.floor((y - groupTops[group]) / size.row);
    if (rank < 0) continue;
    return rank < model.candidates(step, group).length ? { step, group, index: model.indexOf(step, group, rank) } : null;
  }
  return null;
}

/** The first and last column that a window of the picture shows, with one more on each side. */
export function columnsIn({ size, left }: Layout, steps: number, from: number, to: number): readonly [number, number] {
  return [Math.max(0, Math.floor((from - left) / size.column) - 1), Math.min(steps - 1, Math.ceil((to - left) / size.column) + 1)];
}
