import { describe, expect, test } from "vitest";
import type { GenerationConfig } from "../../../src/core/decoding/config.js";
import { distributionOf } from "../../../src/core/decoding/distribution.js";
import { applyProcessor, Pipeline, type PipelineRun } from "../../../src/core/decoding/pipeline.js";
import { chainOf, llamaCppChain } from "../../../src/core/decoding/processors/chain.js";
import { noRepeatNgram } from "../../../src/core/decoding/processors/noRepeatNgram.js";
import { frequencyPresencePenalty, repetitionPenalty } from "../../../src/core/decoding/processors/penalties.js";
import { topK } from "../../../src/core/decoding/processors/topK.js";
import { seededRandom } from "../../../src/core/math/random.js";

const random = seededRandom(21);
const logitsOf = (size: number, spread: number) => Float64Array.from({ length: size }, () => spread * (random() + random() + random() - 1.5));

/** What a run says, apart from its buffers. */
function told({ first, stages }: PipelineRun): unknown {
  return [first, ...stages.map(({ after }) => after)].map(({ scores, probabilities, entropy, kept, largest, logNormaliser }, i) => ({
    scores: scores.slice(), probabilities: probabilities.slice(), entropy, kept, largest, logNormaliser, mass: i === 0 ? 1 : stages[i - 1].keptMass,
  }));
}

describe("the buffers of a pipeline", () => {
  const configs: readonly GenerationConfig[] = [
    { do_sample: true, top_k: 30, top_p: 0.9, min_p: 0.01, typical_p: 0.9 },
    { do_sample: true, temperature: 3, top_p: 0.99, epsilon_cutoff: 1e-4, renormalize_logits: true },
    { do_sample: true, repetition_penalty: 1.5, no_repeat_ngram_size: 2, top_k: 2, eta_cutoff: 0.01 },
    { do_sample: true, temperature: 0.2, top_k: 400, top_h: 0.5, typical_p: 0.2 },
    { do_sample: true, suppress_tokens: [4, 5], top_k: 1, top_p: 0.5 },
    { do_sample: false, frequency_penalty: 1, bad_words_ids: [[7]], remove_invalid_values: true },
  ];

  test("hold nothing of earlier runs, whatever these kept", () => {
    const size = 500;
    const context = { ids: [3, 9, 3, 9, 3], promptLength: 3 };
    const pipeline = new Pipeline(size);
    for (let round = 0; round < 120; round++) {
      const logits = logitsOf(size, [0.1, 3, 40][round % 3]);
      if (round % 5 === 0) logits.fill(-Infinity, 2, 480);
      if (round % 17 === 0) logits[6] = NaN;
      const made = chainOf(configs[Math.floor(random() * configs.length)], { promptLength: 3, maxLength: 20 });
      const chain = random() < 0.5 ? made : llamaCppChain(made);
      expect(told(pipeline.run(logits, chain, context))).toEqual(told(new Pipeline(size).run(logits, chain, context)));
    }
  });

  test("list the tokens that are left behind a cut, and the other tokens have nothing", () => {
    const { after } = applyProcessor(topK(3), [1, 9, 2, 8, 3, 7, 4, 6], { ids: [], promptLength: 0 });
    expect(Array.from(after.members.subarray(0, after.listed))).toEqual([1, 3, 5]);
    expect(Array.from(after.probabilities, (p) => p > 0)).toEqual([false, true, false, true, false, true, false, false]);
  });

  test("are passed on by a stage that changes few tokens and finds none", () => {
    const { before, after, keptMass, removed } = applyProcessor(noRepeatNgram(2), [1, 2, 3], { ids: [0, 1, 2], promptLength: 3 });
    expect(after).toBe(before);
    expect({ keptMass, removed }).toEqual({ keptMass: 1, removed: 0 });
  });
});

describe("few changed tokens", () => {
  const size = 3000;

  test.each([
    ["some", [5, 700, 5, 2999], 1.3],
    ["with a bonus instead of a penalty", [5, 700, 2999], 0.4],
    ["and none of the vocabulary", [3000, -1], 1.3],
  ])("are measured as if all were new: %s", (_, ids, penalty) => {
    for (const spread of [0.1, 3, 60]) {
      const logits = logitsOf(size, spread);
      // The most probable one falls, too.
      const most = logits.indexOf(Math.max(...logits));
      for (const processor of [repetitionPenalty(penalty), frequencyPresencePenalty(0.7, 0.2), noRepeatNgram(1)]) {
        for (const seen of [ids, [...ids, most]]) {
          const { after } = applyProcessor(processor, logits, { ids: seen, promptLength: 2 });
          const anew = distributionOf(after.scores);
          expect({ kept: after.kept, largest: after.largest }).toEqual({ kept: anew.kept, largest: anew.largest });
          expect(after.entropy).toBeCloseTo(anew.entropy, 11);
          expect(after.logNormaliser).toBeCloseTo(anew.logNormaliser, 11);
          expect(Math.max(...after.probabilities.map((p, i) => Math.abs(p - anew.probabilities[i])))).toBeLessThan(1e-13);
        }
      }
    }
  });

  test("lower a token by each time it occurred", () => {
    const { after } = applyProcessor(frequencyPresencePenalty(0.5, 0.25), new Float64Array(100), { ids: [7, 8, 7, 7], promptLength: 1 });
    expect([after.scores[7], after.scores[8], after.scores[9]]).toEqual([-1.75, -0.75, 0]);
  });
});

describe("top-k of a large vocabulary", () => {
  const size = 20_000;
  const shapes: Readonly<Record<string, (i: number) => number>> = {
    "as of a model": () => 3 * (random() + random() + random() - 1.5),
    "rising": (i) => i,
    "falling": (i) => -i,
    "all equal": () => 1,
    "with the highest where no sample is": (i) => (i % 16 === 5 ? 1 + (i % 7) : 0),
    "with the highest where every sample is": (i) => (i % 16 === 0 ? 1 + i : 0),
    "nearly all removed": (i) => (i % 900 === 1 ? i : -Infinity),
    "in a few steps": (i) => i % 5,
  };

  test.each(Object.keys(shapes))("is what a sort gives: %s", (name) => {
    const logits = Float64Array.from({ length: size }, (_, i) => shapes[name](i));
    const sorted = logits.toSorted().reverse();
    for (const k of [1, 17, 300, 1250, 6000]) {
      const floor = Math.max(sorted[k - 1], Math.min(...logits.filter((v) => v > -Infinity)));
      const { after } = applyProcessor(topK(k), logits, { ids: [], promptLength: 0 });
      expect(after.scores).toEqual(logits.map((score) => (score >= floor ? score : -Infinity)));
    }
  });
});
