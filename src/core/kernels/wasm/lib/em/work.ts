// What a pass works on: addresses, and distances in bytes. All numbers are float64.

/** Rows whose densities are taken at a time: the differences of all columns then stay in the first-level cache. */
export const block: i32 = 128;
/** Between two rows of `rows`: not a power of two, so that they do not share the same lines of the cache. */
export const pitch: usize = 136 << 3;

export let K: usize = 0;
export let D: usize = 0;
/** Between two columns of rows, and between two components' shares. */
export let stride: usize = 0;
/** [K, D] where the densities, and where the statistics, are centred. */
export let means: usize = 0;
export let centres: usize = 0;
/** Inverse Cholesky factors, times √(½ log2 e): [K, D], or matrices as `logDensitiesFull` reads them. */
export let roots: usize = 0;
/** [K] log2 of the scale, less the largest. */
export let offsets: usize = 0;
/** [K, stride] densities, and then with `totals` [rows] responsibilities: shares · totals. */
export let shares: usize = 0;
export let totals: usize = 0;
/** [D to the next multiple of four, pitch] differences of a block; the rows past D stay zero. */
export let rows: usize = 0;
/** Of the rows that count for a component: their places (int32, in bytes) and shares or the roots of these. */
export let places: usize = 0;
export let weights: usize = 0;
/** [K], [K, D], and [K, D] or [K, D, D] of which the lower triangle is read. */
export let counts: usize = 0;
export let sums: usize = 0;
export let products: usize = 0;
/** Two numbers: Σ log2 p is the first plus log2 of the second. */
export let logs: usize = 0;

export function use(
  k: usize, d: usize, between: usize, mean: usize, centre: usize, root: usize, offset: usize, share: usize, total: usize,
  row: usize, place: usize, weight: usize, count: usize, sum: usize, product: usize, log: usize,
): void {
  K = k;
  D = d;
  stride = between;
  means = mean;
  centres = centre;
  roots = root;
  offsets = offset;
  shares = share;
  totals = total;
  rows = row;
  places = place;
  weights = weight;
  counts = count;
  sums = sum;
  products = product;
  logs = log;
}
