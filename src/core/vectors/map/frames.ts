/** Numbers kept in all: 16 MB. */
const MOST_NUMBERS = 4 << 20;
const MOST_FRAMES = 201;

/** Keeps the first layout, the last and every so-manieth between them, at most 16 MB. */
export class Frames {
  /** Iterations between two kept layouts. */
  readonly every: number;
  private readonly kept: Float32Array[] = [];
  private readonly iterations: number[] = [];

  constructor(
    readonly m: number,
    planned: number,
  ) {
    const most = Math.max(2, Math.min(MOST_FRAMES, Math.floor(MOST_NUMBERS / (2 * m))));
    this.every = Math.max(1, Math.ceil(planned / (most - 1)));
  }

  /**
   * Keeps a layout where it is due, or where it is the last.
   * @param layout [m, 2]
   */
  offer(iteration: number, layout: Float64Array, last = false): void {
    if (this.iterations.at(-1) === iteration) return;
    if (last || iteration % this.every === 0) {
      this.kept.push(Float32Array.from(layout));
      this.iterations.push(iteration);
    }
  }

  all(): { readonly positions: Float32Array; readonly iterations: Int32Array } {
    const positions = new Float32Array(this.kept.length * this.m * 2);
    for (const [s, layout] of this.kept.entries()) positions.set(layout, s * this.m * 2);
    return { positions, iterations: Int32Array.from(this.iterations) };
  }
}
