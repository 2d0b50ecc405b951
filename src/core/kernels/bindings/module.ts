import { Arena } from "../arena.js";
import type { Build, WasmHost, WasmMemory } from "../host.js";

/** A module's functions beside the memory that they work on; `id` tells it from all others of this thread. */
export type Module<T> = { readonly id: number; readonly exports: T; readonly memory: WasmMemory; readonly arena: Arena };

let opened = 0;

/** Starts a module with a memory of its own. `T`: the functions that it exports; pointers and sizes are numbers of bytes. */
export function openModule<T>(host: WasmHost, build: Build, topic: string, shared = false): Module<T> {
  const memory = host.memory(1, shared);
  const exports = host.instantiate(topic, build, memory);
  const heapBase = exports.heapBase as () => number;
  return { id: ++opened, exports: exports as T, memory, arena: new Arena(memory, heapBase()) };
}
