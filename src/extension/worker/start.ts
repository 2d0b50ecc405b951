import * as module from "node:module";
import { workerData } from "node:worker_threads";
import type { WorkerStart } from "./workerStart.js";

/** Since Node 22; 20 compiles anew at every start. */
const cache: { enableCompileCache?(folder: string): unknown; flushCompileCache?(): void } = module;
/** Milliseconds after which what was compiled since is kept for the next start: subjects are read when they are first asked for. */
const keepEvery = 3000;

const { compiled } = (workerData ?? {}) as Partial<WorkerStart>;
if (compiled) cache.enableCompileCache?.(compiled);
// eslint-disable-next-line @typescript-eslint/no-require-imports -- a bundle of its own, which must not be read before
require("./calculation.js");
if (compiled) setInterval(() => cache.flushCompileCache?.(), keepEvery).unref();
