import path from "node:path";
import * as fc from "../../support/fastCheck.js";
import { describe, expect, test } from "vitest";
import { attention } from "../../../src/core/attention/explainer.js";
import { attentionParams, type AttentionParams } from "../../../src/core/attention/params.js";
import { sampleInputs, sequencePart } from "../../../src/core/attention/partSequence.js";
import { statesSequence } from "../../../src/core/attention/partSequenceStates.js";
import { sequenceStory, writtenBy } from "../../../src/core/attention/storySequence.js";
import type { GivenArrays, Subject } from "../../../src/core/attention/subject.js";
import type { AttentionTrace, SequencePart } from "../../../src/core/attention/trace.js";
import { defaultsOf, format, msg, type Env } from "../../../src/core/contract/index.js";
import { createSequenceDesk } from "../../../src/extension/worker/sequenceDesk.js";
import { finish } from "../../oracle/kmeans.js";
import { driverHere } from "../extension/support.js";
import { model, seq2seqFolder } from "../models/seq2seqFolder.js";
import { apart, numbers } from "./support.js";

type OwnStates = Extract<GivenArrays, { kind: "states" }>;
const defaults = defaultsOf(attentionParams) as AttentionParams;
const env = (): Env => ({
  random: () => 0,
  stopping: () => false,
  now: () => 0,
  sequenceModel: {
    name: "",
    *read() {
      yield { fraction: 1, message: msg("Reading") };
      return { ok: true, input: model, problems: [] };
    },
  },
});
const subject = (given?: GivenArrays) => ({ given }) as Subject;
const made = (params: Partial<AttentionParams>, given?: GivenArrays) => finish(sequencePart(subject(given), { ...defaults, ...params, tab: "sequence" }, env()));
function partOf(params: Partial<AttentionParams>): SequencePart {
  const result = made(params);
  if (!result.ok) throw new Error(result.problems.map(({ message }) => format(message)).join(" "));
  return result.part;
}
const matrix = (name: string, rows: number, columns: number, values: ArrayLike<number>) => ({ name, rows, columns, values: Float32Array.from(values) });

/** A score from what is compared, by its definition. */
function scoreOf({ size, decoder, encoder, v }: SequencePart["compared"], step: number, input: number): number {
  let sum = 0;
  for (let i = 0; i < size; i++) {
    const [d, e] = [decoder[step * size + i], encoder[input * size + i]];
    sum += v ? v[i] * Math.tanh(d + e) : d * e;
  }
  return sum;
}

/** Scores are the sums of what is compared, weights their softmax, contexts the weighted sums of the encoder's states. */
function expectConsistent({ input, attentive: run, compared }: SequencePart, tolerance: number): void {
  const [n, steps, h] = [input.length, run.output.length, run.hiddenSize];
  const scores = Float64Array.from({ length: steps * n }, (_, i) => scoreOf(compared, Math.floor(i / n), i % n));
  expect(apart(scores, run.scores)).toBeLessThan(tolerance);
  for (let s = 0; s < steps; s++) {
    const powers = Array.from({ length: n }, (_, j) => Math.exp(scores[s * n + j] - Math.max(...scores.subarray(s * n, (s + 1) * n))));
    const sum = powers.reduce((a, b) => a + b, 0);
    expect(apart(powers.map((power) => power / sum), run.weights.subarray(s * n, (s + 1) * n))).toBeLessThan(tolerance);
    for (let j = 0; j < h; j++) {
      const context = powers.reduce((all, power, i) => all + (power / sum) * run.encoder[i * h + j], 0);
      expect(Math.abs(context - run.contexts[s * h + j])).toBeLessThan(tolerance);
    }
  }
}

describe("the sample", () => {
  test.each(["dates", "reversal"] as const)("of %s is one that attention gets right and a fixed context does not", (task) => {
    const part = partOf({ sequence_task: task });
    expect(part.input.join("")).toBe(sampleInputs[task]);
    expect(part.expected).toBe(task === "dates" ? "1987-11-02" : "redoced-redocne");
    expect(writtenBy(part.attentive)).toBe(part.expected);
    expect(writtenBy(part.fixed!)).not.toBe(part.expected);
    expect(part.fixed!.weights).toHaveLength(0);
  });

  test.each(["dot", "general", "concat"] as const)("by the score %s has scores, weights and contexts that follow from one another", (score) => {
    const part = partOf({ score, sequence_text: "wednesday, march 3, 2021" });
    expect(part.score).toBe(score);
    expect(part.compared.v === null).toBe(score !== "concat");
    expectConsistent(part, 2e-6);
  });

  test("keeps one fixed context for all steps: the encoder's last state", () => {
    const { fixed, input } = partOf({});
    const h = fixed!.hiddenSize;
    const last = fixed!.encoder.subarray((input.length - 1) * h);
    for (let s = 0; s < fixed!.output.length; s++) expect(fixed!.contexts.subarray(s * h, (s + 1) * h)).toEqual(last);
  });

  test("shares out the counts of right answers", () => {
    const part = partOf({ sequence_task: "reversal", score: "concat" });
    expect(part.trainedLength).toBe(16);
    // config.json: of 500 words each.
    expect(part.accuracy.find(({ length }) => length === 17)).toEqual({ length: 17, attentive: 486 / 500, fixed: 31 / 500 });
    expect(part.accuracy.find(({ length }) => length === 11)).toEqual({ length: 11, attentive: 1, fixed: 394 / 500 });
  });

  test("that can't be read names the characters, and offers the sample's input", () => {
    const result = made({ sequence_text: "3 März 2021" });
    if (result.ok) throw new Error("read");
    expect(format(result.problems[0].message)).toContain("“ä”");
    expect(result.problems[0].fixes).toMatchObject([{ params: { sequence_text: "" } }]);
  });

  test("is told of in a headline", () => {
    const told = (params: Partial<AttentionParams>) => format(sequenceStory({ sequence: partOf(params) } as AttentionTrace).title);
    expect(told({})).toBe("Attention gets “2 november 1987” right; one fixed context makes 1987-11-20 of it");
    expect(told({ sequence_text: "march 3, 2021" })).toBe("Both get “march 3, 2021” right: 2021-03-03");
    expect(told({ sequence_text: "2021-13-45" })).toMatch(/^“2021-13-45” becomes /);
  });
});

const own = (over: Partial<OwnStates> = {}): OwnStates => ({
  kind: "states", encoder: matrix("encoder", 3, 2, [1, 0, 0, 1, 1, 1]), decoder: matrix("decoder", 2, 2, [2, 0, 0, 3]), general: undefined, concat: undefined, ...over,
});

describe("states of one's own", () => {
  test("are compared by their inner product: small numbers by hand", () => {
    const result = statesSequence(own(), "dot");
    if (!result.ok) throw new Error("refused");
    const { attentive, input, fixed, task } = result.part;
    expect(Array.from(attentive.scores)).toEqual([2, 0, 2, 0, 3, 3]);
    // softmax(2, 0, 2): e² / (2e² + 1).
    const high = Math.exp(2) / (2 * Math.exp(2) + 1);
    expect(apart(attentive.weights.subarray(0, 3), [high, 1 - 2 * high, high])).toBeLessThan(1e-12);
    expect(apart(attentive.contexts.subarray(0, 2), [2 * high, 1 - high])).toBeLessThan(1e-7);
    expect([input, attentive.output, fixed, task]).toEqual([["1", "2", "3"], ["1", "2"], null, "own"]);
    expect(attentive.probability.every(Number.isNaN)).toBe(true);
  });

  test("take another score where the asked one lacks its matrices, and say so", () => {
    const result = statesSequence(own(), "general");
    if (!result.ok) throw new Error("refused");
    expect(result.part.score).toBe("dot");
    expect(result.notes!.map(({ message }) => format(message))).toEqual(["The score “general” needs a matrix W between the states, which is not selected; “dot” is shown."]);
    const unequal = own({ decoder: matrix("decoder", 1, 3, [1, 2, 3]) });
    const refused = statesSequence(unequal, "dot");
    expect(refused.ok).toBe(false);
  });

  test("of any size follow from one another, by each score", () => {
    const sizes = fc.record({ steps: fc.integer({ min: 1, max: 4 }), inputs: fc.integer({ min: 1, max: 5 }), g: fc.integer({ min: 1, max: 4 }), h: fc.integer({ min: 1, max: 4 }), a: fc.integer({ min: 1, max: 3 }) });
    const cases = sizes.chain(({ steps, inputs, g, h, a }) =>
      fc.tuple(numbers(steps * g), numbers(inputs * h), numbers(g * h), numbers(a * g), numbers(a * h), numbers(a), numbers(a)).map(([decoder, encoder, w, query, key, v, bias]) =>
        own({
          encoder: matrix("encoder", inputs, h, encoder), decoder: matrix("decoder", steps, g, decoder), general: matrix("W", g, h, w),
          concat: { decoder: matrix("W_query", a, g, query), encoder: matrix("W_key", a, h, key), v: Float32Array.from(v), bias: Float32Array.from(bias) },
        })));
    fc.assert(fc.property(cases, fc.constantFrom("general" as const, "concat" as const), (given, score) => {
      const result = statesSequence(given, score);
      if (!result.ok) throw new Error("refused");
      expect(result.part.score).toBe(score);
      expectConsistent(result.part, 1e-5);
    }));
  });

  test("are asked for where there are none", () => {
    const result = made({ source: "given" });
    expect(result.ok ? [] : result.problems[0].fixes).toMatchObject([{ params: { source: "model" } }]);
  });
});

describe("the worker", () => {
  test("reads the networks once, in steps", () => {
    const desk = createSequenceDesk(seq2seqFolder);
    let steps = 0;
    const reading = desk.read();
    while (!reading.next().done) steps++;
    expect(steps).toBeGreaterThan(5);
    const again = desk.read().next();
    expect(again.done && again.value.ok).toBe(true);
  });

  test("says when they did not come along", () => {
    const parsed = finish(createSequenceDesk(path.join(seq2seqFolder, "nowhere")).read());
    expect(parsed.ok ? "" : format(parsed.problems[0].message)).toContain("tiny-seq2seq is not there any more");
  });

  test("hands them to a run", async () => {
    const { receive, ending } = driverHere([attention as never], { sequenceFolder: seq2seqFolder });
    receive({ type: "run", run: 1, explainer: "attention", source: { kind: "text", uri: "file:///a.txt", name: "a.txt", languageId: "plaintext", text: "Hello there.", ranges: [] }, params: { ...defaults, tab: "sequence" } });
    const end = await ending(1);
    expect(end.type === "trace" && (end.trace as AttentionTrace).sequence?.expected).toBe("1987-11-02");
  });
});
