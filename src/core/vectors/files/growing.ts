import { MOST_VALUES } from "./problems.js";

const FIRST = 1 << 12;
const LAST = 1 << 20;

/** A matrix whose number of rows shows only at the end: rows in blocks, so that growing copies nothing. */
export class GrowingRows {
  rows = 0;
  private readonly full: Float32Array[] = [];
  private block = new Float32Array(0);
  private at = 0;

  constructor(readonly d: number) {}

  /** Whether no further row fits into a Float32Array. */
  get isFull(): boolean {
    return (this.rows + 1) * this.d > MOST_VALUES;
  }

  push(row: ArrayLike<number>): void {
    if (this.at === this.block.length) {
      if (this.at > 0) this.full.push(this.block);
      const size = Math.min(LAST, Math.max(FIRST, 2 * this.block.length));
      this.block = new Float32Array(this.d * Math.max(1, Math.floor(size / this.d)));
      this.at = 0;
    }
    this.block.set(row, this.at);
    this.at += this.d;
    this.rows++;
  }

  /** [rows, d], and the blocks are given up. */
  join(): Float32Array {
    const values = new Float32Array(this.rows * this.d);
    let at = 0;
    for (const block of this.full) {
      values.set(block, at);
      at += block.length;
    }
    values.set(this.block.subarray(0, this.at), at);
    this.full.length = this.at = 0;
    return values;
  }
}
