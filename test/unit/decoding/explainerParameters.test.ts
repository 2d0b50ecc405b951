import { describe, expect, test } from "vitest";
import { format } from "../../../src/core/contract/index.js";
import type { DecodingParams } from "../../../src/core/decoding/params.js";
import { inputOf, problemsFor, run, tiny, traceFor } from "./explainerSupport.js";

const tokenizer = tiny.tokenizer!;

describe("parameters", () => {
  test.each<[Partial<DecodingParams>, string, object | undefined]>([
    [{ temperature: 0 }, "temperature must be above 0. For the most probable token each time, set do_sample to false.", { do_sample: false, temperature: 1 }],
    [{ temperature: -1 }, "temperature must be above 0, not −1.", { do_sample: false, temperature: 1 }],
    [{ num_beams: 4, num_beam_groups: 3 }, "num_beams (4) must be a multiple of num_beam_groups (3). Change one of them.", { num_beams: 6 }],
    [{ penalty_alpha: 0.6, top_k: 1, do_sample: false }, "penalty_alpha needs top_k above 1: with one candidate there is nothing to weigh. Set top_k to 4.", { top_k: 4 }],
  ])("%j are refused with a remedy", (patch, sentence, fix) => {
    const [problem] = problemsFor(patch);
    expect(format(problem.message)).toBe(sentence);
    expect(problem.fixes?.[0].params).toEqual(fix);
  });

  test.each<[Partial<DecodingParams>, string]>([
    [{ do_sample: false, temperature: 0.5, top_p: 0.9 }, "Without effect while do_sample is false: temperature, top_p. The most probable token is taken."],
    [{ do_sample: false, penalty_alpha: 0.6, top_k: 4, temperature: 0.5 }, "Without effect while do_sample is false: temperature."],
    [{ do_sample: false, num_beams: 2, top_k: 4 }, "Without effect while do_sample is false: top_k."],
    [{ penalty_alpha: 0.6 }, "penalty_alpha does nothing while do_sample is true."],
    [{ num_beams: 4, num_beam_groups: 2, do_sample: false }, "Without diversity_penalty all 2 groups find the same texts."],
    [{ min_new_tokens: 9 }, "The text ends after 2 tokens, as max_new_tokens says, though min_new_tokens is 9."],
    [{ top_k: 5000 }, "top_k 5000 is more than the 2048 tokens there are: it keeps all."],
    [{ num_beams: 3, do_sample: false }, "With num_beams 3, generate() follows several texts, as Search shows. Here one is followed."],
  ])("%j are run with a remark", (patch, sentence) => {
    expect(run({ max_new_tokens: 2, ...patch }).outcome.problems.map(({ message }) => format(message))).toContain(sentence);
  });

  test("that leave no token end the text with a reason", () => {
    const input = inputOf("a b");
    const { outcome } = run({ source: "words", no_repeat_ngram_size: 1, prompt: "a b", bad_words: "x", do_sample: true, max_new_tokens: 5 }, input);
    expect(outcome).toMatchObject({ ok: true, trace: { explore: { finish: "no token" } } });
    expect(outcome.problems.map(({ message }) => message.text).join()).toContain("every one was removed");
  });

  test("ban words at the beginning and within", () => {
    const { ids } = traceFor({ do_sample: false, bad_words: "the; king", max_new_tokens: 30 }).explore!;
    for (const word of ["the", " the", "king", " king"]) expect(Array.from(ids)).not.toContain(tokenizer.encode(word)[0]);
  });
});
