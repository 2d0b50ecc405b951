import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { openKernels } from "../../../src/core/kernels/choose.js";
import { builds, type WasmHost, type WasmMemory } from "../../../src/core/kernels/host.js";
import type { Kernels } from "../../../src/core/kernels/kernels.js";
import { byteQuery, rowsOf } from "../../../src/core/kernels/vectors.js";
import { seededRandom } from "../../../src/core/math/random.js";
import { until } from "../../support/until.js";
import { wasmHost } from "../../support/wasmHost.js";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** The real host, and what its memories that are still there hold. */
function countingHost(): { readonly host: WasmHost; bytes(): number } {
  const memories: WeakRef<WasmMemory>[] = [];
  return {
    host: {
      ...wasmHost,
      memory(pages) {
        const memory = wasmHost.memory(pages);
        memories.push(new WeakRef(memory));
        return memory;
      },
    },
    bytes: () => memories.reduce((sum, each) => sum + (each.deref()?.buffer.byteLength ?? 0), 0),
  };
}

/** Calls of every topic, of sizes up to the largest, on what lives long and on what is made anew every now and then. */
function mixedCalls(kernels: Kernels): (() => void)[] {
  const random = seededRandom(3);
  const upTo = (most: number): number => 1 + Math.floor(random() * most);
  const reals = (n: number): Float64Array => Float64Array.from({ length: n }, () => 4 * random() - 2);
  const columns = Array.from({ length: 6 }, () => reals(3000));

  const em = (N: number, D: number, K: number, kind: "diagonal" | "full") => {
    const size = kind === "full" ? D * D : D;
    const model = { K, D, means: reals(K * D), centres: reals(K * D), roots: Float64Array.from({ length: K * size }, (_, i) => (kind === "full" && (i % size) % D > Math.floor((i % size) / D) ? 0 : 0.5)), offsets: new Float64Array(K), top: 0 };
    kernels.em[kind](columns.slice(0, D), 0, N, model, { counts: new Float64Array(K), sums: new Float64Array(K * D), products: new Float64Array(K * size), logLikelihood: new Float64Array(1) });
  };

  const matrixOf = () => {
    const made = kernels.matrix.room().matrix(100, 64, "float16");
    made.fill(new Uint8Array(100 * 64 * 2).fill(60), 0, 100);
    return made;
  };
  let matrix = matrixOf();
  const x = new Float32Array(40 * 64).fill(0.5);
  const out = new Float32Array(40 * 100);

  const row = reals(5000);
  let vocabulary = kernels.logits.vocabulary(3000, 2, 1);

  const rows = Float32Array.from(reals(200 * 32));
  const bytesOf = () => {
    const made = kernels.vectors.byteRows(200, 32);
    made?.fill(rows, 0, 200);
    return made;
  };
  let bytes = bytesOf();
  const query = byteQuery(rows.subarray(0, 32));

  const doubles = Float64Array.from(rows);
  const cells = new Float32Array(100 * 100);
  const pairs = (n: number, d: number) => kernels.vectors.pairs(rowsOf(doubles, d), n, d, "euclidean").fill(0, n, 0, n, cells);

  const line = "word 1 -0.25 3.5e-1 4\n";
  const scannerOf = () => {
    const made = kernels.text.openRows(100 * line.length, 4);
    made.bytes.set(Array.from({ length: 100 * line.length }, (_, i) => line.charCodeAt(i % line.length)));
    return made;
  };
  let scanner = scannerOf();
  const halves = new Uint8Array(4096).fill(60);

  const calls: (() => void)[] = [
    () => em(upTo(3000), upTo(6), upTo(5), "diagonal"),
    () => em(upTo(3000), 1 + upTo(5), upTo(5), "full"),
    () => matrix.times(x, upTo(40), undefined, out),
    () => kernels.logits.softmax(row, row, upTo(5000), 0),
    () => void kernels.logits.logSumExp(row, upTo(5000), 0),
    () => void vocabulary.exponentials(vocabulary.reals[0], vocabulary.reals[1]),
    () => void bytes?.bounds(query, 0, Math.min(200, bytes.most)),
    () => pairs(upTo(100), upTo(64)),
    () => void scanner.scan(0, 100 * line.length, upTo(100)),
    () => kernels.decode.float16(halves, 0, new Float32Array(upTo(2048))),
  ];
  const renew = [
    () => (matrix = matrixOf()),
    () => (vocabulary = kernels.logits.vocabulary(3000, 2, 1)),
    () => (bytes = bytesOf()),
    () => (scanner = scannerOf()),
  ];
  // All at their largest once, so that what may grow has grown.
  em(3000, 6, 5, "diagonal");
  em(3000, 6, 5, "full");
  for (let n = 1; n <= 40; n++) matrix.times(x, n, undefined, out);
  kernels.logits.softmax(row, row, 5000, 0);
  pairs(100, 64);
  kernels.decode.float16(halves, 0, new Float32Array(2048));
  return Array.from({ length: 10_000 }, (_, i) => (i % 50 === 49 ? () => void renew[(i / 50) & 3]() : calls[i % calls.length]));
}

test.each(builds.filter((build) => wasmHost.supports(build)))("10,000 mixed calls leave no more memory in use than 1,000 (%s)", async (build) => {
  const { host, bytes } = countingHost();
  const calls = mixedCalls(openKernels(host, build));
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
  for (const call of calls.slice(0, 1000)) call();
  // One of each that is made anew is in use; some of the others may still be there.
  const [inUse, heap] = await settled(16 * 2 ** 20, Infinity);
  for (const call of calls.slice(1000)) call();
  const [after] = await settled(inUse, heap + 2 ** 22);
  expect(after).toBeLessThanOrEqual(inUse);
});
