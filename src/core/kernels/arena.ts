import type { WasmMemory } from "./host.js";

const page = 65_536;
/** Loads of 16 bytes may read past the end of an array. */
const padding = 64;
/** What 32 bits can address. */
const most = 65_536 * page;

/**
 * A module's memory, handed out from the bottom up: what is taken last is given back first. Views are of the memory as it is now:
 * taking more may move it, so that they are made anew after each `take`.
 */
export class Arena {
  private top: number;
  private bottom = 0;
  private keptBytes = 0;

  /** @param base the first byte that the module does not use itself (`__heap_base`) */
  constructor(
    private readonly memory: WasmMemory,
    base: number,
  ) {
    this.top = align(base);
  }

  /** Where to go back to with `release`. */
  mark(): number {
    return this.top;
  }

  release(mark: number): void {
    this.top = Math.max(mark, this.bottom);
  }

  /** All that is taken now stays so, whatever is released. @param mark since when it would have been given back */
  keep(mark: number): void {
    this.keptBytes += this.top - mark;
    this.bottom = this.top;
  }

  /** Bytes that would have been given back, but were kept. */
  get kept(): number {
    return this.keptBytes;
  }

  /**
   * The place of so many bytes, a multiple of 64, with 64 bytes behind them that may be read.
   * @throws RangeError when 4 GiB are not enough, or the machine has no more
   */
  take(bytes: number): number {
    const at = this.top;
    const end = align(at + bytes + padding);
    if (end > most) throw new RangeError(`${bytes} bytes do not fit: WebAssembly addresses 4 GiB`);
    const missing = end - this.memory.buffer.byteLength;
    if (missing > 0) this.memory.grow(Math.ceil(missing / page));
    this.top = end;
    return at;
  }

  bytes(at: number, length: number): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.memory.buffer, at, length);
  }

  f32(at: number, length: number): Float32Array<ArrayBuffer> {
    return new Float32Array(this.memory.buffer, at, length);
  }

  f64(at: number, length: number): Float64Array<ArrayBuffer> {
    return new Float64Array(this.memory.buffer, at, length);
  }

  i16(at: number, length: number): Int16Array<ArrayBuffer> {
    return new Int16Array(this.memory.buffer, at, length);
  }

  i32(at: number, length: number): Int32Array<ArrayBuffer> {
    return new Int32Array(this.memory.buffer, at, length);
  }
}

function align(bytes: number): number {
  return Math.ceil(bytes / 64) * 64;
}
