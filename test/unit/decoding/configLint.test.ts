import { readFileSync } from "node:fs";
import * as fc from "../../support/fastCheck.js";
import { describe, expect, test } from "vitest";
import { format } from "../../../src/core/contract/index.js";
import { applyEdits, parameters } from "../../../src/core/decoding/config/index.js";
import { blocksOf, briefly, fixed, problemsOf } from "./configSupport.js";

/** Sources with one fault, in JSON or in Python, and the problem it is. */
const faults: readonly (readonly [string, string])[] = [
  // Nothing is drawn.
  ['{"do_sample": false, "temperature": 0.7}', "warning needs-sampling temperature"],
  ['{"temperature": 0.7}', "warning needs-sampling temperature"],
  ['{"do_sample": null, "temperature": 0}', "warning needs-sampling temperature"],
  ['{"do_sample": false, "top_p": 0.9}', "warning needs-sampling top_p"],
  ['{"do_sample": false, "top_k": 20}', "warning needs-sampling top_k"],
  ['{"do_sample": false, "min_p": 0.1}', "warning needs-sampling min_p"],
  ['{"do_sample": false, "top_h": 0.4}', "warning needs-sampling top_h"],
  ['{"do_sample": false, "typical_p": 0.9}', "warning needs-sampling typical_p"],
  ['{"do_sample": false, "epsilon_cutoff": 0.0003}', "warning needs-sampling epsilon_cutoff"],
  ['{"do_sample": false, "eta_cutoff": 0.0003}', "warning needs-sampling eta_cutoff"],
  ['{"num_beams": 4, "temperature": 0.7}', "warning needs-sampling temperature"],
  ["model.generate(ids, do_sample=False, top_p=0.9)", "warning needs-sampling top_p"],
  ["model.generate(ids, max_new_tokens=5, top_p=0.9)", "info needs-sampling top_p"],
  ["GenerationConfig(top_p=0.9)", "warning needs-sampling top_p"],
  // Temperatures that generate() refuses.
  ['{"do_sample": true, "temperature": 0.0}', "error range temperature"],
  ['{"do_sample": true, "temperature": 0, "top_p": 0.9}', "error range temperature"],
  ['{"do_sample": true, "temperature": -1.5}', "error range temperature"],
  ["GenerationConfig(temperature=-0.5)", "warning range temperature"],
  ['{"do_sample": true, "temperature": 2}', "error float temperature"],
  ['{"repetition_penalty": 2}', "error float repetition_penalty"],
  // Contrastive search.
  ['{"penalty_alpha": 0.6, "top_k": 1}', "warning contrastive penalty_alpha"],
  ['{"penalty_alpha": 0.6}', "info contrastive penalty_alpha"],
  ['{"penalty_alpha": 0.0, "top_k": null}', "warning contrastive penalty_alpha"],
  ['{"penalty_alpha": 0.6, "top_k": 4, "do_sample": true}', "warning contrastive penalty_alpha"],
  ['{"penalty_alpha": 0.6, "num_beams": 4}', "warning contrastive penalty_alpha"],
  ['{"penalty_alpha": 1.5, "top_k": 4}', "warning range penalty_alpha"],
  // Groups of beams.
  ['{"num_beams": 4, "num_beam_groups": 3, "diversity_penalty": 0.5}', "error groups num_beam_groups"],
  ['{"num_beams": 6, "num_beam_groups": 4, "diversity_penalty": 0.5}', "error groups num_beam_groups"],
  ['{"num_beams": 2, "num_beam_groups": 4, "diversity_penalty": 0.5}', "error groups num_beam_groups"],
  ['{"num_beams": 4, "num_beam_groups": 2}', "error groups num_beam_groups"],
  ['{"num_beams": 4, "num_beam_groups": 2, "diversity_penalty": 0.0}', "error groups num_beam_groups"],
  ['{"num_beams": 4, "num_beam_groups": 2, "diversity_penalty": 0.5, "do_sample": true, "top_p": 0.9}', "error groups num_beam_groups"],
  ['{"num_beam_groups": 2, "diversity_penalty": 0.5}', "warning needs-beams num_beam_groups"],
  ['{"num_beams": 4, "diversity_penalty": 0.5}', "warning groups diversity_penalty"],
  ['{"num_beams": 4, "num_beam_groups": 2, "diversity_penalty": 1}', "error float diversity_penalty"],
  // One beam.
  ['{"early_stopping": true}', "warning needs-beams early_stopping"],
  ['{"num_beams": 1, "early_stopping": "never"}', "warning needs-beams early_stopping"],
  ['{"length_penalty": 2.0}', "warning needs-beams length_penalty"],
  ["model.generate(ids, max_new_tokens=5, length_penalty=2.0)", "info needs-beams length_penalty"],
  // How many texts.
  ['{"num_return_sequences": 3}', "error returned num_return_sequences"],
  ['{"num_return_sequences": 3, "num_beams": 2}', "error returned num_return_sequences"],
  ['{"num_return_sequences": 3, "num_beams": 2, "do_sample": true}', "error returned num_return_sequences"],
  ['{"num_return_sequences": 3, "penalty_alpha": 0.6, "top_k": 4}', "error returned num_return_sequences"],
  ["model.generate(ids, num_return_sequences=3)", "info returned num_return_sequences"],
  // Lengths.
  ['{"min_length": 30, "max_length": 20}', "warning lengths min_length"],
  ['{"min_new_tokens": 30, "max_new_tokens": 20}', "warning lengths min_new_tokens"],
  ['{"max_length": 200, "max_new_tokens": 20}', "warning lengths max_length"],
  ['{"min_length": 2, "min_new_tokens": 5}', "warning lengths min_length"],
  ["model.generate(ids, max_length=n, max_new_tokens=m)", "warning lengths max_length"],
  // Names.
  ['{"temprature": 1.0}', "warning unknown-name temprature"],
  ['{"topK": 50}', "warning unknown-name topK"],
  ['{"max_new_token": 5}', "warning unknown-name max_new_token"],
  ['{"max_tokens": 5}', "warning unknown-name max_tokens"],
  ['{"frequency_penalty": 0.5}', "warning unknown-name frequency_penalty"],
  ["model.generate(ids, do_sample=True, presence_penalty=0.5)", "error unknown-name presence_penalty"],
  ["model.generate(ids, do_sample=True, max_tokens=5)", "error unknown-name max_tokens"],
  ["model.generate(ids, do_sample=True, max_tokens=5, max_new_tokens=5)", "error unknown-name max_tokens"],
  ["GenerationConfig(do_sample=True, streamer=streamer)", "error call-argument streamer"],
  // Types and ranges.
  ['{"do_sample": "true"}', "error type do_sample"],
  ['{"do_sample": 1}', "error type do_sample"],
  ['{"repetition_penalty": "1.2"}', "error type repetition_penalty"],
  ['{"no_repeat_ngram_size": 3.0}', "error type no_repeat_ngram_size"],
  ['{"no_repeat_ngram_size": 2.5}', "error type no_repeat_ngram_size"],
  ['{"bad_words_ids": 5}', "error type bad_words_ids"],
  ['{"num_beams": 2, "early_stopping": "always"}', "error type early_stopping"],
  ['{"num_assistant_tokens_schedule": "Heuristic"}', "error type num_assistant_tokens_schedule"],
  ['{"do_sample": true, "top_p": 1.2}', "error range top_p"],
  ['{"do_sample": true, "top_p": -0.5}', "error range top_p"],
  ['{"do_sample": true, "top_k": -1}', "error range top_k"],
  ['{"do_sample": true, "typical_p": 0.0}', "error range typical_p"],
  ['{"do_sample": true, "epsilon_cutoff": 1.0}', "warning range epsilon_cutoff"],
  ['{"max_new_tokens": 0}', "error range max_new_tokens"],
  ['{"num_beams": 0}', "error range num_beams"],
  ['{"repetition_penalty": 0.0}', "error range repetition_penalty"],
  ['{"pad_token_id": -1}', "warning range pad_token_id"],
  // Others.
  ['{"output_scores": true}', "warning needs-dictionary output_scores"],
  ["model.generate(ids, output_scores=True)", "info needs-dictionary output_scores"],
  ['{"use_cache": false, "cache_implementation": "static"}', "warning needs-cache cache_implementation"],
  ['{"max_matching_ngram_size": 3}', "warning needs-assistant max_matching_ngram_size"],
  ['{"prompt_lookup_num_tokens": 3, "num_beams": 2}', "error needs-assistant prompt_lookup_num_tokens"],
  ['{"force_words_ids": [[5]]}', "error constrained force_words_ids"],
  ['{"force_words_ids": [[5]], "num_beams": 4, "do_sample": true}', "error constrained force_words_ids"],
];

describe("a fault", () => {
  test.each(faults)("%s is: %s", (text, expected) => {
    expect(briefly(text)).toEqual([expected]);
  });

  test.each(faults)("of %s is gone after each of its fixes, and leaves no other", (text) => {
    const [problem] = problemsOf(text);
    expect(problem.edits.length).toBeGreaterThan(0);
    for (const { label, edits } of problem.edits) {
      const after = applyEdits(text, edits);
      expect(after, format(label)).not.toBe(text);
      expect(briefly(after), `${format(label)}: ${after}`).toEqual([]);
      if (text.startsWith("{")) expect(() => JSON.parse(after) as unknown, after).not.toThrow();
      else expect(blocksOf(after).every(({ complete }) => complete)).toBe(true);
    }
  });

  test.each(faults)("in %s has a sentence that ends, names its parameter, and has all its words", (text, expected) => {
    const [{ message }] = problemsOf(text);
    const sentence = format(message);
    expect(sentence).toMatch(/^\S.*\.$/);
    expect(sentence).not.toMatch(/\{\d\}|undefined|NaN/);
    expect(sentence.includes(expected.split(" ")[2]) || /text/.test(sentence)).toBe(true);
  });
});

describe("nothing is said of", () => {
  test.each([
    "{}",
    '{"do_sample": true, "temperature": 0.7, "top_p": 0.9, "top_k": 20, "min_p": 0.1, "typical_p": 0.9, "epsilon_cutoff": 0.0003}',
    '{"do_sample": false, "temperature": 1, "top_p": 1.0, "top_k": 50, "typical_p": 1.0, "min_p": null, "early_stopping": false}',
    '{"num_beams": 4, "early_stopping": "never", "length_penalty": 0, "num_return_sequences": 4}',
    '{"num_beams": 6, "num_beam_groups": 3, "diversity_penalty": 0.5}',
    '{"penalty_alpha": 0.6, "top_k": 4}',
    '{"max_length": 20, "max_new_tokens": null, "min_length": 20}',
    '{"eos_token_id": [1, 2], "pad_token_id": 0, "_from_model_config": true, "transformers_version": "4.57.1"}',
    '{"lang_to_id": {"<|en|>": 1}, "chat_format": "chatml", "top_a": 0.1, "is_multilingual": true, "task": "transcribe"}',
    '{"do_sample": true, "repetition_penalty": 1}',
    "model.generate(**kwargs, temperature=0.7, early_stopping=True, output_scores=True)",
    "model.generate(ids, do_sample=sample, temperature=t, top_p=0.9, num_return_sequences=3)",
    "model.generate(ids, max_new_tokens=5, streamer=streamer, attention_mask=mask, assistant_model=small)",
    "model.generate(ids, max_new_tokens=5, num_beams=n, num_return_sequences=n, temperature=float(t))",
  ])("%s", (text) => {
    expect(briefly(text)).toEqual([]);
  });

  test.each(['{"do_sample": false, "temperature": 0.7', '{"temperature": 0.7,}}', "GenerationConfig(temperature=0.7", "GenerationConfig(temperature=0.7, top_k=)"])("%s, which is being typed", (text) => {
    expect(briefly(text)).toEqual([]);
  });
});

describe("fixes", () => {
  const config = `{
  "do_sample": false,
  "temperature": 0.7,
  "top_p": 0.9, // nucleus
  "max_new_tokens": 20
}
`;

  test("take whole lines, and offer to remove all that does nothing at once", () => {
    expect(fixed(config, "temperature")).toEqual({
      "Set do_sample to true": config.replace("false", "true"),
      "Remove temperature": config.replace('  "temperature": 0.7,\n', ""),
      "Remove 2 parameters that do nothing": config.replace(/ {2}"temperature.*\n.*nucleus\n/, ""),
    });
  });

  test("take the comma before the last entry", () => {
    const text = '{\r\n  "max_new_tokens": 20, // enough\r\n  "top_p": 0.9\r\n}\r\n';
    expect(fixed(text, "top_p")["Remove top_p"]).toBe('{\r\n  "max_new_tokens": 20 // enough\r\n}\r\n');
    expect(fixed('{"top_p": 0.9}', "top_p")["Remove top_p"]).toBe("{}");
    expect(fixed('{"use_cache": true, "top_p": 0.9, "min_p": 0.1}', "min_p")["Remove 2 parameters that do nothing"]).toBe('{"use_cache": true}');
  });

  test("write a new parameter before the one that needs it, as Python or as JSON", () => {
    expect(fixed('{\n    "top_p": 0.9\n}', "top_p")["Set do_sample to true"]).toBe('{\n    "do_sample": true,\n    "top_p": 0.9\n}');
    expect(fixed('{"top_p": 0.9}', "top_p")["Set do_sample to true"]).toBe('{"do_sample": true, "top_p": 0.9}');
    expect(fixed("model.generate(x, max_new_tokens=5, top_p=0.9)", "top_p")["Set do_sample to True"]).toBe("model.generate(x, max_new_tokens=5, do_sample=True, top_p=0.9)");
    expect(fixed("GenerationConfig(\n    top_p=0.9,\n)", "top_p")["Set do_sample to True"]).toBe("GenerationConfig(\n    do_sample=True,\n    top_p=0.9,\n)");
  });

  test("remove arguments in Python with their comma", () => {
    expect(fixed("model.generate(x, do_sample=False, top_p=0.9)", "top_p")["Remove top_p"]).toBe("model.generate(x, do_sample=False)");
    expect(fixed("model.generate(x, top_p=0.9, do_sample=False, **inputs)", "top_p")["Remove top_p"]).toBe("model.generate(x, do_sample=False, **inputs)");
    expect(fixed("GenerationConfig(\n    top_p=0.9,  # nucleus\n    max_new_tokens=5,\n)", "top_p")["Remove top_p"]).toBe("GenerationConfig(\n    max_new_tokens=5,\n)");
    expect(fixed("GenerationConfig(top_p=0.9)", "top_p")["Remove top_p"]).toBe("GenerationConfig()");
  });

  test("turn a temperature of 0 into greedy search", () => {
    const text = '{\n  "do_sample": true,\n  "temperature": 0.0,\n  "top_k": 20,\n  "repetition_penalty": 1.1\n}';
    expect(fixed(text, "temperature")["Set do_sample to false, and remove what needs it"]).toBe('{\n  "do_sample": false,\n  "repetition_penalty": 1.1\n}');
  });

  test("keep the beams that are asked for, and find the nearest divisor", () => {
    expect(Object.keys(fixed('{"num_beams": 6, "num_beam_groups": 4, "diversity_penalty": 0.5}', "num_beam_groups"))).toEqual(["Set num_beams to 8", "Set num_beam_groups to 3"]);
    expect(Object.keys(fixed('{"num_beams": 5, "num_beam_groups": 2, "diversity_penalty": 0.5}', "num_beam_groups"))).toEqual(["Set num_beams to 6", "Remove num_beam_groups and diversity_penalty"]);
  });

  test("write what was meant", () => {
    expect(Object.keys(fixed('{"repetition_penalty": "1.2"}', "repetition_penalty"))[0]).toBe("Set repetition_penalty to 1.2");
    expect(Object.keys(fixed('{"repetition_penalty": 2}', "repetition_penalty"))).toEqual(["Set repetition_penalty to 2.0"]);
    expect(Object.keys(fixed('{"num_beams": 2, "early_stopping": "TRUE"}', "early_stopping"))[0]).toBe("Set early_stopping to true");
    expect(fixed("GenerationConfig(temprature=0.7)", "temprature")).toEqual({ "Change to temperature": "GenerationConfig(temperature=0.7)" });
  });
});

/** Any block, well formed, with faults of all kinds. */
const pair = fc.oneof(
  fc.tuple(fc.constantFrom(...parameters.map(({ name }) => name), "temprature", "max_tokens", "streamer", "chat_format"), fc.constantFrom("true", "false", "null", "0", "1", "2", "-1", "0.5", "1.0", "3.7", '"0.7"', '"never"', "[1]", "{}", "[]")),
  fc.constantFrom(["do_sample", "true"], ["do_sample", "false"], ["num_beams", "4"], ["num_beam_groups", "2"], ["temperature", "0.0"], ["top_k", "4"], ["penalty_alpha", "0.6"]),
);
const source = fc.tuple(fc.uniqueArray(pair, { maxLength: 9, selector: ([name]) => name }), fc.constantFrom("\n  ", " ", "\r\n\t"), fc.boolean()).map(([pairs, gap, python]) => {
  const items = pairs.map(([name, value]) => (python ? `${name}=${value.replace("true", "True").replace("false", "False").replace("null", "None")}` : `"${name}": ${value}`));
  const end = gap.includes("\n") ? gap.trimEnd() + gap.replace(/[ \t]/g, "") : "";
  return python ? `GenerationConfig(${gap}${items.join(`,${gap}`)}${end})` : `{${gap}${items.join(`,${gap}`)}${end}}`;
});

test("every fix of every fault leaves a text that can be read, without the fault, and is done after once", () => {
  fc.assert(
    fc.property(source, (text) => {
      for (const { edits, code, name } of problemsOf(text)) {
        for (const fix of edits) {
          for (let i = 1; i < fix.edits.length; i++) expect(fix.edits[i].span.start).toBeGreaterThanOrEqual(fix.edits[i - 1].span.end);
          const after = applyEdits(text, fix.edits);
          if (text.startsWith("{")) JSON.parse(after);
          expect(blocksOf(after).map(({ complete }) => complete), after).toEqual([true]);
          const again = problemsOf(after).find((each) => each.code === code && each.name === name);
          const same = again && format(again.message) === format(problemsOf(text).find((each) => each.code === code && each.name === name)!.message);
          expect(same ? `${format(fix.label)}: ${text} -> ${after}` : "", "still there").toBe("");
        }
      }
    }),
    { numRuns: 1000 },
  );
});

test("what contrastive search needs stays where sampling is taken back, with the commas around it", () => {
  const text = '{"penalty_alpha": 0.6, "do_sample": true, "temperature": 0.7, "top_k": 4, "top_p": 0.9}';
  const [, fix] = problemsOf(text).find(({ code }) => code === "contrastive")!.edits;
  expect(JSON.parse(applyEdits(text, fix.edits))).toEqual({ penalty_alpha: 0.6, do_sample: false, top_k: 4 });
});

test("the samples have the slips that they speak of, and each can be mended", () => {
  const config = readFileSync("samples/generation_config.json", "utf8");
  expect(briefly(config)).toEqual(["warning needs-sampling temperature", "warning needs-sampling top_p", "warning needs-beams early_stopping", "warning lengths max_length"]);
  expect(briefly(readFileSync("samples/generate.py", "utf8"))).toEqual(["info needs-sampling temperature", "error groups num_beam_groups"]);
  let text = config;
  for (let [problem] = problemsOf(text); problem; [problem] = problemsOf(text)) text = applyEdits(text, problem.edits[0].edits);
  expect(JSON.parse(text)).toMatchObject({ do_sample: true, temperature: 0.7, top_p: 0.9, max_new_tokens: 64 });
  expect(Object.keys(JSON.parse(text) as object)).not.toContain("early_stopping");
});
