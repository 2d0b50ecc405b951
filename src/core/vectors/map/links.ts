/** Points that each of m is linked with: some of its nearest, then some that have it among theirs. */
export type Links = {
  readonly width: number;
  readonly others: Int32Array; // [m, width] −1 where there is none
  /** 1 where they were not linked before. */
  readonly fresh: Uint8Array; // [m, width]
};

/** Points between two yields. */
const STEP = 5000;

/**
 * Links points with the first of their neighbours, and these with them: of too many those that are new come first.
 * @param indices [m, k] neighbours, nearest first, and those that were linked `earlier`, if any; −1 where there is none
 * @returns how many links are new
 */
export function* link(
  { width, others, fresh }: Links,
  indices: Int32Array,
  earlier: Int32Array | undefined,
  m: number,
  k: number,
): Generator<void, number, void> {
  const wide = width / 2;
  const counts = new Uint16Array(m);
  let all = 0;
  others.fill(-1);
  for (const isNew of [1, 0]) {
    for (let i = 0; i < m; i++) {
      for (let n = 0; n < wide; n++) {
        const j = indices[i * k + n];
        if (j < 0 || isNew === (earlier && holds(earlier, i * k, wide, j) ? 1 : 0)) continue;
        others[i * width + n] = j;
        fresh[i * width + n] = isNew;
        all += isNew;
        if (counts[j] === wide) continue;
        const at = j * width + wide + counts[j]++;
        others[at] = i;
        fresh[at] = isNew;
      }
      if (i % STEP === STEP - 1) yield;
    }
  }
  return all;
}

function holds(indices: Int32Array, from: number, count: number, j: number): boolean {
  for (let at = from; at < from + count; at++) if (indices[at] === j) return true;
  return false;
}
