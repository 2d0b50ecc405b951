import { msg, type Message, type Progress } from "../contract/index.js";
import type { Tensor } from "./tensorFile.js";
import { decode, dtypeSizes, isWhole } from "./tensorTypes.js";

/** What the numbers of a tensor are like. Mean, std, min, max and histogram are of the finite ones, NaN when there are none. */
export type Statistics = {
  readonly count: number; // elements in all
  readonly finite: number;
  readonly nan: number;
  readonly positiveInfinity: number;
  readonly negativeInfinity: number;
  readonly zeros: number;
  readonly min: number;
  readonly max: number;
  /** NaN until the second pass ends. */
  readonly mean: number;
  /** Of the population, as numpy's `std`: divided by the count. */
  readonly std: number;
  readonly histogram: Histogram | null;
};
/** Bin k holds edges[k] ≤ x < edges[k + 1], the last also its upper edge, as numpy's `histogram` counts. */
export type Histogram = { readonly edges: Float64Array /* [K + 1] */; readonly counts: Float64Array /* [K] */ };

const SLICE = 1 << 17;

/**
 * Goes through a tensor twice: first for the counts and the range, then for mean, spread and histogram. The second works
 * on numbers divided by a power of two near the largest, so that squares of the largest doubles don't overflow; means of
 * slices are joined after Chan, Golub and LeVeque, "Updating formulae …" (1979).
 * @throws SourceFault
 */
export function* tensorStatistics(tensor: Tensor, bins = 64): Generator<Progress<Statistics>, Statistics, void> {
  const { size, dtype } = tensor;
  let nan = 0;
  let positiveInfinity = 0;
  let negativeInfinity = 0;
  let zeros = 0;
  let min = Infinity;
  let max = -Infinity;
  let seen = 0;
  const known = (): Statistics => {
    const finite = seen - nan - positiveInfinity - negativeInfinity;
    const range = finite === 0 ? { min: NaN, max: NaN } : { min, max };
    return { count: size, finite, nan, positiveInfinity, negativeInfinity, zeros, ...range, mean: NaN, std: NaN, histogram: null };
  };
  yield* slices(tensor, 0, msg("Finding the range"), known, (values) => {
    for (let i = 0; i < values.length; i++) {
      const value = values[i];
      if (value - value === 0) {
        if (value < min) min = value;
        if (value > max) max = value;
        if (value === 0) zeros++;
      } else if (value !== value) nan++;
      else if (value > 0) positiveInfinity++;
      else negativeInfinity++;
    }
    seen += values.length;
  });
  const range = known();
  if (range.finite === 0) return range;

  const scale = 2 ** Math.min(1023, Math.floor(Math.log2(Math.max(-min, max, 2 ** -1000))));
  const edges = edgesOf(min, max, scale, isWhole(dtype), bins);
  const bin = binner(edges, scale);
  const inverse = 1 / scale; // a power of two as well, so that products with it are the quotients
  const counts = new Float64Array(edges.length - 1);
  let n = 0;
  let mean = 0;
  let spread = 0; // sum of squared distances from the mean
  yield* slices(tensor, 0.5, msg("Counting the numbers"), () => range, (values) => {
    let count = 0;
    let sum = 0;
    for (let i = 0; i < values.length; i++) {
      const value = values[i];
      if (value - value !== 0) continue;
      counts[bin(value)]++;
      const scaled = value * inverse;
      values[count++] = scaled;
      sum += scaled;
    }
    if (count === 0) return;
    const here = sum / count;
    let squares = 0;
    for (let i = 0; i < count; i++) {
      const distance = values[i] - here;
      squares += distance * distance;
    }
    const step = here - mean;
    spread += squares + (step * step * n * count) / (n + count);
    mean += (step * count) / (n + count);
    n += count;
  });
  // Rounding must not tell equal numbers apart.
  if (min === max) return { ...range, mean: min, std: 0, histogram: { edges, counts } };
  return { ...range, mean: mean * scale, std: Math.sqrt(spread / n) * scale, histogram: { edges, counts } };
}

/** Equal bins from `min` to `max`; of whole numbers a bin for each when they are few. */
function edgesOf(min: number, max: number, scale: number, whole: boolean, bins: number): Float64Array {
  // Above 2^52 there is nothing between whole numbers to put an edge at.
  if (whole && max - min < bins && Math.max(-min, max) < 2 ** 52) return Float64Array.from({ length: max - min + 2 }, (_, k) => min + k - 0.5);
  if (min === max) return Float64Array.of(min, max);
  const step = (max / scale - min / scale) / bins;
  return Float64Array.from({ length: bins + 1 }, (_, k) => (k === 0 ? min : k === bins ? max : (min / scale + k * step) * scale));
}

/** The bin of a number. The quotient may be one off by rounding, which its edges put right. */
function binner(edges: Float64Array, scale: number): (value: number) => number {
  const last = edges.length - 2;
  const inverse = 1 / scale;
  const low = edges[0] * inverse;
  const perWidth = (last + 1) / (edges[last + 1] * inverse - low);
  if (!Number.isFinite(perWidth)) return () => 0;
  return (value) => {
    let k = ((value * inverse - low) * perWidth) | 0; // no number is below the first edge
    if (k > last) k = last;
    while (k > 0 && value < edges[k]) k--;
    while (k < last && value >= edges[k + 1]) k++;
    return k;
  };
}

/** Hands all elements over in the file's order, a slice at a time; `values` is the taker's until the next. */
function* slices(
  tensor: Tensor,
  fraction: number,
  message: Message,
  trace: () => Statistics,
  take: (values: Float64Array) => void,
): Generator<Progress<Statistics>, void, void> {
  const { dtype, littleEndian, bytes, offset, size } = tensor;
  const item = dtypeSizes[dtype];
  const buffer = new Float64Array(Math.min(SLICE, size));
  for (let done = 0; done < size; ) {
    const count = Math.min(SLICE, size - done);
    if (bytes.reach) yield* bytes.reach(offset + done * item, count * item);
    const raw = bytes.read(offset + done * item, count * item);
    decode(raw, buffer, { dtype, littleEndian, from: 0, stride: item, count, at: 0, outStride: 1 });
    take(count === buffer.length ? buffer : buffer.subarray(0, count));
    done += count;
    yield { fraction: fraction + done / size / 2, message, trace };
  }
}
