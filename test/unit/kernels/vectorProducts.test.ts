import { describe, expect, test } from "vitest";
import { finish } from "../../../src/core/steps.js";
import { checkVectors, mostOthers } from "../../../src/core/kernels/vectors.js";
import { seededRandom } from "../../../src/core/math/random.js";
import { everyKernels } from "./implementations.js";

const [reference, ...others] = everyKernels;

/** Products of a row with m rows, drawn with repetition. */
function made({ vectors }: typeof reference, m: number, d: number, count: number) {
  const random = seededRandom(1000 * m + 10 * d + count);
  const rows = Float32Array.from({ length: m * d }, () => (random() - 0.5) * 10 ** (6 * random() - 3));
  const asked = Int32Array.from({ length: count }, () => Math.floor(random() * m));
  const own = rows.slice((m - 1) * d);
  const { row, others: places, products, multiply } = finish(vectors.rowProducts(rows, m, d));
  row.set(own);
  places.set(asked);
  multiply(count);
  return { rows, own, asked, places: places.slice(0, count), products: products.slice(0, count) };
}

describe("products of a row by TypeScript", () => {
  test("are those of the rows that are asked for", () => {
    const d = 23;
    const { rows, own, asked, places, products } = made(reference, 9, d, 40);
    expect(places).toEqual(asked);
    for (const [n, j] of asked.entries()) {
      const all = Array.from(own, (value, c) => value * rows[j * d + c]);
      const size = all.reduce((sum, value) => sum + Math.abs(value), 0);
      expect(Math.abs(products[n] - all.reduce((sum, value) => sum + value, 0))).toBeLessThanOrEqual(1e-14 * size);
    }
  });
});

describe.each(others)("products of a row by $implementation", (own) => {
  test("are to the bit those of TypeScript, however long the rows and however many", () => {
    const few = [[1, 1, [0, 1, 3]], [5, 0, [2]], [7, 2, [1, 2, 3, 4, 5]], [6, 3, [7]]] as const;
    for (const [m, d, counts] of [...few, [300, 17, [9, mostOthers]], [40, 100, [40, 41, mostOthers - 1]]] as const) {
      for (const count of counts) expect(made(own, m, d, count)).toEqual(made(reference, m, d, count));
    }
  });

  test("let a cancel in while many rows are laid out, whether they are padded or not", () => {
    for (const d of [64, 63]) {
      const m = 1 << 16;
      const rows = Float32Array.from({ length: m * d }, (_, at) => at % 1013);
      const laying = own.vectors.rowProducts(rows, m, d);
      let pauses = 0;
      let step = laying.next();
      for (; !step.done; step = laying.next()) pauses++;
      expect(pauses).toBeGreaterThanOrEqual(4);
      const { row, others, products, multiply } = step.value;
      row.fill(1);
      others.set([0, m >> 1, m - 1]);
      multiply(3);
      const sums = [0, m >> 1, m - 1].map((i) => rows.subarray(i * d, (i + 1) * d).reduce((sum, value) => sum + value, 0));
      expect([...products.subarray(0, 3)]).toEqual(sums);
    }
  });

  test("are found broken by the test at the start", () => {
    const rowProducts: typeof own.vectors.rowProducts = function* (...rows) {
      const { row, others, products, multiply } = yield* own.vectors.rowProducts(...rows);
      return { row, others, products, multiply: (count) => (multiply(count), void (products[0] += 1e-12)) };
    };
    expect(checkVectors({ ...own.vectors, rowProducts }, reference.vectors)).toMatch(/^products of a row are/);
  });
});
