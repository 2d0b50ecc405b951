const cells = 4096;

/** Values that are looked at between two yields. */
const slice = 262_144;

/** Values that are sorted at once. */
const mostSorted = 65_536;

/**
 * Quantiles of many values, interpolated linearly between neighbours as numpy's default does. Exact, without sorting all:
 * equal cells are counted, and only the cells that hold a quantile are looked into. Yields every few milliseconds.
 * @param values finite
 * @param low, high at most the least and at least the greatest value
 * @param fractions in [0, 1]
 */
export function* quantiles(
  values: Float64Array,
  low: number,
  high: number,
  fractions: readonly number[],
): Generator<void, number[], void> {
  const positions = fractions.map((fraction) => fraction * (values.length - 1));
  const inOrder = yield* someInOrder(values, low, high, positions.flatMap((position) => [Math.floor(position), Math.ceil(position)]));
  const results: number[] = [];
  for (const position of positions) {
    const below = Math.floor(position);
    const [a, b] = inOrder ? [inOrder(below), inOrder(Math.ceil(position))] : yield* ranked(values, low, high, below);
    results.push(a === b || position === below ? a : a + (b - a) * (position - below));
    yield;
  }
  return results;
}

/**
 * The values of the given ranks, from one count of cells and one look at those that hold them; undefined when too many values
 * crowd there.
 */
function* someInOrder(values: Float64Array, low: number, high: number, ranks: readonly number[]): Generator<void, ((rank: number) => number) | undefined, void> {
  const scale = cells / (high - low);
  if (!(scale > 0) || !Number.isFinite(scale)) return undefined;
  const counts = new Int32Array(cells + 1);
  for (let from = 0; from < values.length; from += slice) {
    countCells(values.subarray(from, from + slice), low, scale, counts);
    if (from + slice <= values.length) yield;
  }
  // The greatest value may be at the edge of a cell more than there are.
  const chosen = new Uint8Array(cells + 1);
  let count = 0;
  for (const rank of ranks) {
    let cell = 0;
    for (let before = counts[0]; before <= rank; before += counts[cell]) cell++;
    if (!chosen[cell]) count += counts[cell];
    chosen[cell] = 1;
  }
  if (count > mostSorted) return undefined;
  const found = new Float64Array(count);
  let n = 0;
  for (let from = 0; from < values.length; from += slice) {
    n = pickCells(values.subarray(from, from + slice), low, scale, chosen, found, n);
    if (from + slice <= values.length) yield;
  }
  found.sort();
  return (rank) => {
    let skipped = 0;
    for (let cell = 0, before = 0; before + counts[cell] <= rank; before += counts[cell++]) if (!chosen[cell]) skipped += counts[cell];
    return found[rank - skipped];
  };
}

function countCells(values: Float64Array, low: number, scale: number, counts: Int32Array): void {
  for (let i = 0; i < values.length; i++) counts[((values[i] - low) * scale) | 0]++;
}

/** Appends the values of chosen cells to the n that were found. @returns how many there are now */
function pickCells(values: Float64Array, low: number, scale: number, chosen: Uint8Array, found: Float64Array, n: number): number {
  for (let i = 0; i < values.length; i++) if (chosen[((values[i] - low) * scale) | 0]) found[n++] = values[i];
  return n;
}

/** The value of rank `rank` and the one after it (itself, at the end). */
function* ranked(values: Float64Array, low: number, high: number, rank: number): Generator<void, [number, number], void> {
  let from = low;
  let to = high;
  let before = 0; // values below `from`
  for (;;) {
    if (!(to > from)) return [from, (yield* leastAbove(values, from, rank)) ?? from];
    const counts = new Float64Array(cells);
    const scale = cells / (to - from);
    let inside = 0;
    for (let i = 0; i < values.length; i++) {
      const v = values[i];
      if (v >= from && v <= to) {
        counts[Math.min(cells - 1, Math.floor((v - from) * scale))]++;
        inside++;
      }
      if (i % slice === slice - 1) yield;
    }
    if (inside <= mostSorted || !Number.isFinite(scale)) {
      const sorted = yield* sortedBetween(values, from, to, inside);
      const value = sorted[rank - before];
      return [value, rank - before + 1 < inside ? sorted[rank - before + 1] : ((yield* leastAbove(values, value, rank)) ?? value)];
    }
    let cell = 0;
    while (before + counts[cell] <= rank) before += counts[cell++];
    // The bounds of what was counted in the cell, so that no rounding of its edges matters.
    let least = Infinity;
    let most = -Infinity;
    for (let i = 0; i < values.length; i++) {
      const v = values[i];
      if (v >= from && v <= to && Math.min(cells - 1, Math.floor((v - from) * scale)) === cell) {
        if (v < least) least = v;
        if (v > most) most = v;
      }
      if (i % slice === slice - 1) yield;
    }
    from = least;
    to = most;
  }
}

function* sortedBetween(values: Float64Array, from: number, to: number, count: number): Generator<void, Float64Array, void> {
  const found = new Float64Array(count);
  let n = 0;
  for (let i = 0; i < values.length; i++) {
    if (values[i] >= from && values[i] <= to) found[n++] = values[i];
    if (i % slice === slice - 1) yield;
  }
  return found.sort();
}

/** The least value above `v`, unless more values equal to `v` follow rank `rank`; undefined when there is none. */
function* leastAbove(values: Float64Array, v: number, rank: number): Generator<void, number | undefined, void> {
  let upTo = 0;
  let least = Infinity;
  for (let i = 0; i < values.length; i++) {
    if (values[i] <= v) upTo++;
    else if (values[i] < least) least = values[i];
    if (i % slice === slice - 1) yield;
  }
  return upTo > rank + 1 || least === Infinity ? undefined : least;
}
