import { msg, type ByteSource, type Progress } from "../../contract/index.js";

/** Bytes read at once: large enough for any line, small enough that a cancel is quick. */
const CHUNK = 1 << 22;

/** A file's lines, a chunk at a time. */
export type LineChunk = {
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

/** Goes through a file in chunks that end at line ends. @throws LineTooLong */
export function* lineChunks(source: ByteSource, from = 0): Generator<LineChunk, void, void> {
  let line = 1;
  for (let at = from; at < source.size; ) {
    const bytes = source.read(at, Math.min(CHUNK, source.size - at));
    if (bytes.length === 0) return; // the file has shrunk since it was opened
    const last = at + bytes.length >= source.size;
    const end = last ? bytes.length : bytes.lastIndexOf(10) + 1;
    if (end === 0) throw new LineTooLong(line);
    at += end;
    yield { bytes, end, fraction: at / source.size };
    for (let i = bytes.indexOf(10); i >= 0 && i < end; i = bytes.indexOf(10, i + 1)) line++;
  }
}

/** How many lines hold more than blanks. */
export function* countLines(source: ByteSource, from = 0): Generator<Progress, number, void> {
  let count = 0;
  for (const { bytes, end, fraction } of lineChunks(source, from)) {
    for (let start = 0; start < end; ) {
      let stop = bytes.indexOf(10, start);
      if (stop < 0 || stop >= end) stop = end;
      if (stop > start && !(stop === start + 1 && bytes[start] === 13)) count++;
      start = stop + 1;
    }
    yield { fraction: fraction * 0.15, message: msg("Counting words") };
  }
  return count;
}
