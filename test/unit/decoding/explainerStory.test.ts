import { describe, expect, test } from "vitest";
import { checkParams, format } from "../../../src/core/contract/index.js";
import { decodingParams, type DecodingParams } from "../../../src/core/decoding/params.js";
import { decodingPresets } from "../../../src/core/decoding/presets.js";
import { decodingStory } from "../../../src/core/decoding/story.js";
import type { DecodingTrace } from "../../../src/core/decoding/trace.js";
import { inputOf, run, traceFor } from "./explainerSupport.js";

function told(trace: DecodingTrace, patch: Partial<DecodingParams>, place = 0): string {
  const { title, lede } = decodingStory(trace, patch.tab ?? "explore", place);
  return [format(title), ...lede.map(({ text }) => format(text))].join("|").replace(/\| /g, "|");
}

const given = (text: string, patch: Partial<DecodingParams>) => traceFor({ source: "given", top_k: 0, ...patch }, inputOf(text));

describe("the sentence of the first tab", () => {
  test.each<[string, Partial<DecodingParams>, string]>([
    ["[3, 2, 1]", { temperature: 0.5, top_p: 0.8 }, "“0” was drawn, with 100%|top_p removed 2 of 3 tokens. One token is left, so that nothing is left to chance.|In llama.cpp's order 2 would be left."],
    ["[3, 2, 1]", { do_sample: false }, "“0” is the most probable, with 67%|No stage acts: all 3 tokens are left as the model has them."],
    ["[3, 3, 1, 0]", { top_k: 3, top_p: 0.6, temperature: 1, do_sample: true, random_state: 1 }, "top_k removed 1 of 4 tokens, top_p 1 more. 2 are left, which had 94% before the last cut."],
    ["[2, 1]", { temperature: 2 }, "No token is removed, but the entropy goes from 0.84 to 0.96 bits."],
    ["[2, 1]", { forced: "0:1" }, "You chose “1”, which has 27%|"],
    ["[1, 0]", { forced: "0:1" }, "You chose “1”, which the model rules out|One token is possible at all."],
    ["[9, 0]", { forced: "0:1", top_k: 1 }, "You chose “1”, which was removed|"],
    ['{"\\n": 5, " ": 0}', { do_sample: false }, "The line break is the most probable, with 99%|"],
  ])("on %s with %j", (text, patch, sentence) => {
    expect(told(given(text, patch), {})).toContain(sentence);
  });

  test("says that a text repeats itself", () => {
    const trace = traceFor({ do_sample: false, prompt: "He went on and on and on and", max_new_tokens: 60 });
    const share = Math.round(100 * trace.explore!.metrics.seqRep[3]!);
    expect(told(trace, {}, 5)).toContain(`|The text repeats itself: ${share}% of its 4-grams occurred before.`);
  });

  test("behind the last token says what would come", () => {
    const trace = traceFor({ do_sample: false, max_new_tokens: 3 });
    expect(told(trace, {}, 3)).toMatch(/^What would come next: .+ has \d+(\.\d+)?%\|/);
  });
});

describe("the other tabs", () => {
  test.each<[Partial<DecodingParams>, RegExp]>([
    [{ tab: "search", num_beams: 4, do_sample: false, max_new_tokens: 15 }, /^4 texts at once\|The best has a sum of log-probabilities of −\d+\.\d\d, which over its length of \d+ is −\d\.\d{3}\./],
    [{ tab: "search", num_beams: 4, do_sample: false, length_penalty: 2, max_new_tokens: 5 }, /over its length of \d+ to the power of 2\.0 is −/],
    [{ tab: "search", num_beams: 4, num_beam_groups: 2, diversity_penalty: 1, do_sample: false, max_new_tokens: 5 }, /^4 beams in 2 groups\|/],
    [{ tab: "search", penalty_alpha: 0.6, top_k: 4, do_sample: false, max_new_tokens: 10 }, /^Likeness overruled probability \d+ times in 10 steps\|Of 4 candidates, “.+” wins: probability 0\.\d{3}, likeness 0\.\d{3}, weighed 0\.40 to 0\.60\./],
    [{ tab: "search" }, /^These parameters search nothing\|/],
    [{ tab: "compare", max_new_tokens: 40, samples: 2 }, /^Same prompt, 4 ways to choose\|greedy repeats itself most: \d+% of its 4-grams occurred before, 0% in .+\|The same prompt gives the same text again with greedy, beam search and contrastive\./],
    [{ tab: "training", do_sample: false, prompt: "The sea", max_new_tokens: 3 }, /^Nothing repeats itself here\|Unlikelihood training would lower a token loss of \d+\.\d\d by pushing earlier tokens down\. With sequences it has nothing to push down\./],
    [{ tab: "training", do_sample: false, prompt: "He went on and on and on and" }, /^\d+ of 40 new tokens stand in repeated n-grams\|Unlikelihood training would lower a token loss of \d+\.\d\d by .+\|The contrastive loss of the hidden states falls from/],
  ])("%j", (patch, sentence) => {
    expect(told(traceFor(patch), patch)).toMatch(sentence);
  });

  test("without their part say so", () => {
    expect(told(traceFor({ max_new_tokens: 1 }), { tab: "training" })).toBe("Not computed yet");
  });
});

describe("presets", () => {
  test.each(decodingPresets.map((preset) => [format(preset.label), preset.params] as const))("%s has parameters that fit, and runs", (_, params) => {
    expect(Object.keys(params).filter((name) => !(name in decodingParams))).toEqual([]);
    expect(checkParams(decodingParams, params).problems).toEqual([]);
    const { outcome } = run({ ...params, max_new_tokens: 5, samples: 2 });
    expect(outcome.ok).toBe(true);
    expect(outcome.problems).toEqual([]);
  });

  const repeater = (i: number) => traceFor(decodingPresets.filter(({ label }) => label.text.startsWith("Repeater"))[i - 1].params);

  test("show the four kinds of the repeater problem, and their cures", () => {
    expect(repeater(1).explore!.metrics.seqRep[0]!).toBeGreaterThan(0.5);
    expect(repeater(2).explore!.text.split("\n").filter((line, i, all) => all.indexOf(line) < i).length).toBeGreaterThan(3);
    expect(repeater(3).compare!.strategies.map(({ samePrompt }) => samePrompt.likeness! > 0.9)).toEqual([true, false]);
    const alike = repeater(4).compare!.strategies.map(({ otherPrompts }) => otherPrompts.likeness!);
    expect(alike[0]).toBeGreaterThan(2 * alike[2]);
    expect(alike[0]).toBeGreaterThan(alike[1]);
  });
});
