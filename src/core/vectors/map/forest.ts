import type { RowProducts } from "../../kernels/vectors.js";

/** Points in the order of the leaves of a tree. */
export type Tree = {
  readonly order: Int32Array; // [m]
  readonly leaves: Int32Array; // [m] of each point, the place where its leaf begins
};

/** Euclidean distance of two rows of length 1 with a product. */
export function distanceOf(product: number): number {
  return Math.sqrt(Math.max(0, 2 - 2 * product));
}

/**
 * Parts the points by planes halfway between two of them drawn at random, until no part has more than `most`. Points that no
 * plane parts (equal ones) are halved as they come. Yields after every `step` multiplications.
 * @param rows of `units`, [m, d]
 */
export function* plantTree(
  rows: RowProducts,
  units: Float32Array,
  m: number,
  d: number,
  most: number,
  random: () => number,
  step: number,
): Generator<void, Tree, void> {
  const order = Int32Array.from({ length: m }, (_, i) => i);
  const leaves = new Int32Array(m);
  const others = new Int32Array(m); // those of a part that go to the right
  const stack: [number, number][] = [[0, m]];
  const { row, others: asked, products } = rows;
  let done = 0;
  for (let range = stack.pop(); range; range = stack.pop()) {
    const [start, end] = range;
    if (end - start <= most) {
      for (let at = start; at < end; at++) leaves[order[at]] = start;
      continue;
    }
    const p = order[start + Math.floor(random() * (end - start))] * d;
    const q = order[start + Math.floor(random() * (end - start))] * d;
    // Rows have length 1: the plane through the middle of two of them passes through the origin.
    for (let c = 0; c < d; c++) row[c] = Math.fround(units[p + c] - units[q + c]);
    let left = start;
    let right = 0;
    for (let from = start; from < end; from += asked.length) {
      const count = Math.min(asked.length, end - from);
      asked.set(order.subarray(from, from + count));
      rows.multiply(count);
      for (let n = 0; n < count; n++) {
        if (products[n] > 0) order[left++] = asked[n];
        else others[right++] = asked[n];
      }
      if ((done += count * d) > step) {
        done = 0;
        yield;
      }
    }
    order.set(others.subarray(0, right), left);
    if (left === start || left === end) left = (start + end) >> 1;
    stack.push([start, left], [left, end]);
  }
  return { order, leaves };
}
