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
    const base = i * this.k;
    if (distance < this.distances[base]) this.sink(base, this.k, j, distance);
  }

  /** Puts row i in order, nearest first, ties by index. It is a heap no longer. */
  sort(i: number): void {
    const { k, indices, distances } = this;
    const base = i * k;
    // The farthest goes behind the others, and what was there into their heap.
    for (let last = base + k - 1; last > base; last--) {
      const [j, distance] = [indices[last], distances[last]];
      indices[last] = indices[base];
      distances[last] = distances[base];
      this.sink(base, last - base, j, distance);
    }
    for (let at = base + 1; at < base + k; at++) {
      const [j, distance] = [indices[at], distances[at]];
      let to = at;
      for (; to > base && distances[to - 1] === distance && indices[to - 1] > j; to--) indices[to] = indices[to - 1];
      indices[to] = j;
    }
  }

  /** Puts a point in the place of the top of a heap of `size`. */
  private sink(base: number, size: number, j: number, distance: number): void {
    const { indices, distances } = this;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= size) break;
      if (child + 1 < size && distances[base + child + 1] > distances[base + child]) child++;
      if (distances[base + child] <= distance) break;
      indices[base + at] = indices[base + child];
      distances[base + at] = distances[base + child];
      at = child;
    }
    indices[base + at] = j;
    distances[base + at] = distance;
  }
}
