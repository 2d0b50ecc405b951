import { Arena } from "../arena.js";
import type { Build, WasmHost } from "../host.js";

/** A module's functions beside the memory that they work on. */
export type Module<T> = { readonly exports: T; readonly arena: Arena };

/** Starts a module with a memory of its own. `T`: the functions that it exports; pointers and sizes are numbers of bytes. */
export function openModule<T>(host: WasmHost, build: Build, topic: string): Module<T> {
  const memory = host.memory(1);
  const exports = host.instantiate(topic, build, memory);
  const heapBase = exports.heapBase as () => number;
  return { exports: exports as T, arena: new Arena(memory, heapBase()) };
}
