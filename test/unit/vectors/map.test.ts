import { describe, expect, it } from "vitest";
import { format } from "../../../src/core/contract/message.js";
import { Frames } from "../../../src/core/vectors/map/frames.js";
import { layOut } from "../../../src/core/vectors/map/layOut.js";
import { storePoints, type MapPoints } from "../../../src/core/vectors/map/points.js";
import { trustOf } from "../../../src/core/vectors/map/trust.js";
import type { MapPart } from "../../../src/core/vectors/trace.js";
import { clouds, envOf, finish, paramsOf, pointsOf } from "./mapSupport.js";

type Changes = Parameters<typeof paramsOf>[0];

function mapOf(values: Float32Array | Float64Array, d: number, changes: Changes, seed = 0): MapPart {
  const outcome = finish(layOut(pointsOf(values, d), paramsOf(changes), envOf(seed)));
  if (!outcome.ok) throw new Error(format(outcome.problems[0].message));
  return outcome.trace;
}

/** Mean distance within the groups (points in turns) over that between them, of the last layout. */
function tightness({ positions, m }: MapPart, groups: number): number {
  const last = positions.subarray(positions.length - 2 * m);
  const sums = [0, 0];
  const counts = [0, 0];
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < i; j++) {
      const kind = i % groups === j % groups ? 0 : 1;
      sums[kind] += Math.hypot(last[2 * i] - last[2 * j], last[2 * i + 1] - last[2 * j + 1]);
      counts[kind]++;
    }
  }
  return sums[0] / counts[0] / (sums[1] / counts[1]);
}

describe("layOut by PCA", () => {
  it("takes the two directions of most variance and tells the shares of up to ten", () => {
    const m = 50;
    const values = new Float64Array(m * 12);
    // Three columns that do not vary together, by Fourier's functions: variances 8, 2 and 0.5.
    for (let i = 0; i < m; i++) for (const [c, size] of [[1, 4], [5, 2], [9, 1]]) values[i * 12 + c] = 7 + size * Math.cos((2 * Math.PI * i * c) / m);
    const map = mapOf(values, 12, { projection: "pca" });
    expect(map).toMatchObject({ projection: "pca", points: "rows", m, total: m, cut: null, leftOut: 0, finished: true });
    expect([...map.iterations]).toEqual([0]);
    expect(map.explained).toHaveLength(10);
    for (const [at, share] of [8 / 10.5, 2 / 10.5, 0.5 / 10.5].entries()) expect(map.explained[at]).toBeCloseTo(share, 9);
    for (let i = 0; i < m; i++) {
      expect(map.positions[2 * i]).toBeCloseTo(4 * Math.cos((2 * Math.PI * i) / m), 5);
      expect(map.positions[2 * i + 1]).toBeCloseTo(2 * Math.cos((2 * Math.PI * i * 5) / m), 5);
    }
  });

  it("passes over rows that are not finite, keeps zero ones, and cuts at map_rows with the reason", () => {
    const values = clouds(60, 5, 2);
    values[7 * 5] = Number.POSITIVE_INFINITY;
    values[8 * 5 + 4] = Number.NaN;
    values.fill(0, 9 * 5, 10 * 5);
    const map = mapOf(values, 5, { projection: "pca", map_rows: 30 });
    const expected = Array.from({ length: 60 }, (_, i) => i).filter((i) => i !== 7 && i !== 8).slice(0, 30);
    expect([...map.indices]).toEqual(expected);
    expect([...map.rows]).toEqual(expected);
    expect(map.names).toEqual(expected.map((i) => `w${i}`));
    expect(map.leftOut).toBe(2);
    expect(map.cut && format(map.cut)).toContain("30");
    expect(map.positions.every(Number.isFinite)).toBe(true);
  });

  it("lays one column out on a line, and points that are all the same on a spot", () => {
    const line = mapOf(Float64Array.of(1, 2, 4), 1, { projection: "pca" });
    expect(line.positions.filter((_, at) => at % 2 === 1)).toEqual(new Float32Array(3));
    expect([...line.explained]).toEqual([1]);
    const spot = mapOf(new Float64Array(12).fill(3), 3, { projection: "pca" });
    expect(spot.positions).toEqual(new Float32Array(8));
    expect([...spot.explained]).toEqual([0, 0, 0]);
  });
});

describe.each(["tsne", "umap"] as const)("layOut by %s", (projection) => {
  it("keeps groups together, the same with the same seed and another with another", () => {
    const values = clouds(150, 10, 3);
    const changes = { projection, perplexity: 10, n_neighbors: 8, max_iter: 250 };
    const map = mapOf(values, 10, changes);
    expect(tightness(map, 3)).toBeLessThan(0.5);
    expect(mapOf(values, 10, changes).positions).toEqual(map.positions);
    expect(mapOf(values, 10, changes, 1).positions).not.toEqual(map.positions);
    expect(map.iterations[0]).toBe(0);
    expect(map.iterations.at(-1)).toBe(250);
    expect(map.positions).toHaveLength(map.iterations.length * 150 * 2);
    expect(map.trust).toMatchObject({ k: 10, sample: 150 });
    expect(map.trust?.share).toBeGreaterThan(0.3);
  });

  it("shows every iteration, and keeps what there is when it is stopped", () => {
    let stop = false;
    const steps = layOut(pointsOf(clouds(40, 6, 2), 6), paramsOf({ projection, perplexity: 5, max_iter: 100 }), envOf(0, () => stop));
    const seen: MapPart[] = [];
    let step = steps.next();
    for (; !step.done; step = steps.next()) {
      const trace = step.value.trace?.();
      if (trace && trace.iterations[0] !== seen.at(-1)?.iterations[0]) seen.push(trace);
      stop = seen.length === 17;
    }
    expect(seen.map(({ iterations }) => [...iterations])).toEqual(Array.from({ length: 17 }, (_, i) => [i + 1]));
    expect(seen[16].positions).toHaveLength(80);
    expect(seen[16].positions).not.toEqual(seen[15].positions);
    if (!step.value.ok) throw new Error("stopped without a map");
    const { trace } = step.value;
    expect(trace.finished).toBe(false);
    expect(trace.iterations.at(-1)).toBe(17);
    expect(trace.positions.subarray(trace.positions.length - 80)).toEqual(seen[16].positions);
    expect(trace.trust).toBeNull();
  });

  describe("that was stopped", () => {
    const values = clouds(60, 6, 2);
    const params = paramsOf({ projection, perplexity: 5, n_neighbors: 8, max_iter: 60 });
    const iteration = /^iteration (\d+) of 60/;

    /** Stops at an iteration, or not. */
    function run(points: MapPoints, changes: Changes, key: string, stopAt = Infinity) {
      let at = 0;
      const steps = layOut(points, { ...params, ...changes }, envOf(0, () => at >= stopAt), key);
      const messages: string[] = [];
      let step = steps.next();
      for (; !step.done; step = steps.next()) {
        messages.push(format(step.value.message));
        at = Number(iteration.exec(messages[messages.length - 1])?.[1] ?? 0);
      }
      return { outcome: step.value, first: Number(messages.map((message) => iteration.exec(message)).find((match) => match)?.[1]) };
    }

    const whole = finish(layOut(pointsOf(values, 6), params, envOf(0)));

    it("goes on as if it had not been", () => {
      const points = pointsOf(values, 6);
      for (const stopAt of [17, 40, 45]) expect(run(points, {}, "a", stopAt).outcome).toMatchObject({ ok: true, trace: { finished: false } });
      const { outcome, first } = run(points, {}, "a");
      expect(first).toBeGreaterThanOrEqual(45);
      expect(outcome).toEqual(whole);
    });

    it("begins anew when anything is another, and once it was gone on with", () => {
      const points = pointsOf(values, 6);
      for (const [changes, key] of [[{}, "b"], [{ random_state: 1 }, "a"], [{ perplexity: 6, n_neighbors: 9 }, "a"]] as const) {
        run(points, {}, "a", 17);
        expect(run(points, changes, key).first).toBe(0);
        expect(run(points, {}, "a")).toEqual({ outcome: whole, first: 0 });
      }
    });

    it("begins anew for a store that was read again", () => {
      const store = (): MapPoints => ({ ...pointsOf(values.slice(), 6), kind: "store" });
      const points = store();
      run(points, {}, "a", 17);
      expect(run(store(), {}, "a").first).toBe(0);
      run(points, {}, "a", 17);
      expect(run(points, {}, "a").first).toBeGreaterThanOrEqual(17);
      run(points, {}, "a", 17);
      expect(run(pointsOf(points.values, 6), {}, "a").first).toBe(0);
    });
  });

  it("has nothing to say when it is stopped before there is a map", () => {
    const outcome = finish(layOut(pointsOf(clouds(40, 6, 2), 6), paramsOf({ projection, perplexity: 5 }), envOf(0, () => true)));
    expect(outcome).toEqual({ ok: false, problems: [] });
  });

  it("passes over rows without direction, and bears equal ones", () => {
    const values = clouds(60, 5, 2);
    values.fill(0, 9 * 5, 10 * 5);
    for (let i = 20; i < 60; i++) values.copyWithin(i * 5, 0, 5);
    const map = mapOf(values, 5, { projection, perplexity: 5, max_iter: 60 });
    expect(map).toMatchObject({ m: 59, total: 60, leftOut: 1 });
    expect([...map.indices]).not.toContain(9);
    expect(map.positions.every(Number.isFinite)).toBe(true);
  });

  it("lays three points out", () => {
    const map = mapOf(Float64Array.of(1, 0, 0, 1, 1, 1), 2, { projection, perplexity: 2, n_neighbors: 2, max_iter: 50 });
    expect(map.m).toBe(3);
    expect(map.positions.every(Number.isFinite)).toBe(true);
  });
});

describe("layOut", () => {
  it("tells t-SNE's divergence at rising iterations, falling in the end", () => {
    const map = mapOf(clouds(100, 8, 4), 8, { projection: "tsne", perplexity: 10, max_iter: 203 });
    expect(map.lossAt[0]).toBe(0);
    expect(map.lossAt.at(-1)).toBe(203);
    expect(map.lossAt.every((at, i) => i === 0 || at > map.lossAt[i - 1])).toBe(true);
    expect(map.loss).toHaveLength(map.lossAt.length);
    expect(map.loss[map.loss.length - 1]).toBeLessThan(0.5 * map.loss[0]);
    expect(mapOf(clouds(30, 8, 2), 8, { projection: "umap", max_iter: 20 }).loss).toHaveLength(0);
  });

  it("refuses a perplexity that is too large, with one that fits", () => {
    const outcome = finish(layOut(pointsOf(clouds(20, 4, 2), 4), paramsOf({ projection: "tsne" }), envOf(0)));
    if (outcome.ok) throw new Error("was laid out");
    expect(format(outcome.problems[0].message)).toContain("perplexity is 30, but it must be less than the number of points, 20");
    const fix = outcome.problems[0].fixes?.[0].params as { perplexity: number };
    expect(mapOf(clouds(20, 4, 2), 4, { projection: "tsne", max_iter: 20, ...fix }).m).toBe(20);
  });

  it("says how many neighbours UMAP takes where there are too few points", () => {
    const outcome = finish(layOut(pointsOf(clouds(6, 4, 2), 4), paramsOf({ projection: "umap", max_iter: 20 }), envOf(0)));
    expect(outcome.ok).toBe(true);
    expect(format(outcome.problems[0].message)).toContain("n_neighbors is 15, but there are 6 points");
  });

  it.each(["pca", "tsne", "umap"] as const)("refuses fewer than three points (%s)", (projection) => {
    const two = Float64Array.of(1, 2, 3, 4, Number.NaN, 6);
    const outcome = finish(layOut(pointsOf(two, 2), paramsOf({ projection }), envOf(0)));
    expect(outcome.ok).toBe(false);
    expect(format(outcome.problems[0].message)).toContain("at least 3 vectors; there are 2");
  });

  it("keeps at most 16 MB of layouts, the first and the last among them", () => {
    for (const [m, planned] of [[10, 10_000], [50_000, 500], [100, 7], [1_000_000, 10]]) {
      const frames = new Frames(m, planned);
      const kept = 1 + Math.floor(planned / frames.every) + (planned % frames.every === 0 ? 0 : 1);
      expect(kept * m * 2 * 4).toBeLessThanOrEqual(Math.max(17 << 20, 3 * 8 * m));
      expect(kept).toBeLessThanOrEqual(202);
    }
    const frames = new Frames(1, 900);
    for (let i = 0; i <= 501; i++) frames.offer(i, Float64Array.of(i, -i));
    const { positions, iterations } = frames.upTo(501, Float64Array.of(501, -501));
    expect([...iterations]).toEqual([...Array.from({ length: 101 }, (_, i) => 5 * i), 501]);
    for (const [s, iteration] of iterations.entries()) expect([positions[2 * s], positions[2 * s + 1]]).toEqual([iteration, -iteration]);
  });

  it("marks the source's words among those of a store", () => {
    const store = { n: 4, d: 2, words: ["a", "king", "b", "queen"], values: Float32Array.of(1, 0, 0, 1, 1, 1, 2, 1) };
    const points = storePoints(store, ["queen", "king", "king", "other"]);
    expect([0, 1, 2, 3].map((point) => points.rowOf(point))).toEqual([-1, 1, -1, 0]);
    const outcome = finish(layOut(points, paramsOf({ projection: "pca" }), envOf(0)));
    if (!outcome.ok) throw new Error("was not laid out");
    expect([...outcome.trace.rows]).toEqual([-1, 1, -1, 0]);
    expect(outcome.trace.points).toBe("store");
  });
});

describe("trustOf", () => {
  /** Directions at these angles. */
  function circle(angles: readonly number[]) {
    const values = Float32Array.from(angles.flatMap((angle) => [Math.cos(angle), Math.sin(angle)]));
    return { m: angles.length, d: 2, values, norms: new Float64Array(angles.length).fill(1) };
  }
  const angles = Array.from({ length: 60 }, (_, i) => 0.001 * i ** 1.7);

  it("is 1 for a map that keeps every neighbour, and 0 for one that parts them all", () => {
    const kept = circle(angles);
    expect(finish(trustOf(kept, kept.values))).toEqual({ k: 10, sample: 60, share: 1 });
    // Evenly spaced on a circle, a point's neighbours are the next five at each side; the map has them steps of 13 apart.
    const even = circle(Array.from({ length: 61 }, (_, i) => (2 * Math.PI * i) / 61));
    const apart = circle(Array.from({ length: 61 }, (_, i) => (2 * Math.PI * ((i * 7) % 61)) / 61));
    const overlap = new Set([1, 2, 3, 4, 5].map((s) => Math.min((s * 7) % 61, 61 - ((s * 7) % 61))));
    const common = [1, 2, 3, 4, 5].filter((s) => overlap.has(s)).length;
    expect(finish(trustOf(even, apart.values))?.share).toBeCloseTo(common / 5, 9);
  });

  it("is not told of too few points", () => {
    const few = circle(angles.slice(0, 20));
    expect(finish(trustOf(few, few.values))).toBeNull();
  });
});
