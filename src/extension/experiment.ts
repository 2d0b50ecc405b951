import { createHash } from "node:crypto";
import { msg, type Message, type ServerAnswer } from "../core/contract/index.js";
import type { HostToView, RunEvent, RunId, SourceSpec, Values, WantsEvent } from "../core/protocol.js";
import { createHistory } from "./history.js";
import type { Resources } from "./resources.js";
import type { Runner } from "./runner.js";

export type StartRequest = {
  readonly source: SourceSpec;
  readonly params: Values;
  /** What it may use beside the source. */
  readonly resources?: Resources;
  /** The run whose result to start from ("Continue"). */
  readonly from?: RunId;
  /** The number that `wait` gave to it. */
  readonly run?: RunId;
  /** edit: the source changed, so start from the last result; change: parameters changed; fresh: as if for the first time. */
  readonly why: "edit" | "change" | "fresh";
};

type Running = Extract<HostToView, { type: "running" }>;
type Trace = Extract<RunEvent, { type: "trace" }>;

/** The runs of one panel: the latest wins, an edit starts warm, and the state is kept so that it can be shown again. */
export type Experiment = {
  start(request: StartRequest): RunId;
  /**
   * A run is on its way, but something has to be fetched first, which `drop` gives up. A `start` with its number goes on
   * with it; everything else that comes ends it.
   */
  wait(params: Values, why: StartRequest["why"], message: Message, drop: () => void): RunId;
  /** Answers a view's question about the shown picture; overtakes the question before it. */
  ask(ask: number, question: unknown): void;
  /** Ends the run under way and keeps what is known. */
  stop(): void;
  /** Drops the run and the question under way. */
  cancel(): void;
  /** Everything that a view without memory has to be told. */
  replay(): readonly HostToView[];
  /** The ending of the latest run, or undefined while it is under way. */
  outcome(): RunEvent | undefined;
  /** Forgets the runs: another source is shown from now on. */
  forget(): void;
  /** The source is elsewhere now, with the same contents. */
  moved(source: SourceSpec): void;
  /** What the latest run is or was made of. */
  latest(): StartRequest | undefined;
  /** What the shown picture is made of. */
  shown(): StartRequest | undefined;
  trace(): Trace | undefined;
  active(): boolean;
  /** Milliseconds that the latest run took, or NaN while it is under way. */
  duration(): number;
};

export type ExperimentOptions = {
  readonly explainer: string;
  readonly runner: Runner;
  post(message: HostToView): void;
  /** Asks the reader's server what follows a text; rejects only when the signal is aborted. */
  askServer?(text: string, request: StartRequest, signal: AbortSignal): Promise<ServerAnswer>;
  /** Called after each ending of the latest run. */
  ended(event: RunEvent, request: StartRequest): void;
};

export function createExperiment({ explainer, runner, post, ended, askServer }: ExperimentOptions): Experiment {
  const history = createHistory();
  let generation = runner.generation();
  let latest: { readonly running: Running; readonly request: StartRequest } | undefined;
  let lastEvent: RunEvent | undefined; // of the latest run
  let duration = NaN;
  let shown: { readonly running: Running; readonly request: StartRequest; readonly event: Trace } | undefined;

  let held: { readonly running: Running; readonly progress: HostToView; drop(): void } | undefined;
  let asked: { readonly ask: number; readonly run: RunId } | undefined;

  /** The question to the server that the latest run waits for. */
  let wanted: AbortController | undefined;

  /** Asks the server on behalf of a run; a newer run, or a cancelled one, gives the question up. */
  function ask({ run, text }: WantsEvent, request: StartRequest) {
    const mine = (wanted = new AbortController());
    askServer?.(text, request, mine.signal).then(
      (answer) => mine.signal.aborted || runner.supply(run, text, answer),
      (error: unknown) => mine.signal.aborted || runner.supply(run, text, { ok: false, name: "", problem: { severity: "error", message: msg("The server could not be asked: {0}", String(error)) } }),
    );
  }

  function dropRun(run: RunId) {
    wanted?.abort();
    runner.cancel(run);
  }

  const active = () => held !== undefined || running();
  const running = () => latest !== undefined && (lastEvent === undefined || lastEvent.type === "progress");

  /** What the run starts from, and whether that is settled by what was done before in the same state. */
  function baseOf(request: StartRequest, key: string): RunId | undefined {
    if (runner.generation() !== generation) {
      generation = runner.generation();
      history.clear(); // the worker that knew the earlier results is gone
      return undefined;
    }
    if (request.from !== undefined) return request.from;
    if (request.why === "fresh") {
      history.clear();
      return undefined;
    }
    if (history.has(key)) return history.from(key);
    return request.why === "edit" ? shown?.event.run : undefined;
  }

  /** Ends the question under way, if any. */
  function settle(answer: unknown) {
    if (!asked) return;
    const { ask } = asked;
    asked = undefined;
    post({ type: "answered", ask, answer });
  }

  function overtake() {
    if (asked) runner.cancel(asked.run);
    settle(undefined);
  }

  /** Ends what is held before it became a run. */
  function giveUp() {
    if (!held) return;
    const { running, drop } = held;
    held = undefined;
    drop();
    post({ type: "cancelled", run: running.run });
  }

  return {
    start(request) {
      const key = keyOf(request);
      const from = baseOf(request, key);
      if (latest && running()) dropRun(latest.running.run);
      const { source, params, resources } = request;
      const begun = performance.now();
      duration = NaN;
      if (held?.running.run !== request.run) giveUp();
      const before = held?.running;
      held = undefined;
      const run = runner.run({ explainer, source, params, ...(from === undefined ? {} : { from }), ...resources }, (event) => {
        if (event.type === "written" || latest?.running.run !== event.run) return;
        if (event.type === "wants") return ask(event, request);
        lastEvent = event;
        if (event.type === "trace") {
          overtake(); // what it asked about is no more to be seen
          shown = { ...latest, event };
          history.record(key, from);
        }
        if (event.type !== "progress") duration = performance.now() - begun;
        post(event);
        if (event.type !== "progress") ended(event, request);
      }, before?.run);
      latest = { running: before ?? { type: "running", run, params, edited: request.why === "edit" }, request };
      lastEvent = undefined;
      if (!before) post(latest.running);
      return run;
    },
    wait(params, why, message, drop) {
      giveUp();
      if (latest && running()) dropRun(latest.running.run);
      const run = runner.reserve();
      held = { running: { type: "running", run, params, edited: why === "edit" }, progress: { type: "progress", run, fraction: NaN, message }, drop };
      post(held.running);
      post(held.progress);
      return run;
    },
    ask(ask, question) {
      overtake();
      if (!shown) return post({ type: "answered", ask, answer: undefined });
      const { source, params, resources } = shown.request;
      const request = { explainer, source, params, question, ...resources };
      const run = runner.question(request, (event) => {
        if (event.type !== "progress" && asked?.run === event.run) settle(event.type === "answered" ? event.answer : undefined);
      });
      asked = { ask, run };
    },
    stop() {
      giveUp();
      wanted?.abort();
      if (latest && running()) runner.stop(latest.running.run);
    },
    cancel() {
      overtake();
      giveUp();
      if (latest && running()) dropRun(latest.running.run);
    },
    replay() {
      const messages: HostToView[] = [];
      if (shown) messages.push(shown.running, shown.event);
      if (latest && latest.running !== shown?.running) {
        messages.push(latest.running);
        if (lastEvent) messages.push(lastEvent);
      }
      if (held) messages.push(held.running, held.progress);
      return messages;
    },
    outcome: () => (lastEvent?.type === "progress" ? undefined : lastEvent),
    forget() {
      overtake();
      giveUp();
      if (latest && running()) dropRun(latest.running.run);
      latest = lastEvent = shown = undefined;
      history.clear();
    },
    moved(source) {
      if (latest) latest = { ...latest, request: { ...latest.request, source } };
      if (shown) shown = { ...shown, request: { ...shown.request, source } };
    },
    latest: () => latest?.request,
    shown: () => shown?.request,
    trace: () => shown?.event,
    active,
    duration: () => duration,
  };
}

/** Equal for equal contents and parameters, wherever in the document the contents are. */
function keyOf({ source, params, resources = {} }: StartRequest): string {
  const { store, model, server } = resources;
  const hash = createHash("sha1").update(JSON.stringify([store?.uri, model?.uri, server]));
  if (source.kind === "text") {
    if (source.ranges.length === 0) hash.update(source.text);
    for (const { start, end } of source.ranges) hash.update(`${end - start}:`).update(source.text.slice(start, end));
  }
  const named = Object.entries(params).sort(([a], [b]) => (a < b ? -1 : 1));
  return hash.update(JSON.stringify(named)).digest("base64");
}
