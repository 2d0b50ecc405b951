/** Finds places for texts over a figure, so that none covers another or a mark. Boxes are in CSS pixels, y downwards. */
export type Box = { readonly x0: number; readonly x1: number; readonly y0: number; readonly y1: number };

/**
 * What stands on the figure's floor, as the lowest free y over each column of pixels. Texts are put above it, near the
 * mark they name, and become obstacles themselves.
 */
export class Skyline {
  readonly boxes: Box[] = [];
  #top: Float64Array;

  /** `floor` is the y of the axis, `width` the figure's. */
  constructor(width: number, readonly floor: number) {
    this.#top = new Float64Array(Math.max(1, Math.ceil(width) + 1)).fill(floor);
  }

  /** A mark that reaches up to `y` between x0 and x1. */
  raise(x0: number, x1: number, y: number): void {
    for (let x = Math.max(0, Math.floor(x0)); x <= Math.min(this.#top.length - 1, Math.ceil(x1)); x++) {
      if (y < this.#top[x]) this.#top[x] = y;
    }
  }

  /** The highest mark between x0 and x1. */
  top(x0: number, x1: number): number {
    let top = this.floor;
    for (let x = Math.max(0, Math.floor(x0)); x <= Math.min(this.#top.length - 1, Math.ceil(x1)); x++) top = Math.min(top, this.#top[x]);
    return top;
  }

  /**
   * Places a text of a width and height near x: above the marks beneath it, as low as may be, shifted aside where a
   * neighbour is in the way. Returns its box, now an obstacle, or null when it would rise above `ceiling`.
   */
  place(x: number, width: number, height: number, limits: readonly [number, number], ceiling: number, shifts: readonly number[] = [0, -0.35, 0.35, -0.7, 0.7]): Box | null {
    let best: Box | null = null;
    let cost = Infinity;
    for (const shift of shifts) {
      const x0 = Math.max(limits[0], Math.min(limits[1] - width, x - width / 2 + shift * width));
      const x1 = x0 + width;
      let y1 = this.top(x0, x1) - 5;
      for (let moved = true; moved;) {
        moved = false;
        for (const box of this.boxes) {
          if (x0 < box.x1 + 8 && x1 > box.x0 - 8 && y1 > box.y0 - 2 && y1 - height < box.y1 + 2) {
            y1 = box.y0 - 3;
            moved = true;
          }
        }
      }
      const candidate = { x0, x1, y0: y1 - height, y1 };
      // A text may climb a little to stay over its mark; far aside it would be taken for another’s.
      const far = Math.max(0, x0 - x, x - x1) * 4 + Math.abs((x0 + x1) / 2 - x) * 0.8 - y1;
      if (candidate.y0 >= ceiling && far < cost) [best, cost] = [candidate, far];
    }
    if (best) this.boxes.push(best);
    return best;
  }

  /** Whether a box meets no text placed so far. */
  free(box: Box, gap = 2): boolean {
    return this.boxes.every((other) => box.x0 >= other.x1 + gap || box.x1 <= other.x0 - gap || box.y0 >= other.y1 + gap || box.y1 <= other.y0 - gap);
  }

  add(box: Box): void {
    this.boxes.push(box);
  }
}
