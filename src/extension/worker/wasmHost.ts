import { readFileSync } from "node:fs";
import path from "node:path";
import type { Build, WasmExports, WasmHost, WasmMemory } from "../../core/kernels/host.js";

// Node's types have no WebAssembly; this is what is used of it.
declare const WebAssembly: {
  readonly Memory: new (descriptor: { readonly initial: number; readonly maximum: number; readonly shared: boolean }) => WasmMemory;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: WasmExports };
  validate(bytes: Uint8Array): boolean;
};

/** The least modules that use a build's instructions: () => void with one of them dropped. */
const probes: Readonly<Record<Build, readonly number[]>> = {
  // v128.const 0; drop
  simd: [0xfd, 0x0c, ...new Array<number>(16).fill(0), 0x1a],
  // three times v128.const 0; f64x2.relaxed_madd; drop
  relaxed: [...new Array(3).fill([0xfd, 0x0c, ...new Array<number>(16).fill(0)]).flat(), 0xfd, 0x87, 0x02, 0x1a] as number[],
};

/** Reads modules from a folder of TOPIC.BUILD.wasm. */
export function createWasmHost(folder: string): WasmHost {
  // Compiled once: a module that is started again runs what was optimised before, and needs its file no more.
  const modules = new Map<string, object>();
  return {
    memory: (pages, shared = false) => new WebAssembly.Memory({ initial: pages, maximum: 65_536, shared }),
    supports: (build) => typeof WebAssembly === "object" && WebAssembly.validate(probe(probes[build])),
    instantiate(topic, build, memory) {
      const shared = !(memory.buffer instanceof ArrayBuffer);
      const file = `${topic}.${build}.wasm`;
      const name = shared ? `${file}, shared` : file;
      const module = modules.get(name) ?? new WebAssembly.Module(bytesFor(path.join(folder, file), shared));
      modules.set(name, module);
      return new WebAssembly.Instance(module, { env: { memory } }).exports;
    },
  };
}

/** What an import of env.memory with a limit begins with: its name, its kind, and what kind of memory. */
const importOfMemory = [6, ...new TextEncoder().encode("memory"), 2, 1];
const sharedMemory = 3;

/** A module as it was built, or for a memory that threads share: only a byte of its import tells them apart. */
function bytesFor(file: string, shared: boolean): Uint8Array {
  const bytes = readFileSync(file);
  if (!shared) return bytes;
  const at = bytes.indexOf(Uint8Array.from(importOfMemory));
  if (at < 0) throw new Error(`${file} imports no memory`);
  bytes[at + importOfMemory.length - 1] = sharedMemory;
  return bytes;
}

function probe(body: readonly number[]): Uint8Array {
  const code = [1, body.length + 2, 0, ...body, 0x0b];
  return Uint8Array.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0, 10, code.length, ...code]);
}
