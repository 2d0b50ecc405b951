import { TSNE } from "@keckelt/tsne";
import { UMAP } from "umap-js";
import { describe, expect, it } from "vitest";
import { kernels } from "../../../src/core/kernels/current.js";
import type { Sparse } from "../../../src/core/kernels/maps.js";
import { seededRandom } from "../../../src/core/math/random.js";
import { affinities } from "../../../src/core/vectors/map/affinities.js";
import { fuzzyGraph } from "../../../src/core/vectors/map/fuzzy.js";
import type { Knn } from "../../../src/core/vectors/map/knn.js";
import { lossEvery, SparseTsne } from "../../../src/core/vectors/map/tsne.js";
import { UmapLayout } from "../../../src/core/vectors/map/umap.js";
import { clouds, finish } from "./mapSupport.js";

/** Neighbours by plain Euclidean distance. */
function knnOf(values: Float32Array, d: number, k: number): Knn {
  const m = values.length / d;
  const indices = new Int32Array(m * k);
  const distances = new Float32Array(m * k);
  for (let i = 0; i < m; i++) {
    const all = Array.from({ length: m }, (_, j) => ({ j, distance: apart(values, d, i, j) })).filter(({ j }) => j !== i);
    for (const [n, { j, distance }] of all.sort((a, b) => a.distance - b.distance).slice(0, k).entries()) {
      indices[i * k + n] = j;
      distances[i * k + n] = distance;
    }
  }
  return { m, k, indices, distances, exact: true };
}

function apart(values: Float32Array, d: number, i: number, j: number): number {
  let sum = 0;
  for (let c = 0; c < d; c++) sum += (values[i * d + c] - values[j * d + c]) ** 2;
  return Math.sqrt(sum);
}

function dense({ m, starts, columns, values }: Sparse): Float64Array {
  const all = new Float64Array(m * m);
  for (let i = 0; i < m; i++) for (let e = starts[i]; e < starts[i + 1]; e++) all[i * m + columns[e]] = values[e];
  return all;
}

function pairsOf(layout: Float64Array): number[][] {
  return Array.from({ length: layout.length / 2 }, (_, i) => [layout[2 * i], layout[2 * i + 1]]);
}

function count(steps: Generator<unknown, unknown, void>): number {
  let yields = 0;
  while (!steps.next().done) yields++;
  return yields;
}

const [m, d] = [60, 4];
const values = clouds(m, d, 3);
const rows = Array.from({ length: m }, (_, i) => Array.from(values.subarray(i * d, (i + 1) * d)));

describe("t-SNE on neighbours", () => {
  it("has the library's own joint probabilities where all points are neighbours", () => {
    const ours = dense(finish(affinities(knnOf(values, d, m - 1), 10)));
    const theirs = new TSNE({ perplexity: 10 });
    theirs.initDataRaw(rows);
    const p = Reflect.get(theirs, "P") as Float64Array;
    let sum = 0;
    for (let at = 0; at < m * m; at++) {
      expect(Math.abs(ours[at] - p[at])).toBeLessThan(2e-6);
      sum += ours[at];
    }
    expect(sum).toBeCloseTo(1, 12);
  });

  it("gives each neighbourhood the entropy of the perplexity", () => {
    const knn = knnOf(values, d, 30);
    // Asked one way only, the neighbours of a point are all its row has: m rows of 30, none of which names the other.
    const oneWay: Knn = { m: m * 31, k: 30, exact: true, indices: new Int32Array(m * 31 * 30).fill(-1), distances: new Float32Array(m * 31 * 30).fill(Infinity) };
    for (let i = 0; i < m; i++) {
      for (let n = 0; n < 30; n++) {
        oneWay.indices[i * 30 + n] = m + i * 30 + n;
        oneWay.distances[i * 30 + n] = knn.distances[i * 30 + n];
      }
    }
    const p = finish(affinities(oneWay, 9));
    for (let i = 0; i < m; i++) {
      const row = p.values.subarray(p.starts[i], p.starts[i + 1]).map((value) => value * 2 * m * 31);
      const entropy = row.reduce((sum, value) => sum - (value > 0 ? value * Math.log(value) : 0), 0);
      expect(Math.exp(entropy)).toBeCloseTo(9, 3);
    }
  });

  it("has the library's own gradient with exact sums, and nearly with the tree's", () => {
    const p = finish(affinities(knnOf(values, d, m - 1), 10));
    const layout = Float64Array.from(clouds(m, 2, 4, 9));
    const theirs = new TSNE({});
    Object.assign(theirs, { N: m, P: dense(p), iter: 1000 });
    const expected = (theirs.costGrad(pairsOf(layout)) as { grad: number[][] }).grad.flat();
    const gradient = (theta: number) => {
      const [pull, push] = [new Float64Array(2 * m), new Float64Array(2 * m)];
      const total = finish(finish(kernels().maps.forces(p)).at(layout, theta, pull, push));
      return pull.map((value, at) => 4 * (value - push[at] / total));
    };
    for (const [at, value] of gradient(0).entries()) expect(value).toBeCloseTo(expected[at], 12);
    expect(Math.hypot(...gradient(0.5).map((value, at) => value - expected[at])) / Math.hypot(...expected)).toBeLessThan(0.05);
  });

  it("takes the library's own steps with exact sums", () => {
    const p = finish(affinities(knnOf(values, d, m - 1), 10));
    // Exaggerated for 99 iterations, as the library has it.
    const ours = finish(SparseTsne.of(p, seededRandom(3), 198, 0));
    const theirs = new TSNE({ epsilon: 50 });
    Object.assign(theirs, { N: m, P: dense(p), iter: 0, Y: pairsOf(ours.layout), gains: pairsOf(ours.layout.map(() => 1)), ystep: pairsOf(ours.layout.map(() => 0)) });
    // The library leaves out the constant part, the entropy of p.
    const constant = p.values.reduce((sum, value) => sum + (value > 0 ? value * Math.log(value) : 0), 0);
    for (let step = 0; step < 300; step++) {
      const cost = theirs.step();
      finish(ours.step());
      if (step % lossEvery === 0) expect(ours.lastDivergence).toBeCloseTo(cost + constant, 9);
      for (const [at, place] of (theirs.getSolution() as number[][]).flat().entries()) expect(ours.layout[at]).toBeCloseTo(place, 9);
      Object.assign(theirs, { Y: pairsOf(ours.layout) }); // lest roundings grow from step to step
    }
  });

  it("goes down, to a layout that the seed decides", () => {
    const p = finish(affinities(knnOf(values, d, 30), 10));
    const run = (seed: number) => {
      const tsne = finish(SparseTsne.of(p, seededRandom(seed), 300));
      const before = finish(tsne.divergenceNow());
      for (let step = 0; step < 300; step++) finish(tsne.step());
      return { before, after: finish(tsne.divergenceNow()), layout: tsne.layout.join() };
    };
    const [first, again, other] = [run(1), run(1), run(2)];
    expect(first.after).toBeLessThan(0.3 * first.before);
    expect(first.layout).toBe(again.layout);
    expect(first.layout).not.toBe(other.layout);
  });

  it("bears points that lie on one another", () => {
    const p = finish(affinities(knnOf(new Float32Array(40 * 2).fill(1), 2, 12), 5));
    const tsne = finish(SparseTsne.of(p, () => 0.5 + Number.EPSILON, 50));
    for (let step = 0; step < 50; step++) finish(tsne.step());
    expect(tsne.layout.every(Number.isFinite)).toBe(true);
    expect(Number.isFinite(finish(tsne.divergenceNow()))).toBe(true);
  });
});

describe("UMAP on neighbours", () => {
  it("has umap-js's own graph and steps as it does from there", () => {
    // A push of points that nearly lie on one another makes their difference some thousand times as large, and so its rounding.
    for (const [equal, digits] of [[0, 5], [20, 2]]) {
      const some = values.slice();
      for (let i = 0; i < equal; i++) some.copyWithin(i * d, 0, d);
      const knn = knnOf(some, d, 9);
      const theirs = new UMAP({ nNeighbors: 10, nEpochs: 40, random: seededRandom(5) });
      // umap-js counts the point itself as its first neighbour, at distance 0.
      const lists = Array.from({ length: m }, (_, i) => Array.from({ length: 9 }, (_, n) => i * 9 + n));
      theirs.setPrecomputedKNN(
        lists.map((places, i) => [i, ...places.map((at) => knn.indices[at])]),
        lists.map((places) => [0, ...places.map((at) => knn.distances[at])]),
      );
      theirs.initializeFit(rows);
      const graph = Reflect.get(theirs, "graph") as { toArray(): number[][] };
      const ours = finish(fuzzyGraph(knn));
      const expected = graph.toArray().flat();
      for (const [at, value] of dense(ours).entries()) expect(value).toBeCloseTo(expected[at], 9);
      const umap = finish(UmapLayout.of(ours, { minDist: 0.1, iterations: 40, random: seededRandom(5) }));
      expect(umap.layout).toEqual(Float64Array.from(theirs.getEmbedding().flat()));
      for (let step = 0; step < 40; step++) {
        theirs.step();
        finish(umap.step());
        const expected = theirs.getEmbedding().flat();
        for (const [at, place] of expected.entries()) expect(umap.layout[at]).toBeCloseTo(place, digits);
        umap.layout.set(expected); // lest roundings grow from step to step
      }
    }
  });
});

describe("the way to a layout", () => {
  /** Each point and the next k on a circle. */
  function ring(m: number, k: number): Knn {
    const indices = Int32Array.from({ length: m * k }, (_, at) => (Math.floor(at / k) + 1 + (at % k)) % m);
    return { m, k, exact: true, indices, distances: Float32Array.from({ length: m * k }, (_, at) => 1 + (at % k) / k) };
  }

  it("pauses by work, however many neighbours a point has", () => {
    for (const [m, k] of [[150_000, 2], [600, 500]]) {
      const knn = ring(m, k);
      // A pause for 2^15 widths, and others.
      const least = (m * k) / 2 ** 15 - 1;
      for (const made of [affinities(knn, Math.min(k, 30)), fuzzyGraph(knn)]) expect(count(made)).toBeGreaterThan(least);
    }
  });

  it("pauses while forces are laid out, and within an iteration", () => {
    const [m, k] = [6000, 100];
    const p = finish(affinities(ring(m, k), 30));
    expect(count(SparseTsne.of(p, seededRandom(1), 100))).toBeGreaterThanOrEqual(3); // 1.2 million entries
    const tsne = finish(SparseTsne.of(p, seededRandom(1), 100));
    // Forces and logarithms at first, then forces alone.
    const [first, second] = [count(tsne.step()), count(tsne.step())];
    expect(second).toBeGreaterThan(8);
    expect(first).toBeGreaterThan(second + 3);
    expect(count(tsne.divergenceNow())).toBe(first);
    const umap = finish(UmapLayout.of(finish(fuzzyGraph(ring(m, k))), { minDist: 0.1, iterations: 100, random: seededRandom(1) }));
    let pauses = 0;
    for (let epoch = 0; epoch < 20; epoch++) pauses += count(umap.step());
    expect(pauses).toBeGreaterThan(20);
  });
});
