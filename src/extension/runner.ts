import { msg, type Message, type ServerAnswer } from "../core/contract/index.js";
import type {
  HostToWorker,
  KernelReport,
  ModelSpec,
  RunEvent,
  RunId,
  SourceSpec,
  StoreSpec,
  TensorQuestion,
  Values,
  VectorQuestion,
  WorkerToHost,
} from "../core/protocol.js";
import { describeKernels } from "./kernelReport.js";

/** The seam to a worker, so that another kind of host can have its own kind. */
export type WorkerPort = { post(message: HostToWorker): void; terminate(): void };
export type WorkerEvents = {
  message(message: WorkerToHost): void;
  /** The worker has ended by itself; `detail` says why. */
  exit(detail: string): void;
};
export type Spawn = (events: WorkerEvents) => WorkerPort;

/** Time as the watchdog sees it. */
export type Clock = {
  /** Milliseconds. */
  now(): number;
  /** Milliseconds of processor time that this process has used. */
  cpu(): number;
  /** Calls back every so many milliseconds until the returned function is called. */
  every(milliseconds: number, tick: () => void): () => void;
};

export type RunRequest = {
  readonly explainer: string;
  readonly source: SourceSpec;
  readonly params: Values;
  readonly from?: RunId;
  readonly store?: StoreSpec;
  readonly model?: ModelSpec;
  readonly server?: ServerAnswer;
};
export type QuestionRequest = Omit<RunRequest, "from"> & { readonly question: unknown };
export type WriteRequest = Omit<RunRequest, "from"> & { readonly name: string; readonly at: unknown; readonly path: string };
export type RunListener = (event: RunEvent | Extract<WorkerToHost, { type: "written" | "wants" }>) => void;
export type AskListener = (event: RunEvent | Extract<WorkerToHost, { type: "answer" | "loaded" | "modelLoaded" | "inspected" }>) => void;
export type QuestionListener = (event: RunEvent | Extract<WorkerToHost, { type: "answered" }>) => void;
export type DiagnosisListener = (event: RunEvent | Extract<WorkerToHost, { type: "diagnosed" }>) => void;
type AnyEvent = Parameters<RunListener | AskListener | QuestionListener | DiagnosisListener>[0];

/** Owns the worker. Everything that is started ends in exactly one ending, whatever happens to the worker. */
export type Runner = {
  /** `run`: a number that was reserved for it. */
  run(request: RunRequest, listener: RunListener, run?: RunId): RunId;
  /** The number of a run that is to come. */
  reserve(): RunId;
  /** Asks an explainer about what a run with the same source and parameters shows. */
  question(request: QuestionRequest, listener: QuestionListener): RunId;
  write(request: WriteRequest, listener: RunListener): RunId;
  ask(question: VectorQuestion, listener: AskListener): RunId;
  load(store: StoreSpec, listener: AskListener): RunId;
  loadModel(model: ModelSpec, listener: AskListener): RunId;
  inspect(file: StoreSpec, question: TensorQuestion, listener: AskListener): RunId;
  /** Times the kernels. */
  diagnose(listener: DiagnosisListener): RunId;
  /** Nobody looks at this file any more. */
  release(uri: string): void;
  /** What the server answered about a text that the run has wanted. */
  supply(run: RunId, text: string, answer: ServerAnswer): void;
  cancel(run: RunId): void;
  stop(run: RunId): void;
  /** Ends the worker; runs under way are cancelled. The next run starts a new one. */
  end(): void;
  /** Grows whenever a worker ends: what it knew of earlier runs is then gone. */
  generation(): number;
  state(): {
    readonly worker: "none" | "starting" | "ready";
    readonly active: number;
    readonly started: number;
    readonly readyAfter: number;
    /** What the last worker calculates with; undefined before one was ready. */
    readonly kernels: KernelReport | undefined;
  };
};

const handshakeTime = 10_000;
const longestStep = 2000;
const tickTime = 250;

/** @param chosen is told what each worker calculates with */
export function createRunner(spawn: Spawn, clock: Clock, log: (line: string) => void, chosen?: (kernels: KernelReport) => void): Runner {
  const listeners = new Map<RunId, (event: AnyEvent) => void>();
  /** Runs that wait for an answer of the reader's server, in which the worker has nothing to say. */
  const waiting = new Set<RunId>();
  let lastRun = 0;
  let generation = 0;
  let started = 0;
  let readyAfter = NaN;
  let kernels: KernelReport | undefined;
  let worker: { readonly port: WorkerPort; ready: boolean; readonly spawned: number } | undefined;
  let stopWatch: (() => void) | undefined;
  // Silence is counted in this thread's own ticks and in processor time, so that neither a machine that slept nor one
  // that is merely slow loses its worker.
  let lastTick = 0;
  let silentTime = 0;
  let cpuAtSound = 0;

  function heard() {
    silentTime = 0;
    cpuAtSound = clock.cpu();
  }

  function watch() {
    heard();
    if (stopWatch) return;
    lastTick = clock.now();
    stopWatch = clock.every(tickTime, tick);
  }

  function unwatch() {
    stopWatch?.();
    stopWatch = undefined;
  }

  function tick() {
    const now = clock.now();
    silentTime += Math.min(now - lastTick, 2 * tickTime);
    lastTick = now;
    if (!worker) return unwatch();
    if (waiting.size > 0 && [...listeners.keys()].every((run) => waiting.has(run))) return heard();
    if (!worker.ready) {
      if (silentTime > handshakeTime) {
        lose(
          msg("The worker that calculates did not start. Close other programs or reload the window, then try again."),
          "no handshake",
        );
      }
    } else if (silentTime > longestStep && clock.cpu() - cpuAtSound > longestStep) {
      lose(
        msg("A single step took more than two seconds, so the run was ended. Try fewer rows, columns or components."),
        "watchdog",
      );
    }
  }

  /** The worker is of no more use: ends it and tells every run that waits. */
  function lose(message: Message, detail: string) {
    log(`worker lost: ${detail}`);
    discard();
    settleAll((run) => ({ type: "failed", run, message, detail }));
  }

  function discard() {
    unwatch();
    const old = worker;
    worker = undefined;
    if (!old) return;
    generation++;
    old.port.terminate();
  }

  function settleAll(ending: (run: RunId) => RunEvent) {
    const unended = [...listeners];
    listeners.clear();
    waiting.clear();
    for (const [run, listener] of unended) listener(ending(run));
  }

  function receive(message: WorkerToHost) {
    heard();
    if (message.type === "ready") {
      if (!worker) return;
      worker.ready = true;
      readyAfter = clock.now() - worker.spawned;
      kernels = message.kernels;
      log(`worker ready after ${Math.round(readyAfter)} ms${kernels ? `, kernels: ${describeKernels(kernels)}` : ""}`);
      if (kernels) chosen?.(kernels);
    } else if (message.type !== "beat") {
      const listener = listeners.get(message.run);
      if (message.type === "wants") waiting.add(message.run);
      else if (message.type !== "progress") listeners.delete(message.run);
      if (message.type === "failed") log(`run ${message.run} failed: ${message.detail}`);
      listener?.(message);
      if (listeners.size === 0 && worker?.ready) unwatch();
    }
  }

  function ensure(): WorkerPort {
    if (worker) return worker.port;
    started++;
    const mine = generation;
    const port = spawn({
      message: (message) => {
        if (mine === generation) receive(message);
      },
      exit: (detail) => {
        if (mine !== generation) return;
        lose(
          msg(
            "The worker that calculates ended unexpectedly. The next run starts a new one; the details are in the output channel Lumen.",
          ),
          detail,
        );
      },
    });
    worker = { port, ready: false, spawned: clock.now() };
    return port;
  }

  function begin(listener: RunListener | AskListener | QuestionListener | DiagnosisListener, messageFor: (run: RunId) => HostToWorker, run = ++lastRun): RunId {
    // The worker ends each kind of message in its own kinds of endings.
    listeners.set(run, listener as (event: AnyEvent) => void);
    try {
      const port = ensure();
      if (listeners.size === 1 || !worker?.ready) watch();
      port.post(messageFor(run));
    } catch (error) {
      // Told later, like every other ending: the caller does not know the run's number yet.
      const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
      queueMicrotask(() => {
        if (listeners.delete(run)) {
          log(`run ${run} was not started: ${detail}`);
          listener({
            type: "failed",
            run,
            message: msg("The worker that calculates could not be started. Reload the window, then try again."),
            detail,
          });
        }
      });
    }
    return run;
  }

  return {
    run: (request, listener, reserved) => begin(listener, (run) => ({ type: "run", run, ...request }), reserved),
    reserve: () => ++lastRun,
    question: (request, listener) => begin(listener, (run) => ({ type: "question", run, ...request })),
    write: (request, listener) => begin(listener, (run) => ({ type: "write", run, ...request })),
    ask: (question, listener) => begin(listener, (run) => ({ type: "ask", run, question })),
    load: (store, listener) => begin(listener, (run) => ({ type: "load", run, store })),
    loadModel: (model, listener) => begin(listener, (run) => ({ type: "loadModel", run, model })),
    inspect: (file, question, listener) => begin(listener, (run) => ({ type: "inspect", run, file, question })),
    diagnose: (listener) => begin(listener, (run) => ({ type: "diagnose", run })),
    release(uri) {
      worker?.port.post({ type: "release", uri });
    },
    supply(run, text, answer) {
      heard(); // it was silent for want of this
      waiting.delete(run);
      if (listeners.has(run)) worker?.port.post({ type: "supply", run, text, answer });
    },
    cancel(run) {
      waiting.delete(run);
      if (listeners.has(run)) worker?.port.post({ type: "cancel", run });
    },
    stop(run) {
      waiting.delete(run);
      if (listeners.has(run)) worker?.port.post({ type: "stop", run });
    },
    end() {
      discard();
      settleAll((run) => ({ type: "cancelled", run }));
    },
    generation: () => generation,
    state: () => ({
      worker: worker ? (worker.ready ? "ready" : "starting") : "none",
      active: listeners.size,
      started,
      readyAfter,
      kernels,
    }),
  };
}
