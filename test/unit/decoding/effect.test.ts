import { describe, expect, test } from "vitest";
import { format } from "../../../src/core/contract/index.js";
import type { DistributionEffect } from "../../../src/core/decoding/effectTypes.js";
import { inputOf, PROMPT, tiny, traceFor } from "./explainerSupport.js";
import { bits, byValue, effectAs, effectOf, idsOf, logitsBehind, nameOf, only, planOf, softmax } from "./effectSupport.js";

const logits = logitsBehind();
const ranked = byValue(logits);
const ids = idsOf(PROMPT);
/** What the library's default of top_k leaves. */
const fifty = only(logits, ranked.slice(0, 50));

/** Every number of an effect, against two lists of scores. */
function expectScores(effect: DistributionEffect, before: readonly number[], after: readonly number[]): void {
  const [p, q] = [softmax(before), softmax(after)];
  const left = (scores: readonly number[]) => scores.filter((score) => score !== -Infinity).length;
  expect(effect.kept).toEqual([left(before), left(after)]);
  expect(effect.entropy[0]).toBeCloseTo(bits(p), 9);
  expect(effect.entropy[1]).toBeCloseTo(bits(q), 9);
  expect(effect.keptMass).toBeCloseTo(p.reduce((sum, each, id) => (after[id] === -Infinity ? sum : sum + each), 0), 9);
  expect(effect.best).toEqual([nameOf(byValue(p)[0]), nameOf(byValue(q)[0])]);
  const listed = effect.rows.map(({ name }) => ids.concat(ranked).find((id) => nameOf(id) === name)!);
  effect.rows.forEach((row, i) => {
    const id = listed[i];
    expect(row.before).toBeCloseTo(p[id], 9);
    expect(row.after).toBeCloseTo(q[id], 9);
    expect(row.struck).toBe(before[id] !== -Infinity && after[id] === -Infinity);
  });
  const beside = (values: readonly number[]) => values.reduce((sum, each, id) => (listed.includes(id) ? sum : sum + each), 0);
  expect(effect.rest.before).toBeCloseTo(beside(p), 9);
  expect(effect.rest.after).toBeCloseTo(beside(q), 9);
  expect(effect.rest.keptAfter).toBe(after.filter((score, id) => score !== -Infinity && !listed.includes(id)).length);
}

describe("the effect of a parameter of the distribution", () => {
  test("is the built-in model's behind the default prompt, where nothing else is shown", () => {
    const { place, vocabularySize } = effectAs("distribution", '{"do_sample": true, "temperature": 0.7}', "temperature");
    expect(place).toEqual({ after: "…the sea, and past", source: "model", name: "", behind: 0, writer: "greedy" });
    expect(vocabularySize).toBe(2048);
  });

  test("divides the logits by the temperature, among the tokens that the other parameters leave", () => {
    const cold = effectAs("distribution", '{"do_sample": true, "temperature": 0.7}', "temperature");
    expectScores(cold, fifty, fifty.map((score) => score / 0.7));
    expect(cold.rows.map(({ name }) => name)).toEqual(ranked.slice(0, 8).map(nameOf));
    expect(cold.labels).toEqual(["temperature 1", "temperature 0.7"]);
    expectScores(effectAs("distribution", '{"do_sample": true, "temperature": 2.5, "top_k": 0}', "temperature"), logits, logits.map((score) => score / 2.5));
  });

  test("keeps top_k tokens, and strikes out the others", () => {
    const effect = effectAs("distribution", '{"do_sample": true, "top_k": 5}', "top_k");
    expectScores(effect, logits, only(logits, ranked.slice(0, 5)));
    expect(effect.rows.map(({ struck }) => struck)).toEqual([false, false, false, false, false, true, true, true]);
  });

  test("keeps the fewest tokens that have top_p, behind the temperature", () => {
    const scaled = fifty.map((score) => score / 0.7);
    const p = softmax(scaled);
    let sum = 0;
    const nucleus = ranked.filter((id) => {
      const wanted = sum < 0.6;
      sum += p[id];
      return wanted;
    });
    const effect = effectAs("distribution", '{"do_sample": true, "temperature": 0.7, "top_p": 0.6}', "top_p");
    expectScores(effect, scaled, only(scaled, nucleus));
    expect(effect.keptMass).toBeGreaterThanOrEqual(0.6);
  });

  test("drops what is less than min_p times the best", () => {
    const p = softmax(fifty);
    const most = Math.max(...p);
    expectScores(effectAs("distribution", '{"do_sample": true, "min_p": 0.1}', "min_p"), fifty, fifty.map((score, id) => (p[id] >= 0.1 * most ? score : -Infinity)));
  });

  test("penalises the tokens of the prompt by their logits, and in beam search by their log-probabilities", () => {
    const penalised = (scores: readonly number[]) => scores.map((score, id) => (!ids.includes(id) ? score : score > 0 ? score / 1.2 : score * 1.2));
    const alone = effectAs("distribution", '{"repetition_penalty": 1.2}', "repetition_penalty");
    expectScores(alone, logits, penalised(logits));
    expect(alone.best).toEqual(["·the", "·they"]);
    const logs = softmax(logits).map(Math.log);
    expectScores(effectAs("distribution", '{"num_beams": 4, "repetition_penalty": 1.2}', "repetition_penalty"), logs, penalised(logs));
  });

  test("changes nothing where it is neutral, and is then one column", () => {
    const effect = effectAs("distribution", '{"do_sample": true, "top_p": 1.0}', "top_p");
    expect([effect.same, effect.kept]).toEqual([true, [50, 50]]);
    expect(effect.picture.svg.match(/top_p/g)).toHaveLength(1);
  });

  test("forbids the end of a text that is too short, and lists it", () => {
    const eos = tiny.eos[0];
    const effect = effectAs("distribution", '{"min_new_tokens": 3}', "min_new_tokens");
    expectScores(effect, logits, logits.map((score, id) => (id === eos ? -Infinity : score)));
    expect(effect.rows.find(({ struck }) => struck)?.name).toBe(nameOf(eos));
    expect(effectAs("distribution", '{"min_length": 3}', "min_length").same).toBe(true);
  });

  test("compares drawing with taking the best, either way", () => {
    const drawn = effectAs("distribution", '{"do_sample": true, "temperature": 0.7}', "do_sample");
    const p = softmax(fifty.map((score) => score / 0.7));
    expect([drawn.kept, drawn.entropy[0], drawn.rows[0].before]).toEqual([[1, 50], 0, 1]);
    expect(drawn.entropy[1]).toBeCloseTo(bits(p), 9);
    const greedy = effectAs("distribution", '{"do_sample": false}', "do_sample");
    expect([greedy.kept, greedy.labels, greedy.rows.filter(({ struck }) => !struck).map(({ name }) => name)]).toEqual([[50, 1], ["do_sample true", "do_sample false"], ["·the"]]);
  });

  test("lowers for the second group of beams what the first begins with", () => {
    const logs = softmax(logits).map(Math.log);
    const first = ranked.slice(0, 2);
    const effect = effectAs("distribution", '{"num_beams": 6, "num_beam_groups": 3, "diversity_penalty": 0.5}', "diversity_penalty");
    expectScores(effect, logs, logs.map((score, id) => (first.includes(id) ? score - 0.5 : score)));
    expect(effect.marked).toEqual(first.map(nameOf));
  });

  test("follows the prompt and the source that the explorer shows", () => {
    const there = effectAs("distribution", '{"do_sample": true, "top_k": 5}', "top_k", { params: { prompt: "Once upon a" } });
    const own = logitsBehind("Once upon a");
    expect([there.place.after, there.rows[0].name]).toEqual(["Once upon a", nameOf(byValue(own)[0])]);
    const selected = inputOf('{"a": 0.5, "b": 0.3, "c": 0.2}', '{"a": 0.5, "b": 0.3, "c": 0.2}');
    const given = effectAs("distribution", '{"do_sample": true, "top_k": 2}', "top_k", { params: { source: "given" }, input: selected });
    expect(given.place).toMatchObject({ after: "", source: "given", name: "notes.txt" });
    expect(given.rows.map(({ name, struck }) => [name, struck])).toEqual([["a", false], ["b", false], ["c", true]]);
    expect(given.rows.map(({ after }) => after)).toEqual([expect.closeTo(0.625, 9), expect.closeTo(0.375, 9), 0]);
    expect(given.rest).toMatchObject({ keptBefore: 0, keptAfter: 0 });
  });

  test("is none where every token is removed", () => {
    const selected = inputOf('{"a": 0.5, "b": 0.5}', '{"a": 0.5, "b": 0.5}');
    const effect = effectOf('{"no_repeat_ngram_size": 1}', "no_repeat_ngram_size", { params: { source: "given", prompt: "a b" }, input: selected });
    expect(effect.kind === "nothing" && format(effect.why)).toBe("No token is left here: every one is removed. (by the numbers of notes.txt)");
  });
});

describe("the effect of no_repeat_ngram_size", () => {
  const threeTimes = "the sea and the sky and the";

  /** The tokens behind earlier occurrences of the last n − 1 ones. */
  const banned = (list: readonly number[], n: number): number[] => {
    const end = list.slice(list.length - n + 1).join(" ");
    return list.flatMap((id, i) => (i >= n - 1 && list.slice(i - n + 1, i).join(" ") === end ? [id] : []));
  };

  test("bans behind the prompt what would repeat an n-gram of it", () => {
    const list = idsOf(threeTimes);
    const own = logitsBehind(threeTimes);
    const names = new Set(banned(list, 3).map(nameOf));
    const effect = effectAs("distribution", '{"no_repeat_ngram_size": 3}', "no_repeat_ngram_size", { params: { prompt: threeTimes } });
    expect(names.size).toBeGreaterThan(0);
    expect(new Set(effect.marked)).toEqual(names);
    expect(new Set(effect.rows.filter(({ struck }) => struck).map(({ name }) => name))).toEqual(names);
    expectScores(effect, own, own.map((score, id) => (banned(list, 3).includes(id) ? -Infinity : score)));
    expect(effect.place.behind).toBe(0);
  });

  test("is drawn in the text behind the prompt where nothing is banned right behind it", () => {
    const text = idsOf(" and the sea, and past the old king looked");
    const whole = [...ids, ...text];
    const at = whole.findIndex((id, i) => i >= ids.length && banned(whole.slice(0, i), 3).includes(id));
    expect(banned(ids, 3)).toEqual([]);
    const effect = effectAs("distribution", '{"no_repeat_ngram_size": 3}', "no_repeat_ngram_size", { text });
    expect([effect.place.behind, effect.place.writer]).toEqual([at - ids.length, "explorer"]);
    expect(effect.marked).toContain(nameOf(whole[at]));
    const own = logitsBehind(PROMPT, text.slice(0, at - ids.length));
    expect(effect.entropy[0]).toBeCloseTo(bits(softmax(own)), 5);
  });

  test("writes a text greedily where none is shown, and says so", () => {
    const written = traceFor({ do_sample: false, temperature: 1, top_k: 0, max_new_tokens: 40 }).explore!.ids;
    const whole = [...ids, ...written];
    const at = whole.findIndex((id, i) => i >= ids.length && banned(whole.slice(0, i), 3).includes(id));
    const effect = effectAs("distribution", '{"no_repeat_ngram_size": 3}', "no_repeat_ngram_size");
    expect(effect.place).toMatchObject({ behind: at - ids.length, writer: "greedy" });
    expect(effect.marked).toContain(nameOf(whole[at]));
  });

  test("says that nothing is banned where nothing repeats", () => {
    const effect = effectOf('{"no_repeat_ngram_size": 50}', "no_repeat_ngram_size");
    expect(effect.kind === "nothing" && format(effect.why)).toMatch(/^No 50 tokens in a row occur twice in the prompt and the \d+ tokens behind it/);
  });
});

describe("the effect of any value", () => {
  const drawn = ["temperature", "top_k", "top_p", "min_p", "top_h", "typical_p", "epsilon_cutoff", "eta_cutoff", "repetition_penalty", "encoder_repetition_penalty", "no_repeat_ngram_size", "min_new_tokens", "do_sample", "num_beams", "length_penalty", "penalty_alpha", "diversity_penalty"];
  const bases = ["", '"do_sample": true, ', '"num_beams": 6, "num_beam_groups": 2, ', '"num_beams": 3, "do_sample": true, ', '"penalty_alpha": 0.5, "top_k": 3, '];

  test.each(drawn)("of %s is of numbers, and a picture of them", (name) => {
    let count = 0;
    for (const base of bases) {
      for (const value of ["0", "1", "0.0001", "0.5", "1.0", "3", "1000000", "1e300", "-2.5", "true", "false"]) {
        const text = `{${base}"${name}": ${value}}`;
        if (!planOf(text, name).question) continue;
        const answer = effectOf(text, name);
        count++;
        expect(JSON.stringify(answer, (_, each: unknown) => (typeof each === "number" && Number.isNaN(each) ? "not a number" : each)), text).not.toMatch(/not a number|NaN|undefined/);
        if (answer.kind !== "distribution") continue;
        expect(answer.kept[1], text).toBeGreaterThan(0);
        expect(answer.rows.reduce((sum, { after }) => sum + after, answer.rest.after), text).toBeCloseTo(1, 9);
        expect(answer.keptMass, text).toBeLessThanOrEqual(1);
      }
    }
    expect(count).toBeGreaterThan(0);
  });
});

describe("what is drawn of a search", () => {
  test("num_beams: the tokens that beam search begins with", () => {
    const effect = effectAs("candidates", '{"num_beams": 4}', "num_beams");
    const search = traceFor({ tab: "search", num_beams: 4, do_sample: false, top_k: 0, max_new_tokens: 2 }).search;
    if (search?.kind !== "beams") throw new Error("no beams");
    const [{ candidates, running }] = search.steps[0];
    expect(effect.rows.filter(({ taken }) => taken).map(({ name }) => name)).toEqual(Array.from(running, (i) => nameOf(candidates[i].token)));
    expect([effect.taken, effect.looked]).toEqual([4, candidates.length]);
    expect(effect.mass).toBeCloseTo(Array.from(running).reduce((sum, i) => sum + Math.exp(candidates[i].logProbability), 0), 9);
    const many = effectAs("candidates", '{"num_beams": 200}', "num_beams");
    expect([many.taken, many.rows.length]).toEqual([200, 12]);
    expect(many.mass).toBeCloseTo(ranked.filter((id) => !tiny.eos.includes(id)).slice(0, 200).reduce((sum, id) => sum + softmax(logits)[id], 0), 9);
  });

  test("penalty_alpha: the score of each candidate, and which is taken", () => {
    const text = '{"penalty_alpha": 0.6, "top_k": 4}';
    const effect = effectAs("contrastive", text, "penalty_alpha");
    const search = traceFor({ tab: "search", penalty_alpha: 0.6, top_k: 4, do_sample: false, max_new_tokens: 2 }).search;
    if (search?.kind !== "contrastive") throw new Error("no candidates");
    const [step] = search.steps;
    expect(effect.rows.map(({ name }) => name)).toEqual(step.token.map(nameOf));
    effect.rows.forEach((row, i) => {
      expect(row.probability).toBeCloseTo(step.probability[i], 9);
      expect(row.similarity).toBeCloseTo(step.penalty[i], 9);
      expect(row.score).toBeCloseTo(0.4 * step.probability[i] - 0.6 * step.penalty[i], 9);
    });
    expect(effect.selected).toBe(step.selected);
    // Another alpha weighs the same candidates.
    expect(effectAs("contrastive", '{"penalty_alpha": 0.01, "top_k": 4}', "penalty_alpha").selected).toBe(0);
    expect(effectAs("candidates", text, "top_k").rows.filter(({ taken }) => taken).map(({ name }) => name)).toEqual(step.token.map(nameOf));
  });

  test("length_penalty: a sum over three lengths, without a model", () => {
    const { rows, sum } = effectAs("lengths", '{"num_beams": 4, "length_penalty": 1.5}', "length_penalty");
    expect(sum).toBe(-12);
    expect(rows.map(({ length }) => length)).toEqual([10, 20, 40]);
    for (const { length, score, byDefault } of rows) {
      expect(score).toBeCloseTo(-12 / Math.exp(1.5 * Math.log(length)), 12);
      expect(byDefault).toBeCloseTo(-12 / length, 12);
    }
  });
});
