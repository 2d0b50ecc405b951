import type { ColumnStats } from "./trace.js";

export type BinRule = "auto" | "sturges" | "fd" | "scott" | "sqrt";

/** Cells of `trace.cells`: the least common multiple of 1 … 12, so that the usual bin counts are sums of whole cells. */
export const cellCount = 27720;

/**
 * Number of bins by numpy's rules (numpy.histogram_bin_edges): the rule gives a width, the bins cover min … max.
 * @param rule a rule, or the number of bins itself
 * @param dim the column, when there are several
 */
export function binCount(rule: BinRule | number, stats: ColumnStats, N: number, dim = 0): number {
  if (typeof rule === "number") return Math.max(1, Math.round(rule));
  const range = stats.max[dim] - stats.min[dim];
  const width = binWidth(rule, range, stats, N, dim);
  // A rule may ask for more bins than could be seen or held, when a few points are very far away.
  return width > 0 ? Math.min(Math.max(1, Math.ceil(range / width)), 10000) : 1;
}

function binWidth(rule: BinRule, range: number, stats: ColumnStats, N: number, dim: number): number {
  switch (rule) {
    case "sqrt":
      return range / Math.sqrt(N);
    case "sturges":
      return range / (Math.log2(N) + 1);
    case "scott":
      return Math.cbrt((24 * Math.sqrt(Math.PI)) / N) * stats.std[dim];
    case "fd":
      return (2 * (stats.q75[dim] - stats.q25[dim])) / Math.cbrt(N);
    case "auto": {
      const sturges = binWidth("sturges", range, stats, N, dim);
      const fd = binWidth("fd", range, stats, N, dim);
      return fd > 0 ? Math.min(fd, sturges) : sturges;
    }
  }
}

/**
 * Counts of values in `count` equal bins over [min, max]; every bin is closed at its left edge, the last at both, as
 * numpy's. Values outside are left out. Where min equals max, the range is one unit around it, as numpy's.
 */
export function histogram(values: ArrayLike<number>, count: number, min: number, max: number): Float64Array {
  const counts = new Float64Array(count);
  const low = max > min ? min : min - 0.5;
  const high = max > min ? max : max + 0.5;
  const width = (high - low) / count;
  const edge = (i: number) => i * width + low;
  for (let i = 0; i < values.length; i++) {
    const v = values[i];
    if (!(v >= low && v <= high)) continue;
    let bin = Math.min(Math.floor(((v - low) / (high - low)) * count), count - 1);
    // The division may land one bin off where a value lies on an edge.
    if (v < edge(bin)) bin--;
    else if (bin < count - 1 && v >= edge(bin + 1)) bin++;
    counts[bin]++;
  }
  return counts;
}

/**
 * The same from the counts of equal cells over the same range. Exact where `count` divides the number of cells; otherwise
 * a cell that straddles an edge is split in proportion.
 */
export function histogramOfCells(cells: Float64Array, count: number): Float64Array {
  const counts = new Float64Array(count);
  const n = cells.length;
  for (let c = 0; c < n; c++) {
    // In units of 1 / (n · count) of the range, cell c covers [c · count, (c + 1) · count) and bin b [b · n, (b + 1) · n).
    const end = (c + 1) * count;
    for (let from = c * count; from < end; ) {
      const bin = Math.floor(from / n);
      const to = Math.min(end, (bin + 1) * n);
      counts[bin] += (cells[c] * (to - from)) / count;
      from = to;
    }
  }
  return counts;
}
