import { roomOf } from "../../kernels/crew.js";
import { nearError } from "../../kernels/vectors.js";
import { distanceOf } from "./forest.js";

/** Products of single precision that are so far apart have distances, in single precision too, in the same order. */
const SLACK = 2 * nearError + 4e-7;
/** Others that there is room for beside the k of a point: as many, but at least and at most so many. */
const SPARE = [32, 96];
/** More points than all pairs are compared of; a distance's bits and a place are one whole number. */
const PLACES = 2 ** 21;

/** What is kept of some points: some of the others seen so far, the k nearest among them. */
export type Kept = {
  /** The least product with which another is looked at; infinite where no other can be nearer. */
  readonly limits: Float64Array; // [points]
  /** The distance below which another is taken, where it is known. */
  readonly farthest: Float32Array; // [points]
  readonly counts: Int32Array; // [points]
  readonly indices: Int32Array; // [points, roomFor(k)]
  readonly products: Float32Array; // [points, roomFor(k)]
};

/** Places for the candidates of a point. */
export function roomFor(k: number): number {
  return k + Math.min(SPARE[1], Math.max(SPARE[0], k));
}

/** @param shared whether other threads shall reach it, where the host has room for that */
export function keptOf(points: number, k: number, shared: boolean): Kept {
  const numbers = points * roomFor(k);
  return {
    limits: new Float64Array(roomOf(8 * points, shared)).fill(-Infinity),
    farthest: new Float32Array(roomOf(4 * points, shared)).fill(Infinity),
    counts: new Int32Array(roomOf(4 * points, shared)),
    indices: new Int32Array(roomOf(4 * numbers, shared)),
    products: new Float32Array(roomOf(4 * numbers, shared)),
  };
}

/** A view of the points from … to. */
export function keptPart({ limits, farthest, counts, indices, products }: Kept, from: number, to: number, k: number): Kept {
  const [first, last] = [from * roomFor(k), to * roomFor(k)];
  return {
    limits: limits.subarray(from, to),
    farthest: farthest.subarray(from, to),
    counts: counts.subarray(from, to),
    indices: indices.subarray(first, last),
    products: products.subarray(first, last),
  };
}

/** @returns what was copied to, of as many points */
export function copyKept(from: Kept, to: Kept): Kept {
  to.limits.set(from.limits);
  to.farthest.set(from.farthest);
  to.counts.set(from.counts);
  to.indices.set(from.indices);
  to.products.set(from.products);
  return to;
}

/**
 * Takes candidates of some points. Products of single precision tell which are surely not near enough; what these leave open is calculated when
 * there are too many of them, and at the end.
 */
export class Candidates {
  /** See Kept. */
  readonly limits: Float64Array;
  private readonly room: number;
  private readonly scratch: Float32Array; // [room]

  /**
   * @param units [m, d] rows of length 1 or zero
   * @param kept of the points from `first` on; it is changed
   */
  constructor(
    private readonly units: Float32Array,
    private readonly d: number,
    private readonly k: number,
    readonly first: number,
    private readonly kept: Kept,
  ) {
    this.limits = kept.limits;
    this.room = roomFor(k);
    this.scratch = new Float32Array(this.room);
  }

  /**
   * Takes a point whose product reaches the limit, if it may be near. The caller offers no point twice, and to each the others in their order.
   * @param product within `nearError` of theirs
   * @param distance NaN where it is not known
   */
  offer(i: number, j: number, product: number, distance: number): void {
    const { room, kept: { farthest, counts, indices, products } } = this;
    const own = i - this.first;
    if (farthest[own] < Infinity && !((Number.isNaN(distance) ? distanceBetween(this.units, this.d, i, j) : distance) < farthest[own])) return;
    const at = own * room + counts[own]++;
    indices[at] = j;
    products[at] = product;
    if (counts[own] === room) this.select(i);
  }

  /** Leaves out what is surely not among the nearest k, or, where that is too little, what is not. */
  private select(i: number): void {
    const { k, room, kept: { limits, counts, indices, products } } = this;
    const own = i - this.first;
    const base = own * room;
    const limit = limitOf(products, base, base + room, k, this.scratch);
    limits[own] = limit;
    let to = base;
    for (let at = base; at < base + room; at++) {
      if (products[at] < limit) continue;
      indices[to] = indices[at];
      products[to++] = products[at];
    }
    counts[own] = to - base;
    if (to - base > (k + room) / 2) this.settle(i);
  }

  /** Keeps the nearest k alone. */
  private settle(i: number): void {
    const { k, room, units, d, kept: { limits, farthest, counts, indices, products } } = this;
    const own = i - this.first;
    const base = own * room;
    const distances = new Float32Array(k);
    nearestFirst(units, d, i, indices.subarray(base, base + counts[own]), indices.subarray(base, base + k), distances);
    for (let n = 0; n < k; n++) products[base + n] = 1 - distances[n] ** 2 / 2;
    counts[own] = k;
    farthest[own] = distances[k - 1];
    if (farthest[own] === 0) limits[own] = Infinity;
  }
}

/** The distance of rows i and j, in single precision. */
export function distanceBetween(units: Float32Array, d: number, i: number, j: number): number {
  return Math.fround(distanceOf(product(units, d, i, j)));
}

/**
 * The nearest of some points, nearest first, ties by index; as many as there is room for.
 * @param out may be a part of `others`
 */
export function nearestFirst(units: Float32Array, d: number, i: number, others: Int32Array, out: Int32Array, distances: Float32Array): void {
  const single = new Float32Array(1);
  const bits = new Uint32Array(single.buffer);
  const keys = new Float64Array(others.length);
  // The bits of numbers that are not negative are in the numbers' order.
  for (let n = 0; n < others.length; n++) {
    single[0] = distanceBetween(units, d, i, others[n]);
    keys[n] = bits[0] * PLACES + others[n];
  }
  keys.sort();
  for (let n = 0; n < out.length && n < keys.length; n++) {
    out[n] = keys[n] % PLACES;
    bits[0] = Math.floor(keys[n] / PLACES);
    distances[n] = single[0];
  }
}

/**
 * The product that the nearest k reach of the points with the products start … end; minus infinity where there are fewer than k.
 * @param scratch room for as many
 */
export function limitOf(products: Float32Array, start: number, end: number, k: number, scratch: Float32Array): number {
  const count = end - start;
  if (count < k) return -Infinity;
  for (let n = 0; n < count; n++) scratch[n] = products[start + n];
  // All products beyond 1 have the distance 0.
  return Math.min(1, largest(scratch, count, k)) - SLACK;
}

/** The k-th largest of the first `count` of some numbers, which are put in another order (Hoare's selection). */
function largest(values: Float32Array, count: number, k: number): number {
  const place = k - 1;
  let [low, high] = [0, count - 1];
  while (low < high) {
    const pivot = values[(low + high) >> 1];
    let [left, right] = [low, high];
    while (left <= right) {
      while (values[left] > pivot) left++;
      while (values[right] < pivot) right--;
      if (left > right) break;
      const value = values[left];
      values[left++] = values[right];
      values[right--] = value;
    }
    if (place <= right) high = right;
    else if (place >= left) low = left;
    else break;
  }
  return values[place];
}

/** Of rows i and j, with four sums at once: one would wait for each addition to finish. */
function product(units: Float32Array, d: number, i: number, j: number): number {
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  let [a, b] = [i * d, j * d];
  for (const whole = a + d - (d % 4); a < whole; a += 4, b += 4) {
    s0 += units[a] * units[b];
    s1 += units[a + 1] * units[b + 1];
    s2 += units[a + 2] * units[b + 2];
    s3 += units[a + 3] * units[b + 3];
  }
  for (const end = (i + 1) * d; a < end; a++, b++) s0 += units[a] * units[b];
  return s0 + s1 + (s2 + s3);
}
