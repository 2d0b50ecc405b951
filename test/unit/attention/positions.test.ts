import * as fc from "../../support/fastCheck.js";
import { describe, expect, test } from "vitest";
import { alibiScores, learnedScores, ropeScores, sinusoidalScores } from "../../../src/core/attention/distance.js";
import { dynamicNtkBase, interpolated, ntkBase, ropeAngles, ropePlan, ropeRotate, type RopeScaling } from "../../../src/core/attention/rope.js";
import { sinusoidalPositions } from "../../../src/core/attention/sinusoidal.js";
import { affine } from "../../../src/core/math/affine.js";
import { plainFrequencies } from "../../../src/core/models/rotary.js";
import { finish } from "../formats/helpers.js";
import { apart, numbers } from "./support.js";

const scalings: readonly RopeScaling[] = [
  { kind: "none" },
  { kind: "linear", factor: 8 },
  { kind: "ntk", factor: 8 },
  { kind: "dynamic", factor: 2, trained: 16, length: 40 },
  { kind: "llama3", factor: 8, low: 1, high: 4, trained: 8192 },
];

describe("rotary positions", () => {
  test.each(scalings)("$kind: scores depend on the distance alone, and lengths stay", (scaling) => {
    const plan = ropePlan(8, 10000, scaling);
    fc.assert(
      fc.property(
        numbers(8), numbers(8), fc.nat(500), fc.nat(500), fc.nat(500), fc.constantFrom("half" as const, "interleaved" as const),
        (q, k, from, to, shift, pairing) => {
          const score = (m: number, n: number) => affine(ropeRotate(q, [m], plan, pairing), 1, 8, ropeRotate(k, [n], plan, pairing), 1)[0];
          expect(Math.abs(score(from, to) - score(from + shift, to + shift))).toBeLessThan(1e-9);
          const squares = (x: Float64Array) => x.reduce((sum, value) => sum + value * value, 0);
          expect(Math.abs(squares(ropeRotate(q, [from], plan, pairing)) - squares(q))).toBeLessThan(1e-9);
        },
      ),
    );
  });

  test("turn pairs: half of a head apart, or side by side", () => {
    const plan = { base: 1, divisor: 1, frequencies: Float64Array.of(Math.PI / 2, 0) };
    expect(apart(ropeRotate(Float64Array.of(1, 2, 3, 4), [1], plan), [-3, 2, 1, 4])).toBeLessThan(1e-15);
    expect(apart(ropeRotate(Float64Array.of(1, 2, 3, 4), [1], plan, "interleaved"), [-2, 1, 3, 4])).toBeLessThan(1e-15);
  });

  test("linear interpolation: 16384 on 2048 takes 10000 to 1250, and turns as far as that", () => {
    expect(interpolated(10000, 2048, 16384)).toEqual({ factor: 8, position: 1250 });
    expect(interpolated(10000, 2048, 1024)).toEqual({ factor: 1, position: 10000 });
    const linear = ropePlan(64, 10000, { kind: "linear", factor: 8 });
    expect(Array.from(ropeAngles([10000], linear))).toEqual(Array.from(ropeAngles([1250], ropePlan(64, 10000))));
  });

  test("NTK-aware scaling slows the slowest pair by the factor and the fastest not at all", () => {
    const plain = plainFrequencies(64, 10000);
    const { frequencies, divisor } = ropePlan(64, 10000, { kind: "ntk", factor: 8 });
    expect(divisor).toBe(1);
    expect(frequencies[0]).toBe(plain[0]);
    expect(plain[31] / frequencies[31]).toBeCloseTo(8, 10);
    expect(ntkBase(2, 10000, 8)).toBe(10000);
    expect(dynamicNtkBase(64, 10000, { factor: 2, trained: 2048, length: 2048 })).toBe(10000);
    expect(dynamicNtkBase(64, 10000, { factor: 2, trained: 2048, length: 4096 })).toBeCloseTo(ntkBase(64, 10000, 3), 6);
  });

  test("Llama 3's scaling leaves fast pairs, slows slow ones, and blends between", () => {
    const plain = plainFrequencies(128, 500000);
    const { frequencies } = ropePlan(128, 500000, { kind: "llama3", factor: 8, low: 1, high: 4, trained: 8192 });
    const ratios = Array.from(plain, (f, i) => f / frequencies[i]);
    expect(ratios[0]).toBe(1);
    expect(ratios[63]).toBeCloseTo(8, 12);
    expect(ratios.every((ratio, i) => i === 0 || ratio >= ratios[i - 1] - 1e-12)).toBe(true);
    expect(ratios.some((ratio) => ratio > 1.01 && ratio < 7.99)).toBe(true);
  });
});

describe("score against distance", () => {
  test("of sinusoidal codes is their inner product, wherever they stand", () => {
    fc.assert(
      fc.property(fc.nat(2000), fc.nat(2000), fc.integer({ min: 1, max: 16 }), (p, distance, half) => {
        const width = 2 * half;
        const codes = sinusoidalPositions([p, p + distance], width);
        const dot = affine(codes.slice(0, width), 1, width, codes.slice(width), 1)[0];
        expect(Math.abs(dot / half - sinusoidalScores(width, [distance])[0])).toBeLessThan(1e-9);
      }),
    );
    expect(sinusoidalPositions([3], 3)[2]).toBeCloseTo(Math.sin(3 / 10000 ** (2 / 3)), 15);
  });

  test("of rotary positions is the mean cosine: 1 at 0, and that of equal pairs that were turned", () => {
    const plan = ropePlan(16, 10000);
    const ones = new Float64Array(16).fill(1);
    for (const distance of [0, 1, 7, 300]) {
      const dot = affine(ropeRotate(ones, [0], plan), 1, 16, ropeRotate(ones, [distance], plan), 1)[0];
      expect(ropeScores(plan.frequencies, [distance])[0]).toBeCloseTo(dot / 16, 12);
    }
    expect(Array.from(ropeScores(Float64Array.of(Math.PI, 0), [0, 1, -1]))).toEqual([1, 0, 0]);
  });

  test("of ALiBi falls by its slope", () => {
    expect(Array.from(alibiScores(0.25, [0, 1, 4]))).toEqual([0, -0.25, -1]);
  });

  test("of learned positions is a mean with a spread", () => {
    const rows = Float64Array.of(1, 0, 0, 2, 3, 0);
    const { mean, deviation } = finish(learnedScores(rows, 3, 2, [0, 1, 2, 3]));
    expect(Array.from(mean)).toEqual([1, 0, 1, NaN]);
    expect(Array.from(deviation)).toEqual([0, 0, 0, NaN]);
    const two = finish(learnedScores(Float64Array.of(1, 0, 1, 0, 0, 1), 3, 2, [1]));
    expect([two.mean[0], two.deviation[0]]).toEqual([0.5, 0.5]);
    const codes = sinusoidalPositions([...Array(200).keys()], 32);
    const learned = finish(learnedScores(codes, 200, 32, [0, 5, 50]));
    expect(apart(learned.mean, sinusoidalScores(32, [0, 5, 50]))).toBeLessThan(1e-12);
    expect(Math.max(...learned.deviation)).toBeLessThan(1e-12);
  });

  test("of many learned positions comes in short steps", () => {
    const steps = [...learnedScores(new Float32Array(1024 * 512).fill(1), 1024, 512, Array.from({ length: 40 }, (_, i) => i))];
    // 40 distances × about 1,000 pairs × 512 numbers are 20 million products.
    expect(steps).not.toHaveLength(0);
    expect(steps.every(({ fraction }) => fraction >= 0 && fraction < 1)).toBe(true);
  });
});
