import type { Window } from "../../core/formats/tensors.js";

/** Width and height of a cell by zoom, CSS pixels. Numbers are printed on the largest. */
export const cellSizes: readonly { readonly w: number; readonly h: number }[] = [
  { w: 2, h: 2 }, { w: 3, h: 3 }, { w: 4, h: 4 }, { w: 6, h: 6 }, { w: 8, h: 8 }, { w: 12, h: 12 }, { w: 16, h: 16 }, { w: 24, h: 24 }, { w: 60, h: 22 },
];
export const digitsZoom = cellSizes.length - 1;

/** Rows and columns of the plane, and the room for them in pixels. */
export type Extent = { readonly rows: number; readonly cols: number; readonly width: number; readonly height: number };
/** The cell in the upper left corner, and how large cells are. */
export type Corner = { readonly row: number; readonly col: number; readonly zoom: number };

/** Whole cells that fit; at least one. */
export function shownCells({ rows, cols, width, height }: Extent, zoom: number): { readonly rows: number; readonly cols: number } {
  const { w, h } = cellSizes[zoom];
  return { rows: Math.min(rows, Math.max(1, Math.floor(height / h))), cols: Math.min(cols, Math.max(1, Math.floor(width / w))) };
}

/** The corner moved so that the plane fills the room as far as it can. */
export function clampCorner(extent: Extent, corner: Corner): Corner {
  const zoom = Math.max(0, Math.min(digitsZoom, Math.round(corner.zoom)));
  const shown = shownCells(extent, zoom);
  return { row: within(corner.row, extent.rows - shown.rows), col: within(corner.col, extent.cols - shown.cols), zoom };
}

function within(at: number, most: number): number {
  return Math.max(0, Math.min(most, Math.round(at)));
}

/** The largest cells with which all columns fit, but no smaller than `least` and no larger than what all rows need as well. */
export function firstZoom(extent: Extent): number {
  // A few columns leave room for their numbers.
  if (extent.cols * cellSizes[digitsZoom].w <= Math.min(extent.width, 500)) return digitsZoom;
  // A row or a few are easily seen only when they are high.
  const least = extent.rows * 24 <= 200 ? 7 : 3;
  const fits = (zoom: number, rows: boolean): boolean =>
    extent.cols * cellSizes[zoom].w <= extent.width && (!rows || extent.rows * cellSizes[zoom].h <= extent.height);
  for (let zoom = digitsZoom; zoom >= Math.min(least, 2); zoom--) {
    if (fits(zoom, true)) return zoom;
    // Of what is longer than the room the rows scroll, in cells that are easily pointed at.
    if (zoom <= 5 && least === 3 && fits(zoom, false)) return zoom;
  }
  return least;
}

/** Zooms and keeps the cell at a point of the plot where it is. `x`, `y` in pixels from the corner. */
export function zoomAt(extent: Extent, corner: Corner, by: number, x: number, y: number): Corner {
  const zoom = Math.max(0, Math.min(digitsZoom, corner.zoom + by));
  const [before, after] = [cellSizes[corner.zoom], cellSizes[zoom]];
  return clampCorner(extent, { row: corner.row + Math.floor(y / before.h) - Math.floor(y / after.h), col: corner.col + Math.floor(x / before.w) - Math.floor(x / after.w), zoom });
}

/** The corner moved as little as needed to show a cell. */
export function showCell(extent: Extent, corner: Corner, row: number, col: number): Corner {
  const shown = shownCells(extent, corner.zoom);
  const along = (from: number, count: number, at: number): number => (at < from ? at : at >= from + count ? at - count + 1 : from);
  return clampCorner(extent, { ...corner, row: along(corner.row, shown.rows, row), col: along(corner.col, shown.cols, col) });
}

/** What is seen. */
export function visible(extent: Extent, corner: Corner): Window {
  const shown = shownCells(extent, corner.zoom);
  // A part of a cell at the edge is drawn as well.
  return { rowStart: corner.row, rowCount: Math.min(extent.rows - corner.row, shown.rows + 1), colStart: corner.col, colCount: Math.min(extent.cols - corner.col, shown.cols + 1) };
}

/** What is asked for: what is seen and half as much on each side, so that small moves need no answer. */
export function wanted(extent: Extent, corner: Corner): Window {
  const seen = visible(extent, corner);
  const grown = (start: number, count: number, length: number): [number, number] => {
    const from = Math.max(0, start - Math.ceil(count / 2));
    return [from, Math.min(length, start + count + Math.ceil(count / 2)) - from];
  };
  const [rowStart, rowCount] = grown(seen.rowStart, seen.rowCount, extent.rows);
  const [colStart, colCount] = grown(seen.colStart, seen.colCount, extent.cols);
  return { rowStart, rowCount, colStart, colCount };
}

export function covers(outer: Window, inner: Window): boolean {
  return (
    outer.rowStart <= inner.rowStart && outer.rowStart + outer.rowCount >= inner.rowStart + inner.rowCount &&
    outer.colStart <= inner.colStart && outer.colStart + outer.colCount >= inner.colStart + inner.colCount
  );
}

/** Every how manyth row or column gets a label so that labels are `room` pixels apart. */
export function labelStep(cell: number, room: number): number {
  for (let unit = 1; ; unit *= 10) for (const m of [1, 2, 5]) if (m * unit * cell >= room) return m * unit;
}
