/** FNV-1a over 32-bit words, twice with different bases, since one 32-bit hash meets itself too soon. */
export class Hash {
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

/** A short text that is equal for equal numbers, of which only those of single precision count. */
export function hashNumbers(values: ArrayLike<number>): string {
  const single = values instanceof Float32Array ? values : Float32Array.from(values);
  const bits = new Uint32Array(single.buffer, single.byteOffset, single.length);
  const hash = new Hash();
  for (let i = 0; i < bits.length; i++) hash.add(bits[i]);
  return `${bits.length.toString(36)}-${hash.text()}`;
}
