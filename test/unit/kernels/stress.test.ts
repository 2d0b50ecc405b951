import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterEach, expect, test } from "vitest";
import { openKernels } from "../../../src/core/kernels/choose.js";
import { roomOf } from "../../../src/core/kernels/crew.js";
import { kernels as kernelsInUse, useKernels } from "../../../src/core/kernels/current.js";
import { forceCurves } from "../../../src/core/kernels/forceCurves.js";
import { builds, type WasmHost, type WasmMemory } from "../../../src/core/kernels/host.js";
import type { Kernels } from "../../../src/core/kernels/kernels.js";
import type { Sparse } from "../../../src/core/kernels/maps.js";
import { finish } from "../../../src/core/steps.js";
import { byteQuery, rowsOf } from "../../../src/core/kernels/vectors.js";
import { seededRandom } from "../../../src/core/math/random.js";
import { sharedAssignment } from "../../../src/core/mixture/emPieces.js";
import { newStatistics } from "../../../src/core/mixture/statistics.js";
import { similarityMatrix } from "../../../src/core/vectors/similarityMatrix.js";
import { crewOf } from "../../support/crewOf.js";
import { until } from "../../support/until.js";
import { wasmHost } from "../../support/wasmHost.js";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;
const hire = crewOf();
const usual = kernelsInUse();
afterEach(() => useKernels(usual));

/** The real host, and what its memories that are still there hold. */
function countingHost(): { readonly host: WasmHost; bytes(): number } {
  const memories: WeakRef<WasmMemory>[] = [];
  return {
    host: {
      ...wasmHost,
      memory(pages, shared) {
        const memory = wasmHost.memory(pages, shared);
        memories.push(new WeakRef(memory));
        return memory;
      },
    },
    bytes: () => memories.reduce((sum, each) => sum + (each.deref()?.buffer.byteLength ?? 0), 0),
  };
}

type Calls = {
  /** Some of each topic, of sizes that are drawn, on what lives long. */
  readonly small: readonly (() => void)[];
  /** What helpers are asked for, in memory that is used once: one that is late keeps what it was at. */
  readonly long: readonly (() => void)[];
  /** Makes anew what lives long. */
  readonly renew: readonly (() => void)[];
};

const random = seededRandom(3);
/** Sizes are the largest at first, so that what may grow has grown. */
let drawn = false;
const upTo = (most: number): number => (drawn ? 1 + Math.floor(random() * most) : most);
const reals = (n: number): Float64Array => Float64Array.from({ length: n }, () => 4 * random() - 2);
const singles = (n: number): Float32Array => Float32Array.from(reals(n));

function mixtureCalls({ em }: Kernels): Calls {
  const columns = Array.from({ length: 6 }, () => reals(3000));
  const [D, K, N] = [2, 8, 200_000];
  const shared = Array.from({ length: D }, () => new Float64Array(roomOf(8 * N, true)).map((_, i) => Math.sin(i)));
  const statistics = (size: number, rows: number) => ({ counts: new Float64Array(rows), sums: new Float64Array(rows * 6), products: new Float64Array(rows * size), logLikelihood: new Float64Array(1) });
  const pass = (n: number, d: number, k: number, kind: "diagonal" | "full") => {
    const size = kind === "full" ? d * d : d;
    const roots = Float64Array.from({ length: k * size }, (_, i) => (kind === "full" && (i % size) % d > Math.floor((i % size) / d) ? 0 : 0.5));
    em[kind](columns.slice(0, d), 0, n, { K: k, D: d, means: reals(k * d), centres: reals(k * d), roots, offsets: new Float64Array(k), top: 0 }, statistics(size, k));
  };
  return {
    small: [
      () => pass(upTo(3000), upTo(6), upTo(5), "diagonal"),
      () => pass(upTo(3000), 1 + upTo(5), upTo(5), "full"),
      () => em.assign(columns.slice(0, 3), 0, upTo(3000), reals(12), statistics(3, 4)),
      () => em.nearest(columns.slice(0, 3), 0, upTo(3000), reals(12), new Int32Array(3000), new Float64Array(3000)),
    ],
    long: [() => finish(sharedAssignment(shared, N, "full", reals(K * D), newStatistics("full", K, D)))],
    renew: [],
  };
}

function modelCalls({ matrix, transformer, logits, decode }: Kernels): Calls {
  const matrixOf = (type: "float32" | "float16", rows: number, columns: number) => {
    const made = matrix.room().matrix(rows, columns, type);
    made.fill(new Uint8Array(rows * columns * (type === "float32" ? 4 : 2)).fill(60), 0, rows);
    return made;
  };
  let [half, single] = [matrixOf("float16", 100, 64), matrixOf("float32", 100, 64)];
  const x = singles(64 * 1024);
  const out = new Float32Array(64 * 1024);
  const [row, halves] = [reals(5000), new Uint8Array(4096).fill(60)];
  let vocabulary = logits.vocabulary(3000, 2, 1);
  const [heads, size] = [2, 16];
  const pages = [singles(64 * heads * size), singles(64 * heads * size)];
  const attend = (n: number, seen: number) =>
    transformer.attend({ queries: x, stride: heads * size, n, heads, kvHeads: heads, size, scale: 0.25, keys: pages, values: pages, count: seen, more: 1 }, out);
  return {
    small: [
      () => half.times(x, upTo(40), undefined, out),
      () => single.times(x, upTo(40), undefined, out),
      () => half.row(upTo(100) - 1, out),
      () => attend(upTo(60), upTo(60)),
      () => transformer.geluTanh(out, upTo(5000)),
      () => transformer.silu(out, upTo(5000)),
      () => transformer.gelu(out, upTo(5000)),
      () => transformer.entropies(x, 50, new Float64Array(upTo(100))),
      () => logits.softmax(row, row, upTo(5000), 0),
      () => void logits.logSumExp(row, upTo(5000), 0),
      () => void vocabulary.exponentials(vocabulary.reals[0], vocabulary.reals[1]),
      () => decode.float16(halves, 0, new Float32Array(upTo(2048))),
      () => decode.bfloat16(halves, 0, new Float32Array(upTo(2048))),
    ],
    long: [() => matrixOf("float16", 1024, 1024).times(x, 64, undefined, out)],
    renew: [
      () => (half = matrixOf("float16", 100, 64)),
      () => (single = matrixOf("float32", 100, 64)),
      () => (vocabulary = logits.vocabulary(3000, 2, 1)),
    ],
  };
}

function vectorCalls({ vectors, text, maps }: Kernels): Calls {
  const [n, d] = [200, 32];
  const rows = singles(n * d);
  const many = reals(700 * 300);
  const query = byteQuery(rows.subarray(0, d));
  const bytesOf = () => {
    const made = vectors.byteRows(n, d);
    made?.fill(rows, 0, n);
    return made;
  };
  const line = "word 1 -0.25 3.5e-1 4\n";
  const scannerOf = () => {
    const made = text.openRows(100 * line.length, 4);
    made.bytes.set(Array.from({ length: 100 * line.length }, (_, i) => line.charCodeAt(i % line.length)));
    return made;
  };
  const neighbours = (m: number): Sparse => ({
    m,
    starts: Int32Array.from({ length: m + 1 }, (_, i) => 2 * i),
    columns: Int32Array.from({ length: 2 * m }, (_, i) => (7 * i) % m),
    values: new Float64Array(2 * m).fill(1 / m),
  });
  const [few, far] = [neighbours(300), neighbours(8200)];
  const curves = forceCurves(1.577, 0.895);
  const movesOf = () => {
    const made = maps.moves(300, curves);
    made.positions.set(reals(600));
    made.edges.set(Array.from({ length: 300 }, (_, i) => [i, (i + 1) % 300, 1]).flat());
    return made;
  };
  const unit = rows.map((v) => v / 10);
  const limits = new Float64Array(n);
  let [bytes, scanner, forces, moves] = [bytesOf(), scannerOf(), finish(maps.forces(few)), movesOf()];
  const cells = new Float32Array(n * n);
  const pairs = (kind: "euclidean" | "cosine", rows: number, length: number) => vectors.pairs(rowsOf(many, length), rows, length, kind).fill(0, Math.min(8, rows), 0, Math.min(8, rows), cells);
  const step = (of: typeof forces, m: number) => void finish(of.at(reals(2 * m), 0.5, new Float64Array(2 * m), new Float64Array(2 * m)));
  return {
    small: [
      () => void bytes?.bounds(query, 0, Math.min(n, bytes.most)),
      () => void bytes?.reaching(0, Math.min(n, bytes.most)),
      () => pairs("euclidean", upTo(n), upTo(100)),
      () => pairs("cosine", upTo(n), upTo(100)),
      () => void vectors.nearPairs(unit, n, d).find(0, 8, 0, 8, limits),
      () => void scanner.scan(0, 100 * line.length, upTo(100)),
      () => step(forces, few.m),
      () => void finish(forces.logDistances()),
      () => moves.move(300, 0.1),
    ],
    long: [() => step(finish(maps.forces(far)), far.m), () => finish(similarityMatrix({ n: 700, d: 300, values: many }, "cosine"))],
    renew: [() => (bytes = bytesOf()), () => (scanner = scannerOf()), () => (forces = finish(maps.forces(few))), () => (moves = movesOf())],
  };
}

/** Calls of every topic, one after another; now and then a long one, or one that makes anew what lives long. */
function* mixedCalls(kernels: Kernels): Generator<void, never, void> {
  const topics = [mixtureCalls(kernels), modelCalls(kernels), vectorCalls(kernels)];
  const [small, long, renew] = (["small", "long", "renew"] as const).map((kind) => topics.flatMap((topic) => topic[kind]));
  drawn = false;
  for (const call of [...small, ...long]) call();
  drawn = true;
  for (let i = 0; ; i++) {
    if (i % 50 === 49) renew[((i - 49) / 50) % renew.length]();
    else if (i % 100 === 25) long[((i - 25) / 100) % long.length]();
    else small[i % small.length]();
    yield;
  }
}

const cases = builds.filter((build) => wasmHost.supports(build)).flatMap((build) => [[build, 0], [build, 2]] as const);
test.each(cases)("10,000 mixed calls leave no more memory in use than 1,000 (%s, %i helpers)", async (build, size) => {
  const { host, bytes } = countingHost();
  const hired = hire({ implementation: build, size });
  const opened = openKernels(host, build);
  useKernels(opened);
  const calls = mixedCalls(opened);
  const call = async (times: number) => {
    for (let i = 0; i < times; i++) {
      calls.next();
      // Threads start and end between turns.
      if (i % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
  };
  const settled = async (limit: number, heap: number): Promise<readonly [bytes: number, heap: number]> => {
    let found: readonly [number, number] = [0, 0];
    await until("unused memory to be freed", async () => {
      // What is held weakly is kept until the turn has ended.
      await new Promise((resolve) => setImmediate(resolve));
      collectGarbage();
      found = [bytes(), process.memoryUsage().heapUsed];
      return found[0] <= limit && found[1] <= heap;
    });
    return found;
  };
  await call(1000);
  // One of each that is made anew is in use; some of the others may still be there.
  const [inUse, heap] = await settled(16 * 2 ** 20, Infinity);
  await call(9000);
  const [after] = await settled(inUse, heap + 2 ** 22);
  expect(after).toBeLessThanOrEqual(inUse);
  const { jobs, lost } = hired.state();
  expect({ helped: jobs > 0, lost }).toEqual({ helped: size > 0, lost: [] });
});
