import { describe, expect, test } from "vitest";
import { format, type ServerAnswer } from "../../../src/core/contract/index.js";
import { decoding } from "../../../src/core/decoding/explainer.js";
import type { DecodingParams } from "../../../src/core/decoding/params.js";
import type { DecodingTrace } from "../../../src/core/decoding/trace.js";
import { envWith, inputOf, paramsOf, pieceIn } from "./explainerSupport.js";

type Next = Readonly<Record<string, number>>;

const answered = (next: Next): ServerAnswer => {
  const top = Object.fromEntries(Object.entries(next).map(([name, p]) => [name, Math.log(p)]));
  return { ok: true, name: "localhost:1", text: JSON.stringify({ choices: [{ logprobs: { top_logprobs: [top] } }] }) };
};

/** Runs against a server that follows `next`, as the driver does: it is asked whenever the run wants something. */
function written(next: (text: string) => Next | ServerAnswer, patch: Partial<DecodingParams> = {}, stopBehind = Infinity) {
  const params = paramsOf({ source: "server", prompt: "Once", top_k: 0, max_new_tokens: 4, do_sample: false, ...patch });
  const known = new Map<string, ServerAnswer>();
  const asked: string[] = [];
  const ask = (text: string): ServerAnswer => {
    const said = next(text);
    return "ok" in said ? (said as ServerAnswer) : answered(said as Next);
  };
  const running = decoding.run(inputOf(), params, envWith(params, { server: ask(params.prompt), asked: (text) => known.get(text), stopping: () => asked.length >= stopBehind }));
  const shown: number[] = [];
  for (;;) {
    const step = running.next();
    if (step.done) {
      if (!step.value.ok) throw new Error(step.value.problems.map(({ message }) => format(message)).join(" "));
      return { trace: step.value.trace, explore: step.value.trace.explore!, told: step.value.problems.map(({ message }) => format(message)), asked, shown };
    }
    const { wants, trace } = step.value;
    if (wants === undefined) continue;
    shown.push(trace!().explore!.ids.length);
    asked.push(wants);
    if (asked.length < stopBehind) known.set(wants, ask(wants));
  }
}

/** After "Once": " upon" 0.9; after " upon": " a" 0.6 … and other names at each place. */
const tale = (text: string): Next => {
  if (text.endsWith(" upon")) return { " a": 0.6, " the": 0.3, " one": 0.1 };
  if (text.endsWith(" a")) return { " time": 0.7, " hill": 0.3 };
  if (text.endsWith(" time") || text.endsWith(" the")) return { "</s>": 0.5, " a": 0.25, " hill": 0.25 };
  return { " upon": 0.9, " a": 0.1 };
};
const names = (trace: DecodingTrace, ids: Iterable<number>) => Array.from(ids, (id) => pieceIn(trace, id));

describe("a text that a server gives the probabilities of", () => {
  test("is asked for token by token, each time behind the text so far, and is shown as it grows", () => {
    const { trace, explore, asked, shown } = written(tale);
    expect(asked).toEqual(["Once upon", "Once upon a", "Once upon a time"]);
    expect(shown).toEqual([1, 2, 3]);
    expect(names(trace, explore.ids)).toEqual([" upon", " a", " time", "</s>"]);
    expect(explore.text).toBe(" upon a time</s>");
    expect(explore.finish).toBe("eos");
    expect(Array.from(explore.modelProbability, (p) => Number(p.toFixed(6)))).toEqual([0.9, 0.6, 0.7, 0.5]);
    expect(explore.at.map(({ ids }) => names(trace, ids))).toEqual([[" upon", " a"], [" a", " the", " one"], [" time", " hill"], ["</s>", " a", " hill"]]);
    expect(names(trace, [...trace.pieceIds])).toEqual([...new Set(names(trace, [...trace.pieceIds]))]);
  });

  test("ends after max_new_tokens, with what would come next", () => {
    const { trace, explore, asked } = written(tale, { max_new_tokens: 2 });
    expect([explore.finish, explore.ids.length, explore.at.length]).toEqual(["length", 2, 3]);
    expect(names(trace, explore.at[2].ids)).toEqual([" time", " hill"]);
    expect(asked).toHaveLength(2);
  });

  test("has the same processors at each place: what occurred is penalised, a repeated pair forbidden, the end delayed", () => {
    const always = (): Next => ({ " a": 0.6, " b": 0.4 });
    expect(written(always, { max_new_tokens: 3 }).explore.text).toBe(" a a a");
    expect(written(always, { max_new_tokens: 3, repetition_penalty: 3 }).explore.text).toBe(" a b a");
    expect(written(always, { max_new_tokens: 4, no_repeat_ngram_size: 2 }).explore.text).toBe(" a a b a");
    expect(written(always, { max_new_tokens: 2, bad_words: "a" }).explore.text).toBe(" b b");
    expect(written((text) => (text.endsWith(" a") ? { "<|im_end|>": 0.9, " b": 0.1 } : always()), { min_new_tokens: 2, max_new_tokens: 2 }).explore.text).toBe(" a b");
    expect(written(tale, { prompt: "a" }).explore.at[0].kept[0]).toBe(2);
  });

  test("is the same with the same seed, and goes on from a token that the reader chose", () => {
    const sampled = { do_sample: true, random_state: 5 };
    expect(written(tale, sampled).explore.text).toBe(written(tale, sampled).explore.text);
    const { trace } = written(tale);
    const the = Array.from(trace.pieceIds).find((id) => pieceIn(trace, id) === " the")!;
    const { explore, asked } = written(tale, { forced: `1:${the}` });
    expect(explore.text).toBe(" upon the</s>");
    expect(Array.from(explore.forced)).toEqual([0, 1, 0]);
    expect(asked[1]).toBe("Once upon the");
  });

  test("ends where the draw falls on what the server does not name, which is said with a remedy", () => {
    const params = { do_sample: true, max_new_tokens: 30, random_state: 1 };
    const { explore, told } = written(() => ({ " a": 0.3, " b": 0.2 }), params);
    expect(explore.finish).toBe("unnamed");
    expect(explore.at.length).toBe(explore.ids.length + 1);
    expect(told.join(" ")).toMatch(/The text ends where the draw fell on a token that localhost:1 does not name\. Lower top_k to 2 or less/);
    expect(written(() => ({ " a": 0.3, " b": 0.2 }), { ...params, top_k: 2 }).explore.ids.length).toBe(30);
  });

  test("ends with a part of a character, which no text can hold", () => {
    for (const name of ["\ufffd", "<0xE8>", "bytes:\\xe8"]) {
      const { explore, told, asked } = written(() => ({ [name]: 1 }));
      expect([explore.finish, asked.length]).toEqual(["part of a character", 0]);
      expect(told.join()).toMatch(/part of a character, which can't be sent to localhost:1/);
    }
  });

  test("keeps what it has where the server fails on the way, with the server's sentence and a way to try again", () => {
    const problem = { severity: "error", message: { text: "It hangs.", args: [] }, fixes: [{ label: { text: "Other", args: [] }, params: { source: "model" } }] } as const;
    const { explore, told } = written((text) => (text === "Once upon a" ? { ok: false, name: "x", problem } : tale(text)));
    expect([explore.finish, explore.text]).toEqual(["no answer", " upon a"]);
    expect(told).toContain("It hangs.");
    const faulty = written((text) => (text === "Once upon" ? { " a": NaN } : tale(text)));
    expect(faulty.explore.finish).toBe("no answer");
  });

  test("keeps what it has when it is stopped", () => {
    expect(written(tale, {}, 2).explore).toMatchObject({ finish: "stopped", text: " upon a" });
  });
});
