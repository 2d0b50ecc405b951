import { binCount, type BinRule } from "../../core/mixture/histogram.js";
import { evaluator, varianceOf } from "../../core/mixture/evaluate.js";
import type { Mixture, MixtureTrace } from "../../core/mixture/trace.js";

/** What the reader may choose: one of numpy's rules or a number of bins. */
export type BinChoice = BinRule | number;

/** Density histogram split by share. */
export type Bars = {
  readonly count: number;
  readonly min: number;
  readonly width: number;
  readonly parts: Float64Array; // [count, P] density of each part; P = K, or 1 before the first E-step
  readonly heights: Float64Array; // [count]
};

/** Number of bins by a rule, at least one; more than the panel can show are never useful. */
export function binsOf(trace: MixtureTrace, rule: BinChoice): number {
  return Math.max(1, Math.min(500, binCount(rule, trace.stats, trace.N)));
}

/**
 * Bars of equal width from min to max whose areas sum to 1, each stacked by the summed responsibilities of its numbers.
 * `shares` are those of the drawn points [M, K]; when only a sample is drawn, the trace's cells of all rows are shared
 * out by `mixture` at each cell's middle.
 */
export function barsOf(trace: MixtureTrace, count: number, shares: Float64Array | null, mixture: Mixture): Bars {
  const [min, max] = [trace.stats.min[0], trace.stats.max[0]];
  const width = (max - min) / count || 1;
  const P = shares ? trace.K : 1;
  const parts = new Float64Array(count * P);
  const add = (x: number, amount: number, own: Float64Array | null, offset: number): void => {
    const bin = Math.max(0, Math.min(count - 1, Math.floor((x - min) / width)));
    if (!own) parts[bin] += amount;
    else for (let k = 0; k < P; k++) parts[bin * P + k] += amount * own[offset + k];
  };
  if (trace.cells) {
    const { cells } = trace;
    const cell = (max - min) / cells.length;
    const point = new Float64Array(1);
    const own = shares ? new Float64Array(P) : null;
    const evaluate = evaluator(mixture);
    for (let c = 0; c < cells.length; c++) {
      if (cells[c] === 0) continue;
      point[0] = min + (c + 0.5) * cell;
      if (own) evaluate.responsibilities(point, 0, own);
      add(point[0], cells[c], own, 0);
    }
  } else {
    for (let i = 0; i < trace.points.length; i++) add(trace.points[i], 1, shares, i * P);
  }
  const heights = new Float64Array(count);
  for (let b = 0; b < count; b++) {
    for (let p = 0; p < P; p++) heights[b] += parts[b * P + p] /= trace.N * width;
  }
  return { count, min, width, parts, heights };
}

/** Weighted component densities at evenly spaced x, and their sum. */
export type Curves = {
  readonly x: Float64Array; // [n]
  readonly components: readonly Float64Array[]; // K of [n]
  readonly mixture: Float64Array; // [n]
};

export function curvesOf(mixture: Mixture, x: Float64Array): Curves {
  const { K } = mixture;
  const components = Array.from({ length: K }, () => new Float64Array(x.length));
  const sum = new Float64Array(x.length);
  for (let k = 0; k < K; k++) {
    const { weight, mean, sd } = bellOf(mixture, k);
    const scale = weight / (sd * Math.sqrt(2 * Math.PI));
    for (let i = 0; i < x.length; i++) {
      const z = (x[i] - mean) / sd;
      sum[i] += components[k][i] = scale * Math.exp(-0.5 * z * z);
    }
  }
  return { x, components, mixture: sum };
}

/** One component of a 1-D mixture in the reader's terms. */
export function bellOf(mixture: Mixture, k: number): { readonly weight: number; readonly mean: number; readonly sd: number; readonly peak: number } {
  const sd = Math.sqrt(Math.max(varianceOf(mixture, k, 0), Number.MIN_VALUE));
  const weight = mixture.weights[k];
  return { weight, mean: mixture.means[k], sd, peak: weight / (sd * Math.sqrt(2 * Math.PI)) };
}

/** Range of an axis for data in [min, max], padded by 7% at each end; around a single value half its size, or half a unit. */
export function paddedRange(min: number, max: number): [number, number] {
  const pad = (max - min) * 0.07 || Math.max(1, Math.abs(min)) / 2;
  return [min - pad, max + pad];
}

/** `n` evenly spaced values over a range, and finer ones around each mean, so that narrow bells keep their peak. */
export function gridOf([low, high]: readonly [number, number], n: number, mixture: Mixture): Float64Array {
  const xs: number[] = [];
  for (let i = 0; i <= n; i++) xs.push(low + ((high - low) * i) / n);
  const step = (high - low) / n;
  for (let k = 0; k < mixture.K; k++) {
    const { mean, sd } = bellOf(mixture, k);
    if (sd > 4 * step) {
      if (mean > low && mean < high) xs.push(mean);
      continue;
    }
    for (let j = -16; j <= 16; j++) {
      const x = mean + (j * sd) / 4;
      if (x > low && x < high) xs.push(x);
    }
  }
  return Float64Array.from(xs).sort();
}

/** Decimals with which a value of the data's scale is written: `digits` of them for a spread of about one. */
export function decimalsFor(spread: number, digits: number): number {
  return spread > 0 && Number.isFinite(spread) ? Math.min(12, Math.max(0, digits - Math.round(Math.log10(spread)))) : digits;
}

/** First position in a sorted array whose value is not below `v`. */
export function lowerBound(sorted: Float64Array, v: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < v) low = middle + 1;
    else high = middle;
  }
  return low;
}
