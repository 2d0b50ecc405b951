/** What the worker is started with. */
export type WorkerStart = {
  /** The setting lumen.kernels, as it is written. */
  readonly kernels: string;
  /** A folder for compiled code, which the next worker need not compile. */
  readonly compiled?: string;
};
