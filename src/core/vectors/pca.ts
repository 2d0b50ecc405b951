import { eigenSymmetric } from "../math/eigen.js";
import type { Rows } from "./similarity.js";

export type Pca = {
  readonly mean: Float64Array; // [d]
  readonly components: Float64Array; // [k, d] unit rows; the loading of largest magnitude is positive
  readonly explainedVariance: Float64Array; // [k] divided by n − 1
  readonly explainedVarianceRatio: Float64Array; // [k] shares of the total variance
  readonly singularValues: Float64Array; // [k]
  readonly projections: Float64Array; // [n, k]
};

/**
 * Principal components by the eigenvectors of whichever is smaller, the covariance [d, d] or the Gram matrix [n, n]:
 * exact, as scikit-learn's full solver. Components past the rank have variance 0 and, from the Gram side, zero loadings.
 * @param k at most min(n, d)
 * @throws RangeError when k is out of that range
 */
export function pca(rows: Rows, k: number): Pca {
  const { n, d } = rows;
  if (!(Number.isInteger(k) && k >= 1 && k <= Math.min(n, d))) throw new RangeError(`n_components must be from 1 to ${Math.min(n, d)}, not ${k}`);
  const mean = columnMeans(rows);
  const centred = new Float64Array(n * d);
  for (let i = 0; i < n; i++) for (let j = 0; j < d; j++) centred[i * d + j] = rows.values[i * d + j] - mean[j];
  let total = 0;
  for (const value of centred) total += value * value;
  const { squares, components } = d <= n ? fromCovariance(centred, n, d, k) : fromGram(centred, n, d, k);
  const projections = new Float64Array(n * k);
  for (let i = 0; i < n; i++) {
    for (let c = 0; c < k; c++) {
      let sum = 0;
      for (let j = 0; j < d; j++) sum += centred[i * d + j] * components[c * d + j];
      projections[i * k + c] = sum;
    }
  }
  return {
    mean,
    components,
    explainedVariance: squares.map((square) => square / Math.max(1, n - 1)),
    explainedVarianceRatio: squares.map((square) => (total > 0 ? square / total : 0)),
    singularValues: squares.map(Math.sqrt),
    projections,
  };
}

function columnMeans({ n, d, values }: Rows): Float64Array {
  const mean = new Float64Array(d);
  for (let i = 0; i < n; i++) for (let j = 0; j < d; j++) mean[j] += values[i * d + j];
  return mean.map((sum) => sum / n);
}

/** Squared singular values and right singular vectors from X'X. */
function fromCovariance(x: Float64Array, n: number, d: number, k: number): { squares: Float64Array; components: Float64Array } {
  const scatter = new Float64Array(d * d);
  for (let i = 0; i < n; i++) {
    for (let a = 0; a < d; a++) {
      const v = x[i * d + a];
      for (let b = 0; b <= a; b++) scatter[a * d + b] += v * x[i * d + b];
    }
  }
  mirror(scatter, d);
  const { values, vectors } = eigenSymmetric(scatter, d);
  return { squares: values.slice(0, k).map((value) => Math.max(0, value)), components: vectors.slice(0, k * d) };
}

/** The same from XX': its eigenvectors u give the components X'u / σ. */
function fromGram(x: Float64Array, n: number, d: number, k: number): { squares: Float64Array; components: Float64Array } {
  const gram = new Float64Array(n * n);
  for (let a = 0; a < n; a++) {
    for (let b = 0; b <= a; b++) {
      let sum = 0;
      for (let j = 0; j < d; j++) sum += x[a * d + j] * x[b * d + j];
      gram[a * n + b] = sum;
    }
  }
  mirror(gram, n);
  const { values, vectors } = eigenSymmetric(gram, n);
  const squares = values.slice(0, k).map((value) => Math.max(0, value));
  const components = new Float64Array(k * d);
  for (let c = 0; c < k; c++) {
    if (squares[c] <= values[0] * n * Number.EPSILON) continue;
    const row = components.subarray(c * d, (c + 1) * d);
    for (let i = 0; i < n; i++) for (let j = 0; j < d; j++) row[j] += vectors[c * n + i] * x[i * d + j];
    orient(row, Math.sqrt(squares[c]));
  }
  return { squares, components };
}

function orient(row: Float64Array, length: number): void {
  let largest = 0;
  for (const value of row) if (Math.abs(value) > Math.abs(largest) * (1 + 1e-12)) largest = value;
  const factor = (largest < 0 ? -1 : 1) / length;
  for (let j = 0; j < row.length; j++) row[j] *= factor;
}

function mirror(a: Float64Array, n: number): void {
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) a[j * n + i] = a[i * n + j];
}
