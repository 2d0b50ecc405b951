/** Cells this many halvings deep hold all points that fall into them: doubles hardly part them any more. */
const DEEPEST = 40;
/** Points of a leaf at most, unless it is as deep as that. */
const LEAF = 8;
/** Points whose sums are taken together, likewise. */
const GROUP = 32;

/** The arrays of a `PlaneTree`, for up to m points. */
export type TreeRoom = {
  readonly order: Int32Array; // [m] the points, those of a cell side by side
  readonly x: Float64Array; // [m] in that order
  readonly y: Float64Array; // [m]
  /** [2m, 4] centre of mass, mass, and the squared distance up to which it is looked into. */
  readonly cells: Float64Array;
  /** [2m, 4] left, right, top and bottom of the box around its points. */
  readonly boxes: Float64Array;
  /** [2m, 4] where its points begin and end, and where its children do, side by side; those of a leaf begin at 0. */
  readonly links: Int32Array;
  /** [m] the cells whose points are taken together, in their order. */
  readonly groups: Int32Array;
};

/**
 * Points of the plane in nested squares with their centres of mass, for sums over far points at once (Barnes and Hut 1986). The
 * sums of a group of some points side by side are taken together: a cell counts as one point where it is seen under less than
 * `theta` (width of the box around its points over distance) from everywhere within the box around the group's.
 */
export class PlaneTree {
  /** How many groups there are. */
  groups = 0;
  private cells = 0;
  private readonly spare: Pick<TreeRoom, "order" | "x" | "y">;
  private readonly quarters: Uint8Array;
  private theta = 0;

  constructor(
    m: number,
    private readonly room: TreeRoom,
  ) {
    this.spare = { order: new Int32Array(m), x: new Float64Array(m), y: new Float64Array(m) };
    this.quarters = new Uint8Array(m);
  }

  /** @param positions [m, 2] */
  build(positions: Float64Array, theta: number): void {
    const { order, x, y, cells } = this.room;
    const m = positions.length / 2;
    let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
    for (let i = 0; i < m; i++) {
      order[i] = i;
      x[i] = positions[2 * i];
      y[i] = positions[2 * i + 1];
      left = Math.min(left, x[i]);
      right = Math.max(right, x[i]);
      top = Math.min(top, y[i]);
      bottom = Math.max(bottom, y[i]);
    }
    this.theta = theta;
    this.groups = 0;
    this.cells = 1;
    this.part(0, 0, m, (left + right) / 2, (top + bottom) / 2, Math.max(right - left, bottom - top) / 2, 0);
    for (let cell = 0; cell < 4 * this.cells; cell += 4) {
      cells[cell] /= cells[cell + 2];
      cells[cell + 1] /= cells[cell + 2];
    }
  }

  /** Makes a cell of the points start … end around (x, y), and all within it; their centres are left as sums. */
  private part(cell: number, start: number, end: number, x: number, y: number, half: number, depth: number, grouped = false): void {
    const { cells, boxes, links, groups } = this.room;
    const leaf = end - start <= LEAF || depth === DEEPEST;
    const counts = leaf ? undefined : this.quarter(start, end, x, y);
    if (counts?.includes(end - start)) {
      // All in one quarter: the cell is no wider than that.
      const quarter = counts.indexOf(end - start);
      half /= 2;
      return this.part(cell, start, end, quarter % 2 ? x + half : x - half, quarter > 1 ? y + half : y - half, half, depth + 1, grouped);
    }
    if (!grouped && (leaf || end - start <= GROUP)) {
      groups[this.groups++] = cell;
      grouped = true;
    }
    const place = 4 * cell;
    links[place] = start;
    links[place + 1] = end;
    links[place + 2] = links[place + 3] = counts ? this.cells : 0;
    if (counts) {
      for (const count of counts) if (count > 0) links[place + 3] = ++this.cells;
      half /= 2;
      let child = links[place + 2];
      let from = start;
      for (let quarter = 0; quarter < 4; quarter++) {
        const to = from + counts[quarter];
        if (to === from) continue;
        this.part(child++, from, to, quarter % 2 ? x + half : x - half, quarter > 1 ? y + half : y - half, half, depth + 1, grouped);
        from = to;
      }
      this.join(place);
    } else this.gather(place);
    cells[place + 2] = end - start;
    cells[place + 3] = depth === DEEPEST ? -1 : (Math.max(boxes[place + 1] - boxes[place], boxes[place + 3] - boxes[place + 2]) / this.theta) ** 2;
  }

  /** The sums and the box of a leaf. */
  private gather(place: number): void {
    const { x, y, cells, boxes, links } = this.room;
    let [sumX, sumY] = [0, 0];
    let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
    for (let i = links[place]; i < links[place + 1]; i++) {
      sumX += x[i];
      sumY += y[i];
      left = Math.min(left, x[i]);
      right = Math.max(right, x[i]);
      top = Math.min(top, y[i]);
      bottom = Math.max(bottom, y[i]);
    }
    cells[place] = sumX;
    cells[place + 1] = sumY;
    boxes[place] = left;
    boxes[place + 1] = right;
    boxes[place + 2] = top;
    boxes[place + 3] = bottom;
  }

  /** Those of a cell, from its children. */
  private join(place: number): void {
    const { cells, boxes, links } = this.room;
    cells[place] = cells[place + 1] = 0;
    boxes[place] = boxes[place + 2] = Infinity;
    boxes[place + 1] = boxes[place + 3] = -Infinity;
    for (let child = 4 * links[place + 2]; child < 4 * links[place + 3]; child += 4) {
      cells[place] += cells[child];
      cells[place + 1] += cells[child + 1];
      boxes[place] = Math.min(boxes[place], boxes[child]);
      boxes[place + 1] = Math.max(boxes[place + 1], boxes[child + 1]);
      boxes[place + 2] = Math.min(boxes[place + 2], boxes[child + 2]);
      boxes[place + 3] = Math.max(boxes[place + 3], boxes[child + 3]);
    }
  }

  /** Puts the points start … end in the order of the quarters around (x, y). @returns how many there are in each */
  private quarter(start: number, end: number, centreX: number, centreY: number): number[] {
    const { room: { order, x, y }, spare, quarters } = this;
    const counts = [0, 0, 0, 0];
    for (let i = start; i < end; i++) {
      const quarter = (x[i] >= centreX ? 1 : 0) + (y[i] >= centreY ? 2 : 0);
      counts[quarter]++;
      quarters[i] = quarter;
      spare.order[i] = order[i];
      spare.x[i] = x[i];
      spare.y[i] = y[i];
    }
    const next = [start, start + counts[0], start + counts[0] + counts[1], end - counts[3]];
    for (let i = start; i < end; i++) {
      const to = next[quarters[i]]++;
      order[to] = spare.order[i];
      x[to] = spare.x[i];
      y[to] = spare.y[i];
    }
    return counts;
  }
}
