import { describe, expect, test } from "vitest";
import { format } from "../../../src/core/contract/index.js";
import { checkConfig, type GenerationConfig } from "../../../src/core/decoding/config.js";
import { applyProcessor, keptMask, Pipeline } from "../../../src/core/decoding/pipeline.js";
import { chainOf } from "../../../src/core/decoding/processors/chain.js";
import { epsilonCutoff, etaCutoff } from "../../../src/core/decoding/processors/cutoffs.js";
import { minP } from "../../../src/core/decoding/processors/minP.js";
import type { Processor } from "../../../src/core/decoding/processors/processor.js";
import { temperature } from "../../../src/core/decoding/processors/temperature.js";
import { topH } from "../../../src/core/decoding/processors/topH.js";
import { topK } from "../../../src/core/decoding/processors/topK.js";
import { topP } from "../../../src/core/decoding/processors/topP.js";
import { typicalP } from "../../../src/core/decoding/processors/typicalP.js";

const context = { ids: [1, 0, 1], promptLength: 2 };
const setting = { promptLength: 2, maxLength: 20 };

describe("extremes", () => {
  const every: readonly Processor[] = [temperature(0.01), topK(1), topK(9999), topP(0), topP(1), topP(0.5), minP(0), minP(1), typicalP(0.001), typicalP(1), epsilonCutoff(0.999), etaCutoff(0.999), topH(0.001), topH(1)];

  test("a vocabulary of one token keeps it", () => {
    for (const processor of every) expect(applyProcessor(processor, [-3], { ids: [0], promptLength: 1 }).after).toMatchObject({ kept: 1, entropy: 0 });
  });

  test("all −Infinity but one keeps that one", () => {
    for (const processor of every) {
      const { after } = applyProcessor(processor, [-Infinity, -Infinity, 2, -Infinity], context);
      expect(Array.from(keptMask(after))).toEqual([0, 0, 1, 0]);
      expect(after.probabilities[2]).toBe(1);
    }
  });

  test("no token left stays none, without NaN", () => {
    for (const processor of every) {
      const { after, keptMass } = applyProcessor(processor, [-Infinity, -Infinity], context);
      expect(after).toMatchObject({ kept: 0, entropy: 0, invalid: 0 });
      expect(Array.from(after.probabilities)).toEqual([0, 0]);
      expect(keptMass).toBe(0);
    }
  });

  test("all equal keeps somebody", () => {
    for (const processor of every) expect(applyProcessor(processor, new Float64Array(100), context).after.kept).toBeGreaterThan(0);
  });

  test("NaN is told and not hidden", () => {
    for (const processor of every) expect(applyProcessor(processor, [1, NaN, 2], context).before.invalid).toBe(1);
  });

  test("temperature 0.01 leaves all tokens, one of them with nearly all the mass", () => {
    const { after } = applyProcessor(temperature(0.01), [1, 1.5, 2], context);
    expect(after.kept).toBe(3);
    expect(after.probabilities[2]).toBeCloseTo(1, 12);
    expect(after.entropy).toBeGreaterThan(0);
  });

  test("top-p 0 keeps the most probable, top-p 1 all", () => {
    expect(Array.from(keptMask(applyProcessor(topP(0), [1, 3, 2], context).after))).toEqual([0, 1, 0]);
    expect(applyProcessor(topP(1), [1, 3, 2], context).after.kept).toBe(3);
  });

  test("a filter that takes nearly all the mass still measures what is left", () => {
    const run = new Pipeline(3).run([800, 0, 1], chainOf({ suppress_tokens: [0] }, setting), context);
    expect(run.last.probabilities[2]).toBeCloseTo(1 / (1 + Math.exp(-1)), 12);
    expect(run.stages[0].keptMass).toBeLessThan(1e-300);
  });
});

describe("a configuration", () => {
  test.each<[GenerationConfig, RegExp]>([
    [{ temperature: 0 }, /do_sample to false/],
    [{ temperature: -1 }, /temperature must be above 0, not −1/],
    [{ temperature: NaN }, /temperature must be above 0/],
    [{ top_p: 1.5 }, /top_p must be from 0 to 1, not 1.5/],
    [{ top_k: -1 }, /top_k must be a whole number of at least 0, not −1/],
    [{ top_k: 2.5 }, /top_k must be a whole number/],
    [{ typical_p: 0 }, /typical_p must be above 0 and at most 1/],
    [{ repetition_penalty: 0 }, /repetition_penalty must be above 0/],
    [{ num_beams: 4, num_beam_groups: 3 }, /num_beams \(4\) must be a multiple of num_beam_groups \(3\)/],
    [{ num_beams: 2, num_return_sequences: 3 }, /can't exceed num_beams/],
    [{ penalty_alpha: 0.6, top_k: 1 }, /penalty_alpha needs top_k above 1/],
    [{ length_penalty: Infinity }, /length_penalty must be a number/],
  ])("%j is refused", (config, sentence) => {
    expect(checkConfig(config).map((problem) => format(problem)).join(" ")).toMatch(sentence);
  });

  test("of usual values is accepted", () => {
    expect(checkConfig({ do_sample: true, temperature: 0.7, top_k: 0, top_p: 1, length_penalty: -1, num_beams: 6, num_beam_groups: 3, early_stopping: "never" })).toEqual([]);
  });
});
