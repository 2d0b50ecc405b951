import { msg, type Progress } from "../contract/index.js";
import { eigenSymmetricStepwise } from "../math/eigenStepwise.js";
import { through } from "../steps.js";
import { grouped } from "../text/numberText.js";
import type { Rows } from "./similarity.js";

export type Pca = {
  readonly mean: Float64Array; // [d]
  readonly components: Float64Array; // [k, d] unit rows; the loading of largest magnitude is positive
  readonly explainedVariance: Float64Array; // [k] divided by n − 1
  readonly explainedVarianceRatio: Float64Array; // [k] shares of the total variance
  readonly singularValues: Float64Array; // [k]
  readonly projections: Float64Array; // [n, k]
};

/** Multiplications between two yields: a few milliseconds. */
const STEP = 1 << 21;

type Axes = { readonly squares: Float64Array; readonly components: Float64Array };

/**
 * Principal components by the eigenvectors of whichever is smaller, the covariance [d, d] or the Gram matrix [n, n]:
 * exact, as scikit-learn's full solver. Components past the rank have variance 0 and, from the Gram side, zero loadings.
 * Yields every few milliseconds; O(n·d·min(n, d) + min(n, d)³).
 * @param rows finite
 * @param k at most min(n, d)
 * @throws RangeError when k is out of that range
 */
export function* pca(rows: Rows, k: number): Generator<Progress, Pca, void> {
  const { n, d } = rows;
  if (!(Number.isInteger(k) && k >= 1 && k <= Math.min(n, d))) throw new RangeError(`n_components must be from 1 to ${Math.min(n, d)}, not ${k}`);
  const mean = yield* columnMeans(rows);
  const { squares, components } = d <= n ? yield* fromCovariance(rows, mean, k) : yield* fromGram(rows, mean, k);
  const { projections, total } = yield* project(rows, mean, components, k);
  return {
    mean,
    components,
    explainedVariance: squares.map((square) => square / Math.max(1, n - 1)),
    explainedVarianceRatio: squares.map((square) => (total > 0 ? square / total : 0)),
    singularValues: squares.map(Math.sqrt),
    projections,
  };
}

/** Shares of the progress bar: the means, the products of rows or columns, their eigenvectors, the projections. */
const BOUNDS = [0, 0.05, 0.5, 0.9, 1] as const;

function progress(stage: 0 | 1 | 2 | 3, part: number, n: number): Progress {
  const fraction = BOUNDS[stage] + (BOUNDS[stage + 1] - BOUNDS[stage]) * part;
  return { fraction, message: stage === 2 ? msg("Finding the principal axes") : msg("Row {0} of {1}", grouped(Math.ceil(part * n)), grouped(n)) };
}

function* columnMeans({ n, d, values }: Rows): Generator<Progress, Float64Array, void> {
  const mean = new Float64Array(d);
  const step = Math.ceil(STEP / d);
  for (let start = 0; start < n; start += step) {
    const end = Math.min(n, start + step);
    for (let i = start; i < end; i++) addRow(mean, values, i * d, d);
    yield progress(0, end / n, n);
  }
  return mean.map((sum) => sum / n);
}

function addRow(sums: Float64Array, values: Rows["values"], at: number, d: number): void {
  for (let j = 0; j < d; j++) sums[j] += values[at + j];
}

/** Copies rows start … end, less the mean. */
function centre({ d, values }: Rows, mean: Float64Array, start: number, end: number, out: Float64Array): void {
  for (let i = start, at = 0; i < end; i++) for (let j = 0; j < d; j++, at++) out[at] = values[i * d + j] - mean[j];
}

/** Squared singular values and right singular vectors from X'X. */
function* fromCovariance(rows: Rows, mean: Float64Array, k: number): Generator<Progress, Axes, void> {
  const { n, d } = rows;
  const scatter = new Float64Array(d * d);
  const step = 4 * Math.ceil(STEP / (2 * d * d)); // rows
  const centred = new Float64Array(step * d);
  for (let start = 0; start < n; start += step) {
    const end = Math.min(n, start + step);
    centre(rows, mean, start, end, centred);
    centred.fill(0, (end - start) * d);
    for (let i = 0; i < end - start; i += 4) addOuter(scatter, centred, i * d, d);
    yield progress(1, end / n, n);
  }
  const { values, vectors } = yield* eigen(scatter, d, n);
  return { squares: values.slice(0, k).map((value) => Math.max(0, value)), components: vectors.slice(0, k * d) };
}

/** Adds the outer products of four rows with themselves to a lower triangle, which is thereby read a quarter as often. */
function addOuter(scatter: Float64Array, x: Float64Array, at: number, d: number): void {
  const second = at + d;
  const third = second + d;
  const fourth = third + d;
  for (let a = 0; a < d; a++) {
    const v0 = x[at + a];
    const v1 = x[second + a];
    const v2 = x[third + a];
    const v3 = x[fourth + a];
    const row = a * d;
    for (let b = 0; b <= a; b++) scatter[row + b] += v0 * x[at + b] + v1 * x[second + b] + (v2 * x[third + b] + v3 * x[fourth + b]);
  }
}

/** The same from XX': its eigenvectors u give the components X'u / σ. */
function* fromGram(rows: Rows, mean: Float64Array, k: number): Generator<Progress, Axes, void> {
  const { n, d } = rows;
  const centred = new Float64Array(n * d);
  for (let i = 0, work = 0; i < n; i++) {
    centre(rows, mean, i, i + 1, centred.subarray(i * d));
    if ((work += d) > STEP) {
      work = 0;
      yield progress(1, 0, n);
    }
  }
  const gram = new Float64Array(n * n);
  let work = 0;
  for (let a = 0; a < n; a++) {
    for (let b = 0; b <= a; b++) {
      gram[a * n + b] = dot(centred, a * d, b * d, d);
      if ((work += d) > STEP) {
        work = 0;
        yield progress(1, ((a + 1) / n) ** 2, n);
      }
    }
  }
  const { values, vectors } = yield* eigen(gram, n, n);
  const squares = values.slice(0, k).map((value) => Math.max(0, value));
  const components = new Float64Array(k * d);
  for (let c = 0; c < k; c++) {
    if (squares[c] <= values[0] * n * Number.EPSILON) continue;
    const row = components.subarray(c * d, (c + 1) * d);
    for (let i = 0; i < n; i++) addScaled(row, vectors[c * n + i], centred, i * d);
    orient(row, Math.sqrt(squares[c]));
    yield progress(2, 1, n);
  }
  return { squares, components };
}

function eigen(matrix: Float64Array, size: number, n: number): Generator<Progress, { values: Float64Array; vectors: Float64Array }, void> {
  return through(eigenSymmetricStepwise(matrix, size), (done) => progress(2, done, n));
}

/** Rows along the components, and the sum of squares of all that was centred. */
function* project(rows: Rows, mean: Float64Array, components: Float64Array, k: number): Generator<Progress, { projections: Float64Array; total: number }, void> {
  const { n, d } = rows;
  const projections = new Float64Array(n * k);
  const row = new Float64Array(d);
  let total = 0;
  let work = 0;
  for (let i = 0; i < n; i++) {
    centre(rows, mean, i, i + 1, row);
    total += dot(row, 0, 0, d);
    for (let c = 0; c < k; c++) projections[i * k + c] = product(row, components, c * d);
    if ((work += (k + 2) * d) > STEP) {
      work = 0;
      yield progress(3, (i + 1) / n, n);
    }
  }
  return { projections, total };
}

function dot(x: Float64Array, a: number, b: number, d: number): number {
  let even = 0;
  let odd = 0;
  let j = 0;
  for (; j + 2 <= d; j += 2) {
    even += x[a + j] * x[b + j];
    odd += x[a + j + 1] * x[b + j + 1];
  }
  return j < d ? even + odd + x[a + j] * x[b + j] : even + odd;
}

function product(row: Float64Array, components: Float64Array, at: number): number {
  let sum = 0;
  for (let j = 0; j < row.length; j++) sum += row[j] * components[at + j];
  return sum;
}

function addScaled(row: Float64Array, factor: number, x: Float64Array, at: number): void {
  for (let j = 0; j < row.length; j++) row[j] += factor * x[at + j];
}

function orient(row: Float64Array, length: number): void {
  let largest = 0;
  for (const value of row) if (Math.abs(value) > Math.abs(largest) * (1 + 1e-12)) largest = value;
  const factor = (largest < 0 ? -1 : 1) / length;
  for (let j = 0; j < row.length; j++) row[j] *= factor;
}
