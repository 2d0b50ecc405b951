import { describe, expect, test } from "vitest";
import { checkVectors, nearError } from "../../../src/core/kernels/vectors.js";
import { seededRandom } from "../../../src/core/math/random.js";
import { nearestNeighbours } from "../../../src/core/vectors/map/knn.js";
import { norm } from "../../../src/core/vectors/similarity.js";
import { finish } from "../vectors/mapSupport.js";
import { everyKernels } from "./implementations.js";
import { oddRows, under } from "./vectorSupport.js";

const [reference, ...others] = everyKernels;

/** Rows of length 1 or zero; some of them equal, opposite, or along an axis. */
function unitRows(m: number, d: number): Float32Array {
  const rows = oddRows(m, d, 31 * m + d);
  for (let i = 0; i < m; i++) {
    const length = norm(rows, d, i * d);
    for (let j = i * d; j < (i + 1) * d; j++) rows[j] = length > 0 && Number.isFinite(length) ? rows[j] / length : 0;
  }
  return rows;
}

describe.each(everyKernels)("near pairs by $implementation", ({ vectors }) => {
  test("are all whose products reach a limit, in order, and none that misses it clearly", () => {
    for (const m of [0, 1, 2, 9, 131, 200]) {
      for (const d of [0, 1, 3, 17, 100, 310].slice(m > 100 ? 3 : 0)) {
        const units = unitRows(m, d);
        const random = seededRandom(m + d);
        const limits = Float64Array.from({ length: m }, (_, i) => (i % 7 === 0 ? -Infinity : i % 5 === 0 ? Infinity : random() * 2 - 0.5));
        const pairs = vectors.nearPairs(units, m, d);
        for (let start = 0; start < m; start += pairs.block) {
          for (let from = start; from < m; from += pairs.block) {
            const [end, to] = [Math.min(m, start + pairs.block), Math.min(m, from + pairs.block)];
            const { places: near, products } = pairs.find(start, end, from, to, limits);
            const found = [...near];
            expect(found).toEqual(found.toSorted((a, b) => a - b));
            const places = new Set(found);
            for (let i = start; i < end; i++) {
              for (let j = from; j < to; j++) {
                let product = 0;
                for (let c = 0; c < d; c++) product += units[i * d + c] * units[j * d + c];
                const over = product - Math.min(limits[i], limits[j]);
                const is = places.has((i - start) * pairs.block + j - from);
                const right = i >= j ? !is : over >= 0 ? is : over < -2.2e-6 ? !is : true;
                if (is) expect(Math.abs(products[found.indexOf((i - start) * pairs.block + j - from)] - product)).toBeLessThan(nearError);
                if (!right) expect.fail(`${m} x ${d}, rows ${i} and ${j}: ${product}, limits ${limits[i]} and ${limits[j]}, ${is ? "found" : "not found"}`);
              }
            }
          }
        }
      }
    }
  });
});

/** The k nearest of all, each compared with each, ties by index. */
function nearestOf(units: Float32Array, m: number, d: number, i: number, k: number): { readonly j: number; readonly distance: number }[] {
  const all = Array.from({ length: m }, (_, j) => {
    let product = 0;
    for (let c = 0; c < d; c++) product += units[i * d + c] * units[j * d + c];
    return { j, distance: Math.sqrt(Math.max(0, 2 - 2 * product)) };
  });
  return all.filter(({ j }) => j !== i).sort((a, b) => a.distance - b.distance || a.j - b.j).slice(0, k);
}

describe.each(everyKernels)("nearest neighbours by $implementation alone", (own) => {
  test("are the nearest in single precision, and of the same the first, where very many are the same", () => {
    const [m, d] = [900, 12];
    const random = seededRandom(3);
    // Rows along an axis have products without rounding: many are equal to many others.
    const units = new Float32Array(m * d);
    for (let i = 0; i < m; i++) units[i * d + Math.floor(random() ** 3 * d)] = random() < 0.3 ? -1 : 1;
    for (const k of [1, 14, 90, 500]) {
      const { indices, distances } = under(own, () => finish(nearestNeighbours(units, m, d, k, seededRandom(0))));
      for (let i = 0; i < m; i += 7) {
        const wanted = nearestOf(units, m, d, i, k);
        expect([...indices.subarray(i * k, (i + 1) * k)]).toEqual(wanted.map(({ j }) => j));
        expect([...distances.subarray(i * k, (i + 1) * k)]).toEqual(wanted.map(({ distance }) => Math.fround(distance)));
      }
    }
  });

  test("are the nearest where others are nearly as near", () => {
    const [m, d, k] = [600, 40, 20];
    const random = seededRandom(8);
    // Around three places, so close that products in single precision do not tell them apart.
    const units = Float32Array.from({ length: m * d }, (_, at) => Math.sin((at % d) * (1 + (Math.floor(at / d) % 3))) + 3e-4 * random());
    for (let i = 0; i < m; i++) {
      const length = norm(units, d, i * d);
      for (let at = i * d; at < (i + 1) * d; at++) units[at] /= length;
    }
    const { distances } = under(own, () => finish(nearestNeighbours(units, m, d, k, seededRandom(0))));
    for (let i = 0; i < m; i++) {
      for (const [n, { distance }] of nearestOf(units, m, d, i, k).entries()) expect(distances[i * k + n] ** 2).toBeCloseTo(distance ** 2, 12);
    }
  });
});

describe.each(others)("nearest neighbours by $implementation", (own) => {
  test("are to the bit those of TypeScript, among equal points too", () => {
    for (const [m, d, k] of [[4, 3, 3], [131, 1, 5], [257, 20, 30], [700, 100, 90], [300, 7, 299]]) {
      const units = unitRows(m, d);
      const [ours, theirs] = [own, reference].map((each) => under(each, () => finish(nearestNeighbours(units, m, d, k, seededRandom(0)))));
      expect(ours).toEqual(theirs);
    }
  });

  test("are found broken by the test at the start", () => {
    const nearPairs: typeof own.vectors.nearPairs = (...rows) => {
      const near = own.vectors.nearPairs(...rows);
      return { ...near, find: (...asked) => ({ ...near.find(...asked), places: near.find(...asked).places.slice(1) }) };
    };
    expect(checkVectors({ ...own.vectors, nearPairs }, reference.vectors)).toMatch(/^near pairs are/);
  });
});
