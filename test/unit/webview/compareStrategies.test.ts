import { describe, expect, test } from "vitest";
import { format } from "../../../src/core/contract/index.js";
import { configText, isMadeFrom, readStrategy, writtenStrategies } from "../../../src/webview/decoding/compareConfig.js";
import { barShare, columnsFor, metricColumns, metricText } from "../../../src/webview/decoding/compareMetrics.js";

const refusal = (name: string, text: string): string => {
  const read = readStrategy(name, text);
  if (read.ok) throw new Error("It was taken.");
  return format(read.problem);
};

describe("a written strategy", () => {
  test("is read from a name and JSON", () => {
    expect(readStrategy(" top-p ", '{"do_sample": true, "top_p": 0.9}')).toEqual({ ok: true, strategy: { name: "top-p", config: { do_sample: true, top_p: 0.9 } } });
    expect(readStrategy("none", "")).toEqual({ ok: true, strategy: { name: "none", config: {} } });
  });

  test.each([
    ["", "{}", "The strategy has no name."],
    ["a", '{\n  "top_p": 0.9,\n}', "(line 3, column 1)"],
    ["a", "[]", "must be a JSON object"],
    ["a", "3", "must be a JSON object"],
    ["a", '{"topp": 0.9}', "Did you mean top_p?"],
    ["a", '{"top_p": "0.9"}', "top_p must be a number"],
    ["a", '{"temperature": 0}', "temperature must be above 0."],
    ["a", '{"num_beams": 4, "num_beam_groups": 3}', "must be a multiple of num_beam_groups"],
  ])("is refused with a remedy: %s %s", (name, text, sentence) => {
    expect(refusal(name, text)).toContain(sentence);
  });

  test("is told by the parameters that matter", () => {
    expect(configText({ do_sample: false })).toBe("do_sample false");
    expect(configText({ do_sample: false, num_beams: 3, max_new_tokens: 40 })).toBe("num_beams 3");
    expect(configText({ do_sample: true, top_p: 0.9, top_k: 0, eos_token_id: [7] })).toBe("top_p 0.9");
    expect(configText({ do_sample: true, repetition_penalty: 1.2 })).toBe("do_sample true, repetition_penalty 1.2");
    expect(configText({ do_sample: false, length_penalty: -1, num_beams: 2 })).toBe("length_penalty \u22121, num_beams 2");
  });

  test("is recognised in what was run with it", () => {
    const made = { name: "a", config: { do_sample: true, top_p: 0.9, max_new_tokens: 40 } };
    expect(isMadeFrom({ name: "a", config: { top_p: 0.9 } }, made)).toBe(true);
    expect(isMadeFrom({ name: "a", config: { top_p: 0.8 } }, made)).toBe(false);
    expect(isMadeFrom({ name: "b", config: { top_p: 0.9 } }, made)).toBe(false);
  });

  test("list falls back to the four where it is empty or broken", () => {
    expect(writtenStrategies({}).map(({ name }) => name)).toEqual(["greedy", "beam search", "contrastive", "nucleus"]);
    expect(writtenStrategies({ strategies: "[{" })).toHaveLength(4);
    expect(writtenStrategies({ strategies: '[{"name": "x", "config": {}}]' })).toEqual([{ name: "x", config: {} }]);
  });
});

describe("columns of numbers", () => {
  test("come in their order, the most telling first where there is little room", () => {
    expect(columnsFor(4).map(({ title }) => title)).toEqual(["seq-rep-1", "seq-rep-4", "distinct-2", "perplexity"]);
    expect(columnsFor(1).map(({ title }) => title)).toEqual(["seq-rep-4"]);
    expect(columnsFor(99)).toEqual(metricColumns);
  });

  test("have bars up to one, or up to the largest", () => {
    const [share] = columnsFor(1);
    const perplexity = metricColumns.find(({ title }) => title === "perplexity")!;
    expect(barShare(share, 0.25, [0.25, 0.5])).toBe(0.25);
    expect(barShare(perplexity, 5, [5, null, 20])).toBe(0.25);
    expect(barShare(perplexity, 5, [5, Infinity])).toBe(1);
    expect(barShare(perplexity, 0, [0, null])).toBe(0);
    expect(metricText(share, null)).toBe("\u2013");
    expect(metricText(perplexity, 4.66)).toBe("4.7");
  });
});
