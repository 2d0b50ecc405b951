import { describe, expect, test } from "vitest";
import type { GenerationConfig } from "../../../src/core/decoding/config.js";
import { applyProcessor, keptMask } from "../../../src/core/decoding/pipeline.js";
import { minP } from "../../../src/core/decoding/processors/minP.js";
import type { Processor } from "../../../src/core/decoding/processors/processor.js";
import { badWords, sequenceBias } from "../../../src/core/decoding/processors/sequenceBias.js";
import { topH } from "../../../src/core/decoding/processors/topH.js";
import { beamSearch } from "../../../src/core/decoding/strategies/beamSearch.js";
import { finishRun } from "../../../src/core/decoding/strategies/events.js";
import { generate } from "../../../src/core/decoding/strategies/generate.js";
import { tableModel } from "../../oracle/decodingModels.js";

// Expected values: transformers 5.18 in float64, with torch 2.13.

const keptBy = (processor: Processor, scores: readonly number[], ids: readonly number[] = [0]) =>
  Array.from(keptMask(applyProcessor(processor, scores, { ids, promptLength: 1 }).after));

describe("what the whole text begins", () => {
  test("is ended by no bad word", () => {
    expect(keptBy(badWords([[0, 1, 2]]), [0, 0, 0], [0, 1])).toEqual([1, 1, 0]);
    expect(keptBy(badWords([[1, 0, 1, 2]]), [0, 0, 0], [0, 1])).toEqual([1, 1, 1]);
  });

  test("is biased", () => {
    const bias = sequenceBias([[[0, 1, 2], 1.5], [[2, 0, 1, 0], 5]]);
    expect(Array.from(applyProcessor(bias, [0, 0, 0], { ids: [0, 1], promptLength: 1 }).after.scores)).toEqual([0, 0, 1.5]);
  });
});

test.each<[readonly number[], number, number, number]>([
  [[3, 1, 0, 1, 1, 1], 0.9, 2, 2],
  [[3, 1, 0, 1, 1, 1], 0.9, 4, 4],
  [[3, 3, 0, 1, 1, 1], 0.9, 2, 2],
  [[3, 1, 0, 1, 1, 1], 0.1, 2, 5],
])("min-p keeps of equals as many as min_tokens_to_keep needs: %j, min_p %d, at least %i", (scores, value, least, count) => {
  const kept = keptBy(minP(value, least), scores);
  expect(kept.filter((each) => each === 1)).toHaveLength(count);
  expect(kept[0]).toBe(1);
});

describe("top-H", () => {
  test("removes tokens whose probability is 0 in floating point", () => {
    expect(keptBy(topH(0.5), [1000, 0, -1])).toEqual([1, 0, 0]);
    expect(keptBy(topH(1), [1000, 0, 999, -1])).toEqual([1, 0, 0, 0]);
  });

  // The terms sum up to the entropy but for rounding, which is the same here on processors with and without AVX2 and AVX-512.
  test.each<[readonly number[], number]>([
    [[-3.4643, -0.1674, -2.3265, -1.2586, -0.976], 4],
    [[1.6597, -3.286, -0.5135, -1.9615, -0.3463], 5],
    [[-4.7164, 1.0543, -0.6583, -0.5785, 0.1396], 4],
    [[0.3175, 1.4916, -1.1901, -3.0204, 2.125], 5],
    [[-1.577, -3.1334, 1.4112, 1.6927, 0.6265, 0.7347, 1.3949, -0.682, -2.9181, -2.8318, -1.5413, -1.8035], 11],
    [[-0.1579, -1.3918, -1.4228, -0.8482, -2.1546, 0.1963, -1.8602, 1.0455, -0.6953, 1.0348, -1.1932, -3.7721], 12],
    [[0.7879, -0.4575, -1.1322, -0.8238, -1.9214, -1.976, -0.1679, -4.5471, -2.4465, -1.598, 1.0599, 2.1606], 12],
  ])("with all of the entropy: %j", (scores, count) => {
    expect(keptBy(topH(1), scores).filter((each) => each === 1)).toHaveLength(count);
  });
});

test("min_new_tokens wins over min_length", () => {
  // Token 1 ends the text, and is the likeliest always.
  const model = tableModel([[0, 1, -1], [0, 1, -1], [0, 1, -1]].map((row) => Float64Array.from(row)));
  const config: GenerationConfig = { max_new_tokens: 9, min_new_tokens: 2, min_length: 6, eos_token_id: 1 };
  expect(finishRun(generate(model, [2], config), () => 0).result.sequence).toEqual([2, 0, 0, 1]);
  expect(finishRun(beamSearch(model, [2], { ...config, num_beams: 2, length_penalty: 0 }), () => 0).result.sequences[0].tokens).toEqual([2, 0, 0, 1]);
  expect(finishRun(generate(model, [2], { ...config, min_new_tokens: 0 }), () => 0).result.sequence).toEqual([2, 0, 0, 0, 0, 0, 1]);
});
