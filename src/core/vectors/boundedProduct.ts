import type { Bounded, Bounds } from "./boundedSearch.js";

/** Keeps 3CosMul's quotient finite; the value of Levy and Goldberg (2014), and gensim's. */
export const EPSILON = 1e-6;
/** Of bounds in single precision. */
const ROUNDING = 1e-6;

const UNKNOWN = 1;
const NONE = 2;

/**
 * Products of shifted cosines (1 + cos) / 2 over those of the vectors that are subtracted, bounded factor by factor.
 * @param cosines of the rows with each vector, not clipped; the first `positive` ones multiply, the others divide
 */
export function boundedProduct(cosines: readonly Bounded[], positive: number): Bounded {
  const [{ n, most }] = cosines;
  const products = { lower: new Float64Array(most), upper: new Float64Array(most) };
  const divisors = { lower: new Float64Array(most), upper: new Float64Array(most) };
  const states = new Uint8Array(most);
  const places = new Int32Array(most);
  const [lower, upper] = [new Float32Array(most), new Float32Array(most)];
  return {
    n,
    most,
    bounds(start, end) {
      const m = end - start;
      for (const each of [products, divisors]) {
        each.lower.fill(1);
        each.upper.fill(1);
      }
      states.fill(0);
      for (const [t, each] of cosines.entries()) multiply(each.bounds(start, end), m, t < positive ? products : divisors, states);
      for (let i = 0; i < m; i++) {
        const state = states[i];
        const least = (products.lower[i] / (divisors.upper[i] + EPSILON)) * (1 - ROUNDING);
        const greatest = (products.upper[i] / (divisors.lower[i] + EPSILON)) * (1 + ROUNDING);
        lower[i] = state === NONE ? NaN : state === UNKNOWN ? -Infinity : least;
        upper[i] = state === NONE ? NaN : state === UNKNOWN ? Infinity : greatest;
      }
      return { lower, upper };
    },
    reaching(least, count) {
      let found = 0;
      for (let i = 0; i < count; i++) if (upper[i] >= least) places[found++] = i;
      return places.subarray(0, found);
    },
    exact(row) {
      let product = 1;
      let divisor = 1;
      for (const [t, each] of cosines.entries()) {
        const shifted = (1 + each.exact(row)) / 2;
        if (t < positive) product *= shifted;
        else divisor *= shifted;
      }
      return product / (divisor + EPSILON);
    },
  };
}

/** A factor whose bounds reach below 0, as roundings of a cosine of −1 do, leaves the product unknown. */
function multiply(cosines: Bounds, m: number, into: { readonly lower: Float64Array; readonly upper: Float64Array }, states: Uint8Array): void {
  for (let i = 0; i < m; i++) {
    const least = cosines.lower[i];
    if (Number.isNaN(least)) states[i] = NONE;
    else if (least < -1) states[i] = Math.max(states[i], UNKNOWN);
    else {
      into.lower[i] *= (1 + least) / 2;
      into.upper[i] *= (1 + cosines.upper[i]) / 2;
    }
  }
}
