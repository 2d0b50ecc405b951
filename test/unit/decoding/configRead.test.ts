import * as fc from "../../support/fastCheck.js";
import { describe, expect, test } from "vitest";
import { plain, readBlocks, type Block } from "../../../src/core/decoding/config/index.js";
import { json, python } from "./configSupport.js";

const valuesOf = (block: Block) => Object.fromEntries(block.entries.map(({ name, value }) => [name, value.kind === "list" ? value.items.map(plain) : (plain(value) ?? value.kind)]));

describe("JSON", () => {
  const text = `{
  // a note
  "do_sample": true, "temperature": 7e-1, /* and
  another */ "eos_token_id": [1, 2],
  "early_stopping": "never", "top_k": null, "watermarking_config": {"bias": 2.0}
}`;

  test("gives each value its span", () => {
    const [block] = json(text);
    expect(block.complete).toBe(true);
    expect(valuesOf(block)).toEqual({ do_sample: true, temperature: 0.7, eos_token_id: [1, 2], early_stopping: "never", top_k: "null", watermarking_config: "object" });
    expect(block.entries.map(({ nameSpan, valueSpan }) => [text.slice(nameSpan.start, nameSpan.end), text.slice(valueSpan.start, valueSpan.end)])).toEqual([
      ['"do_sample"', "true"],
      ['"temperature"', "7e-1"],
      ['"eos_token_id"', "[1, 2]"],
      ['"early_stopping"', '"never"'],
      ['"top_k"', "null"],
      ['"watermarking_config"', '{"bias": 2.0}'],
    ]);
    for (const { commaBefore, commaAfter } of block.entries) for (const at of [commaBefore, commaAfter]) expect(at < 0 || text[at] === ",").toBe(true);
    expect(block.entries.map(({ commaBefore, commaAfter }) => [commaBefore < 0, commaAfter < 0])).toEqual([[true, false], ...Array(4).fill([false, false]), [false, true]]);
  });

  test("finds generation_config blocks in other files, at any depth, and nothing else", () => {
    const other = `{"model": {"top_k": 1, "generation_config": {"top_k": 5}}, "list": [{"generation_config": {}}], "generation_config": 3}`;
    expect(readBlocks(other, "json", "config.json").map((block) => block.entries.length)).toEqual([1, 0]);
    expect(readBlocks(other, "json", "generation_config.json")).toHaveLength(3);
    expect(readBlocks('{"top_k": 1}', "json", "package.json")).toEqual([]);
  });

  test.each([
    ["{", []],
    ['{"', [""]],
    ['{"top_k', []],
    ['{"top_k":', ["top_k"]],
    ['{"top_k": 5', ["top_k"]],
    ['{"top_k": \n "top_p": 0.9}', ["top_k", "top_p"]],
    ['{"top_k": 5 "top_p": 0.9}', ["top_k", "top_p"]],
    ['{"top_k": 5,, "top_p": 0.9}', ["top_k", "top_p"]],
    ['{"te\n "top_p": 0.9}', ["top_p"]],
    ['{"top_k": tru, "top_p": 0.9}', ["top_k", "top_p"]],
    ['{"top_k": [1, , "top_p": 0.9}', ["top_k"]],
    ['{"top_k": 5, temp }', ["top_k"]],
    ['{"top_k": 5}}', ["top_k"]],
    ['{top_k: 5, "top_p": 1}', ["top_p"]],
  ])("reads half-typed %j as far as it goes, and knows that it isn't whole", (half, names) => {
    const [block] = json(half);
    expect(block.complete).toBe(false);
    expect(block.entries.map(({ name }) => name)).toEqual(names.filter((name) => name !== ""));
  });

  test("takes trailing commas and escapes, and of two names the last", () => {
    const [block] = json('{"top\\u005fk": 5, "top_k": 6,}');
    expect([block.complete, block.entries.map(({ name }) => name)]).toEqual([true, ["top_k", "top_k"]]);
  });

  test("agrees with JSON.parse about what is whole", () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 4 }), fc.nat(30), (value, cut) => {
        const text = `{"generation_config": {"x": ${value}}}`;
        expect(json(text).every(({ complete }) => complete)).toBe(true);
        const half = text.slice(0, text.length - 1 - (cut % (text.length - 1)));
        expect(json(half).every(({ complete }) => !complete)).toBe(true);
      }),
    );
  });

  test("is not felled by depth", () => {
    expect(json(`{"a": ${"[".repeat(100_000)}`)).toHaveLength(1);
    expect(json(`{"a": ${'{"a":'.repeat(100_000)}`)).toHaveLength(1);
  });
});

describe("Python", () => {
  test("reads the keyword arguments of calls, over lines, comments and nested calls", () => {
    const text = `from transformers import GenerationConfig
out = tokenizer.decode(
    model.generate(
        **inputs,  # the prompt: do_sample=False, (
        do_sample=True, temperature=.7,
        eos_token_id=[1, tok.eos_token_id],
        stop_strings=["a, b", 'c)'],
        max_new_tokens=len(ids) + 5,
    )[0],
    skip_special_tokens=True,
)
config = GenerationConfig(num_beams = 4, early_stopping=True)
`;
    const [call, config] = python(text);
    expect([call.call, call.base, call.complete, config.call, config.base]).toEqual([true, "model", true, false, "defaults"]);
    expect(valuesOf(call)).toEqual({ do_sample: true, temperature: 0.7, eos_token_id: [1, undefined], stop_strings: ["a, b", "c)"], max_new_tokens: "unknown" });
    expect(valuesOf(config)).toEqual({ num_beams: 4, early_stopping: true });
    expect(call.entries.map(({ span }) => text.slice(span.start, span.end))[1]).toBe("temperature=.7");
    expect(text.slice(call.start, call.start + 14)).toBe("model.generate");
  });

  test.each([
    ["model.generate(**inputs, do_sample=True)", "model"],
    ["model.generate(ids, do_sample=True)", "model"],
    ["model.generate(**tokenizer(text), do_sample=True)", "model"],
    ["model.generate(**kwargs, do_sample=True)", "unknown"],
    ["model.generate(**gen_cfg, do_sample=True)", "unknown"],
    ["model.generate(ids, config, do_sample=True)", "unknown"],
    ["model.generate(ids, generation_config=config, do_sample=True)", "unknown"],
    ["model.generate(ids, generation_config=None, do_sample=True)", "model"],
    ["transformers.GenerationConfig(do_sample=True)", "defaults"],
    ["GenerationConfig(**base, do_sample=True)", "unknown"],
  ])("%s leaves the rest to: %s", (text, base) => {
    expect(python(text).map((block) => block.base)).toEqual([base]);
  });

  test.each([
    "def generate(self, do_sample=True): pass",
    "class GenerationConfig(Base): pass",
    "generate(do_sample=True)",
    "'model.generate(do_sample=True)'",
    "# model.generate(do_sample=True)",
    '"""\nmodel.generate(do_sample=True)\n"""',
    "client.generate(prompt=text, max_new_tokens=5)",
    "client.generate(text, temperature=0)",
    "model.generated(do_sample=True)",
  ])("passes over %s", (text) => {
    expect(python(text)).toEqual([]);
  });

  test("takes calls with common names for transformers' when the text speaks of it", () => {
    expect(python("import transformers\nclient.generate(text, temperature=0)")).toHaveLength(1);
  });

  test.each(["model.generate(ids, do_sample=True, ", "model.generate(do_sample=)", "model.generate(do_sample=True\ndef f(x): return x)", "x = f(model.generate(do_sample=True"])(
    "knows that %j is being typed",
    (text) => {
      expect(python(text).map(({ complete }) => complete)).toEqual([false]);
    },
  );

  test.each([
    ["f(a).generate(do_sample=True)", "generate"],
    ["model[0].generate(do_sample=True)", "generate"],
    ["(model\n  .generate(do_sample=True))", "generate"],
    ["self.model.module.generate(do_sample=True)", "self.model"],
  ])("finds the call in %s", (text, start) => {
    const [block] = python(text);
    expect(text.slice(block.start, block.start + start.length)).toBe(start);
    expect(valuesOf(block)).toEqual({ do_sample: true });
  });

  test("does not take comparisons, lambdas' and inner calls' arguments for its own", () => {
    const text = "model.generate(ids, do_sample=a == b, f=lambda x=1: x, **dict(top_k=5), max_time=g(top_p=1))";
    expect(python(text)[0].entries.map(({ name }) => name)).toEqual(["do_sample", "f", "max_time"]);
  });
});

test("no text makes a reader throw", () => {
  const piece = fc.oneof(
    fc.string({ maxLength: 12 }),
    fc.constantFrom('"generation_config"', "{", "}", "[", "]", ":", ",", '"', "'", '"""', "\\", "\n", "//", "/*", "#", "(", ")", "=", "*", "**", ".generate(", "GenerationConfig(", "do_sample", "True", "1.0", "\ufeff", "def "),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      const text = pieces.join("");
      for (const [language, name] of [["json", "generation_config.json"], ["jsonc", "a.json"], ["python", "a.py"]]) {
        for (const { entries, inside } of readBlocks(text, language, name)) {
          expect(inside.start <= inside.end && inside.end <= text.length).toBe(true);
          for (const { span, nameSpan, valueSpan } of entries) {
            expect([nameSpan.start, nameSpan.end, valueSpan.start, valueSpan.end, text.length]).toEqual([nameSpan.start, nameSpan.end, valueSpan.start, valueSpan.end, text.length].sort((a, b) => a - b));
            expect(span.start).toBe(nameSpan.start);
          }
        }
      }
    }),
    { numRuns: 3000 },
  );
});
