import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { defaultsOf } from "../src/core/contract/index.js";
import type { Table } from "../src/core/formats/table.js";
import { crew, doublesToShare } from "../src/core/kernels/crew.js";
import { mixture } from "../src/core/mixture/explainer.js";
import type { Line } from "./benches.js";

/**
 * Peak memory of a whole run on N numbers beside the size of the numbers: growth of array buffers (which hold all data and
 * results) and of the heap, at every step of the run, without garbage, of which V8 lets up to 16 MB lie however small
 * the data are.
 */
export function measureMemory({ N, K }: { readonly N: number; readonly K: number }): Line {
  const values = doublesToShare(N); // as a file's are read
  for (let i = 0; i < N; i++) values[i] = Math.sin(i * 12.9898) + (i % K) * 4;
  const column = { name: "x", values, codes: null, spans: null, numbers: N, numeric: true };
  const table: Table = { format: "numpy", columns: [column], rows: N, lines: null, spans: null };
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  collect();
  const before = process.memoryUsage();
  let peak = 0;
  let longest = 0;
  const params = { ...defaultsOf(mixture.params), n_components: K, max_iter: 20, sweep_max: 0 };
  const running = mixture.run(table, params, { random: Math.random, stopping: () => false, now: () => 0 });
  let last = performance.now();
  for (let step = running.next(); !step.done; step = running.next()) {
    longest = Math.max(longest, performance.now() - last);
    collect();
    const now = process.memoryUsage();
    peak = Math.max(peak, now.arrayBuffers - before.arrayBuffers + Math.max(0, now.heapUsed - before.heapUsed));
    last = performance.now();
  }
  const times = 1 + peak / values.byteLength;
  return {
    case: `peak memory of a run, N ${N}, D 1, K ${K}${crew().helpers > 0 ? ", two threads" : ""}`,
    data_mb: values.byteLength / 1e6,
    peak_mb: Math.round((values.byteLength + peak) / 1e5) / 10,
    times_data: Math.round(times * 100) / 100,
    longest_step_ms: Math.round(longest * 10) / 10,
    ...(times < 2 ? {} : { failed: "more than twice the data" }),
  };
}
