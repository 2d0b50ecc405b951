import { kernels } from "../src/core/kernels/current.js";
import type { StoredType } from "../src/core/kernels/matrix.js";
import type { Line } from "./benches.js";
import { peak } from "./peak.js";
import { findPython, Peer } from "./peer.js";

/** x Wᵀ by numpy's BLAS, one thread, or for half precision with torch: the shortest of some runs, as others may use the machine too. */
const program = `
import json, sys, time
import numpy as np
for line in sys.stdin:
    q = json.loads(line)
    n, k, m, half = q["n"], q["k"], q["m"], q["half"]
    x = np.sin(np.arange(n * k, dtype=np.float32)).reshape(n, k)
    w = np.cos(np.arange(m * k, dtype=np.float32)).reshape(m, k)
    if half:
        import torch
        torch.set_num_threads(1)
        x, w = torch.from_numpy(x).half(), torch.from_numpy(w).half()
    times = []
    for _ in range(q["runs"]):
        begin = time.perf_counter()
        for _ in range(q["times"]):
            out = x @ w.T
        times.append((time.perf_counter() - begin) * 1e3 / q["times"])
    print(json.dumps(dict(ms=min(times))), flush=True)
`;

type Case = { readonly n: number; readonly k: number; readonly m: number; readonly type: StoredType; readonly goal?: number };

/** Of numpy's speed; and GFLOP/s. */
const NUMPY_GOAL = 0.45;
const GFLOPS_GOAL = 30;

const cases: readonly Case[] = [
  { n: 256, k: 128, m: 384, type: "float32", goal: GFLOPS_GOAL },
  { n: 256, k: 768, m: 3072, type: "float32", goal: GFLOPS_GOAL },
  { n: 32, k: 768, m: 3072, type: "float32" },
  { n: 32, k: 768, m: 3072, type: "float16" },
  { n: 32, k: 768, m: 3072, type: "bfloat16" },
  { n: 1, k: 768, m: 3072, type: "float32" },
  { n: 1, k: 768, m: 3072, type: "float16" },
  { n: 1, k: 768, m: 3072, type: "bfloat16" },
];

type Other = { readonly name: string; readonly goal?: number; readonly peer: Peer };

/** What models spend their time with: inputs [n, k] by weights [m, k] as they are stored. */
export async function* benchMatrix(): AsyncGenerator<Line, void, void> {
  const [numpy, torch] = [findPython("numpy"), findPython("torch")];
  const most = await peak();
  const others: Record<"float32" | "halves", Other[]> = { float32: [], halves: [] };
  // The goal is meant for 256 bits: a processor with 512 does four times what WebAssembly's 128 can.
  if (numpy) {
    const name = `numpy ${numpy.version}`;
    others.float32.push({ name, peer: new Peer(numpy.python, program) });
    others.float32.push({ name: `${name}, held to 256 bits`, goal: NUMPY_GOAL, peer: new Peer(numpy.python, program, { OPENBLAS_CORETYPE: "Haswell" }) });
  }
  if (torch) others.halves.push({ name: `torch ${torch.version}, binary16`, peer: new Peer(torch.python, program) });
  try {
    for (const { n, k, m, type, goal } of cases) {
      const times = Math.max(1, Math.floor(4e7 / (n * k * m)));
      const run = runOf(n, k, m, type);
      const beside = others[type === "float32" ? "float32" : "halves"];
      let ours = Infinity;
      const theirs = beside.map(() => Infinity);
      // In turns, so that all meet the same load.
      for (let round = 0; round < 6; round++) {
        for (let i = 0; i < 4; i++) {
          const begin = performance.now();
          for (let j = 0; j < times; j++) run();
          ours = Math.min(ours, (performance.now() - begin) / times);
        }
        for (const [i, { peer }] of beside.entries()) {
          const { ms } = (await peer.ask({ n, k, m, half: type !== "float32", runs: 4, times })) as { readonly ms: number };
          theirs[i] = Math.min(theirs[i], ms);
        }
      }
      const gflops = (2 * n * k * m) / ours / 1e6;
      const name = `product ${n} × ${k} × ${m}, ${type}`;
      const own = { case: name, ours_ms: round3(ours), gflops: round3(gflops), ...(most && { peak_gflops: round3(most) }) };
      const slow = goal !== undefined && gflops < goal ? { failed: "slower than its goal" } : {};
      if (beside.length === 0) yield { ...own, peer: "numpy or torch is not installed", peer_ms: null, ratio: null, ...slow };
      for (const [i, { name: other, goal: wanted }] of beside.entries()) {
        const goals = goal === undefined ? {} : { goal_gflops: goal, ...(wanted && { goal: wanted }) };
        yield { ...own, peer: `${other}, one thread`, peer_ms: round3(theirs[i]), ratio: round3(theirs[i] / ours), ...goals, ...slow };
      }
    }
  } finally {
    for (const { peer } of [...others.float32, ...others.halves]) peer.end();
  }
}

function runOf(n: number, k: number, m: number, type: StoredType): () => void {
  const weights = kernels().matrix.room().matrix(m, k, type);
  const numbers = Float32Array.from({ length: m * k }, (_, i) => Math.cos(i));
  // A half's bits: signs and fractions as they come, exponents around 1.
  const halves = Uint16Array.from({ length: m * k }, (_, i) => ((i * 40_503) & 0x83ff) | (type === "float16" ? 0x3800 : 0x3c00));
  weights.fill(new Uint8Array((type === "float32" ? numbers : halves).buffer), 0, m);
  const x = Float32Array.from({ length: n * k }, (_, i) => Math.sin(i));
  const out = new Float32Array(n * m);
  return () => weights.times(x, n, undefined, out);
}

function round3(value: number): number {
  return Number(value.toPrecision(3));
}
