import * as fc from "../../support/fastCheck.js";
import type { HeadShape } from "../../../src/core/attention/scaledDotProduct.js";

/** Numbers that are not extreme, so that sums of products keep their digits. */
export const modest = fc.double({ min: -3, max: 3, noNaN: true });

export function numbers(length: number): fc.Arbitrary<Float64Array> {
  return fc.array(modest, { minLength: length, maxLength: length }).map((list) => Float64Array.from(list));
}

export type Head = { readonly shape: HeadShape; readonly q: Float64Array; readonly k: Float64Array; readonly v: Float64Array };

const length = fc.integer({ min: 1, max: 7 });

/** A head of any small size; `square` has as many keys as queries. */
export function heads(square = false): fc.Arbitrary<Head> {
  return fc.tuple(length, length, length, length).chain(([queries, other, size, valueSize]) => {
    const keys = square ? queries : other;
    const shape = { queries, keys, size, valueSize };
    return fc.record({ shape: fc.constant(shape), q: numbers(queries * size), k: numbers(keys * size), v: numbers(keys * valueSize) });
  });
}

/** Largest difference of two lists. */
export function apart(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Infinity;
  let most = 0;
  for (let i = 0; i < a.length; i++) most = Math.max(most, Object.is(a[i], b[i]) ? 0 : Math.abs(a[i] - b[i]));
  return most;
}
