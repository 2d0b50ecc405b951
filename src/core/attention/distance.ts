import { msg, type Progress } from "../contract/index.js";
import type { Reals } from "../math/affine.js";
import { plainFrequencies } from "../models/rotary.js";

/** Multiplications between two pauses. */
const STEP = 2 ** 23;

/**
 * What the position alone makes of the similarity of a query and a key at each distance under rotary positions: the mean over
 * pairs of cos(θ_i Δ), which is q·k / |q||k| for q = k with equal lengths of all pairs (Su et al. 2021, section 3.4.3). 1 at 0.
 * @param frequencies [size / 2] radians a position
 * @param distances positions from the query to the key
 */
export function ropeScores(frequencies: ArrayLike<number>, distances: ArrayLike<number>): Float64Array {
  return Float64Array.from(distances, (distance) => {
    let sum = 0;
    for (let i = 0; i < frequencies.length; i++) sum += Math.cos(frequencies[i] * distance);
    return sum / frequencies.length;
  });
}

/**
 * The inner product of the sinusoidal codes of two positions, PE(p) · PE(p + Δ) = Σ_i cos(θ_i Δ), divided by that of a code
 * with itself: 1 at 0. It depends on the distance alone, as sin a sin b + cos a cos b = cos(a − b).
 * @param width even, so that each sine has its cosine
 */
export function sinusoidalScores(width: number, distances: ArrayLike<number>, base = 10000): Float64Array {
  return ropeScores(plainFrequencies(width, base), distances);
}

/** What ALiBi adds at each distance back, −slope × distance. */
export function alibiScores(slope: number, distances: ArrayLike<number>): Float64Array {
  return Float64Array.from(distances, (distance) => (distance === 0 ? 0 : -slope * Math.abs(distance)));
}

export type LearnedScores = {
  /** [distances] mean cosine of all positions that far apart; NaN where there are none. */
  readonly mean: Float64Array;
  /** [distances] their standard deviation: learned positions do not depend on the distance alone. */
  readonly deviation: Float64Array;
};

/**
 * Learned positions against distance: the cosine of rows p and p + Δ, over all p.
 * @param positions [rows, width]
 * @param distances whole numbers
 */
export function* learnedScores(positions: Reals, rows: number, width: number, distances: ArrayLike<number>): Generator<Progress, LearnedScores, void> {
  const norms = Float64Array.from({ length: rows }, (_, p) => {
    let squares = 0;
    for (let j = p * width; j < (p + 1) * width; j++) squares += positions[j] ** 2;
    return Math.sqrt(squares);
  });
  const mean = new Float64Array(distances.length).fill(NaN);
  const deviation = new Float64Array(distances.length).fill(NaN);
  let work = 0;
  for (let i = 0; i < distances.length; i++) {
    const distance = Math.abs(distances[i]);
    const count = rows - distance;
    if (!(count > 0)) continue;
    const cosines = new Float64Array(count);
    let sum = 0;
    for (let p = 0; p < count; p++) {
      let dot = 0;
      for (let j = 0; j < width; j++) dot += positions[p * width + j] * positions[(p + distance) * width + j];
      sum += cosines[p] = dot / (norms[p] * norms[p + distance]);
      work += width;
      if (work < STEP) continue;
      work = 0;
      yield { fraction: i / distances.length, message: msg("Comparing positions") };
    }
    mean[i] = sum / count;
    let squares = 0;
    for (const cosine of cosines) squares += (cosine - mean[i]) ** 2;
    deviation[i] = Math.sqrt(squares / count);
  }
  return { mean, deviation };
}
