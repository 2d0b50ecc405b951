import { crew } from "../kernels/crew.js";
import { through } from "../steps.js";
import { covariancesLength } from "./covariance.js";
import { rowOf, type Data } from "./data.js";
import { sharedAssignment, sharedColumns } from "./emPieces.js";
import { kMeans } from "./kmeans.js";
import { maximise } from "./mStep.js";
import type { CovarianceType, MixtureParams } from "./params.js";
import { plusPlus } from "./plusPlus.js";
import { newStatistics } from "./statistics.js";
import type { Mixture } from "./trace.js";

export type StartOptions = {
  readonly K: number;
  readonly type: CovarianceType;
  readonly regCovar: number;
  readonly method: MixtureParams["init_params"];
  readonly meansInit: readonly (readonly number[])[]; // [K, D] for "given"
  readonly std: Float64Array; // [D] of the data
  readonly random: () => number;
};

/** Starts are sought among so many numbers at most; the fit itself uses all. */
const seedNumbers = 1_000_000;
const seedRows = 65536;
/** K, rows and columns from which helpers may take part in that. */
const numbersToShare = 250_000;

/**
 * The components before the first iteration.
 * - k-means++, kmeans: every row goes to the nearest of the chosen centres, then an M-step. A centre with D rows or fewer
 *   keeps its place and takes the pooled covariance, since its own would be singular.
 * - random_from_data: means are distinct rows; given: means are the reader's. In both, as in the article, equal weights and
 *   unit variances; where a column's standard deviation is outside 0.5 … 50, a unit would be blind or deaf to it, and its own
 *   variance is taken.
 * Yields every few milliseconds.
 */
export function* startMixture(data: Data, options: StartOptions): Generator<void, Mixture, void> {
  const { K, method, random } = options;
  const { D } = data;
  if (method === "given") return unitMixture(Float64Array.from(options.meansInit.flat()), D, options);
  if (method === "random_from_data") return unitMixture(yield* distinctRows(data, K, random), D, options);
  const seeds = yield* seedsOf(data, K, random);
  const chosen = yield* plusPlus(seeds, K, random);
  let centres = new Float64Array(K * D);
  chosen.forEach((row, k) => rowOf(seeds, row, centres, k * D));
  if (method === "kmeans") centres = (yield* kMeans(seeds, centres, 300, 1e-4)).centres.slice();
  return yield* assigned(data, centres, options);
}

function unitMixture(means: Float64Array, D: number, { K, type, std, regCovar }: StartOptions): Mixture {
  const variance = std.map((s) => (s >= 0.5 && s <= 50 ? 1 : s * s || regCovar || 1));
  const weights = new Float64Array(K).fill(1 / K);
  const covariances = new Float64Array(covariancesLength(type, K, D));
  if (type === "spherical") covariances.fill(variance.reduce((sum, v) => sum + v, 0) / D);
  else if (type === "diag") for (let i = 0; i < covariances.length; i++) covariances[i] = variance[i % D];
  else for (let i = 0; i < covariances.length; i += D * D) for (let d = 0; d < D; d++) covariances[i + d * D + d] = variance[d];
  return { K, D, covarianceType: type, weights, means, covariances };
}

/** K different rows at random; [K, D]. Repeats one only when fewer than K rows differ. */
function* distinctRows(data: Data, K: number, random: () => number): Generator<void, Float64Array, void> {
  const { N, D } = data;
  const rows = new Float64Array(K * D);
  const isNew = (row: number, k: number) => {
    for (let j = 0; j < k; j++) {
      let d = 0;
      while (d < D && rows[j * D + d] === data.columns[d][row]) d++;
      if (d === D) return false;
    }
    return true;
  };
  for (let k = 0; k < K; k++) {
    let row = Math.floor(random() * N);
    for (let tries = 0; tries < 100 && !isNew(row, k); tries++) row = Math.floor(random() * N);
    // Where nearly all rows are alike, look for another one in order.
    for (let tries = 0; tries < N && !isNew(row, k); tries++) {
      row = (row + 1) % N;
      if (tries % 65536 === 65535) yield;
    }
    rowOf(data, row, rows, k * D);
  }
  return rows;
}

/** All rows, or one at random from each of so many equal stretches; where helpers read them, if the search for K centres is long. */
function* seedsOf(data: Data, K: number, random: () => number): Generator<void, Data, void> {
  const { N, D } = data;
  const n = Math.min(N, seedRows, Math.ceil(seedNumbers / D));
  const seeds = n === N ? data : yield* someOf(data, n, random);
  return crew().helpers > 0 && K * n * D >= numbersToShare ? { ...seeds, columns: yield* sharedColumns(seeds.columns, n) } : seeds;
}

/** One row at random from each of n equal stretches. */
function* someOf(data: Data, n: number, random: () => number): Generator<void, Data, void> {
  const { N, D } = data;
  const rows = new Int32Array(n);
  for (let i = 0; i < n; i++) rows[i] = Math.floor(((i + random()) * N) / n);
  const columns: Float64Array[] = [];
  for (const column of data.columns) {
    yield;
    const taken = new Float64Array(n);
    for (let i = 0; i < n; i++) taken[i] = column[rows[i]];
    columns.push(taken);
  }
  return { columns, N: n, D };
}

/** The M-step after each row went wholly to its nearest centre [K, D]. */
function* assigned(data: Data, centres: Float64Array, { K, type, regCovar }: StartOptions): Generator<void, Mixture, void> {
  const { columns, N, D } = data;
  const statistics = newStatistics(type, K, D);
  yield* through(sharedAssignment(columns, N, type, centres, statistics), () => undefined);
  const mixture = maximise(statistics, centres, type, K, D, regCovar);
  const lonely = Array.from(statistics.counts.keys()).filter((k) => statistics.counts[k] <= D);
  if (lonely.length === 0) return mixture;
  const { weights, means, covariances } = mixture;
  if (type !== "tied") {
    const pooled = pool(mixture, statistics.counts, lonely, regCovar);
    for (const k of lonely) covariances.set(pooled, k * pooled.length);
  }
  for (const k of lonely) if (statistics.counts[k] === 0) means.set(centres.subarray(k * D, (k + 1) * D), k * D);
  const counts = statistics.counts.map((count) => Math.max(count, 1));
  const total = counts.reduce((sum, count) => sum + count, 0);
  counts.forEach((count, k) => (weights[k] = count / total));
  return mixture;
}

/** Mean covariance of the components that have rows enough, by their counts; 1 on the diagonal where none has. */
function pool({ K, D, covarianceType: type, covariances }: Mixture, counts: Float64Array, lonely: readonly number[], regCovar: number): Float64Array {
  const size = covariances.length / K;
  const pooled = new Float64Array(size);
  let total = 0;
  for (let k = 0; k < K; k++) {
    if (lonely.includes(k)) continue;
    total += counts[k];
    for (let i = 0; i < size; i++) pooled[i] += counts[k] * covariances[k * size + i];
  }
  if (total > 0) return pooled.map((v) => v / total);
  const diagonal = (i: number) => type !== "full" || i % (D + 1) === 0;
  return pooled.map((_, i) => (diagonal(i) ? 1 + regCovar : 0));
}
