import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { format } from "../../../src/core/contract/index.js";
import { checkConfig, type GenerationConfig } from "../../../src/core/decoding/config.js";
import { applyEdits, defaultText, firstValue, namesFor, needText, parameterOf, parameters, placeAt, setEntry, typeText, valuesFor } from "../../../src/core/decoding/config/index.js";
import { distance } from "../../../src/core/text/distance.js";
import { nearestName } from "../../../src/core/decoding/config/nearest.js";
import { inRange } from "../../../src/core/decoding/config/parameter.js";
import { generationSchema } from "../../../src/core/decoding/config/schema.js";
import { blocksOf, briefly, headlineOf, json, python, strategies } from "./configSupport.js";

describe("the table", () => {
  test("names each parameter once, with a default and a suggestion that it allows itself", () => {
    expect(new Set(parameters.map(({ name }) => name)).size).toBe(parameters.length);
    for (const { name, default: byDefault, suggestion, range, choices } of parameters) {
      for (const value of [byDefault, suggestion]) {
        if (typeof value === "number") expect(inRange(value, range), name).toBe(true);
        if (typeof value === "string" && choices) expect(choices, name).toContain(value);
      }
    }
  });

  test("has transformers' defaults", () => {
    // GenerationConfig._get_default_generation_params of transformers 5.
    const expected = {
      max_length: 20, min_length: 0, do_sample: false, use_cache: true, early_stopping: false, num_beams: 1, temperature: 1, top_k: 50, top_p: 1,
      typical_p: 1, repetition_penalty: 1, length_penalty: 1, no_repeat_ngram_size: 0, encoder_no_repeat_ngram_size: 0, bad_words_ids: null,
      num_return_sequences: 1, output_scores: false, return_dict_in_generate: false, forced_bos_token_id: null, forced_eos_token_id: null,
      remove_invalid_values: false, exponential_decay_length_penalty: null, suppress_tokens: null, begin_suppress_tokens: null, epsilon_cutoff: 0,
      eta_cutoff: 0, encoder_repetition_penalty: 1, num_assistant_tokens: 20, num_assistant_tokens_schedule: "constant",
      assistant_confidence_threshold: 0.4, assistant_lookbehind: 10, target_lookbehind: 10, num_beam_groups: 1, diversity_penalty: 0,
    };
    expect(Object.fromEntries(Object.keys(expected).map((name) => [name, parameterOf(name)?.default]))).toEqual(expected);
  });

  test("allows the numbers that the decoding itself can run with, and no others", () => {
    const numeric = parameters.filter(({ types, range }) => range && (types[0] === "integer" || types[0] === "number"));
    const ours = new Set(["max_time", "prompt_lookup_num_tokens", "max_matching_ngram_size", "prefill_chunk_size", "encoder_repetition_penalty", "encoder_no_repeat_ngram_size", "epsilon_cutoff", "eta_cutoff"]);
    const shared = numeric.filter(({ name }) => !ours.has(name) && !/token_id$|assistant|lookbehind/.test(name));
    expect(shared.length).toBeGreaterThan(15);
    for (const { name, types, range } of shared) {
      for (const value of [-1, 0, 0.25, 1, 1.5, 2, 50]) {
        const expected = inRange(value, range) && (types[0] !== "integer" || Number.isInteger(value));
        const config: GenerationConfig = { num_beams: 50, top_k: 50, [name]: value };
        expect(checkConfig(config).filter(({ args }) => args[0] === name || name === "temperature").length === 0, `${name} ${value}`).toBe(expected);
      }
    }
  });

  test("says in plain words what each parameter may be", () => {
    const said = (name: string) => [typeText(parameterOf(name)!), defaultText(parameterOf(name)!, "json")].map((each) => format(each)).join("; ");
    expect(said("temperature")).toBe("a number above 0; 1.0 by default");
    expect(said("top_p")).toBe("a number from 0 to 1; 1.0 by default");
    expect(said("epsilon_cutoff")).toBe("a number of at least 0 and below 1; 0.0 by default");
    expect(said("typical_p")).toBe("a number above 0 and at most 1; 1.0 by default");
    expect(said("top_k")).toBe("a whole number of at least 0; 50 by default");
    expect(said("early_stopping")).toBe('true, false or "never"; false by default');
    expect(said("eos_token_id")).toBe("a whole number or a list of them of at least 0; not set by default");
    expect(format(defaultText(parameterOf("do_sample")!, "python"))).toBe("False by default");
    for (const each of parameters) for (const text of [each.help, needText(each)]) expect(text ? format(text) : "A.").toMatch(/^\S.*\.$/);
  });
});

describe("the effective strategy", () => {
  test.each([
    ["{}", "greedy"],
    ['{"do_sample": true}', "sampling"],
    ['{"do_sample": 1}', "greedy"],
    ['{"num_beams": 4}', "beam"],
    ['{"num_beams": 4, "do_sample": true}', "beam-sampling"],
    ['{"num_beams": 4, "num_beam_groups": 2}', "diverse-beam"],
    ['{"num_beam_groups": 2}', "greedy"],
    ['{"penalty_alpha": 0.6, "top_k": 4}', "contrastive"],
    ['{"penalty_alpha": 0.6}', "contrastive"],
    ['{"penalty_alpha": 0.6, "top_k": 1}', "greedy"],
    ['{"penalty_alpha": 0.6, "do_sample": true}', "sampling"],
    ['{"penalty_alpha": 0.6, "num_beams": 2}', "beam"],
    ['{"prompt_lookup_num_tokens": 10}', "assisted"],
    ['{"prompt_lookup_num_tokens": 10, "do_sample": true}', "assisted"],
    ['{"dola_layers": "high"}', "dola"],
    ['{"force_words_ids": [[5]], "num_beams": 4}', "constrained"],
    ["model.generate(ids, max_new_tokens=5, assistant_model=small)", "assisted"],
    ["model.generate(ids, do_sample=sample)", undefined],
    ["model.generate(**kwargs, do_sample=True)", undefined],
    ["model.generate(**kwargs, do_sample=True, num_beams=1)", "sampling"],
  ])("of %s is %s", (text, expected) => {
    expect(strategies(text)).toEqual([expected]);
  });

  test("is told with what shapes the text, also what nobody wrote", () => {
    expect(headlineOf('{"do_sample": true, "temperature": 0.7, "top_p": 0.9}')).toBe("Multinomial sampling · temperature 0.7 · top_k 50 (default) · top_p 0.9");
    expect(headlineOf('{"do_sample": true, "top_k": 0}')).toBe("Multinomial sampling");
    expect(headlineOf('{"num_beams": 4, "early_stopping": true, "temperature": 0.5}')).toBe("Beam search · num_beams 4 · early_stopping true");
    expect(headlineOf('{"penalty_alpha": 0.6, "top_k": 4, "repetition_penalty": 1.2}')).toBe("Contrastive search · penalty_alpha 0.6 · top_k 4 · repetition_penalty 1.2");
    expect(headlineOf("model.generate(ids, max_new_tokens=5)")).toBe("Greedy search · unless the model's own config differs");
    expect(headlineOf('{"num_beams": 4, "num_beam_groups": 2, "diversity_penalty": 0.5}')).toBe("Diverse beam search · num_beams 4 · num_beam_groups 2 · diversity_penalty 0.5");
  });
});

describe("the nearest name", () => {
  test.each([
    ["temprature", "temperature"], ["temperatrue", "temperature"], ["Temperature", "temperature"], ["topP", "top_p"], ["top-k", "top_k"], ["numBeams", "num_beams"],
    ["max_tokens", "max_new_tokens"], ["repitition_penalty", "repetition_penalty"], ["repeat_penalty", "repetition_penalty"], ["penalty_aplha", "penalty_alpha"],
    ["do_samples", "do_sample"], ["top_a", undefined], ["chat_format", undefined], ["input_ids", undefined], ["temperature", undefined], ["streamer", undefined], ["", undefined],
  ])("to %s is %s", (name, expected) => {
    expect(nearestName(name)).toBe(expected);
  });

  test("is counted in slips", () => {
    expect([distance("ab", "ba"), distance("", "abc"), distance("kitten", "sitting"), distance("same", "same")]).toEqual([1, 3, 3, 0]);
  });
});

describe("a place in the text", () => {
  /** The place at the bar: what it is, and what a completion would replace. */
  function at(marked: string): string {
    const offset = marked.indexOf("|");
    const text = marked.replace("|", "");
    const place = placeAt(text, blocksOf(text), offset);
    return place ? `${place.kind} ${place.kind === "value" ? place.entry.name : (place.entry?.name ?? "")} [${text.slice(place.span.start, place.span.end)}]` : "nothing";
  }

  test.each([
    ["{|}", "name  []"],
    ['{\n  "|\n}', 'name  ["]'],
    ['{\n  "te|"\n}', 'name  ["te"]'],
    ['{"do_sample": true, |}', "name  []"],
    ['{"do_sample": true |}', "nothing"],
    ['{"do_s|ample": true}', 'name do_sample ["do_sample"]'],
    ['{"do_sample": |}', "value do_sample []"],
    ['{"do_sample":|\n "top_k": 5}', "value do_sample []"],
    ['{"do_sample": tr|, "top_k": 5}', "value do_sample [tr]"],
    ['{"do_sample"|: true}', 'name do_sample ["do_sample"]'],
    ['{"eos_token_id": [1, |2]}', "nothing"],
    ['{"watermarking_config": {"|"}}', "nothing"],
    ['{"top_k": 5, // |\n}', "nothing"],
    ["{}|", "nothing"],
    ["import transformers\nmodel.generate(|)", "name  []"],
    ["model.generate(ids, do_sample=True, te|)", "name  [te]"],
    ["model.generate(ids, do_sample=True, |", "name  []"],
    ["model.generate(ids, do_sample=|)", "value do_sample []"],
    ["model.generate(ids, do_sample=Tr|ue, top_k=5)", "value do_sample [True]"],
    ["model.generate(ids, do_sample=True, # |\n)", "nothing"],
    ["model.generate(ids[|], do_sample=True)", "nothing"],
  ])("%s: %s", (marked, expected) => {
    expect(at(marked)).toBe(expected);
  });

  test("offers names that are not there yet, and the values that make sense", () => {
    const [block] = json('{"do_sample": true}');
    expect(namesFor(block).map(({ name }) => name)).not.toContain("do_sample");
    expect(namesFor(block).map(({ name }) => name)).toContain("temperature");
    expect(namesFor(block, block.entries[0]).map(({ name }) => name)).toContain("do_sample");
    expect(valuesFor("do_sample", "json")).toEqual(["true", "false"]);
    expect(valuesFor("do_sample", "python")).toEqual(["True", "False"]);
    expect(valuesFor("early_stopping", "json")).toEqual(["true", "false", '"never"']);
    expect(valuesFor("temperature", "json")).toEqual(["0.7", "1.0"]);
    expect(valuesFor("min_p", "python")).toEqual(["0.05", "None"]);
    expect(valuesFor("nothing", "json")).toEqual([]);
  });

  test("gets by every first value a block without faults of its type or range", () => {
    for (const parameter of parameters) {
      const text = `{"${parameter.name}": ${firstValue(parameter, "json")}}`;
      expect(briefly(text).filter((each) => /type|range|float|name/.test(each.split(" ")[1])), text).toEqual([]);
    }
  });
});

describe("writing a parameter back", () => {
  test.each([
    ['{\n  "top_k": 5\n}', '{\n  "top_k": 5,\n  "top_p": 0.9\n}'],
    ['{\n  "top_k": 5,\n}', '{\n  "top_k": 5,\n  "top_p": 0.9,\n}'],
    ['{"top_k": 5}', '{"top_k": 5, "top_p": 0.9}'],
    ['{"top_p": 0.5}', '{"top_p": 0.9}'],
    ["{}", '{\n  "top_p": 0.9\n}'],
    ["{\n}", '{\n  "top_p": 0.9\n}'],
    ["GenerationConfig()", "GenerationConfig(top_p=0.9)"],
    ["GenerationConfig(top_k=5)", "GenerationConfig(top_k=5, top_p=0.9)"],
    ["GenerationConfig(**base)", "GenerationConfig(**base, top_p=0.9)"],
    ["GenerationConfig(top_k=5, **base)", "GenerationConfig(top_k=5, top_p=0.9, **base)"],
  ])("in %j gives %j", (text, expected) => {
    const [block] = blocksOf(text);
    expect(applyEdits(text, setEntry(text, block, "top_p", "0.9"))).toBe(expected);
  });

  test("is the same when it is done twice", () => {
    const once = applyEdits("GenerationConfig()", setEntry("GenerationConfig()", python("GenerationConfig()")[0], "top_p", "0.9"));
    expect(applyEdits(once, setEntry(once, python(once)[0], "top_p", "0.9"))).toBe(once);
  });
});

test("the schema that ships is the table's", () => {
  const shipped: unknown = JSON.parse(readFileSync("media/schemas/generation_config.json", "utf8"));
  expect(shipped).toEqual(generationSchema());
  expect(Object.keys((shipped as { properties: object }).properties)).toEqual(parameters.map(({ name }) => name));
});
