import { decodeWord } from "./files/utf8.js";

/** Words by their places. */
export type Words = readonly string[] | WordList;

/**
 * Words as the bytes of the file that they come from, each decoded when it is asked for: strings of hundreds of thousands of words
 * take long to make, and three times the memory.
 */
export class WordList {
  length = 0;
  private bytes: Uint8Array;
  /** [capacity + 1] where each begins, and behind it where it ends. */
  private readonly bounds: Float64Array;

  /** @param capacity so many words at most */
  constructor(capacity: number) {
    this.bytes = new Uint8Array(8 * capacity); // English words are about as long
    this.bounds = new Float64Array(capacity + 1);
  }

  /** Adds the word that bytes from … to are. */
  push(bytes: Uint8Array, from: number, to: number): void {
    let at = this.bounds[this.length];
    if (at + to - from > this.bytes.length) this.grow(at + to - from);
    const own = this.bytes;
    for (let i = from; i < to; i++) own[at++] = bytes[i];
    this.bounds[++this.length] = at;
  }

  /** Adds `count` words that stand one behind the other in bytes. @param ends [count] where each ends */
  append(bytes: Uint8Array, ends: Int32Array, count: number): void {
    if (count === 0) return;
    const at = this.bounds[this.length];
    const size = ends[count - 1];
    if (at + size > this.bytes.length) this.grow(at + size);
    this.bytes.set(bytes.subarray(0, size), at);
    for (let i = 0; i < count; i++) this.bounds[++this.length] = at + ends[i];
  }

  at(i: number): string | undefined {
    return i < this.length ? decodeWord(this.bytes, this.bounds[i], this.bounds[i + 1]) : undefined;
  }

  private grow(least: number): void {
    const larger = new Uint8Array(Math.max(least, 2 * this.bytes.length));
    larger.set(this.bytes);
    this.bytes = larger;
  }
}
