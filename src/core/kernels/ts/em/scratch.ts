/** Rows that a kernel works through at a time: its scratch then stays in the first-level cache. */
export const blockRows = 128;

/** What a kernel keeps of a block. */
export type Scratch = {
  readonly shares: Float64Array; // [K, blockRows]
  readonly totals: Float64Array; // [blockRows]
  readonly exponents: Float64Array; // [blockRows]
  readonly chosen: Int32Array; // [blockRows]
  readonly rows: Float64Array; // [D + 1, blockRows]; the last row stays zero
};

export function newScratch(K: number, D: number): Scratch {
  return {
    shares: new Float64Array(K * blockRows),
    totals: new Float64Array(blockRows),
    exponents: new Float64Array(blockRows),
    chosen: new Int32Array(blockRows),
    rows: new Float64Array((D + 1) * blockRows),
  };
}
