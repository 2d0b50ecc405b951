import { mkdtempSync, readFileSync, rmSync, writeFileSync, existsSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { defineExplainer, type AnyExplainer } from "../../../src/core/contract/index.js";
import type { HostToWorker, TraceEvent } from "../../../src/core/protocol.js";
import { openFile, openSource } from "../../../src/extension/worker/files.js";
import { columns, counter, driverHere, textSpec, type CounterTrace } from "./support.js";

const folder = mkdtempSync(path.join(tmpdir(), "lumen-drive-"));
afterAll(() => rmSync(folder, { recursive: true }));

const run = (
  id: number,
  params: Record<string, unknown> = {},
  more: { text?: string; from?: number } = {},
): HostToWorker => ({
  type: "run",
  run: id,
  explainer: "counter",
  source: textSpec(more.text ?? "1 2"),
  params,
  ...(more.from === undefined ? {} : { from: more.from }),
});
const traceOf = (event: unknown) => (event as TraceEvent).trace as CounterTrace;

describe("the driver", () => {
  test("ends each run in exactly one of trace, invalid, cancelled, failed", async () => {
    const { receive, ending, endings } = driverHere();
    receive(run(1, { steps: 5 }));
    receive(run(2, {}, { text: "bad" }));
    receive(run(3, { steps: 1e9 }));
    receive(run(4, { mood: "throw" }));
    receive(run(5, { mood: "invalid" }));
    receive(run(6, { steps: -1 }));
    receive({ ...run(7), explainer: "nobody" } as HostToWorker);
    receive({ type: "cancel", run: 3 });
    const types = [];
    for (let id = 1; id <= 7; id++) types.push((await ending(id)).type);
    expect(types).toEqual(["trace", "invalid", "cancelled", "failed", "invalid", "invalid", "failed"]);
    expect(await ending(5)).toMatchObject({ columns });
    receive({ type: "cancel", run: 1 });
    receive({ type: "stop", run: 99 });
    for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
    for (let id = 1; id <= 7; id++) expect(endings(id)).toHaveLength(1);
  });

  test("names the parameter that is out of range", async () => {
    const { receive, ending } = driverHere();
    receive(run(1, { steps: "many" }));
    expect(await ending(1)).toMatchObject({
      type: "invalid",
      problems: [{ severity: "error", message: { args: ["steps", 0, 1e9] } }],
    });
  });

  test("keeps what is known when stopped", async () => {
    const { receive, ending } = driverHere();
    receive(run(1, { steps: 1e9 }));
    for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
    receive({ type: "stop", run: 1 });
    const event = await ending(1);
    expect(event.type).toBe("trace");
    expect(traceOf(event).count).toBeGreaterThan(0);
    expect(traceOf(event).count).toBeLessThan(1e9);
  });

  test("keeps nothing of what is stopped before anything was known, and has nothing to say of it", async () => {
    const { receive, ending, endings } = driverHere();
    receive(run(1, { steps: 1e9, mood: "late" }));
    for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
    receive({ type: "stop", run: 1 });
    expect(await ending(1)).toEqual({ type: "cancelled", run: 1 });
    expect(endings(1)).toHaveLength(1);
  });

  test("starts from what an earlier run carried", async () => {
    const { receive, ending } = driverHere();
    receive(run(1, { steps: 5 }));
    await ending(1);
    receive(run(2, { steps: 2 }, { from: 1 }));
    await ending(2);
    receive(run(3, { steps: 1 }, { from: 2 }));
    expect(traceOf(await ending(3))).toMatchObject({ start: 7, count: 1 });
    receive(run(4, { steps: 1 }, { from: 77 }));
    expect(traceOf(await ending(4)).start).toBe(0);
  });

  test("gives a run random numbers by its seed", async () => {
    const seeded = { ...counter, params: { ...counter.params, random_state: { ...counter.params.steps, default: 4 } } };
    const { receive, ending } = driverHere([seeded as unknown as AnyExplainer]);
    receive(run(1));
    receive(run(2, { random_state: 9 }));
    expect(traceOf(await ending(1)).first).toBe(0.4);
    expect(traceOf(await ending(2)).first).toBe(0.9);
  });

  test("hands buffers over, but none that it still needs, and no more than a view's own part", async () => {
    const { receive, ending, posted } = driverHere();
    receive(run(1));
    const trace = traceOf(await ending(1));
    const { transfer } = posted[posted.length - 1];
    expect(trace.part.byteLength).toBe(16);
    expect(trace.part.buffer.byteLength).toBe(16);
    expect(transfer).toEqual([trace.part.buffer]);
  });

  test("reads the same source once, and an edited one again", async () => {
    let reads = 0;
    const counting = {
      ...counter,
      *parse(source: Parameters<typeof counter.parse>[0]) {
        reads++;
        return yield* counter.parse(source);
      },
    };
    const { receive, ending } = driverHere([counting as unknown as AnyExplainer]);
    receive(run(1, { steps: 1 }));
    await ending(1);
    receive(run(2, { steps: 2 }));
    expect(traceOf(await ending(2)).count).toBe(2);
    expect(reads).toBe(1);
    receive(run(3, {}, { text: "1 3" }));
    expect(traceOf(await ending(3)).text).toBe("1 3");
    expect(reads).toBe(2);
  });

  test("sends progress at most every 100 ms, and builds its picture only then", async () => {
    let clock = 0;
    let built = 0;
    const slow = defineExplainer({
      ...counter,
      id: "slow",
      *run(input, params, env) {
        for (const step of counter.run(input, params, env)) {
          clock += 10;
          yield {
            ...step,
            trace: () => {
              built++;
              return step.trace!();
            },
          };
        }
        return {
          ok: true,
          trace: { text: "", start: 0, count: 0, values: input.values, part: input.values, first: 0 },
          problems: [],
        };
      },
    });
    const { receive, ending, posted } = driverHere([slow as unknown as AnyExplainer], { now: () => clock });
    receive({ ...run(1, { steps: 100 }), explainer: "slow" } as HostToWorker);
    await ending(1);
    const progress = posted.filter(({ message }) => message.type === "progress");
    expect(built).toBe(progress.length);
    expect(progress.length).toBeGreaterThanOrEqual(8);
    expect(progress.length).toBeLessThanOrEqual(10);
    expect(posted.some(({ message }) => message.type === "beat")).toBe(true);
  });

  test("writes an export to a file, and leaves nothing behind when that fails", async () => {
    const { receive, ending } = driverHere();
    const write = (id: number, name: string, file: string): HostToWorker => ({
      type: "write",
      run: id,
      explainer: "counter",
      source: textSpec("x"),
      params: {},
      name,
      at: null,
      path: path.join(folder, file),
    });
    receive(write(1, "rows", "rows.csv"));
    expect((await ending(1)).type as string).toBe("written");
    expect(readFileSync(path.join(folder, "rows.csv"), "utf8")).toBe("rows 0 x\nrows 1 x\nrows 2 x\n");
    receive(write(2, "broken", "broken.csv"));
    expect((await ending(2)).type).toBe("failed");
    receive(write(3, "rows", "no/such/folder.csv"));
    expect((await ending(3)).type).toBe("invalid");
    expect(readdirSync(folder)).toEqual(["rows.csv"]);
  });

  test("says which file can't be read", async () => {
    const { receive, ending } = driverHere();
    const missing = path.join(folder, "missing.npy");
    receive({
      ...run(1),
      source: { kind: "file", uri: "file:///m", name: "missing.npy", path: missing },
    } as HostToWorker);
    expect(await ending(1)).toMatchObject({ type: "invalid", problems: [{ message: { args: ["missing.npy"] } }] });
    expect(existsSync(missing)).toBe(false);
  });
});

describe("files", () => {
  test("are read by ranges, in any order and across blocks", () => {
    const bytes = Uint8Array.from({ length: 3_000_000 }, (_, i) => (i * 7919) % 251);
    const file = path.join(folder, "numbers.bin");
    writeFileSync(file, bytes);
    const source = openFile(file, "numbers.bin");
    expect(source.size).toBe(bytes.length);
    for (const [offset, length] of [
      [0, 10],
      [5, 100],
      [1_048_570, 20],
      [0, 2_000_000],
      [2_999_990, 50],
      [3_000_000, 4],
      [10, 1_048_575],
    ]) {
      expect(source.read(offset, length)).toEqual(bytes.slice(offset, offset + length));
    }
    const own = source.read(0, 4);
    own.fill(255);
    expect(source.read(0, 4)).toEqual(bytes.slice(0, 4));
    source.close();
  });

  test("have another key when their contents are other ones", () => {
    const file = path.join(folder, "key.csv");
    const keyOf = () => {
      const opened = openSource({ kind: "file", uri: "file:///key.csv", name: "key.csv", path: file });
      opened.close();
      return opened.key;
    };
    writeFileSync(file, "1,2");
    const first = keyOf();
    expect(keyOf()).toBe(first);
    writeFileSync(file, "1,2,3");
    expect(keyOf()).not.toBe(first);
  });
});
