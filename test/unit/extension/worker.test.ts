import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import * as esbuild from "esbuild";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { RunEvent } from "../../../src/core/protocol.js";
import { createRunner, type Runner } from "../../../src/extension/runner.js";
import { systemClock, threadSpawner } from "../../../src/extension/workerPort.js";
import { textSpec, type CounterTrace } from "./support.js";

const folder = mkdtempSync(path.join(tmpdir(), "lumen-worker-"));
let runner: Runner;
const file = path.join(folder, "worker.cjs");

beforeAll(async () => {
  const entryPoints = [path.join(import.meta.dirname, "testWorker.ts")];
  await esbuild.build({
    entryPoints,
    outfile: file,
    bundle: true,
    platform: "node",
    format: "cjs",
    logLevel: "warning",
  });
  runner = createRunner(threadSpawner(file, () => ({ kernels: "auto" })), systemClock, () => {});
});
afterEach(() => runner.end());
afterAll(() => rmSync(folder, { recursive: true }));

/** Starts a run; `events` grows, `ending` is its end, `heard` the next progress. */
function start(params: Record<string, unknown>) {
  const events: RunEvent[] = [];
  let heard = () => {};
  const first = new Promise<void>((resolve) => (heard = resolve));
  let run = 0;
  const ending = new Promise<RunEvent>((resolve) => {
    run = runner.run({ explainer: "counter", source: textSpec("1 2"), params }, (event) => {
      events.push(event as RunEvent);
      if (event.type === "progress") heard();
      else resolve(event as RunEvent);
    });
  });
  return { run, events, ending, progress: first };
}

describe("a worker thread", () => {
  test("runs and hands over the trace", async () => {
    const event = await start({ steps: 4 }).ending;
    expect(event).toMatchObject({ type: "trace", trace: { count: 4 } });
    expect(((event as { trace: unknown }).trace as CounterTrace).values).toEqual(new Float64Array([1, 2, 3]));
  });

  test("cancels a long run, and stops one keeping what is known", async () => {
    const long = start({ steps: 1e9 });
    await long.progress;
    runner.cancel(long.run);
    expect((await long.ending).type).toBe("cancelled");
    const kept = start({ steps: 1e9 });
    await kept.progress;
    runner.stop(kept.run);
    expect(await kept.ending).toMatchObject({ type: "trace" });
  });

  test("that dies is reported, and the next run works", async () => {
    const dead = await start({ mood: "exit" }).ending;
    expect(dead).toMatchObject({ type: "failed", detail: "exit code 7" });
    expect(await start({ steps: 2 }).ending).toMatchObject({ type: "trace", trace: { count: 2 } });
  });

  test("that hangs in a step is ended, and the next run works", async () => {
    const hung = await start({ mood: "hang" }).ending;
    expect(hung).toMatchObject({ type: "failed", detail: "watchdog" });
    expect(await start({ steps: 2 }).ending).toMatchObject({ type: "trace", trace: { count: 2 } });
  });

  test("that does not exist is a failure, not silence", async () => {
    const none = createRunner(threadSpawner(path.join(folder, "missing.cjs"), () => ({ kernels: "auto" })), systemClock, () => {});
    const event = await new Promise<RunEvent>((resolve) => {
      none.run({ explainer: "counter", source: textSpec("1"), params: {} }, (each) => resolve(each as RunEvent));
    });
    expect(event.type).toBe("failed");
  });

  test("ends with its runs when it is no longer needed", async () => {
    const long = start({ steps: 1e9 });
    await long.progress;
    runner.end();
    expect((await long.ending).type).toBe("cancelled");
    expect(runner.state().worker).toBe("none");
  });
});
