import { createHash } from "node:crypto";
import { afterEach, describe, expect, test } from "vitest";
import { openKernels } from "../../../src/core/kernels/choose.js";
import { useCrew, type Job } from "../../../src/core/kernels/crew.js";
import { kernels, useKernels } from "../../../src/core/kernels/current.js";
import type { Build } from "../../../src/core/kernels/host.js";
import { takePart } from "../../../src/core/kernels/pieces.js";
import { tasks } from "../../../src/core/kernels/tasks.js";
import { byteRowsOf } from "../../../src/core/vectors/byteIndex.js";
import { newRows } from "../../../src/core/vectors/store.js";
import { crewOf } from "../../support/crewOf.js";
import { until } from "../../support/until.js";
import { hostThatFills, wasmHost } from "../../support/wasmHost.js";
import { everyKernels } from "../kernels/implementations.js";
import { oddRows } from "../kernels/vectorSupport.js";
import { finish } from "./mapSupport.js";

const use = crewOf();
const own = kernels();
const [, ...others] = everyKernels;

/** Enough for helpers to be asked, and no multiple of four or of a piece. */
const [n, d] = [100_003, 101];
const some = oddRows(1009, d, 5);

/** Each call takes the rows for others, as a file that is read anew. */
function rows(): Float32Array {
  const values = newRows(n, d);
  for (let at = 0; at < values.length; at += some.length) values.set(some.subarray(0, values.length - at), at);
  return values;
}

function made(values = rows()): string {
  const { room } = finish(byteRowsOf(values, n, d))!;
  const hash = createHash("sha256");
  // The bytes of what is not there are zeros.
  for (const { buffer, byteOffset, byteLength } of [room.bytes, room.factors.subarray(0, n), room.residuals.subarray(0, n)]) {
    hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  }
  return hash.digest("hex");
}

afterEach(() => {
  useKernels(own);
  useCrew();
});

describe.each(others)("rows as bytes by $implementation", ({ implementation }) => {
  /** As at the start of a worker that has helpers, or none. */
  const opened = (helpers: number, host = wasmHost): void => {
    useCrew({ helpers, call() {}, stalled() {} });
    useKernels(openKernels(host, implementation as Build));
  };

  test("are the same when threads share the work, and when a helper does it alone", async () => {
    opened(0);
    const alone = made();
    opened(1);
    const { state } = use();
    await until("help", () => {
      expect(made()).toBe(alone);
      return state().steps > 3;
    });
    expect(state().lost).toEqual([]);
    const theirs = tasks();
    let jobs = 0;
    useCrew({ helpers: 1, call: (job: Job) => void (jobs++, takePart(job, theirs, () => undefined)), stalled() {} });
    expect(made()).toBe(alone);
    expect(jobs).toBe(1);
  });

  test("are made by this thread where others do not reach the rows, or the host gives no shared memory for the bytes", () => {
    let jobs = 0;
    const helper = { helpers: 1, call: () => void jobs++, stalled() {} };
    opened(1);
    useCrew(helper);
    const alone = made(new Float32Array(rows()));
    let refused = 0;
    const full = hostThatFills(() => refused++ >= 0);
    opened(1, { ...wasmHost, memory: (pages, shared) => (shared ? full : wasmHost).memory(pages, shared) });
    useCrew(helper);
    expect(made()).toBe(alone);
    expect(refused).toBeGreaterThan(0);
    expect(jobs).toBe(0);
  });
});
