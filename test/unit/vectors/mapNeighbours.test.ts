import { describe, expect, it } from "vitest";
import { seededRandom } from "../../../src/core/math/random.js";
import { choosePoints } from "../../../src/core/vectors/map/choose.js";
import { directionsOf, unitRows } from "../../../src/core/vectors/map/directions.js";
import { Heaps } from "../../../src/core/vectors/map/heaps.js";
import { nearestNeighbours } from "../../../src/core/vectors/map/knn.js";
import { nearestOnMap } from "../../../src/core/vectors/map/nearest.js";
import { cosine } from "../../../src/core/vectors/similarity.js";
import { clouds, finish, paramsOf, pointsOf } from "./mapSupport.js";

function unitsOf(values: Float32Array, d: number): Float32Array {
  const points = pointsOf(values, d);
  const { indices } = finish(choosePoints(points, paramsOf({ projection: "umap" })));
  return finish(unitRows(finish(directionsOf(points, indices))));
}

function byHand(values: Float32Array, d: number, i: number, k: number): number[] {
  const row = (j: number) => values.subarray(j * d, (j + 1) * d);
  const scored = Array.from({ length: values.length / d }, (_, j) => ({ j, score: cosine(row(i), row(j)) })).filter(({ j }) => j !== i);
  return scored.sort((a, b) => b.score - a.score).slice(0, k).map(({ j }) => j);
}

describe("nearest neighbours of a map", () => {
  it("are exact where all pairs are compared, whatever the number of rows left over from fours", () => {
    for (const m of [4, 5, 6, 7, 42]) {
      const values = clouds(m, 5, 3, m);
      const knn = finish(nearestNeighbours(unitsOf(values, 5), m, 5, 3, seededRandom(0)));
      expect(knn.exact).toBe(true);
      for (let i = 0; i < m; i++) {
        expect([...knn.indices.subarray(3 * i, 3 * i + 3)]).toEqual(byHand(values, 5, i, 3));
        for (let n = 0; n < 3; n++) {
          const j = knn.indices[3 * i + n];
          const c = cosine(values.subarray(5 * i, 5 * i + 5), values.subarray(5 * j, 5 * j + 5));
          expect(knn.distances[3 * i + n]).toBeCloseTo(Math.sqrt(Math.max(0, 2 - 2 * c)), 3);
        }
      }
    }
  });

  it("are none of a row that is no number, nor that row one of another", () => {
    const [m, d, k] = [30, 5, 4];
    const units = unitsOf(clouds(m, d, 3), d).slice();
    units.fill(NaN, 7 * d, 8 * d);
    const { indices, distances } = finish(nearestNeighbours(units, m, d, k, seededRandom(0)));
    expect([...indices.subarray(7 * k, 8 * k)]).toEqual([-1, -1, -1, -1]);
    expect([...distances.subarray(7 * k, 8 * k)]).toEqual([Infinity, Infinity, Infinity, Infinity]);
    expect([...indices].filter((j) => j === 7)).toEqual([]);
    expect([...indices].filter((j) => j === -1)).toHaveLength(k);
  });

  it("are found nearly all where only likely ones are compared, also among equal points", () => {
    const [m, d, k] = [2000, 20, 15];
    const values = clouds(m, d, 30);
    for (let i = 1500; i < m; i++) values.copyWithin(i * d, 0, d);
    const units = unitsOf(values, d);
    const exact = finish(nearestNeighbours(units, m, d, k, seededRandom(1)));
    const likely = finish(nearestNeighbours(units, m, d, k, seededRandom(1), 0));
    expect(likely.exact).toBe(false);
    let same = 0;
    for (let i = 0; i < m; i++) {
      // Among equal points any are the nearest: distances are compared, not names.
      for (let n = 0; n < k; n++) if (Math.abs(exact.distances[i * k + n] - likely.distances[i * k + n]) < 1e-3) same++;
      expect(new Set(likely.indices.subarray(i * k, (i + 1) * k)).size).toBe(k);
      expect(likely.indices.subarray(i * k, (i + 1) * k).includes(i)).toBe(false);
    }
    expect(same / (m * k)).toBeGreaterThan(0.95);
  });

  it("are found for the most part where points are strewn without any groups", () => {
    const [m, d, k] = [3000, 50, 14];
    const units = unitsOf(clouds(m, d, m), d);
    const exact = finish(nearestNeighbours(units, m, d, k, seededRandom(1)));
    const likely = finish(nearestNeighbours(units, m, d, k, seededRandom(1), 0));
    let same = 0;
    for (let i = 0; i < m; i++) {
      const nearest = new Set(exact.indices.subarray(i * k, (i + 1) * k));
      for (const j of likely.indices.subarray(i * k, (i + 1) * k)) if (nearest.has(j)) same++;
    }
    expect(same / (m * k)).toBeGreaterThan(0.72);
  });

  it("keep the nearest in a heap", () => {
    const random = seededRandom(4);
    const heaps = new Heaps(1, 7);
    const offered = Array.from({ length: 200 }, (_, j) => ({ j, distance: Math.fround(random()) }));
    for (const { j, distance } of offered) heaps.offer(0, j, distance);
    heaps.sort(0);
    expect([...heaps.indices]).toEqual(offered.sort((a, b) => a.distance - b.distance).slice(0, 7).map(({ j }) => j));
  });
});

describe("nearestOnMap", () => {
  it("answers with exact cosines, for places on the map, left-out rows passed over", () => {
    const d = 6;
    const values = clouds(50, d, 4);
    values[10 * d + 2] = Number.NaN;
    values.fill(0, 20 * d, 21 * d);
    const params = paramsOf({ projection: "tsne", map_rows: 40 });
    const reply = finish(nearestOnMap(pointsOf(values, d), params, 30, 10, () => 5));
    // Places on the map: rows 10 and 20 are not there.
    const rows = Array.from({ length: 50 }, (_, i) => i).filter((i) => i !== 10 && i !== 20).slice(0, 40);
    const row = (place: number) => values.subarray(rows[place] * d, (rows[place] + 1) * d);
    const all = rows.map((_, place) => ({ place, score: cosine(row(30), row(place)) })).filter(({ place }) => place !== 30);
    const best = all.sort((a, b) => b.score - a.score).slice(0, 10);
    expect([...reply.indices]).toEqual(best.map(({ place }) => place));
    for (const [n, { score }] of best.entries()) expect(reply.cosines[n]).toBeCloseTo(score, 6);
    expect(reply).toMatchObject({ kind: "nearest", point: 30, searched: 40, milliseconds: 0 });
  });

  it("says the same of doubles, however large or small they are", () => {
    const single = clouds(30, 4, 3);
    const params = paramsOf({ projection: "pca" });
    const plain = finish(nearestOnMap(pointsOf(single, 4), params, 3, 5, () => 0));
    for (const factor of [1, 1e200, 1e-200]) {
      const scaled = Float64Array.from(single, (value) => value * factor);
      const reply = finish(nearestOnMap(pointsOf(scaled, 4), params, 3, 5, () => 0));
      expect([...reply.indices]).toEqual([...plain.indices]);
      for (const [n, value] of plain.cosines.entries()) expect(reply.cosines[n]).toBeCloseTo(value, 5);
    }
  });

  it("finds nothing near a point without direction", () => {
    const values = clouds(20, 4, 2);
    values.fill(0, 0, 4);
    const reply = finish(nearestOnMap(pointsOf(values, 4), paramsOf({ projection: "pca" }), 0, 5, () => 0));
    expect(reply.indices).toHaveLength(0);
    const other = finish(nearestOnMap(pointsOf(values, 4), paramsOf({ projection: "pca" }), 1, 19, () => 0));
    expect([...other.indices]).not.toContain(0);
    expect(other.cosines.every(Number.isFinite)).toBe(true);
  });
});
