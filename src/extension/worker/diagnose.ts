import { msg, type Progress } from "../../core/contract/index.js";
import type { CrewState } from "../../core/kernels/crew.js";
import { kernels } from "../../core/kernels/current.js";
import { timeKernels } from "../../core/kernels/timings.js";
import type { RunId, WorkerToHost } from "../../core/protocol.js";

/** Times the kernels in use, and says how the threads that help are doing. */
export function* diagnose(run: RunId, now: () => number, crew?: () => CrewState): Generator<Progress, Extract<WorkerToHost, { type: "diagnosed" }>, void> {
  const timing = timeKernels(kernels(), now);
  let step = timing.next();
  for (; !step.done; step = timing.next()) yield { fraction: step.value, message: msg("Timing the kernels") };
  return { type: "diagnosed", run, timings: step.value, ...(crew ? { crew: crew() } : {}) };
}
