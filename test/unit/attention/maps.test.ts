import * as fc from "../../support/fastCheck.js";
import { describe, expect, test } from "vitest";
import { rowEntropies } from "../../../src/core/math/rowEntropies.js";
import { headOf, layerMean, rollout } from "../../../src/core/attention/maps.js";
import { evenScores, NAMED_FROM, repeatedTokens, roleOf, rolePlaces, roleScores } from "../../../src/core/attention/headRoles.js";
import { causalMask } from "../../../src/core/attention/mask.js";
import { softmaxRows } from "../../../src/core/math/softmaxRows.js";
import { seededRandom } from "../../../src/core/math/random.js";
import { finish } from "../formats/helpers.js";
import { apart, numbers } from "./support.js";

/** A causal map in which each row puts all its weight where `to` says. */
function pointing(n: number, to: (row: number) => number): Float64Array {
  const map = new Float64Array(n * n);
  for (let i = 0; i < n; i++) map[i * n + to(i)] = 1;
  return map;
}

describe("means and rollout", () => {
  const maps = { layers: 2, heads: 2, queries: 2, keys: 2, weights: Float32Array.of(1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0.5, 0.5, 1, 0, 0.25, 0.75) };

  test("take one head, and the mean of a layer's", () => {
    expect(Array.from(headOf(maps, 1, 0))).toEqual([1, 0, 0.5, 0.5]);
    expect(Array.from(layerMean(maps, 0))).toEqual([1, 0, 0.5, 0.5]);
    expect(Array.from(layerMean(maps, 1))).toEqual([1, 0, 0.375, 0.625]);
  });

  test("rollout multiplies the halves of each layer, by hand", () => {
    const layer = (l: number) => layerMean(maps, l);
    expect(apart(finish(rollout(layer, 0, 2)), [1, 0, 0.25, 0.75])).toBeLessThan(1e-15);
    // Second layer: row 1 is 0.1875, 0.8125; times the first: 0.1875 + 0.8125 × 0.25, 0.8125 × 0.75.
    expect(apart(finish(rollout(layer, 1, 2)), [1, 0, 0.390625, 0.609375])).toBeLessThan(1e-15);
  });

  test("rollout is the product of the layers with their residuals, also where tokens look ahead", () => {
    fc.assert(
      fc.property(fc.array(numbers(9), { minLength: 1, maxLength: 3 }), (scores) => {
        const layers = scores.map((each) => softmaxRows(each, 3, 3));
        const cell = (map: Float64Array, i: number, j: number) => (map[3 * i + j] + (i === j ? 1 : 0)) / 2;
        let product = Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1);
        for (const map of layers) {
          const below = product;
          product = Float64Array.from({ length: 9 }, (_, at) => [0, 1, 2].reduce((sum, k) => sum + cell(map, Math.floor(at / 3), k) * below[3 * k + (at % 3)], 0));
        }
        expect(apart(finish(rollout((l) => layers[l], layers.length - 1, 3)), product)).toBeLessThan(1e-12);
      }),
    );
  });

  test("rollout has rows that sum to 1, stays causal, and does not move what attends to itself", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }).chain((n) => fc.tuple(fc.constant(n), fc.array(numbers(n * n), { minLength: 1, maxLength: 4 }))), ([n, scores]) => {
        const layers = scores.map((each) => softmaxRows(each.map((value, i) => value + causalMask(n, n)[i]), n, n));
        const rolled = finish(rollout((l) => layers[l], layers.length - 1, n));
        expect(rolled.every((value, at) => at % n <= Math.floor(at / n) || value === 0)).toBe(true);
        for (let i = 0; i < n; i++) expect(Math.abs(rolled.slice(i * n, (i + 1) * n).reduce((sum, value) => sum + value, 0) - 1)).toBeLessThan(1e-12);
      }),
    );
    const self = pointing(4, (i) => i);
    expect(Array.from(finish(rollout(() => self, 5, 4)))).toEqual(Array.from(self));
  });

  test("rollout makes rows without attention point to themselves, and long texts come in steps", () => {
    expect(Array.from(finish(rollout(() => new Float64Array(4), 1, 2)))).toEqual([1, 0, 0, 1]);
    const n = 300;
    const even = new Float32Array(n * n).fill(1 / n);
    const steps = [...rollout(() => even, 3, n)];
    expect(steps.length).toBeGreaterThan(2);
    expect(steps.every(({ fraction }, i) => fraction <= 1 && (i === 0 || fraction >= steps[i - 1].fraction))).toBe(true);
  });
});

describe("entropy", () => {
  test("is 0 bits for one key and log2 N for N alike", () => {
    const map = Float64Array.of(1, 0, 0, 0, 0.25, 0.25, 0.25, 0.25, 0.5, 0.5, 0, 0);
    const entropies = new Float64Array(3);
    rowEntropies(map, 4, entropies);
    expect(Array.from(entropies)).toEqual([0, 2, 1]);
  });
});

describe("what a head does", () => {
  // a b c a b c
  const ids = [7, 8, 9, 7, 8, 9];
  const places = rolePlaces(ids, true);
  const even = evenScores(ids, true);

  test("a head that looks back one", () => {
    const scores = roleScores(pointing(6, (i) => Math.max(0, i - 1)), places);
    expect(scores).toMatchObject({ previous: 1, first: 1 / 5, self: 1 / 6, same: 0 });
    // Token 3, an a, looks at 2: not what followed the earlier a, which is 1.
    expect(scores.induction).toBe(0);
    expect(roleOf(scores, even)).toEqual({ role: "previous", score: 1 });
  });

  test("heads that look at the first, at themselves, at equals, and at what followed equals", () => {
    const named = (to: (row: number) => number) => roleOf(roleScores(pointing(6, to), places), even)?.role;
    expect(named(() => 0)).toBe("first");
    expect(named((i) => i)).toBe("self");
    expect(named((i) => (i >= 3 ? i - 3 : i))).toBe("same");
    expect(named((i) => (i >= 3 ? i - 2 : 0))).toBe("induction");
    expect(roleOf(even, even)).toBeUndefined();
  });

  test("an even head scores the share of what it sees", () => {
    expect(even.self).toBeCloseTo((1 + 1 / 2 + 1 / 3 + 1 / 4 + 1 / 5 + 1 / 6) / 6, 15);
    expect(even.same).toBeCloseTo((1 / 4 + 1 / 5 + 1 / 6) / 3, 15);
    expect(even.induction).toBeCloseTo(even.same, 15);
  });

  test("several earlier occurrences add up; the token itself does not count as what followed", () => {
    // a a a: behind the first a stands the second, which for the second is itself.
    const map = softmaxRows(causalMask(3, 3), 3, 3);
    const scores = roleScores(map, rolePlaces([1, 1, 1], true));
    expect(scores.same).toBeCloseTo((1 / 2 + 2 / 3) / 2, 15);
    expect(scores.induction).toBeCloseTo(1 / 3, 15);
  });

  test("an encoder sees equal tokens on both sides", () => {
    const map = Float64Array.of(0, 0, 1, 0, 1, 0, 1, 0, 0);
    expect(roleScores(map, rolePlaces([5, 6, 5], false)).same).toBe(1);
    expect(roleScores(map, rolePlaces([5, 6, 5], true)).same).toBe(1);
    expect(rolePlaces([5, 6, 5], false).places.same).toHaveLength(2);
    expect(rolePlaces([5, 6, 5], true).places.same).toHaveLength(1);
  });

  test("padding neither looks nor is looked at; what no token can do has no score", () => {
    const scores = roleScores(Float64Array.of(1, 0, 0, 1), rolePlaces([3, 3], false, [1, 0]));
    expect(scores).toEqual({ previous: NaN, first: NaN, self: 1, same: NaN, induction: NaN });
    expect(roleScores(Float64Array.of(1), rolePlaces([3], true))).toEqual({ previous: NaN, first: NaN, self: 1, same: NaN, induction: NaN });
    expect(roleOf(scores, evenScores([3, 3], false, [1, 0]))).toBeUndefined();
  });

  test("scores are what their definitions say, pair by pair, with padding and without", () => {
    const token = fc.record({ id: fc.nat(2), open: fc.boolean() });
    fc.assert(
      fc.property(fc.array(token, { minLength: 1, maxLength: 9 }), fc.boolean(), (tokens, causal) => {
        const n = tokens.length;
        const map = Float64Array.from({ length: n * n }, (_, i) => Math.sin(i) ** 2);
        const sums = (wanted: (i: number, j: number) => boolean) => {
          const rows = tokens.map((_, i) => tokens.map((_, j) => j).filter((j) => tokens[i].open && tokens[j].open && wanted(i, j)).map((j) => map[i * n + j])).filter((row) => row.length > 0);
          return rows.length === 0 ? NaN : rows.flat().reduce((a, b) => a + b, 0) / rows.length;
        };
        const equal = (i: number, j: number) => j >= 0 && tokens[j].open && tokens[i].id === tokens[j].id;
        const scores = roleScores(map, rolePlaces(tokens.map(({ id }) => id), causal, tokens.map(({ open }) => Number(open))));
        const wanted = [sums((i, j) => equal(i, j) && (causal ? j < i : j !== i)), sums((i, j) => j < i && equal(i, j - 1)), sums((i, j) => j === i - 1)];
        expect(apart([scores.same, scores.induction, scores.previous], wanted)).toBeLessThan(1e-12);
      }),
    );
  });

  test("equal tokens share one list of places", () => {
    const { same, induction } = rolePlaces(new Int32Array(4096), true).places;
    expect([same.length, new Set(same.map(({ columns }) => columns)).size, induction.at(-1)!.end, new Set(induction.map(({ columns }) => columns)).size]).toEqual([4095, 1, 4094, 1]);
  });

  test("a weak habit has no name", () => {
    const weak = new Float64Array(36);
    for (let i = 1; i < 6; i++) weak[i * 6 + i - 1] = NAMED_FROM - 0.01;
    expect(roleOf(roleScores(weak, places), even)).toBeUndefined();
  });

  test("random tokens repeat exactly and do not occur twice in a round", () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 40 }), fc.integer({ min: 2, max: 4 }), (seed, length, rounds) => {
        const allowed = Array.from({ length: 50 }, (_, i) => i + 100);
        const ids = repeatedTokens(seededRandom(seed), allowed, length, rounds);
        expect(ids).toHaveLength(length * rounds);
        expect(new Set(ids.slice(0, length)).size).toBe(length);
        expect(ids.every((id, i) => id === ids[i % length] && id >= 100 && id < 150)).toBe(true);
        const places = rolePlaces(ids, true).places.induction;
        if (rounds === 2 && length > 1) {
          expect(places.map(({ row, columns, end, shift }) => (end === 1 ? row - columns[0] - shift : NaN))).toEqual(new Array(length).fill(length - 1));
        }
      }),
    );
    expect(Array.from(repeatedTokens(() => 0, [4, 5], 3, 1))).toEqual([4, 5, 4]);
  });
});
