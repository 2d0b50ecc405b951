import { rmSync } from "node:fs";
import { roomOf, useCrew } from "../src/core/kernels/crew.js";
import { kernels } from "../src/core/kernels/current.js";
import { bytesOf, type StoredType } from "../src/core/kernels/matrix.js";
import { inPieces } from "../src/core/kernels/pieces.js";
import { seededRandom } from "../src/core/math/random.js";
import { spreadOf } from "../src/core/mixture/criteria.js";
import { factor } from "../src/core/mixture/factor.js";
import { kMeans } from "../src/core/mixture/kmeans.js";
import { plusPlus } from "../src/core/mixture/plusPlus.js";
import { fitAll } from "../src/core/mixture/restarts.js";
import { sharedColumns, sharedPass } from "../src/core/mixture/emPieces.js";
import { newStatistics } from "../src/core/mixture/statistics.js";
import { seedOf, sweepK, sweepTask } from "../src/core/mixture/sweep.js";
import { byteRowsOf } from "../src/core/vectors/byteIndex.js";
import { nearestNeighbours } from "../src/core/vectors/map/knn.js";
import type { Metric } from "../src/core/vectors/similarity.js";
import { similarityMatrix } from "../src/core/vectors/similarityMatrix.js";
import { newRows } from "../src/core/vectors/store.js";
import type { HiredCrew } from "../src/extension/worker/crew.js";
import { bundleHelper, hire } from "../test/support/crew.js";
import type { Line } from "./benches.js";
import { measureMemory } from "./memory.js";
import { makeData, makeStart, type Case } from "./mixture.js";

/** How many times faster two threads should be than one; on a machine where both have a core to themselves. */
const goal = 1.7;

const cases: readonly Case[] = [
  { N: 1_000_000, D: 1, K: 3, type: "full" },
  { N: 500_000, D: 2, K: 8, type: "full" },
  { N: 100_000, D: 16, K: 8, type: "full" },
];

/** Rows among which a start is sought: as many as there may be of so many columns. */
const searches: readonly Omit<Case, "type">[] = [
  { N: 65_536, D: 2, K: 20 },
  { N: 62_500, D: 16, K: 8 },
  { N: 20_000, D: 50, K: 30 },
];

type ProductCase = { readonly n: number; readonly k: number; readonly m: number; readonly type: StoredType };

/** A prompt's, thirty-two tokens of it as models take them, and the vocabulary of GPT-2 for one token. */
const products: readonly ProductCase[] = [
  { n: 256, k: 768, m: 3072, type: "float32" },
  { n: 32, k: 768, m: 3072, type: "float16" },
  { n: 1, k: 768, m: 50_257, type: "float16" },
];

const similarities: readonly { readonly metric: Metric; readonly n: number; readonly d: number }[] = [
  { metric: "cosine", n: 2000, d: 300 },
  { metric: "euclidean", n: 2000, d: 300 },
  { metric: "spearman", n: 2000, d: 300 },
];

/** As t-SNE at its usual perplexity and UMAP ask for them; and of rows that single precision hardly tells apart. */
const neighbours = [
  { m: 5000, d: 100, k: 90, places: 50, spread: 1 },
  { m: 5000, d: 100, k: 14, places: 50, spread: 1 },
  { m: 3000, d: 100, k: 90, places: 1, spread: 0 },
  { m: 3000, d: 100, k: 90, places: 1, spread: 1e-4 },
] as const;

/** What a second thread gains: the same work by this thread alone and by two, measured in turn; equal results. */
export async function* benchThreads(): AsyncGenerator<Line, void, void> {
  const { folder, file } = await bundleHelper("src/extension/worker/crewMain.ts");
  const crew = hire(file, { rest: 500 }); // as the extension does
  try {
    useCrew(crew);
    yield measureMemory({ N: 4_000_000, K: 3 });
    yield await machineLine(crew);
    for (const each of cases) yield await emLine(each, crew);
    for (const each of searches) yield* searchLines(each, crew);
    yield await restartsLine(crew);
    yield await sweepLine(crew);
    yield await forcesLine(crew);
    for (const each of products) yield await productLine(each, crew);
    for (const each of similarities) yield await similarityLine(each, crew);
    yield await bytesLine(crew);
    for (const each of neighbours) yield await neighboursLine(each, crew);
    yield await likelyLine(crew);
  } finally {
    useCrew();
    await crew.end();
    rmSync(folder, { recursive: true });
  }
}

/** What the machine has to give: two equal fits of data that stay in the cache, a thread each, against one after the other. */
async function machineLine(crew: HiredCrew): Promise<Line> {
  const N = 2000;
  const fit = { ...twentyIterations, maxIter: 1000 };
  const data = { columns: sharedData({ N, D: 2, K: 4 }), N, D: 2 };
  const fits = [{ K: 8, seed: 0 }, { K: 8, seed: 0 }];
  const both = () => {
    const out = new Float64Array(roomOf(8 * 4, true));
    last(inPieces(sweepTask, { data, start: full2D, fit, fits, out }, 2));
    return out;
  };
  return { case: "two equal fits apart, two threads", ...(await compare(both, crew, 15)) };
}

async function emLine(each: Case, crew: HiredCrew): Promise<Line> {
  const { N, D, K, type } = each;
  const columns = sharedData(each);
  const mixture = makeStart(columns, each);
  const factors = factor(mixture, "widen");
  const sums = {};
  const pass = () => {
    const out = newStatistics(type, K, D);
    for (const _ of sharedPass(columns, N, type, factors, mixture.means, out, sums));
    return out;
  };
  return { case: `EM iteration, N ${N}, D ${D}, K ${K}, ${type}, two threads`, ...(await compare(pass, crew)) };
}

function sharedData({ N, D, K }: Omit<Case, "type">): readonly Float64Array[] {
  return last(sharedColumns(makeData(N, D, K), N));
}

/** The draw of k-means++, and k-means from what it chose. */
async function* searchLines({ N, D, K }: Omit<Case, "type">, crew: HiredCrew): AsyncGenerator<Line, void, void> {
  const data = { columns: sharedData({ N, D, K }), N, D };
  const draw = () => last(plusPlus(data, K, seededRandom(0)));
  yield { case: `draw of k-means++, N ${N}, D ${D}, K ${K}, two threads`, ...(await compare(draw, crew, 15)) };
  const centres = Float64Array.from(draw().flatMap((row) => data.columns.map((column) => column[row])));
  const lloyd = () => last(kMeans(data, centres, 20, 0));
  yield { case: `20 iterations of Lloyd's, N ${N}, D ${D}, K ${K}, two threads`, ...(await compare(lloyd, crew, 15)) };
}

const full2D = { type: "full" as const, regCovar: 1e-6, method: "k-means++" as const, meansInit: [], std: new Float64Array(2).fill(1) };
const spread = spreadOf(Float64Array.of(1, 0, 0, 1), 2, 1e-6);
const twentyIterations = { regCovar: 1e-6, tol: 0, maxIter: 20, stopRule: "lower_bound" as const, spread };

/** The restarts of moderate data, whose fits the threads share out. */
async function restartsLine(crew: HiredCrew): Promise<Line> {
  const [N, K, starts] = [20_000, 5, 10];
  const data = { columns: makeData(N, 2, 4), N, D: 2 };
  const seeds = Array.from({ length: starts }, (_, r) => seedOf(0, r));
  const options = { seeds, start: { ...full2D, K }, fit: { ...twentyIterations, bytes: 1e6, stopping: () => false } };
  const restarts = () => last(fitAll(data, options)).fits.map(({ means }) => means);
  return { case: `${starts} restarts, N ${N}, D 2, K ${K}, two threads`, ...(await compare(restarts, crew, 7)) };
}

/** The comparison of K of moderate data, whose fits the threads share out. */
async function sweepLine(crew: HiredCrew): Promise<Line> {
  const [N, most, starts] = [20_000, 8, 2];
  const data = { columns: makeData(N, 2, 4), N, D: 2 };
  const sweep = () => last(sweepK(data, { most, starts, randomState: 0, start: full2D, fit: { ...twentyIterations, stopping: () => false }, known: { K: 0, fits: [] } }));
  return { case: `comparison of K = 1 … ${most}, N ${N}, D 2, ${starts} starts, two threads`, ...(await compare(sweep, crew, 7)) };
}

/** The sums of an iteration of t-SNE: as many neighbours as a perplexity of 30 brings. */
async function forcesLine(crew: HiredCrew): Promise<Line> {
  const [m, near] = [20_000, 130];
  useCrew(crew);
  const random = seededRandom(3);
  const layout = Float64Array.from({ length: 2 * m }, () => 60 * random());
  const starts = Int32Array.from({ length: m + 1 }, (_, i) => near * i);
  const columns = Int32Array.from({ length: near * m }, () => Math.floor(m * random()));
  const forces = last(kernels().maps.forces({ m, starts, columns, values: new Float64Array(near * m).fill(1 / (near * m)) }));
  const [pull, push] = [new Float64Array(2 * m), new Float64Array(2 * m)];
  const sums = () => {
    const total = last(forces.at(layout, 0.5, pull, push));
    return [total, pull.subarray(0, 1000), push.subarray(0, 1000)];
  };
  return { case: `t-SNE's sums of ${m} points, two threads`, ...(await compare(sums, crew)) };
}

async function productLine({ n, k, m, type }: ProductCase, crew: HiredCrew): Promise<Line> {
  useCrew(crew);
  const matrix = kernels().matrix.room().matrix(m, k, type);
  const bytes = Uint8Array.from({ length: m * k * bytesOf(type) }, (_, i) => (i % 2 === 0 ? i % 251 : 0x3a + (i % 3))); // numbers of moderate size
  matrix.fill(bytes, 0, m);
  const x = Float32Array.from({ length: n * k }, (_, i) => Math.sin(i));
  const out = new Float32Array(n * m);
  const times = () => {
    matrix.times(x, n, undefined, out);
    return out.subarray(0, 1000);
  };
  return { case: `matrix product, ${n} x ${k} x ${m}, ${type}, two threads`, ...(await compare(times, crew)) };
}

async function similarityLine({ metric, n, d }: (typeof similarities)[number], crew: HiredCrew): Promise<Line> {
  const values = Float64Array.from({ length: n * d }, (_, i) => Math.sin(i * i));
  const matrix = () => last(similarityMatrix({ n, d, values }, metric)).values.slice(-1000);
  return { case: `matrix of ${n} x ${d}, ${metric}, two threads`, ...(await compare(matrix, crew)) };
}

/** What the first search in a file of word vectors makes of it. */
async function bytesLine(crew: HiredCrew): Promise<Line> {
  const [n, d] = [341_479, 100];
  const rows = newRows(n, d);
  for (let i = 0; i < rows.length; i++) rows[i] = Math.sin(i * i);
  const bytes = () => {
    last(byteRowsOf(rows.subarray(d), 3000, d)); // in the place of those that are kept
    return last(byteRowsOf(rows, n, d))?.room.factors.slice(-1000);
  };
  return { case: `rows as bytes, ${n} x ${d}, two threads`, ...(await compare(bytes, crew, 7)) };
}

async function neighboursLine({ m, d, k, places, spread }: (typeof neighbours)[number], crew: HiredCrew): Promise<Line> {
  const units = Float32Array.from({ length: m * d }, (_, i) => spread * Math.sin(i * i) + 2 * Math.sin((i % d) * (1 + (Math.floor(i / d) % places))));
  for (let i = 0; i < m; i++) {
    const row = units.subarray(i * d, (i + 1) * d);
    const length = Math.sqrt(row.reduce((sum, value) => sum + value * value, 0));
    for (let c = 0; c < d; c++) row[c] /= length;
  }
  const search = () => last(nearestNeighbours(units, m, d, k, seededRandom(0))).distances.slice(-1000);
  const rows = places === 1 ? `${spread === 0 ? "equal" : "nearly equal"} rows, ` : "";
  return { case: `exact ${k} neighbours of ${rows}${m} x ${d}, two threads`, ...(await compare(search, crew, 5)) };
}

/** Where there are too many points for all pairs; here of fewer, which takes as long a point. */
async function likelyLine(crew: HiredCrew): Promise<Line> {
  const [m, d, k] = [10_000, 100, 14];
  const random = seededRandom(1);
  const units = Float32Array.from({ length: m * d }, (_, i) => random() - 0.5 + Math.sin((i % d) * (1 + (Math.floor(i / d) % 50)))).map((value) => value / Math.sqrt(0.58 * d));
  const search = () => last(nearestNeighbours(units, m, d, k, seededRandom(0), 0)).distances.slice(-1000);
  return { case: `likely ${k} neighbours of ${m} x ${d}, two threads`, ...(await compare(search, crew, 5)) };
}

function last<T>(steps: Generator<unknown, T, void>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** Median and least milliseconds of both, in turn. */
async function compare(work: () => unknown, crew: HiredCrew, rounds = 25) {
  const [ones, twos]: [number[], number[]] = [[], []];
  let failed: string | undefined;
  for (let round = -5; round < rounds; round++) {
    useCrew();
    const one = timed(work);
    useCrew(crew);
    const two = timed(work);
    if (JSON.stringify(one.result, numbers) !== JSON.stringify(two.result, numbers)) failed = "the results differ";
    if (round < 0) await new Promise((resolve) => setTimeout(resolve, 20)); // the helper starts and warms
    else {
      ones.push(one.ms);
      twos.push(two.ms);
    }
  }
  const { helpers, lost } = crew.state();
  if (helpers === 0) failed = `the helper was lost: ${lost.join(", ")}`;
  return {
    ours_ms: round2(median(twos)),
    peer: "one thread",
    peer_ms: round2(median(ones)),
    ratio: round2(median(ones) / median(twos)),
    ratio_of_least: round2(Math.min(...ones) / Math.min(...twos)),
    goal,
    ...(failed ? { failed } : {}),
  };
}

function timed(work: () => unknown): { readonly ms: number; readonly result: unknown } {
  const begin = performance.now();
  const result = work();
  return { ms: performance.now() - begin, result };
}

function numbers(_: string, value: unknown): unknown {
  return ArrayBuffer.isView(value) ? Array.from(value as Float64Array, String) : value;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}

function round2(value: number): number {
  return Math.round(value * 100) / 100;
}
