import type { ByteSource } from "../../contract/index.js";

/** Bytes read at once: few enough that they stay in a processor's cache until they are looked at. */
export const BLOCK = 1 << 19;
/** Bytes read where that is no whole line: large enough for any line, small enough that a cancel is quick. */
export const CHUNK = 1 << 22;

/** A file's lines, a chunk at a time. */
export type LineChunk = {
  /** Only until the next chunk, which is read into the same memory. */
  readonly bytes: Uint8Array;
  /** Where the last whole line of the chunk ends, its line feed included (or the file's end). */
  readonly end: number;
  readonly fraction: number;
};

/** Thrown when a line does not fit into a chunk, so that no vector file can be meant. */
export class LineTooLong extends Error {
  constructor(readonly line: number) {
    super(`line ${line} is longer than ${CHUNK} bytes`);
  }
}

/** Goes through a file in chunks that end at line ends. @param into memory for a chunk @throws LineTooLong */
export function* lineChunks(source: ByteSource, from = 0, into?: Uint8Array): Generator<LineChunk, void, void> {
  const memory = into ?? new Uint8Array(chunkSize(source, from));
  for (let at = from; at < source.size; ) {
    let bytes: Uint8Array;
    let end = 0;
    for (const most of [BLOCK, CHUNK]) {
      const length = Math.min(most, source.size - at);
      bytes = into ? readInto(into, source, at, length) : source.read(at, length, memory);
      if (bytes.length === 0) return; // the file has shrunk since it was opened
      end = at + bytes.length >= source.size ? bytes.length : bytes.lastIndexOf(10) + 1;
      if (end > 0) break;
    }
    if (end === 0) throw new LineTooLong(lineAt(source, at, memory));
    at += end;
    yield { bytes: bytes!, end, fraction: at / source.size };
  }
}

/** Reads into the begin of `memory`, also from a source that makes its own. */
export function readInto(memory: Uint8Array, source: ByteSource, offset: number, length: number): Uint8Array {
  const read = source.read(offset, length, memory);
  if (read.buffer === memory.buffer && read.byteOffset === memory.byteOffset) return read;
  memory.set(read);
  return memory.subarray(0, read.length);
}

/** The bytes of the largest chunk. */
export function chunkSize(source: ByteSource, from = 0): number {
  return Math.max(0, Math.min(CHUNK, source.size - from));
}

/** The number of the line, from 1, that holds the byte at `place`. */
function lineAt(source: ByteSource, place: number, memory: Uint8Array): number {
  let line = 1;
  for (let at = 0; at < place; ) {
    const bytes = source.read(at, Math.min(CHUNK, place - at), memory);
    if (bytes.length === 0) break;
    for (let i = bytes.indexOf(10); i >= 0; i = bytes.indexOf(10, i + 1)) line++;
    at += bytes.length;
  }
  return line;
}
