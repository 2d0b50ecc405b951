import { describe, expect, test } from "vitest";
import { format } from "../../../src/core/contract/index.js";
import { parameters, planEffect, written } from "../../../src/core/decoding/config/index.js";
import { blocksOf } from "./configSupport.js";
import { planOf, saidOf } from "./effectSupport.js";

const othersOf = (text: string, name: string): string[] => planOf(text, name).others.map((each) => format(each));
const shapeOf = (text: string, name: string) => planOf(text, name).question?.shape.kind;

describe("what is drawn of a parameter", () => {
  test("it is switched off, and nothing else", () => {
    const { question, others } = planOf('{"do_sample": true, "temperature": 0.7, "top_p": 0.9, "repetition_penalty": 1.1}', "top_p");
    expect(question?.with).toMatchObject({ do_sample: true, temperature: 0.7, top_k: 50, top_p: 0.9, repetition_penalty: 1.1 });
    expect(question?.without).toEqual({ ...question?.with, top_p: 1 });
    expect(question?.labels).toEqual(["top_p 1", "top_p 0.9"]);
    expect(others.map((each) => format(each))).toEqual(["The other parameters as they stand: temperature 0.7 · top_k 50 (default) · repetition_penalty 1.1."]);
    const { question: least } = planOf('{"do_sample": true, "min_p": 0.1}', "min_p");
    expect([least?.with.min_p, "min_p" in least!.without, least?.labels[0]]).toEqual([0.1, false, "min_p –"]);
  });

  test("a value that can't be used is said, and nothing is drawn", () => {
    for (const [text, name, sentence] of [
      ['{"do_sample": true, "temperature": 0}', "temperature", /refuses temperature 0 when it samples/],
      ['{"do_sample": true, "temperature": "hot"}', "temperature", /temperature must be a number, not "hot"/],
      ['{"do_sample": true, "top_p": 1.5}', "top_p", /top_p must be from 0 to 1, not 1\.5/],
      ['{"repetition_penalty": 2}', "repetition_penalty", /refuses repetition_penalty as a whole number/],
      ['{"do_sample": true, "epsilon_cutoff": 1.5}', "epsilon_cutoff", /epsilon_cutoff must be/],
      ['{"num_beams": 5, "num_beam_groups": 2, "diversity_penalty": 0.5}', "num_beam_groups", /must be a multiple of num_beam_groups/],
      ['{"do_sample": true, "penalty_alpha": 0.6, "top_k": 4}', "penalty_alpha", /does nothing while do_sample is true/],
    ] as const) {
      expect(saidOf(text, name).join(" "), text).toMatch(sentence);
      expect(shapeOf(text, name), text).toBeUndefined();
    }
    // Underlined in the text, a problem is not told twice.
    const wrong = '{"do_sample": true, "top_p": 1.5}';
    const [whole] = blocksOf(wrong);
    expect(planEffect(wrong, whole, whole.entries[1], true).sentences).toEqual([]);
    // Half typed, it has no diagnostics yet.
    const [block] = blocksOf('{"do_sample": true, "top_p": 1.5, "te');
    const plan = planEffect('{"do_sample": true, "top_p": 1.5, "te', block, block.entries[1], true);
    expect([plan.question, plan.sentences.length]).toEqual([undefined, 1]);
  });

  test("one that does nothing as it stands is drawn as it would be, and both are said", () => {
    const text = '{"do_sample": false, "temperature": 0.7}';
    expect(saidOf(text, "temperature")).toEqual([
      "temperature does nothing while do_sample is false: no token is drawn. Set do_sample to true, or remove it.",
      "Drawn as if do_sample were true.",
    ]);
    expect(planOf(text, "temperature").question?.with).toMatchObject({ do_sample: true, temperature: 0.7, top_k: 50 });
    expect(saidOf("model.generate(x, top_p=0.9, max_new_tokens=5)", "top_p")[1]).toBe("Drawn as if do_sample were true.");
    expect(shapeOf('{"length_penalty": 1.2}', "length_penalty")).toBe("lengths");
    expect(saidOf('{"length_penalty": 1.2}', "length_penalty")).toEqual(["length_penalty does nothing with one beam. Set num_beams above 1, or remove it."]);
    expect(planOf('{"do_sample": false, "temperature": 0}', "temperature").question).toBeUndefined();
  });

  test("others that can't be used, or seen, are left out, and that is said", () => {
    const text = '{"do_sample": true, "temperature": 0, "min_p": 0.1, "top_p": 0.9, "top_k": "x", "bad_words_ids": [[5]]}';
    const { question } = planOf(text, "top_p");
    expect(question?.with).toMatchObject({ do_sample: true, top_p: 0.9 });
    expect([question?.with.temperature, question?.with.top_k]).toEqual([undefined, undefined]);
    expect(othersOf(text, "top_p")).toEqual(["The other parameters as they stand: min_p 0.1.", "Left out of the drawing: bad_words_ids, temperature, top_k."]);
    expect(othersOf("model.generate(x, do_sample=True, temperature=t, top_p=0.9)", "top_p")[1]).toBe("Left out of the drawing: temperature.");
    expect(othersOf("model.generate(x, do_sample=True, top_p=0.9, **more)", "top_p")).toEqual(["What the call gets from elsewhere can't be seen here, and is left out."]);
    expect(saidOf("model.generate(x, do_sample=True, temperature=t)", "temperature")).toEqual(["Its value stands elsewhere, or is an expression, so that its effect can't be drawn here."]);
  });

  test("each strategy has its own drawing", () => {
    const contrastive = '{"penalty_alpha": 0.6, "top_k": 4}';
    expect([shapeOf(contrastive, "penalty_alpha"), shapeOf(contrastive, "top_k")]).toEqual(["contrastive", "candidates"]);
    expect(shapeOf('{"do_sample": true, "top_k": 4}', "top_k")).toBe("distribution");
    expect(shapeOf('{"num_beams": 4}', "num_beams")).toBe("candidates");
    expect(shapeOf('{"no_repeat_ngram_size": 3}', "no_repeat_ngram_size")).toBe("ngrams");
    expect(planOf('{"num_beams": 4, "num_beam_groups": 2, "diversity_penalty": 0.5}', "diversity_penalty").question?.shape).toEqual({ kind: "distribution", behindGroup: true });
    expect(shapeOf('{"diversity_penalty": 0.5}', "diversity_penalty")).toBeUndefined();
    expect([shapeOf('{"do_sample": true}', "do_sample"), shapeOf('{"do_sample": true, "num_beams": 4}', "do_sample")]).toEqual(["distribution", undefined]);
    expect(planOf('{"num_beams": 4, "do_sample": true, "top_p": 0.9}', "top_p").question?.with.num_beams).toBe(4);
  });

  test("what changes the search or the length only is said in one sentence", () => {
    for (const [text, name, sentence] of [
      ['{"max_new_tokens": 30}', "max_new_tokens", /where the text ends/],
      ['{"num_beams": 1}', "num_beams", /a single text is followed/],
      ['{"num_beams": 4, "do_sample": true}', "num_beams", /draws 8 continuations of 4 texts and goes on with the best 4/],
      ['{"num_beams": 6, "num_beam_groups": 3, "diversity_penalty": 0.5}', "num_beam_groups", /3 groups of 2 beams each/],
      ['{"num_beams": 6, "num_beam_groups": 3, "diversity_penalty": 0.5}', "num_beams", /6 texts, in 3 groups/],
      ['{"num_beams": 4, "early_stopping": true}', "early_stopping", /when the search ends/],
      ['{"num_beams": 4, "num_return_sequences": 2}', "num_return_sequences", /how many texts are handed over/],
      ['{"renormalize_logits": true}', "renormalize_logits", /moves all scores of a step by the same amount/],
      ['{"bad_words_ids": [[5]]}', "bad_words_ids", /Token ids mean something to their own model only/],
    ] as const) {
      expect(saidOf(text, name), text).toEqual([expect.stringMatching(sentence)]);
      expect(shapeOf(text, name), text).toBeUndefined();
    }
    expect(saidOf('{"use_cache": true}', "use_cache")).toEqual([]);
  });

  test("no parameter, of whatever value, is refused without a word", () => {
    const values = ["0", "1", "-1", "0.5", "1e9", "true", "null", '"x"', "[]", "[[1]]", "{}"];
    const bases = ["", '"do_sample": true, ', '"num_beams": 4, ', '"num_beams": 4, "num_beam_groups": 2, "diversity_penalty": 0.5, ', '"penalty_alpha": 0.6, "top_k": 4, '];
    for (const parameter of parameters) {
      for (const base of bases) {
        for (const value of [...values, written(parameter.default, "json")]) {
          const text = `{${base}"${parameter.name}": ${value}}`;
          const [block] = blocksOf(text);
          const entry = block.entries.at(-1)!;
          const { question, sentences } = planEffect(text, block, entry);
          const drawn = question === undefined || question.labels.every((label) => label.startsWith(parameter.name));
          expect(drawn && sentences.every(({ text: sentence }) => sentence !== ""), text).toBe(true);
        }
      }
    }
  });
});
