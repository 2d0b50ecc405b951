import type { Heaps } from "./heaps.js";

/** Neighbours of a point whose own neighbours are tried. */
const WIDE = 12;

/** Euclidean distance of two rows of length 1 with a product. */
export function distanceOf(product: number): number {
  return Math.sqrt(Math.max(0, 2 - 2 * product));
}

/**
 * Parts the points by planes halfway between two of them drawn at random, until no part has more than `most`. Points that no
 * plane parts (equal ones) are halved as they come. Yields after every `step` multiplications.
 */
export function* plantTree(units: Float32Array, m: number, d: number, most: number, random: () => number, step: number): Generator<void, Int32Array[], void> {
  const order = Int32Array.from({ length: m }, (_, i) => i);
  const leaves: Int32Array[] = [];
  const stack: [number, number][] = [[0, m]];
  const normal = new Float64Array(d);
  let done = 0;
  for (let range = stack.pop(); range; range = stack.pop()) {
    const [start, end] = range;
    if (end - start <= most) {
      leaves.push(order.slice(start, end));
      continue;
    }
    const p = order[start + Math.floor(random() * (end - start))] * d;
    const q = order[start + Math.floor(random() * (end - start))] * d;
    // Rows have length 1: the plane through the middle of two of them passes through the origin.
    for (let c = 0; c < d; c++) normal[c] = units[p + c] - units[q + c];
    let left = start;
    let right = end;
    while (left < right) {
      const row = order[left] * d;
      let side = 0;
      for (let c = 0; c < d; c++) side += normal[c] * units[row + c];
      if (side > 0) left++;
      else {
        right--;
        [order[left], order[right]] = [order[right], order[left]];
      }
    }
    if (left === start || left === end) left = (start + end) >> 1;
    stack.push([start, left], [left, end]);
    if ((done += (end - start) * d) > step) {
      done = 0;
      yield;
    }
  }
  return leaves;
}

/**
 * Offers to every point the neighbours of its nearest neighbours, and the point to them. Yields the share of the points done
 * after every `step` multiplications.
 */
export function* joinNeighbours(units: Float32Array, d: number, heaps: Heaps, step: number): Generator<number, void, void> {
  const { m, k, indices, distances } = heaps;
  const wide = Math.min(WIDE, k);
  const near = new Int32Array(m * wide);
  const rank = Array.from({ length: k }, (_, at) => at);
  for (let i = 0; i < m; i++) {
    const base = i * k;
    rank.sort((a, b) => distances[base + a] - distances[base + b]);
    for (let w = 0; w < wide; w++) near[i * wide + w] = indices[base + rank[w]];
    if (i % 5000 === 4999) yield 0;
  }
  let done = 0;
  for (let i = 0; i < m; i++) {
    for (let w = 0; w < wide; w++) {
      const j = near[i * wide + w];
      if (j < 0) continue;
      for (let v = 0; v < wide; v++) {
        const l = near[j * wide + v];
        if (l < 0 || l === i) continue;
        let product = 0;
        for (let c = 0; c < d; c++) product += units[i * d + c] * units[l * d + c];
        const distance = distanceOf(product);
        if (distance < heaps.bound(i)) heaps.offerNew(i, l, distance);
        if (distance < heaps.bound(l)) heaps.offerNew(l, i, distance);
      }
      done += wide * d;
    }
    if (done > step) {
      done = 0;
      yield (i + 1) / m;
    }
  }
}
