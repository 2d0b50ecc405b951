import { niceStep } from "../marks/axis.js";
import { textWidth } from "../marks/labels.js";
import type { Palette } from "../marks/palette.js";
import { numbersPerCell, strongest, type SignScale } from "../marks/signStrip.js";
import type { StripRow, Window } from "./stripsModel.js";

/** All that the figure shows. */
export type StripsPicture = {
  readonly rows: readonly StripRow[];
  /** So many of them stand above the ruled line. */
  readonly above: number;
  /** So many of the first can be moved and taken away. */
  readonly movable: number;
  readonly order: Int32Array | null;
  readonly window: Window;
  readonly scale: SignScale;
  readonly cosines: readonly number[];
  readonly cosineTitle: string;
  /** The row that the cosines are with, or −1. */
  readonly reference: number;
  /** The dimension under the cursor. */
  readonly dimension: number;
  readonly decimals: number;
  /** Sentences under the cursor. */
  readonly sums: readonly string[];
  /** Rows of the trace that are pointed at anywhere. */
  readonly hovered: readonly number[];
  readonly width: number;
  readonly label: string;
};

/** What the pointer or the keyboard is at. */
export type StripsCursor = { row: number | null; dimension: number | null; brush: readonly [number, number] | null; dragged: { readonly row: number; readonly to: number } | null };

export const STRIP_HEIGHT = 20;
const PITCH = STRIP_HEIGHT + 4;
const TOP = 16;
/** What the ruled line adds between terms and results. */
const RULE = 12;

/** Where everything in the figure of strips stands, in CSS pixels. */
export type StripsLayout = {
  readonly width: number;
  /** Left and right end of the strips. */
  readonly x0: number;
  readonly x1: number;
  /** Right end of the column of values at the cursor; null where there is no room. */
  readonly valueX: number | null;
  readonly ys: readonly number[];
  readonly ruleY: number | null;
  /** Below the last strip. */
  readonly bottom: number;
};

export function layOutStrips(width: number, labels: readonly string[], above: number, palette: Palette, movable: boolean): StripsLayout {
  const narrow = width < 480;
  const bold = `600 12px ${palette.font}`;
  const widest = Math.max(24, ...labels.map((label) => textWidth(label, bold)));
  const most = narrow ? Math.min(96, width * 0.32) : Math.min(160, width * 0.22);
  const x0 = Math.ceil(Math.min(most, widest)) + 8 + (movable ? 14 : 0);
  const x1 = width - (narrow ? 44 : 128);
  const ruled = above > 0 && above < labels.length;
  const ys = labels.map((_, i) => TOP + i * PITCH + (ruled && i >= above ? RULE : 0));
  const bottom = labels.length === 0 ? TOP : ys[labels.length - 1] + STRIP_HEIGHT;
  return { width, x0, x1, valueX: narrow ? null : width - 78, ys, ruleY: ruled ? ys[above] - RULE / 2 - 2 : null, bottom };
}

/** Left and right edge of the cell that holds a place. */
export function cellAt(place: number, { window: { from, to } }: StripsPicture, x0: number, x1: number): [number, number] {
  const perCell = numbersPerCell(to - from, x1 - x0);
  const start = from + Math.floor((place - from) / perCell) * perCell;
  const x = (p: number): number => x0 + ((Math.min(to, p) - from) / (to - from)) * (x1 - x0);
  return [x(start), x(start + perCell)];
}

/** The place under x: of several in a cell, the one where any row is strongest. */
export function placeAt(px: number, { rows, order, window: { from, to } }: StripsPicture, { x0, x1 }: StripsLayout): number {
  const at = Math.max(from, Math.min(to - 1, from + Math.floor(((px - x0) / (x1 - x0)) * (to - from))));
  const perCell = numbersPerCell(to - from, x1 - x0);
  if (perCell === 1 || rows.length === 0) return at;
  const start = from + Math.floor((at - from) / perCell) * perCell;
  const places = rows.map((row) => ({ row, p: strongest(row.values, order, start, Math.min(to, start + perCell)) }));
  const size = ({ row, p }: { row: StripRow; p: number }): number => Math.abs(row.values[order === null ? p : order[p]]);
  return places.reduce((best, each) => (size(each) > size(best) ? each : best)).p;
}

/** Places on the ruler, counted from 0: the first, the last and round numbers between. */
export function rulerPlaces(from: number, to: number, width: number): number[] {
  const count = to - from;
  if (count <= 1) return [from];
  const every = niceStep(count / Math.max(1, Math.min(5, Math.floor(width / 60))));
  const step = Math.max(1, every === 20 && count === 100 ? 25 : every);
  const room = (30 / width) * count;
  const between: number[] = [];
  for (let number = Math.ceil((from + 1) / step) * step; number <= to; number += step) {
    if (number - 1 - from > room && to - number > room) between.push(number - 1);
  }
  return [from, ...between, to - 1];
}
