import { describe, expect, test } from "vitest";
import { byteQuery, checkVectors, type VectorsKernels } from "../../../src/core/kernels/vectors.js";
import { seededRandom } from "../../../src/core/math/random.js";
import { dotRow } from "../../../src/core/vectors/dotRows.js";
import { cosineNeighbours } from "../../../src/core/vectors/neighbours.js";
import { searchCosine, searchProduct, type SearchResult } from "../../../src/core/vectors/search.js";
import { norm } from "../../../src/core/vectors/similarity.js";
import { VectorStore } from "../../../src/core/vectors/store.js";
import { finish } from "../vectors/mapSupport.js";
import { everyKernels } from "./implementations.js";
import { oddRows, under } from "./vectorSupport.js";

const [reference, ...others] = everyKernels;

describe.each(others)("rows as bytes by $implementation", (own) => {
  test("bound the cosines as they come out in single precision, whatever the shape and the numbers", () => {
    for (const n of [1, 2, 3, 4, 5, 13, 97, 200]) {
      for (const d of [1, 2, 3, 7, 8, 9, 15, 16, 17, 64, 101, 310]) {
        const values = oddRows(n, d, n * 1000 + d);
        const rows = own.vectors.byteRows(n, d)!;
        const half = 4 * Math.floor(n / 8);
        rows.fill(values, 0, half);
        rows.fill(values, half, n);
        const random = seededRandom(n + d);
        for (const [q, query] of [values.subarray(0, d), Float32Array.from({ length: d }, () => random() - 0.5)].entries()) {
          const length = norm(query);
          if (!(length > 0) || !Number.isFinite(length)) continue;
          const unit = Float32Array.from(query, (v) => v / length);
          if (norm(unit) === 0) continue;
          for (const [start, end] of [[0, n], [half, n]]) {
            const { lower, upper } = rows.bounds(byteQuery(unit), start, end);
            for (const least of [-Infinity, Math.fround(0.3), upper[0], 1]) {
              const reached = Array.from(upper, (_, i) => i).filter((i) => upper[i] >= least);
              expect([...rows.reaching(least, end - start)]).toEqual(reached);
            }
            for (let i = start; i < end; i++) {
              const score = Math.fround(dotRow(values, d, i, Float64Array.from(unit))) / Math.fround(norm(values, d, i * d));
              const clipped = Math.max(-1, Math.min(1, score));
              const within = Number.isNaN(score) || (lower[i - start] <= clipped && upper[i - start] >= clipped && lower[i - start] <= score && upper[i - start] >= score);
              if (!within) expect.fail(`${n} x ${d}, query ${q}, row ${i}: ${score} is not within ${lower[i - start]} … ${upper[i - start]}`);
            }
          }
        }
      }
    }
  });

  test("tell rows without direction apart, and bound others closely", () => {
    const [n, d] = [1000, 100];
    const random = seededRandom(3);
    const values = Float32Array.from({ length: n * d }, () => random() - 0.5);
    values.fill(0, 5 * d, 6 * d);
    values[7 * d + 3] = NaN;
    const rows = own.vectors.byteRows(n, d)!;
    rows.fill(values, 0, n);
    const { lower, upper } = rows.bounds(byteQuery(Float32Array.from({ length: d }, () => 0.1)), 0, n);
    for (let i = 0; i < n; i++) {
      if (i === 5 || i === 7) expect([lower[i], upper[i]]).toEqual([NaN, NaN]);
      else expect(upper[i] - lower[i]).toBeLessThan(0.012);
    }
    expect(rows.byteLength).toBeLessThan(0.4 * values.byteLength + 500_000);
  });

  test("say so where there is no room", () => {
    expect(() => own.vectors.byteRows(2 ** 24, 300)).toThrow(RangeError);
  });

  test("are found broken by the test at the start", () => {
    const broken = (change: (bounds: { lower: Float32Array; upper: Float32Array }) => void): VectorsKernels => ({
      ...own.vectors,
      byteRows(n, d) {
        const rows = own.vectors.byteRows(n, d)!;
        return {
          ...rows,
          bounds(...args) {
            const found = rows.bounds(...args);
            change(found as Parameters<typeof change>[0]);
            return found;
          },
        };
      },
    });
    expect(checkVectors(own.vectors, reference.vectors)).toBeUndefined();
    expect(checkVectors(broken(({ lower }) => (lower[3] += 0.1)), reference.vectors)).toMatch(/is not within/);
    expect(checkVectors(broken(({ upper }) => (upper[5] = NaN)), reference.vectors)).toMatch(/is not within/);
    expect(checkVectors(broken(({ upper }) => (upper[5] += 0.1)), reference.vectors)).toMatch(/is not within/);
  });
});

describe.each(others)("searches by bounds by $implementation", (own) => {
  const same = (a: Omit<SearchResult, "milliseconds">, b: Omit<SearchResult, "milliseconds">): void => {
    expect(a.found).toEqual(b.found);
    expect(a.left).toEqual(b.left);
  };

  test("find to the bit what comparing all rows finds, with the ranks of the rows left out", () => {
    for (const [n, d] of [[2801, 100], [30_001, 5], [16_384, 33], [881, 307]] as const) {
      const values = oddRows(n, d, n);
      const names = Array.from({ length: n }, (_, i) => `w${i}`);
      for (const k of [1, 10, 1000]) {
        const ask = (): { near: unknown; cosines: SearchResult; products: SearchResult } => {
          const store = new VectorStore(names, values.slice(), d);
          const excluded = new Set([0, 17, 40, n - 1]);
          const options = { k, excluded, now: () => 0 };
          const query = Float64Array.from(values.subarray(17 * d, 18 * d), (v, j) => (Number.isFinite(v) ? v : 1) + Math.sin(j));
          const near = finish(cosineNeighbours(store, query, k, excluded));
          const plain = [17, 40, 41].map((i) => store.row(i)).filter((row) => norm(row) > 0 && Number.isFinite(norm(row)));
          return { near, cosines: finish(searchCosine(store, query, options)), products: finish(searchProduct(store, [...plain, query], [values.subarray(3 * d, 4 * d).map((v) => (v > 0.2 ? 1 : -1))], options)) };
        };
        const [theirs, ours] = [under(reference, ask), under(own, ask)];
        expect(ours.near).toEqual(theirs.near);
        same(ours.cosines, theirs.cosines);
        same(ours.products, theirs.products);
        expect(ours.cosines.found.length).toBeGreaterThanOrEqual(Math.min(k, 0.8 * n));
      }
    }
  });

  test("may be asked several at a time, and be given up, while the bytes are made", () => {
    const [n, d] = [70_000, 64];
    const random = seededRandom(8);
    const values = Float32Array.from({ length: n * d }, () => random() - 0.5);
    const names = new Array<string>(n).fill("w");
    const plain = under(reference, () => [3, 4].map((row) => finish(cosineNeighbours(new VectorStore(names, values.slice(), d), values.subarray(row * d, (row + 1) * d), 10))));
    const turns = under(own, () => {
      const store = new VectorStore(names, values, d);
      cosineNeighbours(store, store.row(9), 10).next();
      const searches = [3, 4].map((row) => cosineNeighbours(store, store.row(row), 10));
      const found: unknown[] = [];
      while (found.filter(Boolean).length < 2) {
        for (const [s, search] of searches.entries()) {
          const step = search.next();
          if (step.done) found[s] ??= step.value;
        }
      }
      return found;
    });
    expect(turns).toEqual(plain);
  });
});
