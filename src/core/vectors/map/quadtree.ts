/** Cells this many halvings deep hold all points that fall into them: doubles hardly part them any more. */
const DEEPEST = 40;

/**
 * Points of the plane in nested squares with their centres of mass, for sums over far points at once (Barnes and Hut 1986).
 * Arrays are kept over rebuilds.
 */
export class Quadtree {
  private children = new Int32Array(0); // [cells, 4] 0 where there is none: no cell has the root as its child
  private counts = new Int32Array(0); // [cells]
  private sumX = new Float64Array(0); // [cells] then their means
  private sumY = new Float64Array(0);
  private single = new Int32Array(0); // [cells] the only point, or −1
  private cells = 0;
  private width = 0;
  private readonly stack = new Int32Array(4 * DEEPEST + 4);
  private readonly depths = new Uint8Array(4 * DEEPEST + 4);
  private readonly squares = new Float64Array(DEEPEST + 1); // squared widths by depth

  /** @param positions pairs [x, y], finite */
  build(positions: Float64Array): void {
    const m = positions.length / 2;
    let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
    for (let i = 0; i < m; i++) {
      left = Math.min(left, positions[2 * i]);
      right = Math.max(right, positions[2 * i]);
      top = Math.min(top, positions[2 * i + 1]);
      bottom = Math.max(bottom, positions[2 * i + 1]);
    }
    this.width = Math.max(right - left, bottom - top, Number.MIN_VALUE);
    for (let depth = 0; depth <= DEEPEST; depth++) this.squares[depth] = (this.width / 2 ** depth) ** 2;
    this.cells = 0;
    this.cell();
    for (let i = 0; i < m; i++) this.insert(positions, i, (left + right) / 2, (top + bottom) / 2);
    for (let cell = 0; cell < this.cells; cell++) {
      this.sumX[cell] /= this.counts[cell];
      this.sumY[cell] /= this.counts[cell];
    }
  }

  /**
   * Adds Student's repulsion of a point by all others: Σ q²·(y_i − y_j) to `force`, and returns Σ q, q = 1 / (1 + distance²).
   * Cells seen under less than `theta` (width over distance) count as one point of their mass; 0 is exact.
   */
  repulsion(x: number, y: number, theta: number, force: Float64Array): number {
    const { children, counts, sumX, sumY, squares, stack, depths, single } = this;
    const near = theta * theta;
    let sum = 0;
    let fx = 0;
    let fy = 0;
    let size = 1;
    stack[0] = 0;
    depths[0] = 0;
    while (size > 0) {
      size--;
      const cell = stack[size];
      const depth = depths[size];
      const dx = x - sumX[cell];
      const dy = y - sumY[cell];
      const distance = dx * dx + dy * dy;
      if (single[cell] >= 0 || depth === DEEPEST || squares[depth] < near * distance) {
        const q = 1 / (1 + distance);
        const mass = counts[cell] * q;
        sum += mass;
        fx += mass * q * dx;
        fy += mass * q * dy;
        continue;
      }
      for (let quarter = 4 * cell; quarter < 4 * cell + 4; quarter++) {
        if (children[quarter] === 0) continue;
        stack[size] = children[quarter];
        depths[size++] = depth + 1;
      }
    }
    force[0] += fx;
    force[1] += fy;
    return sum - 1; // the point itself, at distance 0
  }

  private insert(positions: Float64Array, point: number, x: number, y: number): void {
    let cell = 0;
    let half = this.width / 2;
    for (let depth = 0; ; depth++) {
      const before = this.counts[cell]++;
      this.sumX[cell] += positions[2 * point];
      this.sumY[cell] += positions[2 * point + 1];
      if (before === 0) {
        this.single[cell] = point;
        return;
      }
      if (depth === DEEPEST) return;
      half /= 2;
      const other = this.single[cell];
      if (other >= 0) {
        this.single[cell] = -1;
        const child = this.childOf(cell, positions, other, x, y);
        this.counts[child] = 1;
        this.sumX[child] = positions[2 * other];
        this.sumY[child] = positions[2 * other + 1];
        this.single[child] = other;
      }
      cell = this.childOf(cell, positions, point, x, y);
      x += positions[2 * point] >= x ? half : -half;
      y += positions[2 * point + 1] >= y ? half : -half;
    }
  }

  private childOf(cell: number, positions: Float64Array, point: number, x: number, y: number): number {
    const place = 4 * cell + (positions[2 * point] >= x ? 1 : 0) + (positions[2 * point + 1] >= y ? 2 : 0);
    if (this.children[place] === 0) {
      const made = this.cell(); // may replace the array
      this.children[place] = made;
    }
    return this.children[place];
  }

  private cell(): number {
    const made = this.cells++;
    if (made >= this.counts.length) this.grow(Math.max(1024, 2 * this.counts.length));
    this.children.fill(0, 4 * made, 4 * made + 4);
    this.counts[made] = 0;
    this.sumX[made] = 0;
    this.sumY[made] = 0;
    this.single[made] = -1;
    return made;
  }

  private grow(size: number): void {
    this.children = grown(this.children, new Int32Array(4 * size));
    this.counts = grown(this.counts, new Int32Array(size));
    this.sumX = grown(this.sumX, new Float64Array(size));
    this.sumY = grown(this.sumY, new Float64Array(size));
    this.single = grown(this.single, new Int32Array(size));
  }
}

function grown<T extends Int32Array | Float64Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
