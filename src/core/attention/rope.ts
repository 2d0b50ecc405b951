import type { Reals } from "../math/affine.js";
import { llama3Frequencies, plainFrequencies, rotate, rotatePairs } from "../models/rotary.js";

/** Which numbers of a head form a pair: (j, j + size/2) as in Llama and GPT-NeoX, or (2j, 2j + 1) as in RoFormer and GPT-J. */
export type Pairing = "half" | "interleaved";

/** Rotary positions stretched beyond the trained length, as `ropePlan` says. */
export type RopeScaling =
  | { readonly kind: "none" }
  | { readonly kind: "linear"; readonly factor: number }
  | { readonly kind: "ntk"; readonly factor: number }
  | { readonly kind: "dynamic"; readonly factor: number; readonly trained: number; readonly length: number }
  | { readonly kind: "llama3"; readonly factor: number; readonly low: number; readonly high: number; readonly trained: number };

export type RopePlan = {
  /** The base of the wavelengths after scaling. */
  readonly base: number;
  /** What a position is divided by before it turns anything. */
  readonly divisor: number;
  /** Radians a position for each pair, the divisor not yet in them. [size / 2] */
  readonly frequencies: Float64Array;
};

/**
 * How a scaling changes rotary positions: linear interpolation divides positions (Chen et al. 2023), NTK-aware scaling enlarges
 * the base and leaves positions as they are, and Llama 3 slows slow pairs only.
 * @param size numbers of a head, even
 */
export function ropePlan(size: number, base: number, scaling: RopeScaling = { kind: "none" }): RopePlan {
  const scaled = scaledBase(size, base, scaling);
  const frequencies = plainFrequencies(size, scaled);
  return {
    base: scaled,
    divisor: scaling.kind === "linear" ? scaling.factor : 1,
    frequencies: scaling.kind === "llama3" ? llama3Frequencies(frequencies, scaling) : frequencies,
  };
}

function scaledBase(size: number, base: number, scaling: RopeScaling): number {
  if (scaling.kind === "ntk") return ntkBase(size, base, scaling.factor);
  return scaling.kind === "dynamic" ? dynamicNtkBase(size, base, scaling) : base;
}

/**
 * NTK-aware scaling (bloc97 2023): base × factor^(d/(d−2)), so that the slowest pair turns `factor` times slower and the fastest
 * as before. A single pair has no slower one: its base does not matter.
 */
export function ntkBase(size: number, base: number, factor: number): number {
  return size > 2 ? base * factor ** (size / (size - 2)) : base;
}

/** Dynamic NTK (transformers, `_compute_dynamic_ntk_parameters`): the factor grows with the text, and is 1 up to the trained length. */
export function dynamicNtkBase(size: number, base: number, { factor, trained, length }: { readonly factor: number; readonly trained: number; readonly length: number }): number {
  return length > trained ? ntkBase(size, base, (factor * length) / trained - (factor - 1)) : base;
}

/** The factor and the interpolated place of a position: of 16384 on 2048, 10000 becomes 1250. */
export function interpolated(position: number, trained: number, target: number): { readonly factor: number; readonly position: number } {
  const factor = Math.max(1, target / trained);
  return { factor, position: position / factor };
}

/** position × frequency, by position and pair. [positions, size / 2] */
export function ropeAngles(positions: ArrayLike<number>, { frequencies, divisor }: RopePlan): Float64Array {
  const pairs = frequencies.length;
  return Float64Array.from({ length: positions.length * pairs }, (_, i) => (positions[Math.floor(i / pairs)] / divisor) * frequencies[i % pairs]);
}

/**
 * Rows turned by their positions.
 * @param x [n, size]
 * @param positions [n]
 */
export function ropeRotate(x: Reals, positions: ArrayLike<number>, { frequencies, divisor }: RopePlan, pairing: Pairing = "half"): Float64Array {
  const size = 2 * frequencies.length;
  const out = Float64Array.from(x);
  const turn = pairing === "half" ? rotate : rotatePairs;
  for (let i = 0; i < positions.length; i++) turn(out, i * size, 1, size, positions[i] / divisor, frequencies);
  return out;
}
