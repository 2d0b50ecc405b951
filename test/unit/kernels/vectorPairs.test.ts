import { describe, expect, test } from "vitest";
import { checkVectors, rowsOf, type PairKind, type RowPairs, type VectorsKernels } from "../../../src/core/kernels/vectors.js";
import { seededRandom } from "../../../src/core/math/random.js";
import { between, metrics, prepareRows, type Metric, type Rows } from "../../../src/core/vectors/similarity.js";
import { similarityMatrix } from "../../../src/core/vectors/similarityMatrix.js";
import { finish } from "../vectors/mapSupport.js";
import { everyKernels } from "./implementations.js";
import { oddRows, under } from "./vectorSupport.js";

const [reference, ...others] = everyKernels;
const kinds: readonly PairKind[] = ["cosine", "product", "euclidean", "manhattan"];

/** Blocks in which every cell is set, the mirrored ones too. */
function allPairs({ pairs }: VectorsKernels, rows: Float64Array, n: number, d: number, kind: PairKind): Float32Array {
  const out = new Float32Array(n * n).fill(7);
  for (const _ of blocks(n, pairs(rowsOf(rows, d), n, d, kind), out));
  return out;
}

/** Fills block by block, and pauses after each. */
function* blocks(n: number, { block, fill }: RowPairs, out: Float32Array): Generator<void, void, void> {
  for (let start = 0; start < n; start += block) {
    for (let from = start; from < n; from += block) {
      fill(start, Math.min(n, start + block), from, Math.min(n, from + block), out);
      yield;
    }
  }
}

/** Units in the last place of the greater of two numbers, which is what rounding to single precision may part two doubles by. */
function unitsApart(a: number, b: number): number {
  if (Object.is(a, b) || a === b) return 0;
  const size = Math.max(Math.abs(a), Math.abs(b), 2 ** -126);
  return Math.abs(a - b) / 2 ** (Math.floor(Math.log2(size)) - 23);
}

describe.each(others)("pairs of rows by $implementation", (own) => {
  test.each(metrics)("of any shape and numbers are those of TypeScript: %s", (metric) => {
    for (const n of [0, 1, 2, 7, 8, 9, 63, 131, 200]) {
      for (const d of [1, 2, 3, 15, 16, 17, 100, 310].slice(n > 100 ? 4 : 0)) {
        const rows: Rows = { n, d, values: oddRows(n, d, 7 * n + d) };
        const [a, b] = [own, reference].map((each) => under(each, () => finish(similarityMatrix(rows, metric))));
        expect(a.undefinedRows).toEqual(b.undefinedRows);
        compare(a.values, b.values, rows, metric);
      }
    }
  });

  /**
   * What is summed in double precision within the rounding to single precision, but where the terms of a product cancel; cosines and
   * correlations of long rows, summed in single precision, within the unit in the last place of 1.
   */
  function compare(a: Float32Array, b: Float32Array, { n, d, values }: Rows, metric: Metric): void {
    const cosine = ["cosine", "pearson", "spearman"].includes(metric);
    for (let i = 0; i < n * n; i++) {
      const close = unitsApart(a[i], b[i]) <= 1 || (cosine && Math.abs(a[i] - b[i]) <= (d < 64 ? 1e-14 : 2 ** -23));
      if (close || (Number.isNaN(a[i]) && Number.isNaN(b[i]))) continue;
      let size = 0;
      if (metric === "dot") for (let c = 0; c < d; c++) size += Math.abs(values[Math.floor(i / n) * d + c] * values[(i % n) * d + c]);
      if (!(Math.abs(a[i] - b[i]) <= 1e-14 * size)) expect.fail(`${metric}, cell ${Math.floor(i / n)}, ${i % n} of ${n} x ${n}: ${a[i]}, not ${b[i]}`);
    }
  }

  test("are the metrics pair by pair, symmetric, and exactly 1 and 0 for equal rows", () => {
    const [n, d] = [140, 77];
    const values = Float64Array.from(oddRows(n, d, 3), (v) => (Math.abs(v) < 1e10 ? v : 2));
    for (let i = 100; i < n; i++) values.copyWithin(i * d, (i - 100) * d, (i - 99) * d);
    for (const metric of metrics) {
      const { values: found } = under(own, () => finish(similarityMatrix({ n, d, values }, metric)));
      const { values: prepared } = prepareRows({ n, d, values }, metric);
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < n; j++) {
          const wanted = between(prepared, d, metric, i, j);
          if (!(Math.abs(found[i * n + j] - wanted) <= 1.5e-7 * Math.max(1, Math.abs(wanted)))) expect.fail(`${metric} ${i}, ${j}: ${found[i * n + j]}, not ${wanted}`);
          if (found[i * n + j] !== found[j * n + i]) expect.fail(`${metric} ${i}, ${j} is not ${j}, ${i}`);
        }
        if (i >= 100) expect(found[i * n + i - 100]).toBe(Math.fround(between(prepared, d, metric, i, i - 100)));
      }
    }
  });

  test("of rows whose first few numbers hold most of them are within 1.2e-6", () => {
    const [n, random] = [200, seededRandom(9)];
    for (const d of [64, 300]) {
      const rows: Rows = { n, d, values: Float64Array.from({ length: n * d }, (_, i) => (i % d < 16 ? 0.2 + random() : 1e-3 * random())) };
      const [a, b] = [own, reference].map((each) => under(each, () => finish(similarityMatrix(rows, "cosine"))).values);
      expect(a.reduce((most, v, i) => Math.max(most, Math.abs(v - b[i])), 0)).toBeLessThan(1.2e-6);
    }
  });

  test("of numbers without end, and of rows longer than a block may be", () => {
    const random = seededRandom(2);
    for (const [n, d] of [[9, 40_001], [20, 0]]) {
      const rows = Float64Array.from({ length: n * d }, () => (random() - 0.3) / 120);
      for (const kind of kinds) {
        const [a, b] = [own, reference].map((each) => allPairs(each.vectors, rows, n, d, kind));
        expect(a.findIndex((v, i) => !(Math.abs(v - b[i]) <= 2 ** -23 * Math.max(1, Math.abs(b[i]))))).toBe(-1);
      }
    }
    const odd = Float64Array.from({ length: 8 * 5 }, (_, i) => [Infinity, NaN, -Infinity, 1e200, 0, -0, 5e-324, 1, 2][i % 9]);
    for (const kind of kinds.slice(1)) expect(allPairs(own.vectors, odd, 8, 5, kind)).toEqual(allPairs(reference.vectors, odd, 8, 5, kind));
  });

  test("are the same when others are taken in between, and in memory that others have had", () => {
    const random = seededRandom(4);
    // The last are so many numbers that they have memory of their own.
    const shapes = [[150, 65, "cosine"], [141, 7, "euclidean"], [16, 70_000, "cosine"]] as const;
    const made = shapes.map(([n, d, kind]) => {
      const values = Float64Array.from({ length: n * d }, () => (random() - 0.4) / Math.sqrt(d / 3));
      const open = () => own.vectors.pairs(rowsOf(values, d), n, d, kind);
      return { n, d, open, alone: allPairs(own.vectors, values, n, d, kind), out: new Float32Array(n * n).fill(7) };
    });
    const strange = new Float64Array(150 * 65).fill(NaN);
    allPairs(own.vectors, strange, 150, 65, "product");
    const turns = made.map(({ n, open, out }) => blocks(n, open(), out));
    while (turns.map((turn) => turn.next().done).includes(false));
    for (const { alone, out } of made) expect(out).toEqual(alone);
  });

  test("are found broken by the test at the start", () => {
    for (const kind of kinds) {
      const broken: VectorsKernels = {
        ...own.vectors,
        pairs(rows, n, d, asked) {
          const filling = own.vectors.pairs(rows, n, d, asked);
          return { ...filling, fill: (start, end, from, to, out) => void (filling.fill(start, end, from, to, out), (out[5 * n + 3] *= asked === kind ? 1.001 : 1)) };
        },
      };
      expect(checkVectors(broken, reference.vectors)).toMatch(new RegExp(`^${kind} of rows 5 and 3`));
    }
  });
});
