/** The two builds of every module. Relaxed SIMD fuses products and sums where the processor can; Node 20 refuses it. */
export const builds = ["relaxed", "simd"] as const;
export type Build = (typeof builds)[number];

/** A WebAssembly.Memory: `buffer` is another one after it has grown. */
export interface WasmMemory {
  /** One that threads share has a SharedArrayBuffer, which is used in the same way. */
  readonly buffer: ArrayBuffer;
  /** By so many pages of 64 KiB. @throws RangeError when there is no room for them */
  grow(pages: number): number;
}

export type WasmExports = Readonly<Record<string, unknown>>;

/** What core needs of the thread it runs in to use WebAssembly: it reads no files itself. */
export interface WasmHost {
  /** @param shared whether other threads can be given it */
  memory(pages: number, shared?: boolean): WasmMemory;
  /** Whether the machine understands a build. */
  supports(build: Build): boolean;
  /** A module's functions, its memory being `memory`. @throws when the module is missing or is not understood */
  instantiate(topic: string, build: Build, memory: WasmMemory): WasmExports;
}
