/** Elements that are sorted outright. */
const FEW = 64;
const BUCKETS = 2048;

/** Buffers that `massQuantile` uses again and again. */
export type QuantileWork = {
  /** [n] */
  readonly members: Int32Array;
  /** [BUCKETS + 1] */
  readonly masses: Float64Array;
  /** [BUCKETS + 1] */
  readonly counts: Int32Array;
};

/** Buffers for up to `n` elements. */
export function quantileWork(n: number): QuantileWork {
  return { members: new Int32Array(n), masses: new Float64Array(BUCKETS + 1), counts: new Int32Array(BUCKETS + 1) };
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
export function massQuantile(keys: Float64Array, masses: Float64Array | undefined, goal: number, reach: boolean, work: QuantileWork): number {
  const { members } = work;
  let count = 0;
  for (let i = 0; i < keys.length; i++) if (keys[i] - keys[i] === 0) members[count++] = i;
  if (count === 0) return -1;
  let below = 0;
  while (count > FEW) {
    const kept = narrow(keys, masses, goal, reach, work, count, below);
    if (kept.count === count) break;
    ({ count, below } = kept);
  }
  const few = members.subarray(0, count);
  few.sort((a, b) => keys[a] - keys[b] || a - b);
  for (let m = 0; m < count; m++) {
    below += masses ? masses[few[m]] : 1;
    if (reach ? below >= goal : below > goal) return few[m];
  }
  return few[count - 1];
}

/** Keeps the members of the bucket in which the running sum passes the goal. */
function narrow(
  keys: Float64Array,
  masses: Float64Array | undefined,
  goal: number,
  reach: boolean,
  { members, masses: sums, counts }: QuantileWork,
  count: number,
  below: number,
): { count: number; below: number } {
  let least = Infinity;
  let most = -Infinity;
  for (let m = 0; m < count; m++) {
    const key = keys[members[m]];
    if (key < least) least = key;
    if (key > most) most = key;
  }
  const scale = BUCKETS / (most - least);
  if (!(scale > 0 && scale < Infinity)) return { count, below };
  sums.fill(0);
  counts.fill(0);
  for (let m = 0; m < count; m++) {
    const i = members[m];
    const bucket = ((keys[i] - least) * scale) | 0;
    counts[bucket]++;
    sums[bucket] += masses ? masses[i] : 1;
  }
  let found = 0;
  let last = 0;
  for (let b = 0; b <= BUCKETS; b++) if (counts[b] > 0) last = b;
  for (; found < last; found++) {
    const sum = below + sums[found];
    if (reach ? sum >= goal : sum > goal) break;
    below = sum;
  }
  let kept = 0;
  for (let m = 0; m < count; m++) {
    const i = members[m];
    if ((((keys[i] - least) * scale) | 0) === found) members[kept++] = i;
  }
  return { count: kept, below };
}
