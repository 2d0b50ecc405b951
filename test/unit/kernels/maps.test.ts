import { describe, expect, it } from "vitest";
import { useCrew } from "../../../src/core/kernels/crew.js";
import { forceCurves, PART } from "../../../src/core/kernels/forceCurves.js";
import type { MapsKernels, Sparse } from "../../../src/core/kernels/maps.js";
import { isAbandoned } from "../../../src/core/kernels/pieces.js";
import { finish } from "../../../src/core/steps.js";
import { typescript } from "../../../src/core/kernels/typescript.js";
import { seededRandom } from "../../../src/core/math/random.js";
import { crewOf } from "../../support/crewOf.js";
import { until } from "../../support/until.js";
import { everyKernels } from "./implementations.js";

const use = crewOf();
const others = everyKernels.slice(1);

/** Rows of some entries each, with places and values drawn at random; some rows are empty. */
function sparse(m: number, most: number, seed: number): Sparse {
  const random = seededRandom(seed);
  const rows = Array.from({ length: m }, () => {
    const columns = new Set(Array.from({ length: Math.floor(random() * (most + 1)) }, () => Math.floor(random() * m)));
    return [...columns].sort((a, b) => a - b);
  });
  const starts = new Int32Array(m + 1);
  rows.forEach((row, i) => (starts[i + 1] = starts[i] + row.length));
  return { m, starts, columns: Int32Array.from(rows.flat()), values: Float64Array.from(rows.flat(), () => random() / m) };
}

/** Heaps of points of several widths, some far away, some one on another. */
function places(m: number, seed: number): Float64Array {
  const random = seededRandom(seed);
  const layout = new Float64Array(2 * m);
  for (let i = 0; i < m; i++) {
    const kind = random();
    const width = kind < 0.4 ? 50 : kind < 0.6 ? 1 : kind < 0.8 ? 1e-6 : kind < 0.82 ? 1e5 : 0;
    for (const at of [2 * i, 2 * i + 1]) layout[at] = 7 + width * (random() - 0.5);
  }
  return layout;
}

function forcesAt(kernels: MapsKernels, p: Sparse, layout: Float64Array, theta: number) {
  const forces = finish(kernels.forces(p));
  const [pull, push] = [new Float64Array(2 * p.m), new Float64Array(2 * p.m)];
  const total = finish(forces.at(layout, theta, pull, push));
  return { total, pull, push, log: finish(forces.logDistances()) };
}

/** By the definition, over all pairs. */
function byHand(p: Sparse, layout: Float64Array) {
  const [pull, push] = [new Float64Array(2 * p.m), new Float64Array(2 * p.m)];
  let [total, log] = [0, 0];
  const between = (i: number, j: number) => {
    const by = [layout[2 * i] - layout[2 * j], layout[2 * i + 1] - layout[2 * j + 1]];
    return { by, q: 1 / (1 + by[0] ** 2 + by[1] ** 2) };
  };
  for (let i = 0; i < p.m; i++) {
    for (let j = 0; j < p.m; j++) {
      if (i === j) continue;
      const { by, q } = between(i, j);
      total += q;
      for (const c of [0, 1]) push[2 * i + c] += q * q * by[c];
    }
    for (let e = p.starts[i]; e < p.starts[i + 1]; e++) {
      const { by, q } = between(i, p.columns[e]);
      log -= p.values[e] * Math.log(q);
      for (const c of [0, 1]) pull[2 * i + c] += p.values[e] * q * by[c];
    }
  }
  return { total, pull, push, log };
}

/** The forces to the last bit; logarithms may be of another make. */
function expectSame(found: ReturnType<typeof forcesAt>, wanted: ReturnType<typeof forcesAt>): void {
  expect({ ...found, log: 0 }).toEqual({ ...wanted, log: 0 });
  if (Number.isFinite(wanted.log)) expect(Math.abs(found.log - wanted.log)).toBeLessThanOrEqual(1e-13 * wanted.log);
  else expect(found.log).toBe(wanted.log);
}

function apart(a: Float64Array, b: Float64Array): number {
  return Math.hypot(...a.map((value, i) => value - b[i])) / Math.hypot(...b);
}

describe("t-SNE's forces", () => {
  const sizes = [1, 2, 3, 7, 8, 9, 31, 33, 100, 500];

  it.each(everyKernels)("are sums over all pairs with angle 0, and nearly with a half: $implementation", ({ maps }) => {
    for (const m of sizes) {
      const p = sparse(m, 9, m);
      const layout = places(m, m + 1);
      const expected = byHand(p, layout);
      const exact = forcesAt(maps, p, layout, 0);
      const near = forcesAt(maps, p, layout, 0.5);
      // Sums of m terms in another order.
      expect(Math.abs(exact.total - expected.total)).toBeLessThanOrEqual(1e-12 * m * (1 + expected.total));
      for (const found of [exact, near]) {
        for (const [at, value] of expected.pull.entries()) expect(found.pull[at]).toBeCloseTo(value, 13);
        expect(Math.abs(found.log - expected.log)).toBeLessThanOrEqual(1e-12 * expected.log);
      }
      for (const [at, value] of expected.push.entries()) expect(exact.push[at]).toBeCloseTo(value, 10);
      expect(Math.abs(near.total - expected.total)).toBeLessThanOrEqual(0.01 * expected.total);
      if (m > 1) expect(apart(near.push, expected.push)).toBeLessThan(0.02);
    }
  });

  it.each(others)("are those of TypeScript to the last bit: $implementation", ({ maps }) => {
    for (const m of sizes) {
      for (const theta of [0, 0.5, 1.2]) {
        const p = sparse(m, 12, m + 2);
        const layout = places(m, m + 3);
        const [found, wanted] = [maps, typescript.maps].map((each) => forcesAt(each, p, layout, theta));
        expectSame(found, wanted);
      }
    }
  });

  it.each(others)("are those of TypeScript where numbers are not finite, or points lie on one another: $implementation", ({ maps }) => {
    const m = 400;
    const p = sparse(m, 5, 1);
    for (const odd of [NaN, Infinity, -Infinity, 1e200, 5e-324]) {
      const layout = places(m, 6);
      layout[17] = odd;
      const [found, wanted] = [maps, typescript.maps].map((each) => forcesAt(each, p, layout, 0.5));
      expectSame(found, wanted);
    }
    const heap = new Float64Array(2 * m).fill(3);
    const [found, wanted] = [maps, typescript.maps].map((each) => forcesAt(each, p, heap, 0.5));
    expect(found).toEqual(wanted);
    expect(found.total).toBeCloseTo(m * (m - 1), 6);
    expect([...found.push, ...found.pull].every((value) => value === 0)).toBe(true);
  });

  it("may be asked for again at other places", () => {
    const p = sparse(300, 8, 4);
    for (const { maps } of everyKernels) {
      const forces = finish(maps.forces(p));
      const [pull, push] = [new Float64Array(600), new Float64Array(600)];
      finish(forces.at(places(300, 1), 0.5, pull, push));
      const total = finish(forces.at(places(300, 2), 0.5, pull, push));
      expect({ total, pull, push, log: finish(forces.logDistances()) }).toEqual(forcesAt(maps, p, places(300, 2), 0.5));
    }
  });
});

describe.each(others)("t-SNE's forces by $implementation", ({ implementation, maps }) => {
  const m = 9001;
  const p = sparse(m, 20, 2);
  const layouts = [places(m, 1), places(m, 2)];
  const all = () => {
    const forces = finish(maps.forces(p));
    return layouts.map((layout) => {
      const [pull, push] = [new Float64Array(2 * m), new Float64Array(2 * m)];
      const total = finish(forces.at(layout, 0.5, pull, push));
      return { total, pull, push, log: finish(forces.logDistances()) };
    });
  };

  it("are the same bit by bit when threads share them", async () => {
    const hired = use({ size: 2, implementation });
    useCrew();
    const alone = all();
    useCrew(hired);
    // The first may be over before a helper has started.
    await until("help", () => {
      expect(all()).toEqual(alone);
      return hired.state().steps > 10;
    });
    expect(hired.state().lost).toEqual([]);
  });

  it("are right when a helper is late, also afterwards", () => {
    useCrew({ helpers: 1, call: ({ board }) => void Atomics.add(board, 0, 1), stalled() {} });
    const late = all();
    useCrew();
    expect(late).toEqual(all());
  });

  it("are given up with all who help, and right afterwards", () => {
    const boards: Int32Array[] = [];
    useCrew({ helpers: 1, call: ({ board }) => void boards.push(board), stalled() {} });
    const [pull, push] = [new Float64Array(2 * m), new Float64Array(2 * m)];
    for (const steps of [1, 2, 3, 4, 6]) {
      boards.length = 0;
      const forces = finish(maps.forces(p));
      const begun = forces.at(layouts[0], 0.5, pull, push);
      for (let step = 0; step < steps; step++) expect(begun.next().done).toBe(false);
      expect(boards).toHaveLength(steps < 3 ? 1 : 2); // what draws together, and with the tree what pushes apart
      expect(boards.map(isAbandoned)).not.toContain(true);
      begun.return(NaN);
      expect(boards.map(isAbandoned)).not.toContain(false);
      const total = finish(forces.at(layouts[1], 0.5, pull, push));
      expect({ total, pull, push, log: finish(forces.logDistances()) }).toEqual(forcesAt(maps, p, layouts[1], 0.5));
    }
  });

  it("are not shared any more where helpers are late again and again, since each time takes memory", () => {
    let calls = 0;
    useCrew({ helpers: 1, call: ({ board }) => void (calls++, Atomics.add(board, 0, 1)), stalled() {} });
    const forces = finish(maps.forces(p));
    const [pull, push] = [new Float64Array(2 * m), new Float64Array(2 * m)];
    const steps = (count: number) => {
      for (let step = 0; step < count; step++) finish(forces.at(layouts[0], 0.5, pull, push));
    };
    steps(12);
    const before = calls;
    steps(4);
    expect(calls).toBe(before);
  });
});

describe("UMAP's moves", () => {
  const [m, count] = [40, 200];
  const curves = forceCurves(1.577, 0.895);

  /** Positions after some edges and pushes drawn at random; points on one another and far away among them. */
  function moved({ moves }: MapsKernels, layout: Float64Array): Float64Array {
    const random = seededRandom(9);
    const draw = () => Math.floor(random() * m);
    const { positions, edges, others, move } = moves(m, curves);
    positions.set(layout);
    for (let round = 0; round < 3; round++) {
      let pushed = 0;
      for (let edge = 0; edge < count; edge++) {
        const own = draw();
        const pushes = Math.floor(7 * random());
        edges.set([own, (own + 1 + Math.floor(random() * (m - 1))) % m, pushes], 3 * edge);
        for (let push = 0; push < pushes; push++) others[pushed++] = draw();
      }
      move(count, 1 - round / 4);
    }
    return positions;
  }

  it.each(others)("are those of TypeScript to the last bit: $implementation", ({ maps }) => {
    for (let seed = 0; seed < 20; seed++) expect(moved(maps, places(m, seed))).toEqual(moved(typescript.maps, places(m, seed)));
  });

  it.each(others)("are those of TypeScript where numbers are not finite: $implementation", ({ maps }) => {
    for (const odd of [NaN, Infinity, -Infinity, 1e200, 5e-324]) {
      const layout = places(m, 3);
      layout[11] = odd;
      expect(moved(maps, layout)).toEqual(moved(typescript.maps, layout));
    }
  });

  it.each(everyKernels)("draw two points together, and part one from others: $implementation", ({ maps }) => {
    const [a, b] = [1.577, 0.895];
    for (const distance of [1e-5, 0.02, 0.7, 3, 40, 900]) {
      const { positions, edges, others: far, move } = maps.moves(3, curves);
      positions.set([distance, 0, 0, 0, 0, distance]);
      edges.set([0, 1, 2]);
      far.set([2, 0]); // itself is passed over
      move(1, 0.25);
      const d = distance ** 2;
      const pull = Math.min(4, (2 * a * b * d ** (b - 1) * distance) / (1 + a * d ** b)) / 4;
      const [x, y] = [distance - pull, -distance];
      const apart = x * x + y * y;
      const push = (2 * b) / ((0.001 + apart) * (1 + a * apart ** b));
      const clipped = (value: number) => Math.max(-4, Math.min(4, value)) / 4;
      const expected = [x + clipped(push * x), clipped(push * y), pull, 0, 0, distance];
      for (const [at, value] of expected.entries()) {
        expect(Math.abs(positions[at] - value)).toBeLessThanOrEqual(2e-9 * Math.max(Math.abs(value), distance));
      }
    }
  });

  it("part points that lie on one another", () => {
    for (const { maps } of everyKernels) {
      const { positions, edges, others: far, move } = maps.moves(3, curves);
      positions.fill(2);
      edges.set([0, 1, 1]);
      far.set([2]);
      move(1, 0.5);
      expect([...positions]).toEqual([4, 4, 2, 2, 2, 2]);
    }
  });
});

describe("UMAP's curves", () => {
  it("are those of its cross entropy to 5e-10", () => {
    for (const [a, b] of [[1.577, 0.895], [1.93, 0.79], [0.12, 1.93]]) {
      const { first, parts, pull, push } = forceCurves(a, b);
      const float = new DataView(new ArrayBuffer(8));
      for (let power = -39.99; power < 39.99; power += 0.0517) {
        const d = 2 ** power;
        float.setFloat64(0, d);
        const part = (float.getInt32(0) >> 13) - first;
        expect(part).toBeGreaterThanOrEqual(0);
        expect(part).toBeLessThan(parts);
        const width = 1 + a * d ** b;
        for (const [curve, exact] of [[pull, (-2 * a * b * d ** (b - 1)) / width], [push, (2 * b) / ((0.001 + d) * width)]] as const) {
          const [middle, k0, k1, k2, k3] = curve.subarray(part * PART, (part + 1) * PART);
          const t = d - middle;
          const value = k0 + t * (k1 + t * (k2 + t * k3));
          expect(Math.abs(value / exact - 1)).toBeLessThan(5e-10);
        }
      }
    }
  });
});
