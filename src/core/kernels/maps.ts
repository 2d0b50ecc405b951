import type { ForceCurves } from "./forceCurves.js";
import type { Task } from "./pieces.js";
import { finish } from "../steps.js";

/** A symmetric matrix of few entries, by rows; columns rise within a row. */
export type Sparse = {
  readonly m: number;
  readonly starts: Int32Array; // [m + 1]
  readonly columns: Int32Array; // [entries]
  readonly values: Float64Array; // [entries]
};

/** What laying points out in the plane by their neighbours needs. */
export interface MapsKernels {
  /**
   * What moves points in t-SNE, in memory of its own. Yields every few milliseconds.
   * @param p joint probabilities
   * @throws RangeError when there is no room
   */
  forces(p: Sparse): Generator<void, TsneForces, void>;
  /**
   * What moves m points in UMAP, in memory of its own, with the curves of `forceCurves`.
   * @throws RangeError when there is no room
   */
  moves(m: number, curves: ForceCurves): UmapMoves;
  /** What helpers can do. */
  readonly tasks: readonly Task<never>[];
}

/** The two sums of t-SNE's gradient, q being 1 / (1 + distance²): to the same bit in every implementation, in steps of a few milliseconds. */
export interface TsneForces {
  /**
   * @param positions [m, 2]
   * @param theta the angle below which points far away count as one: see `PlaneTree`; 0 is exact
   * @param pull [m, 2] is set to Σ p q (y_i − y_j)
   * @param push [m, 2] is set to Σ q² (y_i − y_j)
   * @returns Σ q over all pairs
   */
  at(positions: Float64Array, theta: number, pull: Float64Array, push: Float64Array): Generator<void, number, void>;
  /** Σ p log(1 + distance²) at the positions given last, to 1e-13 of itself. */
  logDistances(): Generator<void, number, void>;
}

/** Steps of stochastic gradient descent, one after another: to the same bit in every implementation. */
export interface UmapMoves {
  /** [m, 2] */
  readonly positions: Float64Array;
  /** [most, 3] a point, one that it is drawn to as this is to it, and how many it is pushed away from afterwards. */
  readonly edges: Int32Array;
  /** Those, of all edges one behind the other. */
  readonly others: Int32Array;
  /** Makes the moves of the first `count` edges, each coordinate by 4 times the rate at most. */
  move(count: number, rate: number): void;
}

/** How many edges and others there is room for. */
export const moveRoom = { edges: 4096, others: 1 << 16 } as const;

/** Compares an implementation with the reference on small inputs. @returns what differs, in English, for the log */
export function checkMaps(own: MapsKernels, reference: MapsKernels): string | undefined {
  return checkForces(own, reference) ?? checkMoves(own, reference);
}

function checkForces(own: MapsKernels, reference: MapsKernels): string | undefined {
  const m = 33; // in three heaps, each of which sees the others as one point each
  const positions = new Float64Array(2 * m);
  for (let i = 0; i < 2 * m; i++) positions[i] = 90 * ((i >> 1) % 3) + ((i * 29) % 31) / 7;
  const starts = new Int32Array(m + 1);
  for (let i = 0; i < m; i++) starts[i + 1] = (3 * (i + 1)) >> 1; // rows of one entry and of two
  const columns = new Int32Array(starts[m]);
  const values = new Float64Array(starts[m]);
  for (let e = 0; e < columns.length; e++) {
    columns[e] = (5 * e + 2) % m;
    values[e] = (e % 7) / 70;
  }
  const [found, wanted] = [own, reference].map((kernels) => {
    const forces = finish(kernels.forces({ m, starts, columns, values }));
    const [pull, push] = [new Float64Array(2 * m), new Float64Array(2 * m)];
    const sum = finish(forces.at(positions, 0.5, pull, push));
    return { exact: [sum, ...pull, ...push], log: finish(forces.logDistances()) };
  });
  const i = found.exact.findIndex((v, at) => v !== wanted.exact[at]);
  if (i >= 0) return `number ${i} of t-SNE's forces is ${found.exact[i]}, not ${wanted.exact[i]}`;
  return Math.abs(found.log - wanted.log) <= 1e-13 * wanted.log ? undefined : `the sum of logarithms is ${found.log}, not ${wanted.log}`;
}

function checkMoves(own: MapsKernels, reference: MapsKernels): string | undefined {
  const m = 6;
  const curve = Float64Array.of(1.5, 0.3, -0.2, 0.1, 0.7, 3, -0.1, 0.3, 0.2, -0.4);
  const curves = { first: 1023 * 128 + 80, parts: 2, pull: curve, push: curve.map((v) => 2 - v) };
  const [found, wanted] = [own, reference].map((kernels) => {
    const { positions, edges, others, move } = kernels.moves(m, curves);
    for (let i = 0; i < 2 * m; i++) positions[i] = ((i * 29) % 31) / 7;
    edges.set([0, 1, 2, 3, 2, 0, 5, 0, 3]);
    others.set([4, 0, 2, 3, 1]);
    move(3, 0.5);
    return positions;
  });
  const i = found.findIndex((v, at) => v !== wanted[at]);
  return i < 0 ? undefined : `number ${i} of UMAP's positions is ${found[i]}, not ${wanted[i]}`;
}
