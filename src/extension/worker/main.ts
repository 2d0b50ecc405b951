import { parentPort } from "node:worker_threads";
import { explainers } from "../../core/registry.js";
import type { HostToWorker, WorkerToHost } from "../../core/protocol.js";
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
  now: () => performance.now(),
  pause: () => new Promise((resolve) => setImmediate(resolve)),
});
port.on("message", (message: HostToWorker) => receive(message));
post({ type: "ready" });
