import { text } from "../ts/text.js";
import { roomFor, type RowScanner, type TextKernels } from "../text.js";
import type { Module } from "./module.js";

type Exports = {
  countLines(text: number, end: number): number;
  scan(text: number, from: number, end: number, d: number, most: number, values: number, words: number, ends: number, hashes: number, breaks: number): number;
  next(): number;
};

/** @param open starts the module: each scanner has one of its own, whose memory is freed with it */
export function bindText(open: () => Module<Exports>): TextKernels {
  return {
    openRows(size, d) {
      try {
        return new Rows(open(), size, d);
      } catch (error) {
        // The machine has no room for one more WebAssembly memory: it still may for plain arrays.
        if (error instanceof RangeError) return text.openRows(size, d);
        throw error;
      }
    },
  };
}

class Rows implements RowScanner {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly values: Float32Array<ArrayBuffer>;
  readonly words: Uint8Array<ArrayBuffer>;
  readonly ends: Int32Array<ArrayBuffer>;
  readonly hashes: Int32Array<ArrayBuffer>;
  private readonly room: number;
  private readonly breaks: number;

  constructor(
    private readonly module: Module<Exports>,
    size: number,
    private readonly d: number,
  ) {
    const { arena } = module;
    this.room = roomFor(d);
    arena.take(0); // counting looks at two bytes before the text
    const places = [size, 4 * this.room * d, size, 4 * this.room, 4 * this.room, 4 * (d + 2048)].map((bytes) => arena.take(bytes));
    this.bytes = arena.bytes(places[0], size);
    this.values = arena.f32(places[1], this.room * d);
    this.words = arena.bytes(places[2], size);
    this.ends = arena.i32(places[3], this.room);
    this.hashes = arena.i32(places[4], this.room);
    this.breaks = places[5];
  }

  get next(): number {
    return this.module.exports.next();
  }

  countLines(end: number): number {
    return this.module.exports.countLines(this.bytes.byteOffset, end);
  }

  scan(from: number, end: number, most: number): number {
    const { bytes, values, words, ends, hashes, breaks, room, d } = this;
    const { exports } = this.module;
    return exports.scan(bytes.byteOffset, from, end, d, Math.min(room, most), values.byteOffset, words.byteOffset, ends.byteOffset, hashes.byteOffset, breaks);
  }
}
