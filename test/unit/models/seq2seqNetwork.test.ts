import { readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test, describe } from "vitest";
import type { Gru } from "../../../src/core/models/seq2seqGru.js";
import { decode, encode, stepScores, type ContextKind, type DecoderStep, type Seq2seqNetwork } from "../../../src/core/models/seq2seqNetwork.js";
import { finish } from "../../oracle/kmeans.js";

type Matrix = readonly (readonly number[])[];
type Layer = { readonly weight_ih_l0: Matrix; readonly weight_hh_l0: Matrix; readonly bias_ih_l0: readonly number[]; readonly bias_hh_l0: readonly number[] };
type Case = {
  readonly case: string;
  readonly input: {
    readonly attention: ContextKind; readonly source_ids: readonly number[]; readonly decoder_input_ids: readonly number[];
    readonly parameters: { readonly E_src: Matrix; readonly E_tgt: Matrix; readonly W_a: Matrix; readonly W_c: Matrix; readonly W_out: Matrix; readonly b_out: readonly number[] };
    readonly encoder: Layer; readonly decoder: Layer;
  };
  readonly expected: {
    readonly encoder_outputs: Matrix;
    readonly steps: readonly { readonly hidden: number[]; readonly scores: number[]; readonly attention: number[]; readonly context: number[]; readonly attentional: number[]; readonly logits: number[]; readonly probs: number[] }[];
  };
};

const file = path.join(path.dirname(fileURLToPath(import.meta.url)), "../../fixtures/seq2seq/luong.json");
const cases = JSON.parse(readFileSync(file, "utf8")) as readonly Case[];

const flat = (matrix: Matrix) => Float32Array.from(matrix.flat());

function gruOf(layer: Layer, hiddenSize: number): Gru {
  return {
    inputSize: layer.weight_ih_l0[0].length,
    hiddenSize,
    input: flat(layer.weight_ih_l0),
    hidden: flat(layer.weight_hh_l0),
    inputBias: Float32Array.from(layer.bias_ih_l0),
    hiddenBias: Float32Array.from(layer.bias_hh_l0),
  };
}

function networkOf({ attention, parameters: p, encoder, decoder }: Case["input"]): Seq2seqNetwork {
  const hiddenSize = p.W_c.length;
  return {
    context: attention,
    hiddenSize,
    vocabularySize: p.E_tgt.length,
    sourceEmbedding: flat(p.E_src),
    targetEmbedding: flat(p.E_tgt),
    encoder: gruOf(encoder, hiddenSize),
    decoder: gruOf(decoder, hiddenSize),
    score: attention === "general" ? flat(p.W_a) : new Float32Array(0),
    scoreVector: new Float32Array(0),
    combine: flat(p.W_c),
    output: flat(p.W_out),
    outputBias: Float32Array.from(p.b_out),
  };
}

/** Weights are binary32 here and double in the fixture, whose numbers have four decimals: sums agree to some 1e-7. */
function close(values: Float64Array, expected: readonly number[]): void {
  expect(values).toHaveLength(expected.length);
  values.forEach((value, i) => expect(Math.abs(value - expected[i])).toBeLessThan(2e-6));
}

describe.each(cases)("$case", ({ input, expected }) => {
  const network = networkOf(input);
  const forced = (most: number): DecoderStep[] => finish(decode(network, encode(network, input.source_ids), (_, step) => input.decoder_input_ids[step + 1] ?? 1, most));

  test("has the stages of PyTorch's GRU and Luong's decoder", () => {
    close(encode(network, input.source_ids), expected.encoder_outputs.flat());
    const steps = forced(expected.steps.length);
    expect(steps).toHaveLength(expected.steps.length);
    steps.forEach((step, i) => {
      const of = expected.steps[i];
      close(step.state, of.hidden);
      close(step.scores, of.scores);
      close(step.weights, of.attention);
      close(step.context, of.context);
      close(step.attentional, of.attentional);
      close(step.logits, of.logits);
      close(step.probabilities, of.probs);
    });
  });

  test("stops at the most steps", () => {
    expect(forced(2)).toHaveLength(2);
  });

  test("has no scores with a fixed context, whose steps all see the last state", () => {
    const fixed = { ...network, context: "fixed" as const };
    const encoded = encode(fixed, input.source_ids);
    const last = encoded.slice(-fixed.hiddenSize);
    const steps = finish(decode(fixed, encoded, () => 2, 3));
    for (const step of steps) expect(step).toMatchObject({ context: last, scores: new Float64Array(0), weights: new Float64Array(0) });
    const states = { decoder: last, steps: 1, decoderSize: last.length, encoder: encoded, inputs: input.source_ids.length, encoderSize: last.length };
    expect(() => stepScores(fixed, states)).toThrow(RangeError);
  });
});
