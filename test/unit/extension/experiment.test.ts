import { describe, expect, test } from "vitest";
import { msg } from "../../../src/core/contract/index.js";
import type { HostToView, RunEvent, RunId, Values } from "../../../src/core/protocol.js";
import { createExperiment, type StartRequest } from "../../../src/extension/experiment.js";
import { createHistory } from "../../../src/extension/history.js";
import { rememberChanges } from "../../../src/extension/remembered.js";
import type { QuestionListener, QuestionRequest, RunListener, RunRequest, Runner } from "../../../src/extension/runner.js";
import { textSpec } from "./support.js";

function setup() {
  const runs: { readonly request: RunRequest; readonly listener: RunListener; readonly run: RunId }[] = [];
  const questions: { readonly request: QuestionRequest; readonly listener: QuestionListener; readonly run: RunId }[] = [];
  const calls: string[] = [];
  let generation = 0;
  let reserved = 0;
  const runner: Runner = {
    run(request, listener, reserved) {
      const run = reserved ?? runs.length + 1;
      runs.push({ request, listener, run });
      return run;
    },
    question(request, listener) {
      questions.push({ request, listener, run: questions.length + 101 });
      return questions.length + 100;
    },
    write: () => 0,
    ask: () => 0,
    load: () => 0,
    loadModel: () => 0,
    reserve: () => 1000 + ++reserved,
    inspect: () => 0,
    diagnose: () => 0,
    release() {},
    supply: (run) => calls.push(`supply ${run}`),
    cancel: (run) => calls.push(`cancel ${run}`),
    stop: (run) => calls.push(`stop ${run}`),
    end() {},
    generation: () => generation,
    state: () => ({ worker: "ready", active: 0, started: 1, readyAfter: 0, kernels: undefined }),
  };
  const posted: HostToView[] = [];
  const ended: RunEvent[] = [];
  const experiment = createExperiment({
    explainer: "counter",
    runner,
    post: (message) => posted.push(message),
    ended: (event) => ended.push(event),
  });
  const start = (text: string, why: StartRequest["why"], params: Values = {}, from?: RunId) =>
    experiment.start({ source: textSpec(text), params, why, ...(from === undefined ? {} : { from }) });
  const answer = (event: RunEvent) => runs.find(({ run }) => run === event.run)!.listener(event);
  const trace = (run: RunId): RunEvent => ({ type: "trace", run, trace: { run }, problems: [] });
  const finish = (text: string, why: StartRequest["why"], params: Values = {}) => {
    const run = start(text, why, params);
    answer(trace(run));
    return runs[run - 1].request.from;
  };
  const respawn = () => generation++;
  return { experiment, runs, questions, calls, posted, ended, start, answer, trace, finish, respawn };
}

describe("an experiment", () => {
  test("lets the latest run win", () => {
    const { start, answer, trace, calls, posted, ended } = setup();
    start("1", "fresh");
    start("2", "edit");
    expect(calls).toEqual(["cancel 1"]);
    answer({ type: "cancelled", run: 1 });
    answer(trace(2));
    answer({ type: "progress", run: 1, fraction: 0.5, message: { text: "", args: [] } });
    expect(posted.map((message) => message.type)).toEqual(["running", "running", "trace"]);
    expect(ended).toHaveLength(1);
  });

  test("starts an edit from the last result, and a change of parameters afresh", () => {
    const { finish } = setup();
    expect(finish("1", "fresh")).toBeUndefined();
    expect(finish("2", "edit")).toBe(1);
    expect(finish("2", "change", { K: 3 })).toBeUndefined();
    expect(finish("3", "edit", { K: 3 })).toBe(3);
  });

  test("starts from the last result that there was, over a text that can't be read", () => {
    const { finish, start, answer, runs } = setup();
    finish("1", "fresh");
    answer({ type: "invalid", run: start("1,", "edit"), problems: [] });
    finish("1,2", "edit");
    expect(runs[2].request.from).toBe(1);
  });

  test("gives the same text the same start again: undo is undo of the experiment", () => {
    const { finish } = setup();
    const path = ["1", "2", "3"].map((text, i) => finish(text, i === 0 ? "fresh" : "edit"));
    expect(path).toEqual([undefined, 1, 2]);
    expect(finish("2", "edit")).toBe(1);
    expect(finish("1", "edit")).toBeUndefined();
    expect(finish("2", "edit")).toBe(1);
    expect(finish("3", "edit")).toBe(2);
    expect(finish("3", "edit", { K: 2 })).toBe(7);
  });

  test("begins anew when asked to, and when the worker that knew the results is gone", () => {
    const { finish, respawn } = setup();
    finish("1", "fresh");
    finish("2", "edit");
    expect(finish("2", "fresh")).toBeUndefined();
    expect(finish("3", "edit")).toBe(3);
    respawn();
    expect(finish("4", "edit")).toBeUndefined();
    expect(finish("3", "edit")).toBe(5);
  });

  test("continues from the run it is told", () => {
    const { start, runs, finish } = setup();
    finish("1", "fresh");
    start("1", "change", { max_iter: 9 }, 1);
    expect(runs[1].request.from).toBe(1);
  });

  test("knows ranges by what is in them, not by where they are", () => {
    const { experiment, runs, answer, trace } = setup();
    const source = (text: string, start: number) =>
      ({ ...textSpec(text), ranges: [{ start, end: start + 3 }] }) as StartRequest["source"];
    for (const [text, start, why] of [
      ["x1 2", 1, "fresh"],
      ["x9 2", 1, "edit"],
      ["xx1 2", 2, "edit"],
    ] as const) {
      answer(trace(experiment.start({ source: source(text, start), params: {}, why })));
    }
    expect(runs.map(({ request }) => request.from)).toEqual([undefined, 1, undefined]);
  });

  test("tells a view without memory the last picture and what came after", () => {
    const { experiment, start, answer, trace, finish } = setup();
    expect(experiment.replay()).toEqual([]);
    finish("1", "fresh");
    expect(experiment.replay().map((message) => message.type)).toEqual(["running", "trace"]);
    start("x", "edit");
    expect(experiment.replay().map((message) => message.type)).toEqual(["running", "trace", "running"]);
    answer({ type: "invalid", run: 2, problems: [] });
    expect(experiment.replay().map((message) => message.type)).toEqual(["running", "trace", "running", "invalid"]);
    expect(experiment.active()).toBe(false);
    answer(trace(start("2", "edit")));
    expect(experiment.replay()).toMatchObject([
      { type: "running", run: 3 },
      { type: "trace", run: 3 },
    ]);
  });

  test("stops and cancels only what is under way", () => {
    const { experiment, start, answer, trace, calls } = setup();
    experiment.stop();
    start("1", "fresh");
    experiment.stop();
    experiment.cancel();
    answer(trace(1));
    experiment.cancel();
    expect(calls).toEqual(["stop 1", "cancel 1"]);
  });
});

describe("a question about the shown picture", () => {
  const answered = (ask: number, answer: unknown) => ({ type: "answered", ask, answer });

  test("is asked with what the picture is made of, and answered once", () => {
    const { experiment, start, answer, trace, questions, posted } = setup();
    experiment.ask(1, "nothing shown");
    answer(trace(start("1", "fresh", { K: 2 })));
    start("1", "change", { K: 3 });
    experiment.ask(2, "nearest");
    expect(questions[0].request).toEqual({ explainer: "counter", source: textSpec("1"), params: { K: 2 }, question: "nearest" });
    questions[0].listener({ type: "progress", run: 101, fraction: 0.5, message: { text: "", args: [] } });
    questions[0].listener({ type: "answered", run: 101, answer: 42 });
    expect(posted.filter(({ type }) => type === "answered")).toEqual([answered(1, undefined), answered(2, 42)]);
  });

  test("is overtaken by the next one and by the next picture, and has no answer where the worker failed", () => {
    const { experiment, start, answer, trace, questions, posted, calls } = setup();
    answer(trace(start("1", "fresh")));
    experiment.ask(1, "a");
    experiment.ask(2, "b");
    questions[0].listener({ type: "cancelled", run: 101 });
    answer(trace(start("2", "edit")));
    questions[1].listener({ type: "answered", run: 102, answer: "late" });
    experiment.ask(3, "c");
    questions[2].listener({ type: "failed", run: 103, message: { text: "", args: [] }, detail: "" });
    expect(calls).toEqual(["cancel 101", "cancel 102"]);
    expect(posted.filter(({ type }) => type === "answered")).toEqual([answered(1, undefined), answered(2, undefined), answered(3, undefined)]);
  });

  test("and its run look words up in the same store", () => {
    const { experiment, runs, questions, answer, trace } = setup();
    const store = { kind: "file", uri: "file:///glove.txt", name: "glove.txt", path: "/glove.txt" } as const;
    answer(trace(experiment.start({ source: textSpec("king"), params: {}, why: "fresh", resources: { store } })));
    experiment.ask(1, "a");
    expect([runs[0].request.store, questions[0].request.store]).toEqual([store, store]);
  });
});

test("an experiment whose source has moved exports and replays from there, with the run under way", () => {
  const { experiment, start, answer, trace } = setup();
  const source = { kind: "file", uri: "file:///new.npy", name: "new.npy", path: "/new.npy" } as const;
  answer(trace(start("1", "fresh", { K: 2 })));
  start("1", "change", { K: 3 });
  const before = experiment.replay();
  experiment.moved(source);
  expect(experiment.shown()).toMatchObject({ source, params: { K: 2 } });
  expect(experiment.latest()).toMatchObject({ source, params: { K: 3 } });
  expect(experiment.replay()).toEqual(before);
  answer(trace(2));
  expect(experiment.shown()).toMatchObject({ source, params: { K: 3 } });
});

test("the history forgets the oldest states", () => {
  const history = createHistory(2);
  history.record("a", 1);
  history.record("b", undefined);
  history.record("a", 1);
  history.record("c", 2);
  expect(["a", "b", "c"].map((key) => history.has(key))).toEqual([true, false, true]);
});

test("parameters that the reader changed are remembered, but not those that belong to one set of data", () => {
  const before = { n_components: 2, tol: 1e-3, columns: [], init_params: "k-means++", stop_rule: "as-published" };
  const after = { ...before, n_components: 3, columns: ["x"], means_init: [[1]], init_params: "given" };
  expect(rememberChanges({ n_init: 5 }, before, after)).toEqual({ n_init: 5, n_components: 3 });
  expect(rememberChanges({}, after, { ...after, init_params: "kmeans" })).toEqual({ init_params: "kmeans" });
  expect(rememberChanges({}, {}, { tab: "map", query: "king", metric: "dot" }, ["tab", "query"])).toEqual({ metric: "dot" });
});

describe("a run that waits for something", () => {
  const message = msg("Asking {0}", "localhost");
  const waiting = () => {
    const parts = setup();
    const dropped: number[] = [];
    const wait = (params: Values = {}): RunId => {
      const run: RunId = parts.experiment.wait(params, "change", message, () => dropped.push(run));
      return run;
    };
    return { ...parts, dropped, wait };
  };

  test("is shown as running, and goes on under its number", () => {
    const { experiment, posted, runs, answer, trace, wait } = waiting();
    const run = wait({ a: 1 });
    expect(experiment.active()).toBe(true);
    expect(posted).toEqual([
      { type: "running", run, params: { a: 1 }, edited: false },
      { type: "progress", run, fraction: NaN, message },
    ]);
    expect(experiment.start({ source: textSpec("1"), params: { a: 1 }, why: "change", run })).toBe(run);
    expect([posted.length, runs.length]).toEqual([2, 1]);
    answer(trace(run));
    expect(posted[2]).toEqual(trace(run));
    expect(experiment.active()).toBe(false);
  });

  test("ends as cancelled when it is given up, overtaken or stopped", () => {
    const { experiment, posted, start, calls, dropped, wait } = waiting();
    const before = start("1", "fresh");
    const first = wait();
    expect(calls).toEqual([`cancel ${before}`]);
    const second = wait();
    start("2", "change");
    const third = wait();
    experiment.cancel();
    const fourth = wait();
    experiment.stop();
    expect(dropped).toEqual([first, second, third, fourth]);
    expect(posted.filter(({ type }) => type === "cancelled")).toEqual(dropped.map((run) => ({ type: "cancelled", run })));
  });

  test("is told again to a view that begins", () => {
    const { experiment, finish, wait } = waiting();
    finish("1", "fresh");
    const run = wait();
    expect(experiment.replay().map((each) => [each.type, "run" in each && each.run])).toEqual([["running", 1], ["trace", 1], ["running", run], ["progress", run]]);
  });
});

describe("another source", () => {
  test("begins without what was known of the one before, whose run ends unheard", () => {
    const { experiment, finish, start, answer, trace, posted, calls } = setup();
    finish("1", "fresh");
    const run = start("1", "change", { a: 1 });
    experiment.forget();
    expect([experiment.replay(), experiment.trace(), experiment.latest(), experiment.active()]).toEqual([[], undefined, undefined, false]);
    expect(calls).toContain(`cancel ${run}`);
    const told = posted.length;
    answer(trace(run));
    expect(posted).toHaveLength(told);
  });
});
