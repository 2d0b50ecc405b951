const cells = 4096;

/**
 * Quantiles of many values, interpolated linearly between neighbours as numpy's default does. Exact, without sorting all:
 * equal cells are counted, and only the cell that holds a quantile is looked into. Yields every few milliseconds.
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
  const results: number[] = [];
  for (const fraction of fractions) {
    const position = fraction * (values.length - 1);
    const below = Math.floor(position);
    const [a, b] = yield* ranked(values, low, high, below);
    results.push(a === b || position === below ? a : a + (b - a) * (position - below));
    yield;
  }
  return results;
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
      if (i % 262144 === 262143) yield;
    }
    if (inside <= 65536 || !Number.isFinite(scale)) {
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
      if (i % 262144 === 262143) yield;
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
    if (i % 262144 === 262143) yield;
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
    if (i % 262144 === 262143) yield;
  }
  return upTo > rank + 1 || least === Infinity ? undefined : least;
}
