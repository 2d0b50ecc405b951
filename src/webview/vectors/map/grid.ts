import type { Extent } from "./viewport.js";

/** About so many points fall into a cell. */
const PER_CELL = 4;
const MOST_CELLS = 1 << 18;

/** Points sorted into cells of the plane, for the one under a pointer among a hundred thousand. Built in O(m) by a counting sort. */
export class Grid {
  private readonly columns: number;
  private readonly rows: number;
  private readonly size: number;
  private readonly starts: Int32Array;
  private readonly order: Int32Array;

  /** @param positions pairs [x, y] of the plane */
  constructor(
    readonly positions: Float32Array,
    private readonly extent: Extent,
  ) {
    const m = positions.length / 2;
    const [left, right, low, high] = extent;
    const cells = Math.max(1, Math.min(MOST_CELLS, m / PER_CELL));
    const area = Math.max((right - left) * (high - low), Number.MIN_VALUE);
    this.size = Math.max(Math.sqrt(area / cells), Math.max(right - left, high - low) / 4096, Number.MIN_VALUE);
    this.columns = Math.max(1, Math.ceil((right - left) / this.size) || 1);
    this.rows = Math.max(1, Math.ceil((high - low) / this.size) || 1);
    this.starts = new Int32Array(this.columns * this.rows + 1);
    const cellOf = (i: number): number => this.row(positions[2 * i + 1]) * this.columns + this.column(positions[2 * i]);
    for (let i = 0; i < m; i++) this.starts[cellOf(i) + 1]++;
    for (let c = 0; c < this.columns * this.rows; c++) this.starts[c + 1] += this.starts[c];
    const next = this.starts.slice();
    this.order = new Int32Array(m);
    for (let i = 0; i < m; i++) this.order[next[cellOf(i)]++] = i;
  }

  /** The point nearest to a place within `reach`, the first of equals; null when there is none. */
  nearest(x: number, y: number, reach: number): number | null {
    let best: number | null = null;
    let least = reach * reach;
    this.each(x - reach, x + reach, y - reach, y + reach, (i) => {
      const d = (this.positions[2 * i] - x) ** 2 + (this.positions[2 * i + 1] - y) ** 2;
      if (d < least || (d === least && (best === null || i < best))) [least, best] = [d, i];
    });
    return best;
  }

  /** The points inside a closed polygon, ascending. */
  inside(polygon: readonly (readonly [number, number])[]): Int32Array {
    const xs = polygon.map(([x]) => x);
    const ys = polygon.map(([, y]) => y);
    const found: number[] = [];
    this.each(Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys), (i) => {
      if (holds(polygon, this.positions[2 * i], this.positions[2 * i + 1])) found.push(i);
    });
    return Int32Array.from(found).sort();
  }

  /** The nearest point in a direction from another: far aside counts double. */
  toward(from: number, dx: number, dy: number): number | null {
    const { positions } = this;
    const [x, y] = [positions[2 * from], positions[2 * from + 1]];
    let best: number | null = null;
    let least = Infinity;
    for (let i = 0; i < positions.length / 2; i++) {
      const ahead = (positions[2 * i] - x) * dx + (positions[2 * i + 1] - y) * dy;
      const aside = Math.abs((positions[2 * i] - x) * dy - (positions[2 * i + 1] - y) * dx);
      if (ahead <= 0 || aside > 2 * ahead || ahead + 2 * aside >= least) continue;
      least = ahead + 2 * aside;
      best = i;
    }
    return best;
  }

  /** How many points lie exactly where one lies, itself among them. */
  stack(i: number): number {
    const [x, y] = [this.positions[2 * i], this.positions[2 * i + 1]];
    let count = 0;
    this.each(x, x, y, y, (j) => {
      if (this.positions[2 * j] === x && this.positions[2 * j + 1] === y) count++;
    });
    return count;
  }

  private each(left: number, right: number, low: number, high: number, visit: (i: number) => void): void {
    for (let row = this.row(low); row <= this.row(high); row++) {
      const end = this.starts[row * this.columns + this.column(right) + 1];
      for (let at = this.starts[row * this.columns + this.column(left)]; at < end; at++) visit(this.order[at]);
    }
  }

  private column(x: number): number {
    return Math.max(0, Math.min(this.columns - 1, Math.floor((x - this.extent[0]) / this.size)));
  }

  private row(y: number): number {
    return Math.max(0, Math.min(this.rows - 1, Math.floor((y - this.extent[2]) / this.size)));
  }
}

/** Whether a polygon holds a place, by crossings of a ray (even-odd). */
function holds(polygon: readonly (readonly [number, number])[], x: number, y: number): boolean {
  let within = false;
  for (let i = 0, j = polygon.length - 1; i < polygon.length; j = i++) {
    const [xi, yi] = polygon[i];
    const [xj, yj] = polygon[j];
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) within = !within;
  }
  return within;
}
