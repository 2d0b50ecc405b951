import path from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import { chooseKernels } from "../../core/kernels/choose.js";
import { useCrew } from "../../core/kernels/crew.js";
import { useKernels } from "../../core/kernels/current.js";
import { seededRandom } from "../../core/math/random.js";
import type { HostToWorker, WorkerToHost } from "../../core/protocol.js";
import { explainers } from "../../core/registry.js";
import { createCrew } from "./crew.js";
import { createDriver } from "./drive.js";
import { openSource, openTarget } from "./files.js";
import { createWasmHost } from "./wasmHost.js";
import type { WorkerStart } from "./workerStart.js";

if (!parentPort) throw new Error("This file is a worker's entry.");
const port = parentPort;
const post = (message: WorkerToHost, transfer: readonly ArrayBuffer[] = []) => port.postMessage(message, transfer);
const folder = path.join(__dirname, "kernels");
const { kernels, report } = chooseKernels(((workerData ?? {}) as Partial<WorkerStart>).kernels ?? "auto", createWasmHost(folder), () => performance.now());
useKernels(kernels);
const crew = createCrew({ file: path.join(__dirname, "crew.js"), kernels: folder, implementation: kernels.implementation, now: () => performance.now() });
useCrew(crew);
const receive = createDriver({
  explainers,
  post,
  open: openSource,
  openTarget,
  // Beside the folder of the bundle.
  sequenceFolder: path.join(__dirname, "../media/models/tiny-seq2seq"),
  crew: crew.state,
  random: seededRandom,
  now: () => performance.now(),
  pause: () => new Promise((resolve) => setImmediate(resolve)),
});
port.on("message", (message: HostToWorker) => receive(message));
post({ type: "ready", kernels: report });
