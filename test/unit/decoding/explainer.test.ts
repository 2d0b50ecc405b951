import * as fc from "../../support/fastCheck.js";
import { describe, expect, test } from "vitest";
import { decoding } from "../../../src/core/decoding/explainer.js";
import { configOf } from "../../../src/core/decoding/runConfig.js";
import { Pipeline } from "../../../src/core/decoding/pipeline.js";
import { chainOf } from "../../../src/core/decoding/processors/chain.js";
import { finishRun } from "../../../src/core/decoding/strategies/events.js";
import { generate } from "../../../src/core/decoding/strategies/generate.js";
import type { DecodingParams } from "../../../src/core/decoding/params.js";
import { seededRandom } from "../../../src/core/math/random.js";
import { feedAll } from "../../../src/core/models/languageModel.js";
import { envWith, inputOf, paramsOf, pieceIn, PROMPT, run, tiny, traceFor } from "./explainerSupport.js";

const { model, tokenizer } = tiny;
const some: Partial<DecodingParams> = { temperature: 0.8, top_k: 12, top_p: 0.9, repetition_penalty: 1.2, random_state: 7 };
const explored = (patch: Partial<DecodingParams> = {}) => traceFor(patch).explore!;

/** The text that the tested library writes with the same numbers. */
function written(patch: Partial<DecodingParams>): number[] {
  const params = paramsOf(patch);
  const ids = tokenizer!.encode(PROMPT);
  const config = configOf(params, tokenizer, tiny.eos);
  return finishRun(generate(model, ids, config, { random: seededRandom(params.random_state), order: params.order }), () => 0).result.sequence.slice(ids.length);
}

describe("a text", () => {
  test.each<[string, Partial<DecodingParams>]>([
    ["greedy", { do_sample: false }],
    ["drawn", some],
    ["drawn in llama.cpp's order", { ...some, order: "llama.cpp" }],
    ["drawn with noise", { ...some, noise: 0.5 }],
    ["without repeated 3-grams", { do_sample: false, no_repeat_ngram_size: 3, max_new_tokens: 60 }],
    ["at least so long", { do_sample: true, top_k: 0, temperature: 2, min_new_tokens: 40 }],
    ["as long as the context", { do_sample: false, max_new_tokens: 1000 }],
  ])("is that of generate(): %s", (_, patch) => {
    expect(Array.from(explored(patch).ids)).toEqual(written(patch));
  });

  test("is the same for the same seed, and another one for another", () => {
    const [a, b, c] = [explored(some), explored(some), explored({ ...some, random_state: 8 })];
    expect(a.text).toBe(b.text);
    expect(a.text).not.toBe(c.text);
  });

  test("ends where it should, and says why", () => {
    expect(explored(some)).toMatchObject({ finish: "length" });
    expect(explored(some).at).toHaveLength(41);
    const full = explored({ do_sample: false, max_new_tokens: 1000 });
    // The last token need not be read.
    expect(full.ids.length).toBe(256 - tokenizer!.encode(PROMPT).length + 1);
    expect(full.finish).toBe("context");
    expect(full.at).toHaveLength(full.ids.length);
    const ended = explored({ forced: "3:2047" });
    expect(ended).toMatchObject({ finish: "eos" });
    expect([ended.ids.length, ended.at.length]).toEqual([4, 4]);
  });

  test("is joined of its tokens", () => {
    const trace = traceFor(some);
    const { text, ends, ids } = trace.explore!;
    expect(text).toBe(tokenizer!.decode(Array.from(ids)));
    expect(Array.from(ids, (id, t) => (pieceIn(trace, id) === text.slice(t > 0 ? ends[t - 1] : 0, ends[t]) ? 1 : 0))).not.toContain(0);
  });

  test("has its own repetition and perplexity", () => {
    const { ids, metrics, modelProbability, repeated } = explored({ do_sample: false, max_new_tokens: 60, prompt: "He went on and on and on and" });
    const grams = Array.from({ length: ids.length - 3 }, (_, t) => ids.slice(t, t + 4).join(" "));
    expect(metrics.seqRep[3]).toBeCloseTo(1 - new Set(grams).size / grams.length, 12);
    expect(metrics.perplexity).toBeCloseTo(Math.exp(-modelProbability.reduce((sum, p) => sum + Math.log(p), 0) / ids.length), 9);
    grams.forEach((gram, t) => {
      if (grams.indexOf(gram) < t) expect(Array.from(repeated.slice(t, t + 4))).toEqual([1, 1, 1, 1]);
    });
    expect(metrics.seqRep[3]!).toBeGreaterThan(0.3);
  });
});

describe("the stages", () => {
  const trace = traceFor({ ...some, listed: 20 });
  const at = trace.explore!.at[0];
  const n = at.ids.length;
  const params = paramsOf(some);
  const ids = tokenizer!.encode(PROMPT);
  const state = model.start();
  feedAll(state, ids);
  const reference = new Pipeline(2048).run(state.logits, chainOf(configOf(params, tokenizer, tiny.eos), { promptLength: ids.length, maxLength: ids.length + 40 }), { ids, promptLength: ids.length });
  const all = [reference.first, ...reference.stages.map(({ after }) => after)];

  test("are those of the configuration, in order", () => {
    expect(at.stages.map(({ parameters }) => parameters)).toEqual([[["repetition_penalty", "1.2"]], [["temperature", "0.8"]], [["top_k", "12"]], [["top_p", "0.9"]]]);
  });

  test("list the most probable tokens, at every stage as it was", () => {
    const order = Array.from(state.logits.keys()).sort((a, b) => state.logits[b] - state.logits[a]);
    expect(Array.from(at.ids.slice(0, 20))).toEqual(order.slice(0, 20));
    all.forEach(({ scores, probabilities }, k) => {
      expect(Array.from(at.scores.slice(k * n, (k + 1) * n))).toEqual(Array.from(at.ids, (id) => scores[id]));
      expect(Array.from(at.probabilities.slice(k * n, (k + 1) * n))).toEqual(Array.from(at.ids, (id) => probabilities[id]));
    });
  });

  test("sum what is not listed", () => {
    all.forEach(({ kept, probabilities, entropy }, k) => {
      expect(at.kept[k]).toBe(kept);
      expect(at.tailMass[k] + at.probabilities.slice(k * n, (k + 1) * n).reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 10);
      expect(at.tailKept[k]).toBe(probabilities.reduce((sum, p, id) => sum + (p > 0 && !at.ids.includes(id) ? 1 : 0), 0));
      expect(at.entropy[k]).toBeCloseTo(entropy / Math.log(2), 12);
    });
  });

  test("say where and why a token was removed", () => {
    const cut = all[3];
    at.ids.forEach((id, i) => {
      const stage = all.findIndex(({ scores }) => scores[id] === -Infinity);
      expect(at.removedAt[i]).toBe(stage < 0 ? 0 : stage);
      const told = Array.from(at.reasonTokens.keys()).filter((j) => at.reasonTokens[j] === id && at.reasonStages[j] === stage);
      expect(told).toHaveLength(stage < 0 ? 0 : 1);
    });
    expect(at.keptMass[4]).toBeCloseTo(reference.last.scores.reduce((sum, score, id) => sum + (score === -Infinity ? 0 : cut.probabilities[id]), 0), 12);
    // " the" stands in the prompt: the penalty's reason is told, though it stays.
    const the = tokenizer!.encode(" the")[0];
    expect(Array.from(at.reasonTokens.keys()).filter((j) => at.reasonTokens[j] === the).map((j) => at.reasonStages[j])).toEqual([1]);
  });

  test("list the token that was chosen, however improbable", () => {
    const improbable = Array.from(state.logits.keys()).sort((a, b) => state.logits[a] - state.logits[b])[5];
    const forced = explored({ ...some, forced: `0:${improbable}` });
    expect(forced.ids[0]).toBe(improbable);
    expect(forced.at[0].ids[forced.at[0].ids.length - 1]).toBe(improbable);
    expect([forced.probability[0], forced.forced[0]]).toEqual([0, 1]);
  });

  test("of long texts list fewer tokens, and say so", () => {
    const words = Array.from({ length: 900 }, (_, i) => `w${(i * 7) % 600}`).join(" ");
    const { outcome } = run({ ...some, max_new_tokens: 1000, listed: 500, source: "words" }, inputOf(words));
    if (!outcome.ok) throw new Error("It does not run.");
    const { at: places } = outcome.trace.explore!;
    expect(places.reduce((sum, { scores, probabilities }) => sum + scores.byteLength + probabilities.byteLength, 0)).toBeLessThan(13e6);
    expect([places.length, places[0].ids.length]).toEqual([1001, 500]);
    expect(outcome.problems.map(({ message }) => message.text)).toContain("Behind the first place {0} tokens are listed instead of {1}: the text is long.");
  });
});

describe("chance", () => {
  test("is one number between the cumulative probabilities of its token", () => {
    const { uniform, below, upTo, ids } = explored(some);
    const random = seededRandom(7);
    ids.forEach((_, t) => {
      expect(uniform[t]).toBe(random());
      expect(below[t]).toBeLessThanOrEqual(uniform[t]);
      expect(upTo[t]).toBeGreaterThan(uniform[t]);
    });
  });

  test("has no number where the most probable token is taken", () => {
    expect(explored({ do_sample: false }).uniform.every((u) => Number.isNaN(u))).toBe(true);
  });

  test("stays for the places behind a token that the reader chose", () => {
    const free = explored(some);
    const token = tokenizer!.encode(" snow")[0];
    const branched = explored({ ...some, forced: `5:${token}` });
    expect(Array.from(branched.ids.slice(0, 6))).toEqual([...free.ids.slice(0, 5), token]);
    expect(Array.from(branched.uniform.slice(6))).toEqual(Array.from(free.uniform.slice(6)));
    expect(Number.isNaN(branched.uniform[5])).toBe(true);
    expect(branched.upTo[5] - branched.below[5]).toBeCloseTo(branched.probability[5], 12);
  });
});

describe("a run", () => {
  test("shows the first stages at once, then lets the text grow", () => {
    const { steps } = run(some);
    const shown = steps.filter(({ trace }) => trace !== undefined);
    expect(shown[0]).toMatchObject({ urgent: true });
    expect(shown.filter(({ urgent }) => urgent)).toHaveLength(1);
    expect(shown).toHaveLength(40);
  });

  test("in progress is drawn as far as it is", () => {
    const params = paramsOf(some);
    const lengths: number[] = [];
    for (const { trace } of decoding.run(inputOf(), params, envWith(params))) if (trace) lengths.push(trace().explore!.ids.length);
    expect(lengths).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
  });

  test("that is stopped keeps what it has", () => {
    let asked = 0;
    const { outcome } = run(some, inputOf(), { stopping: () => ++asked > 10 });
    expect(outcome).toMatchObject({ ok: true, trace: { explore: { finish: "stopped" } } });
    if (outcome.ok) expect([outcome.trace.explore!.ids.length, outcome.trace.explore!.at.length]).toEqual([10, 11]);
  });

  test("has one key for one prompt and source", () => {
    const key = traceFor(some).key;
    expect(traceFor({ temperature: 2, tab: "search", num_beams: 2 }).key).toBe(key);
    expect(traceFor({ ...some, prompt: "The" }).key).not.toBe(key);
  });
});

test("a longer prompt that goes on from a known one gives the numbers of a fresh reading", () => {
  const prompt = `${PROMPT} a wall`;
  traceFor({ do_sample: false, prompt: PROMPT });
  const at = explored({ do_sample: false, prompt, listed: 40 }).at[0];
  const state = model.start();
  feedAll(state, tokenizer!.encode(prompt));
  expect(Math.max(...Array.from(at.ids, (id, i) => Math.abs(state.logits[id] - at.scores[i])))).toBeLessThan(1e-5);
});

test("the order of the stages matters as the sentence says", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2 ** 31 }), fc.constantFrom(0.3, 0.7, 1.5), fc.constantFrom(0.5, 0.9), (seed, temperature, top_p) => {
      const patch = { temperature, top_p, top_k: 30, max_new_tokens: 1, random_state: seed } as const;
      const [here, there] = [explored(patch), explored({ ...patch, order: "llama.cpp" })];
      expect(here.other!.kept).toBe(there.at[0].kept.at(-1));
      expect(there.other!.kept).toBe(here.at[0].kept.at(-1));
      expect(here.other!.onlyHere).toEqual(there.other!.onlyThere);
    }),
    { seed: 3, numRuns: 10 },
  );
  expect(explored({ top_k: 5, temperature: 1 }).other).toBeNull();
});

test("what is left below the token taken is counted, listed or not", () => {
  const left = (patch: Partial<DecodingParams>) => Array.from(traceFor({ source: "given", do_sample: false, top_k: 0, listed: 5, ...patch }, inputOf('{"a": 1, "b": 1, "c": 3, "d": 0}')).explore!.leftBelow);
  expect(left({})).toEqual([2]);
  expect(left({ bad_words: "a" })).toEqual([1]);
  expect(left({ bad_words: "a;b" })).toEqual([0]);
});

test("the sum in the token-level gradient is that of its own numbers", () => {
  const { training } = traceFor({ tab: "training", alpha: 0.7, max_new_tokens: 12, do_sample: false });
  const { likelihood, gradients, pull } = training!;
  for (let t = 1; t < likelihood.length; t++) {
    const p = Math.exp(-likelihood[t]);
    expect(gradients[t].token[0]).toBeCloseTo(p - 1 - 0.7 * p * pull[t], 9);
  }
});
