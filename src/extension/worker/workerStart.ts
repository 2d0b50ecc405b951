import type { KernelChoice } from "../../core/protocol.js";

/** What the worker is started with. */
export type WorkerStart = {
  readonly kernels: KernelChoice;
  /** A folder for compiled code, which saves some 30 ms at the next start. */
  readonly compiled?: string;
};
