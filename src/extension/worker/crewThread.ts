import { parentPort, receiveMessageOnPort, workerData } from "node:worker_threads";
import { chooseKernels } from "../../core/kernels/choose.js";
import type { Job } from "../../core/kernels/crew.js";
import { useKernels } from "../../core/kernels/current.js";
import type { Implementation } from "../../core/kernels/kernels.js";
import { takePart, type Task } from "../../core/kernels/pieces.js";
import { Sign } from "./crewSigns.js";
import { createWasmHost } from "./wasmHost.js";

/** What a helper is started with. */
export type CrewData = {
  readonly signs: Int32Array<SharedArrayBuffer>;
  /** The folder of the WebAssembly modules. */
  readonly kernels: string;
  readonly implementation: Implementation;
};

/** The life of a helper: sleeps until the bell rings, and takes part in what it is sent. Never returns; an error ends the thread. */
export function serve(tasksOf: () => readonly Task<never>[]): never {
  const { signs, kernels: folder, implementation } = workerData as CrewData;
  const { kernels, report } = chooseKernels(implementation, createWasmHost(folder), () => performance.now());
  if (kernels.implementation !== implementation) throw new Error(`${implementation} is not to be had here: ${report.refused[0]?.reason ?? "unknown"}`);
  useKernels(kernels);
  const tasks = tasksOf();
  for (;;) {
    const bell = Atomics.load(signs, Sign.bell);
    const message = receiveMessageOnPort(parentPort!) as { readonly message: Job } | undefined;
    if (!message) Atomics.wait(signs, Sign.bell, bell);
    else {
      takePart(message.message, tasks, () => Atomics.add(signs, Sign.steps, 1));
      Atomics.add(signs, Sign.finished, 1);
    }
  }
}
