import { expect, test } from "vitest";
import type { AnyExplainer } from "../../../src/core/contract/index.js";
import type { HostToWorker } from "../../../src/core/protocol.js";
import { counter, driverHere, textSpec } from "./support.js";

const known = counter as unknown as AnyExplainer;
const run = (number: number, explainer: string): HostToWorker => ({ type: "run", run: number, explainer, source: textSpec("1\n2"), params: {} });

/** A driver with the counter, and once more as `late`, whose code comes when the test says so. */
function withLate() {
  let reads = 0;
  let come = (_explainer: AnyExplainer): void => {};
  let fail = (_error: Error): void => {};
  const late = () => {
    reads++;
    return new Promise<AnyExplainer>((resolve, reject) => ([come, fail] = [resolve, reject]));
  };
  const driver = driverHere({ counter: async () => known, late });
  return { ...driver, reads: () => reads, come: () => come({ ...known, id: "late" }), fail: (message: string) => fail(new Error(message)) };
}

test("a subject's code is read once, by the first run that asks for it, and other runs go on meanwhile", async () => {
  const { receive, ending, endings, reads, come } = withLate();
  receive(run(1, "counter"));
  expect((await ending(1)).type).toBe("trace");
  expect(reads()).toBe(0);
  receive(run(2, "late"));
  receive(run(3, "late"));
  receive(run(4, "counter"));
  expect((await ending(4)).type).toBe("trace");
  expect([...endings(2), ...endings(3)]).toEqual([]);
  come();
  expect((await ending(2)).type).toBe("trace");
  expect((await ending(3)).type).toBe("trace");
  receive(run(5, "late"));
  expect((await ending(5)).type).toBe("trace");
  expect(reads()).toBe(1);
});

test("a run that waits for code can be cancelled", async () => {
  const { receive, ending, reads, come } = withLate();
  receive(run(1, "late"));
  while (reads() === 0) await new Promise((resolve) => setImmediate(resolve));
  receive({ type: "cancel", run: 1 });
  come();
  expect((await ending(1)).type).toBe("cancelled");
});

test("code that can't be read is a failure of the runs that wait for it, and the next run reads it again", async () => {
  const { receive, ending, reads, come, fail } = withLate();
  const readsAre = async (count: number) => {
    while (reads() < count) await new Promise((resolve) => setImmediate(resolve));
  };
  receive(run(1, "late"));
  receive(run(2, "late"));
  await readsAre(1);
  fail("Cannot find module");
  for (const number of [1, 2]) expect(await ending(number)).toMatchObject({ type: "failed", detail: expect.stringContaining("Cannot find module") });
  receive(run(3, "late"));
  await readsAre(2);
  come();
  expect((await ending(3)).type).toBe("trace");
});
