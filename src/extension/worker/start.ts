import * as module from "node:module";
import { workerData } from "node:worker_threads";
import type { WorkerStart } from "./workerStart.js";

/** Since Node 22; 20 compiles anew at every start. */
const cache: { enableCompileCache?(folder: string): unknown; flushCompileCache?(): void } = module;
/** Milliseconds until what was compiled is kept for the next start: the first run is under way by then. */
const keepAfter = 3000;

const { compiled } = (workerData ?? {}) as Partial<WorkerStart>;
if (compiled) cache.enableCompileCache?.(compiled);
// eslint-disable-next-line @typescript-eslint/no-require-imports -- a bundle of its own, which must not be read before
require("./calculation.js");
if (compiled) setTimeout(() => cache.flushCompileCache?.(), keepAfter).unref();
