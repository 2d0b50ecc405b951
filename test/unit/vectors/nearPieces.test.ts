import { afterEach, describe, expect, test, vi } from "vitest";
import { isShared, useCrew, type Job } from "../../../src/core/kernels/crew.js";
import { kernels } from "../../../src/core/kernels/current.js";
import { isAbandoned, takePart } from "../../../src/core/kernels/pieces.js";
import { tasks } from "../../../src/core/kernels/tasks.js";
import { seededRandom } from "../../../src/core/math/random.js";
import { layOut } from "../../../src/core/vectors/map/layOut.js";
import { exactWork, nearestNeighbours } from "../../../src/core/vectors/map/knn.js";
import { under } from "../kernels/vectorSupport.js";
import { crewOf } from "../../support/crewOf.js";
import { until } from "../../support/until.js";
import { clouds, envOf, finish, paramsOf, pointsOf } from "./mapSupport.js";

const use = crewOf();

/** Rows of length 1, enough for helpers to be asked and no multiple of a block; some of them equal. */
function unitRows(m: number, d: number): Float32Array {
  const rows = clouds(m, d, 3, m);
  for (let i = 0; i < m; i++) {
    if (i % 11 === 10) rows.copyWithin(i * d, 0, d);
    const length = Math.hypot(...rows.subarray(i * d, (i + 1) * d));
    for (let j = i * d; j < (i + 1) * d; j++) rows[j] /= length;
  }
  return rows;
}

/** Ten neighbours of each, those of a point in a line: what differs is found fast. */
function nearestOf(units: Float32Array, m: number, d: number, work: number): readonly string[] {
  const { indices, distances } = finish(nearestNeighbours(units, m, d, 10, seededRandom(0), work));
  return Array.from({ length: m }, (_, i) => `${indices.subarray(10 * i, 10 * i + 10).join(" ")}, ${distances.subarray(10 * i, 10 * i + 10).join(" ")}`);
}

function firstOther(a: readonly string[], b: readonly string[]): number {
  return a.findIndex((line, i) => line !== b[i]);
}

afterEach(() => {
  vi.unstubAllGlobals();
});

function viewsIn(value: unknown): ArrayBufferView[] {
  if (ArrayBuffer.isView(value)) return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(viewsIn) : [];
}

const [m, d] = kernels().implementation === "typescript" ? [901, 27] : [2003, 53];
const units = unitRows(m, d);

/** Where neighbours' neighbours are tried: the jobs before are a forest and, of many points, its leaves. */
const trying = kernels().implementation === "typescript" ? 1 : 13;

describe.each([
  { by: "all pairs", work: exactWork, refusals: [0, 1, 5, 7, 12, 15], lateFrom: 0 },
  { by: "likely pairs", work: 0, refusals: [0, 1, 4, 5, 8], lateFrom: trying },
])("neighbours by $by", ({ work, refusals, lateFrom }) => {
  const nearest = (rows: Float32Array): readonly string[] => nearestOf(rows, m, d, work);

  test("are the same bit by bit when threads share the search", async () => {
    useCrew();
    const alone = nearest(units);
    const { state } = use({ size: 2 });
    // The first may be over before a helper has started.
    await until("help", () => {
      expect(firstOther(nearest(units), alone)).toBe(-1);
      return state().steps > 10;
    });
    expect(state().lost).toEqual([]);
  });

  test("are found by helpers alone as by this thread, search after search", () => {
    const other = units.toReversed();
    const alone = [units, other].map((rows) => nearest(rows));
    let jobs = 0;
    const theirs = tasks();
    useCrew({ helpers: 1, call: (job: Job) => void (jobs++, takePart(job, theirs, () => undefined)), stalled() {} });
    for (const [r, rows] of [units, other].entries()) expect(firstOther(nearest(rows), alone[r])).toBe(-1);
    expect(jobs).toBeGreaterThan(4);
  });

  test("are right when a helper is late, and does what it took when the search has gone on", () => {
    const alone = nearest(units);
    const late: Job[] = [];
    let jobs = 0;
    const theirs = tasks();
    const call = (job: Job): void => {
      if (jobs++ < lateFrom || late.length === 3) return;
      Atomics.add(job.board, 0, 1);
      late.push(job);
    };
    // While this thread waits for the newest, the older ones are done, from their first piece on.
    const stalled = (): void => {
      for (const job of late.slice(0, -1)) takePart({ ...job, board: new Int32Array(new SharedArrayBuffer(4 * job.board.length)) }, theirs, () => undefined);
    };
    useCrew({ helpers: 1, call, stalled });
    expect(firstOther(nearest(units), alone)).toBe(-1);
    expect(late.length).toBe(3);
  });

  test("are found by this thread alone where the host refuses shared memory, from the start or later", () => {
    const alone = nearest(units);
    const Shared = SharedArrayBuffer;
    const theirs = tasks();
    const shared: boolean[] = [];
    const call = (job: Job): void => {
      shared.push(...viewsIn(job.input).map(isShared));
      takePart(job, theirs, () => undefined);
    };
    useCrew({ helpers: 1, call, stalled() {} });
    nearest(units);
    expect(shared).toContain(true);
    shared.length = 0;
    for (const refused of refusals) {
      let asked = 0;
      vi.stubGlobal("SharedArrayBuffer", function (bytes: number) {
        if (bytes > 256 && asked++ === refused) throw new RangeError("Array buffer allocation failed");
        return new Shared(bytes);
      });
      expect(firstOther(nearest(units), alone)).toBe(-1);
      expect(asked).toBeGreaterThan(refused);
      expect(shared).not.toContain(false);
      // Without its own numbers where helpers read them, a search asks nobody.
      if (refused === 0) expect(shared).toEqual([]);
    }
  });
});

describe("neighbours that a map needs", () => {
  test("are not looked for by helpers, who may find other pairs, where the kernels have no room", () => {
    useCrew();
    const own = kernels();
    const alone = nearestOf(units, m, d, exactWork);
    const asked = new Set<string>();
    const theirs = tasks();
    const call = (job: Job): void => {
      asked.add(job.task);
      takePart(job, theirs, () => undefined);
    };
    useCrew({ helpers: 1, call, stalled() {} });
    const nearPairs = (): never => {
      throw new RangeError("full");
    };
    expect(firstOther(under({ ...own, vectors: { ...own.vectors, nearPairs } }, () => nearestOf(units, m, d, exactWork)), alone)).toBe(-1);
    expect(asked).toContain("keep neighbours");
    expect(asked).not.toContain("near pairs");
  });

  test("are given up by helpers when the map is", () => {
    for (const end of ["cancelled", "stopped"]) {
      const boards: Int32Array[] = [];
      useCrew({ helpers: 1, call: ({ board }) => void boards.push(board), stalled() {} });
      const running = layOut(pointsOf(units, d), paramsOf({ projection: "umap", map_rows: m }), envOf(1, () => end === "stopped" && boards.length > 0));
      while (boards.length === 0) expect(running.next().done).toBe(false);
      if (end === "stopped") finish(running);
      else running.return(undefined as never);
      expect(boards.map(isAbandoned)).toEqual(boards.map(() => true));
    }
  });
});
