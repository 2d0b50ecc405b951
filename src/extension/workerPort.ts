import { Worker } from "node:worker_threads";
import type { WorkerToHost } from "../core/protocol.js";
import type { Clock, Spawn } from "./runner.js";
import type { WorkerStart } from "./worker/workerStart.js";

/** Workers as threads of Node. `file` is the worker's bundle. */
export function threadSpawner(file: string, start: () => WorkerStart): Spawn {
  return (events) => {
    const worker = new Worker(file, { name: "lumen", execArgv: [], workerData: start() });
    let reason: string | undefined;
    worker.on("message", (message: WorkerToHost) => events.message(message));
    worker.on("messageerror", (error) => events.exit(String(error)));
    worker.on(
      "error",
      (error: unknown) => (reason = error instanceof Error ? (error.stack ?? error.message) : String(error)),
    );
    worker.on("exit", (code) => events.exit(reason ?? `exit code ${code}`));
    return { post: (message) => worker.postMessage(message), terminate: () => void worker.terminate() };
  };
}

export const systemClock: Clock = {
  now: () => performance.now(),
  cpu: () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  },
  every(milliseconds, tick) {
    const timer = setInterval(tick, milliseconds);
    return () => clearInterval(timer);
  },
};
