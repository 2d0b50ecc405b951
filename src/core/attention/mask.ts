/**
 * Masks as what is added to scaled similarities before the softmax: 0 where a query may attend to a key, −Infinity where it may
 * not, or any other bias. All are [queries, keys], row-major.
 */
export type Mask = Float64Array;

/**
 * Query i sees the keys up to i + offset.
 * @param offset keys in front of the first query: 0 puts query 0 at key 0, as torch's `is_causal` does; keys − queries puts the
 *   last query at the last key, as a model does that goes on behind a cache
 */
export function causalMask(queries: number, keys: number, offset = 0): Mask {
  return maskOf(queries, keys, (i, j) => j <= i + offset);
}

/** Hides keys from every query, such as padding. */
export function paddingMask(queries: number, open: ArrayLike<number | boolean>): Mask {
  return maskOf(queries, open.length, (_, j) => Boolean(open[j]));
}

/** A boolean mask: true (or not 0) where a query may attend to a key, as in torch's scaled_dot_product_attention. */
export function booleanMask(queries: number, keys: number, allowed: ArrayLike<number | boolean>): Mask {
  return maskOf(queries, keys, (i, j) => Boolean(allowed[i * keys + j]));
}

/** All masks at once: what one hides stays hidden, and biases add up. @returns undefined when there is none */
export function combineMasks(...masks: readonly (Mask | undefined)[]): Mask | undefined {
  const given = masks.filter((mask) => mask !== undefined);
  if (given.length <= 1) return given[0];
  const all = given[0].slice();
  // +Infinity and −Infinity have no sum; the one that hides wins.
  for (const mask of given.slice(1)) all.forEach((value, i) => (all[i] = value === -Infinity || mask[i] === -Infinity ? -Infinity : value + mask[i]));
  return all;
}

/** The queries to which a mask leaves no key: their softmax is 0/0. */
export function emptyRows(mask: Mask, queries: number, keys: number): number[] {
  const empty: number[] = [];
  for (let i = 0; i < queries; i++) {
    let open = 0;
    for (let j = 0; j < keys; j++) if (mask[i * keys + j] !== -Infinity) open++;
    if (open === 0) empty.push(i);
  }
  return empty;
}

function maskOf(queries: number, keys: number, sees: (query: number, key: number) => boolean): Mask {
  const mask = new Float64Array(queries * keys);
  for (let i = 0; i < queries; i++) for (let j = 0; j < keys; j++) if (!sees(i, j)) mask[i * keys + j] = -Infinity;
  return mask;
}
