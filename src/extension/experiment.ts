import { createHash } from "node:crypto";
import type { HostToView, RunEvent, RunId, SourceSpec, StoreSpec, Values } from "../core/protocol.js";
import { createHistory } from "./history.js";
import type { Runner } from "./runner.js";

export type StartRequest = {
  readonly source: SourceSpec;
  readonly params: Values;
  /** Where words are looked up. */
  readonly store?: StoreSpec;
  /** The run whose result to start from ("Continue"). */
  readonly from?: RunId;
  /** edit: the source changed, so start from the last result; change: parameters changed; fresh: as if for the first time. */
  readonly why: "edit" | "change" | "fresh";
};

type Running = Extract<HostToView, { type: "running" }>;
type Trace = Extract<RunEvent, { type: "trace" }>;

/** The runs of one panel: the latest wins, an edit starts warm, and the state is kept so that it can be shown again. */
export type Experiment = {
  start(request: StartRequest): RunId;
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
  /** Called after each ending of the latest run. */
  ended(event: RunEvent, request: StartRequest): void;
};

export function createExperiment({ explainer, runner, post, ended }: ExperimentOptions): Experiment {
  const history = createHistory();
  let generation = runner.generation();
  let latest: { readonly running: Running; readonly request: StartRequest } | undefined;
  let lastEvent: RunEvent | undefined; // of the latest run
  let duration = NaN;
  let shown: { readonly running: Running; readonly request: StartRequest; readonly event: Trace } | undefined;

  let asked: { readonly ask: number; readonly run: RunId } | undefined;

  const active = () => latest !== undefined && (lastEvent === undefined || lastEvent.type === "progress");

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

  return {
    start(request) {
      const key = keyOf(request);
      const from = baseOf(request, key);
      if (latest && active()) runner.cancel(latest.running.run);
      const { source, params, store } = request;
      const begun = performance.now();
      duration = NaN;
      const optional = { ...(from === undefined ? {} : { from }), ...(store ? { store } : {}) };
      const run = runner.run({ explainer, source, params, ...optional }, (event) => {
        if (event.type === "written" || latest?.running.run !== event.run) return;
        lastEvent = event;
        if (event.type === "trace") {
          overtake(); // what it asked about is no more to be seen
          shown = { ...latest, event };
          history.record(key, from);
        }
        if (event.type !== "progress") duration = performance.now() - begun;
        post(event);
        if (event.type !== "progress") ended(event, request);
      });
      const running: Running = { type: "running", run, params, edited: request.why === "edit" };
      latest = { running, request };
      lastEvent = undefined;
      post(running);
      return run;
    },
    ask(ask, question) {
      overtake();
      if (!shown) return post({ type: "answered", ask, answer: undefined });
      const { source, params, store } = shown.request;
      const request = { explainer, source, params, question, ...(store ? { store } : {}) };
      const run = runner.question(request, (event) => {
        if (event.type !== "progress" && asked?.run === event.run) settle(event.type === "answered" ? event.answer : undefined);
      });
      asked = { ask, run };
    },
    stop() {
      if (latest && active()) runner.stop(latest.running.run);
    },
    cancel() {
      overtake();
      if (latest && active()) runner.cancel(latest.running.run);
    },
    replay() {
      const messages: HostToView[] = [];
      if (shown) messages.push(shown.running, shown.event);
      if (latest && latest.running !== shown?.running) {
        messages.push(latest.running);
        if (lastEvent) messages.push(lastEvent);
      }
      return messages;
    },
    outcome: () => (lastEvent?.type === "progress" ? undefined : lastEvent),
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
function keyOf({ source, params, store }: StartRequest): string {
  const hash = createHash("sha1").update(store?.uri ?? "");
  if (source.kind === "text") {
    if (source.ranges.length === 0) hash.update(source.text);
    for (const { start, end } of source.ranges) hash.update(`${end - start}:`).update(source.text.slice(start, end));
  }
  const named = Object.entries(params).sort(([a], [b]) => (a < b ? -1 : 1));
  return hash.update(JSON.stringify(named)).digest("base64");
}
