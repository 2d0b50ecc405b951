import { describe, expect, test } from "vitest";
import { format } from "../../../src/core/contract/index.js";
import type { HostToWorker, RunEvent, WorkerToHost } from "../../../src/core/protocol.js";
import {
  createRunner,
  type Clock,
  type RunRequest,
  type Spawn,
  type WorkerEvents,
} from "../../../src/extension/runner.js";
import { textSpec } from "./support.js";

/** A seam without a thread: what is posted is kept, and the test says what the worker answers. */
function fakeWorkers() {
  const workers: { readonly posted: HostToWorker[]; readonly events: WorkerEvents; ended: boolean }[] = [];
  const spawn: Spawn = (events) => {
    const worker = { posted: [] as HostToWorker[], events, ended: false };
    workers.push(worker);
    return { post: (message) => worker.posted.push(message), terminate: () => (worker.ended = true) };
  };
  return { workers, spawn };
}

function fakeClock() {
  let time = 0;
  let used = 0;
  const ticks = new Set<() => void>();
  const clock: Clock = {
    now: () => time,
    cpu: () => used,
    every(_, tick) {
      ticks.add(tick);
      return () => ticks.delete(tick);
    },
  };
  /** Lets time pass in ticks of 250 ms, of which so much is processor time. */
  const pass = (milliseconds: number, cpu = milliseconds, step = 250) => {
    for (let passed = 0; passed < milliseconds; passed += step) {
      time += step;
      used += (cpu * step) / milliseconds;
      for (const tick of [...ticks]) tick();
    }
  };
  return { clock, pass, ticking: () => ticks.size > 0 };
}

const request: RunRequest = { explainer: "counter", source: textSpec("1"), params: {} };
const trace = (run: number): WorkerToHost => ({ type: "trace", run, trace: {}, problems: [] });

function setup() {
  const { workers, spawn } = fakeWorkers();
  const time = fakeClock();
  const events: { readonly type: string; readonly run: number }[] = [];
  const runner = createRunner(spawn, time.clock, () => {});
  const start = () => runner.run(request, (event) => events.push(event));
  const types = () => events.map(({ type, run }) => `${run} ${type}`);
  return { workers, runner, events, start, types, ...time };
}

describe("the runner", () => {
  test("starts a worker with the first run only, and uses it again", () => {
    const { workers, start, types } = setup();
    expect(workers).toHaveLength(0);
    start();
    start();
    expect(workers).toHaveLength(1);
    workers[0].events.message({ type: "ready" });
    workers[0].events.message(trace(2));
    workers[0].events.message(trace(1));
    expect(types()).toEqual(["2 trace", "1 trace"]);
  });

  test("tells a run's end once", () => {
    const { workers, start, types, runner } = setup();
    start();
    workers[0].events.message({ type: "ready" });
    workers[0].events.message({ type: "cancelled", run: 1 });
    workers[0].events.message(trace(1));
    runner.end();
    expect(types()).toEqual(["1 cancelled"]);
  });

  test("gives up a worker that does not start", () => {
    const { workers, start, events, pass } = setup();
    start();
    pass(9000, 0);
    expect(events).toHaveLength(0);
    pass(2000, 0);
    expect(events).toMatchObject([{ type: "failed", run: 1 }]);
    expect(format((events[0] as RunEvent & { type: "failed" }).message)).toContain("did not start");
    expect(workers[0].ended).toBe(true);
  });

  test("fails a run whose worker can't even be made", async () => {
    const events: RunEvent[] = [];
    const runner = createRunner(
      () => {
        throw new Error("no threads");
      },
      fakeClock().clock,
      () => {},
    );
    const run = runner.run(request, (event) => events.push(event as RunEvent));
    expect(events).toHaveLength(0);
    await Promise.resolve();
    expect(events).toMatchObject([{ type: "failed", run }]);
  });

  test("ends a worker whose step takes more than two seconds of work, and the next run gets a new one", () => {
    const { workers, start, types, pass, runner } = setup();
    start();
    workers[0].events.message({ type: "ready" });
    pass(1500);
    workers[0].events.message({ type: "beat" });
    pass(1500);
    expect(types()).toEqual([]);
    pass(1000);
    expect(types()).toEqual(["1 failed"]);
    expect(workers[0].ended).toBe(true);
    expect(runner.generation()).toBe(1);
    start();
    workers[0].events.message(trace(2)); // too late: this worker is gone
    workers[0].events.exit("exit code 1");
    expect(types()).toEqual(["1 failed"]);
    workers[1].events.message({ type: "ready" });
    workers[1].events.message(trace(2));
    expect(types()).toEqual(["1 failed", "2 trace"]);
  });

  test("does not end a worker for a slow disk, a busy machine or a laptop that slept", () => {
    const { workers, start, types, pass } = setup();
    start();
    workers[0].events.message({ type: "ready" });
    pass(60_000, 100); // waits, without working
    expect(types()).toEqual([]);
    workers[0].events.message({ type: "beat" });
    pass(3_600_000, 100_000, 3_600_000); // one tick, an hour later
    expect(types()).toEqual([]);
  });

  test("watches only while there is work", () => {
    const { workers, start, ticking } = setup();
    start();
    expect(ticking()).toBe(true);
    workers[0].events.message({ type: "ready" });
    workers[0].events.message(trace(1));
    expect(ticking()).toBe(false);
    start();
    expect(ticking()).toBe(true);
  });

  test("reports a crash to every run that waits", () => {
    const { workers, start, types } = setup();
    start();
    start();
    workers[0].events.message({ type: "ready" });
    workers[0].events.exit("Error: out of memory");
    expect(types()).toEqual(["1 failed", "2 failed"]);
  });

  test("passes cancel and stop on for runs under way, and ends the worker on request", () => {
    const { workers, start, types, runner } = setup();
    start();
    runner.stop(1);
    runner.cancel(1);
    runner.cancel(9);
    expect(workers[0].posted.map((message) => message.type)).toEqual(["run", "stop", "cancel"]);
    runner.end();
    expect(workers[0].ended).toBe(true);
    expect(types()).toEqual(["1 cancelled"]);
    expect(runner.state()).toMatchObject({ worker: "none", active: 0 });
  });
});
