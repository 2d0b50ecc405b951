/** Rows to fit, columns apart; every number is finite. */
export type Data = {
  readonly columns: readonly Float64Array[]; // D of [N]
  readonly N: number;
  readonly D: number;
};

/** Copies one row to `out`. */
export function rowOf(data: Data, row: number, out: Float64Array, offset = 0): void {
  for (let d = 0; d < data.D; d++) out[offset + d] = data.columns[d][row];
}
