import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { seededRandom } from "../src/core/math/random.js";
import { covariancesLength } from "../src/core/mixture/covariance.js";
import { factor } from "../src/core/mixture/factor.js";
import { newStatistics } from "../src/core/mixture/statistics.js";
import { emPass } from "../src/core/mixture/pass.js";
import { maximise } from "../src/core/mixture/mStep.js";
import type { CovarianceType } from "../src/core/mixture/params.js";
import type { Mixture } from "../src/core/mixture/trace.js";
import type { Line } from "./benches.js";
import { measureMemory } from "./memory.js";
import { findScikitLearn, Peer } from "./peer.js";

export type Case = { readonly N: number; readonly D: number; readonly K: number; readonly type: CovarianceType; readonly goal?: number };

/** `goal` is the ratio asked for: how many times faster than the peer an iteration should be. */
const cases: readonly Case[] = [
  { N: 100_000, D: 2, K: 8, type: "full", goal: 12 },
  { N: 1_000_000, D: 1, K: 3, type: "full", goal: 11 },
  { N: 100_000, D: 16, K: 8, type: "full", goal: 2.9 },
  { N: 100_000, D: 16, K: 8, type: "diag", goal: 2 },
];

const iterations = 5;
const rounds = 7;
const regCovar = 1e-6;

/** One EM fit of a fixed number of iterations by scikit-learn's own steps, timed apart from reading and starting. */
const program = `
import json, sys, time, warnings
import numpy as np
from sklearn.mixture import GaussianMixture
warnings.simplefilter("ignore")
for line in sys.stdin:
    q = json.loads(line)
    X = np.fromfile(q["file"]).reshape(q["N"], q["D"])
    gm = GaussianMixture(q["K"], covariance_type=q["type"], tol=0.0, reg_covar=q["reg"], max_iter=q["iterations"], init_params="random",
                         weights_init=np.array(q["weights"]), means_init=np.array(q["means"]).reshape(q["K"], q["D"]),
                         precisions_init=np.array(q["precisions"]).reshape(q["shape"]))
    gm._initialize(X, np.full((len(X), q["K"]), 1 / q["K"]))
    begin = time.perf_counter()
    for _ in range(q["iterations"]):
        log_prob, log_resp = gm._e_step(X)
        gm._m_step(X, log_resp)
    ms = (time.perf_counter() - begin) * 1e3 / q["iterations"]
    print(json.dumps(dict(ms=ms, weights=gm.weights_.ravel().tolist(), means=gm.means_.ravel().tolist(), covariances=gm.covariances_.ravel().tolist())), flush=True)
`;

type Answer = { readonly ms: number; readonly weights: number[]; readonly means: number[]; readonly covariances: number[] };

/** The mixture's EM beside scikit-learn's: same data, same start, same iterations, equal results. */
export async function* benchMixture(): AsyncGenerator<Line, void, void> {
  const found = findScikitLearn();
  const folder = mkdtempSync(path.join(tmpdir(), "lumen-bench-"));
  const peer = found && new Peer(found.python, program);
  try {
    for (const each of cases) yield await compareOne(each, folder, peer, found?.version);
  } finally {
    peer?.end();
    rmSync(folder, { recursive: true });
  }
  yield measureMemory({ N: 1_000_000, K: 3 });
}

async function compareOne(each: Case, folder: string, peer: Peer | undefined, version: string | undefined): Promise<Line> {
  const { N, D, K, type, goal } = each;
  const columns = makeData(N, D, K);
  const start = makeStart(columns, each);
  const file = path.join(folder, "x.f64");
  const rowMajor = new Float64Array(N * D);
  for (let d = 0; d < D; d++) for (let i = 0; i < N; i++) rowMajor[i * D + d] = columns[d][i];
  writeFileSync(file, rowMajor);
  const shape = { full: [K, D, D], tied: [D, D], diag: [K, D], spherical: [K] }[type];
  const question = {
    file, N, D, K, type, iterations, shape, reg: regCovar, weights: Array.from(start.weights), means: Array.from(start.means),
    precisions: Array.from(start.covariances), // the start's covariances are identities, their own inverses
  };
  const ours: number[] = [];
  const peers: number[] = [];
  let failed: string | undefined;
  run(columns, N, start); // warm
  if (peer) await peer.ask({ ...question, iterations: 1 });
  for (let round = 0; round < rounds; round++) {
    const { ms, mixture } = run(columns, N, start);
    ours.push(ms);
    if (!peer) continue;
    const answer = (await peer.ask(question)) as Answer;
    peers.push(answer.ms);
    failed ??= difference(mixture, answer);
  }
  const line = { case: `EM iteration, N ${N}, D ${D}, K ${K}, ${type}`, ours_ms: round2(median(ours)) };
  if (!peer) return { ...line, peer: "scikit-learn is not installed", peer_ms: null, ratio: null };
  const ratio = median(peers) / median(ours);
  return { ...line, peer: `scikit-learn ${version}`, peer_ms: round2(median(peers)), ratio: round2(ratio), ...(goal ? { goal } : {}), ...(failed ? { failed } : {}) };
}

function run(columns: readonly Float64Array[], N: number, start: Mixture): { ms: number; mixture: Mixture } {
  const { K, D, covarianceType: type } = start;
  const statistics = newStatistics(type, K, D);
  let mixture = start;
  const begin = performance.now();
  for (let i = 0; i < iterations; i++) {
    const factors = factor(mixture, "fail");
    if ("singular" in factors) throw new Error("singular");
    for (const _ of emPass(columns, N, type, factors, mixture.means, statistics));
    mixture = maximise(statistics, mixture.means, type, K, D, regCovar);
  }
  return { ms: (performance.now() - begin) / iterations, mixture };
}

/** What differs by more than 1e-6, relative above 1. */
function difference(mixture: Mixture, answer: Answer): string | undefined {
  for (const key of ["weights", "means", "covariances"] as const) {
    const worst = mixture[key].reduce((max, v, i) => Math.max(max, Math.abs(v - answer[key][i]) / Math.max(1, Math.abs(answer[key][i]))), 0);
    if (!(worst <= 1e-6) || mixture[key].length !== answer[key].length) return `${key} differ by ${worst}`;
  }
  return undefined;
}

/** K normal groups, some of which overlap. */
export function makeData(N: number, D: number, K: number): Float64Array[] {
  const random = seededRandom(N + D + K);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const centres = Array.from({ length: K * D }, () => 2.5 * normal());
  const groups = Uint8Array.from({ length: N }, () => Math.floor(random() * K));
  return Array.from({ length: D }, (_, d) => Float64Array.from(groups, (k) => centres[k * D + d] + normal()));
}

/** A row of each as means, unit covariances, equal weights. */
export function makeStart(columns: readonly Float64Array[], { N, D, K, type }: Case): Mixture {
  const covariances = new Float64Array(covariancesLength(type, K, D));
  if (type === "diag" || type === "spherical") covariances.fill(1);
  else for (let at = 0; at < covariances.length; at += D * D) for (let d = 0; d < D; d++) covariances[at + d * (D + 1)] = 1;
  const means = Float64Array.from({ length: K * D }, (_, i) => columns[i % D][Math.floor((Math.floor(i / D) * N) / K)]);
  return { K, D, covarianceType: type, weights: new Float64Array(K).fill(1 / K), means, covariances };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}

function round2(value: number): number {
  return Math.round(value * 100) / 100;
}
