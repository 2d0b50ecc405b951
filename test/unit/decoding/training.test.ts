import * as fc from "../../support/fastCheck.js";
import { describe, expect, test } from "vitest";
import { likeness, ngramIds, repeatMask, seqRep } from "../../../src/core/decoding/metrics.js";
import { contrastiveLoss, descend } from "../../../src/core/decoding/simctg.js";
import { sequenceUnlikelihood, tokenUnlikelihood } from "../../../src/core/decoding/unlikelihood.js";
import { seededRandom } from "../../../src/core/math/random.js";

const random = seededRandom(12);
const draw = (n: number, spread = 2) => Float64Array.from({ length: n }, () => spread * (2 * random() - 1));

/** The gradient of f at x by central differences. */
function numeric(f: (x: Float64Array) => number, x: Float64Array): Float64Array {
  const h = 1e-5;
  return x.map((_, i) => {
    const at = (step: number) => f(x.map((v, j) => (j === i ? v + step : v)));
    return (at(h) - at(-h)) / (2 * h);
  });
}

function expectClose(got: Float64Array, want: Float64Array, digits = 7): void {
  expect(got).toHaveLength(want.length);
  got.forEach((v, i) => expect(v).toBeCloseTo(want[i], digits));
}

describe("gradients agree with differences", () => {
  test("of token-level unlikelihood", () => {
    const targets = [0, 2, 2, 1, 0, 3];
    const logits = draw(6 * 4);
    expectClose(tokenUnlikelihood(logits, targets, 0.7).gradient, numeric((x) => tokenUnlikelihood(x, targets, 0.7).loss, logits));
  });

  test("of sequence-level unlikelihood", () => {
    const sequence = [0, 1, 0, 1, 0, 1, 2];
    const logits = draw(7 * 3);
    expectClose(sequenceUnlikelihood(logits, sequence, 2).gradient, numeric((x) => sequenceUnlikelihood(x, sequence, 2).loss, logits));
  });

  test("of SimCTG's contrastive loss", () => {
    const hidden = draw(6 * 3);
    expectClose(contrastiveLoss(hidden, 3, 0.9).gradient, numeric((x) => contrastiveLoss(x, 3, 0.9).loss, hidden));
  });
});

describe("losses", () => {
  test("a sure repetition costs much, but not infinitely much until the others have no weight", () => {
    const { unlikelihood, gradient } = tokenUnlikelihood(Float64Array.of(0, 0, 60, 0), [0, 1], 1);
    expect(unlikelihood[1]).toBeCloseTo(60, 9);
    expect(gradient.every(Number.isFinite)).toBe(true);
  });

  test("SimCTG's loss is 0 for states at right angles, ρ for equal ones, and undefined nowhere", () => {
    const apart = contrastiveLoss(Float64Array.of(1, 0, 0, 2), 2, 0.5);
    expect(apart.loss).toBe(0);
    expect(Array.from(apart.similarities)).toEqual([1, 0, 0, 1]);
    expect(contrastiveLoss(Float64Array.of(1, 1, 2, 2), 2, 0.5).loss).toBeCloseTo(0.5, 12);
    expect(contrastiveLoss(Float64Array.of(1, 1), 2, 0.5)).toMatchObject({ loss: 0 });
    expect(contrastiveLoss(Float64Array.of(0, 0, 1, 1), 2, 0.5).gradient.every(Number.isFinite)).toBe(true);
  });

  test("descent on it lowers the similarities", () => {
    const hidden = draw(8 * 4, 0.3).map((v, i) => v + (i % 4 === 0 ? 1 : 0));
    const before = contrastiveLoss(hidden, 4, 0.5).loss;
    expect(before).toBeGreaterThan(0.1);
    expect(contrastiveLoss(descend(hidden, 4, 0.5, 200, 0.5), 4, 0.5).loss).toBeLessThan(before / 4);
  });
});

describe("repetition", () => {
  const texts = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 40 });

  test("n-grams get equal numbers exactly when they are equal", () => {
    fc.assert(
      fc.property(texts, fc.integer({ min: 1, max: 5 }), (text, n) => {
        const ids = ngramIds(text, n);
        const grams = Array.from({ length: Math.max(0, text.length - n + 1) }, (_, i) => text.slice(i, i + n).join());
        expect(ids).toHaveLength(grams.length);
        const distinct = [...new Set(grams)];
        expect(Array.from(ids)).toEqual(grams.map((gram) => distinct.indexOf(gram)));
      }),
      { seed: 1 },
    );
  });

  test("the mask marks every token of every later occurrence, and no other", () => {
    fc.assert(
      fc.property(texts, fc.integer({ min: 1, max: 4 }), (text, n) => {
        const want = text.map((_, t) => {
          for (let j = Math.max(0, t - n + 1); j <= t && j + n <= text.length; j++) {
            for (let i = 0; i < j; i++) if (text.slice(i, i + n).join() === text.slice(j, j + n).join()) return 1;
          }
          return 0;
        });
        expect(Array.from(repeatMask(text, n))).toEqual(want);
      }),
      { seed: 2 },
    );
  });

  test("large ids do not run into each other", () => {
    expect(seqRep([50256, 1, 50255, 50258, 50256, 2], 2)).toBe(0);
  });

  test("texts are alike by their n-grams: equal ones 1, foreign ones 0", () => {
    expect(likeness([[1, 2, 3], [1, 2, 3], [1, 2, 3]])).toBe(1);
    expect(likeness([[1, 2], [3, 4]])).toBe(0);
    expect(likeness([[1, 2, 3, 4], [4, 3, 2, 1]], 1)).toBe(1);
    expect(likeness([[1, 2, 3, 4], [4, 3, 2, 1]], 2)).toBe(0);
    expect(likeness([[1, 1, 2], [1, 2, 2, 3]])).toBeCloseTo((2 * 2) / 7, 12);
    expect(likeness([[1]])).toBeNaN();
  });
});
