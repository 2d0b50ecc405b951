/** What of an n × n matrix a square plot shows: its left top corner in cells, and the pixels of a cell. */
export type Viewport = { readonly x: number; readonly y: number; readonly cell: number };

/** No cell grows larger. */
const LARGEST = 96;

/** All of the matrix. */
export function fitted(n: number, side: number): Viewport {
  return { x: 0, y: 0, cell: side / n };
}

/** Whether nothing of the matrix is outside of the plot. */
export function isWhole({ cell }: Viewport, n: number, side: number): boolean {
  return cell * n <= side * (1 + 1e-9);
}

/** The nearest viewport without blank edges and with cells of a size that is allowed. */
export function clamped({ x, y, cell }: Viewport, n: number, side: number): Viewport {
  const least = side / n;
  const size = Math.max(least, Math.min(Math.max(LARGEST, least), cell));
  const most = Math.max(0, n - side / size);
  return { x: Math.max(0, Math.min(most, x)), y: Math.max(0, Math.min(most, y)), cell: size };
}

/** Zooms so that what is at (px, py) of the plot stays there. */
export function zoomed(view: Viewport, factor: number, px: number, py: number, n: number, side: number): Viewport {
  const { cell } = clamped({ ...view, cell: view.cell * factor }, n, side);
  return clamped({ x: view.x + px / view.cell - px / cell, y: view.y + py / view.cell - py / cell, cell }, n, side);
}

export function panned(view: Viewport, dx: number, dy: number, n: number, side: number): Viewport {
  return clamped({ ...view, x: view.x - dx / view.cell, y: view.y - dy / view.cell }, n, side);
}

/** Pans just far enough to show a cell. */
export function showing(view: Viewport, column: number, row: number, n: number, side: number): Viewport {
  const span = side / view.cell;
  const near = (at: number, place: number): number => Math.min(place, Math.max(at, place + 1 - span));
  return clamped({ ...view, x: near(view.x, column), y: near(view.y, row) }, n, side);
}

/** The cell at a place of the plot, [column, row]; null outside of the matrix. */
export function cellAt({ x, y, cell }: Viewport, px: number, py: number, n: number): readonly [number, number] | null {
  const [column, row] = [Math.floor(x + px / cell), Math.floor(y + py / cell)];
  return column >= 0 && row >= 0 && column < n && row < n ? [column, row] : null;
}

/**
 * Which of the places first … last get a label: all where they are `room` pixels apart, else every k-th, k a round number;
 * those of `always`, the first of them first, before the others, and none so near another that both would overlap.
 */
export function labelled(first: number, last: number, cell: number, room: number, always: readonly number[]): number[] {
  const least = room / cell;
  const step = least <= 1 ? 1 : round(least);
  const kept: number[] = [];
  const free = (place: number): boolean => kept.every((other) => Math.abs(other - place) * cell >= room);
  for (const place of always) if (place >= first && place <= last && free(place)) kept.push(place);
  const others: number[] = [];
  for (let place = Math.ceil(first / step) * step; place <= last; place += step) if (free(place)) others.push(place);
  return [...others, ...kept].sort((a, b) => a - b);
}

/** The least of 1, 2, 5, 10, 20 … that is not below a number. */
function round(least: number): number {
  for (let unit = 1; ; unit *= 10) for (const m of [1, 2, 5]) if (m * unit >= least) return m * unit;
}
