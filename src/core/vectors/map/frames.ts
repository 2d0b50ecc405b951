/** Numbers kept in all: 16 MB. */
const MOST_NUMBERS = 4 << 20;
const MOST_FRAMES = 201;

/** Keeps the first layout and every so-manieth after it, at most 16 MB with the last. */
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
   * Keeps a layout where it is due.
   * @param layout [m, 2]
   */
  offer(iteration: number, layout: Float64Array): void {
    if (iteration % this.every !== 0) return;
    this.kept.push(Float32Array.from(layout));
    this.iterations.push(iteration);
  }

  /** Those kept, and that of the newest iteration. */
  upTo(iteration: number, layout: Float64Array): { readonly positions: Float32Array; readonly iterations: Int32Array } {
    const newest = this.iterations.at(-1) === iteration ? [] : [iteration];
    const iterations = Int32Array.from([...this.iterations, ...newest]);
    const positions = new Float32Array(iterations.length * this.m * 2);
    for (const [s, frame] of this.kept.entries()) positions.set(frame, s * this.m * 2);
    if (newest.length > 0) positions.set(layout, this.kept.length * this.m * 2);
    return { positions, iterations };
  }
}
