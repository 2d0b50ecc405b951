import type { RowProducts } from "../../kernels/vectors.js";
import type { Nearest } from "./exactKnn.js";
import { distanceOf } from "./forest.js";
import { Heaps } from "./heaps.js";

/** Finds the nearest k among others offered for one point after another, each of them tried once. */
export class Tries {
  private readonly heap: Heaps;
  private readonly offered: Int32Array; // [m] the last point that each was offered for
  private point = -1;
  private count = 0;

  /** @param rows of `units`, [m, d] */
  constructor(
    private readonly rows: RowProducts,
    private readonly units: Float32Array,
    m: number,
    private readonly d: number,
    private readonly k: number,
  ) {
    this.heap = new Heaps(1, k);
    this.offered = new Int32Array(m).fill(-1);
  }

  /** @param before what was found so far; point i is not offered itself */
  begin(i: number, { indices, distances }: Nearest): void {
    const { k, d, heap, offered } = this;
    this.point = i;
    this.count = 0;
    this.rows.row.set(this.units.subarray(i * d, (i + 1) * d));
    offered[i] = i;
    // The farthest first is a heap.
    for (let n = 0; n < k; n++) {
      const j = indices[i * k + n];
      heap.indices[k - 1 - n] = j;
      heap.distances[k - 1 - n] = distances[i * k + n];
      if (j >= 0) offered[j] = i;
    }
  }

  offer(j: number): void {
    const { offered, point, rows: { others } } = this;
    if (offered[j] === point) return;
    offered[j] = point;
    others[this.count++] = j;
    if (this.count === others.length) this.compare();
  }

  /** Puts what is nearest, nearest first, in the point's place. */
  end({ indices, distances }: Nearest): void {
    this.compare();
    this.heap.sort(0);
    indices.set(this.heap.indices, this.point * this.k);
    distances.set(this.heap.distances, this.point * this.k);
  }

  private compare(): void {
    const { heap, count, rows: { others, products } } = this;
    if (count === 0) return;
    this.rows.multiply(count);
    this.count = 0;
    for (let n = 0; n < count; n++) heap.offer(0, others[n], distanceOf(products[n]));
  }
}
