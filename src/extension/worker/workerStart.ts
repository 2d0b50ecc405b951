import type { KernelChoice } from "../../core/protocol.js";

/** What the worker is started with. */
export type WorkerStart = {
  readonly kernels: KernelChoice;
  /** A folder for compiled code, which the next worker need not compile. */
  readonly compiled?: string;
};
