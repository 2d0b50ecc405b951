import { seededRandom } from "../math/random.js";
import { finish } from "../steps.js";

/** What vectors are compared with. */
export interface VectorsKernels {
  /**
   * Room for n rows of d numbers as bytes, of which most can be told not to be near a direction without a look at the rows
   * themselves; undefined where that look is as fast.
   * @throws RangeError when there is no room
   */
  byteRows(n: number, d: number): ByteRows | undefined;
  /**
   * All pairs of rows.
   * @param rows of length 1 or zero for cosines
   * @throws RangeError when there is no room
   */
  pairs(rows: RowSource, n: number, d: number, kind: PairKind): RowPairs;
  /**
   * Pairs of rows whose products are large.
   * @param units [m, d] of length 1 or zero, that do not change meanwhile
   * @throws RangeError when there is no room
   */
  nearPairs(units: Float32Array, m: number, d: number): NearPairs;
  /**
   * Products of one row with others, wherever these are. Yields every few milliseconds.
   * @param rows [m, d] that do not change meanwhile
   * @throws RangeError when there is no room
   */
  rowProducts(rows: Float32Array, m: number, d: number): Generator<void, RowProducts, void>;
}

/** Others that a row is multiplied with at once, at most. */
export const mostOthers = 1024;

export interface RowProducts {
  /** [d] of numbers that single precision holds; set before each call. */
  readonly row: Float64Array;
  /** [mostOthers] which rows it is multiplied with. */
  readonly others: Int32Array;
  /** [mostOthers] in double precision, the same to the bit by every implementation. */
  readonly products: Float64Array;
  /** Multiplies with the first `count` of the others. */
  multiply(count: number): void;
}

/** Writes row i to `row`, [d]: the same numbers whenever it is asked. */
export type RowSource = (i: number, row: Float64Array) => void;

/** The rows of `values`, [n, d], as they are. */
export function rowsOf(values: Float64Array, d: number): RowSource {
  return (i, row) => row.set(values.subarray(i * d, (i + 1) * d));
}

/** How far apart the products of two rows of length 1 are by different implementations, at most. */
export const nearError = 1.1e-6;

export interface NearPairs {
  /** Rows and columns of a block, which takes a few milliseconds. */
  readonly block: number;
  /**
   * Places (i − start) · block + j − from, ascending, of all pairs i < j of the rows start … end and from … to whose product reaches the
   * limit of i or of j, and maybe of a few that miss it by 2 `nearError` at most; and their products, within `nearError`. Valid until the next call.
   * @param limits [m]
   */
  find(start: number, end: number, from: number, to: number, limits: Float64Array): { readonly places: Int32Array; readonly products: Float32Array };
}

/** Cosines are products of rows of length 1, within [−1, 1]. */
export type PairKind = "cosine" | "product" | "euclidean" | "manhattan";

export interface RowPairs {
  /** Rows and columns of a block, which takes a few milliseconds. */
  readonly block: number;
  /**
   * Sets (i, j) and (j, i) of `out`, [n, n], for the rows start … end and the columns from … to, in single precision: calculated in double
   * precision, or, for cosines, within the unit in the last place of 1 (2^−23) of that; within 1.2e-6 where a few numbers hold most of
   * both rows.
   * @param start a multiple of `block`, as is `from`, which is not below it; each end within `block` of them
   */
  fill(start: number, end: number, from: number, to: number, out: Float32Array): void;
}

/**
 * Rows of numbers as bytes times one factor a row, in memory of their own. The length of what a row's bytes leave over is known,
 * and so, by Cauchy and Schwarz, how far a product with the bytes can be from the product with the row.
 */
export interface ByteRows {
  /** Of memory that is kept as long as they are. */
  readonly byteLength: number;
  /** Rows that `bounds` gives at once. */
  readonly most: number;
  /** What `fill` fills: of rows that are as long, other threads may do so as well. */
  readonly room: ByteRoom;
  /** Takes rows start … end of `values`, [n, d]; start is a multiple of 4. */
  fill(values: Float32Array, start: number, end: number): void;
  /**
   * The least and the greatest that the cosines of rows start … end can be, as they come out in single precision (see `dotRows`):
   * NaN for a row without direction, the least not above 1 and the greatest not below −1. Valid until the next call.
   * @param start a multiple of 4
   * @param end within `most` of it
   */
  bounds(query: ByteQuery, start: number, end: number): { readonly lower: Float32Array; readonly upper: Float32Array };
  /** Places, ascending, among the first `count` of the bounds given last whose upper bounds reach a number in single precision. Valid until the next call. */
  reaching(least: number, count: number): Int32Array;
}

export type ByteRoom = {
  readonly bytes: Uint8Array; // of all rows, each as many
  readonly factors: Float32Array; // [rows]
  readonly residuals: Float32Array; // [rows]
};

/** A direction as whole numbers times `scale`, and what bounds there are for the products with bytes. */
export type ByteQuery = {
  readonly shorts: Int16Array; // [d]
  readonly scale: number;
  /** The bounds are residual · slope + slack apart from the product. */
  readonly slope: number;
  readonly slack: number;
};

/**
 * Of roundings: of factors, residuals and bounds in single precision (some 6e-7), and of the score that is bounded, a rounded
 * product over a rounded length (2e-7).
 */
const ROUNDING = 1.5e-6;

/** A query of about length 1 in whole numbers so small that sums of products with bytes stay below 2^31. */
export function byteQuery(query: Float32Array): ByteQuery {
  const d = query.length;
  let largest = 0;
  let sum = 0;
  let squares = 0;
  for (const v of query) {
    largest = Math.max(largest, Math.abs(v));
    sum += Math.abs(v);
    squares += v * v;
  }
  const times = Math.min(32_767 / largest, (2 ** 31 / 127 - d) / sum);
  const shorts = Int16Array.from(query, (v) => Math.round(v * times));
  let left = 0;
  for (let j = 0; j < d; j++) left += (query[j] - shorts[j] / times) ** 2;
  left = Math.sqrt(left);
  // (row − bytes) · query and bytes · (query − shorts), the bytes being at most residual longer than 1; sums of squares in single precision.
  return { shorts, scale: 1 / times, slope: (Math.sqrt(squares) + left) * (1 + 1e-6 + 2e-8 * d), slack: left + ROUNDING };
}

/** Compares an implementation with the reference on small inputs. @returns what differs, in English, for the log */
export function checkVectors(own: VectorsKernels, reference: VectorsKernels): string | undefined {
  return checkBytes(own) ?? checkPairs(own, reference) ?? checkNear(own, reference) ?? checkProducts(own, reference);
}

function checkPairs(own: VectorsKernels, reference: VectorsKernels): string | undefined {
  const n = 9;
  const random = seededRandom(6);
  // Cosines of long rows are in single precision, their lengths near 1, and the last two rows are equal.
  for (const [kind, d] of [["cosine", 67], ["cosine", 7], ["product", 7], ["euclidean", 7], ["manhattan", 7]] as const) {
    const rows = Float64Array.from({ length: n * d }, () => (random() - 0.4) / 2.5);
    rows.copyWithin((n - 1) * d, (n - 2) * d, (n - 1) * d);
    const [found, wanted] = [own, reference].map(({ pairs }) => {
      const out = new Float32Array(n * n);
      const filling = pairs(rowsOf(rows, d), n, d, kind);
      for (let start = 0; start < n; start += filling.block) {
        for (let from = start; from < n; from += filling.block) {
          filling.fill(start, Math.min(n, start + filling.block), from, Math.min(n, from + filling.block), out);
        }
      }
      return out;
    });
    const i = found.findIndex((v, at) => !(Math.abs(v - wanted[at]) <= 2 ** -23 * Math.max(1, Math.abs(wanted[at]))));
    if (i >= 0) return `${kind} of rows ${Math.floor(i / n)} and ${i % n} of ${d} numbers is ${found[i]}, not ${wanted[i]}`;
  }
  return undefined;
}

function checkBytes(own: VectorsKernels): string | undefined {
  const [n, d] = [7, 19];
  const random = seededRandom(5);
  const values = Float32Array.from({ length: n * d }, (_, i) => (i < d ? 0 : random() - 0.5));
  const rows = own.byteRows(n, d);
  if (!rows) return undefined;
  rows.fill(values, 0, n);
  const lengthOf = (row: Float32Array): number => Math.sqrt(row.reduce((sum, v) => sum + v * v, 0));
  const query = values.slice(d, 2 * d).map((v, _, row) => v / lengthOf(row));
  const { lower, upper } = rows.bounds(byteQuery(query), 0, n);
  for (let i = 0; i < n; i++) {
    const row = values.subarray(i * d, (i + 1) * d);
    const cosine = row.reduce((sum, v, j) => sum + v * query[j], 0) / lengthOf(row);
    const right = i === 0 ? Number.isNaN(lower[i]) && Number.isNaN(upper[i]) : lower[i] <= cosine && cosine <= upper[i] && upper[i] - lower[i] < 0.05;
    if (!right) return `the cosine ${cosine} is not within ${lower[i]} … ${upper[i]}`;
  }
  return undefined;
}

function checkNear(own: VectorsKernels, reference: VectorsKernels): string | undefined {
  const [m, d] = [9, 18];
  const random = seededRandom(7);
  const units = Float32Array.from({ length: m * d }, () => (random() - 0.5) / 1.3);
  const limits = Float64Array.from({ length: m }, (_, i) => (i % 4) / 4);
  const [found, wanted] = [own, reference].map(({ nearPairs }) => {
    const near = nearPairs(units, m, d);
    return Array.from(near.find(0, m, 0, m, limits).places, (place) => `${Math.floor(place / near.block)}-${place % near.block}`).join(" ");
  });
  return found === wanted ? undefined : `near pairs are ${found}, not ${wanted}`;
}

function checkProducts(own: VectorsKernels, reference: VectorsKernels): string | undefined {
  const [m, d] = [7, 13];
  const random = seededRandom(8);
  const rows = Float32Array.from({ length: m * d }, () => random() - 0.5);
  const [found, wanted] = [own, reference].map(({ rowProducts }) => {
    const { row, others, products, multiply } = finish(rowProducts(rows, m, d));
    row.set(rows.subarray(0, d));
    for (let j = 0; j < m; j++) others[j] = m - 1 - j;
    multiply(m);
    return products.subarray(0, m).join(" ");
  });
  return found === wanted ? undefined : `products of a row are ${found}, not ${wanted}`;
}
