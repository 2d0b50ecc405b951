import * as fc from "../../support/fastCheck.js";
import { describe, expect, test } from "vitest";
import { seededRandom } from "../../../src/core/math/random.js";
import { cholesky } from "../../../src/core/math/cholesky.js";
import type { Data } from "../../../src/core/mixture/data.js";
import { covarianceOf } from "../../../src/core/mixture/evaluate.js";
import { kMeans } from "../../../src/core/mixture/kmeans.js";
import { nearnessOf, pickByDistance, plusPlus, potentialOf } from "../../../src/core/mixture/plusPlus.js";
import { startMixture, type StartOptions } from "../../../src/core/mixture/start.js";
import { finish, iris, twoGroups } from "./helpers.js";

function dataOf(rows: readonly (readonly number[])[]): Data {
  return { columns: rows[0].map((_, d) => Float64Array.from(rows, (row) => row[d])), N: rows.length, D: rows[0].length };
}

function start(rows: readonly (readonly number[])[], patch: Partial<StartOptions>, seed = 1) {
  const D = rows[0].length;
  const options: StartOptions = {
    K: 3, type: "full", regCovar: 1e-6, method: "k-means++", meansInit: [], std: new Float64Array(D).fill(1), random: seededRandom(seed), ...patch,
  };
  return finish(startMixture(dataOf(rows), options));
}

const rowsOf = (means: Float64Array, D: number) => Array.from({ length: means.length / D }, (_, k) => Array.from(means.slice(k * D, (k + 1) * D)));

describe("a start", () => {
  test("is a mixture that EM can work with, for every method, shape and seed", () => {
    const many = fc.record({
      method: fc.constantFrom("k-means++", "kmeans", "random_from_data" as const),
      type: fc.constantFrom("full", "tied", "diag", "spherical" as const),
      K: fc.integer({ min: 1, max: 8 }),
      seed: fc.nat(),
      rows: fc.constantFrom(iris, twoGroups(40, 1), [...twoGroups(20, 2), [1e6, 1e6]]),
    });
    fc.assert(
      fc.property(many, ({ rows, seed, ...patch }) => {
        const mixture = start(rows, patch, seed);
        const { K, D } = mixture;
        expect(mixture.weights.reduce((sum, w) => sum + w, 0)).toBeCloseTo(1, 12);
        expect(mixture.weights.every((w) => w > 0)).toBe(true);
        for (let k = 0; k < K; k++) expect(cholesky(covarianceOf(mixture, k), D, new Float64Array(D * D))).toBe(-1);
      }),
    );
  });

  test("by k-means++ is the M-step of each row's nearest centre", () => {
    const rows = [[0], [1], [2], [100], [101], [102], [103]];
    const { weights, means, covariances } = start(rows, { K: 2, regCovar: 0 });
    const [low, high] = means[0] < means[1] ? [0, 1] : [1, 0];
    [3 / 7, 4 / 7].forEach((w, i) => expect(weights[[low, high][i]]).toBeCloseTo(w, 12));
    [1, 101.5].forEach((m, i) => expect(means[[low, high][i]]).toBeCloseTo(m, 12));
    [2 / 3, 1.25].forEach((v, i) => expect(covariances[[low, high][i]]).toBeCloseTo(v, 12));
  });

  test("gives a centre with too few rows the pooled covariance", () => {
    const rows = [...twoGroups(40, 2), [500, 500]];
    const mixture = start(rows, { K: 2 });
    const alone = mixture.means[0] > 400 ? 0 : 1;
    expect(mixture.means[2 * alone]).toBeCloseTo(500, 9);
    expect(covarianceOf(mixture, alone)).toEqual(covarianceOf(mixture, 1 - alone));
  });

  test("by random rows is the article's: distinct rows, unit variances, equal weights", () => {
    const rows = [[1, 1], [1, 1], [1, 1], [1, 1], [2, 1], [1, 2]];
    for (let seed = 0; seed < 20; seed++) {
      const { weights, means, covariances } = start(rows, { method: "random_from_data" }, seed);
      expect(new Set(rowsOf(means, 2).map(String)).size).toBe(3);
      expect(Array.from(weights)).toEqual([1 / 3, 1 / 3, 1 / 3]);
      expect(Array.from(covariances)).toEqual([1, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1]);
    }
  });

  test("takes a column's own variance where a unit says nothing", () => {
    const patch = { method: "given", meansInit: [[0, 0, 0]], K: 1, std: Float64Array.of(2, 1000, 0.01) } as const;
    expect(Array.from(start([[1, 2, 3]], { ...patch, type: "diag" }).covariances)).toEqual([1, 1e6, 1e-4]);
    expect(start([[1, 2, 3]], { ...patch, type: "spherical" }).covariances[0]).toBeCloseTo((1 + 1e6 + 1e-4) / 3, 9);
    expect(Array.from(start([[1, 2, 3]], { ...patch, type: "tied" }).covariances)).toEqual([1, 0, 0, 0, 1e6, 0, 0, 0, 1e-4]);
  });

  test("by k-means has closer rows than by k-means++ alone", () => {
    const spreadOf = (method: "kmeans" | "k-means++") => {
      const { means } = start(iris, { method }, 3);
      const centres = rowsOf(means, 4);
      return iris.reduce((sum, row) => sum + Math.min(...centres.map((c) => c.reduce((d, v, i) => d + (v - row[i]) ** 2, 0))), 0);
    };
    expect(spreadOf("kmeans")).toBeLessThanOrEqual(spreadOf("k-means++") + 1e-9);
    // Where 39 of 40 runs of scikit-learn 1.2.1's KMeans(3, n_init=1) end on iris.
    const ends = [78.851441, 78.855666];
    expect(ends.some((end) => Math.abs(spreadOf("kmeans") - end) < 1e-6)).toBe(true);
  });
});

describe("plusPlus", () => {
  test.each([1, 2, 3, 4, 7])("keeps each row's squared distance to the nearer of two rows, of %d columns", (D) => {
    const random = seededRandom(D);
    const rows = Array.from({ length: 2500 }, () => Array.from({ length: D }, () => Math.floor(20 * random())));
    const data = dataOf(rows);
    const squared = (i: number, j: number) => rows[i].reduce((sum, v, d) => sum + (v - rows[j][d]) ** 2, 0);
    const far = new Float64Array(2500).fill(Infinity);
    const [{ distances: first }] = finish(nearnessOf(data, [7], far, {}));
    const two = finish(nearnessOf(data, [2400, 3], first, {}));
    rows.forEach((_, i) => expect(first[i]).toBe(squared(i, 7)));
    [2400, 3].forEach((candidate, c) => {
      expect(two[c].distances).toEqual(Float64Array.from(rows, (_, i) => Math.min(squared(i, 7), squared(i, candidate))));
      expect(potentialOf(two[c])).toBe(two[c].distances.reduce((sum, v) => sum + v, 0)); // whole numbers have exact sums
    });
  });

  test("draws the row at which the running sum of distances passes a share of all", () => {
    // Whole numbers have exact sums; many are 0, some blocks wholly.
    const weights = fc.array(fc.integer({ min: -8, max: 5 }).map((v) => Math.max(0, v)), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(weights, fc.integer({ min: 1, max: 5000 }), fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (pattern, N, uniform) => {
        const distances = Float64Array.from({ length: N }, (_, i) => pattern[Math.floor(i / 300) % pattern.length]);
        const sums = Float64Array.from({ length: Math.ceil(N / 1024) }, (_, b) => distances.slice(1024 * b, 1024 * (b + 1)).reduce((sum, v) => sum + v, 0));
        const total = sums.reduce((sum, v) => sum + v, 0);
        fc.pre(total > 0);
        let sum = 0;
        const expected = distances.findIndex((v) => (sum += v) > uniform * total);
        expect(pickByDistance({ distances, sums }, uniform)).toBe(expected < 0 ? distances.findLastIndex((v) => v > 0) : expected);
      }),
    );
  });

  test("chooses different points while there are any", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 40 }), fc.nat(), (values, seed) => {
        const points = dataOf(values.map((v) => [v]));
        const distinct = new Set(values).size;
        const chosen = finish(plusPlus(points, 10, seededRandom(seed)));
        expect(chosen.length).toBe(10);
        expect(new Set(chosen.map((i) => values[i])).size).toBe(Math.min(10, distinct));
      }),
    );
  });
});

describe("k-means", () => {
  // scikit-learn 1.2.1: KMeans(3, init=[[0.5], [50], [1000]], n_init=1, max_iter=…, tol=0).
  test.each<[number, number[], number[], number]>([
    [1, [2.5 / 3, 102.5 / 4, 100], [0, 0, 0, 2], 1],
    [300, [1.25, 0, 100], [1, 0, 0, 2], 3],
  ])("goes on where the only row of a centre goes to an empty one: %i iterations", (maxIter, centres, labels, iterations) => {
    const found = finish(kMeans(dataOf([[0], [1], [1.5], [100]]), Float64Array.of(0.5, 50, 1000), maxIter, 0));
    centres.forEach((centre, i) => expect(found.centres[i]).toBeCloseTo(centre, 12));
    expect(Array.from(found.labels)).toEqual(labels);
    expect(found.iterations).toBe(iterations);
  });
});
