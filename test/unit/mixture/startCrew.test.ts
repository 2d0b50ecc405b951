import { afterEach, describe, expect, test, vi } from "vitest";
import { isShared, roomOf, useCrew, type Job } from "../../../src/core/kernels/crew.js";
import { isAbandoned } from "../../../src/core/kernels/pieces.js";
import { seededRandom } from "../../../src/core/math/random.js";
import type { Data } from "../../../src/core/mixture/data.js";
import { kMeans } from "../../../src/core/mixture/kmeans.js";
import { plusPlus } from "../../../src/core/mixture/plusPlus.js";
import { startMixture, type StartOptions } from "../../../src/core/mixture/start.js";
import { whileHelped } from "../../support/crew.js";
import { crewOf } from "../../support/crewOf.js";
import { finish } from "./helpers.js";

const use = crewOf();

/** Rows around a few places, where helpers read them. */
function dataOf(N: number, D: number): Data {
  const random = seededRandom(N + D);
  const columns = Array.from({ length: D }, (_, d) => {
    const column = new Float64Array(roomOf(8 * N, true));
    for (let i = 0; i < N; i++) column[i] = 3 * ((i * (d + 1)) % 5) + random() + random();
    return column;
  });
  return { columns, N, D };
}

/** Long enough for helpers to be asked. */
const [N, D, K] = [30_001, 9, 8];
const data = dataOf(N, D);
const draw = () => finish(plusPlus(data, K, seededRandom(1)));
const centres = Float64Array.from({ length: K * D }, (_, i) => data.columns[i % D][Math.floor(i / D)]);
const search = (maxIter = 5) => finish(kMeans(data, centres, maxIter, 0));

const std = new Float64Array(D).fill(1);
const options: StartOptions = { K, type: "full", regCovar: 1e-6, method: "kmeans", meansInit: [], std, random: () => 0.5 };
/** As tables hold them: where no helper reads. */
const plain: Data = { ...data, columns: data.columns.map((column) => Float64Array.from(column)) };
const start = (N: number) => finish(startMixture({ ...plain, N }, { ...options, random: seededRandom(2) }));

describe("the search for a start", () => {
  afterEach(() => void vi.unstubAllGlobals());

  test("draws and finds the same bit by bit however many threads share it", async () => {
    const alone = [draw(), search(), start(N)];
    for (const size of [1, 3]) {
      const crew = use({ size });
      for (const found of await whileHelped(crew, 100, () => [draw(), search(), start(N)])) expect(found).toEqual(alone);
      expect(crew.state()).toMatchObject({ helpers: size, running: size, lost: [] });
    }
  });

  test("is left to this thread where it is short", () => {
    const { state } = use();
    finish(plusPlus(dataOf(9000, 2), 3, seededRandom(1)));
    finish(kMeans(dataOf(9000, 2), Float64Array.of(0, 0, 5, 5, 9, 9), 5, 0));
    start(500);
    expect(state().jobs).toBe(0);
  });

  test("uses no memory again in which a late helper may still write", () => {
    const alone = [finish(plusPlus(data, 3, seededRandom(1))), search(2)];
    const jobs: Job[] = [];
    // Takes a piece of each job and says no more of it.
    useCrew({ helpers: 1, call: (job) => void (jobs.push(job), Atomics.add(job.board, 0, 1)), stalled() {} });
    expect([finish(plusPlus(data, 3, seededRandom(1))), search(2)]).toEqual(alone);
    const written = jobs.map(({ input }) => (input as { distances: Float64Array }).distances.buffer);
    expect(jobs.length).toBe(6);
    expect(new Set(written).size).toBe(6);
  });

  test.each([["k-means++", draw, [0, 1, 2, 3]], ["kmeans", search, [0, 1, 2]]] as const)("by %s goes on alone where the host refuses more shared memory", (_, made, refusals) => {
    const alone = made();
    const Shared = SharedArrayBuffer;
    const reached: boolean[] = [];
    const call = ({ input }: Job): void => {
      const { distances, sums } = input as { distances: Float64Array; sums: Float64Array };
      reached.push(isShared(distances), isShared(sums));
    };
    useCrew({ helpers: 1, call, stalled() {} });
    made();
    expect(reached).toContain(true);
    for (const refused of refusals) {
      let asked = 0;
      vi.stubGlobal("SharedArrayBuffer", function (bytes: number) {
        // Boards of jobs are smaller.
        if (bytes > 600 && asked++ === refused) throw new RangeError("Array buffer allocation failed");
        return new Shared(bytes);
      });
      expect(made()).toEqual(alone);
      expect(asked).toBeGreaterThan(refused);
    }
    expect(reached).not.toContain(false);
  });

  test.each(["k-means++", "kmeans"] as const)("by %s lets the helpers go when it is cancelled", (method) => {
    const jobs: Job[] = [];
    useCrew({ helpers: 1, call: (job) => void jobs.push(job), stalled() {} });
    const starting = startMixture(data, { ...options, method, random: seededRandom(2) });
    while (jobs.at(-1)?.task !== (method === "kmeans" ? "lloyd" : "candidates of k-means++")) expect(starting.next().done).toBe(false);
    expect(isAbandoned(jobs.at(-1)!.board)).toBe(false);
    starting.return({} as never);
    expect(isAbandoned(jobs.at(-1)!.board)).toBe(true);
  });
});
