import path from "node:path";
import type { WasmHost } from "../../src/core/kernels/host.js";
import { createWasmHost } from "../../src/extension/worker/wasmHost.js";

/** The modules as they were built. Tests and benches run in the folder of the repository. */
export const wasmHost = createWasmHost(path.resolve("dist/kernels"));

/** The same on a machine that has no more memory while `full` says so. */
export function hostThatFills(full: () => boolean): WasmHost {
  return {
    ...wasmHost,
    memory(pages, shared) {
      const memory = wasmHost.memory(pages, shared);
      const grow = memory.grow.bind(memory);
      return Object.assign(memory, {
        grow(more: number) {
          if (full()) throw new RangeError("WebAssembly.Memory.grow(): Unable to grow instance memory");
          return grow(more);
        },
      });
    },
  };
}
