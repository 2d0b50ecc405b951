import { parentPort } from "node:worker_threads";
import type { HostToWorker } from "../../../src/core/protocol.js";
import type { AnyExplainer } from "../../../src/core/contract/index.js";
import { createDriver } from "../../../src/extension/worker/drive.js";
import { openSource, openTarget } from "../../../src/extension/worker/files.js";
import { counter } from "./support.js";

// The worker's entry with an explainer that can be asked to misbehave.
const port = parentPort!;
const receive = createDriver({
  explainers: { counter: async () => counter as unknown as AnyExplainer },
  post: (message, transfer = []) => port.postMessage(message, transfer),
  open: openSource,
  openTarget,
  random: () => () => 0.5,
  now: () => performance.now(),
  pause: () => new Promise((resolve) => setImmediate(resolve)),
});
port.on("message", (message: HostToWorker) => receive(message));
port.postMessage({ type: "ready" });
