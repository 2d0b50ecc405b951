import {
  checkParams,
  msg,
  type AnyExplainer,
  type Env,
  type Explainers,
  type ParamSchema,
  type ParamsOf,
  type Parsed,
  type Problem,
  type Progress,
  type ServerAnswer,
} from "../../core/contract/index.js";
import type { CrewState } from "../../core/kernels/crew.js";
import type { HostToWorker, RunEvent, RunId, SourceSpec, Values, WorkerToHost } from "../../core/protocol.js";
import { compact, transferable } from "./buffers.js";
import { diagnose } from "./diagnose.js";
import { endingFor } from "./endings.js";
import type { Opened, TextTarget } from "./files.js";
import { createInputs } from "./inputs.js";
import { Later } from "./later.js";

/** What the driver needs from the thread it lives in. */
export type DriveOptions = {
  readonly explainers: Explainers;
  post(message: WorkerToHost, transfer?: readonly ArrayBuffer[]): void;
  open(spec: SourceSpec): Opened;
  openTarget(path: string): TextTarget;
  /** The folder of the encoder-decoder that ships with Lumen; without it, runs have none. */
  readonly sequenceFolder?: string;
  readonly crew?: () => CrewState;
  /** Uniform numbers in [0, 1) for a seed. */
  random(seed: number): () => number;
  /** Milliseconds. */
  now(): number;
  /** Lets messages in. */
  pause(): Promise<void>;
};

/** How long a slice of work takes before messages are let in. */
const sliceTime = 12;
const progressTime = 100;
const beatTime = 250;
const carriesKept = 64;

type Job = {
  readonly run: RunId;
  cancelled: boolean;
  stopping: boolean;
  /** What the server answered, by the text it was asked about; one that failed is asked anew by the next run. */
  readonly supplied: Map<string, ServerAnswer>;
  /** Goes on with a run that waits for an answer. */
  wake?: () => void;
};
type Ending =
  Exclude<RunEvent, { type: "progress" }> | Extract<WorkerToHost, { type: "written" | "answer" | "answered" | "loaded" | "modelLoaded" | "inspected" | "diagnosed" }>;
type Steps = Generator<Progress<unknown>, Ending, void>;

/**
 * Carries runs out a slice at a time, several side by side, and answers each with exactly one ending. A run that is
 * asked to be cancelled ends after the step it is in. Returns the receiver of messages.
 */
export function createDriver(options: DriveOptions): (message: HostToWorker) => void {
  const { post, now, pause } = options;
  const jobs = new Map<RunId, Job>();
  const inputs = createInputs();
  const carries = new Map<RunId, unknown>();
  const explainers = new Map(Object.entries(options.explainers).map(([id, load]) => [id, new Later(load)]));
  const desk = new Later(async () => (await import("./vectorDesk.js")).createVectorDesk(options.open));
  const models = new Later(async () => (await import("./modelDesk.js")).createModelDesk());
  const sequences = new Later(async () => (await import("./sequenceDesk.js")).createSequenceDesk(options.sequenceFolder!));
  const tensors = new Later(async () => (await import("./tensorDesk.js")).createTensorDesk());
  let lastBeat = now();

  /** Reads the source, or takes the input read last. */
  function* read(explainer: AnyExplainer, spec: SourceSpec): Generator<Progress, Parsed<unknown>, void> {
    const opened = options.open(spec);
    try {
      const key = `${explainer.id}\n${opened.key}`;
      const held = inputs.get(key);
      if (held) return { ok: true, input: held.input, problems: held.problems };
      inputs.forget(spec.uri);
      const source = typeof opened.source === "function" ? yield* opened.source() : { ok: true as const, input: opened.source };
      if (!source.ok) return source;
      const parsed = yield* explainer.parse(source.input);
      if (parsed.ok) inputs.put(key, spec.uri, parsed.input, parsed.problems);
      return parsed;
    } finally {
      opened.close();
    }
  }

  /** What a run or an answer may use beside its input. */
  function envFor(params: Values, { store, model, server }: Extract<HostToWorker, { type: "run" | "question" | "write" }>, job: Job): Env {
    const seed = typeof params.random_state === "number" ? params.random_state : 0;
    return {
      random: options.random(seed),
      stopping: () => job.stopping,
      now,
      ...(store ? { vectors: { name: store.builtIn ? "" : store.name, read: () => desk.use((each) => each.attach(store)) } } : {}),
      ...(model ? { model: { name: model.name, read: () => models.use((each) => each.attach(model)) } } : {}),
      ...(options.sequenceFolder === undefined ? {} : { sequenceModel: { name: "", read: () => sequences.use((each) => each.read()) } }),
      ...(server ? { server, asked: (text) => job.supplied.get(text) } : {}),
    };
  }

  function* runSteps(message: Extract<HostToWorker, { type: "run" }>, job: Job): Steps {
    const { run } = message;
    const prepared = yield* prepare(explainers, message.explainer, message.params);
    if ("problems" in prepared) return { type: "invalid", run, problems: prepared.problems };
    const { explainer, params } = prepared;
    const parsed = yield* read(explainer, message.source);
    if (!parsed.ok) return { type: "invalid", run, problems: parsed.problems };
    const carried = message.from === undefined ? undefined : carries.get(message.from);
    const env: Env = { ...envFor(params, message, job), carried };
    const outcome = yield* explainer.run(parsed.input, params, env);
    const problems = [...parsed.problems, ...outcome.problems];
    if (!outcome.ok && outcome.problems.length === 0 && job.stopping) return { type: "cancelled", run };
    if (!outcome.ok) return { type: "invalid", run, problems, columns: outcome.columns };
    const carry = explainer.carry?.(outcome.trace);
    if (carry !== undefined) carries.set(run, carry);
    for (const old of carries.keys()) if (carries.size > carriesKept) carries.delete(old);
    return { type: "trace", run, trace: outcome.trace, problems };
  }

  function* questionSteps(message: Extract<HostToWorker, { type: "question" }>, job: Job): Steps {
    const { run, question } = message;
    const prepared = yield* prepare(explainers, message.explainer, message.params);
    if ("problems" in prepared) return { type: "invalid", run, problems: prepared.problems };
    const { explainer, params } = prepared;
    const parsed = yield* read(explainer, message.source);
    if (!parsed.ok) return { type: "invalid", run, problems: parsed.problems };
    if (!explainer.answer) throw new Error(`${explainer.id} answers no questions`);
    const answer = yield* explainer.answer(parsed.input, params, question, envFor(params, message, job));
    return { type: "answered", run, answer };
  }

  function* writeSteps(message: Extract<HostToWorker, { type: "write" }>, job: Job): Steps {
    const { run, name, path } = message;
    const prepared = yield* prepare(explainers, message.explainer, message.params);
    if ("problems" in prepared) return { type: "invalid", run, problems: prepared.problems };
    const { explainer, params } = prepared;
    const parsed = yield* read(explainer, message.source);
    if (!parsed.ok) return { type: "invalid", run, problems: parsed.problems };
    if (!explainer.write) throw new Error(`${explainer.id} writes no exports`);
    if (message.store) yield* desk.wait(); // an export can't say what it waits for
    const target = options.openTarget(path);
    let complete = false;
    try {
      for (const piece of explainer.write(name, parsed.input, params, message.at, envFor(params, message, job))) {
        target.write(piece);
        yield { fraction: NaN, message: msg("Writing {0}", name) };
      }
      target.finish();
      complete = true;
    } finally {
      if (!complete) target.abandon();
    }
    return { type: "written", run, path };
  }

  function* askSteps({ run, question }: Extract<HostToWorker, { type: "ask" }>): Steps {
    return { type: "answer", run, answer: yield* desk.use((each) => each.ask(question)) };
  }

  function* loadSteps({ run, store }: Extract<HostToWorker, { type: "load" }>): Steps {
    const parsed = yield* desk.use((each) => each.load(store));
    const { problems } = parsed;
    if (!parsed.ok) return { type: "invalid", run, problems };
    return { type: "loaded", run, words: parsed.input.n, dimensions: parsed.input.d, problems };
  }

  function* loadModelSteps({ run, model }: Extract<HostToWorker, { type: "loadModel" }>): Steps {
    const parsed = yield* models.use((each) => each.attach(model));
    const { problems } = parsed;
    if (!parsed.ok) return { type: "invalid", run, problems };
    const { family, layers, parameters } = parsed.input;
    return { type: "modelLoaded", run, family, layers, parameters, problems };
  }

  function* inspectSteps({ run, file, question }: Extract<HostToWorker, { type: "inspect" }>): Steps {
    const parsed = yield* tensors.use((each) => each.ask(file, question));
    return parsed.ok ? { type: "inspected", run, answer: parsed.input } : { type: "invalid", run, problems: parsed.problems };
  }

  async function drive(steps: Steps, job: Job): Promise<Ending> {
    let progressAt = now() + progressTime;
    await pause(); // a newer message may already take its place
    for (;;) {
      if (job.cancelled) {
        steps.return({ type: "cancelled", run: job.run });
        return { type: "cancelled", run: job.run };
      }
      const begun = now();
      let progress: Progress<unknown>;
      do {
        const next = steps.next();
        if (next.done) return next.value;
        progress = next.value;
      } while (!progress.urgent && !progress.until && progress.wants === undefined && now() - begun < sliceTime);
      if (progress.urgent || now() >= progressAt) progressAt = report(progress, job.run);
      if (progress.wants !== undefined) await supply(progress.wants, job);
      await progress.until;
      if (now() - lastBeat >= beatTime) {
        lastBeat = now();
        post({ type: "beat" });
      }
      await pause();
    }
  }

  /** Waits for the host to ask the server; a run that is cancelled or stopped waits no longer. */
  function supply(text: string, job: Job): Promise<void> | undefined {
    if (job.cancelled || job.stopping) return undefined;
    return new Promise((resolve) => {
      job.wake = resolve;
      post({ type: "wants", run: job.run, text });
    });
  }

  /** Sends progress and returns when it may be sent next: a picture that takes long to build is built less often. */
  function report({ fraction, message, trace }: Progress<unknown>, run: RunId): number {
    const begun = now();
    const shown = trace ? { trace: compact(trace()) } : {}; // copied, since the run goes on with its buffers
    post({ type: "progress", run, fraction, message, ...shown });
    const ended = now();
    return ended + Math.max(progressTime, 4 * (ended - begun));
  }

  function end(ending: Ending) {
    const kept = () => [...inputs.all(), ...carries.values(), ...(desk.done?.held() ?? [])];
    if (ending.type === "trace") {
      const trace = compact(ending.trace);
      post({ ...ending, trace }, transferable(trace, [...kept(), ending.problems]));
    } else if (ending.type === "answered") {
      const answer = compact(ending.answer);
      post({ ...ending, answer }, transferable(answer, kept()));
    } else if (ending.type === "inspected" && ending.answer.kind === "window") post(ending, transferable(ending.answer, []));
    else post(ending);
  }

  async function start(run: RunId, stepsOf: (job: Job) => Steps) {
    const job: Job = { run, cancelled: false, stopping: false, supplied: new Map() };
    jobs.set(run, job);
    try {
      end(await drive(stepsOf(job), job));
    } catch (error) {
      post(endingFor(error, run));
    } finally {
      jobs.delete(run);
    }
  }

  return (message) => {
    switch (message.type) {
      case "run":
        return void start(message.run, (job) => runSteps(message, job));
      case "question":
        return void start(message.run, (job) => questionSteps(message, job));
      case "write":
        return void start(message.run, (job) => writeSteps(message, job));
      case "ask":
        return void start(message.run, () => askSteps(message));
      case "load":
        return void start(message.run, () => loadSteps(message));
      case "loadModel":
        return void start(message.run, () => loadModelSteps(message));
      case "inspect":
        return void start(message.run, () => inspectSteps(message));
      case "diagnose":
        return void start(message.run, () => diagnose(message.run, now, options.crew));
      case "release":
        return tensors.done?.release(message.uri);
      case "supply":
      case "cancel":
      case "stop": {
        const job = jobs.get(message.run);
        if (!job) return;
        if (message.type === "supply") job.supplied.set(message.text, message.answer);
        else if (message.type === "cancel") job.cancelled = true;
        else job.stopping = true;
        job.wake?.();
        return;
      }
    }
  };
}

type Prepared = { readonly explainer: AnyExplainer; readonly params: ParamsOf<ParamSchema> } | { readonly problems: readonly Problem[] };

function* prepare(explainers: ReadonlyMap<string, Later<AnyExplainer>>, id: string, values: Values): Generator<Progress, Prepared, void> {
  const found = explainers.get(id);
  if (!found) throw new Error(`No explainer is called ${id}`);
  const explainer = yield* found.wait();
  const { params, problems } = checkParams(explainer.params, values);
  if (problems.length === 0) return { explainer, params };
  return { problems: problems.map((message) => ({ severity: "error", message })) };
}
