import { msg, type ByteSource, type Message, type Progress } from "../contract/index.js";
import { SourceFault, type TensorBytes } from "./tensorSource.js";

/** Unpacks raw DEFLATE (RFC 1951) piece by piece into the sink it was made with; throws when the data are damaged. */
export interface Inflater {
  push(packed: Uint8Array, last: boolean): void;
}
/** Makes an inflater; fflate's `Inflate` is one. The sink may be called any number of times a push. */
export type MakeInflater = (sink: (bytes: Uint8Array) => void) => Inflater;

const BLOCK = 1 << 20;
/** Packed bytes pushed at once: no more than 1,032 times as many come out. */
const LEAST_PUSH = 1 << 12;
const MOST_PUSH = 1 << 15;

type Run = { readonly inflater: Inflater; at: number; out: number; crc: number };

/**
 * A deflated file as one that is read by ranges. It can be unpacked only from its start: what was unpacked last stays in
 * memory, `keep` bytes at most, and what lies before is unpacked again.
 */
export class InflatedBytes implements TensorBytes {
  private readonly blocks = new Map<number, Uint8Array>();
  private run: Run | undefined;
  /** The block that is being filled. */
  private filling = new Uint8Array(0);
  /** Never dropped: one push may give more blocks than are kept. */
  private wanted = 0;

  /**
   * @param size bytes unpacked; more or fewer are a fault
   * @param crc CRC-32 of the unpacked bytes, checked when the end is reached
   */
  constructor(
    private readonly packed: ByteSource,
    readonly size: number,
    private readonly crc: number,
    private readonly make: MakeInflater,
    private readonly name: string,
    private readonly keep = 1 << 28,
  ) {}

  /** @throws SourceFault when the data are damaged */
  read(offset: number, length: number): Uint8Array {
    const result = new Uint8Array(Math.max(0, Math.min(length, this.size - offset)));
    for (let done = 0; done < result.length; ) {
      const index = Math.floor((offset + done) / BLOCK);
      const from = offset + done - index * BLOCK;
      while (!this.has(index)) this.step(index);
      const part = this.blocks.get(index)!.subarray(from, from + result.length - done);
      result.set(part, done);
      done += part.length;
    }
    return result;
  }

  *reach(offset: number, length: number): Generator<Progress, void, void> {
    const last = Math.floor((Math.min(offset + length, this.size) - 1) / BLOCK);
    for (let index = Math.floor(offset / BLOCK); index <= last; index++) {
      while (!this.has(index)) {
        this.step(index);
        yield { fraction: NaN, message: msg("Unpacking {0}", this.name) };
      }
    }
  }

  /** Whether a block is there; if so it becomes the last to be dropped. */
  private has(index: number): boolean {
    const block = this.blocks.get(index);
    if (!block) return false;
    this.blocks.delete(index);
    this.blocks.set(index, block);
    return true;
  }

  /** Unpacks a little more, from the start when the wanted block was dropped. */
  private step(index: number): void {
    this.wanted = index;
    if (!this.run || this.run.out === this.size || index < Math.floor(this.run.out / BLOCK)) this.start();
    const run = this.run!;
    const left = this.packed.size - run.at;
    if (left === 0) throw this.fault(msg("{0} unpacks to {1} bytes, not to the {2} that the archive promises. Copy or save the file again.", this.name, run.out, this.size));
    // As much as has given about a block so far.
    const wanted = run.out === 0 ? LEAST_PUSH : Math.round((BLOCK * run.at) / run.out);
    const length = Math.min(left, Math.max(LEAST_PUSH, Math.min(MOST_PUSH, wanted)));
    const bytes = this.packed.read(run.at, length);
    run.at += length;
    try {
      run.inflater.push(bytes, length === left);
    } catch (error) {
      if (error instanceof SourceFault) throw error;
      throw this.fault(msg("The packed data of {0} are damaged. Copy or save the file again.", this.name));
    }
  }

  private start(): void {
    this.filling = new Uint8Array(0);
    const run: Run = { inflater: this.make((bytes) => this.take(run, bytes)), at: 0, out: 0, crc: -1 };
    this.run = run;
  }

  private take(run: Run, bytes: Uint8Array): void {
    if (run.out + bytes.length > this.size) {
      throw this.fault(msg("{0} unpacks to more than the {1} bytes that the archive promises, as a zip bomb does. It was not read further.", this.name, this.size));
    }
    run.crc = crc32(run.crc, bytes);
    for (let done = 0; done < bytes.length; ) {
      const index = Math.floor(run.out / BLOCK);
      const at = run.out - index * BLOCK;
      if (at === 0) this.filling = new Uint8Array(Math.min(BLOCK, this.size - run.out));
      const count = Math.min(bytes.length - done, this.filling.length - at);
      this.filling.set(bytes.subarray(done, done + count), at);
      done += count;
      run.out += count;
      if (at + count === this.filling.length) this.add(index, this.filling);
    }
    if (run.out === this.size && (run.crc ^ -1) >>> 0 !== this.crc) {
      throw this.fault(msg("The packed data of {0} are damaged. Copy or save the file again.", this.name));
    }
  }

  private add(index: number, block: Uint8Array): void {
    this.blocks.set(index, block);
    for (const old of this.blocks.keys()) {
      if (this.blocks.size * BLOCK <= this.keep) return;
      if (old !== this.wanted) this.blocks.delete(old);
    }
  }

  /** A fault after which the next read starts afresh. */
  private fault(problem: Message): SourceFault {
    this.run = undefined;
    this.blocks.clear();
    return new SourceFault(problem);
  }
}

let remainders: Int32Array | undefined;

/** Continues a CRC-32 (ISO 3309) that starts at −1; its complement is the checksum. */
export function crc32(crc: number, bytes: Uint8Array): number {
  remainders ??= Int32Array.from({ length: 256 }, (_, byte) => {
    let rest = byte;
    for (let k = 0; k < 8; k++) rest = rest & 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1;
    return rest;
  });
  for (let i = 0; i < bytes.length; i++) crc = remainders[(crc ^ bytes[i]) & 255] ^ (crc >>> 8);
  return crc;
}
