import { textWidth } from "../../marks/labels.js";
import { toX, toY, type Viewport } from "./viewport.js";

/** A name beside its point, in pixels: the left end of its baseline. */
export type PlacedName = { readonly point: number; readonly x: number; readonly y: number; readonly text: string };

/** Height of a line, the pixels between a point and its name, and those kept free around a name. */
const LINE = 13;
const BESIDE = 6;
const GAP = 2;
/** Side of the squares by which it is kept what is taken. */
const CELL = 4;
/** Pixels of the plot that a name gets for itself on average. */
const ROOM = 4200;
/** Points tried in one frame. */
const TRIED = 3000;
/** Up to so many points in sight, names keep off the points, and as many as can stand are written. */
const FEW = 400;

const widths = new Map<string, number>();

function widthOf(text: string, font: string): number {
  const key = `${font}\n${text}`;
  let width = widths.get(key);
  if (width === undefined) {
    width = textWidth(text, font);
    if (widths.size > 20_000) widths.clear();
    widths.set(key, width);
  }
  return width;
}

/** At most so many characters of a name are written. */
const LONGEST = 24;
export function shortName(name: string): string {
  return name.length > LONGEST ? `${name.slice(0, LONGEST - 1)}\u2026` : name;
}

/** What is taken of a plot, by squares of a few pixels. */
class Sheet {
  private readonly columns: number;
  private readonly rows: number;
  private readonly names: Uint8Array;
  private readonly points: Uint8Array;

  constructor(width: number, height: number) {
    this.columns = Math.ceil(width / CELL) + 1;
    this.rows = Math.ceil(height / CELL) + 1;
    this.names = new Uint8Array(this.columns * this.rows);
    this.points = new Uint8Array(this.columns * this.rows);
  }

  takePoint(x: number, y: number): void {
    this.each(x - 2, y - 2, 4, 4, (cell) => (this.points[cell] = 1));
  }

  takeName(x: number, y: number, width: number): void {
    this.each(x - GAP, y, width + 2 * GAP, LINE, (cell) => (this.names[cell] = 1));
  }

  free(x: number, y: number, width: number, offPoints: boolean): boolean {
    let free = true;
    this.each(x, y, width, LINE, (cell) => {
      if (this.names[cell]) free = false;
    });
    // Letters fill the middle of their line.
    if (offPoints) this.each(x, y + CELL / 2, width, LINE - CELL - 1, (cell) => {
      if (this.points[cell]) free = false;
    });
    return free;
  }

  private each(x: number, y: number, width: number, height: number, visit: (cell: number) => void): void {
    const [c0, c1] = [Math.max(0, Math.floor(x / CELL)), Math.min(this.columns - 1, Math.floor((x + width) / CELL))];
    const [r0, r1] = [Math.max(0, Math.floor(y / CELL)), Math.min(this.rows - 1, Math.floor((y + height) / CELL))];
    for (let r = r0; r <= r1; r++) for (let c = c0; c <= c1; c++) visit(r * this.columns + c);
  }
}

/**
 * Chooses names to write so that none lies on another: those of `first` before all, then the points in their order, which for
 * word vectors is that of frequency. Zooming in makes room for more.
 */
export function placeNames(
  positions: Float32Array,
  names: readonly string[],
  view: Viewport,
  font: string,
  first: readonly number[],
): PlacedName[] {
  const seen = pointsInSight(positions, view);
  const few = seen.length <= FEW;
  const most = few ? seen.length : Math.round((view.width * view.height) / ROOM);
  const sheet = new Sheet(view.width, view.height);
  if (few) for (const i of seen) sheet.takePoint(toX(view, positions[2 * i]), toY(view, positions[2 * i + 1]));
  const placed: PlacedName[] = [];
  const done = new Set<number>();

  const tryAt = (point: number, offPoints: boolean): void => {
    const x = toX(view, positions[2 * point]);
    const y = toY(view, positions[2 * point + 1]);
    const text = shortName(names[point]);
    const width = widthOf(text, font);
    for (const [left, top] of placesOf(x, y, width, few)) {
      if (left < 0 || left + width > view.width || top < 0 || top + LINE > view.height || !sheet.free(left, top, width, offPoints)) continue;
      sheet.takeName(left, top, width);
      placed.push({ point, x: left, y: top + LINE - 3, text });
      done.add(point);
      return;
    }
  };

  const inSight = new Set(first.length > 0 ? seen : []);
  const wanted = [...first.filter((point) => inSight.has(point)), ...seen.slice(0, few ? seen.length : TRIED)];
  // Where there are few points, only the names that were asked for may lie on one: a point that is covered is a point lost.
  for (const [n, point] of wanted.entries()) {
    if (placed.length >= most + first.length) break;
    if (done.has(point)) continue;
    tryAt(point, few);
    if (few && n < first.length && !done.has(point)) tryAt(point, false);
  }
  return placed;
}

/** Left top corners beside a point, the best first. */
function placesOf(x: number, y: number, width: number, many: boolean): (readonly [number, number])[] {
  const middle = y - LINE / 2;
  const sides = [[x + BESIDE, middle], [x - BESIDE - width, middle]] as const;
  if (!many) return [...sides];
  return [...sides, [x - width / 2, y - BESIDE - LINE + 1], [x - width / 2, y + BESIDE - 1], [x + 4, y - BESIDE - 9], [x + 4, y + BESIDE - 4], [x - 4 - width, y - BESIDE - 9], [x - 4 - width, y + BESIDE - 4]];
}

/** Points on the plot, in their order; enough of them where there are very many. */
function pointsInSight(positions: Float32Array, view: Viewport): number[] {
  const [dx, dy] = [view.width / 2 / view.scale, view.height / 2 / view.scale];
  const seen: number[] = [];
  for (let i = 0; i < positions.length / 2; i++) {
    if (Math.abs(positions[2 * i] - view.x) <= dx && Math.abs(positions[2 * i + 1] - view.y) <= dy) seen.push(i);
  }
  return seen;
}
