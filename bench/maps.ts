import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { kernels } from "../src/core/kernels/current.js";
import { finish } from "../src/core/steps.js";
import { seededRandom } from "../src/core/math/random.js";
import { affinities } from "../src/core/vectors/map/affinities.js";
import { fuzzyGraph } from "../src/core/vectors/map/fuzzy.js";
import { nearestNeighbours } from "../src/core/vectors/map/knn.js";
import { SparseTsne } from "../src/core/vectors/map/tsne.js";
import { UmapLayout } from "../src/core/vectors/map/umap.js";
import type { Line } from "./benches.js";
import { findScikitLearn, Peer } from "./peer.js";

/** What each of scikit-learn's iterations calls, for the same probabilities and the same layout. */
const program = `
import json, sys, time
import numpy as np
from scipy.sparse import csr_matrix
from sklearn.manifold._t_sne import _kl_divergence_bh
def gradient(q):
    read = lambda name, kind: np.fromfile(q["folder"] + "/" + name, dtype=kind)
    m = q["m"]
    P = csr_matrix((read("values", np.float64).astype(np.float32), read("columns", np.int32), read("starts", np.int32)), shape=(m, m))
    layout = read("layout", np.float64).astype(np.float32)
    all = []
    for _ in range(10):
        begin = time.perf_counter()
        _, grad = _kl_divergence_bh(layout, P, 1, m, 2, angle=0.5, compute_error=False, num_threads=1)
        all.append(time.perf_counter() - begin)
    grad.astype(np.float64).tofile(q["folder"] + "/gradient")
    return dict(ms=1e3 * float(np.median(all)))
for line in sys.stdin:
    q = json.loads(line)
    print(json.dumps(globals()[q["do"]](q)), flush=True)
`;

const d = 50;

/** Milliseconds within which a cancel is to be answered. */
const pauseGoal = 50;

/** An iteration of t-SNE beside scikit-learn's, and an epoch of UMAP; and the longest time without a pause, from the neighbours on. */
export async function* benchMaps(): AsyncGenerator<Line, void, void> {
  const found = findScikitLearn();
  const peer = found && new Peer(found.python, program);
  const folder = mkdtempSync(path.join(tmpdir(), "lumen-bench-"));
  try {
    for (const m of [10_000, 20_000, 50_000]) {
      const watch = new Watch();
      const knn = watch.finish(nearestNeighbours(unitsOf(m), m, d, 90, seededRandom(1)));
      const p = watch.finish(affinities(knn, 30));
      const tsne = watch.finish(SparseTsne.of(p, seededRandom(2), 200));
      for (let i = 0; i < 150; i++) watch.finish(tsne.step());
      const layout = tsne.layout.slice();
      const line = { case: `t-SNE, ${m} points, an iteration`, ours_ms: watch.median(() => tsne.step(), 30), ...watch.longest() };
      if (!peer) {
        yield { ...line, peer: "scikit-learn is not installed", peer_ms: null, ratio: null };
        continue;
      }
      for (const [name, values] of Object.entries({ ...p, layout })) if (typeof values !== "number") writeFileSync(path.join(folder, name), values);
      const { ms } = (await peer.ask({ do: "gradient", folder, m })) as { ms: number };
      const bytes = readFileSync(path.join(folder, "gradient"));
      const theirs = new Float64Array(bytes.buffer, bytes.byteOffset, 2 * m);
      const [pull, push] = [new Float64Array(2 * m), new Float64Array(2 * m)];
      const total = finish(finish(kernels().maps.forces(p)).at(layout, 0.5, pull, push));
      const apart = norm(theirs.map((value, at) => value - 4 * (pull[at] - push[at] / total))) / norm(theirs);
      yield {
        ...line, peer: `scikit-learn ${found.version}, its gradient alone`, peer_ms: round2(ms), ratio: round2(ms / line.ours_ms),
        ...(apart < 0.05 ? {} : { failed: `the gradients are ${apart} apart` }),
      };
    }
    const m = 50_000;
    const watch = new Watch();
    const graph = watch.finish(fuzzyGraph(watch.finish(nearestNeighbours(unitsOf(m), m, d, 14, seededRandom(1)))));
    const umap = watch.finish(UmapLayout.of(graph, { minDist: 0.1, iterations: 500, random: seededRandom(2) }));
    for (let i = 0; i < 20; i++) watch.finish(umap.step());
    yield { case: `UMAP, ${m} points, an epoch`, ours_ms: watch.median(() => umap.step(), 20), ...watch.longest() };
  } finally {
    peer?.end();
    rmSync(folder, { recursive: true });
  }
}

/** Directions around a hundred others. */
function unitsOf(m: number): Float32Array {
  const random = seededRandom(m);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const centres = Float32Array.from({ length: 100 * d }, normal);
  const units = new Float32Array(m * d);
  for (let i = 0; i < m; i++) {
    const row = units.subarray(i * d, (i + 1) * d);
    for (let c = 0; c < d; c++) row[c] = centres[(i % 100) * d + c] + normal();
    const length = norm(row);
    for (let c = 0; c < d; c++) row[c] /= length;
  }
  return units;
}

function norm(values: Float32Array | Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return Math.sqrt(sum);
}

/** Measures work that is done in steps. */
class Watch {
  private longestStep = 0;

  finish<T>(steps: Generator<unknown, T, void>): T {
    for (;;) {
      const begin = performance.now();
      const step = steps.next();
      this.longestStep = Math.max(this.longestStep, performance.now() - begin);
      if (step.done) return step.value;
    }
  }

  /** Milliseconds of all steps, in so many rounds. */
  median(steps: () => Generator<unknown, unknown, void>, rounds: number): number {
    const all: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const begin = performance.now();
      this.finish(steps());
      all.push(performance.now() - begin);
    }
    return round2(all.sort((a, b) => a - b)[rounds >> 1]);
  }

  longest(): { readonly longest_step_ms: number; readonly longest_step_goal: number } {
    return { longest_step_ms: round2(this.longestStep), longest_step_goal: pauseGoal };
  }
}

function round2(value: number): number {
  return Math.round(value * 100) / 100;
}
