import type { WasmMemory } from "../host.js";

/** Modules of other threads' memories that a helper keeps. */
const kept = 4;

/**
 * A helper's module on another thread's memory, which is kept for the jobs to come: each message brings another object for the
 * same memory, so that `id` tells memories apart.
 */
export function keepJoined<T>(join: (memory: WasmMemory) => T): (input: { readonly id: number; readonly memory: WasmMemory }) => T {
  const joined = new Map<number, T>();
  return ({ id, memory }) => {
    const exports = joined.get(id) ?? join(memory);
    joined.delete(id);
    joined.set(id, exports);
    for (const old of joined.keys()) if (joined.size > kept) joined.delete(old);
    return exports;
  };
}
