import type { Mask } from "./mask.js";

/**
 * ALiBi's slope of each head (Press, Smith and Lewis 2022): 2^(−8 h / H) for h = 1 … H where H is a power of 2. For other
 * counts, as in the authors' code: the slopes of the next lower power P, then every second one of 2 P.
 */
export function alibiSlopes(heads: number): Float64Array {
  const power = 2 ** Math.floor(Math.log2(heads));
  const geometric = (count: number, h: number) => 2 ** ((-8 * (h + 1)) / count);
  return Float64Array.from({ length: heads }, (_, h) => (h < power ? geometric(power, h) : geometric(2 * power, 2 * (h - power))));
}

/**
 * What ALiBi adds to a head's scaled similarities: −slope × distance back. Keys behind the query are hidden, or with `causal`
 * false as far away as those before it.
 * @param offset keys in front of the first query
 */
export function alibiBias(slope: number, queries: number, keys: number, { causal = true, offset = 0 } = {}): Mask {
  const bias = new Float64Array(queries * keys);
  for (let i = 0; i < queries; i++) {
    for (let j = 0; j < keys; j++) {
      const back = i + offset - j;
      bias[i * keys + j] = causal && back < 0 ? -Infinity : back === 0 ? 0 : -slope * Math.abs(back);
    }
  }
  return bias;
}
