import { between, norm, prepareRows, ranks, type Metric, type Rows } from "./similarity.js";

/** Pairs of numbers, one of each vector, in the order of the dimensions: the first of them. */
export type FirstPairs = Float64Array; // [min(d, shown), 2]

/** How a value comes about, with its numbers in between. `value` is the heatmap's own, by the same arithmetic. */
export type Derivation =
  | { readonly metric: "cosine"; readonly d: number; readonly pairs: FirstPairs; readonly dot: number; readonly normA: number; readonly normB: number; readonly value: number }
  | { readonly metric: "dot" | "manhattan"; readonly d: number; readonly pairs: FirstPairs; readonly value: number }
  /** `squares` is the sum of the squared differences. */
  | { readonly metric: "euclidean"; readonly d: number; readonly pairs: FirstPairs; readonly squares: number; readonly value: number }
  /** `pairs`, `dot` and the norms are those of the vectors less their means. */
  | {
      readonly metric: "pearson"; readonly d: number; readonly meanA: number; readonly meanB: number;
      readonly pairs: FirstPairs; readonly dot: number; readonly normA: number; readonly normB: number; readonly value: number;
    }
  /**
   * `pairs` are ranks, from 1, ties sharing their mean; `squares` is the sum of their squared differences; `dot` and the norms
   * are those of the ranks less their mean, (d + 1) / 2. Without ties the value is 1 − 6 · squares / (d · (d² − 1)) as well.
   */
  | {
      readonly metric: "spearman"; readonly d: number; readonly ties: boolean; readonly squares: number;
      readonly pairs: FirstPairs; readonly dot: number; readonly normA: number; readonly normB: number; readonly value: number;
    }
  /** The metric is not defined: a vector is zero (cosine) or has one value only (the correlations). */
  | { readonly metric: Metric; readonly d: number; readonly undefinedRows: readonly ("a" | "b")[] };

/**
 * The derivation of a metric between two vectors of one length.
 * @param shown how many pairs of numbers are given
 */
export function derive(a: ArrayLike<number>, b: ArrayLike<number>, metric: Metric, shown: number): Derivation {
  const d = a.length;
  const values = new Float64Array(2 * d);
  values.set(a);
  values.set(b, d);
  const prepared = prepareRows({ n: 2, d, values }, metric);
  if (prepared.undefinedRows.length > 0) return { metric, d, undefinedRows: prepared.undefinedRows.map((row) => (row === 0 ? "a" : "b")) };
  const value = between(prepared.values, d, metric, 0, 1);
  const [x, y] = [values.subarray(0, d), values.subarray(d)];
  switch (metric) {
    case "cosine":
      return { metric, d, pairs: firstPairs(x, y, shown), dot: dot(x, y), normA: norm(x), normB: norm(y), value };
    case "dot":
    case "manhattan":
      return { metric, d, pairs: firstPairs(x, y, shown), value };
    case "euclidean":
      return { metric, d, pairs: firstPairs(x, y, shown), squares: squares(x, y), value };
    case "pearson": {
      const [meanA, meanB] = [mean(x), mean(y)];
      const [p, q] = [x.map((v) => v - meanA), y.map((v) => v - meanB)];
      return { metric, d, meanA, meanB, pairs: firstPairs(p, q, shown), dot: dot(p, q), normA: norm(p), normB: norm(q), value };
    }
    case "spearman": {
      const [r, s] = [ranks(x), ranks(y)];
      const middle = (d + 1) / 2;
      const [p, q] = [r.map((v) => v - middle), s.map((v) => v - middle)];
      const ties = new Set(r).size < d || new Set(s).size < d;
      return { metric, d, ties, squares: squares(r, s), pairs: firstPairs(r, s, shown), dot: dot(p, q), normA: norm(p), normB: norm(q), value };
    }
  }
}

function firstPairs(a: Float64Array, b: Float64Array, shown: number): FirstPairs {
  const count = Math.min(a.length, shown);
  const pairs = new Float64Array(2 * count);
  for (let j = 0; j < count; j++) {
    pairs[2 * j] = a[j];
    pairs[2 * j + 1] = b[j];
  }
  return pairs;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < a.length; j++) sum += a[j] * b[j];
  return sum;
}

function squares(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < a.length; j++) sum += (a[j] - b[j]) ** 2;
  return sum;
}

/** Divides before it sums, so that values near the largest double do not overflow. */
function mean(values: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < values.length; j++) sum += values[j] / values.length;
  return sum;
}

/** The exact metric between rows i and j; NaN where it is not defined. */
export function valueBetween({ d, values }: Rows, metric: Metric, i: number, j: number): number {
  const two = new Float64Array(2 * d);
  two.set(values.subarray(i * d, (i + 1) * d));
  two.set(values.subarray(j * d, (j + 1) * d), d);
  const prepared = prepareRows({ n: 2, d, values: two }, metric);
  return prepared.undefinedRows.length > 0 ? NaN : between(prepared.values, d, metric, 0, 1);
}
