import * as fc from "../../support/fastCheck.js";
import { describe, expect, test } from "vitest";
import type { GenerationConfig } from "../../../src/core/decoding/config.js";
import { applyProcessor, keptMask, Pipeline } from "../../../src/core/decoding/pipeline.js";
import { chainOf, llamaCppChain } from "../../../src/core/decoding/processors/chain.js";
import { exponentialDecayLengthPenalty, forcedBos, suppressTokensAtBegin } from "../../../src/core/decoding/processors/lengths.js";
import { removeInvalidValues } from "../../../src/core/decoding/processors/normalise.js";
import { noRepeatPromptNgram } from "../../../src/core/decoding/processors/noRepeatNgram.js";
import { hammingDiversity, noise, promptRepetitionPenalty } from "../../../src/core/decoding/processors/penalties.js";
import type { Processor } from "../../../src/core/decoding/processors/processor.js";
import { topK } from "../../../src/core/decoding/processors/topK.js";
import { topP } from "../../../src/core/decoding/processors/topP.js";
import { typicalP } from "../../../src/core/decoding/processors/typicalP.js";
import { seededRandom } from "../../../src/core/math/random.js";

const context = { ids: [1, 0, 1], promptLength: 2 };
const setting = { promptLength: 2, maxLength: 20 };

/** Logits with ties and, now and then, removed tokens. */
const logitsArb = fc
  .array(fc.oneof({ weight: 6, arbitrary: fc.double({ min: -30, max: 30, noNaN: true }) }, { weight: 2, arbitrary: fc.integer({ min: -2, max: 2 }) }, { weight: 1, arbitrary: fc.constant(-Infinity) }), { minLength: 2, maxLength: 300 })
  .filter((list) => list.some((v) => v > -Infinity));

const unit = fc.double({ min: 0.001, max: 1, noNaN: true });
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const configArb: fc.Arbitrary<GenerationConfig> = fc.record({
  do_sample: fc.constant(true),
  temperature: maybe(fc.double({ min: 0.01, max: 5, noNaN: true })),
  top_k: maybe(fc.integer({ min: 0, max: 400 })),
  top_p: maybe(fc.double({ min: 0, max: 1, noNaN: true })),
  min_p: maybe(fc.double({ min: 0, max: 1, noNaN: true })),
  top_h: maybe(unit),
  typical_p: maybe(unit),
  epsilon_cutoff: maybe(unit),
  eta_cutoff: maybe(unit),
  repetition_penalty: maybe(fc.double({ min: 0.5, max: 2, noNaN: true })),
  frequency_penalty: maybe(fc.double({ min: -2, max: 2, noNaN: true })),
  no_repeat_ngram_size: maybe(fc.integer({ min: 0, max: 4 })),
  bad_words_ids: maybe(fc.constant([[0], [0, 1]])),
  suppress_tokens: maybe(fc.constant([1])),
  min_new_tokens: maybe(fc.integer({ min: 0, max: 4 })),
  eos_token_id: fc.constant(1),
  renormalize_logits: maybe(fc.boolean()),
});

describe("any chain", () => {
  test("never changes its input, and keeps fewer and fewer tokens", () => {
    fc.assert(
      fc.property(logitsArb, configArb, fc.boolean(), (logits, config, single) => {
        const input = single ? Float32Array.from(logits) : Float64Array.from(logits);
        const before = input.slice();
        const made = chainOf(config, setting);
        for (const chain of [made, llamaCppChain(made)]) {
          const { first, stages } = new Pipeline(logits.length).run(input, chain, context);
          expect(input).toEqual(before);
          let mask = keptMask(first);
          for (const stage of stages) {
            const next = keptMask(stage.after);
            expect(next.every((kept, i) => kept <= mask[i])).toBe(true);
            expect(stage.removed).toBe(mask.reduce((sum, kept, i) => sum + kept - next[i], 0));
            mask = next;
          }
        }
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  test("leaves the input of each stage as the stage before wrote it", () => {
    fc.assert(
      fc.property(logitsArb, configArb, (logits, config) => {
        const size = logits.length;
        const pipeline = new Pipeline(size);
        const chain = chainOf(config, setting);
        const seen: Float64Array[] = [];
        const spied = chain.map((processor): Processor => ({
          ...processor,
          apply(input, at, out, work) {
            const scores = input.scores.slice();
            const probabilities = input.probabilities.slice();
            const reason = processor.apply(input, at, out, work);
            expect(input.scores).toEqual(scores);
            expect(input.probabilities).toEqual(probabilities);
            seen.push(scores);
            return reason;
          },
        }));
        const { stages } = pipeline.run(logits, spied, context);
        stages.forEach((stage, i) => expect(stage.before.scores).toEqual(seen[i]));
      }),
      { seed: 2, numRuns: 100 },
    );
  });

  test("measures every stage as a count from the scores would", () => {
    fc.assert(
      fc.property(logitsArb, configArb, (logits, config) => {
        for (const { before, after, keptMass } of new Pipeline(logits.length).run(logits, chainOf(config, setting), context).stages) {
          const scores = Array.from(after.scores);
          const left = scores.filter((score) => score > -Infinity);
          expect(after.kept).toBe(left.length);
          if (left.length === 0) continue;
          const most = Math.max(...left);
          const weights = scores.map((score) => Math.exp(score - most));
          const sum = weights.reduce((a, b) => a + b, 0);
          const entropy = -weights.reduce((h, w) => (w > 0 ? h + (w / sum) * Math.log(w / sum) : h), 0);
          expect(after.entropy).toBeCloseTo(entropy, 9);
          expect(after.logNormaliser).toBeCloseTo(most + Math.log(sum), 9);
          weights.forEach((weight, i) => expect(after.probabilities[i]).toBeCloseTo(weight / sum, 12));
          expect(keptMass).toBeCloseTo(before.probabilities.reduce((m, p, i) => (scores[i] > -Infinity ? m + p : m), 0), 12);
        }
      }),
      { seed: 3, numRuns: 150 },
    );
  });

  test("gives the same again in the same buffers", () => {
    const pipeline = new Pipeline(50);
    const random = seededRandom(4);
    const logits = Float32Array.from({ length: 50 }, () => 6 * random() - 3);
    const chain = chainOf({ do_sample: true, temperature: 0.7, top_k: 20, top_p: 0.9, repetition_penalty: 1.3 }, setting);
    const first = pipeline.run(logits, chain, context);
    const copy = first.last.scores.slice();
    pipeline.run(logits.map((v) => -v), chain, context);
    const again = pipeline.run(logits, chain, context);
    expect(again.last.scores).toEqual(copy);
    expect(again.last.scores).toBe(first.last.scores);
  });
});

/** What the definition says, by a full sort. */
function topPByDefinition(scores: readonly number[], p: number, keep: number): Set<number> {
  const most = Math.max(...scores);
  const weights = scores.map((score) => Math.exp(score - most));
  const sum = weights.reduce((a, b) => a + b, 0);
  const order = scores.map((_, i) => i).sort((a, b) => scores[a] - scores[b] || a - b);
  let below = 0;
  const kept = new Set(order.slice(-keep));
  for (const i of order) {
    below += weights[i] / sum;
    if (below > 1 - p) kept.add(i);
  }
  return kept;
}

describe("selection without a sort", () => {
  const random = seededRandom(7);
  const draws = (n: number, spread: number) => Array.from({ length: n }, () => spread * (random() + random() + random() - 1.5));

  test.each([
    [3000, 8, 0.9], [3000, 8, 0.3], [3000, 0.01, 0.7], [5000, 400, 0.99], [20000, 20, 0.95],
  ])("top-p of %i tokens agrees with the definition (spread %d, p %d)", (n, spread, p) => {
    const scores = draws(n, spread);
    const { after } = applyProcessor(topP(p, 2), scores, context);
    const kept = new Set(Array.from(after.scores.keys()).filter((i) => after.scores[i] > -Infinity));
    expect(kept).toEqual(topPByDefinition(scores, p, 2));
  });

  test.each([1, 2, 64, 65, 500, 2999, 3000, 9000])("top-k %i keeps the highest and what ties with the last of them", (k) => {
    const scores = draws(3000, 5).map((v) => Math.round(v * 10) / 10);
    const floor = [...scores].sort((a, b) => b - a)[Math.min(k, 3000) - 1];
    const { after } = applyProcessor(topK(k), scores, context);
    expect(Array.from(keptMask(after))).toEqual(scores.map((score) => (score >= floor ? 1 : 0)));
  });

  test.each([0.2, 0.9, 0.999])("typical-p %d agrees with a full sort", (mass) => {
    const scores = draws(4000, 10);
    const { before, after } = applyProcessor(typicalP(mass), scores, context);
    const keys = scores.map((score) => Math.abs(before.logNormaliser - score - before.entropy));
    const order = scores.map((_, i) => i).sort((a, b) => keys[a] - keys[b]);
    let sum = 0;
    const last = order.findIndex((i) => (sum += before.probabilities[i]) >= mass);
    expect(Array.from(keptMask(after))).toEqual(keys.map((key) => (key <= keys[order[last]] ? 1 : 0)));
  });

  test("top-p takes low ids out first among equals, as Hugging Face does", () => {
    const mask = (scores: number[], p: number) => Array.from(keptMask(applyProcessor(topP(p), scores, context).after));
    expect(mask([0, 0, 0, 0], 0.5)).toEqual([0, 0, 1, 1]);
    expect(mask([2, 0, 2, 0], 0.4)).toEqual([0, 0, 1, 0]);
    const many = mask(new Array<number>(1024).fill(3), 0.25);
    expect(many.indexOf(1)).toBe(768);
    expect(many.slice(768)).not.toContain(0);
  });

  test("one bucket holding nearly everything does not break it", () => {
    const scores = Array.from({ length: 2000 }, (_, i) => (i === 0 ? -1e308 : i === 1 ? 1e308 : i * 1e-9));
    expect(applyProcessor(topK(3), scores, context).after.kept).toBe(3);
  });
});

describe("the order", () => {
  test("decides what top-p keeps: temperature first in transformers, last in llama.cpp", () => {
    const chain = chainOf({ do_sample: true, temperature: 0.5, top_p: 0.8 }, setting);
    const kept = (order: Processor[]) => new Pipeline(3).run([3, 2, 1], order, context).last;
    // softmax([6, 4, 2]) = 0.867, 0.117, 0.016; softmax([3, 2, 1]) = 0.665, 0.245, 0.090
    expect(Array.from(keptMask(kept(chain)))).toEqual([1, 0, 0]);
    const other = kept(llamaCppChain(chain));
    expect(Array.from(keptMask(other))).toEqual([1, 1, 0]);
    expect(Array.from(other.scores)).toEqual([6, 4, -Infinity]);
  });

  test("of llama.cpp leaves penalties first and the normalisation last", () => {
    const config = { do_sample: true, repetition_penalty: 1.2, temperature: 0.5, top_k: 5, top_p: 0.9, min_p: 0.1, typical_p: 0.8, renormalize_logits: true };
    expect(llamaCppChain(chainOf(config, setting)).map(({ name }) => name)).toEqual([
      "RepetitionPenaltyLogitsProcessor", "TopKLogitsWarper", "TypicalLogitsWarper", "TopPLogitsWarper", "MinPLogitsWarper", "TemperatureLogitsWarper", "LogitNormalization",
    ]);
  });

  test("leaves the warpers out without do_sample", () => {
    expect(chainOf({ temperature: 0.5, top_k: 3, repetition_penalty: 1.1 }, setting).map(({ name }) => name)).toEqual(["RepetitionPenaltyLogitsProcessor"]);
  });
});

describe("processors that the fixtures lack", () => {
  const scores = [0, -2, 3];

  test("the first token can be forced", () => {
    expect(Array.from(applyProcessor(forcedBos(1), scores, { ids: [2], promptLength: 1 }).after.scores)).toEqual([-Infinity, 0, -Infinity]);
    expect(Array.from(applyProcessor(forcedBos(1), scores, { ids: [2, 2], promptLength: 1 }).after.scores)).toEqual(scores);
  });

  test("tokens are suppressed at the beginning only", () => {
    const begin = suppressTokensAtBegin([2], 3);
    expect(applyProcessor(begin, scores, context).after.scores[2]).toBe(-Infinity);
    expect(applyProcessor(begin, scores, { ids: [0, 0, 0, 0], promptLength: 3 }).after.scores[2]).toBe(3);
  });

  test("the end of text grows likelier behind its start: |score| (factor^n − 1) is added", () => {
    const decay = exponentialDecayLengthPenalty(1, 2, [1]);
    expect(applyProcessor(decay, scores, { ids: [0, 0], promptLength: 1 }).after.scores[1]).toBe(-2);
    expect(applyProcessor(decay, scores, { ids: [0, 0, 0], promptLength: 1 }).after.scores[1]).toBe(0);
    expect(applyProcessor(decay, scores, { ids: [0, 0, 0, 0], promptLength: 1 }).after.scores[1]).toBe(4);
  });

  test("NaN becomes 0 and infinities the largest numbers of binary32", () => {
    const { before, after } = applyProcessor(removeInvalidValues(), [NaN, Infinity, -Infinity, 1], context);
    expect(before.invalid).toBe(2);
    expect(Array.from(after.scores)).toEqual([0, 3.4028234663852886e38, -3.4028234663852886e38, 1]);
    expect(after.invalid).toBe(0);
  });

  test("tokens of the prompt can be made likelier, and its n-grams kept out", () => {
    expect(Array.from(applyProcessor(promptRepetitionPenalty(2), [1, -2, 3], { ids: [0, 1, 2], promptLength: 2 }).after.scores)).toEqual([2, -1, 3]);
    const banned = (ids: number[], promptLength: number) => Array.from(keptMask(applyProcessor(noRepeatPromptNgram(2), [0, 0, 0], { ids, promptLength }).after));
    expect(banned([0, 1, 0], 3)).toEqual([1, 0, 1]);
    expect(banned([0, 1, 0], 2)).toEqual([1, 0, 1]);
    expect(banned([0, 1, 0], 1)).toEqual([1, 1, 1]);
    expect(banned([0, 1, 2, 1], 2)).toEqual([1, 1, 1]);
  });

  test("earlier groups lower what they chose", () => {
    expect(Array.from(applyProcessor(hammingDiversity(0.5), scores, { ...context, chosenByGroups: [2, 0, 1] }).after.scores)).toEqual([-1, -2, 2.5]);
    expect(Array.from(applyProcessor(hammingDiversity(0.5), scores, context).after.scores)).toEqual(scores);
  });

  test("noise is normal with the deviation asked for, the same for the same seed", () => {
    const size = 20000;
    const run = () => applyProcessor(noise(0.5), new Float64Array(size), { ...context, random: seededRandom(3) }).after.scores.slice();
    const drawn = run();
    expect(run()).toEqual(drawn);
    const mean = drawn.reduce((a, b) => a + b, 0) / size;
    const variance = drawn.reduce((a, b) => a + (b - mean) ** 2, 0) / size;
    const fourth = drawn.reduce((a, b) => a + (b - mean) ** 4, 0) / size;
    expect(Math.abs(mean)).toBeLessThan(4 * (0.5 / Math.sqrt(size)));
    expect(Math.abs(variance / 0.25 - 1)).toBeLessThan(4 * Math.sqrt(2 / size));
    expect(Math.abs(fourth / variance ** 2 - 3)).toBeLessThan(4 * Math.sqrt(24 / size));
  });
});
