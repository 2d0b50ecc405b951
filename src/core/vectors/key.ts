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

/** FNV-1a over 32-bit words, twice with different bases, since one 32-bit hash meets itself too soon. */
class Hash {
  private a = 0x811c9dc5;
  private b = 0x050c5d1f;

  add(value: number): void {
    this.a = Math.imul(this.a ^ value, 0x01000193);
    this.b = Math.imul(this.b ^ (value + 0x9e3779b9), 0x01000193);
    // The product carries upwards only: what differs in high bits has to come down.
    this.a ^= this.a >>> 15;
    this.b ^= this.b >>> 13;
  }

  text(): string {
    return (this.a >>> 0).toString(36) + (this.b >>> 0).toString(36);
  }
}
