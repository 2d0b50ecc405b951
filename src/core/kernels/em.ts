/** What one pass of EM needs to know of a mixture. */
export type EmModel = {
  readonly K: number;
  readonly D: number;
  readonly means: Float64Array; // [K, D] where the densities are centred
  readonly centres: Float64Array; // [K, D] where the statistics are centred
  readonly roots: Float64Array; // [K, D, D] lower triangular or [K, D] diagonal: inverse Cholesky factors, times √½
  readonly offsets: Float64Array; // [K] log scale of the densities, less `top`
  readonly top: number; // the largest log scale
};

/** Sums over rows under responsibilities r and with d = x − centre. */
export type EmStatistics = {
  readonly counts: Float64Array; // [K] Σ r
  readonly sums: Float64Array; // [K, D] Σ r d
  readonly products: Float64Array; // [K, D, D] lower triangle, or [K, D] diagonal: Σ r d dᵀ
  readonly logLikelihood: Float64Array; // [1] Σ log p(x)
};

/** Both steps over rows from … to − 1 of D columns: adds to the statistics under the responsibilities of the model, which is not changed after its first use. */
export type EmKernel = (columns: readonly Float64Array[], from: number, to: number, model: EmModel, out: EmStatistics) => void;

/**
 * Adds the statistics of rows that go wholly to the nearest of K centres [K, D], about these; the first, where two are equally near: the
 * same to the last bit by all implementations. There is no likelihood. A pass gives the same array of centres to all calls, unchanged.
 */
export type AssignKernel = (columns: readonly Float64Array[], from: number, to: number, centres: Float64Array, out: EmStatistics) => void;

/**
 * Labels rows from … to − 1 with the nearest of K centres [K, D], the first where two are equally near; distances are squared, and the same
 * to the last bit by all implementations.
 * A pass gives the same array of centres to all calls, unchanged.
 */
export type NearestKernel = (columns: readonly Float64Array[], from: number, to: number, centres: Float64Array, labels: Int32Array, distances: Float64Array) => void;

/** Expectation-maximisation of Gaussian mixtures. A row far from all components, whose densities vanish, still has responsibilities. */
export interface EmKernels {
  /** Any number of columns; roots and products are diagonals. */
  readonly diagonal: EmKernel;
  /** Two columns or more; roots and products are matrices, above whose diagonal products hold nothing of use. */
  readonly full: EmKernel;
  /** Products are matrices or diagonals, as `out` has room for. */
  readonly assign: AssignKernel;
  readonly nearest: NearestKernel;
}

const checks = [["diagonal", 1], ["full", 2], ["diagonal", 5], ["full", 5]] as const;
const rows = 9;

/** Compares an implementation with the reference on small inputs. @returns what differs, in English, for the log */
export function checkEm(own: EmKernels, reference: EmKernels): string | undefined {
  for (const [kind, D] of checks) {
    const [columns, model] = example(D, kind === "diagonal" ? D : D * D);
    const [got, want] = [own, reference].map((each) => sumsOf(each, kind, columns, model));
    const i = want.findIndex((v, j) => !(Math.abs(got[j] - v) <= 1e-11 * (1 + Math.abs(v))));
    if (i >= 0) return `EM, ${kind}, ${D} columns: number ${i} is ${got[i]}, not ${want[i]}`;
  }
  return undefined;
}

/** What each function says of the rows, one number after the other, without products above the diagonal. */
function sumsOf(em: EmKernels, kind: "diagonal" | "full", columns: readonly Float64Array[], model: EmModel): number[] {
  const { K, D, means, roots } = model;
  const numbers: number[] = [];
  const newOut = () => ({ counts: new Float64Array(K), sums: new Float64Array(K * D), products: new Float64Array(roots.length), logLikelihood: new Float64Array(1) });
  const add = ({ counts, sums, products, logLikelihood }: EmStatistics) => {
    numbers.push(...logLikelihood, ...counts, ...sums);
    for (let i = 0; i < products.length; i++) if (roots[i] !== 0) numbers.push(products[i]);
  };
  const soft = newOut();
  em[kind](columns, 0, rows, model, soft);
  add(soft);
  if (D < 5) return numbers;
  const hard = newOut();
  em.assign(columns, 0, rows, means, hard);
  add(hard);
  const [labels, distances] = [new Int32Array(rows), new Float64Array(rows)];
  em.nearest(columns, 0, rows, means, labels, distances);
  numbers.push(...labels, ...distances);
  return numbers;
}

/** Two components among a few rows, one of which is far from both. */
function example(D: number, size: number): [Float64Array[], EmModel] {
  const columns = Array.from({ length: D }, (_, d) => Float64Array.from({ length: rows }, (_, i) => (i === 7 ? 90 : ((i * (d + 3)) % 7) - 3 + i / 8)));
  const means = Float64Array.from({ length: 2 * D }, (_, i) => (i % 5) - 2);
  const inLower = (i: number) => size === D || i % D <= Math.floor((i % size) / D);
  const roots = Float64Array.from({ length: 2 * size }, (_, i) => (inLower(i) ? 0.5 + (i % 3) / 10 : 0));
  return [columns, { K: 2, D, means, centres: means.map((m) => m + 0.25), roots, offsets: Float64Array.of(0, -1.5), top: -3 }];
}
