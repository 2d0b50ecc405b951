import { describe, expect, test } from "vitest";
import { format } from "../../../src/core/contract/index.js";
import type { DecodingParams } from "../../../src/core/decoding/params.js";
import { sequenceUnlikelihood, tokenUnlikelihood } from "../../../src/core/decoding/unlikelihood.js";
import { finishRun } from "../../../src/core/decoding/strategies/events.js";
import { beamSearch } from "../../../src/core/decoding/strategies/beamSearch.js";
import { contrastiveSearch } from "../../../src/core/decoding/strategies/contrastive.js";
import type { DecodingTrace, SearchPart } from "../../../src/core/decoding/trace.js";
import { feedAll } from "../../../src/core/models/languageModel.js";
import { inputOf, problemsFor, PROMPT, run, tiny, traceFor } from "./explainerSupport.js";

const { model } = tiny;
const tokenizer = tiny.tokenizer!;
const prompt = tokenizer.encode(PROMPT);
type Beams = Extract<SearchPart, { kind: "beams" }>;
type Contrastive = Extract<SearchPart, { kind: "contrastive" }>;

function searched<Kind extends SearchPart["kind"]>(kind: Kind, patch: Partial<DecodingParams>): Extract<SearchPart, { kind: Kind }> {
  const { search } = traceFor({ tab: "search", do_sample: false, max_new_tokens: 12, ...patch });
  if (search?.kind !== kind) throw new Error(`It is ${search?.kind}.`);
  return search as Extract<SearchPart, { kind: Kind }>;
}

describe("the search with beams", () => {
  const ways: [string, Partial<DecodingParams>][] = [
    ["plain", { num_beams: 4 }],
    ["of long texts", { num_beams: 3, length_penalty: 2, no_repeat_ngram_size: 2 }],
    ["with sampling", { num_beams: 3, do_sample: true, top_k: 20 }],
    ["in groups", { num_beams: 6, num_beam_groups: 3, diversity_penalty: 1 }],
  ];

  test.each(ways)("%s: rows follow from rows", (_, patch) => {
    const { steps, width, groups } = searched("beams", patch);
    for (let group = 0; group < groups; group++) {
      let sums = [0];
      for (const step of steps) {
        const { candidates, running } = step[group];
        for (const { parent, sum, logProbability } of candidates) expect(sum).toBeCloseTo(sums[parent] + logProbability, 9);
        expect(running.length).toBeLessThanOrEqual(width / groups);
        sums = Array.from(running, (i) => candidates[i].sum);
        expect(sums).toEqual([...sums].sort((a, b) => b - a));
        expect(Array.from(running).every((i) => candidates[i].fate === "running")).toBe(true);
      }
    }
  });

  test.each(ways)("%s: a finished text can be followed through the steps", (_, patch) => {
    const { steps, finished, lengthPenalty } = searched("beams", patch);
    expect(finished.length).toBeGreaterThan(0);
    for (const { ids, path, group, sum, score, length, text } of finished) {
      const along = Array.from(path, (i, t) => steps[t][group].candidates[i]);
      expect(along.map(({ token }) => token)).toEqual(Array.from(ids));
      expect(along.at(-1)!.sum).toBeCloseTo(sum, 12);
      expect(along.reduce((total, { logProbability }) => total + logProbability, 0)).toBeCloseTo(sum, 9);
      expect(score).toBeCloseTo(sum / length ** lengthPenalty, 12);
      expect(text).toBe(tokenizer.decode(Array.from(ids)));
      for (let t = 1; t < path.length; t++) expect(steps[t - 1][group].running[along[t].parent]).toBe(path[t - 1]);
    }
    expect(finished.filter(({ returned }) => returned)).toHaveLength(1);
    expect(finished.map(({ score }) => score)).toEqual(finished.map(({ score }) => score).sort((a, b) => b - a));
  });

  test("finds what the tested library finds", () => {
    const { sequences } = finishRun(beamSearch(model, prompt, { num_beams: 4, max_new_tokens: 12, eos_token_id: tiny.eos }), () => 0).result;
    expect(Array.from(searched("beams", { num_beams: 4 }).finished[0].ids)).toEqual(sequences[0].tokens.slice(prompt.length));
  });

  test("is seen as it grows, and can be stopped", () => {
    let asked = 0;
    const { steps, outcome } = run({ tab: "search", do_sample: false, num_beams: 3 }, inputOf(), { stopping: () => ++asked >= 5 });
    expect(steps.filter(({ trace }) => trace !== undefined)).toHaveLength(5);
    expect(outcome).toMatchObject({ ok: true, trace: { search: { finish: "stopped" } } });
    if (outcome.ok) expect((outcome.trace.search as Beams).steps).toHaveLength(5);
  });
});

describe("contrastive search", () => {
  const part: Contrastive = searched("contrastive", { penalty_alpha: 0.6, top_k: 4 });

  test("is that of the tested library", () => {
    const { sequence } = finishRun(contrastiveSearch(model, prompt, { penalty_alpha: 0.6, top_k: 4, max_new_tokens: 12, eos_token_id: tiny.eos }), () => 0).result;
    expect(Array.from(part.ids)).toEqual(sequence);
  });

  test("weighs as its formula says", () => {
    for (const { probability, penalty, score, selected, token } of part.steps) {
      expect(token).toHaveLength(4);
      score.forEach((value, i) => expect(value).toBeCloseTo(0.4 * probability[i] - 0.6 * penalty[i], 12));
      expect(score[selected]).toBe(Math.max(...score));
      expect(Array.from(probability)).toEqual(Array.from(probability).sort((a, b) => b - a));
    }
  });

  test("has the cosines of all hidden states", () => {
    const states: Float64Array[] = [];
    feedAll(model.start(), part.ids, { hidden: (_, position, values) => (states[position] = Float64Array.from(values)) });
    const T = part.ids.length;
    const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, v, i) => sum + v * b[i], 0);
    let worst = 0;
    for (let i = 0; i < T; i++) {
      for (let j = 0; j < T; j++) worst = Math.max(worst, Math.abs(part.similarity[i * T + j] - dot(states[i], states[j]) / Math.sqrt(dot(states[i], states[i]) * dot(states[j], states[j]))));
    }
    expect(worst).toBeLessThan(1e-5);
    part.steps.forEach(({ nearest, penalty, selected }, t) => expect(part.similarity[(prompt.length + t) * T + nearest[selected]]).toBeCloseTo(penalty[selected], 5));
  });

  test("needs hidden states", () => {
    const [problem] = problemsFor({ tab: "search", source: "words", do_sample: false, penalty_alpha: 0.6, top_k: 4 }, inputOf("a b c a b d"));
    expect(problem.fixes!.map(({ params }) => params)).toEqual([{ source: "model" }, { num_beams: 4, penalty_alpha: 0 }]);
  });
});

test("parameters that search nothing give no search", () => {
  expect(traceFor({ tab: "search" }).search).toEqual({ kind: "none" });
});

describe("comparing", () => {
  const strategies = JSON.stringify([
    { name: "greedy", config: { do_sample: false } },
    { name: "faulty", config: { do_sample: true, temperature: 0 } },
    { name: "unknown", config: { temprature: 1 } },
    { config: { do_sample: true, top_k: 0, temperature: 1.5 } },
    { name: "beams", config: { num_beams: 2, max_new_tokens: 5 } },
    { name: "none" },
  ]);
  const part = traceFor({ tab: "compare", strategies, samples: 3, max_new_tokens: 10, prompts: "The sea\n\nA ship sailed" }).compare!;
  const row = (i: number) => part.strategies[i];

  test("runs each strategy, and those that can't run do not stop the others", () => {
    expect(part.strategies.map(({ name }) => name)).toEqual(["greedy", "faulty", "unknown", "4", "beams", "none"]);
    expect(part.strategies.map(({ ids }) => ids.length)).toEqual([10, 0, 0, 10, 5, 0]);
    expect(part.strategies.map(({ problem }) => problem && format(problem))).toEqual([
      null,
      "temperature must be above 0. For the most probable token each time, set do_sample to false.",
      "There is no parameter temprature. Did you mean temperature?",
      null, null,
      'Strategy 6 has no config. Write {"name": "…", "config": {"do_sample": true}}.',
    ]);
    expect(part.strategies.map(({ strategy }) => strategy).slice(0, 5)).toEqual(["greedy", "sampling", "greedy", "sampling", "beam"]);
  });

  test("begins with the text of the first tab", () => {
    expect(Array.from(row(0).ids)).toEqual(Array.from(traceFor({ do_sample: false, max_new_tokens: 10 }).explore!.ids));
  });

  test("judges every text by the model's own probabilities", () => {
    const { explore } = traceFor({ do_sample: false, max_new_tokens: 10 });
    row(0).modelProbability.forEach((p, t) => expect(p).toBeCloseTo(explore!.modelProbability[t], 5));
    expect(row(0).metrics.perplexity).toBeCloseTo(explore!.metrics.perplexity!, 4);
    expect({ ...row(0).metrics, perplexity: 0 }).toEqual({ ...explore!.metrics, perplexity: 0 });
  });

  test("holds samples of the prompt and texts of other prompts against one another", () => {
    expect(part.prompts).toEqual(["The sea", "A ship sailed"]);
    expect(row(0).samePrompt).toMatchObject({ likeness: 1 });
    expect(new Set(row(0).samePrompt.texts).size).toBe(1);
    expect(new Set(row(3).samePrompt.texts).size).toBe(3);
    expect(row(3).samePrompt.likeness).toBeLessThan(0.5);
    const { texts, likeness } = row(0).otherPrompts;
    const [a, b] = texts.map((text) => tokenizer.encode(text)).map((ids) => ids.slice(1).map((id, i) => `${ids[i]} ${id}`));
    const shared = [...new Set(a)].reduce((sum, pair) => sum + Math.min(a.filter((each) => each === pair).length, b.filter((each) => each === pair).length), 0);
    expect(likeness).toBeCloseTo((2 * shared) / (a.length + b.length), 12);
  });

  test("has four ways where none are named", () => {
    const four = traceFor({ tab: "compare", samples: 1, max_new_tokens: 3 }).compare!;
    expect(four.strategies.map(({ strategy }) => strategy)).toEqual(["greedy", "beam", "contrastive", "sampling"]);
    expect(four.strategies.map(({ samePrompt }) => samePrompt.likeness)).toEqual([null, null, null, null]);
  });

  test("on n-grams tells why contrastive search can't be had", () => {
    const rows = traceFor({ tab: "compare", source: "words", samples: 1, max_new_tokens: 3 }, inputOf("a b c a b d a b c")).compare!.strategies;
    expect(rows.map(({ problem }) => problem !== null)).toEqual([false, false, true, false]);
  });

  test.each([
    ["[{", "The strategies are not valid JSON (line 1, column 3). Write a list such as"],
    ["[\n  {,}]", "(line 2, column 4)"],
    ["{}", "The strategies must be a list such as"],
    [JSON.stringify(Array.from({ length: 7 }, () => ({}))), "There are 7 strategies, but at most 6 are compared. Remove some."],
  ])("refuses %s with its place", (text, sentence) => {
    const [problem] = problemsFor({ tab: "compare", strategies: text });
    expect(format(problem.message)).toContain(sentence);
    expect(problem.fixes![0].params).toEqual({ strategies: "" });
  });

  test.each<[object, string]>([
    [{ do_sample: "yes" }, 'do_sample must be true or false, not "yes".'],
    [{ early_stopping: "always" }, 'early_stopping must be true, false or "never", not "always".'],
    [{ top_k: "5" }, 'top_k must be a number, not "5".'],
    [{ bad_words_ids: [5] }, "bad_words_ids must be a list of lists of token ids, not [5]."],
    [{ suppress_tokens: [-1] }, "suppress_tokens must be a list of token ids, not [-1]."],
    [{ num_beams: 4, num_beam_groups: 3 }, "num_beams (4) must be a multiple of num_beam_groups (3). Change one of them."],
  ])("says what is wrong with %j", (config, sentence) => {
    const [only] = traceFor({ tab: "compare", strategies: JSON.stringify([{ name: "x", config }]) }).compare!.strategies;
    expect(format(only.problem!)).toBe(sentence);
  });
});

describe("training", () => {
  const patch: Partial<DecodingParams> = { tab: "training", do_sample: false, prompt: "He went on and on and on and", max_new_tokens: 40, alpha: 0.7 };
  const trace: DecodingTrace = traceFor(patch);
  const part = trace.training!;
  const ids = Array.from(part.ids);
  const T = ids.length;
  /** [T, V] the logits that predict each token; the first row predicts nothing. */
  const logits = new Float64Array(T * 2048);
  feedAll(model.start(), ids, { logits: (position, values) => position + 1 < T && logits.set(values, (position + 1) * 2048) });

  test("is about the text of the first tab", () => {
    const { explore } = traceFor({ ...patch, tab: "explore" });
    expect(ids.slice(part.promptLength)).toEqual(Array.from(explore!.ids));
    expect(part.text).toBe(`${patch.prompt}${explore!.text}`);
    expect(part.ends[T - 1]).toBe(part.text.length);
  });

  test("has the losses and gradients of the whole text", () => {
    const whole = tokenUnlikelihood(logits, ids, 0.7);
    // The first token is predicted by nothing.
    const first = whole.likelihood[0] + 0.7 * whole.unlikelihood[0];
    expect(part.tokenLoss).toBeCloseTo(whole.loss - first, 6);
    expect(Number.isNaN(part.likelihood[0])).toBe(true);
    for (let t = 1; t < T; t++) {
      expect(part.likelihood[t]).toBeCloseTo(whole.likelihood[t], 6);
      expect(part.unlikelihood[t]).toBeCloseTo(whole.unlikelihood[t], 6);
      expect(part.candidates[t]).toEqual(whole.candidates[t]);
      const { ids: shown, token } = part.gradients[t];
      expect(shown[0]).toBe(ids[t]);
      shown.forEach((id, i) => expect(token[i]).toBeCloseTo(whole.gradient[t * 2048 + id], 6));
    }
  });

  test("at sentence level is about what was written", () => {
    const written = sequenceUnlikelihood(logits.subarray(part.promptLength * 2048), ids.slice(part.promptLength), 4);
    expect(Array.from(part.sequenceMask)).toEqual([...Array.from({ length: part.promptLength }, () => 0), ...written.mask]);
    expect(part.sequenceLoss).toBeCloseTo(written.loss, 6);
    expect(part.sequenceLoss).toBeGreaterThan(0);
    const masked = part.sequenceMask.lastIndexOf(1);
    const { ids: shown, sequence } = part.gradients[masked];
    shown.forEach((id, i) => expect(sequence[i]).toBeCloseTo(written.gradient[(masked - part.promptLength) * 2048 + id], 6));
  });

  test("keeps the largest gradients", () => {
    const { ids: shown, token } = part.gradients[20];
    const { gradient } = tokenUnlikelihood(logits, ids, 0.7);
    const row = gradient.slice(20 * 2048, 21 * 2048);
    const least = Math.min(...token.slice(1).map(Math.abs));
    const larger = Array.from(row.keys()).filter((id) => Math.abs(row[id]) > least + 1e-9 && !shown.includes(id));
    expect(larger).toEqual([]);
    expect(shown.length).toBe(13);
  });

  test("pushes hidden states apart", () => {
    const { lossBefore, lossAfter, before, after, margin } = part.contrastive!;
    expect(margin).toBe(0.5);
    expect(lossAfter).toBeLessThan(lossBefore);
    const meanOf = (map: Float32Array) => map.reduce((sum, s, at) => sum + (Math.floor(at / T) === at % T ? 0 : Math.max(0, 0.5 - 1 + s)), 0) / (T * (T - 1));
    expect([meanOf(before), meanOf(after)].map((v, i) => Math.abs(v - [lossBefore, lossAfter][i]) < 1e-5)).toEqual([true, true]);
  });

  test("shows what filters take out", () => {
    for (const { removed, text } of part.filters) {
      expect(text.length).toBe(part.text.length - removed.reduce((sum, { start, end }) => sum + end - start, 0));
    }
    expect(part.filters[2].removed.length).toBeGreaterThan(0);
  });

  test("on n-grams has no hidden states", () => {
    expect(traceFor({ ...patch, source: "words", prompt: "" }, inputOf("a b c a b d a b c ".repeat(5))).training!.contrastive).toBeNull();
  });
});
