import { describe, expect, test } from "vitest";
import { forceCurves } from "../../../src/core/kernels/forceCurves.js";
import type { EmKernels, EmModel, EmStatistics } from "../../../src/core/kernels/em.js";
import type { Kernels } from "../../../src/core/kernels/kernels.js";
import { bytesOf, type StoredType } from "../../../src/core/kernels/matrix.js";
import { finish } from "../../../src/core/steps.js";
import { typescript } from "../../../src/core/kernels/typescript.js";
import { rowsOf } from "../../../src/core/kernels/vectors.js";
import { seededRandom } from "../../../src/core/math/random.js";
import { everyKernels } from "./implementations.js";

// Every function at every length from nothing to more than what is taken at a time, on numbers of every kind.

/** @param least about the smallest number of the type @param most about the root of the largest */
type Draw = (random: () => number, least: number, most: number) => number;
const finite: Readonly<Record<string, Draw>> = {
  "moderate numbers": (random) => 4 * random() - 2,
  "numbers below what is normal": (random, least) => 1000 * (random() - 0.5) * least,
  "huge numbers": (random, _, most) => (random() - 0.5) * most,
  "zeros of either sign": (random) => [0, -0, 1][Math.floor(3 * random())],
};
const draws: Readonly<Record<string, Draw>> = {
  ...finite,
  "some NaN": (random) => (random() < 0.1 ? NaN : random() - 0.5),
  infinities: (random) => [Infinity, -Infinity][Math.floor(14 * random())] ?? random(),
  "all of these": (random, least, most) => [0, -0, NaN, Infinity, -Infinity, least, -least, most, -most, 1, random(), -random()][Math.floor(12 * random())],
};
const kinds = Object.keys(draws);
const lengths = Array.from({ length: 19 }, (_, n) => n);
const doubles = (kind: string, random: () => number) => (n: number) => Float64Array.from({ length: n }, () => draws[kind](random, 5e-324, 1e150));
const singles = (kind: string, random: () => number) => (n: number) => Float32Array.from({ length: n }, () => draws[kind](random, 1e-45, 1e18));

/** Equal to the last bit, but for the sign of a zero. */
function expectEqual(found: readonly number[], wanted: readonly number[], where: string): void {
  expect(found.length, where).toBe(wanted.length);
  const at = wanted.findIndex((value, i) => !Object.is(found[i] + 0, value + 0));
  if (at >= 0) expect.fail(`${where}: number ${at} is ${found[at]}, not ${wanted[at]}`);
}

/** @param within how far a number may be off */
function expectNear(found: ArrayLike<number>, wanted: ArrayLike<number>, within: (i: number) => number, where: string): void {
  expect(found.length, where).toBe(wanted.length);
  for (let i = 0; i < wanted.length; i++) {
    const right = Number.isFinite(wanted[i]) ? Math.abs(found[i] - wanted[i]) <= within(i) : Object.is(found[i], wanted[i]);
    if (!right) expect.fail(`${where}: number ${i} is ${found[i]}, not ${wanted[i]}`);
  }
}

describe.each(everyKernels.slice(1))("by $implementation", (own) => {
  const both = <T>(make: (kernels: Kernels) => T): [T, T] => [make(own), make(typescript)];

  test.each(["float16", "bfloat16"] as const)("numbers of %s of any length", (type) => {
    const random = seededRandom(1);
    for (const n of lengths) {
      for (const from of [0, 1, 2, 6]) {
        const raw = Uint8Array.from({ length: from + 2 * n }, () => 256 * random());
        const [found, wanted] = both(({ decode }) => {
          const out = new Float32Array(n);
          decode[type](raw, from, out);
          return out;
        });
        expect(found).toEqual(wanted);
      }
    }
  });

  test.each(kinds)("mixtures of %s", (kind) => {
    for (const rows of lengths) {
      for (const [D, K, full] of [[1, 1, false], [1, 3, false], [2, 2, true], [3, 2, false], [3, 5, true], [6, 4, true], [7, 1, false]] as const) {
        const random = seededRandom(100 * rows + 10 * D + K);
        const size = full ? D * D : D;
        const inLower = (i: number) => !full || i % D <= Math.floor((i % size) / D);
        const columns = Array.from({ length: D }, () => doubles(kind, random)(rows + 2));
        const means = doubles("moderate numbers", random)(K * D);
        const roots = Float64Array.from({ length: K * size }, (_, i) => (inLower(i) ? 0.3 + random() : 0));
        const model: EmModel = { K, D, means, centres: means, roots, offsets: Float64Array.from({ length: K }, (_, k) => -k), top: 1 };
        const sumsOf = (run: (em: EmKernels, out: EmStatistics) => void) =>
          both(({ em }) => {
            const out = { counts: new Float64Array(K), sums: new Float64Array(K * D), products: new Float64Array(K * size), logLikelihood: new Float64Array(1) };
            run(em, out);
            return { ...out, products: out.products.filter((_, i) => inLower(i)) };
          });
        const where = `${rows} rows, D ${D}, K ${K}`;
        const soft = sumsOf((em, out) => em[full ? "full" : "diagonal"](columns, 1, rows + 1, model, out));
        const hard = sumsOf((em, out) => em.assign(columns, 1, rows + 1, means, out));
        const labelled = both(({ em }) => {
          const [labels, distances] = [new Int32Array(rows + 2), new Float64Array(rows + 2)];
          em.nearest(columns, 1, rows + 1, means, labels, distances);
          return { labels, distances };
        });
        expect(labelled[0]).toEqual(labelled[1]);
        expect(hard[0].counts, where).toEqual(hard[1].counts);
        const taken = columns.map((column) => column.subarray(1, rows + 1));
        if (!taken.every((column) => column.every(Number.isFinite))) {
          // Such a row ends a fit, whatever the other sums are.
          for (const { logLikelihood } of soft) expect(logLikelihood[0] > -Infinity, where).toBe(false);
          continue;
        }
        const far = Math.max(0, ...taken.flatMap((column, d) => Array.from(column, (v) => Math.max(...Array.from({ length: K }, (_, k) => Math.abs(v - means[k * D + d]))))));
        for (const [found, wanted] of [soft, hard]) {
          const unit = 1e-13 * rows;
          expectNear(found.counts, wanted.counts, () => unit, `counts, ${where}`);
          expectNear(found.sums, wanted.sums, () => unit * far, `sums, ${where}`);
          expectNear(found.products, wanted.products, () => unit * far * far, `products, ${where}`);
          expectNear(found.logLikelihood, wanted.logLikelihood, () => unit * (1 + Math.abs(wanted.logLikelihood[0])), `likelihood, ${where}`);
        }
      }
    }
  });

  test.each(kinds)("logits: %s", (kind) => {
    for (const n of lengths) {
      for (let round = 0; round < 4; round++) {
        const [found, wanted] = both(({ logits }) => {
          const random = seededRandom(10 * n + round);
          const drawn = doubles(kind, random);
          const { reals: [scores, p, keys, out], integers: [members], ...v } = logits.vocabulary(n, 4, 1);
          const told: number[] = [];
          const tell = (array: Float64Array | Int32Array) => void told.push(...array);
          const all = { members, listed: -1 };
          scores.set(drawn(n));
          keys.set(drawn(n));
          told.push(...Object.values(v.exponentials(scores, p)), v.largestOf(scores));
          tell(p);
          const [floor] = n % 2 ? scores : drawn(1);
          told.push(v.collect(scores, floor, members));
          const changes = [
            () => v.scale(scores, 1.3, out),
            () => v.divide(scores, 3, out),
            () => v.subtract(scores, 0.7, out),
            () => v.surprises(scores, 0.3, 0.1, out, all),
            () => v.keepProbable(scores, p, 0.3, floor, out, all),
            () => v.keepNear(scores, keys, 0.2, out, all),
            () => v.keepBehind(scores, floor, n >> 1, out, all),
            () => v.keepFrom(scores, floor, out, all),
          ];
          for (const change of changes) {
            change();
            tell(out);
          }
          const { kept, mass, largest } = v.leftOf(out, p, members);
          told.push(kept, mass, largest);
          tell(members.subarray(0, kept));
          told.push(v.share(scores, p, 1.5, largest + 0, out, members, kept));
          tell(out);
          told.push(logits.logSumExp(keys, n, 0));
          logits.softmax(keys, keys, n, 0);
          tell(keys);
          return told;
        });
        expectEqual(found, wanted, `${n} tokens`);
      }
    }
  });

  const stored: readonly StoredType[] = ["float32", "float16", "bfloat16"];
  test.each(stored.flatMap((type) => kinds.map((kind) => [type, kind] as const)))("products with %s: %s", (type, kind) => {
    for (const n of [0, 1, 2, 3, 5]) {
      for (const k of lengths) {
        for (const m of [0, 1, 8, 11, 17]) {
          const random = seededRandom(1000 * n + 20 * k + m);
          const some = singles(kind, random);
          const weights = some(m * k);
          const bytes = new Uint8Array(bytesOf(type) * m * k);
          // The upper halves of binary32 are bfloat16; of binary16 all patterns are drawn.
          if (type === "float32") bytes.set(new Uint8Array(weights.buffer));
          else new Uint16Array(bytes.buffer).set(Array.from(new Uint32Array(weights.buffer), (bits) => (type === "bfloat16" ? bits >>> 16 : 65_536 * random())));
          const [x, bias] = [some(n * k), some(m)];
          const [found, wanted] = both(({ matrix }) => {
            const made = matrix.room().matrix(m, k, type);
            made.fill(bytes, 0, m);
            const [out, rows] = [new Float32Array(n * m), new Float32Array(m * k)];
            made.times(x, n, bias, out);
            for (let r = 0; r < m; r++) made.row(r, rows, r * k);
            return { out, rows };
          });
          expect(found.rows).toEqual(wanted.rows);
          const within = (i: number): number => {
            const [t, r] = [Math.floor(i / m), i % m];
            let amount = Math.abs(bias[r]);
            for (let j = 0; j < k; j++) amount += Math.abs(wanted.rows[r * k + j] * x[t * k + j]);
            return (k + 2) * (2 ** -23 * amount + 2 ** -149);
          };
          expectNear(found.out, wanted.out, within, `${n} × [${m}, ${k}]`);
        }
      }
    }
  });

  test.each(kinds)("forces and moves of points at %s", (kind) => {
    const curves = forceCurves(1.577, 0.895);
    for (const m of lengths) {
      const random = seededRandom(m);
      const layout = doubles(kind, random)(2 * m);
      const starts = Int32Array.from({ length: m + 1 }, (_, i) => (3 * i) >> 1);
      const columns = Int32Array.from({ length: starts[m] }, () => m * random());
      const values = doubles(kind, random)(starts[m]).map(Math.abs);
      for (const theta of [0, 0.5]) {
        const [found, wanted] = both(({ maps }) => {
          const forces = finish(maps.forces({ m, starts, columns, values }));
          const [pull, push] = [new Float64Array(2 * m), new Float64Array(2 * m)];
          const total = finish(forces.at(layout, theta, pull, push));
          return { exact: [total, ...pull, ...push], log: finish(forces.logDistances()) };
        });
        expectEqual(found.exact, wanted.exact, `${m} points, angle ${theta}`);
        expectNear([found.log], [wanted.log], () => 1e-13 * wanted.log, `${m} points`);
      }
      const [found, wanted] = both(({ maps }) => {
        const { positions, edges, others, move } = maps.moves(m, curves);
        positions.set(layout);
        for (let edge = 0; edge < m - 1; edge++) edges.set([edge, edge + 1, edge % 3], 3 * edge);
        others.set(Array.from({ length: 3 * m }, (_, i) => (5 * i) % Math.max(1, m)));
        move(Math.max(0, m - 1), 0.5);
        return [...positions];
      });
      expectEqual(found, wanted, `${m} points moved`);
    }
  });

  test.each(kinds)("activations and entropies of %s", (kind) => {
    for (const n of lengths) {
      const random = seededRandom(n);
      const drawn = singles(kind, random);
      for (const name of ["geluTanh", "gelu", "silu"] as const) {
        const x = drawn(n);
        const [found, wanted] = both(({ transformer }) => {
          const out = x.slice();
          transformer[name](out, n);
          return out;
        });
        expectNear(found, wanted, (i) => 1e-6 * Math.abs(wanted[i]) + 2e-36, `${name} of ${x.join()}`);
      }
      const weights = drawn(3 * n);
      const [found, wanted] = both(({ transformer }) => {
        const out = new Float64Array(3);
        transformer.entropies(weights, n, out);
        return out;
      });
      const amount = (r: number) => weights.subarray(r * n, (r + 1) * n).reduce((sum, w) => (Number.isFinite(w) ? sum + Math.abs(w) * 150 : sum), 0);
      expectNear(found, wanted, (r) => 1e-6 * amount(r) + 1e-40, `entropies of ${weights.join()}`);
    }
  });

  test.each(Object.keys(finite))("pairs of rows of %s", (kind) => {
    for (const n of lengths) {
      for (const d of lengths) {
        const rows = doubles(kind, seededRandom(100 * n + d))(n * d);
        for (const join of ["product", "euclidean", "manhattan"] as const) {
          const [found, wanted] = both(({ vectors }) => {
            const out = new Float32Array(n * n);
            const { block, fill } = vectors.pairs(rowsOf(rows, d), n, d, join);
            const end = (start: number) => Math.min(n, start + block);
            for (let start = 0; start < n; start += block) for (let from = start; from < n; from += block) fill(start, end(start), from, end(from), out);
            return out;
          });
          const within = (i: number): number => {
            let amount = 0;
            for (let c = 0; c < d && join === "product"; c++) amount += Math.abs(rows[Math.floor(i / n) * d + c] * rows[(i % n) * d + c]);
            return 2 ** -23 * Math.abs(wanted[i]) + 1e-14 * amount + 2 ** -149;
          };
          expectNear(found, wanted, within, `${join}, ${n} × ${d}`);
        }
      }
    }
  });
});
