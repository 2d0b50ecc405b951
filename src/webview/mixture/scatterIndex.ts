import type { Positions } from "./projection.js";

/** Pixels of one side of a cell. */
const cellSize = 8;

/** Points sorted into square cells of the picture, for hit tests over millions of points. Pixels throughout. */
export type PointIndex = {
  readonly x: Float64Array; // [M]
  readonly y: Float64Array; // [M]
  /** The point nearest to (x, y) within `reach`, the one drawn last of equals; null when there is none. */
  nearest(x: number, y: number, reach: number): number | null;
  /** The nearest point in a direction from point `from`: far sideways counts double. */
  toward(from: number, dx: number, dy: number): number | null;
  /** The points inside a closed polygon, ascending. */
  inside(polygon: readonly (readonly [number, number])[]): Int32Array;
  /** How many points lie exactly where point `i` lies, itself among them. */
  stack(i: number): number;
  /** The share of cells under a box that hold a point, in [0, 1]. */
  crowd(left: number, top: number, width: number, height: number): number;
};

/** Builds the index in O(M) by a counting sort. Points outside the picture are kept in its border cells. */
export function pointIndex({ x, y }: Positions, width: number, height: number): PointIndex {
  const columns = Math.max(1, Math.ceil(width / cellSize));
  const rows = Math.max(1, Math.ceil(height / cellSize));
  const clampTo = (v: number, n: number) => (v >= n ? n - 1 : v > 0 ? Math.floor(v) : 0);
  const columnOf = (px: number) => clampTo(px / cellSize, columns);
  const rowOf = (py: number) => clampTo(py / cellSize, rows);
  const M = x.length;
  const starts = new Int32Array(columns * rows + 1);
  for (let i = 0; i < M; i++) starts[rowOf(y[i]) * columns + columnOf(x[i]) + 1]++;
  for (let c = 0; c < columns * rows; c++) starts[c + 1] += starts[c];
  const next = starts.slice();
  const order = new Int32Array(M);
  for (let i = 0; i < M; i++) order[next[rowOf(y[i]) * columns + columnOf(x[i])]++] = i;

  return {
    x,
    y,
    nearest(px, py, reach) {
      let best: number | null = null;
      let least = reach * reach;
      for (let r = rowOf(py - reach); r <= rowOf(py + reach); r++) {
        for (let c = columnOf(px - reach); c <= columnOf(px + reach); c++) {
          for (let j = starts[r * columns + c]; j < starts[r * columns + c + 1]; j++) {
            const i = order[j];
            const d = (x[i] - px) ** 2 + (y[i] - py) ** 2;
            if (d < least || (d === least && (best === null || i > best))) {
              least = d;
              best = i;
            }
          }
        }
      }
      return best;
    },
    toward(from, dx, dy) {
      let best: number | null = null;
      let least = Infinity;
      for (let i = 0; i < M; i++) {
        const ahead = (x[i] - x[from]) * dx + (y[i] - y[from]) * dy;
        const aside = Math.abs((x[i] - x[from]) * dy - (y[i] - y[from]) * dx);
        if (ahead <= 0 || aside > 2 * ahead || ahead + 2 * aside >= least) continue;
        least = ahead + 2 * aside;
        best = i;
      }
      return best;
    },
    inside(polygon) {
      const left = Math.min(...polygon.map((p) => p[0]));
      const right = Math.max(...polygon.map((p) => p[0]));
      const top = Math.min(...polygon.map((p) => p[1]));
      const bottom = Math.max(...polygon.map((p) => p[1]));
      const found: number[] = [];
      for (let r = rowOf(top); r <= rowOf(bottom); r++) {
        for (let j = starts[r * columns + columnOf(left)]; j < starts[r * columns + columnOf(right) + 1]; j++) {
          const i = order[j];
          if (x[i] >= left && x[i] <= right && y[i] >= top && y[i] <= bottom && holds(polygon, x[i], y[i])) found.push(i);
        }
      }
      return Int32Array.from(found).sort();
    },
    stack(i) {
      const cell = rowOf(y[i]) * columns + columnOf(x[i]);
      let count = 0;
      for (let j = starts[cell]; j < starts[cell + 1]; j++) if (x[order[j]] === x[i] && y[order[j]] === y[i]) count++;
      return count;
    },
    crowd(left, top, w, h) {
      const [c0, c1, r0, r1] = [columnOf(left), columnOf(left + w), rowOf(top), rowOf(top + h)];
      let full = 0;
      for (let r = r0; r <= r1; r++) {
        for (let c = c0; c <= c1; c++) if (starts[r * columns + c + 1] > starts[r * columns + c]) full++;
      }
      return full / ((c1 - c0 + 1) * (r1 - r0 + 1));
    },
  };
}

/** Whether a polygon holds a point, by crossings of a ray (even-odd). */
function holds(polygon: readonly (readonly [number, number])[], px: number, py: number): boolean {
  let within = false;
  for (let i = 0, j = polygon.length - 1; i < polygon.length; j = i++) {
    const [xi, yi] = polygon[i];
    const [xj, yj] = polygon[j];
    if (yi > py !== yj > py && px < ((xj - xi) * (py - yi)) / (yj - yi) + xi) within = !within;
  }
  return within;
}
