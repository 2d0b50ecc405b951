import * as fc from "../../support/fastCheck.js";
import { describe, expect, test } from "vitest";
import { lint, paramsOfBlock, readBlocks, withParams, writtenParams } from "../../../src/core/decoding/config/index.js";
import { decodingParams } from "../../../src/core/decoding/params.js";

const name = "generation_config.json";
const blockOf = (text: string) => readBlocks(text, "json", name)[0];
const paramsOf = (text: string) => paramsOfBlock(blockOf(text));
const write = (text: string, changes: Record<string, unknown>) => withParams(text, "json", name, 0, changes);

describe("the explorer's parameters of a block", () => {
  test("are those of generate(), and none of the explorer's own", () => {
    expect(writtenParams).toEqual(expect.arrayContaining(["do_sample", "temperature", "top_k", "top_p", "num_beams", "penalty_alpha", "max_new_tokens"]));
    for (const own of ["tab", "prompt", "source", "random_state", "order", "noise", "frequency_penalty"]) expect(writtenParams).not.toContain(own);
  });

  test("are what stands there, else the library's defaults, else what switches them off", () => {
    const params = paramsOf('{ "temperature": 0.7, "top_k": 12, "early_stopping": "never", "unknown": 3 }');
    expect(params).toMatchObject({ temperature: 0.7, top_k: 12, early_stopping: "never" });
    // generate() does not sample by itself, and has no max_new_tokens; the explorer's default stands in for it.
    expect(params).toMatchObject({ do_sample: false, top_p: 1, num_beams: 1, penalty_alpha: 0, min_p: 0, max_new_tokens: decodingParams.max_new_tokens.default });
    expect(paramsOf('{ "early_stopping": true }')).toMatchObject({ early_stopping: "true" });
    expect(paramsOf("{}")).toMatchObject({ early_stopping: "false", temperature: 1, top_k: 50 });
    expect(paramsOf('{ "temperature": null }')).toMatchObject({ temperature: 1 });
    expect("unknown" in params).toBe(false);
  });

  test("leave out what only the program knows", () => {
    const [block] = readBlocks("model.generate(ids, temperature=t, top_k=5, do_sample=True)", "python", "a.py");
    const params = paramsOfBlock(block);
    expect(params).toMatchObject({ top_k: 5 });
    expect("temperature" in params).toBe(false);
  });
});

describe("changes of parameters", () => {
  test("replace a value where it stands, and nothing else", () => {
    const text = '{\n  // warm\n  "temperature": 0.7,\n  "top_k": 12\n}\n';
    expect(write(text, { temperature: 0.9 })).toBe(text.replace("0.7", "0.9"));
    expect(write(text, { temperature: 2, top_k: 3 })).toBe(text.replace("0.7", "2.0").replace("12", "3"));
    expect(write(text, { temperature: 0.1 + 0.2 })).toBe(text.replace("0.7", "0.3"));
  });

  test("add what does not stand there behind the last, in the same style", () => {
    expect(write('{\n  "top_k": 12\n}\n', { do_sample: true })).toBe('{\n  "top_k": 12,\n  "do_sample": true\n}\n');
    expect(write("{}", { early_stopping: "never" })).toBe('{\n  "early_stopping": "never"\n}');
    expect(write('{ "num_beams": 3 }', { early_stopping: "true" })).toBe('{ "num_beams": 3, "early_stopping": true }');
  });

  test("take out what is off only by its absence, and leave other defaults written", () => {
    expect(write('{\n  "top_k": 4,\n  "penalty_alpha": 0.6\n}\n', { penalty_alpha: 0 })).toBe('{\n  "top_k": 4\n}\n');
    expect(write('{ "temperature": 0.7 }', { temperature: 1 })).toBe('{ "temperature": 1.0 }');
  });

  test("that change nothing leave the text alone", () => {
    for (const text of ['{ "temperature": 0.7 }', "{}"]) expect(write(text, paramsOf(text))).toBe(text);
    expect(write("{}", { prompt: "x", random_state: 7, noise: 1, frequency_penalty: 2 })).toBe("{}");
  });

  test("are not written into what is half typed or gone", () => {
    expect(write('{ "temperature": }', { top_k: 3 })).toBeUndefined();
    expect(write('{ "temperature": 0.7', { top_k: 3 })).toBeUndefined();
    expect(withParams("[1, 2]", "json", "data.json", 0, { top_k: 3 })).toBeUndefined();
  });

  test("go to the block that is meant", () => {
    const text = '{ "a": { "generation_config": { "top_k": 1 } }, "b": { "generation_config": { "top_k": 2 } } }';
    expect(withParams(text, "json", "config.json", 1, { top_k: 9 })).toBe(text.replace('"top_k": 2', '"top_k": 9'));
    expect(withParams("model.generate(ids, do_sample=False)\n", "python", "a.py", 0, { do_sample: true, top_k: 5 })).toBe("model.generate(ids, do_sample=True, top_k=5)\n");
  });

  test("are read back as they were written", () => {
    const values = fc.record({
      do_sample: fc.boolean(),
      temperature: fc.integer({ min: 1, max: 500 }).map((n) => n / 100),
      top_k: fc.nat(100),
      top_p: fc.integer({ min: 0, max: 100 }).map((n) => n / 100),
      penalty_alpha: fc.constantFrom(0, 0.6, 1),
      min_p: fc.constantFrom(0, 0.05),
      early_stopping: fc.constantFrom("true", "false", "never"),
      max_new_tokens: fc.integer({ min: 1, max: 200 }),
      no_repeat_ngram_size: fc.nat(5),
    });
    const texts = fc.constantFrom("{}", '{"top_k": 3}', '{\n\t"min_p": 0.1,\n\t"penalty_alpha": 0.2 // note\n}\n', '{\r\n  "_from_model_config": true,\r\n  "temperature": 0.5,\r\n}');
    fc.assert(
      fc.property(texts, values, (text, changes) => {
        const changed = write(text, changes)!;
        expect(paramsOf(changed)).toMatchObject(changes);
        expect(blockOf(changed).complete).toBe(true);
        // Written by Lumen, refused by nobody: no value is of a wrong type.
        const wrong = lint(changed, blockOf(changed)).filter(({ code }) => code === "type" || code === "float");
        expect(wrong).toEqual([]);
      }),
    );
  });
});
