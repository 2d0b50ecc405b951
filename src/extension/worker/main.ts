import path from "node:path";
import { parentPort } from "node:worker_threads";
import { seededRandom } from "../../core/math/random.js";
import type { HostToWorker, WorkerToHost } from "../../core/protocol.js";
import { explainers } from "../../core/registry.js";
import { createDriver } from "./drive.js";
import { openSource, openTarget } from "./files.js";

if (!parentPort) throw new Error("This file is a worker's entry.");
const port = parentPort;
const post = (message: WorkerToHost, transfer: readonly ArrayBuffer[] = []) => port.postMessage(message, transfer);
const receive = createDriver({
  explainers,
  post,
  open: openSource,
  openTarget,
  // Beside the folder of the bundle.
  sequenceFolder: path.join(__dirname, "../media/models/tiny-seq2seq"),
  random: seededRandom,
  now: () => performance.now(),
  pause: () => new Promise((resolve) => setImmediate(resolve)),
});
port.on("message", (message: HostToWorker) => receive(message));
post({ type: "ready" });
