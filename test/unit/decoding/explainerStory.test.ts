import { describe, expect, test } from "vitest";
import { checkParams, format } from "../../../src/core/contract/index.js";
import { llamaCppFlags } from "../../../src/core/decoding/llamaCpp.js";
import { decodingParams, type DecodingParams } from "../../../src/core/decoding/params.js";
import { decodingPresets } from "../../../src/core/decoding/presets.js";
import { decodingPython, generateArguments } from "../../../src/core/decoding/python.js";
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
    ['{"\\n": 5, " ": 0}', { do_sample: false }, "the line break is the most probable, with 99%|"],
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
    [{ tab: "search", num_beams: 4, do_sample: false, max_new_tokens: 15 }, /^4 texts at once\|The best has a sum of log-probabilities of −\d+\.\d\d, which over its length of \d+ to the power of 1\.0 is −\d\.\d{3}\./],
    [{ tab: "search", num_beams: 4, num_beam_groups: 2, diversity_penalty: 1, do_sample: false, max_new_tokens: 5 }, /^4 beams in 2 groups\|/],
    [{ tab: "search", penalty_alpha: 0.6, top_k: 4, do_sample: false, max_new_tokens: 10 }, /^Likeness overruled probability \d+ times in 10 steps\|Of 4 candidates, “.+” wins: probability 0\.\d{3}, likeness 0\.\d{3}, weighed 0\.40 to 0\.60\./],
    [{ tab: "search" }, /^These parameters search nothing\|/],
    [{ tab: "compare", max_new_tokens: 40, samples: 2 }, /^Same prompt, 4 ways to choose\|greedy repeats itself most: \d+% of its 4-grams occurred before, 0% in .+\|The same prompt gives the same text again with greedy, beam search, contrastive\./],
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

describe("Python", () => {
  const some: Partial<DecodingParams> = { temperature: 0.8, top_k: 12, top_p: 0.9, repetition_penalty: 1.2, max_new_tokens: 5 };

  test("names what acts, and generate()'s own default of top_k", () => {
    expect(Object.fromEntries(generateArguments(traceFor(some).config))).toEqual({ do_sample: "True", max_new_tokens: "5", temperature: "0.8", top_k: "12", top_p: "0.9", repetition_penalty: "1.2" });
    expect(Object.fromEntries(generateArguments(traceFor({ do_sample: false, max_new_tokens: 5 }).config))).toEqual({ do_sample: "False", max_new_tokens: "5" });
    expect(Object.fromEntries(generateArguments({ do_sample: false, num_beams: 4, num_beam_groups: 2, diversity_penalty: 1, early_stopping: "never", max_new_tokens: 5 }))).toEqual({
      do_sample: "False", max_new_tokens: "5", num_beams: "4", num_beam_groups: "2", diversity_penalty: "1", early_stopping: '"never"',
    });
    expect(Object.fromEntries(generateArguments({ do_sample: true, max_new_tokens: 5 })).top_k).toBe("0");
  });

  test("holds the text against Lumen's where nothing is drawn, and the distribution elsewhere", () => {
    const greedy = traceFor({ do_sample: false, max_new_tokens: 5 });
    expect(decodingPython(greedy, "explore", 0)).toContain(`assert new.tolist() == [${Array.from(greedy.explore!.ids).join(", ")}]`);
    const drawn = decodingPython(traceFor(some), "explore", 3);
    expect(drawn).not.toContain("assert new");
    expect(drawn).toContain("torch.testing.assert_close(probabilities[checked]");
    expect(drawn).toContain("set_seed(3)");
    const beams = traceFor({ tab: "search", do_sample: false, num_beams: 3, max_new_tokens: 5 });
    if (beams.search?.kind !== "beams") throw new Error("It has beams.");
    expect(decodingPython(beams, "search", 0)).toContain(`assert new.tolist() == [${Array.from(beams.search.finished[0].ids).join(", ")}]`);
  });

  test("brings along what generate() does not have", () => {
    expect(decodingPython(traceFor({ ...some, frequency_penalty: 0.5 }), "explore", 0)).toContain("scores - 0.5 * counts - 0 * (counts > 0)");
    expect(decodingPython(traceFor({ tab: "search", do_sample: false, penalty_alpha: 0.6, top_k: 4, max_new_tokens: 3 }), "search", 0)).toContain('custom_generate="transformers-community/contrastive-search"');
  });

  test("of a comparison calls each strategy", () => {
    const program = decodingPython(traceFor({ tab: "compare", max_new_tokens: 3, samples: 1 }), "compare", 0);
    expect(program.match(/model\.generate\(/g)).toHaveLength(4);
    expect(program.match(/assert new/g)).toHaveLength(2);
  });

  test("of given numbers runs the same processors over them", () => {
    const program = decodingPython(given("[3, 2, -inf]", { temperature: 0.5, top_p: 0.8 }), "explore", 0);
    expect(program).toContain("scores = torch.tensor([[3, 2, -torch.inf]], dtype=torch.float64)");
    expect(program).toContain("    TemperatureLogitsWarper(0.5),\n    TopPLogitsWarper(0.8),\n]:");
  });

  test("of n-grams is the configuration alone", () => {
    expect(decodingPython(traceFor({ ...some, source: "words" }, inputOf("a b c a b")), "explore", 0)).toContain("config = GenerationConfig(do_sample=True, max_new_tokens=5, temperature=0.8, top_k=12");
  });
});

describe("llama.cpp's flags", () => {
  test("name every sampler in the order shown", () => {
    const flags = llamaCppFlags(traceFor({ temperature: 0.8, top_k: 12, top_p: 0.9, repetition_penalty: 1.2, max_new_tokens: 2, prompt: "it's" }), 7);
    expect(flags).toContain("-p 'it'\\''s'");
    expect(flags).toContain("--samplers 'penalties;temperature;top_k;top_p;min_p;typ_p'");
    for (const flag of ["--seed 7", "--temp 0.8", "--top-k 12", "--top-p 0.9", "--min-p 0", "--repeat-penalty 1.2", "--repeat-last-n -1", "-n 2"]) expect(flags).toContain(flag);
    expect(llamaCppFlags(traceFor({ order: "llama.cpp", max_new_tokens: 1 }), 0)).toContain("--samplers 'penalties;top_k;typ_p;top_p;min_p;temperature'");
  });

  test("say what it does not have", () => {
    const flags = llamaCppFlags(traceFor({ tab: "search", do_sample: false, num_beams: 3, no_repeat_ngram_size: 3, max_new_tokens: 2 }), 0);
    expect(flags).toContain("# llama.cpp has no no_repeat_ngram_size.");
    expect(flags).toContain("# llama.cpp has no beam search");
    expect(flags).toContain("--temp 0");
  });
});
