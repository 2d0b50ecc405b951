import { kernels } from "../src/core/kernels/current.js";
import type { StoredType } from "../src/core/kernels/matrix.js";
import type { Line } from "./benches.js";
import { findPython, Peer } from "./peer.js";

/** x Wᵀ by numpy's BLAS, one thread, or for half precision with torch: the shortest of some runs, as others may use the machine too. */
const program = `
import json, sys, time
import numpy as np
try:
    import torch
    torch.set_num_threads(1)
except ImportError:
    torch = None
for line in sys.stdin:
    q = json.loads(line)
    n, k, m, half = q["n"], q["k"], q["m"], q["half"]
    if half and torch is None:
        print(json.dumps(dict(ms=None)), flush=True)
        continue
    x = np.sin(np.arange(n * k, dtype=np.float32)).reshape(n, k)
    w = np.cos(np.arange(m * k, dtype=np.float32)).reshape(m, k)
    if half:
        x, w = torch.from_numpy(x).half(), torch.from_numpy(w).half()
    times = []
    for _ in range(q["runs"]):
        begin = time.perf_counter()
        for _ in range(q["times"]):
            out = x @ w.T
        times.append((time.perf_counter() - begin) * 1e3 / q["times"])
    print(json.dumps(dict(ms=min(times))), flush=True)
`;

type Case = { readonly n: number; readonly k: number; readonly m: number; readonly type: StoredType; readonly gflops?: number; readonly ratio?: number };

const cases: readonly Case[] = [
  { n: 256, k: 128, m: 384, type: "float32", gflops: 30, ratio: 0.45 },
  { n: 256, k: 768, m: 3072, type: "float32", gflops: 30, ratio: 0.45 },
  { n: 32, k: 768, m: 3072, type: "float32" },
  { n: 32, k: 768, m: 3072, type: "float16" },
  { n: 32, k: 768, m: 3072, type: "bfloat16" },
  { n: 1, k: 768, m: 3072, type: "float32" },
  { n: 1, k: 768, m: 3072, type: "float16" },
  { n: 1, k: 768, m: 3072, type: "bfloat16" },
];

/** What models spend their time with: inputs [n, k] by weights [m, k] as they are stored. */
export async function* benchMatrix(): AsyncGenerator<Line, void, void> {
  const [numpy, torch] = [findPython("numpy"), findPython("torch")];
  const python = torch ?? numpy;
  const peer = python && new Peer(python.python, program);
  try {
    for (const { n, k, m, type, gflops: goal, ratio: wanted } of cases) {
      const times = Math.max(1, Math.floor(4e7 / (n * k * m)));
      const run = runOf(n, k, m, type);
      let [ours, theirs] = [Infinity, Infinity];
      // In turns, so that both meet the same load.
      for (let round = 0; round < 6; round++) {
        for (let i = 0; i < 4; i++) {
          const begin = performance.now();
          for (let j = 0; j < times; j++) run();
          ours = Math.min(ours, (performance.now() - begin) / times);
        }
        const answer = peer && ((await peer.ask({ n, k, m, half: type !== "float32", runs: 4, times })) as { readonly ms: number | null });
        theirs = Math.min(theirs, answer?.ms ?? Infinity);
      }
      const gflops = (2 * n * k * m) / ours / 1e6;
      const name = type === "float32" ? numpy && `numpy ${numpy.version}` : torch && `torch ${torch.version}, binary16`;
      const ratio = theirs / ours;
      const beside = name && theirs < Infinity ? { peer: `${name}, one thread`, peer_ms: round3(theirs), ratio: round3(ratio) } : { peer: "numpy or torch is not installed", peer_ms: null, ratio: null };
      // The goal beside numpy is meant for 256 bits; where numpy has 512, a half of it is out of reach of WebAssembly's 128.
      const slow = goal !== undefined && gflops < goal;
      yield { case: `product ${n} × ${k} × ${m}, ${type}`, ours_ms: round3(ours), gflops: round3(gflops), ...beside, ...(goal === undefined ? {} : { goal_gflops: goal, goal: wanted }), ...(slow ? { failed: "slower than its goal" } : {}) };
    }
  } finally {
    peer?.end();
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
