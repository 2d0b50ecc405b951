export const metrics = ["cosine", "dot", "euclidean", "manhattan", "pearson", "spearman"] as const;
export type Metric = (typeof metrics)[number];

/** Rows of equal length, one after another. */
export type Rows = {
  readonly n: number;
  readonly d: number;
  readonly values: Float32Array | Float64Array; // [n, d]
};

/** Euclidean length of `values[offset … offset + d)`, safe from overflow and underflow by scaling with the largest entry. */
export function norm(values: ArrayLike<number>, d = values.length, offset = 0): number {
  let sum = 0;
  for (let j = 0; j < d; j++) {
    const v = values[offset + j];
    sum += v * v;
  }
  // Squares of doubles leave the normal range outside about 1e±154.
  if (sum > 1e-280 && sum < 1e300) return Math.sqrt(sum);
  let largest = 0;
  for (let j = 0; j < d; j++) largest = Math.max(largest, Math.abs(values[offset + j]));
  if (largest === 0 || !Number.isFinite(largest)) return largest;
  sum = 0;
  for (let j = 0; j < d; j++) {
    const v = values[offset + j] / largest;
    sum += v * v;
  }
  return largest * Math.sqrt(sum);
}

/**
 * Rows prepared so that a metric is one product or one difference of two of them: see `prepareRow`. Those without direction are
 * named in `undefinedRows`.
 * @throws RangeError when the values do not fill the rows
 */
export function prepareRows(rows: Rows, metric: Metric): { readonly values: Float64Array; readonly undefinedRows: readonly number[] } {
  const { n, d } = rows;
  const values = new Float64Array(n * d);
  const undefinedRows: number[] = [];
  for (let i = 0; i < n; i++) if (!prepareRow(rows, metric, i, values.subarray(i * d, (i + 1) * d))) undefinedRows.push(i);
  return { values, undefinedRows };
}

/**
 * Row i prepared for a metric, in `row`, [d]: of length 1 for the cosine, centred and of length 1 for Pearson, its ranks likewise
 * for Spearman, as it is else. A row without direction (zero, or constant for the correlations) becomes zeros, as scikit-learn has it.
 * @returns whether it has one
 * @throws RangeError when the values do not fill the rows
 */
export function prepareRow({ n, d, values }: Rows, metric: Metric, i: number, row: Float64Array): boolean {
  if (values.length < n * d) throw new RangeError(`${n} rows of ${d} need ${n * d} values, not ${values.length}`);
  row.set(values.subarray(i * d, (i + 1) * d));
  if (metric === "dot" || metric === "euclidean" || metric === "manhattan") return true;
  if (metric === "spearman") row.set(ranks(row));
  if (metric !== "cosine") centre(row);
  return normalise(row);
}

/** Ranks from 1, ties sharing their mean rank, as Spearman's correlation needs them. */
export function ranks(values: ArrayLike<number>): Float64Array {
  const order = Uint32Array.from({ length: values.length }, (_, i) => i).sort((a, b) => values[a] - values[b]);
  const result = new Float64Array(values.length);
  for (let start = 0; start < order.length; ) {
    let end = start + 1;
    while (end < order.length && values[order[end]] === values[order[start]]) end++;
    for (let i = start; i < end; i++) result[order[i]] = (start + end + 1) / 2;
    start = end;
  }
  return result;
}

function centre(row: Float64Array): void {
  const scale = maxAbs(row);
  if (scale === 0) return;
  let mean = 0;
  // Scaled before it is summed, so that values near the largest double do not overflow.
  for (let j = 0; j < row.length; j++) mean += row[j] / scale / row.length;
  let spread = 0;
  for (let j = 0; j < row.length; j++) {
    row[j] = row[j] / scale - mean;
    spread = Math.max(spread, Math.abs(row[j]));
  }
  // What is left of a constant row is rounding, not a direction.
  if (spread < 4 * Number.EPSILON) row.fill(0);
}

/** Scales a row to length 1; false and zeros when it has no direction. */
function normalise(row: Float64Array): boolean {
  const length = norm(row);
  if (length > 1e-150 && length < 1e150) {
    divide(row, length);
    return true;
  }
  const scale = maxAbs(row);
  if (scale === 0 || !Number.isFinite(scale)) {
    row.fill(0);
    return false;
  }
  // Dividing by the scale first keeps the quotient exact where the length itself would be subnormal or infinite.
  divide(row, scale);
  divide(row, norm(row));
  return true;
}

function divide(row: Float64Array, by: number): void {
  for (let j = 0; j < row.length; j++) row[j] /= by;
}

function maxAbs(row: ArrayLike<number>): number {
  let largest = 0;
  for (let j = 0; j < row.length; j++) {
    const v = Math.abs(row[j]);
    if (!(v <= largest)) largest = v;
  }
  return largest;
}

/** The metric between prepared rows i and j. Correlations and cosines are clipped to [−1, 1] against rounding. */
export function between(prepared: Float64Array, d: number, metric: Metric, i: number, j: number): number {
  let sum = 0;
  const a = i * d;
  const b = j * d;
  switch (metric) {
    case "euclidean": {
      for (let c = 0; c < d; c++) {
        const v = prepared[a + c] - prepared[b + c];
        sum += v * v;
      }
      return Math.sqrt(sum);
    }
    case "manhattan":
      for (let c = 0; c < d; c++) sum += Math.abs(prepared[a + c] - prepared[b + c]);
      return sum;
    default:
      for (let c = 0; c < d; c++) sum += prepared[a + c] * prepared[b + c];
      return metric === "dot" ? sum : Math.max(-1, Math.min(1, sum));
  }
}

/** Cosine of two vectors of one length, 1 to the last bit for a vector and itself; NaN where one of them has no direction. */
export function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const d = a.length;
  const values = new Float64Array(2 * d);
  values.set(a);
  values.set(b, d);
  const { values: prepared, undefinedRows } = prepareRows({ n: 2, d, values }, "cosine");
  if (undefinedRows.length > 0) return Number.NaN;
  const product = (i: number, j: number): number => between(prepared, d, "dot", i, j);
  // What rounding has left of the lengths is divided out.
  return Math.max(-1, Math.min(1, product(0, 1) / Math.sqrt(product(0, 0) * product(1, 1))));
}
