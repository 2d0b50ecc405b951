/** For each of m points the k nearest seen so far: a heap of its own with the farthest on top. */
export class Heaps {
  readonly indices: Int32Array; // [m, k] −1 where there is none yet
  readonly distances: Float32Array; // [m, k]

  constructor(
    readonly m: number,
    readonly k: number,
  ) {
    this.indices = new Int32Array(m * k).fill(-1);
    this.distances = new Float32Array(m * k).fill(Number.POSITIVE_INFINITY);
  }

  /** The distance below which a point is taken. */
  bound(i: number): number {
    return this.distances[i * this.k];
  }

  /** Takes a point that is nearer than the farthest kept one. The caller offers no point twice. */
  offer(i: number, j: number, distance: number): void {
    const { k, indices, distances } = this;
    const base = i * k;
    if (!(distance < distances[base])) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= k) break;
      if (child + 1 < k && distances[base + child + 1] > distances[base + child]) child++;
      if (distances[base + child] <= distance) break;
      indices[base + at] = indices[base + child];
      distances[base + at] = distances[base + child];
      at = child;
    }
    indices[base + at] = j;
    distances[base + at] = distance;
  }

  /** The same for a point that may be kept already. True when it was taken. */
  offerNew(i: number, j: number, distance: number): boolean {
    const base = i * this.k;
    if (!(distance < this.distances[base])) return false;
    for (let at = base; at < base + this.k; at++) if (this.indices[at] === j) return false;
    this.offer(i, j, distance);
    return true;
  }

  /** Puts row i in order, nearest first, ties by index. It is a heap no longer. */
  sort(i: number): void {
    const base = i * this.k;
    const order = Array.from({ length: this.k }, (_, at) => ({ j: this.indices[base + at], distance: this.distances[base + at] }));
    order.sort((a, b) => a.distance - b.distance || a.j - b.j);
    for (const [at, { j, distance }] of order.entries()) {
      this.indices[base + at] = j;
      this.distances[base + at] = distance;
    }
  }
}
