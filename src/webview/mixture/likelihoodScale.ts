import type { Fit } from "../../core/mixture/trace.js";

/** Height of the log-likelihood curve: 0 at its lowest value, 1 at its highest. */
export type HeightScale = {
  readonly kind: "even" | "stretched";
  height(logLikelihood: number): number;
};

/** What six decimals can't show, or is within the rounding of a log-likelihood. */
const leastGain = (logLikelihood: number): number => Math.max(5e-7, 1e-10 * Math.abs(logLikelihood));

/** When the first step gains more than this part of everything, an even scale hides all that follows. */
const hidden = 0.9;

/**
 * Even, or stretched near the top: the height falls with asinh of what is still missing, in units of 1/500 of the whole
 * gain, so that a gain of a thousandth can still be seen while the first step stays the largest.
 */
export function heightScale(values: Float64Array, kind: "even" | "stretched"): HeightScale {
  let [low, high] = [Infinity, -Infinity];
  for (const v of values) {
    if (!Number.isFinite(v)) continue;
    low = Math.min(low, v);
    high = Math.max(high, v);
  }
  const range = high - low;
  // Rounding alone makes no hills, nor a slope down.
  if (!(range > leastGain(high))) return { kind, height: () => 1 };
  const unit = range / 500;
  return kind === "even"
    ? { kind, height: (v) => (v - low) / range }
    : { kind, height: (v) => 1 - Math.asinh((high - v) / unit) / Math.asinh(range / unit) };
}

/** Decimals of its values: three, or as many as tell the end from the start, six at most. */
export function likelihoodDecimals({ logLikelihood: values }: Fit): number {
  const end = values[values.length - 1];
  const gain = Math.abs(end - values[0]);
  return gain > leastGain(end) && gain < 0.01 ? decimalsOfGain(gain) : 3;
}

/** Decimals that show two digits of a gain, six at most. */
export function decimalsOfGain(gain: number): number {
  return Math.min(6, 1 - Math.floor(Math.log10(gain)));
}

/** The scale that shows most: stretched where the first step gains nearly everything. */
export function defaultScale({ logLikelihood: values }: Fit): "even" | "stretched" {
  const gain = values[values.length - 1] - values[0];
  return values.length > 3 && gain > 0 && (values[1] - values[0]) / gain > hidden ? "stretched" : "even";
}

/**
 * Player position of an iteration, fractional between kept steps. `kept` is sorted, and holds the first and last iteration.
 */
export function positionOfIteration(kept: Int32Array, iteration: number): number {
  let low = 0;
  let high = kept.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (kept[middle] < iteration) low = middle + 1;
    else high = middle;
  }
  if (low === 0 || kept[low] <= iteration) return 2 * low;
  return 2 * (low - 1 + (iteration - kept[low - 1]) / (kept[low] - kept[low - 1]));
}

/**
 * The curve as points [x0, y0, …] in pixels, thinned to the lowest and highest value of each pixel column, so that a fall
 * is never smoothed away. `xOf` and `yOf` place an iteration.
 */
export function thinned(values: Float64Array, xOf: (iteration: number) => number, yOf: (value: number) => number): Float64Array {
  const out: number[] = [];
  for (let i = 0; i < values.length;) {
    const column = Math.floor(xOf(i));
    let [low, high] = [i, i];
    let end = i;
    for (; end < values.length && Math.floor(xOf(end)) === column; end++) {
      if (values[end] < values[low]) low = end;
      if (values[end] > values[high]) high = end;
    }
    const picked = [...new Set([i, Math.min(low, high), Math.max(low, high), end - 1])].sort((a, b) => a - b);
    for (const j of picked) out.push(xOf(j), yOf(values[j]));
    i = end;
  }
  return Float64Array.from(out);
}
