import * as fc from "../../support/fastCheck.js";
import { describe, expect, test } from "vitest";
import type { GenerationConfig } from "../../../src/core/decoding/config.js";
import { distributionOf } from "../../../src/core/decoding/distribution.js";
import { beamSearch, type BeamStep } from "../../../src/core/decoding/strategies/beamSearch.js";
import { drawnChoices } from "../../../src/core/decoding/strategies/choices.js";
import { contrastiveSearch } from "../../../src/core/decoding/strategies/contrastive.js";
import { finishRun } from "../../../src/core/decoding/strategies/events.js";
import { generate, pickAt, roomFor, type TokenStep } from "../../../src/core/decoding/strategies/generate.js";
import { seededRandom } from "../../../src/core/math/random.js";
import { tableModel } from "../../oracle/decodingModels.js";
import { randomTable, toyModel } from "./helpers.js";

const sequenceOf = (model: ReturnType<typeof toyModel>, prompt: number[], config: GenerationConfig) => finishRun(generate(model, prompt, config), () => 0).result.sequence;
const models = fc.record({ seed: fc.integer({ min: 1, max: 1e6 }), size: fc.integer({ min: 2, max: 30 }) });

describe("equivalences", () => {
  test("beam search with one beam is greedy search", () => {
    fc.assert(
      fc.property(models, fc.boolean(), fc.constantFrom(undefined, 1.3), fc.constantFrom(0, 2), ({ seed, size }, ends, repetition, ngram) => {
        const model = toyModel(seed, size);
        // A raw score of another sign is penalised in another way than a log-probability, so the penalty is left out there.
        const config: GenerationConfig = { max_new_tokens: 12, no_repeat_ngram_size: ngram, suppress_tokens: repetition ? [0] : [], eos_token_id: ends ? size - 1 : undefined };
        const { sequences, finish } = finishRun(beamSearch(model, [0], config), () => 0).result;
        const greedy = finishRun(generate(model, [0], config), () => 0).result;
        if (greedy.finish === "no token") expect(finish).toBe("no token");
        else expect(sequences[0].tokens).toEqual(greedy.sequence);
      }),
      { seed: 5, numRuns: 200 },
    );
  });

  test("contrastive search with alpha 0 is greedy search", () => {
    fc.assert(
      fc.property(models, fc.integer({ min: 1, max: 8 }), ({ seed, size }, k) => {
        const model = toyModel(seed, size);
        const contrastive = finishRun(contrastiveSearch(model, [1, 0], { max_new_tokens: 10, penalty_alpha: 0, top_k: k }), () => 0).result;
        expect(contrastive.sequence).toEqual(sequenceOf(model, [1, 0], { max_new_tokens: 10 }));
      }),
      { seed: 6, numRuns: 100 },
    );
  });

  test("sampling with top_k 1 is greedy search, whatever the numbers", () => {
    const model = toyModel(3, 20);
    const random = seededRandom(1);
    const run = generate(model, [1], { do_sample: true, top_k: 1, max_new_tokens: 30 }, { random });
    expect(finishRun(run, () => 0).result.sequence).toEqual(sequenceOf(model, [1], { max_new_tokens: 30 }));
  });

  test("groups of diverse beam search without a penalty do the same", () => {
    const { groups } = finishRun(beamSearch(toyModel(8, 15), [2], { num_beams: 6, num_beam_groups: 3, diversity_penalty: 0, max_new_tokens: 6 }), () => 0).result;
    expect(groups[1]).toEqual(groups[0]);
    expect(groups[2]).toEqual(groups[0]);
  });

  test("a large diversity penalty makes groups choose different first tokens", () => {
    const { steps } = finishRun(beamSearch(toyModel(8, 15), [2], { num_beams: 3, num_beam_groups: 3, diversity_penalty: 100, max_new_tokens: 4 }), (step) => step);
    expect(new Set(steps[0].groups.map(({ running }) => running[0].tokens[1])).size).toBe(3);
  });
});

describe("beam search", () => {
  /** All texts of n tokens with their sums of log-probabilities, the best first. */
  function exhaustive(table: Float64Array[], prompt: number, n: number): { tokens: number[]; sum: number }[] {
    let texts = [{ tokens: [prompt], sum: 0 }];
    for (let t = 0; t < n; t++) {
      texts = texts.flatMap(({ tokens, sum }) => {
        const { probabilities } = distributionOf(table[tokens[tokens.length - 1]]);
        return Array.from(probabilities, (p, token) => ({ tokens: [...tokens, token], sum: sum + Math.log(p) }));
      });
    }
    return texts.sort((a, b) => b.sum - a.sum);
  }

  test("with a beam for every text finds the best texts of all", () => {
    const table = randomTable(4, 4, 4);
    const { sequences } = finishRun(beamSearch(tableModel(table), [0], { num_beams: 256, num_return_sequences: 10, length_penalty: 0, max_new_tokens: 4 }), () => 0).result;
    const best = exhaustive(table, 0, 4);
    expect(sequences.map(({ tokens }) => tokens)).toEqual(best.slice(0, 10).map(({ tokens }) => tokens));
    sequences.forEach(({ score }, i) => expect(score).toBeCloseTo(best[i].sum, 10));
  });

  test("traces every step: candidates sorted, fates that add up, sums of what was chosen", () => {
    const size = 12;
    const config: GenerationConfig = { num_beams: 3, num_return_sequences: 3, max_new_tokens: 8, eos_token_id: size - 1 };
    const table = randomTable(21, size, size);
    const { steps, result } = finishRun(beamSearch(tableModel(table), [1], config), (step: BeamStep) => step);
    steps.forEach(({ groups: [{ candidates, running, finished }] }, i) => {
      const sums = candidates.map(({ sum }) => sum);
      expect(sums).toEqual([...sums].sort((a, b) => b - a));
      expect(candidates.length).toBeLessThanOrEqual(6);
      expect(candidates.filter(({ fate }) => fate === "running")).toHaveLength(running.length);
      expect(finished.length).toBeLessThanOrEqual(3);
      for (const { tokens, sum, origins } of running) {
        expect(tokens).toHaveLength(i + 2);
        expect(origins).toHaveLength(i + 1);
        const expected = tokens.slice(1).reduce((total, token, t) => total + Math.log(distributionOf(table[tokens[t]]).probabilities[token]), 0);
        expect(sum).toBeCloseTo(expected, 10);
      }
      for (const { token, fate } of candidates) expect(fate === "finished" || fate === "dropped").toBe(token === size - 1 || i === 7);
    });
    expect(result.sequences).toHaveLength(3);
    for (const { tokens, score, sum } of result.sequences) expect(score).toBeCloseTo(sum / (tokens.length - 1), 12);
  });

  test("takes a longer text for a higher length penalty", () => {
    const size = 6;
    const table = randomTable(2, size, size, 1);
    for (const row of table) row[size - 1] += 1.5;
    const length = (penalty: number) => finishRun(beamSearch(tableModel(table), [0], { num_beams: 4, max_new_tokens: 12, eos_token_id: size - 1, length_penalty: penalty }), () => 0).result.sequences[0].tokens.length;
    expect(length(3)).toBeGreaterThan(length(-3));
  });

  test("with sampling draws candidates without replacement, by the softmax of the sums of all beams", () => {
    const random = seededRandom(17);
    const added = [Float64Array.of(Math.log(0.5), Math.log(0.1), -Infinity), Float64Array.of(Math.log(0.3), -Infinity, Math.log(0.1))];
    const sums = [0, -0.5];
    const weights = [0.5, 0.1, 0.3 * Math.exp(-0.5), 0.1 * Math.exp(-0.5)];
    const total = weights.reduce((a, b) => a + b, 0);
    const places = ["0 0", "0 1", "1 0", "1 2"];
    const draws = 8000;
    const first = [0, 0, 0, 0];
    let second = 0;
    for (let i = 0; i < draws; i++) {
      const choices = drawnChoices(6, random);
      added.forEach((row, r) => choices.offer(r, sums[r], row));
      const keys = choices.chosen().map(({ row, token }) => `${row} ${token}`);
      expect([...keys].sort()).toEqual(places);
      first[places.indexOf(keys[0])]++;
      if (keys[0] === "0 0" && keys[1] === "1 0") second++;
    }
    const chiSquare = first.reduce((sum, count, i) => sum + (count - (draws * weights[i]) / total) ** 2 / ((draws * weights[i]) / total), 0);
    expect(chiSquare).toBeLessThan(16.27); // 3 degrees of freedom, p > 0.001
    const p = weights[2] / (total - weights[0]);
    expect(Math.abs(second / first[0] - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / first[0]));
  });

  test("with sampling gives the same texts for the same seed, and different ones for others", () => {
    const run = (seed: number) => finishRun(beamSearch(toyModel(8, 15), [2], { num_beams: 3, num_return_sequences: 3, do_sample: true, top_p: 0.9, max_new_tokens: 8 }, seededRandom(seed)), () => 0).result.sequences;
    expect(run(1)).toEqual(run(1));
    expect(run(1)).not.toEqual(run(2));
  });

  test("says when no token is left", () => {
    const { result } = finishRun(beamSearch(toyModel(1, 3), [0], { num_beams: 2, suppress_tokens: [0, 1, 2], max_new_tokens: 3 }), () => 0);
    expect(result).toMatchObject({ finish: "no token", sequences: [] });
  });
});

describe("sampling", () => {
  test("draws tokens as often as the distribution says (chi-square, 10 degrees of freedom, p > 0.001)", () => {
    const size = 11;
    const table = randomTable(9, 1, size, 2);
    const model = tableModel(Array.from({ length: size }, () => table[0]));
    const draws = 20000;
    const counts = new Float64Array(size);
    let probabilities = new Float64Array(0);
    const run = generate(model, [0], { do_sample: true, temperature: 1.3, max_new_tokens: draws }, { random: seededRandom(42) });
    finishRun(run, (step: TokenStep) => {
      counts[step.token]++;
      probabilities = step.run.last.probabilities.slice();
    });
    const chiSquare = counts.reduce((sum, count, i) => sum + (count - draws * probabilities[i]) ** 2 / (draws * probabilities[i]), 0);
    expect(chiSquare).toBeLessThan(29.59);
  });

  test("the same seed gives the same text, and shows the number between the cumulative probabilities", () => {
    const model = toyModel(5, 25);
    const run = () => finishRun(generate(model, [3], { do_sample: true, top_p: 0.9, max_new_tokens: 40 }, { random: seededRandom(7) }), ({ token, uniform, below, upTo, probability }: TokenStep) => ({ token, uniform, below, upTo, probability }));
    const first = run();
    expect(run().steps).toEqual(first.steps);
    for (const { uniform, below, upTo, probability } of first.steps) {
      expect(uniform).toBeGreaterThanOrEqual(below);
      expect(uniform).toBeLessThan(upTo);
      expect(upTo - below).toBeCloseTo(probability, 12);
    }
  });

  test("picks by id, never a token of probability 0, and the last one when rounding leaves the sum short", () => {
    const distribution = distributionOf([-Infinity, 0, -Infinity, 0, -Infinity]);
    expect(pickAt(distribution, 0).token).toBe(1);
    expect(pickAt(distribution, 0.4999).token).toBe(1);
    expect(pickAt(distribution, 0.5).token).toBe(3);
    expect(pickAt(distribution, 1 - 2 ** -53).token).toBe(3);
    expect(pickAt({ ...distribution, probabilities: Float64Array.of(0, 0.25, 0, 0.5, 0) }, 0.99).token).toBe(3);
  });
});

describe("ends", () => {
  const model = toyModel(1, 5);
  const finishOf = (logits: number[], config: GenerationConfig) => finishRun(generate(tableModel(logits.map(() => Float64Array.from(logits))), [0], { do_sample: true, ...config }, { random: () => 0.5 }), () => 0).result.finish;

  test("are told apart", () => {
    expect(finishOf([1, 2], { max_new_tokens: 3 })).toBe("length");
    expect(finishOf([1, 200], { max_new_tokens: 3, eos_token_id: 1 })).toBe("eos");
    expect(finishOf([1, 2], { suppress_tokens: [0, 1] })).toBe("no token");
    expect(finishOf([NaN, 2], {})).toBe("invalid");
    expect(finishRun(generate({ ...model, contextLength: 4 }, [1, 2], {}), () => 0).result).toMatchObject({ finish: "context", promptLength: 2 });
  });

  test("the last token may stand just behind the context", () => {
    expect(roomFor({ max_new_tokens: 9 }, 3, 5)).toEqual({ count: 3, limit: "context" });
    expect(roomFor({ max_length: 4 }, 3, Infinity)).toEqual({ count: 1, limit: "length" });
    expect(roomFor({}, 3, Infinity)).toEqual({ count: 20, limit: "length" });
  });

  test("an empty prompt is refused by all", () => {
    for (const run of [generate(model, [], {}), beamSearch(model, [], {}), contrastiveSearch(model, [], {})]) expect(() => run.next()).toThrow("empty");
  });

  test("contrastive search without hidden states is refused", () => {
    expect(() => contrastiveSearch(tableModel(randomTable(1, 3, 3)), [0], {}).next()).toThrow("hidden");
  });
});

describe("contrastive search", () => {
  test("shows each candidate's similarity to every earlier token, and where it is largest", () => {
    const { steps } = finishRun(contrastiveSearch(toyModel(11, 12), [1, 2, 3], { penalty_alpha: 0.6, top_k: 4, max_new_tokens: 5 }), ({ candidates, selected, position }) => ({ candidates, selected, position }));
    for (const { candidates, selected, position } of steps) {
      expect(candidates).toHaveLength(4);
      for (const { similarities, nearest, penalty, probability, score } of candidates) {
        expect(similarities).toHaveLength(position);
        expect(penalty).toBe(Math.max(...similarities));
        expect(similarities[nearest]).toBe(penalty);
        expect(score).toBeCloseTo(0.4 * probability - 0.6 * penalty, 12);
      }
      expect(candidates[selected].score).toBe(Math.max(...candidates.map(({ score }) => score)));
    }
  });
});
