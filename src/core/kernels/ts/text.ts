import { isBlank, scan, scanFloats } from "../../vectors/files/scanFloat.js";
import { hashOfBytes } from "../../vectors/wordHash.js";
import { roomFor, type RowScanner, type TextKernels } from "../text.js";

export const text: TextKernels = { openRows: (size, d) => new Rows(size, d) };

class Rows implements RowScanner {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly values: Float32Array<ArrayBuffer>;
  readonly words: Uint8Array<ArrayBuffer>;
  readonly ends: Int32Array<ArrayBuffer>;
  readonly hashes: Int32Array<ArrayBuffer>;
  next = 0;
  private readonly room: number;

  constructor(
    size: number,
    private readonly d: number,
  ) {
    this.room = roomFor(d);
    this.bytes = new Uint8Array(size);
    this.values = new Float32Array(this.room * d);
    this.words = new Uint8Array(size);
    this.ends = new Int32Array(this.room);
    this.hashes = new Int32Array(this.room);
  }

  countLines(end: number): number {
    const { bytes } = this;
    let count = 0;
    for (let start = 0; start < end; ) {
      let stop = bytes.indexOf(10, start);
      if (stop < 0 || stop >= end) stop = end;
      if (stop > start && !(stop === start + 1 && bytes[start] === 13)) count++;
      start = stop + 1;
    }
    return count;
  }

  scan(from: number, end: number, most: number): number {
    const { bytes, values, words, ends, hashes, room, d } = this;
    const rows = Math.min(room, most);
    let row = 0;
    let at = 0;
    this.next = from;
    for (; row < rows && this.next < end; row++) {
      const start = this.next;
      let wordEnd = start;
      while (wordEnd < end && !isBlank(bytes[wordEnd])) wordEnd++;
      const slow = scan.count;
      const stop = lineEnd(bytes, scanFloats(bytes, wordEnd, end, d, values, row * d), end);
      // What was written in the common shape is finite.
      if (stop < 0 || (scan.count > slow && !allFinite(values, row * d, d))) break;
      hashes[row] = hashOfBytes(bytes, start, wordEnd);
      for (let i = start; i < wordEnd; i++) words[at++] = bytes[i];
      ends[row] = at;
      this.next = stop + 1;
    }
    return row;
  }
}

/** Where the line ends of which `from` … is blank; -1 when it is not, or is -1. */
function lineEnd(bytes: Uint8Array, from: number, end: number): number {
  if (from < 0) return -1;
  let i = from;
  while (i < end && bytes[i] !== 10 && isBlank(bytes[i])) i++;
  return i === end || bytes[i] === 10 ? i : -1;
}

function allFinite(values: Float32Array, from: number, d: number): boolean {
  for (let i = from; i < from + d; i++) if (values[i] - values[i] !== 0) return false;
  return true;
}
