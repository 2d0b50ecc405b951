import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { Crew, CrewState } from "../../core/kernels/crew.js";
import type { Implementation } from "../../core/kernels/kernels.js";
import { Sign } from "./crewSigns.js";
import type { CrewData } from "./crewThread.js";

export type CrewOptions = {
  /** The bundle of a helper. */
  readonly file: string;
  /** The folder of the WebAssembly modules, and which of them this thread uses: helpers calculate with the same. */
  readonly kernels: string;
  readonly implementation: Implementation;
  /** How many helpers at most. */
  readonly size?: number;
  /** Milliseconds after the last job until the helpers are ended; the next job starts others. */
  readonly idle?: number;
  /** Milliseconds a helper may be at one job without an answer. */
  readonly limit?: number;
  /** Milliseconds in which nobody is asked after a helper did not get on: on a busy machine waiting for it costs more than it gains. */
  readonly rest?: number;
  /** Whether threads can share memory here. */
  readonly sharing?: boolean;
  /** Milliseconds. */
  now(): number;
};

export type HiredCrew = Crew & {
  state(): CrewState;
  /** Ends all helpers. The crew can be used again. */
  end(): Promise<void>;
};

/** One core stays for the thread that asks; more than four threads in all are left to others. */
export function usualSize(): number {
  return Math.min(availableParallelism() - 1, 3);
}

type Helper = {
  readonly worker: Worker;
  readonly signs: Int32Array<SharedArrayBuffer>;
  sent: number;
  /** Its steps when it was last asked, and since when there were no others although it had something to do. */
  steps: number;
  since: number;
};

/** More jobs than the one it is at and the next are not laid before a helper. */
const mostSent = 2;

/**
 * Threads that are started at the first job, end some time after the last, and with the worker. One that throws, dies or does not
 * answer is not replaced: what it left is done by the thread that asked.
 */
export function createCrew(options: CrewOptions): HiredCrew {
  const { idle = 10_000, limit = 5000, rest = 500, sharing = typeof SharedArrayBuffer === "function", now } = options;
  const helpers = new Set<Helper>();
  const lost: string[] = [];
  let left = sharing ? Math.max(0, options.size ?? usualSize()) : 0;
  let jobs = 0;
  let stalls = 0;
  let restingUntil = -Infinity;
  let earlierSteps = 0;
  let idleTimer: NodeJS.Timeout | undefined;

  function lose(helper: Helper, reason: string): void {
    if (!helpers.has(helper)) return;
    left--;
    lost.push(reason);
    void dismiss(helper);
  }

  function dismiss(helper: Helper): Promise<number> {
    helpers.delete(helper);
    earlierSteps += Atomics.load(helper.signs, Sign.steps);
    return helper.worker.terminate();
  }

  function hire(): void {
    const signs = new Int32Array(new SharedArrayBuffer(4 * Sign.length));
    const workerData: CrewData = { signs, kernels: options.kernels, implementation: options.implementation };
    try {
      const worker = new Worker(options.file, { name: "lumen-crew", execArgv: [], workerData });
      const helper: Helper = { worker, signs, sent: 0, steps: 0, since: now() };
      helpers.add(helper);
      worker.on("error", (error: unknown) => lose(helper, error instanceof Error ? error.message : String(error)));
      worker.on("exit", (code) => lose(helper, `exit code ${code}`));
      worker.unref();
    } catch (error) {
      left = 0;
      lost.push(error instanceof Error ? error.message : String(error));
    }
  }

  /** Jobs that it has not finished; it is lost when it takes no step for too long. */
  function waiting(helper: Helper): number {
    const unfinished = helper.sent - Atomics.load(helper.signs, Sign.finished);
    const steps = Atomics.load(helper.signs, Sign.steps);
    if (unfinished === 0 || steps !== helper.steps) helper.since = now();
    else if (now() - helper.since > limit) lose(helper, `no answer for ${limit} ms`);
    helper.steps = steps;
    return unfinished;
  }

  function endIfIdle(): void {
    idleTimer = undefined;
    if ([...helpers].some((helper) => waiting(helper) > 0)) watchIdle();
    else void end();
  }

  function watchIdle(): void {
    idleTimer ??= setTimeout(endIfIdle, idle).unref();
    idleTimer.refresh();
  }

  async function end(): Promise<void> {
    clearTimeout(idleTimer);
    idleTimer = undefined;
    await Promise.all([...helpers].map(dismiss));
  }

  return {
    get helpers() {
      return left;
    },
    stalled() {
      stalls++;
      restingUntil = now() + rest;
    },
    call(job) {
      if (now() < restingUntil) return;
      while (helpers.size < left) hire();
      for (const helper of [...helpers]) {
        if (waiting(helper) >= mostSent || !helpers.has(helper)) continue;
        helper.sent++;
        helper.worker.postMessage(job);
        Atomics.add(helper.signs, Sign.bell, 1);
        Atomics.notify(helper.signs, Sign.bell);
      }
      jobs++;
      watchIdle();
    },
    state() {
      const steps = [...helpers].reduce((sum, { signs }) => sum + Atomics.load(signs, Sign.steps), earlierSteps);
      return { sharing, helpers: left, running: helpers.size, jobs, steps, stalls, lost: [...lost] };
    },
    end,
  };
}
