/** Elements that are sorted outright. */
const FEW = 64;
export const BUCKETS = 2048;

/** Buffers that `massQuantile` uses again and again. */
export type QuantileWork = {
  /** [n] */
  readonly members: Int32Array;
  /** [n] the bucket of each member. */
  readonly buckets: Uint16Array;
  /** [BUCKETS + 1] */
  readonly masses: Float64Array;
  /** Goes through all elements at once, as the first step would, or leaves it at that. */
  readonly narrow?: (keys: Float64Array, masses: Float64Array | undefined, goal: number, reach: boolean, members: Int32Array) => Narrowed | undefined;
};

/** What is left to look into: the first `count` members, from `least` to `most`, and the sum of the masses below them. */
export type Narrowed = { readonly count: number; readonly below: number; readonly least: number; readonly most: number };

/** The elements to go through: the first `listed` of `members`, ascending; all where `listed` is −1. */
export type Among = { readonly members: Int32Array; readonly listed: number };

const ALL: Among = { members: new Int32Array(0), listed: -1 };

/** Buffers for up to `n` elements. */
export function quantileWork(n: number): QuantileWork {
  return { members: new Int32Array(n), buckets: new Uint16Array(n), masses: new Float64Array(BUCKETS + 1) };
}

/**
 * Goes through finite keys in ascending order (equal ones by their index) and returns the index of the element at which the
 * running sum of masses first exceeds `goal`, or reaches it where `reach` is set; of the last element when it never does;
 * −1 when no key is finite. Without masses each element weighs 1, so that goal r finds the element of rank r from 0.
 *
 * No full sort: the range of the keys is cut into equal buckets whose masses tell which one holds the element, and that one is
 * cut again until little is left to sort. Expected time O(n).
 * @param keys [n]
 * @param masses [n], not negative
 */
export function massQuantile(
  keys: Float64Array,
  masses: Float64Array | undefined,
  goal: number,
  reach: boolean,
  work: QuantileWork,
  among: Among = ALL,
): number {
  const { members } = work;
  let left = (among.listed < 0 ? work.narrow?.(keys, masses, goal, reach, members) : undefined) ?? finite(keys, members, among);
  if (left.count === 0) return -1;
  while (left.count > FEW) {
    const kept = narrow(keys, masses, goal, reach, work, left);
    if (kept.count === left.count) break;
    left = kept;
  }
  let { below } = left;
  const few = members.subarray(0, left.count);
  // Equal ones are in order.
  if (left.least < left.most) few.sort((a, b) => keys[a] - keys[b] || a - b);
  for (const i of few) {
    below += masses ? masses[i] : 1;
    if (reach ? below >= goal : below > goal) return i;
  }
  return few[left.count - 1];
}

/** Lists the elements whose keys are finite. */
function finite(keys: Float64Array, members: Int32Array, { members: given, listed }: Among): Narrowed {
  const [size, all] = [listed < 0 ? keys.length : listed, listed < 0];
  let [count, least, most] = [0, Infinity, -Infinity];
  for (let m = 0; m < size; m++) {
    const i = all ? m : given[m];
    const key = keys[i];
    if (key - key !== 0) continue;
    members[count++] = i;
    if (key < least) least = key;
    if (key > most) most = key;
  }
  return { count, below: 0, least, most };
}

/** Keeps the members of the bucket in which the running sum passes the goal; keys are from `least` to `most`. */
function narrow(
  keys: Float64Array,
  masses: Float64Array | undefined,
  goal: number,
  reach: boolean,
  { members, buckets, masses: sums }: QuantileWork,
  left: Narrowed,
): Narrowed {
  const { count, least, most } = left;
  const scale = BUCKETS / (most - least);
  if (!(scale > 0 && scale < Infinity)) return left;
  sums.fill(0);
  for (let m = 0; m < count; m++) {
    const i = members[m];
    const bucket = ((keys[i] - least) * scale) | 0;
    buckets[m] = bucket;
    sums[bucket] += masses ? masses[i] : 1;
  }
  const last = ((most - least) * scale) | 0;
  let { below } = left;
  let found = 0;
  for (; found < last; found++) {
    const sum = below + sums[found];
    if (reach ? sum >= goal : sum > goal) break;
    below = sum;
  }
  let [kept, lowest, highest] = [0, Infinity, -Infinity];
  for (let m = 0; m < count; m++) {
    if (buckets[m] !== found) continue;
    const i = members[m];
    members[kept++] = i;
    if (keys[i] < lowest) lowest = keys[i];
    if (keys[i] > highest) highest = keys[i];
  }
  return { count: kept, below, least: lowest, most: highest };
}
