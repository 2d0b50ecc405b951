import { Hash } from "../text/hash.js";
import type { RowSet } from "./rows.js";

/** A key that is equal for equal rows: names and numbers, but not their places in a text. */
export function keyOf({ origin, n, d, names, values }: Pick<RowSet, "origin" | "n" | "d" | "names" | "values">, store: string): string {
  const numbers = new Uint32Array(values.buffer, values.byteOffset, Math.floor((n * d * values.BYTES_PER_ELEMENT) / 4));
  const hash = new Hash();
  for (let i = 0; i < numbers.length; i++) hash.add(numbers[i]);
  for (const name of names) {
    for (let i = 0; i < name.length; i++) hash.add(name.charCodeAt(i));
    hash.add(-1);
  }
  return `${origin} ${n} ${d} ${store} ${hash.text()}`;
}
