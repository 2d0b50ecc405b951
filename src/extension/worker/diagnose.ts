import { msg, type Progress } from "../../core/contract/index.js";
import type { CrewState } from "../../core/kernels/crew.js";
import { kernels } from "../../core/kernels/current.js";
import { through } from "../../core/steps.js";
import { timeKernels } from "../../core/kernels/timings.js";
import type { RunId, WorkerToHost } from "../../core/protocol.js";

/** Times the kernels in use, and says how the threads that help are doing. */
export function* diagnose(run: RunId, now: () => number, crew?: () => CrewState): Generator<Progress, Extract<WorkerToHost, { type: "diagnosed" }>, void> {
  const timings = yield* through(timeKernels(kernels(), now), (fraction) => ({ fraction, message: msg("Timing the kernels") }));
  return { type: "diagnosed", run, timings, ...(crew ? { crew: crew() } : {}) };
}
