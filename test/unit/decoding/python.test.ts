import { describe, expect, test } from "vitest";
import { llamaCppFlags } from "../../../src/core/decoding/llamaCpp.js";
import type { DecodingParams } from "../../../src/core/decoding/params.js";
import { decodingPython, generateArguments } from "../../../src/core/decoding/python.js";
import { inputOf, traceFor } from "./explainerSupport.js";

const given = (text: string, patch: Partial<DecodingParams>) => traceFor({ source: "given", top_k: 0, ...patch }, inputOf(text));

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
    if (beams.search?.kind !== "beams") throw new Error("It has no beams.");
    expect(decodingPython(beams, "search", 0)).toContain(`assert new.tolist() == [${Array.from(beams.search.finished[0].ids).join(", ")}]`);
  });

  test("brings along what generate() does not have", () => {
    const program = decodingPython(traceFor({ ...some, frequency_penalty: 0.5 }), "explore", 0);
    expect(program).toContain("class Own(LogitsProcessor):");
    expect(program).toContain("logits_processor=LogitsProcessorList([Own(frequency=0.5)])");
    expect(program).toContain("import AutoModelForCausalLM, AutoTokenizer, GenerationConfig, LogitsProcessor, LogitsProcessorList, set_seed");
    expect(decodingPython(traceFor(some), "explore", 0)).not.toContain("LogitsProcessor");
  });

  test("writes the searches out that transformers 5 has no more, and fetches no code", () => {
    const contrastive = traceFor({ tab: "search", do_sample: false, penalty_alpha: 0.6, top_k: 4, max_new_tokens: 3, repetition_penalty: 1.2, min_new_tokens: 2 });
    const program = decodingPython(contrastive, "search", 0);
    expect(program).toContain("def contrastive_search(");
    expect(program).toContain("contrastive_search(ids, alpha=0.6, k=4, count=3, processors=[RepetitionPenaltyLogitsProcessor(1.2), MinNewTokensLengthLogitsProcessor(ids.shape[1], 2, torch.tensor([2047]))], eos=[2047])");
    expect(program).toContain("from transformers.generation.logits_process import MinNewTokensLengthLogitsProcessor, RepetitionPenaltyLogitsProcessor");
    expect(program).toMatch(/assert new\.tolist\(\) == \[\d+, \d+, \d+\]/);
    const diverse = traceFor({ tab: "search", do_sample: false, num_beams: 4, num_beam_groups: 2, diversity_penalty: 1, early_stopping: "never", max_new_tokens: 3 });
    const groups = decodingPython(diverse, "search", 0);
    expect(groups).toContain('groups=2, width=2, diversity=1, length_penalty=1, early_stopping="never",\n    count=3, processors=[], eos=[2047],');
    expect(groups).toMatch(/assert new\.tolist\(\) == \[\d+, \d+, \d+\]/);
    for (const each of [program, groups]) expect(each).not.toMatch(/trust_remote_code|custom_generate|model\.generate/);
  });

  test("asks for no more tokens than the context leaves room for, and takes nothing from the folder's own configuration", () => {
    const long = decodingPython(traceFor({ do_sample: false, prompt: "He went on and on and on and", max_new_tokens: 250 }), "explore", 0);
    const P = /ids = torch\.tensor\(\[\[([^\]]*)\]\]\)/.exec(long)![1].split(",").length;
    expect(long).toContain(`# The model reads 256 tokens at most, which leaves room for ${257 - P}.`);
    expect(long).toContain(`    max_new_tokens=${257 - P},`);
    expect(long).toContain("model.generation_config = GenerationConfig(eos_token_id=2047, pad_token_id=2047)");
  });

  test("in llama.cpp's order gives the cuts as processors, the temperature last", () => {
    const program = decodingPython(traceFor({ order: "llama.cpp", temperature: 0.5, top_k: 9, top_p: 0.8, presence_penalty: 1, max_new_tokens: 2 }), "explore", 0);
    expect(program).toContain("logits_processor=LogitsProcessorList([Own(presence=1), TopKLogitsWarper(9), TopPLogitsWarper(0.8), TemperatureLogitsWarper(0.5)])");
    expect(program).toContain("    do_sample=True,\n    max_new_tokens=2,\n    top_k=0,\n    output_scores");
    expect(program).toContain("torch.testing.assert_close(probabilities[checked]");
  });

  test("does not hold generate()'s text against tokens chosen by hand", () => {
    const program = decodingPython(traceFor({ do_sample: false, forced: "0:5", max_new_tokens: 3 }), "explore", 0);
    expect(program).toContain("# Lumen shows tokens chosen by hand; generate() chooses all.");
    expect(program).not.toContain("assert new");
  });

  test("of training computes the losses", () => {
    const trace = traceFor({ tab: "training", do_sample: false, max_new_tokens: 6 });
    const program = decodingPython(trace, "training", 0);
    const { ids, sequenceLoss } = trace.training!;
    expect(program).toContain(`text = torch.tensor([${Array.from(ids).join(", ")}])`);
    expect(program).toContain(`${sequenceLoss}]  # Lumen's`);
    expect(program).not.toContain("NaN");
  });

  test("of a comparison calls each strategy", () => {
    const program = decodingPython(traceFor({ tab: "compare", max_new_tokens: 3, samples: 1 }), "compare", 0);
    expect(program.match(/model\.generate\(/g)).toHaveLength(3);
    expect(program.match(/sequence = contrastive_search\(/g)).toHaveLength(1);
    expect(program.match(/assert new/g)).toHaveLength(3);
    const own = decodingPython(traceFor({ tab: "compare", max_new_tokens: 3, samples: 1, strategies: '[{"name": "a", "config": {"presence_penalty": 1}}, {"name": "b", "config": {"temperatur": 1}}]' }), "compare", 0);
    expect(own).toContain("class Own(LogitsProcessor):");
    expect(own).toContain("# b: can't run.");
  });

  test("of given numbers runs the same processors over them", () => {
    const program = decodingPython(given("[3, 2, -inf]", { temperature: 0.5, top_p: 0.8 }), "explore", 0);
    expect(program).toContain("scores = torch.tensor([[3, 2, -torch.inf]], dtype=torch.float64)");
    expect(program).toContain("    TemperatureLogitsWarper(0.5),\n    TopPLogitsWarper(0.8),\n]:");
  });

  test("of given numbers brings along what transformers has not", () => {
    const program = decodingPython(given("[3, 2, 1]", { frequency_penalty: 0.5, presence_penalty: 1 }), "explore", 0);
    expect(program).toContain("class Own(LogitsProcessor):");
    expect(program).toContain("    Own(frequency=0.5, presence=1),\n]:");
    expect(program).toContain("torch.testing.assert_close(probabilities");
    expect(decodingPython(given("[3, 2, 1]", { noise: 0.5 }), "explore", 0)).not.toContain("assert_close");
  });

  test("of n-grams is the configuration alone", () => {
    expect(decodingPython(traceFor({ ...some, source: "words" }, inputOf("a b c a b")), "explore", 0)).toContain("config = GenerationConfig(do_sample=True, max_new_tokens=5, temperature=0.8, top_k=12");
  });
});

describe("llama.cpp's flags", () => {
  test("name every sampler in the order shown", () => {
    const flags = llamaCppFlags(traceFor({ temperature: 0.8, top_k: 12, top_p: 0.9, repetition_penalty: 1.2, max_new_tokens: 2, prompt: "it's" }), 7);
    expect(flags).toContain("-p 'it'\\''s'");
    // llama-cli always chats now, and backslashes of a prompt are not meant as escapes.
    expect(flags).toMatch(/^llama-completion -no-cnv --no-escape /m);
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
