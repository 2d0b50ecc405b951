import type { Kernels } from "./kernels.js";
import { typescript } from "./typescript.js";

let inUse = typescript;

/** The implementation that this thread uses. */
export function kernels(): Kernels {
  return inUse;
}

/** Chosen once, when the thread starts: see `chooseKernels`. */
export function useKernels(chosen: Kernels): void {
  inUse = chosen;
}
